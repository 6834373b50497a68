"""EDE-QS: twelve answers 0-3, cut-off 15."""

import pytest

from tests.engines.instruments.answering import same, seen, with_sum


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "below"),
        (14, "below"),
        (15, "at_or_above"),
        (36, "at_or_above"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("ede_qs", with_sum("ede_qs", total)) == (total, band)


def test_a_gap_leaves_no_score():
    assert seen("ede_qs", same("ede_qs", "3", i12=None)) == (None, "too_many_gaps")
