"""The arithmetic of reliable change (Jacobson & Truax 1991). Scoring reads thresholds with it, progress judges with it.

`SE = SD * sqrt(1 - r)`, `S_diff = sqrt(2) * SE`, `RC = (post - pre) / S_diff`; reliable when |RC| > 1.96.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from math import sqrt

Z = 1.96


def standard_error(sd: float, reliability: float) -> float:
    """Standard error of measurement. `reliability` lies in [0, 1); raises ValueError otherwise or for a negative SD."""
    if sd < 0 or not 0 <= reliability < 1:
        raise ValueError("SD must not be negative and reliability must lie between 0 and 1")
    return sd * sqrt(1 - reliability)


def standard_error_of_difference(sd: float, reliability: float) -> float:
    """S_diff: how far two scores of somebody who did not change lie apart by chance."""
    return sqrt(2) * standard_error(sd, reliability)


def rc_index(pre: float, post: float, sd: float, reliability: float) -> float:
    """Reliable change index. Raises ZeroDivisionError when the SD is 0."""
    return (post - pre) / standard_error_of_difference(sd, reliability)


def threshold(sd: float, reliability: float, step: Decimal = Decimal(1)) -> Decimal:
    """The least change in points that is more than chance, rounded up to the next score the instrument can show (`step`
    points apart)."""
    raw = Decimal(repr(Z * standard_error_of_difference(sd, reliability)))
    return (raw / step).to_integral_value(ROUND_CEILING) * step
