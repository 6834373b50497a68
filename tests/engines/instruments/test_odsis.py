"""ODSIS: five answers 0-4, cut-off 8."""

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
    assert seen("odsis", with_sum("odsis", total)) == (total, band)


def test_a_gap_leaves_no_score():
    assert seen("odsis", same("odsis", "4", i1=None)) == (None, "too_many_gaps")


def test_change():
    rule = instrument("odsis").change_rule()
    assert rule is None
