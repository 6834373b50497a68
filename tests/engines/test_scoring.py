from decimal import Decimal

import pytest
from hypothesis import given as property_given
from hypothesis import settings
from hypothesis import strategies as st

from footbridge.engines import scoring
from footbridge.engines.scoring import (
    DECLINED,
    NOT_ASKED,
    UNANSWERED,
    Scored,
    State,
    Unscorable,
    answered,
    critical,
    criticals,
    given,
    score,
    score_all,
    settle,
    still_to_ask,
)
from tests.engines.shelf import instrument, row

PHQ9 = instrument("phq9")
GAD7 = instrument("gad7")
CSSRS = instrument("cssrs_screener")


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ("0 0 0 0 0 0 0 0 0", 0, "minimal"),
        ("1 1 1 1 0 0 0 0 0", 4, "minimal"),
        ("1 1 1 1 1 0 0 0 0", 5, "mild"),
        ("1 1 1 1 1 1 1 1 1", 9, "mild"),
        ("2 1 1 1 1 1 1 1 1", 10, "moderate"),
        ("2 2 2 2 2 1 1 1 1", 14, "moderate"),
        ("2 2 2 2 2 2 1 1 1", 15, "moderately_severe"),
        ("3 2 2 2 2 2 2 2 2", 19, "moderately_severe"),
        ("3 3 2 2 2 2 2 2 2", 20, "severe"),
        ("3 3 3 3 3 3 3 3 3", 27, "severe"),
    ],
)
def test_phq9_sum_and_bands(answers, total, band):
    result = score(PHQ9, row(answers))
    assert isinstance(result, Scored)
    assert (result.value, result.band.code, result.answered, result.of, result.prorated) == (total, band, 9, 9, False)
    assert result.shown == str(total)
    assert result.highest == 27


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ("1 1 1 1 1 1 1 1 -", 9),  # 8 answered, mean 1
        ("2 2 2 2 2 2 2 1 -", 17),  # 15/8*9 = 16.875
        ("1 1 1 1 1 1 0 - -", 8),  # 6/7*9 = 7.71
        ("3 3 3 3 - 0 0 0 0", 14),  # 12/8*9 = 13.5, half up
        ("d 1 1 1 1 1 1 1 1", 9),  # declined is a gap too
    ],
)
def test_phq9_prorates_one_or_two_gaps_half_up_and_says_so(answers, total):
    result = score(PHQ9, row(answers))
    assert isinstance(result, Scored)
    assert result.value == total
    assert result.prorated
    assert result.answered < result.of == 9


def test_phq9_with_three_gaps_has_no_score_and_no_band():
    result = score(PHQ9, row("3 3 3 3 3 3 - d -"))
    assert isinstance(result, Unscorable)
    assert (result.reason, result.answered, result.of) == ("too_many_gaps", 6, 9)
    assert result.missing == ("7", "9")
    assert result.declined == ("8",)
    assert result.sentence == "Not scored: 6 of 9 answered."
    assert not hasattr(result, "band")


def test_the_difficulty_item_is_never_scored():
    answers = row("1 1 1 1 1 1 1 1 1") | {"difficulty": answered("3")}
    assert score(PHQ9, answers).value == 9


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ("2 0 2 2 2 2 0 0 0", "major"),
        ("2 0 2 2 2 0 0 0 1", "major"),  # item 9 counts at 1
        ("1 1 2 2 2 2 2 2 1", "none"),  # neither item 1 nor 2 reaches 2
        ("2 0 2 0 0 0 0 0 0", "other"),
        ("2 0 0 0 0 0 0 0 0", "none"),
        ("2 0 2 2 2 - 0 0 0", None),  # the blank could make it major
        ("2 0 2 2 2 2 - 0 0", "major"),  # the blank changes nothing
        ("0 0 - - - - - - -", "none"),
    ],
)
def test_phq9_algorithm_never_guesses(answers, outcome):
    result = score(PHQ9, row(answers), "algorithm")
    if outcome is None:
        assert isinstance(result, Unscorable)
        assert result.reason == "cannot_tell"
    else:
        assert result.outcome == outcome


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ("0 0 0 0 0 0 4", None, None),
        ("3 3 3 3 3 3 3", 21, "severe"),
        ("1 1 1 1 1 0 0", 5, "mild"),
        ("2 2 2 2 2 0 0", 10, "moderate"),
        ("3 3 3 3 3 0 0", 15, "severe"),
        ("1 1 1 1 0 0 0", 4, "minimal"),
    ],
)
def test_gad7(answers, total, band):
    result = score(GAD7, row(answers))
    if total is None:
        assert isinstance(result, Unscorable)
        assert result.reason == "unknown_answer"
        assert result.unknown == ("7",)
    else:
        assert (result.value, result.band.code) == (total, band)


def test_gad7_is_not_prorated_because_no_rule_is_published():
    assert score(GAD7, row("3 3 3 3 3 3 -")).reason == "too_many_gaps"


