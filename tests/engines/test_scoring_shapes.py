"""Shapes a score may have besides sums: combined from other scores, percent of the way, typed in from outside."""

from decimal import Decimal

import pytest

from footbridge.engines import scoring
from footbridge.engines.scoring import critical, critical_outside, from_outside, given, score, score_all, settle


def form(**more):
    parsed = {
        "id": "demo",
        "edition": "1",
        "name": "Demo",
        "verified_by": "a test",
        "licence": {"class": "B", "owner": "us", "basis": "ours"},
        "choice_sets": {
            "four": [{"code": str(n), "points": n} for n in range(5)],
            "yn": [{"code": "yes", "points": 1}, {"code": "no", "points": 0}],
        },
        "items": [{"code": c, "choices": "four"} for c in "abcd"],
        "scores": [{"id": "total", "method": "sum", "items": list("abcd"), "low": 0, "high": 16}],
    }
    return scoring.definition(parsed | more)


def outside(**more):
    parsed = {
        "id": "elsewhere",
        "edition": "1",
        "name": "Elsewhere",
        "verified_by": "a test",
        "licence": {"class": "C", "owner": "them", "basis": "licensed"},
        "outside": [
            {
                "id": "total",
                "name": "Total",
                "low": 0,
                "high": 40,
                "decimals": 1,
                "lower_is_better": False,
                "critical": [{"at_most": 20, "severity": "session", "action": "talk_today", "mark": "K"}],
            }
        ],
    }
    return scoring.definition(parsed | more)


GLOBAL = [
    {"id": "global", "method": "combined", "parts": {"one": 1, "two": 1}, "divide_by": 2, "low": 0, "high": 4},
    {
        "id": "one",
        "method": "mean",
        "items": ["a", "b", "c"],
        "missing": {"max_gaps": 1, "how": "mean_of_answered"},
        "low": 0,
        "high": 4,
    },
    {"id": "two", "method": "mean", "items": ["c", "d"], "low": 0, "high": 4},
]


def test_a_score_of_scores_counts_a_shared_item_in_both_and_as_one_answer():
    both = form(scores=GLOBAL)
    result = score(both, given({"a": "0", "b": "1", "c": "2", "d": "4"}))  # (1 + 3) / 2
    assert (result.value, result.answered, result.of, result.prorated, result.highest) == (2, 4, 4, False, 4)
    filled = score(both, given({"b": "1", "c": "2", "d": "4"}))  # (1.5 + 3) / 2
    assert (filled.value, filled.answered, filled.of, filled.prorated) == (Decimal("2.25"), 3, 4, True)
    assert filled.shown == "2.25"


def test_without_one_part_there_is_no_whole():
    result = score(form(scores=GLOBAL), given({"a": "0", "b": "1", "c": "2"}))
    assert (result.reason, result.answered, result.of, result.missing) == ("too_many_gaps", 3, 4, ("d",))


def test_parts_may_be_taken_away():
    minus = [*GLOBAL[1:], {"id": "left", "method": "combined", "parts": {"one": 1, "two": -1}, "low": -4, "high": 4}]
    answers = given({"a": "0", "b": "1", "c": "2", "d": "4"})
    assert score(form(scores=minus), answers, "left").value == -2


@pytest.mark.parametrize(("each", "percent"), [("0", 0), ("1", 25), ("4", 100)])
def test_percent_of_the_way_between_least_and_most(each, percent):
    rule = {"id": "p", "method": "sum", "items": list("abcd"), "percent_of": [0, 16], "low": 0, "high": 100}
    result = score(form(scores=[rule]), given(dict.fromkeys("abcd", each)))
    assert (result.value, result.highest) == (percent, 100)


def test_two_decimals_are_enough_to_read_a_mean():
    mean = form(scores=[{"id": "m", "method": "mean", "items": ["a", "b", "c"], "low": 0, "high": 4}])
    result = score(mean, given({"a": "2", "b": "2", "c": "1"}))
    assert result.shown == "1.67"
    assert result.value > Decimal("1.6666")  # bands look at the whole number, not at the rounded one


BANDS = {"id": "b", "name": "b", "citation": "c", "score": "total", "default": True}


def test_a_band_nobody_read_in_its_source_is_not_drawn():
    bands = BANDS | {"bands": [{"code": "any", "label": "Any", "from": 0}]}
    answers = given(dict.fromkeys("abcd", "1"))
    assert score(form(band_sets=[bands]), answers).band.code == "any"
    unread = form(band_sets=[bands | {"mark": "K"}])
    assert score(unread, answers).band_withheld == "unverified_bands"
    assert score(unread, answers, band_set="b").band is None
    assert unread.band_set("total") is None


def test_a_change_rule_nobody_read_in_its_source_is_not_used():
    rule = {"score": "total", "reliable": 3, "method": "published", "source": "x", "mark": "K"}
    assert form(change=[rule]).change_rule() is None
    assert form(change=[rule | {"mark": "V2"}]).change_rule().reliable == 3


