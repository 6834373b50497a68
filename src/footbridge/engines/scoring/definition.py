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
    COMBINED = "combined"


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
    """One question. `kind` is choice, several (any number of the choices, never scored), number (low to high, the number
    is the points) or text (never scored).
    """

    code: str
    kind: str = "choice"
    choices: tuple[Choice, ...] = ()
    choice_set: str = ""
    low: Points | None = None
    high: Points | None = None
    reversed: bool = False
    loinc: str | None = None
    # Other items that ask the same of other people (TAPS: a heavy day is 5 drinks or 4): one answer is enough.
    alternative_to: tuple[str, ...] = ()
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
            return (value if type(value) is str else _code(value)) in self._points
        if self.kind == "several":
            codes = chosen(value)
            return bool(codes) and len(set(codes)) == len(codes) and all(code in self._points for code in codes)
        if self.kind == "text":
            return isinstance(value, str)
        number = _number(value)
        span = self.range()
        return number is not None and (span is None or span[0] <= number <= span[1])

    def points(self, value: object) -> Points | None:
        """Points of a valid answer, reversed where the item is reversed; None when the answer carries no points."""
        if self.kind == "choice":
            return self._points.get(value if type(value) is str else _code(value))
        if self.kind == "several":
            return None
        if self.kind != "number":
            return self._points.get(_code(value))
        raw, span = _number(value), self.range()
        if raw is None or span is None or not self.reversed:
            return raw
        return span[0] + span[1] - raw


@dataclass(frozen=True, slots=True)
class Gate:
    """Items asked only when `item` was answered with one of `answers`. Otherwise they are *not asked*.

    `or_else`: other items, with their answers, that open the gate as well (AUDIT: item 2 or item 3). `else_points`: what
    a not-asked item counts (0 for AUDIT); None leaves it out of the score.
    """

    item: str
    answers: frozenset[str]
    then_ask: tuple[str, ...]
    else_points: Points | None = None
    or_else: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def opened_by(self) -> tuple[tuple[str, frozenset[str]], ...]:
        return ((self.item, self.answers), *self.or_else)


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
    label: str = ""


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
    parts: Mapping[str, Points] = field(default_factory=dict)  # a combined score: other score → how often it counts
    percent_of: tuple[Points, Points] | None = None  # (least, most): 0 to 100 % of the way between them
    low: Points | None = None
    high: Points | None = None
    loinc: str | None = None
    # What people call it where a form has several scores ("Avoidance"); empty for the only one.
    name: str = ""

    def says(self, outcome: str) -> str:
        """The outcome of a rule score in words: its label, else its code."""
        return next((case.label for case in self.cases if case.code == outcome and case.label), outcome)


@dataclass(frozen=True, slots=True)
class Band:
    """Starts at `start`, inclusive unless `exclusive`; ends where the next band starts."""

    code: str
    label: str
    start: Points
    exclusive: bool = False

    def reached_by(self, value: Points) -> bool:
        return value > self.start if self.exclusive else value >= self.start


# Marks of a fact somebody read in its source (V) or in a second source (V2). What is general knowledge (K) or uncertain
# (U) stands in the file for the next reader and draws nothing.
READ_IN_A_SOURCE = frozenset({"V", "V2"})


@dataclass(frozen=True, slots=True)
class BandSet:
    """`whole_form_only`: drawn only when every item of the score applied, because the cuts were found on the whole
    scale.
    """

    id: str
    name: str
    citation: str
    score: str
    bands: tuple[Band, ...]
    default: bool = False
    mark: str = "V"
    whole_form_only: bool = False
    # Whom the set is for where cut-offs differ ("female", "male"). Never inferred: without a default, all are shown.
    applies_to: str = ""

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
class Spread:
    """SD and reliability of a score whose reliable change nobody has established: enough for its standard error, and
    for no verdict."""

    score: str
    sd: Points
    reliability: Points
    source: str
    mark: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class CriticalRule:
    """An answer that somebody must know about, whatever the total. `severity`: high, same_day or session.

    It is one of `answers`, or, for a number, `at_least`. An unverified mark withholds no warning.
    """

    item: str
    answers: frozenset[str]
    severity: str
    action: str
    ack_minutes: int | None = None
    at_least: Points | None = None
    mark: str = ""
    source: str = ""

    def fired_by(self, value: object) -> bool:
        if self.at_least is not None:
            number = _number(value)
            if number is not None and number >= self.at_least:
                return True
        return any(code in self.answers for code in chosen(value))


