"""How likely two records are of one person: a score from 0 to 100 with its reasons. A person compares and decides.

The weights are an expert rule of this project, not a published one. What is blank on one side speaks neither for nor against.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

NAME_ALIKE = 85  # rapidfuzz token_sort_ratio, 0-100
SHOWN_FROM = 40
STRONG_FROM = 70


@dataclass(frozen=True, slots=True)
class Facts:
    """Who a record is about. `names` are every name they go by; phones in one way of writing (E.164), emails in small letters."""

    names: tuple[str, ...]
    born_on: date | None = None
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` 0-100; `reasons` are codes: same_name, alike_name, same_birth_date, near_birth_date, other_birth_date, same_phone, same_email.
    `name_score` is how alike the names are, 0-100."""

    score: int
    reasons: tuple[str, ...]
    name_score: int

    @property
    def worth_showing(self) -> bool:
        return self.score >= SHOWN_FROM


def likeness(one: Facts, other: Facts) -> Likeness:
    """Compare two records. Symmetric. A birth date alone, or a shared phone alone, is not worth showing."""
    score, reasons = 0, []
    alike = max((_alike(a, b) for a in one.names for b in other.names), default=0)
    if alike == 100:
        score, reasons = 45, ["same_name"]
    elif alike >= NAME_ALIKE:
        score, reasons = 40, ["alike_name"]
    if one.born_on and other.born_on:
        if one.born_on == other.born_on:
            score, reasons = score + 35, [*reasons, "same_birth_date"]
        elif _near(one.born_on, other.born_on):
            score, reasons = score + 20, [*reasons, "near_birth_date"]
        else:
            score, reasons = score - 40, [*reasons, "other_birth_date"]
    if one.phone and one.phone == other.phone:
        score, reasons = score + 30, [*reasons, "same_phone"]
    if one.email and one.email.casefold() == other.email.casefold():
        score, reasons = score + 30, [*reasons, "same_email"]
    return Likeness(max(0, min(100, score)), tuple(reasons), alike)


def names(legal: str, used: str) -> tuple[str, ...]:
    """The full names somebody may give: the legal one, and the name used before the last name. A first name alone is no match."""
    legal, used = legal.strip(), used.strip()
    if not legal:
        return (used,) if used else ()
    with_last = used if " " in used else f"{used} {legal.split()[-1]}"
    return (legal,) if not used or with_last.casefold() == legal.casefold() else (legal, with_last)


def _alike(a: str, b: str) -> int:
    """Word order and small letters aside. Rounded down: 100 means the same."""
    return int(fuzz.token_sort_ratio(a.casefold().strip(), b.casefold().strip())) if a.strip() and b.strip() else 0


def _near(a: date, b: date) -> bool:
    """A slip of the pen: one digit another, or day and month changed round."""
    digits = sum(x != y for x, y in zip(a.isoformat(), b.isoformat(), strict=True))
    return digits == 1 or (a.year == b.year and a.day == b.month and a.month == b.day)
