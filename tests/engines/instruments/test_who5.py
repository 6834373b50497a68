"""WHO-5: five answers 0-5, shown as a percentage."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("raw", "percent", "band"),
    [(0, 0, "low"), (12, 48, "low"), (13, 52, "not_low"), (25, 100, "not_low")],
)
def test_the_raw_sum_times_4_and_its_cut_below_13(raw, percent, band):
    answers = with_sum("who5", raw)
    assert seen("who5", answers) == (percent, band)
    assert result("who5", answers, "raw").value == raw


def test_10_points_of_the_percentage_are_a_change_and_more_is_better():
    rule = instrument("who5").change_rule()
    assert (rule.score, rule.reliable, rule.lower_is_better, rule.mark) == ("percent", 10, False, "V")


def test_a_gap_leaves_no_score():
    assert seen("who5", same("who5", "5", i1="declined")) == (None, "too_many_gaps")
