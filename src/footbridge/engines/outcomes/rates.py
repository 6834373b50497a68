"""Rates and means with their 95 % intervals.

Rates carry the Wilson score interval (Wilson 1927): it stays inside 0 and 1 and holds for few people and for rates near the ends,
where the usual interval does not. Means carry Student's interval. The effect is the mean change in units of the SD at the start
(standardized mean change with raw score standardization, Becker 1988); no comparison group stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev

Z95 = NormalDist().inv_cdf(0.975)


def wilson(count: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson score interval of `count` out of `of`, as two shares in 0..1; (0, 1) when nobody was asked.

    Raises ValueError unless 0 <= count <= of.
    """
    if not 0 <= count <= of:
        raise ValueError("count must lie between 0 and of")
    if of == 0:
        return 0.0, 1.0
    share = count / of
    weight = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / weight
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / weight
    low = 0.0 if count == 0 else max(0.0, middle - half)  # exact ends, not a rounding error beside them
    high = 1.0 if count == of else min(1.0, middle + half)
    return low, high


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `of`; `low` and `high` are shares in 0..1."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None


def rate(count: int, of: int) -> Rate:
    """A rate with its Wilson interval. Raises ValueError unless 0 <= count <= of."""
    return Rate(count, of, *wilson(count, of))


def t_quantile(freedom: int, z: float = Z95) -> float:
    """Student's t at the tail of `z`, by the expansion of Abramowitz & Stegun 26.7.5; within 0.2 % from 4 degrees of freedom on,
    exact enough for fewer only where nothing is shown anyway. Raises ValueError below 1."""
    if freedom < 1:
        raise ValueError("freedom must be at least 1")
    if freedom <= 3:
        return {1: 12.706, 2: 4.303, 3: 3.182}[freedom] if z == Z95 else z * (1 + (z * z + 1) / (4 * freedom))
    z2 = z * z
    terms = (
        (z2 + 1) / 4,
        ((5 * z2 + 16) * z2 + 3) / 96,
        (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
        ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
    )
    found: float = z * (1 + sum(term / freedom ** (n + 1) for n, term in enumerate(terms)))
    return found


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with SD and interval. `sd`, `low` and `high` are None below two values."""

    n: int
    mean: float
    sd: float | None = None
    low: float | None = None
    high: float | None = None


def mean(values: Sequence[float]) -> Mean | None:
    """Mean, SD (n - 1) and Student's 95 % interval; None without values."""
    n = len(values)
    if n == 0:
        return None
    middle = fmean(values)
    if n == 1:
        return Mean(1, middle)
    sd = stdev(values)
    half = t_quantile(n - 1) * sd / sqrt(n)
    return Mean(n, middle, sd, middle - half, middle + half)


@dataclass(frozen=True, slots=True)
class Paired:
    """First and last scores of the same people. `change` is last minus first, in points of the instrument; `effect` is the change
    in SDs of the first score, positive when better; None where everybody started alike."""

    n: int
    first: Mean
    last: Mean
    change: Mean
    effect: float | None


def paired(pairs: Sequence[tuple[float, float]], *, lower_is_better: bool = True) -> Paired | None:
    """(first, last) of each person; None without pairs."""
    first, last = mean([a for a, _ in pairs]), mean([b for _, b in pairs])
    change = mean([b - a for a, b in pairs])
    if first is None or last is None or change is None:
        return None
    effect = None
    if first.sd:
        effect = (-change.mean if lower_is_better else change.mean) / first.sd
    return Paired(len(pairs), first, last, change, effect)