def test_named_band_sets_rebind_the_display_not_the_score():
    answers = row("2 2 2 2 2 0 0 0 0")
    assert score(PHQ9, answers).band.code == "moderate"
    assert score(PHQ9, answers, band_set="screen10").band.code == "positive"
    assert score(PHQ9, answers, band_set="no such set").band_withheld == "no_bands"


def test_first_answer_of_gad7_and_phq9_is_not_at_all():
    for definition in (PHQ9, GAD7):
        assert definition.wordings["en"].choices["frequency"]["0"] == "Not at all"
        assert definition.wordings["es"].choices["frequency"]["0"] == "Ningún día"


def test_blank_declined_not_asked_and_zero_are_four_things():
    answers = {"1": answered("no"), "2": answered("no"), "3": UNANSWERED, "6": DECLINED}
    settled = settle(CSSRS, answers)
    assert settled["1"].state is State.ANSWERED
    assert settled["3"].state is State.NOT_ASKED
    assert settled["6"].state is State.DECLINED
    assert settled["6_recent"].state is State.UNANSWERED  # the gate is open until question 6 is answered
    assert answered("").state is State.UNANSWERED
    assert answered(0).state is State.ANSWERED


def test_a_blank_gate_does_not_close():
    settled = settle(CSSRS, given({"1": "no"}))
    assert settled["3"].state is State.UNANSWERED
    assert still_to_ask(CSSRS, given({"1": "no"})) == ("2", "3", "4", "5", "6", "6_recent")
    assert still_to_ask(CSSRS, given({"1": "no", "2": "no", "6": "no"})) == ()


def test_not_asked_is_believed_only_behind_a_closed_gate():
    settled = settle(PHQ9, {"1": NOT_ASKED, "2": answered("1")})
    assert settled["1"].state is State.UNANSWERED  # no gate of this form says so: a gap, not a shorter form
    assert settle(CSSRS, {"2": answered("yes"), "3": NOT_ASKED})["3"].state is State.UNANSWERED


def test_one_answer_alone_is_enough_for_an_alarm():
    assert critical(PHQ9, "9", "0") is None
    fired = critical(PHQ9, "9", "1")
    assert (fired.severity, fired.action) == ("same_day", "cssrs_now")
    assert critical(PHQ9, "9", 2).value == "2"
    assert critical(PHQ9, "9", True) is None
    assert [c.item for c in criticals(PHQ9, given({"9": "3"}))] == ["9"]
    assert criticals(CSSRS, given({"1": "yes", "4": "yes"}))[0].severity == "high"


def minimal(**more):
    parsed = {
        "id": "demo",
        "edition": "1",
        "name": "Demo",
        "verified_by": "a test",
        "licence": {"class": "A", "owner": "us", "basis": "ours"},
        "choice_sets": {
            "four": [{"code": str(n), "points": n} for n in range(5)],
            "yn": [{"code": "yes", "points": 1}, {"code": "no", "points": 0}],
        },
        "items": [{"code": c, "choices": "four"} for c in "abcd"],
        "scores": [{"id": "total", "method": "sum", "items": list("abcd")}],
    }
    return scoring.definition(parsed | more)


def test_reversal_mean_max_weighted_table_and_scaling():
    reversed_item = minimal(
        items=[{"code": "a", "choices": "four", "reversed": True}, *({"code": c, "choices": "four"} for c in "bcd")]
    )
    assert score(reversed_item, given(dict.fromkeys("abcd", "0"))).value == 4

    mean = minimal(
        scores=[
            {"id": "m", "method": "mean", "items": list("abcd"), "missing": {"max_gaps": 1, "how": "mean_of_answered"}}
        ],
        band_sets=[
            {
                "id": "b",
                "name": "b",
                "citation": "c",
                "score": "m",
                "default": True,
                "bands": [{"code": "low", "label": "Low", "from": 0}, {"code": "high", "label": "High", "above": 1.5}],
            }
        ],
    )
    assert score(mean, given({"a": "1", "b": "2", "c": "1", "d": "2"})).band.code == "low"
    exact = score(mean, given({"a": "1", "b": "2", "c": "2"}))
    assert exact.prorated
    assert exact.band.code == "high"
    assert score(mean, given({"a": "1", "b": "2"})).reason == "too_many_gaps"

    assert (
        score(
            minimal(scores=[{"id": "x", "method": "max", "items": list("abcd")}]),
            given(dict(zip("abcd", "0231", strict=True))),
        ).value
        == 3
    )
    weighted = minimal(
        scores=[{"id": "w", "method": "weighted", "items": list("ab"), "weights": {"a": 0.5, "b": 2}, "divide_by": 2}]
    )
    assert score(weighted, given({"a": "2", "b": "3"})).value == Decimal("3.5")
    table = minimal(scores=[{"id": "t", "method": "table", "items": list("ab"), "table": {0: 20.5, 1: 31.2}}])
    assert score(table, given({"a": "0", "b": "1"})).value == Decimal("31.2")
    assert score(table, given({"a": "4", "b": "4"})).reason == "not_in_table"
    percent = minimal(scores=[{"id": "p", "method": "sum", "items": list("abcd"), "multiply": 4}])
    assert score(percent, given(dict.fromkeys("abcd", "2"))).value == 32


