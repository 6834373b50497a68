"""Is it better, and by more than chance? Jacobson & Truax (1991), with thresholds as data (formulas: engines.reliable).

The published example (pre 32.5, post 47.5, SD 7.5, r .80) gives RC 3.162; means 40 and 60 with SD 7.5 give cut-offs
a 55, b 45, c 50.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from footbridge.engines.reliable import standard_error
from footbridge.engines.scoring.definition import ChangeRule, Points, Spread
from footbridge.engines.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on, shown beside it: the threshold in points and how it was found, the SD and reliability
    behind it where known, who says so, and how sure we are (mark V, V2 or K)."""

    threshold: Points
    method: str
    source: str
    mark: str
    sd: Points | None = None
    reliability: Points | None = None
    n: int | None = None

    @property
    def standard_error(self) -> float | None:
        """Standard error of measurement in points; None where SD or reliability are not known."""
        if self.sd is None or self.reliability is None:
            return None
        return standard_error(float(self.sd), float(self.reliability))


def basis(rule: ChangeRule) -> Basis:
    return Basis(rule.reliable, rule.method, rule.source, rule.mark, rule.sd, rule.reliability, rule.n)


@dataclass(frozen=True, slots=True)
class Norm:
    """Mean and SD of a group on a measure."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """a: two SD away from the clinical mean; b: two SD from the functional mean; c: between both, weighted by their
    SD. `overlap`: the two groups reach into each other, so that a lies beyond b.
    """

    a: float
    b: float
    c: float
    overlap: bool

    @property
    def advised(self) -> str:
        """Which one to use: c when the groups overlap, else b."""
        return "c" if self.overlap else "b"


def cutoffs(clinical: Norm, functional: Norm) -> Cutoffs:
    """The three cut-offs of Jacobson & Truax. Each group uses its own SD; the direction follows the means."""
    toward = 1 if functional.mean >= clinical.mean else -1
    both = clinical.sd + functional.sd
    between = (clinical.sd * functional.mean + functional.sd * clinical.mean) / both
    a, b = clinical.mean + toward * 2 * clinical.sd, functional.mean - toward * 2 * functional.sd
    return Cutoffs(a, b, between, overlap=(a - b) * toward > 0)


class Direction(StrEnum):
    IMPROVED = "improved"
    WORSE = "worse"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """`points` is how much better (positive) or worse (negative), whichever way the instrument counts."""

    direction: Direction
    points: Points
    response: bool | None
    remission: bool | None
    sentence: Sentence
    basis: Basis

    @property
    def threshold(self) -> Points:
        return self.basis.threshold

    @property
    def source(self) -> str:
        return self.basis.source


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
    return Change(direction, better, _response(first, better, rule), remission(latest, rule), said, basis(rule))


@dataclass(frozen=True, slots=True)
class Difference:
    """For a measure whose reliable change nobody has established: the number, and how uncertain one score is
    (`standard_error`, points), and never a verdict. `points` is latest minus first, whichever way is better."""

    points: Points
    standard_error: float | None
    sentence: Sentence
    source: str = ""
    mark: str = ""


def difference(first: Points, latest: Points, spread: Spread | None = None) -> Difference:
    """The difference without a verdict; with the standard error where SD and reliability of the measure are known."""
    numbers: dict[str, object] = {"first": first, "latest": latest}
    if spread is None:
        return Difference(latest - first, None, Sentence("change.no_rule", numbers))
    error = standard_error(float(spread.sd), float(spread.reliability))
    said = Sentence("change.no_rule_error", {**numbers, "error": round(error, 1)})
    return Difference(latest - first, error, said, spread.source, spread.mark)


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
    """`cutoff` is the line between cases and others that was used."""

    kind: Clinical
    cutoff: Points
    sentence: Sentence
    basis: Basis


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
    said = Sentence(f"clinical.{kind}", {"first": first, "latest": latest, "cutoff": line})
    return ClinicalChange(kind, line, said, basis(rule))


@dataclass(frozen=True, slots=True)
class Pair:
    """The NHS Talking Therapies verdict on two measures together (PHQ-9 and GAD-7; Gyani 2013)."""

    started_a_case: bool
    reliable_improvement: bool
    reliable_deterioration: bool
    recovery: bool
    reliable_recovery: bool
    sentence: Sentence
    bases: tuple[Basis, Basis]


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
        started_a_case=started,
        reliable_improvement=improved,
        reliable_deterioration=worse and Direction.IMPROVED not in directions,
        recovery=recovery,
        reliable_recovery=recovery and improved,
        sentence=said,
        bases=(basis(rules[0]), basis(rules[1])),
    )


def _response(first: Points, better: Points, rule: ChangeRule) -> bool | None:
    if rule.response_percent is None:
        return None
    return first > 0 and better * 100 >= first * rule.response_percent
