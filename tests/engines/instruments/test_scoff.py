"""SCOFF: five times Yes or No, positive from 2."""

import pytest

from tests.engines.instruments.answering import same, seen, with_sum


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "negative"),
        (1, "negative"),
        (2, "positive"),
        (5, "positive"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("scoff", with_sum("scoff", total)) == (total, band)


def test_some_take_3_and_that_is_a_set_of_its_own():
    assert seen("scoff", with_sum("scoff", 2), band_set="cutoff3") == (2, "negative")
    assert seen("scoff", with_sum("scoff", 3), band_set="cutoff3") == (3, "positive")


def test_a_gap_leaves_no_score():
    assert seen("scoff", same("scoff", "yes", i5=None)) == (None, "too_many_gaps")
