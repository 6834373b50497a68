"""Whatever is thrown at a form, an unscorable one yields no band, and no score leaves its range or raises."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.data import parsed as data_file
from footbridge.engines import scoring
from footbridge.engines.scoring import State
from footbridge.engines.scoring.definition import Definition, Method, ScoreRule
from tests.engines.shelf import every_instrument, instrument

COLUMBIA = next(iter(scoring.triage_rules(data_file("suicide_triage")).values()))

NONSENSE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 1200),
    st.just(10**5000),  # Python refuses to write it as text
    st.just(-(10**20)),
    st.floats(),
    st.sampled_from([Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+999999"), Decimal("2.5")]),
    st.text(max_size=6),
    st.sampled_from(
        ["", " ", "9" * 5000, "yes" * 2000, "1_0", "٣", "1e9", "NaN", "\x00", "\ud800", "na", "yes,no", "0,0"]
    ),
    st.sampled_from([b"1", [], {}, ["1"], ["nothing"], {"1": 2}, ("1",), object(), frozenset({"1"}), [None], [[1]]]),
)


def sheets(definition: Definition) -> st.SearchStrategy[dict[str, scoring.Answer]]:
    """A form filled in with answers that may be given, then disturbed: nonsense, blanks, declined, "not asked", answers to
    items it has not. Answers behind a closed gate are among the first kind."""
    codes = [i.code for i in definition.items]

    def filled(seed: int) -> dict[str, scoring.Answer]:
        dice = Random(seed)
        return {
            i.code: scoring.answered(dice.choice([c.code for c in i.choices] or [*(i.range() or ("words",))]))
            for i in definition.items
        }

    disturbed = st.one_of(
        st.sampled_from([scoring.UNANSWERED, scoring.DECLINED, scoring.NOT_ASKED]),
        NONSENSE.map(lambda value: scoring.Answer(State.ANSWERED, value)),
    )
    some = st.dictionaries(st.sampled_from([*codes, "item", "x" * 5000, "²"]), disturbed, max_size=5)
    left_out = st.lists(st.sampled_from(codes), max_size=4) if codes else st.just([])
    return st.tuples(st.integers(0, 10**6).map(filled), some, left_out).map(
        lambda drawn: {c: a for c, a in (drawn[0] | drawn[1]).items() if c not in drawn[2]}
    )


def must_be_unscorable(definition: Definition, rule: ScoreRule, settled: dict[str, scoring.Answer]) -> bool:
    """By a way of its own: a nonsense answer, or more gaps than the file allows."""
    if rule.method is Method.COMBINED:
        return any(must_be_unscorable(definition, definition.score_rule(part), settled) for part in rule.parts)
    held = {code: settled[code] for code in rule.items}
    if any(a.state is State.ANSWERED and not definition.item(c).is_valid(a.value) for c, a in held.items()):
        return True
    gaps = sum(1 for a in held.values() if a.state in (State.UNANSWERED, State.DECLINED))
    return rule.method is not Method.RULE and gaps > rule.missing.max_gaps


@pytest.mark.parametrize("name", every_instrument())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_no_answers_however_malformed_yield_a_band_or_leave_the_range(name, data):
    definition = instrument(name)
    answers = data.draw(sheets(definition))

    settled = scoring.settle(definition, answers)
    assert set(settled) == {i.code for i in definition.items}
    results = scoring.score_all(definition, answers)
    for result in results:
        rule = definition.score_rule(result.score)
        if rule is None or must_be_unscorable(definition, rule, settled):
            assert isinstance(result, scoring.Unscorable), result
        if isinstance(result, scoring.Unscorable):
            assert not hasattr(result, "band") and not hasattr(result, "value")
            assert result.sentence
            assert scoring.readings(definition, result) == ()
            assert scoring.triggers(definition, result) == ()
            continue
        assert rule.low is None or result.value >= rule.low, (rule.id, result)
        assert rule.high is None or result.value <= rule.high, (rule.id, result)
        assert result.answered <= result.of and result.shown
        if result.answered < result.of and rule.method is not Method.RULE:
            assert result.prorated
    for one in scoring.criticals(definition, answers):
        assert definition.item(one.item) is not None
    scoring.still_to_ask(definition, answers)
    scoring.checks(definition, answers)
    scoring.triggers(definition, *results)
    if definition.triage is None:
        with pytest.raises(ValueError, match="cannot be triaged"):
            scoring.triage(definition, answers, COLUMBIA)
    else:
        verdict = scoring.triage(definition, answers, COLUMBIA)
        if isinstance(verdict, scoring.Triage) and verdict.risk is not scoring.Risk.HIGH:
            roles = {definition.triage.wish, definition.triage.thoughts, definition.triage.behavior}
            assert all(
                definition.item(c).is_valid(settled[c].value) for c in roles
            )  # a blank or nonsense is never a No


@pytest.mark.parametrize("name", [n for n in every_instrument() if instrument(n).outside])
@settings(max_examples=40, deadline=None)
@given(value=NONSENSE)
def test_a_total_typed_in_lies_in_its_range_or_is_refused(name, value):
    definition = instrument(name)
    for outside in definition.outside:
        result = scoring.from_outside(definition, value, outside.id)
        if isinstance(result, scoring.Unscorable):
            assert result.reason == "out_of_range"
            assert scoring.critical_outside(definition, value, outside.id) is None
        else:
            assert outside.low <= result.value <= outside.high
            assert result.value == round(result.value, outside.decimals)
