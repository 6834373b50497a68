"""Rules that stand beside a score: gates with two openers, alternatives, checks, and what a score sets off on save."""

import pytest
from hypothesis import given as property_given
from hypothesis import settings
from hypothesis import strategies as st

from footbridge.engines import scoring
from footbridge.engines.scoring import State, answered, checks, given, readings, score, score_all, settle, triggers
from tests.engines.shelf import every_instrument, instrument


def made(**more):
    parsed = {
        "id": "demo",
        "edition": "1",
        "name": "Demo",
        "verified_by": "a test",
        "licence": {"class": "A", "owner": "us", "basis": "ours"},
        "choice_sets": {"four": [{"code": str(n), "points": n} for n in range(5)]},
        "items": [{"code": c, "choices": "four"} for c in "abcd"],
        "scores": [{"id": "total", "method": "sum", "items": list("abcd")}],
        "band_sets": [
            {
                "id": "bands",
                "name": "Bands",
                "citation": "us",
                "score": "total",
                "default": True,
                "bands": [{"code": "low", "label": "Low", "from": 0}, {"code": "high", "label": "High", "from": 8}],
            }
        ],
    }
    return scoring.definition(parsed | more)


def rule(code="it", **more):
    base = {"code": code, "score": "total", "severity": "session", "action": "look", "says": "Look.", "source": "us"}
    return base | {"mark": "V"} | more


def fired(definition, answers):
    return [t.code for t in triggers(definition, *score_all(definition, given(answers)))]


EVEN = dict.fromkeys("abcd", "2")  # comes to 8


@pytest.mark.parametrize(
    ("where", "fires"),
    [
        ({"from": 8}, True),
        ({"from": 9}, False),
        ({"above": 8}, False),
        ({"above": 7}, True),
        ({"from": 1, "below": 8}, False),
        ({"from": 1, "below": 9}, True),
        ({"band": "high"}, True),
        ({"band": "low"}, False),
        ({"band": "high", "band_set": "bands"}, True),
    ],
)
def test_a_trigger_fires_on_its_side_of_the_edge(where, fires):
    assert fired(made(score_triggers=[rule(**where)]), EVEN) == (["it"] if fires else [])


def test_a_trigger_says_all_that_an_alarm_needs():
    definition = made(score_triggers=[rule(**{"from": 8}, severity="high", ack_minutes=15, mark="K")])
    (one,) = triggers(definition, score(definition, given(EVEN)))
    assert (one.score, one.value, one.severity, one.action) == ("total", 8, "high", "look")
    assert (one.sentence, one.ack_minutes, one.source, one.mark) == ("Look.", 15, "us", "K")


def test_the_gravest_comes_first():
    rules = [rule("mild", **{"from": 1}), rule("grave", severity="high", **{"from": 1})]
    assert fired(made(score_triggers=rules), EVEN) == ["grave", "mild"]


def test_an_unscorable_form_and_a_draft_set_off_nothing():
    rules = [rule(**{"from": 0}), rule("band", band="low")]
    assert fired(made(score_triggers=rules), {"a": "1"}) == []
    assert fired(made(score_triggers=rules, verified_by=""), EVEN) == []


def test_wording_that_waits_for_a_person_withholds_the_band_and_not_the_warning():
    texts = {
        "en": {"title": "t", "items": {c: c for c in "abcd"}, "choices": {"four": {str(n): "x" for n in range(5)}}}
    }
    definition = made(texts=texts, score_triggers=[rule(band="high")])
    result = score(definition, given(EVEN), language="en")
    assert result.band_withheld == "draft_wording"
    assert [t.code for t in triggers(definition, result)] == ["it"]


@pytest.mark.parametrize("name", every_instrument())
def test_blank_forms_of_every_instrument_set_off_nothing(name):
    definition = instrument(name)
    assert triggers(definition, *score_all(definition, {})) == ()
    assert checks(definition, {}) == ()


odd = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 40), st.floats(), st.text(max_size=3), st.sampled_from("0123")
)


@settings(max_examples=60, deadline=None)
@property_given(st.data())
def test_no_answers_however_malformed_set_off_anything_from_an_unscorable_form(data):
    name = data.draw(st.sampled_from([n for n in every_instrument() if instrument(n).score_triggers]))
    definition = instrument(name)
    answers = {i.code: scoring.Answer(State.ANSWERED, data.draw(odd)) for i in definition.items}
    results = score_all(definition, answers)
    scored = {r.score for r in results if r.is_scored}
    assert {t.score for t in triggers(definition, *results)} <= scored
    checks(definition, answers)  # and never a traceback


# ------------------------------------------------------------------ checks

PAIR = [{"code": "within", "item": "b", "at_most": "a", "says": "More b than a."}]


@pytest.mark.parametrize(
    ("answers", "broken"),
    [
        ({"a": "2", "b": "3"}, True),
        ({"a": "2", "b": "2"}, False),
        ({"a": "2"}, False),
        ({"b": "3"}, False),
        ({"a": "2", "b": "nonsense"}, False),
    ],
)
def test_a_check_compares_what_was_answered(answers, broken):
    found = checks(made(checks=PAIR), given(answers))
    assert [(c.code, c.items, c.sentence) for c in found] == (
        [("within", ("b", "a"), "More b than a.")] if broken else []
    )


def test_a_check_changes_neither_answer_nor_score():
    plain, checked = made(), made(checks=PAIR)
    answers = given(EVEN | {"b": "4"})
    assert score(plain, answers) == score(checked, answers)


