"""Whether a physician's certification holds on a day, until when, and on which days none held.

No Django, no clock. The rule stands in data/certification.yaml (Medicare IOP: 42 CFR 424.24(d)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class State(StrEnum):
    MISSING = "missing"
    HOLDS = "holds"
    DUE = "due"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class CertificationRule:
    """`signers` are credentials in capitals. Days count from the day of the certification before."""

    code: str
    name: str
    payer: str
    least_hours: int
    most_days: int
    warn_days: int
    signers: frozenset[str]
    sources: tuple[str, ...]
    mark: str
    effective_from: date


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of care on which no certification held, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is the last day the newest certification holds; None when there is none. `since`: in this state since."""

    state: State
    since: date
    until: date | None
    gaps: tuple[Gap, ...]


def rules(content: Mapping[str, Any]) -> tuple[CertificationRule, ...]:
    """The rules of data/certification.yaml. KeyError where a field is missing."""
    return tuple(
        CertificationRule(
            raw["code"], raw["name"], raw["payer"], raw["least_hours"], raw["most_days"], raw["warn_days"],
            frozenset(raw["signers"]), tuple(raw[key] for key in sorted(raw) if key.endswith("_source")), raw["mark"],
            date.fromisoformat(str(raw["effective_from"])),
        )
        for raw in content["rules"]
    )  # fmt: skip


def standing(rule: CertificationRule, admitted_on: date, certified_on: Iterable[date], today: date) -> Standing:
    """How it stands `today` for somebody in care since `admitted_on`.

    A certification holds on its day and `most_days` after it. One given before the admission counts from its own day.
    """
    days = sorted(day for day in certified_on if day <= today)
    gaps: list[Gap] = []
    covered_until = admitted_on - timedelta(days=1)
    for day in days:
        if day > covered_until + timedelta(days=1):
            gaps.append(Gap(covered_until + timedelta(days=1), day - timedelta(days=1)))
        covered_until = max(covered_until, day + timedelta(days=rule.most_days))
    if not days:
        open_gap = (Gap(admitted_on, today),) if admitted_on <= today else ()
        return Standing(State.MISSING, admitted_on, None, open_gap)
    last = days[-1]
    until = last + timedelta(days=rule.most_days)
    if today > until:
        gaps.append(Gap(max(until + timedelta(days=1), admitted_on), today))
        return Standing(State.LAPSED, until + timedelta(days=1), until, tuple(gaps))
    warn = last + timedelta(days=rule.warn_days)
    if today >= warn:
        return Standing(State.DUE, warn, until, tuple(gaps))
    return Standing(State.HOLDS, last, until, tuple(gaps))
