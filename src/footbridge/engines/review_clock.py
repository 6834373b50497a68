"""When a plan is gone over again: after so many days, or after so many hours of treatment, whichever comes first.

No Django, no clock. The rules stand in data/review_clocks.yaml (Illinois: 30 days or 27 hours; CTS.03.01.09).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """`every_hours` None: days alone decide. `states` empty: for every site that no other rule names."""

    code: str
    name: str
    every_days: int
    every_hours: int | None
    states: frozenset[str]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class DueReview:
    """The day a review is due. `by_hours`: the hours were used up before the days. `minutes` attended since the start."""

    on: date
    by_hours: bool
    minutes: int


def rules(content: Mapping[str, Any]) -> tuple[ReviewRule, ...]:
    """The rules of data/review_clocks.yaml. KeyError where a field is missing."""
    return tuple(
        ReviewRule(
            raw["code"], raw["name"], raw["every_days"], raw.get("every_hours"), frozenset(raw["states"]),
            raw["source"], raw["mark"],
        )
        for raw in content["rules"]
    )  # fmt: skip


def rule_for(found: Iterable[ReviewRule], state: str) -> ReviewRule:
    """The rule of the state a site stands in, or else the one that names no state. ValueError without either."""
    every = list(found)
    chosen = [rule for rule in every if state and state in rule.states] or [rule for rule in every if not rule.states]
    if not chosen:
        raise ValueError("no review rule without a state")
    return chosen[0]


def due(start: date, every_days: int, every_hours: int | None, attended: Iterable[tuple[date, int]]) -> DueReview:
    """When the review is due that began to be counted on `start` (the day of the signature or of the last review).

    `attended` are (day, minutes of treatment). What was attended on the first day itself counts only after it: the day
    is not split. The day on which the hours are full is the day it is due, never later than `every_days` allow.
    """
    by_days = start + timedelta(days=every_days)
    counted, full_on = 0, None
    for day, minutes in sorted(attended):
        if day <= start or minutes <= 0:
            continue
        counted += minutes
        if every_hours is not None and full_on is None and counted >= every_hours * 60:
            full_on = day
    if full_on is not None and full_on < by_days:
        return DueReview(full_on, True, counted)
    return DueReview(by_days, False, counted)
