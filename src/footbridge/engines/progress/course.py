"""Is the course on track? What is expected comes, in this order, from the program's own growth model, from a published
curve, from fixed rules. Where a week has none of the first two, the fixed rules judge it.

With a model or a curve:
- outside the band around what is expected, on the worse side: red, at once;
- outside the inner band in two readings in a row: yellow, review.

With fixed rules (an expert rule, marked K):
- week 3 or later and less than 20 % better than the first score, in two readings in a row: yellow, review.

Whatever is expected:
- worse than the first score by more than chance, at any time: red, at once;
- at or above severe and no improvement beyond chance by the middle of the stay: red, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from footbridge.engines.progress.change import Direction, change
from footbridge.engines.progress.growth import Band, Expectation, weeks_since
from footbridge.engines.scoring.definition import ChangeRule, Points
from footbridge.engines.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """One scored measure of a day. Unscorable forms are not readings."""

    on: date
    value: Points


@dataclass(frozen=True, slots=True)
class CourseRules:
    """Thresholds a program may set; data/course.yaml has them with their source and date.

    `apart_days`: two readings closer than this count as one for the yellow rule, because a two-week look-back overlaps;
    `quiet_below_remission`: someone who is well is not off track for not getting better.
    """

    from_week: int = 3
    expected_percent: Points = Decimal(20)
    in_a_row: int = 2
    apart_days: int = 5
    baseline_before_days: int = 7
    baseline_after_days: int = 3
    quiet_below_remission: bool = True
    middle_of_stay_percent: int = 50
    band_percent: float = 80
    watch_percent: float = 68
    band_from_week: int = 1
    source: str = "Expert rule: fixed thresholds until the program has its own model"
    mark: str = "K"
    effective_from: date | None = None


class Color(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Course:
    """`reasons` is why, gravest first; `watch` is a single reading that would become yellow with one more.

    `judged_by` says what the latest reading was held against: model, curve or fixed; `band` is what was expected of it
    (None for fixed), `episodes` how many people that rests on.
    """

    color: Color
    baseline: Reading
    latest: Reading
    week: int
    reasons: tuple[Sentence, ...]
    watch: Sentence | None = None
    judged_by: str = "fixed"
    band: Band | None = None
    episodes: int = 0


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
    expected: Sequence[Expectation] = (),
) -> Course | NoCourse:
    """The color today and its reasons. `stay_days` is the expected stay; without it the mid-stay rule is silent.
    `expected` are models and curves in the order they are asked.

    Weeks are whole weeks since the start: day 21 is week 3.
    """
    rules = rules or CourseRules()
    first = baseline(readings, started_on, rules)
    if first is None:
        span = {"before": rules.baseline_before_days, "after": rules.baseline_after_days}
        return NoCourse(Sentence("course.no_baseline", span))
    later = sorted((r for r in readings if r.on > first.on), key=lambda r: r.on)
    latest = later[-1] if later else first
    judge = _Judge(first, rule, started_on, rules, expected)

    reasons: list[Sentence] = []
    moved = change(first.value, latest.value, rule)
    if moved.direction is Direction.WORSE:
        worse = {"points": abs(moved.points), "baseline": first.value, "threshold": rule.reliable}
        reasons.append(Sentence("course.worse", worse))
    if stay_days is not None and _still_severe(latest, moved.direction, rule, started_on, stay_days, rules):
        reasons.append(Sentence("course.still_severe", {"latest": latest.value}))
    if later and judge.is_outside(latest):
        reasons.append(judge.said(latest, "outside"))
    red = bool(reasons)

    slow = _slow_in_a_row(later, judge, rules)
    watch: Sentence | None = None
    if slow >= rules.in_a_row:
        if not (later and judge.is_outside(latest)):  # said already, and more gravely
            reasons.append(judge.said(latest, "slow", slow))
    elif slow:
        watch = judge.said(latest, "watch", slow)

    if reasons:
        color = Color.RED if red else Color.YELLOW
    else:
        color = Color.GREEN
        reasons.append(Sentence("course.on_track", {"latest": latest.value, "baseline": first.value}))
    found = judge.expectation(latest, rules.band_percent) if later else None
    by, band = found if found else (None, None)
    return Course(
        color,
        first,
        latest,
        judge.week(latest),
        tuple(reasons),
        watch,
        judged_by=by.kind if by else "fixed",
        band=band,
        episodes=by.episodes if by else 0,
    )


class _Judge:
    """Holds one reading against what is expected of it."""

    def __init__(
        self, first: Reading, rule: ChangeRule, started_on: date, rules: CourseRules, expected: Sequence[Expectation]
    ) -> None:
        self.first, self.rule, self.started_on, self.rules, self.expected = first, rule, started_on, rules, expected

    def week(self, reading: Reading) -> int:
        return max(0, (reading.on - self.started_on).days // 7)

    def expectation(self, reading: Reading, percent: float) -> tuple[Expectation, Band] | None:
        """The first of the expectations that knows this week."""
        if self.week(reading) < self.rules.band_from_week:
            return None
        weeks = weeks_since((reading.on - self.started_on).days)
        for one in self.expected:
            band = one.band(float(self.first.value), weeks, percent)
            if band is not None:
                return one, band
        return None

    def is_well(self, reading: Reading) -> bool:
        mark = self.rule.remission_below
        if not self.rules.quiet_below_remission or mark is None:
            return False
        return reading.value < mark if self.rule.lower_is_better else reading.value > mark

    def is_outside(self, reading: Reading) -> bool:
        """Outside the outer band, on the worse side."""
        found = self.expectation(reading, self.rules.band_percent)
        return bool(found) and not self.is_well(reading) and self._is_worse(reading, found)

    def is_slow(self, reading: Reading) -> bool:
        """Outside the inner band; without an expectation, too little change from the set week on."""
        if self.is_well(reading):
            return False
        found = self.expectation(reading, self.rules.watch_percent)
        if found is not None:
            return self._is_worse(reading, found)
        if self.week(reading) < self.rules.from_week:
            return False
        better = _better(self.first, reading, self.rule)
        if self.first.value <= 0:
            return better <= 0
        return better * 100 < self.first.value * self.rules.expected_percent

    def _is_worse(self, reading: Reading, found: tuple[Expectation, Band] | None) -> bool:
        return found is not None and found[1].is_worse(float(reading.value), self.rule.lower_is_better)

    def said(self, reading: Reading, what: str, count: int = 1) -> Sentence:
        """One sentence why: `what` is outside, slow or watch."""
        percent = self.rules.band_percent if what == "outside" else self.rules.watch_percent
        found = self.expectation(reading, percent)
        if found is None:
            params: dict[str, object] = {
                "week": self.week(reading),
                "percent": _percent(self.first, reading, self.rule),
                "baseline": self.first.value,
                "expected": self.rules.expected_percent,
                "count": count,
            }
            return Sentence("course.watch" if what == "watch" else "course.little_change", params)
        by, band = found
        params = {
            "week": self.week(reading),
            "latest": reading.value,
            "baseline": self.first.value,
            "percent": band.percent,
            "low": round(band.low, 1),
            "high": round(band.high, 1),
            "n": by.episodes,
            "count": count,
            "source": by.source,
        }
        return Sentence(f"course.{what}_{by.kind}", params)


def _slow_in_a_row(later: Sequence[Reading], judge: _Judge, rules: CourseRules) -> int:
    """How many counted readings at the end of the line were slow."""
    counted: list[Reading] = []
    for reading in reversed(later):  # the newest reading always counts; older ones only when far enough apart
        if not counted or (counted[-1].on - reading.on).days >= rules.apart_days:
            counted.append(reading)
    run = 0
    for reading in counted:
        if not judge.is_slow(reading):
            break
        run += 1
    return run


def _still_severe(
    latest: Reading, direction: Direction, rule: ChangeRule, started_on: date, stay_days: int, rules: CourseRules
) -> bool:
    if rule.severe_from is None or (latest.on - started_on).days * 100 < stay_days * rules.middle_of_stay_percent:
        return False
    severe = latest.value >= rule.severe_from if rule.lower_is_better else latest.value <= rule.severe_from
    return severe and direction is not Direction.IMPROVED


def _better(first: Reading, reading: Reading, rule: ChangeRule) -> Points:
    return first.value - reading.value if rule.lower_is_better else reading.value - first.value


def _percent(first: Reading, latest: Reading, rule: ChangeRule) -> int:
    return 0 if first.value <= 0 else round(_better(first, latest, rule) * 100 / first.value)
