"""What a course of care may cost a person: plain arithmetic, every step kept so that the page can show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """One end of the range, in cents: the bill, what the deductible takes, your share of the rest, and what you pay."""

    bill: int
    deductible: int
    rest: int
    share: int
    capped: bool
    you_pay: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`visits` days or sessions; `low` and `high` are the ends of the range."""

    visits: int
    low: Share
    high: Share


def estimate(
    *,
    weeks: int,
    days_a_week: int,
    price_low: int,
    price_high: int,
    percent: int,
    deductible_left: int,
    most: int | None,
) -> Estimate:
    """Prices, `deductible_left` and `most` (what you can pay at most this year; None: not known) are whole dollars.

    You pay the deductible first, then `percent` of the rest, never more than `most`.
    """
    visits = weeks * days_a_week
    return Estimate(
        visits,
        *(_share(visits * price * 100, percent, deductible_left * 100, most) for price in (price_low, price_high)),
    )


def _share(bill: int, percent: int, deductible_left: int, most: int | None) -> Share:
    deductible = min(bill, deductible_left)
    rest = bill - deductible
    share = (rest * percent + 50) // 100
    wanted = deductible + share
    capped = most is not None and wanted > most * 100
    return Share(bill, deductible, rest, share, capped, most * 100 if capped and most is not None else wanted)


def dollars(cents: int) -> str:
    """Cents as people write them: $1,250, or $1,250.40 when cents are left."""
    whole, rest = divmod(cents, 100)
    return f"${whole:,}.{rest:02d}" if rest else f"${whole:,}"