@dataclass(frozen=True, slots=True)
class OutsideCritical:
    """A total typed in from outside that somebody must know about: `at_least` or `at_most` so many points."""

    severity: str
    action: str
    at_least: Points | None = None
    at_most: Points | None = None
    ack_minutes: int | None = None
    mark: str = ""
    source: str = ""

    def fired_by(self, value: Points) -> bool:
        return (self.at_least is not None and value >= self.at_least) or (
            self.at_most is not None and value <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class OutsideScore:
    """A score reckoned elsewhere under the owner's licence and typed in with its date and source: its range, how many
    decimals it has, and which way is better. Never computed here.
    """

    id: str
    name: str
    low: Points
    high: Points
    decimals: int = 0
    lower_is_better: bool = True
    critical: tuple[OutsideCritical, ...] = ()

    def number(self, value: object) -> Points | None:
        """The number that was typed; None when it is none, lies outside the range or has too many decimals."""
        number = _number(value)
        if number is None or not self.low <= number <= self.high:
            return None
        return number if number == round(number, self.decimals) else None


@dataclass(frozen=True, slots=True)
class CheckRule:
    """Answers that do not fit together: item a above item b (`not_above` is (a, b)), or every `when` holding at once, as
    (item, least, most) in points."""

    code: str
    says: str
    not_above: tuple[str, str] | None = None
    when: tuple[tuple[str, Points | None, Points | None], ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        return self.not_above or tuple(dict.fromkeys(code for code, _, _ in self.when))


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """What a saved score sets off: from `start` (inclusive) or over `above`, under `below`; or in a band of a set."""

    code: str
    score: str
    severity: str
    action: str
    says: str
    source: str
    mark: str
    start: Points | None = None
    above: Points | None = None
    below: Points | None = None
    band: str = ""
    band_set: str = ""
    ack_minutes: int | None = None

    def bands_of(self, definition: Definition) -> BandSet | None:
        """The band set the rule speaks of: the named one, else the default, whatever its mark."""
        sets = [b for b in definition.band_sets if b.score == self.score]
        return next((b for b in sets if (b.id == self.band_set if self.band_set else b.default)), None)


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
class Attestation:
    """Who said on which day that this site may use a text, whose text it is and on what ground. Kept with the text for
    ever."""

    owner: str
    basis: str
    by: str
    on: str


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
    checks: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    verified_by: str = ""
    verified_on: str = ""
    attested: Attestation | None = None

    def said(self, item: Item, value: object) -> str:
        """An answer in words: the text of its choice, of each choice with semicolons between, or what was given."""
        labels = self.choices.get(item.choice_set, {})
        codes = chosen(value) if item.kind == "several" else (_code(value),)
        return "; ".join(labels.get(code, code) for code in codes)


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
    spreads: tuple[Spread, ...] = ()
    critical: tuple[CriticalRule, ...] = ()
    checks: tuple[CheckRule, ...] = ()
    score_triggers: tuple[TriggerRule, ...] = ()
    triage: TriageRoles | None = None
    outside: tuple[OutsideScore, ...] = ()
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    # Words nobody has laid beside the owner's form yet: shown to whoever adds the text, to compare and mend, and to nobody else.
    proposed: Mapping[str, Wording] = field(default_factory=dict)
    loinc: str | None = None
    verified_by: str = ""
    verified_on: str = ""
    _items: Mapping[str, Item] = field(init=False, repr=False, compare=False, default_factory=dict)
    _gates: Mapping[str, Gate] = field(init=False, repr=False, compare=False, default_factory=dict)
    # Worked out once and asked for with every form: band sets by score and name, the highest of a whole form.
    _sets: dict[tuple[str, str | None], BandSet | None] = field(init=False, repr=False, compare=False, default_factory=dict)
    highest: dict[str, Points | None] = field(init=False, repr=False, compare=False, default_factory=dict)

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

    def outside_score(self, score_id: str | None = None) -> OutsideScore | None:
        if score_id is None:
            return self.outside[0] if self.outside else None
        return next((o for o in self.outside if o.id == score_id), None)

    @property
    def needs_text(self) -> bool:
        """It has questions and nobody has entered their words yet: it cannot be given."""
        return bool(self.items) and not self.wordings

    def change_rule(self, score_id: str | None = None) -> ChangeRule | None:
        """The rule of a score (the first when `score_id` is None) that somebody read in a source; none for a draft, which
        may show a number and no verdict."""
        if self.is_draft:
            return None
        first = self.scores or self.outside
        wanted = score_id or (first[0].id if first else "")
        return next((c for c in self.change if c.score == wanted and c.mark in READ_IN_A_SOURCE), None)

    def spread(self, score_id: str | None = None) -> Spread | None:
        """SD and reliability of a score without a change rule, where somebody read them in a source."""
        first = self.scores or self.outside
        wanted = score_id or (first[0].id if first else "")
        return next((s for s in self.spreads if s.score == wanted and s.mark in READ_IN_A_SOURCE), None)

    def band_set(self, score_id: str, name: str | None = None) -> BandSet | None:
        """The named band set of a score, or its default one; none whose mark says that nobody read it in a source."""
        key = (score_id, name)
        if key not in self._sets:
            sets = [b for b in self.band_sets if b.score == score_id and b.mark in READ_IN_A_SOURCE]
            self._sets[key] = next((b for b in sets if (b.default if name is None else b.id == name)), None)
        return self._sets[key]


def chosen(value: object) -> tuple[str, ...]:
    """The codes of an answer that names several choices: a list of codes, or the codes with commas between."""
    if isinstance(value, list | tuple):
        return tuple(_code(part) for part in value)
    return tuple(part.strip() for part in _code(value).split(",") if part.strip())


def _code(value: object) -> str:
    # True is not "1": a boolean never names an answer by accident.
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    return "" if isinstance(value, int) and abs(value) > _MOST else str(value)


_MOST = 10**15  # a whole number beyond it is no answer, and Python refuses to write the very long ones
_LONGEST = 40  # characters; what is longer is no number that a form asks for


def _number(value: object) -> Points | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    written = _code(value)
    if len(written) > _LONGEST:
        return None
    try:
        number = Decimal(written)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None