def test_gated_items_count_what_the_gate_says():
    gates = [{"item": "a", "answers": ["1", "2", "3", "4"], "then_ask": ["b", "c"]}]
    out = score(minimal(gates=gates), given({"a": "0", "d": "3"}))
    assert (out.value, out.of, out.highest) == (3, 2, 8)
    zero = score(minimal(gates=[gates[0] | {"else_points": 0}]), given({"a": "0", "d": "3"}))
    assert (zero.value, zero.of) == (3, 4)


def test_numbers_are_checked_against_their_range():
    days = minimal(items=[{"code": c, "kind": "number", "low": 0, "high": 30} for c in "abcd"])
    assert score(days, given({"a": 30, "b": "4", "c": 0, "d": 1})).value == 35
    for bad in (31, -1, "many", True, "NaN", "1e999999999999999999"):
        assert score(days, given({"a": bad, "b": 1, "c": 1, "d": 1})).reason == "unknown_answer"


def test_a_draft_scores_but_draws_no_band():
    bands = [
        {
            "id": "b",
            "name": "b",
            "citation": "c",
            "score": "total",
            "default": True,
            "bands": [{"code": "any", "label": "Any", "from": 0}],
        }
    ]
    draft = minimal(verified_by="", band_sets=bands)
    result = score(draft, given(dict.fromkeys("abcd", "1")))
    assert (result.value, result.band, result.band_withheld) == (4, None, "draft")
    assert (
        score(minimal(band_sets=bands), given(dict.fromkeys("abcd", "1")), language="xx").band_withheld
        == "draft_wording"
    )


def test_there_is_no_score_of_another_name():
    assert score(PHQ9, row("0"), "nothing").reason == "no_such_score"
    assert len(score_all(PHQ9, row("0 0 0 0 0 0 0 0 0"))) == 2


@pytest.mark.parametrize("name", ["phq2", "phq9", "gad2", "gad7", "cssrs_screener", "cssrs_since_last_contact"])
def test_the_measures_of_every_program_ship_in_both_languages(name):
    definition = instrument(name)
    assert set(definition.wordings) == {"en", "es"}
    assert definition.wordings["en"].verified_by
    if name.startswith("cssrs"):
        assert definition.licence.wording_locked
        assert not definition.wordings["es"].verified_by  # waits for a person


def test_problems_are_named_by_place_and_mend():
    with pytest.raises(scoring.DefinitionError) as caught:
        minimal(itmes=[], gates=[{"item": "a", "answer": ["1"], "then_ask": ["b"]}])
    assert caught.value.problems[0].startswith("the file: 'itmes' is not a field here")
    assert "gates, entry 1: 'answer' is not a field here" in caught.value.problems[1]
    for wrong in (
        {"gates": [{"item": "b", "answers": ["1"], "then_ask": ["a"]}]},
        {"scores": [{"id": "x", "method": "sum", "items": ["z"]}]},
        {"scores": [{"id": "x", "method": "guess", "items": ["a"]}]},
        {"items": [{"code": "a", "choices": "nowhere"}]},
        {"items": [{"code": "a", "choices": "four"}, {"code": "a", "choices": "four"}]},
        {"critical": [{"item": "a", "answers": ["1"], "severity": "someday", "action": "x"}]},
        {"texts": {"en": {"title": "t", "items": {"a": "A"}}}},
        {"licence": {"class": "Z", "owner": "x", "basis": "y"}},
    ):
        with pytest.raises(scoring.DefinitionError):
            minimal(**wrong)
    with pytest.raises(scoring.DefinitionError):
        scoring.definition({"id": "x"})


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 9),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["0", "1", "2", "3", "yes", "no"]),
)
anyone = st.one_of(
    anything.map(lambda v: scoring.Answer(State.ANSWERED, v)), st.sampled_from([UNANSWERED, NOT_ASKED, DECLINED])
)


@settings(max_examples=500, deadline=None)
@property_given(
    st.sampled_from(["phq9", "gad7", "phq2", "gad2"]),
    st.dictionaries(st.sampled_from([*"123456789", "difficulty", "x"]), anyone),
)
def test_no_answers_however_malformed_draw_a_band_from_an_unscorable_form(name, answers):
    definition = instrument(name)
    rule = definition.scores[0]
    result = score(definition, answers)
    good = [
        c
        for c in rule.items
        if c in answers and answers[c].state is State.ANSWERED and definition.item(c).is_valid(answers[c].value)
    ]
    bad = [c for c in rule.items if c in answers and answers[c].state is State.ANSWERED and c not in good]
    if bad or len(rule.items) - len(good) > rule.missing.max_gaps:
        assert isinstance(result, Unscorable)
    else:
        assert rule.low <= result.value <= rule.high
        assert result.band is not None
        if len(good) == len(rule.items):
            assert result.value == sum(int(str(answers[c].value)) for c in rule.items)  # the oracle
