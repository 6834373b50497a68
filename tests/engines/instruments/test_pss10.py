"""PSS-10: ten answers 0-4, four turned round; the bands in wide use are a convention and not drawn."""

import pytest

from tests.engines.instruments.answering import result, seen, with_sum
from tests.engines.shelf import row


def test_lowest_and_highest_with_the_reversals():
    assert result("pss10", row("0 0 0 4 4 0 4 4 0 0")).value == 0
    assert result("pss10", row("4 4 4 0 0 4 0 0 4 4")).value == 40
    assert result("pss10", row("2 2 2 2 2 2 2 2 2 2")).value == 20


def test_both_parts_make_the_total():
    answers = row("4 3 2 0 1 4 2 3 1 0")
    parts = result("pss10", answers, "helplessness").value, result("pss10", answers, "low_self_efficacy").value
    assert parts == (14, 10)
    assert result("pss10", answers).value == 24


@pytest.mark.parametrize("total", [0, 13, 14, 26, 27, 40])
def test_no_band_is_drawn_because_nobody_published_one(total):
    answers = with_sum("pss10", total)
    assert seen("pss10", answers) == (total, None)
    assert result("pss10", answers, band_set="convention").band_withheld == "unverified_bands"


def test_a_gap_leaves_no_score():
    assert seen("pss10", row("4 4 4 0 0 4 0 0 4 -")) == (None, "too_many_gaps")
