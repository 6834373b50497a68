"""How good were the alerts? Judged at the end, when it is known who got better and who did not.

A course is off track when it ended without an improvement beyond chance (Jacobson & Truax, threshold of the measure).
It counts as alerted when an alert was raised before its last score: an alert raised by the last score itself came too
late to help and predicted nothing. So every finished course is one of four: found, missed, false alarm, rightly quiet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from footbridge.engines.outcomes.rates import Rate, rate
from footbridge.engines.progress.change import Direction, change
from footbridge.engines.scoring.definition import ChangeRule, Points


@dataclass(frozen=True, slots=True)
class FinishedCourse:
    """One measure of one person from the first score to the last, once treatment has ended. `alerted_on`: the first
    alert, None when there was none; `last_on` is the day of the last score."""

    ended_on: date
    first: Points
    last: Points
    last_on: date
    alerted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Precision:
    """The four cells. `month` is the first day of the month in which treatment ended; None for all together."""

    month: date | None
    found: int = 0
    missed: int = 0
    false_alarms: int = 0
    quiet: int = 0

    @property
    def finished(self) -> int:
        return self.found + self.missed + self.false_alarms + self.quiet

    @property
    def off_track_found(self) -> Rate:
        """Of those who did not get reliably better: how many were seen in time."""
        return rate(self.found, self.found + self.missed)

    @property
    def rightly_quiet(self) -> Rate:
        """Of those who got reliably better: how many were left in peace."""
        return rate(self.quiet, self.quiet + self.false_alarms)

    @property
    def right_alerts(self) -> Rate:
        """Of the alerted: how many did in fact not get reliably better."""
        return rate(self.found, self.found + self.false_alarms)


def precision(courses: Iterable[tuple[FinishedCourse, ChangeRule]]) -> tuple[Precision, list[Precision]]:
    """All together, and month by month (oldest first; only months in which somebody ended).

    A person who was alerted and then got better counts as a false alarm although the alert may have been what helped:
    the two cannot be told apart without a control group, so "false" is an upper bound.
    """
    cells: dict[date, list[int]] = {}
    for course, rule in courses:
        better = change(course.first, course.last, rule).direction is Direction.IMPROVED
        alerted = course.alerted_on is not None and course.alerted_on < course.last_on
        month = course.ended_on.replace(day=1)
        cells.setdefault(month, [0, 0, 0, 0])[_cell(alerted, better)] += 1
    months = [Precision(month, *cells[month]) for month in sorted(cells)]
    everything = (
        Precision(None, *(sum(column) for column in zip(*cells.values(), strict=True))) if cells else Precision(None)
    )
    return everything, months


def _cell(alerted: bool, better: bool) -> int:
    if alerted:
        return 2 if better else 0
    return 3 if better else 1
