"""PCL-5, past month and past week. National Center for PTSD; change after Marx 2022."""

import pytest

from footbridge.engines import progress, scoring
from tests.engines.shelf import instrument, row

from .reading import all_of, outcome, reason, summing, total_and_band, without

MONTH, WEEK = instrument("pcl5"), instrument("pcl5_week")


@pytest.mark.parametrize(
    ("total", "band", "at31", "at33"),
    [
        (0, "below", "negative", "negative"),
        (30, "below", "negative", "negative"),
        (31, "between", "positive", "negative"),
        (32, "between", "positive", "negative"),
        (33, "above", "positive", "positive"),
        (80, "above", "positive", "positive"),
    ],
)
def test_cut_offs_between_31_and_33(total, band, at31, at33):
    answers = summing(20, total, 4)
    assert total_and_band(MONTH, answers) == (total, band)
    assert total_and_band(MONTH, answers, band_set="cut31")[1] == at31
    assert total_and_band(MONTH, answers, band_set="cut33")[1] == at33


def test_clusters():
    answers = row("4 4 4 4 4  3 3  2 2 2 2 2 2 2  1 1 1 1 1 1")
    found = {r.score: int(r.value) for r in scoring.score_all(MONTH, answers)}
    assert [r.name for r in MONTH.scores][1:4] == ["Intrusion (B)", "Avoidance (C)", "Thoughts and mood (D)"]
    assert found == {"total": 46, "cluster_b": 20, "cluster_c": 6, "cluster_d": 14, "cluster_e": 6, "algorithm": 0}


# A symptom counts from 2. B is items 1 to 5, C 6 and 7, D 8 to 14, E 15 to 20.
MEETS = {"1": "2", "6": "2", "8": "2", "9": "2", "15": "2", "16": "2"}


def marked(values):
    return all_of(20, "0") | scoring.given(values)


def test_provisional_rule_one_b_one_c_two_d_two_e():
    assert outcome(MONTH, marked(MEETS)) == "provisional"
    assert MONTH.score_rule("algorithm").says("provisional") == "Enough symptoms of each kind"
    assert MONTH.score_rule("algorithm").says("else") == "else"
    for item in MEETS:
        assert outcome(MONTH, marked(MEETS | {item: "1"})) == "none", f"without item {item}"


def test_the_rule_does_not_look_at_the_total():
    assert int(scoring.score(MONTH, marked(MEETS)).value) == 12
    assert outcome(MONTH, all_of(20, "1")) == "none"


def test_a_blank_that_could_turn_the_rule_leaves_it_open():
    assert outcome(MONTH, without(marked(MEETS), "6")) == "cannot_tell"  # item 7 is 0, item 6 could be 2
    assert outcome(MONTH, without(marked(MEETS), "7")) == "provisional"  # met whatever item 7 is


@pytest.mark.parametrize("blank", [["20"], ["1", "7"]])
def test_any_gap_leaves_the_total_unscored(blank):
    answers = without(all_of(20, "2"), *blank)
    assert reason(MONTH, answers) == "too_many_gaps"
    assert total_and_band(MONTH, answers, "cluster_d")[0] == 14  # a cluster without a gap keeps its sum


def test_reliable_change_is_fifteen_and_recovered_is_28_or_less():
    rule = MONTH.change_rule("total")
    assert rule.reliable == 15
    assert progress.change(50, 35, rule).direction == "improved"
    assert progress.change(50, 36, rule).direction == "none"
    assert progress.remission(28, rule) is True
    assert progress.remission(29, rule) is False


def test_the_past_week_form_has_the_same_items_another_window_and_no_band_of_its_own():
    assert [i.code for i in WEEK.items] == [i.code for i in MONTH.items]
    assert WEEK.wordings["en"].items == MONTH.wordings["en"].items
    assert (MONTH.window_days, WEEK.window_days) == (30, 7)
    assert "past week" in WEEK.wordings["en"].instruction and "past month" in MONTH.wordings["en"].instruction
    assert WEEK.loinc is None  # the code that was verified is the past-month panel's
    assert total_and_band(WEEK, all_of(20, "4")) == (80, "")
    assert outcome(WEEK, marked(MEETS)) == "provisional"
    assert WEEK.change_rule("total").reliable == 15
