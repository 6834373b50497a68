"""BIS-11: thirty answers 1-4, eleven of them turned round."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


def test_all_lowest_and_all_highest_with_the_reversals():
    turned = 11
    assert result("bis11", same("bis11", "1")).value == 30 - turned + 4 * turned
    assert result("bis11", same("bis11", "4")).value == 4 * (30 - turned) + turned


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (30, "not_high"),
        (71, "not_high"),
        (72, "high"),
        (120, "high"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("bis11", with_sum("bis11", total)) == (total, band)


def test_each_item_counts_in_one_factor_and_the_factors_make_the_total():
    form = instrument("bis11")
    codes = [code for rule in form.scores[1:] for code in rule.items]
    assert sorted(codes, key=int) == [str(n) for n in range(1, 31)]
    answers = with_sum("bis11", 77)
    assert sum(result("bis11", answers, f).value for f in ("attentional", "motor", "nonplanning")) == 77


def test_a_gap_leaves_no_score():
    assert seen("bis11", same("bis11", "2", i30=None)) == (None, "too_many_gaps")
