"""CIA 3.0: sixteen answers 0-3, three parts, cut-off 16."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "below"),
        (15, "below"),
        (16, "at_or_above"),
        (48, "at_or_above"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("cia", with_sum("cia", total)) == (total, band)


def test_each_item_counts_in_one_part():
    form = instrument("cia")
    codes = [code for rule in form.scores[1:] for code in rule.items]
    assert sorted(codes, key=int) == [str(n) for n in range(1, 17)]
    answers = with_sum("cia", 23)
    assert sum(result("cia", answers, part).value for part in ("personal", "social", "cognitive")) == 23


def test_a_gap_leaves_no_score():
    assert seen("cia", same("cia", "3", i1=None)) == (None, "too_many_gaps")