def test_an_odd_combination_is_a_check_too_and_speaks_the_language_of_the_form():
    texts = {
        "es": {
            "title": "t",
            "items": {c: c for c in "abcd"},
            "choices": {"four": {str(n): "x" for n in range(5)}},
            "checks": {"alone": "Todo viene de a."},
        }
    }
    alone = [
        {
            "code": "alone",
            "says": "All from a.",
            "when": [{"items": ["a"], "from": 1}, {"items": ["b", "c"], "up_to": 0}],
        }
    ]
    definition = made(checks=alone, texts=texts)
    answers = given({"a": "1", "b": "0", "c": "0"})
    assert checks(definition, answers)[0].sentence == "All from a."
    assert checks(definition, answers, language="es")[0].sentence == "Todo viene de a."
    assert checks(definition, given({"a": "1", "b": "0"})) == ()
    assert checks(definition, given({"a": "1", "b": "0", "c": "1"})) == ()


# ------------------------------------------------------------------ gates, alternatives, bands for two

EITHER = [{"item": "a", "answers": ["1", "2"], "or": [{"item": "b", "answers": ["1", "2"]}], "then_ask": ["c"]}]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"a": "0", "b": "0"}, State.NOT_ASKED),
        ({"a": "1", "b": "0"}, State.UNANSWERED),
        ({"a": "0", "b": "2"}, State.UNANSWERED),
        ({"a": "0"}, State.UNANSWERED),  # b may still open it
        ({"b": "0"}, State.UNANSWERED),
        ({"a": "0", "b": "not a choice"}, State.UNANSWERED),
    ],
)
def test_either_of_two_answers_opens_a_gate_and_only_both_close_it(answers, state):
    assert settle(made(gates=EITHER), given(answers))["c"].state is state


def test_a_gate_on_a_count_reads_the_number_and_not_its_spelling():
    items = [{"code": "a", "kind": "number", "low": 0, "high": 30}, *({"code": c, "choices": "four"} for c in "bcd")]
    definition = made(items=items, gates=[{"item": "a", "answers": ["3", "10"], "then_ask": ["b"]}])
    for value in ("3", "03", 3, 3.0, "10"):
        assert settle(definition, given({"a": value}))["b"].state is State.UNANSWERED, value
    for value in ("0", 0, "4"):
        assert settle(definition, given({"a": value}))["b"].state is State.NOT_ASKED, value


def test_one_of_two_alternatives_is_enough():
    items = [
        {"code": "a", "choices": "four", "alternative_to": ["b"]},
        {"code": "b", "choices": "four", "alternative_to": ["a"]},
        *({"code": c, "choices": "four"} for c in "cd"),
    ]
    definition = made(items=items)
    assert settle(definition, {})["a"].state is State.UNANSWERED
    assert settle(definition, given({"b": "1"}))["a"].state is State.NOT_ASKED
    both = settle(definition, {"a": answered("1"), "b": answered("2")})
    assert both["a"].state is both["b"].state is State.ANSWERED  # paper: kept, not thrown away
    result = score(definition, given({"b": "1", "c": "1", "d": "1"}))
    assert (result.value, result.of) == (3, 3)


def test_two_band_sets_without_a_default_are_both_read():
    sets = [
        {
            "id": who,
            "name": who,
            "citation": "us",
            "score": "total",
            "applies_to": who,
            "bands": [{"code": "negative", "label": "-", "from": 0}, {"code": "positive", "label": "+", "from": cut}],
        }
        for who, cut in (("female", 3), ("male", 4))
    ]
    definition = made(band_sets=sets)
    result = score(definition, given({"a": "3", "b": "0", "c": "0", "d": "0"}))
    assert (result.band, result.band_withheld) == (None, "no_bands")
    assert [(s.applies_to, b.code) for s, b in readings(definition, result)] == [
        ("female", "positive"),
        ("male", "negative"),
    ]
    draft = made(band_sets=sets, verified_by="")
    assert readings(draft, score(draft, given(EVEN))) == ()
    assert readings(definition, score(definition, given({"a": "3"}))) == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"score_triggers": [rule()]}, "say from, above or band"),
        ({"score_triggers": [rule(**{"from": 1}, mark="?")]}, "mark is V, V2 or K"),
        ({"score_triggers": [rule(**{"from": 1}, severity="soon")]}, "severity is high, same_day or session"),
        ({"score_triggers": [rule(**{"from": 1}, score="other")]}, "score 'other' is not under scores"),
        ({"score_triggers": [rule(band="none")]}, "band 'none' is not in the band set 'bands'"),
        ({"score_triggers": [rule(band="low", band_set="other")]}, "other is not among the band sets"),
        ({"score_triggers": [rule(**{"from": 1}), rule(**{"from": 2})]}, "the code is there twice"),
        ({"checks": [{"code": "c", "says": "s"}]}, "say either item and at_most, or when"),
        ({"checks": [{"code": "c", "says": "s", "item": "a", "at_most": "z"}]}, "item 'z' is not under items"),
        ({"gates": [{"item": "a", "answers": ["9"], "then_ask": ["b"]}]}, "'9' is no answer of item 'a'"),
    ],
)
def test_mistakes_in_rules_are_named(wrong, says):
    with pytest.raises(scoring.DefinitionError) as caught:
        made(**wrong)
    assert any(says in problem for problem in caught.value.problems), caught.value.problems


def test_alternatives_name_each_other():
    one_sided = [
        {"code": "a", "choices": "four", "alternative_to": ["b"]},
        *({"code": c, "choices": "four"} for c in "bcd"),
    ]
    with pytest.raises(scoring.DefinitionError, match="must each name the other"):
        made(items=one_sided)
