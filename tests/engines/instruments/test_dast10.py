"""DAST-10: ten times Yes or No, item 3 in two wordings that score the other way round."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


def test_no_problem_at_all_scores_0_in_both_wordings():
    assert seen("dast10", same("dast10", "no", i3="yes")) == (0, "none")  # always able to stop: yes
    assert seen("dast10_unable", same("dast10_unable", "no")) == (0, "none")  # unable to stop: no


def test_the_same_ticks_differ_by_the_wording_of_item_3():
    assert result("dast10", same("dast10", "no")).value == 1
    assert result("dast10_unable", same("dast10_unable", "no", i3="yes")).value == 1
    assert result("dast10", same("dast10", "yes", i3="no")).value == 10
    assert result("dast10_unable", same("dast10_unable", "yes")).value == 10


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "none"),
        (1, "low"),
        (2, "low"),
        (3, "moderate"),
        (5, "moderate"),
        (6, "substantial"),
        (8, "substantial"),
        (9, "severe"),
        (10, "severe"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("dast10", with_sum("dast10", total)) == (total, band)


def test_a_positive_screen_is_3_or_more_in_the_other_set():
    assert seen("dast10", with_sum("dast10", 2), band_set="screen3") == (2, "negative")
    assert seen("dast10", with_sum("dast10", 3), band_set="screen3") == (3, "positive")


def test_a_gap_leaves_no_score():
    assert seen("dast10", same("dast10", "yes", i10=None)) == (None, "too_many_gaps")


def test_only_the_wording_whose_loinc_code_was_read_carries_it():
    assert instrument("dast10").score_rule().loinc == "82667-7"
    assert instrument("dast10_unable").loinc is None
