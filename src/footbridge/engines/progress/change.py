"""Is it better, and by more than chance? Jacobson & Truax (1991), with thresholds as data.

`SE = SD * sqrt(1 - r)`, `S_diff = sqrt(2) * SE`, `RC = (post - pre) / S_diff`; reliable when |RC| > 1.96. The
published example (pre 32.5, post 47.5, SD 7.5, r .80) gives RC 3.162; means 40 and 60 with SD 7.5 give cut-offs a 55,
b 45, c 50.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from math import sqrt

from footbridge.engines.scoring.definition import ChangeRule, Points
from footbridge.engines.sentence import Sentence

Z = 1.96


def standard_error(sd: float, reliability: float) -> float:
    """Standard error of measurement. `reliability` lies in [0, 1); raises ValueError otherwise or for a negative SD."""
    if sd < 0 or not 0 <= reliability < 1:
        raise ValueError("SD must not be negative and reliability must lie between 0 and 1")
    return sd * sqrt(1 - reliability)


def rc_index(pre: float, post: float, sd: float, reliability: float) -> float:
    """Reliable change index. Raises ZeroDivisionError when the SD is 0."""
    return (post - pre) / (sqrt(2) * standard_error(sd, reliability))


def threshold(sd: float, reliability: float, step: Points = Decimal(1)) -> Points:
    """The least change in points that is more than chance, rounded up to the next score the instrument can show."""
    raw = Decimal(repr(Z * sqrt(2) * standard_error(sd, reliability)))
    return (raw / step).to_integral_value(ROUND_CEILING) * step


@dataclass(frozen=True, slots=True)
class Norm:
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """a: two SD away from the clinical mean; b: two SD from the functional mean; c: between both, weighted by their
    SD.
    """

    a: float
    b: float
    c: float


def cutoffs(clinical: Norm, functional: Norm) -> Cutoffs:
    """The three cut-offs of Jacobson & Truax. Each group uses its own SD; the direction follows the means."""
    toward = 1 if functional.mean >= clinical.mean else -1
    both = clinical.sd + functional.sd
    between = (clinical.sd * functional.mean + functional.sd * clinical.mean) / both
    return Cutoffs(clinical.mean + toward * 2 * clinical.sd, functional.mean - toward * 2 * functional.sd, between)


class Direction(StrEnum):
    IMPROVED = "improved"
    WORSE = "worse"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """`points` is how much better (positive) or worse (negative), whichever way the instrument counts."""

    direction: Direction
    points: Points
    threshold: Points
    response: bool | None
    remission: bool | None
    sentence: Sentence
    source: str


def change(first: Points, latest: Points, rule: ChangeRule) -> Change:
    """Change between two scores by the threshold of the rule. Response and remission are None where the rule has
    none.
    """
    better = first - latest if rule.lower_is_better else latest - first
    if better >= rule.reliable:
        direction, code = Direction.IMPROVED, "change.improved"
    elif -better >= rule.reliable:
        direction, code = Direction.WORSE, "change.worse"
    else:
        direction, code = Direction.NONE, "change.none"
    said = Sentence(code, {"first": first, "latest": latest, "points": abs(better), "threshold": rule.reliable})
    return Change(
        direction, better, rule.reliable, _response(first, better, rule), remission(latest, rule), said, rule.source
    )


def remission(latest: Points, rule: ChangeRule) -> bool | None:
    """Below (or for higher-is-better: above) the remission mark; None where none is set."""
    if rule.remission_below is None:
        return None
    return latest < rule.remission_below if rule.lower_is_better else latest > rule.remission_below


def band_of_chance(first: Points, rule: ChangeRule) -> tuple[Points, Points]:
    """The strip around the first score inside which change can be chance (for the chart): strictly between the two."""
    return first - rule.reliable, first + rule.reliable


class Clinical(StrEnum):
    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    HARMED = "harmed"


@dataclass(frozen=True, slots=True)
class ClinicalChange:
    kind: Clinical
    sentence: Sentence


def clinical_change(
    first: Points, latest: Points, rule: ChangeRule, cutoff: Points | None = None
) -> ClinicalChange | None:
    """Clinically significant change: started a case, ended beyond the cut-off, reliably improved. `cutoff` defaults
    to the rule's caseness; None when there is neither."""
    line = cutoff if cutoff is not None else rule.case_from
    if line is None:
        return None

    def is_case(value: Points) -> bool:
        return value >= line if rule.lower_is_better else value <= line

    direction = change(first, latest, rule).direction
    if direction is Direction.IMPROVED:
        kind = Clinical.RECOVERED if is_case(first) and not is_case(latest) else Clinical.IMPROVED
    elif direction is Direction.WORSE:
        kind = Clinical.HARMED if not is_case(first) and is_case(latest) else Clinical.DETERIORATED
    else:
        kind = Clinical.UNCHANGED
    return ClinicalChange(kind, Sentence(f"clinical.{kind}", {"first": first, "latest": latest, "cutoff": line}))


@dataclass(frozen=True, slots=True)
class Pair:
    """The NHS Talking Therapies verdict on two measures together (PHQ-9 and GAD-7; Gyani 2013)."""

    started_a_case: bool
    reliable_improvement: bool
    reliable_deterioration: bool
    recovery: bool
    reliable_recovery: bool
    sentence: Sentence


def pair(first: tuple[Points, Points], latest: tuple[Points, Points], rules: tuple[ChangeRule, ChangeRule]) -> Pair:
    """Reliable improvement: one reliably better, the other not reliably worse. Recovery: started a case on either,
    ended on neither.

    Raises ValueError when a rule has no caseness.
    """
    cases = tuple(rule.case_from for rule in rules)
    if cases[0] is None or cases[1] is None:
        raise ValueError("both measures need a caseness cut-off")
    started = first[0] >= cases[0] or first[1] >= cases[1]
    ended = latest[0] >= cases[0] or latest[1] >= cases[1]
    directions = [change(f, x, rule).direction for f, x, rule in zip(first, latest, rules, strict=True)]
    worse = Direction.WORSE in directions
    improved = Direction.IMPROVED in directions and not worse
    recovery = started and not ended
    if recovery and improved:
        code = "pair.recovered"
    elif worse:
        code = "pair.worse"
    elif recovery:
        code = "pair.recovery_only"
    elif not started:
        code = "pair.not_a_case"
    else:
        code = "pair.improved" if improved else "pair.unchanged"
    said = Sentence(code, {"case_a": cases[0], "case_b": cases[1]})
    return Pair(
        started, improved, worse and Direction.IMPROVED not in directions, recovery, recovery and improved, said
    )


def _response(first: Points, better: Points, rule: ChangeRule) -> bool | None:
    if rule.response_percent is None:
        return None
    return first > 0 and better * 100 >= first * rule.response_percent
