"""Scores from answers. Either a number with what it rests on, or a verdict that says why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from footbridge.engines.scoring.answers import Answer, Answers, State, settle
from footbridge.engines.scoring.definition import (
    Band,
    BandSet,
    CountAtLeast,
    Definition,
    Fill,
    Item,
    Method,
    Points,
    Rounding,
    ScoreRule,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """`value` with how many of how many items were answered. `band` is None when none may be drawn: `band_withheld`
    says why ("draft", "draft_wording", "unverified_bands", "shortened_form", "no_bands")."""

    score: str
    value: Points
    answered: int
    of: int
    prorated: bool = False
    band: Band | None = None
    band_withheld: str = ""
    outcome: str = ""
    highest: Points | None = None

    @property
    def is_scored(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        """The number as people write it: 15, not 15.0; two decimals at most (2.33)."""
        return _plain(self.value)


@dataclass(frozen=True, slots=True)
class Unscorable:
    """`reason`: too_many_gaps, unknown_answer, no_such_score, nothing_asked, not_in_table, cannot_tell, outside_only,
    out_of_range.
    """

    score: str
    reason: str
    answered: int = 0
    of: int = 0
    missing: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_scored(self) -> bool:
        return False

    @property
    def sentence(self) -> str:
        """In English, for logs and exports; pages translate by `reason`."""
        match self.reason:
            case "too_many_gaps":
                return f"Not scored: {self.answered} of {self.of} answered."
            case "unknown_answer":
                return f"Not scored: an answer is not one of the choices (item {', '.join(self.unknown)})."
            case "nothing_asked":
                return "Not scored: no item of this score was asked."
            case "not_in_table":
                return "Not scored: the table of this score has no row for this sum."
            case "cannot_tell":
                return f"Not scored: the rule cannot tell without item {', '.join(self.missing + self.declined)}."
            case "outside_only":
                return "Not scored: the licence allows no scoring here. Type in the score with its date and source."
            case "out_of_range":
                return "Not taken: the number is not one this score can have."
            case _:
                return "Not scored: this instrument has no such score."


Result = Scored | Unscorable


def score(
    definition: Definition,
    answers: Answers,
    score_id: str | None = None,
    *,
    band_set: str | None = None,
    language: str | None = None,
) -> Result:
    """One score (the first of the definition when `score_id` is None).

    `band_set` names another set than the default. `language` is the language the answers were given in; when its
    wording is not verified no band is drawn.
    """
    rule = definition.score_rule(score_id)
    if rule is None:
        outside = definition.outside_score(score_id)
        return Unscorable(outside.id, "outside_only") if outside else Unscorable(score_id or "", "no_such_score")
    return _judged(definition, rule, settle(definition, answers), band_set, language)


def _judged(
    definition: Definition, rule: ScoreRule, settled: dict[str, Answer], band_set: str | None, language: str | None
) -> Result:
    result = _score(definition, rule, settled)
    if isinstance(result, Unscorable):
        return result
    return _with_band(definition, result, band_set, language)


def score_all(definition: Definition, answers: Answers, *, language: str | None = None) -> tuple[Result, ...]:
    """Every score of the definition, in its order; those that come from outside only say so."""
    settled = settle(definition, answers)
    scored = (_judged(definition, rule, settled, None, language) for rule in definition.scores)
    outside = (score(definition, answers, one.id, language=language) for one in definition.outside)
    return (*scored, *outside)


def from_outside(definition: Definition, value: object, score_id: str | None = None) -> Result:
    """A total that was reckoned elsewhere and typed in (the first outside score when `score_id` is None)."""
    outside = definition.outside_score(score_id)
    if outside is None:
        return Unscorable(score_id or "", "no_such_score")
    number = outside.number(value)
    if number is None:
        return Unscorable(outside.id, "out_of_range")
    return _with_band(definition, Scored(outside.id, number, 0, 0, highest=outside.high), None, None)


def readings(definition: Definition, result: Result) -> tuple[tuple[BandSet, Band], ...]:
    """The band of every named set of this score, the default first: two sets for two sexes are both shown where the sex
    is not on record. Empty for a draft and for a form that could not be scored;
    a set nobody read in a source is left out."""
    if definition.is_draft or isinstance(result, Unscorable):
        return ()
    sets = [b for b in definition.band_sets if b.score == result.score and definition.band_set(b.score, b.id)]
    found = ((s, s.band(result.value)) for s in sorted(sets, key=lambda s: not s.default))
    return tuple((s, band) for s, band in found if band is not None)


def _score(definition: Definition, rule: ScoreRule, settled: dict[str, Answer]) -> Result:
    if rule.method is Method.COMBINED:
        return _combined(definition, rule, settled)
    # One pass and few calls: a re-score of 100,000 forms comes here a million times.
    items: dict[str, Item | None] = {}
    known: dict[str, Points] = {}
    gaps: list[str] = []
    unknown: list[str] = []
    asks_once = False
    for code in rule.items:
        item = items[code] = definition.item(code)
        if item is None:
            unknown.append(code)
            continue
        asks_once = asks_once or bool(item.alternative_to)
        answer = settled[code]
        if answer.state is State.ANSWERED:
            if not item.is_valid(answer.value):
                unknown.append(code)
                continue
            points = item.points(answer.value)
            if points is not None:  # a choice that carries no points ("does not apply") leaves the score, it is not a gap
                known[code] = points
        elif answer.state is State.NOT_ASKED:
            gate = definition.gate_of(code)
            otherwise = gate.else_points if gate else None
            if otherwise is not None:
                known[code] = otherwise
        else:
            gaps.append(code)
    if unknown:
        return Unscorable(rule.id, "unknown_answer", of=len(items), unknown=tuple(unknown))
    if asks_once:
        _ask_once(items, known, gaps)
    answered = len(known)
    of = answered + len(gaps)
    declined = tuple([code for code in gaps if settled[code].state is State.DECLINED])
    missing = tuple([code for code in gaps if settled[code].state is not State.DECLINED])
    if len(known) == len(items):  # nothing left out: the same for every whole form
        if rule.id not in definition.highest:
            definition.highest[rule.id] = _highest(items, list(known), rule)
        highest = definition.highest[rule.id]
    else:
        highest = _highest(items, [*known, *gaps], rule)

    if of == 0:
        return Unscorable(rule.id, "nothing_asked")
    if rule.method is Method.RULE:
        return _by_cases(rule, known, answered, of, missing, declined)
    if not known or (gaps and (rule.missing.how is Fill.NONE or len(gaps) > rule.missing.max_gaps)):
        return Unscorable(rule.id, "too_many_gaps", answered, of, missing, declined)

    value = _value(rule, known, len(known) + len(gaps))
    if rule.method is Method.TABLE:
        found = rule.table.get(value)
        if found is None:
            return Unscorable(rule.id, "not_in_table", answered, of, missing, declined)
        value = found
    return Scored(rule.id, _scaled(rule, value), answered, of, prorated=bool(gaps), highest=highest)


def _ask_once(items: dict[str, Item | None], known: dict[str, Points], gaps: list[str]) -> None:
    """Items that ask the same of other people are one question: where both were ticked (paper!) the higher answer counts,
    and both left blank they are one gap.
    """
    for code, item in items.items():
        for other in item.alternative_to if item is not None else ():
            if code in known and other in known:
                del known[other if known[other] <= known[code] else code]
            elif code in gaps and other in gaps:
                gaps.remove(other)


def _combined(definition: Definition, rule: ScoreRule, settled: dict[str, Answer]) -> Result:
    """A score of scores (a global of subscales). Without one of its parts there is none; an item that counts in two
    parts is one answer.
    """
    total, prorated = Decimal(0), False
    items = dict.fromkeys(code for part in rule.parts for code in _rule(definition, part).items)
    gaps = [code for code in items if settled[code].state in (State.UNANSWERED, State.DECLINED)]
    answered = sum(1 for code in items if settled[code].state is State.ANSWERED)
    of = answered + len(gaps)
    for name, times in rule.parts.items():
        part = _score(definition, _rule(definition, name), settled)
        if isinstance(part, Unscorable):
            return Unscorable(rule.id, part.reason, answered, of, part.missing, part.declined, part.unknown)
        total += part.value * times
        prorated = prorated or part.prorated
    return Scored(
        rule.id, _scaled(rule, total / rule.divide_by), answered, of, prorated=prorated, highest=_highest({}, [], rule)
    )


def _rule(definition: Definition, score_id: str) -> ScoreRule:
    rule = definition.score_rule(score_id)
    if rule is None:  # unreachable: a definition that names a score it has not is refused on loading
        raise KeyError(score_id)
    return rule


def _scaled(rule: ScoreRule, value: Points) -> Points:
    if rule.percent_of is not None:
        least, most = rule.percent_of
        value = (value - least) * 100 / (most - least)
    return value * rule.multiply + rule.add


def _value(rule: ScoreRule, known: dict[str, Points], of: int) -> Points:
    points = list(known.values())
    if rule.method is Method.MAX:
        return max(points)
    if rule.method is Method.MEAN:
        return _rounded(_sum(points) / len(points), rule.missing.rounding)
    if rule.method is Method.WEIGHTED:
        total = _sum([value * rule.weights.get(code, Decimal(1)) for code, value in known.items()]) / rule.divide_by
    else:
        total = _sum(points)
    if len(points) == of:
        return total
    return _rounded(total * of / len(points), rule.missing.rounding)


def _by_cases(
    rule: ScoreRule,
    known: dict[str, Points],
    answered: int,
    of: int,
    missing: tuple[str, ...],
    declined: tuple[str, ...],
) -> Result:
    for case in rule.cases:
        verdicts = [_holds(condition, known, missing + declined) for condition in case.conditions]
        if all(verdict is True for verdict in verdicts):
            return Scored(rule.id, case.value, answered, of, outcome=case.code)
        if not any(verdict is False for verdict in verdicts):
            return Unscorable(rule.id, "cannot_tell", answered, of, missing, declined)
    return Unscorable(rule.id, "cannot_tell", answered, of, missing, declined)


def _holds(condition: CountAtLeast, known: dict[str, Points], gaps: Sequence[str]) -> bool | None:
    """Three-valued: None when the gaps could still turn it either way."""
    least = len([1 for code, points in condition.of if code in known and known[code] >= points])
    most = least + len([1 for code, _ in condition.of if code in gaps]) if gaps else least
    top = condition.at_most if condition.at_most is not None else len(condition.of)
    if least >= condition.at_least and most <= top:
        return True
    if most < condition.at_least or least > top:
        return False
    return None


def _with_band(definition: Definition, result: Scored, band_set: str | None, language: str | None) -> Scored:
    wording = definition.wordings.get(language) if language else None
    withheld = ""
    band: Band | None = None
    if definition.is_draft:
        withheld = "draft"
    elif language and (wording is None or not wording.verified_by):
        withheld = "draft_wording"
    else:
        bands = definition.band_set(result.score, band_set)
        if bands is None:
            wanted = [b for b in definition.band_sets if b.score == result.score]
            unread = [b for b in wanted if (b.id == band_set if band_set else b.default)]
            withheld = "unverified_bands" if unread else "no_bands"
        elif bands.whole_form_only and _is_shortened(definition, result):
            withheld = "shortened_form"
        else:
            band = bands.band(result.value)
            withheld = "" if band else "no_bands"
    return Scored(
        result.score,
        result.value,
        result.answered,
        result.of,
        result.prorated,
        band,
        withheld,
        result.outcome,
        result.highest,
    )


def _is_shortened(definition: Definition, result: Scored) -> bool:
    """Some item did not apply, so that the highest this person could reach is less than the scale's."""
    rule = definition.score_rule(result.score)
    return rule is not None and rule.high is not None and result.highest is not None and result.highest < rule.high


def _highest(items: dict[str, Item | None], counted: list[str], rule: ScoreRule) -> Points | None:
    if rule.method is not Method.SUM or rule.percent_of is not None:
        return rule.high
    spans = [item.range() for code in counted if (item := items[code]) is not None]
    return _sum([span[1] for span in spans if span is not None]) * rule.multiply + rule.add


def _sum(points: Sequence[Points]) -> Points:
    return sum(points, Decimal(0))


def _rounded(value: Points, rounding: Rounding) -> Points:
    if rounding is Rounding.HALF_UP:
        return value.quantize(Decimal(1), ROUND_HALF_UP)
    if rounding is Rounding.UP:
        return value.quantize(Decimal(1), ROUND_CEILING)
    return value


def _plain(value: Points) -> str:
    if -value.as_tuple().exponent > 2:  # type: ignore[operator]
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")
