"""URICA: readiness is contemplation, action and maintenance less precontemplation, all as means of seven."""

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, same, seen
from tests.engines.shelf import instrument

PC = ["1", "5", "11", "13", "23", "26", "29"]


def test_from_least_to_most_ready():
    least = same("urica", "1") | {code: scoring.answered("5") for code in PC}
    most = same("urica", "5") | {code: scoring.answered("1") for code in PC}
    assert result("urica", least).value == -2
    assert result("urica", most).value == 14
    assert result("urica", same("urica", "3")).value == 6


def test_four_means_of_seven_items_and_four_items_that_do_not_count():
    form = instrument("urica")
    codes = {code for rule in form.scores for code in rule.items}
    assert {len(rule.items) for rule in form.scores[1:]} == {7}
    assert {i.code for i in form.items} - codes == {"4", "9", "20", "31"}
    assert result("urica", same("urica", "3", i4=None, i9="1", i20="5", i31="declined")).value == 6


def test_nobody_is_labeled_with_a_stage():
    assert instrument("urica").band_sets == ()


def test_a_gap_leaves_its_mean_and_readiness_unscored():
    answers = same("urica", "3", i2=None)
    assert seen("urica", answers) == (None, "too_many_gaps")
    assert seen("urica", answers, "contemplation") == (None, "too_many_gaps")
    assert result("urica", answers, "action").value == 3
