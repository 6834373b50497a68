"""What an instrument is: items, answers, gates, scores, bands, change rules, critical answers.

A definition is data. Wording lives beside it by language; nothing in here knows how a form looks.
`loading.definition` builds one from a parsed YAML file; docs/formats.md describes the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Points = Decimal


class Method(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    WEIGHTED = "weighted"
    TABLE = "table"
    RULE = "rule"


class Fill(StrEnum):
    """What to do with gaps when no more than `max_gaps` items are missing."""

    NONE = "none"
    PRORATE = "prorate"
    MEAN_OF_ANSWERED = "mean_of_answered"


class Rounding(StrEnum):
    NONE = "none"
    HALF_UP = "half_up"
    UP = "up"


class LicenceClass(StrEnum):
    """INSTRUMENTS classes: A ships text and scoring, AD (A with a dagger) also locks wording and prints attribution,
    B ships scoring only, C takes an outside score."""

    A = "A"
    A_LOCKED = "AD"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    points: Points | None
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `kind` is choice, number (low to high, the number is the points) or text (never scored)."""

    code: str
    kind: str = "choice"
    choices: tuple[Choice, ...] = ()
    choice_set: str = ""
    low: Points | None = None
    high: Points | None = None
    reversed: bool = False
    loinc: str | None = None
    # Points by choice, worked out once: a re-score of 100,000 forms asks for them a million times.
    _points: Mapping[str, Points | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    _span: tuple[Points, Points] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        given = [c.points for c in self.choices if c.points is not None]
        span = (min(given), max(given)) if given else None
        if self.kind == "number":
            span = None if self.low is None or self.high is None else (self.low, self.high)
        turn = span[0] + span[1] if self.reversed and span else None
        points = {
            c.code: turn - c.points if turn is not None and c.points is not None else c.points for c in self.choices
        }
        object.__setattr__(self, "_span", span)
        object.__setattr__(self, "_points", points)

    def range(self) -> tuple[Points, Points] | None:
        """Least and most points the item can give; None when it gives none."""
        return self._span

    def is_valid(self, value: object) -> bool:
        if self.kind == "choice":
            return _code(value) in self._points
        if self.kind == "text":
            return isinstance(value, str)
        number = _number(value)
        span = self.range()
        return number is not None and (span is None or span[0] <= number <= span[1])

    def points(self, value: object) -> Points | None:
        """Points of a valid answer, reversed where the item is reversed; None when the answer carries no points."""
        if self.kind != "number":
            return self._points.get(_code(value))
        raw, span = _number(value), self.range()
        if raw is None or span is None or not self.reversed:
            return raw
        return span[0] + span[1] - raw


@dataclass(frozen=True, slots=True)
class Gate:
    """Items asked only when `item` was answered with one of `answers`. Otherwise they are *not asked*.

    `else_points`: what a not-asked item counts (0 for AUDIT); None leaves it out of the score.
    """

    item: str
    answers: frozenset[str]
    then_ask: tuple[str, ...]
    else_points: Points | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    max_gaps: int = 0
    how: Fill = Fill.NONE
    rounding: Rounding = Rounding.NONE
    source: str = ""


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """Items that reach so many points, as pairs (item, points); true when the count lies in [at_least, at_most]."""

    of: tuple[tuple[str, Points], ...]
    at_least: int
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One outcome of a rule score: all conditions must hold. Cases are tried in order."""

    code: str
    value: Points
    conditions: tuple[CountAtLeast, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreRule:
    id: str
    method: Method
    items: tuple[str, ...]
    missing: Missing = Missing()
    weights: Mapping[str, Points] = field(default_factory=dict)
    divide_by: Points = Decimal(1)
    multiply: Points = Decimal(1)
    add: Points = Decimal(0)
    table: Mapping[Points, Points] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    low: Points | None = None
    high: Points | None = None
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Starts at `start`, inclusive unless `exclusive`; ends where the next band starts."""

    code: str
    label: str
    start: Points
    exclusive: bool = False

    def reached_by(self, value: Points) -> bool:
        return value > self.start if self.exclusive else value >= self.start


@dataclass(frozen=True, slots=True)
class BandSet:
    id: str
    name: str
    citation: str
    score: str
    bands: tuple[Band, ...]
    default: bool = False

    def band(self, value: Points) -> Band | None:
        reached = [b for b in self.bands if b.reached_by(value)]
        return reached[-1] if reached else None


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """How much change is more than chance, in points of one score, and where the number comes from."""

    score: str
    reliable: Points
    method: str
    source: str
    mark: str
    lower_is_better: bool = True
    sd: Points | None = None
    reliability: Points | None = None
    n: int | None = None
    response_percent: Points | None = None
    remission_below: Points | None = None
    case_from: Points | None = None
    severe_from: Points | None = None


@dataclass(frozen=True, slots=True)
class CriticalRule:
    """An answer that somebody must know about, whatever the total. `severity`: high, same_day or session."""

    item: str
    answers: frozenset[str]
    severity: str
    action: str
    ack_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class TriageRoles:
    """Which items of a C-SSRS form play which part. `behavior_recent` is None when the form asks about a recent time
    only.
    """

    wish: str
    thoughts: str
    method: str
    intent: str
    plan: str
    behavior: str
    behavior_recent: str | None


@dataclass(frozen=True, slots=True)
class Licence:
    klass: LicenceClass
    owner: str
    basis: str
    url: str = ""
    attribution: str = ""
    wording_locked: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """The text of one language. `verified_by` empty: shown to people, yet no band is drawn from answers given in it."""

    language: str
    title: str
    instruction: str
    items: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    hints: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    verified_by: str = ""
    verified_on: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    id: str
    edition: str
    name: str
    measures: str
    items: tuple[Item, ...]
    scores: tuple[ScoreRule, ...]
    licence: Licence
    window_days: int | None = None
    min_repeat_days: int | None = None
    modes: tuple[str, ...] = ("self",)
    gates: tuple[Gate, ...] = ()
    band_sets: tuple[BandSet, ...] = ()
    change: tuple[ChangeRule, ...] = ()
    critical: tuple[CriticalRule, ...] = ()
    triage: TriageRoles | None = None
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    loinc: str | None = None
    verified_by: str = ""
    verified_on: str = ""
    _items: Mapping[str, Item] = field(init=False, repr=False, compare=False, default_factory=dict)
    _gates: Mapping[str, Gate] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_items", {item.code: item for item in self.items})
        object.__setattr__(self, "_gates", {code: gate for gate in self.gates for code in gate.then_ask})

    @property
    def is_draft(self) -> bool:
        return not self.verified_by

    def item(self, code: str) -> Item | None:
        return self._items.get(code)

    def gate_of(self, code: str) -> Gate | None:
        """The gate that decides whether an item is asked."""
        return self._gates.get(code)

    def score_rule(self, score_id: str | None = None) -> ScoreRule | None:
        if score_id is None:
            return self.scores[0] if self.scores else None
        return next((s for s in self.scores if s.id == score_id), None)

    def change_rule(self, score_id: str | None = None) -> ChangeRule | None:
        wanted = score_id or (self.scores[0].id if self.scores else "")
        return next((c for c in self.change if c.score == wanted), None)

    def band_set(self, score_id: str, name: str | None = None) -> BandSet | None:
        """The named band set of a score, or its default one."""
        sets = [b for b in self.band_sets if b.score == score_id]
        if name is not None:
            return next((b for b in sets if b.id == name), None)
        return next((b for b in sets if b.default), None)


def _code(value: object) -> str:
    # True is not "1": a boolean never names an answer by accident.
    if isinstance(value, str):
        return value
    return "" if isinstance(value, bool) else str(value)


def _number(value: object) -> Points | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None
