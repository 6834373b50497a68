"""WHODAS 2.0, 12 items: one simple sum, two codings that are never mixed."""

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, same, seen
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("name", "each", "total"),
    [("whodas12", "0", 0), ("whodas12", "4", 48), ("whodas12_1_5", "1", 12), ("whodas12_1_5", "5", 60)],
)
def test_lowest_and_highest_in_each_coding(name, each, total):
    assert seen(name, same(name, each)) == (total, None)


def test_an_answer_of_the_other_coding_is_refused():
    assert seen("whodas12", same("whodas12", "5")) == (None, "unknown_answer")
    assert seen("whodas12_1_5", same("whodas12_1_5", "0")) == (None, "unknown_answer")


def test_the_days_h1_to_h3_are_taken_and_not_scored():
    answers = same("whodas12", "1") | {"h1": scoring.answered("30"), "h2": scoring.answered(0)}
    assert result("whodas12", answers).value == 12
    assert not instrument("whodas12").item("h1").is_valid("31")


def test_a_gap_leaves_no_score_and_no_change_rule_is_established():
    assert seen("whodas12", same("whodas12", "4", s12=None)) == (None, "too_many_gaps")
    assert instrument("whodas12").change_rule() is None