def test_bands_for_the_whole_form_only_wait_where_an_item_did_not_apply():
    fits = [*({"code": str(n), "points": n} for n in range(5)), {"code": "na"}]
    shape = form(
        choice_sets={"four": fits},
        band_sets=[BANDS | {"whole_form_only": True, "bands": [{"code": "any", "label": "Any", "from": 0}]}],
    )
    assert score(shape, given(dict.fromkeys("abcd", "1"))).band.code == "any"
    shorter = score(shape, given({"a": "na", "b": "1", "c": "1", "d": "1"}))
    assert (shorter.value, shorter.highest, shorter.of, shorter.band_withheld) == (3, 12, 3, "shortened_form")


def test_a_number_may_be_critical_from_so_many_on():
    counts = form(
        items=[{"code": "n", "kind": "number", "low": 0, "high": 99}],
        scores=[],
        critical=[{"item": "n", "at_least": 1, "severity": "session", "action": "medical_review", "mark": "K"}],
    )
    assert critical(counts, "n", "0") is None
    assert critical(counts, "n", 1).action == "medical_review"
    assert critical(counts, "n", "12").severity == "session"
    for nonsense in (True, "many", None, "", "9" * 5000, 10**5000):
        assert critical(counts, "n", nonsense) is None


def test_a_malformed_answer_closes_no_gate():
    gates = [{"item": "a", "answers": ["yes"], "then_ask": ["b"], "else_points": 0}]
    items = [{"code": "a", "choices": "yn"}, {"code": "b", "choices": "yn"}]
    shape = form(items=items, gates=gates, scores=[{"id": "total", "method": "sum", "items": ["b"]}])
    assert settle(shape, given({"a": "no"}))["b"].state is scoring.State.NOT_ASKED
    for nonsense in ("No", "banana", False, 0):
        assert settle(shape, given({"a": nonsense}))["b"].state is scoring.State.UNANSWERED
        assert score(shape, given({"a": nonsense})).reason == "too_many_gaps"


def test_an_outside_score_is_typed_in_and_never_reckoned():
    licensed = outside()
    refused = score(licensed, given({"1": "2"}))
    assert (refused.reason, refused.is_scored) == ("outside_only", False)
    assert "licence" in refused.sentence
    assert [r.reason for r in score_all(licensed, {})] == ["outside_only"]
    taken = from_outside(licensed, "31.5")
    assert (taken.value, taken.shown, taken.highest, taken.band) == (Decimal("31.5"), "31.5", 40, None)


@pytest.mark.parametrize("wrong", ["-1", "40.1", "31.55", "", None, True, "all", "NaN", "9" * 5000, 10**30])
def test_a_number_the_outside_score_cannot_have_is_refused(wrong):
    assert from_outside(outside(), wrong).reason == "out_of_range"
    assert critical_outside(outside(), wrong) is None


def test_an_outside_score_may_be_critical():
    assert critical_outside(outside(), "20.1") is None
    fired = critical_outside(outside(), "20")
    assert (fired.item, fired.severity, fired.action) == ("total", "session", "talk_today")
    assert from_outside(outside(), "20", "other").reason == "no_such_score"


@pytest.mark.parametrize(
    "wrong",
    [
        {"scores": [{"id": "x", "method": "combined", "parts": {"nowhere": 1}}]},
        {"scores": [{"id": "x", "method": "combined", "items": ["a"]}]},
        {"scores": [{"id": "x", "method": "combined", "parts": {"x": 1}}]},
        {"scores": [{"id": "x", "method": "sum", "items": ["a"], "percent_of": [4, 4]}]},
        {"licence": {"class": "C", "owner": "x", "basis": "y"}},
        {"outside": [{"id": "total", "name": "t", "low": 0, "high": 4, "lower_is_better": True}]},
        {"outside": [{"id": "o", "name": "t", "low": 4, "high": 4, "lower_is_better": True}]},
        {"outside": [{"id": "o", "name": "t", "low": 0, "high": 4, "lower_is_better": True, "points": 1}]},
        {"items": [], "scores": []},
        {"items": [{"code": "a", "kind": "number"}], "scores": [{"id": "x", "method": "sum", "items": ["a"]}]},
    ],
)
def test_a_shape_that_cannot_be_is_refused_on_loading(wrong):
    with pytest.raises(scoring.DefinitionError):
        form(**wrong)


def test_two_items_that_ask_the_same_count_once_and_the_higher_answer_counts():
    pair = [
        {"code": "a", "choices": "four", "alternative_to": ["b"]},
        {"code": "b", "choices": "four", "alternative_to": ["a"]},
        {"code": "c", "choices": "four"},
    ]
    shape = form(items=pair, scores=[{"id": "total", "method": "sum", "items": ["a", "b", "c"], "low": 0, "high": 8}])
    for values, total in (({"a": "1", "c": "4"}, 5), ({"b": "2", "c": "4"}, 6), ({"a": "3", "b": "2", "c": "4"}, 7)):
        result = score(shape, given(values))
        assert (result.value, result.answered, result.of) == (total, 2, 2)
    blank = score(shape, given({"c": "4"}))
    assert (blank.answered, blank.of, blank.missing) == (1, 2, ("a",))
    assert score(shape, given({"a": "nonsense", "c": "4"})).reason == "unknown_answer"
