"""What is expected of a person who started with this score, in this week, and how far people scatter around it.

Two ways to know: the program's own growth model, and a weekly curve that somebody published. Both give a band; neither
is a norm. Numbers come from stored rows or data files; nothing here fits anything (see fitting.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist
from typing import Protocol

from footbridge.engines.outcomes.rates import t_quantile

Square = tuple[tuple[float, ...], ...]

LEAST_WEEK = 1.0  # ln(week) begins at 0: the first seven days count as week 1


@dataclass(frozen=True, slots=True)
class Band:
    """`center` is expected; `percent` of people lie between `low` and `high`. In points, not cut at the ends of the
    scale."""

    center: float
    low: float
    high: float
    percent: float

    def is_worse(self, value: float, lower_is_better: bool) -> bool:
        """The value lies outside, on the side nobody wishes for. The edge itself lies inside."""
        return value > self.high if lower_is_better else value < self.low


class Expectation(Protocol):
    """Something that can say what is expected. `kind` is "model" or "curve"; `episodes` how many people it rests on."""

    @property
    def kind(self) -> str: ...
    @property
    def episodes(self) -> int: ...
    @property
    def source(self) -> str: ...
    def band(self, baseline: float, weeks: float, percent: float) -> Band | None: ...


def weeks_since(days: int) -> float:
    """Weeks since the start as the model counts them: days / 7, at least 1."""
    return max(LEAST_WEEK, days / 7)


@dataclass(frozen=True, slots=True)
class GrowthModel:
    """`score ~ intercept + first score + ln(week)`, with a random intercept and a random slope of ln(week) for each
    person.

    `covariance` (3 x 3) is that of the fixed effects in the order intercept, first score, ln(week); `random` (2 x 2) that
    of the random intercept and slope; `residual` the variance of one reading around its person's line.
    """

    intercept: float
    per_baseline: float
    per_ln_week: float
    covariance: Square
    random: Square
    residual: float
    episodes: int
    readings: int
    source: str = "The program's own growth model"

    @property
    def kind(self) -> str:
        return "model"

    @property
    def has_slope(self) -> bool:
        """Whether people differ in how fast they change, or only in where their line lies (the fit found no slopes)."""
        return self.random[1][1] > 0

    def band(self, baseline: float, weeks: float, percent: float = 80) -> Band:
        """The band of a new person, given the first score alone.

        Later readings of the person are left out on purpose: a forecast that follows a person down would never find
        them off track. Variance = that of the person's line + that of one reading + that of the estimate itself.
        """
        t = log(max(LEAST_WEEK, weeks))
        x, z = (1.0, baseline, t), (1.0, t)
        center = self.intercept + self.per_baseline * baseline + self.per_ln_week * t
        variance = _quadratic(z, self.random) + self.residual + _quadratic(x, self.covariance)
        half = _tail(percent) * sqrt(variance)
        return Band(center, center - half, center + half, percent)


def _tail(percent: float) -> float:
    """The standard normal quantile that leaves `percent` in the middle: 1.28 for 80 %."""
    return NormalDist().inv_cdf(0.5 + percent / 200)


def _quadratic(vector: tuple[float, ...], matrix: Square) -> float:
    return sum(a * b * matrix[i][j] for i, a in enumerate(vector) for j, b in enumerate(vector))


@dataclass(frozen=True, slots=True)
class Equation:
    """One week of a published curve: `expected = intercept + slope * first score`, with its residual SD, n, and, where
    published, mean and sum of squares of the first scores."""

    intercept: float
    slope: float
    sd: float
    n: int
    mean: float | None = None
    squares: float | None = None

    def band(self, baseline: float, percent: float = 80) -> Band:
        """`expected ± t(n - 2) * sd * sqrt(1 + 1/n + (x - mean)² / squares)`; the last part is left out where the
        authors gave no mean and sum of squares."""
        center = self.intercept + self.slope * baseline
        away = 0.0 if self.mean is None or not self.squares else (baseline - self.mean) ** 2 / self.squares
        half = t_quantile(self.n - 2, _tail(percent)) * self.sd * sqrt(1 + 1 / self.n + away)
        return Band(center, center - half, center + half, percent)


@dataclass(frozen=True, slots=True)
class WeeklyCurve:
    """A published curve: one equation a week. A week without an equation has no expectation."""

    weeks: Mapping[int, Equation]
    source: str
    mark: str = "K"

    @property
    def kind(self) -> str:
        return "curve"

    @property
    def episodes(self) -> int:
        return max((equation.n for equation in self.weeks.values()), default=0)

    def band(self, baseline: float, weeks: float, percent: float = 80) -> Band | None:
        equation = self.weeks.get(int(max(LEAST_WEEK, weeks)))
        return equation.band(baseline, percent) if equation else None
