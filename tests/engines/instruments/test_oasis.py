"""OASIS: five answers 0-4, cut-off 8."""

import pytest

from tests.engines.instruments.answering import same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "below"),
        (7, "below"),
        (8, "at_or_above"),
        (20, "at_or_above"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("oasis", with_sum("oasis", total)) == (total, band)


def test_a_gap_leaves_no_score():
    assert seen("oasis", same("oasis", "4", i1=None)) == (None, "too_many_gaps")


def test_change():
    rule = instrument("oasis").change_rule()
    assert (rule.reliable, rule.mark) == (4, "V")
