"""Is the course on track? Fixed rules first (an expert rule, marked K): the program's own model comes later and only
with enough episodes.

- week 3 or later and less than 20 % better than the first score, in two readings in a row: yellow, review;
- worse by more than chance at any time: red, at once;
- at or above severe, no improvement beyond chance by the middle of the stay: red, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from footbridge.engines.progress.change import Direction, change
from footbridge.engines.scoring.definition import ChangeRule, Points
from footbridge.engines.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """One scored measure of a day. Unscorable forms are not readings."""

    on: date
    value: Points


@dataclass(frozen=True, slots=True)
class CourseRules:
    """Thresholds a program may set. `apart_days`: two readings closer than this count as one for the yellow rule,
    because a two-week look-back overlaps; `quiet_below_remission`: someone who is well is not off track for not
    getting better.
    """

    from_week: int = 3
    expected_percent: Points = Decimal(20)
    in_a_row: int = 2
    apart_days: int = 5
    baseline_before_days: int = 7
    baseline_after_days: int = 3
    quiet_below_remission: bool = True
    source: str = "Expert rule [K]: fixed thresholds until the program has its own model"


class Color(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Course:
    """`reasons` is why, gravest first; `watch` is a single reading that would become yellow with one more."""

    color: Color
    baseline: Reading
    latest: Reading
    week: int
    reasons: tuple[Sentence, ...]
    watch: Sentence | None = None


@dataclass(frozen=True, slots=True)
class NoCourse:
    reason: Sentence


def baseline(readings: Sequence[Reading], started_on: date, rules: CourseRules | None = None) -> Reading | None:
    """The first score from seven days before to three days after the start."""
    rules = rules or CourseRules()
    first_day = started_on - timedelta(days=rules.baseline_before_days)
    last_day = started_on + timedelta(days=rules.baseline_after_days)
    return min((r for r in readings if first_day <= r.on <= last_day), key=lambda r: r.on, default=None)


def course(
    readings: Sequence[Reading],
    rule: ChangeRule,
    started_on: date,
    *,
    stay_days: int | None = None,
    rules: CourseRules | None = None,
) -> Course | NoCourse:
    """The color today and its reasons. `stay_days` is the expected stay; without it the mid-stay rule is silent.

    Weeks are whole weeks since the start: day 21 is week 3.
    """
    rules = rules or CourseRules()
    first = baseline(readings, started_on, rules)
    if first is None:
        span = {"before": rules.baseline_before_days, "after": rules.baseline_after_days}
        return NoCourse(Sentence("course.no_baseline", span))
    later = sorted((r for r in readings if r.on > first.on), key=lambda r: r.on)
    latest = later[-1] if later else first
    week = max(0, (latest.on - started_on).days // 7)

    reasons: list[Sentence] = []
    moved = change(first.value, latest.value, rule)
    if moved.direction is Direction.WORSE:
        worse = {"points": abs(moved.points), "baseline": first.value, "threshold": rule.reliable}
        reasons.append(Sentence("course.worse", worse))
    if stay_days is not None and _still_severe(latest, moved.direction, rule, started_on, stay_days):
        reasons.append(Sentence("course.still_severe", {"latest": latest.value}))
    red = bool(reasons)

    slow = _slow_in_a_row(first, later, rule, started_on, rules)
    watch: Sentence | None = None
    if slow:
        params: dict[str, object] = {
            "week": week,
            "percent": _percent(first, latest, rule),
            "baseline": first.value,
            "expected": rules.expected_percent,
            "count": slow,
        }
        if slow >= rules.in_a_row:
            reasons.append(Sentence("course.little_change", params))
        else:
            watch = Sentence("course.watch", params)

    if not reasons:
        on_track = Sentence("course.on_track", {"latest": latest.value, "baseline": first.value})
        return Course(Color.GREEN, first, latest, week, (on_track,), watch)
    return Course(Color.RED if red else Color.YELLOW, first, latest, week, tuple(reasons), watch)


def _slow_in_a_row(
    first: Reading, later: Sequence[Reading], rule: ChangeRule, started_on: date, rules: CourseRules
) -> int:
    """How many counted readings at the end of the line were slow, from the set week on."""
    counted: list[Reading] = []
    for reading in reversed(later):  # the newest reading always counts; older ones only when far enough apart
        if not counted or (counted[-1].on - reading.on).days >= rules.apart_days:
            counted.append(reading)
    run = 0
    for reading in counted:
        if (reading.on - started_on).days // 7 < rules.from_week or not _is_slow(first, reading, rule, rules):
            break
        run += 1
    return run


def _is_slow(first: Reading, reading: Reading, rule: ChangeRule, rules: CourseRules) -> bool:
    if rules.quiet_below_remission and rule.remission_below is not None:
        well = reading.value < rule.remission_below if rule.lower_is_better else reading.value > rule.remission_below
        if well:
            return False
    better = first.value - reading.value if rule.lower_is_better else reading.value - first.value
    return better * 100 < first.value * rules.expected_percent if first.value > 0 else better <= 0


def _still_severe(latest: Reading, direction: Direction, rule: ChangeRule, started_on: date, stay_days: int) -> bool:
    if rule.severe_from is None or (latest.on - started_on).days * 2 < stay_days:
        return False
    severe = latest.value >= rule.severe_from if rule.lower_is_better else latest.value <= rule.severe_from
    return severe and direction is not Direction.IMPROVED


def _percent(first: Reading, latest: Reading, rule: ChangeRule) -> int:
    if first.value <= 0:
        return 0
    better = first.value - latest.value if rule.lower_is_better else latest.value - first.value
    return round(better * 100 / first.value)
