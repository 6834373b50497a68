"""ISI: seven answers 0-4 in four bands."""

import pytest

from tests.engines.instruments.answering import same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "none"),
        (7, "none"),
        (8, "subthreshold"),
        (14, "subthreshold"),
        (15, "moderate"),
        (21, "moderate"),
        (22, "severe"),
        (28, "severe"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("isi", with_sum("isi", total)) == (total, band)


def test_the_cut_for_the_community_is_a_set_of_its_own():
    assert seen("isi", with_sum("isi", 9), band_set="community10") == (9, "below")
    assert seen("isi", with_sum("isi", 10), band_set="community10") == (10, "case")


def test_a_gap_leaves_no_score_and_the_change_of_7_points_waits_for_its_source():
    assert seen("isi", same("isi", "4", i1="declined")) == (None, "too_many_gaps")
    assert instrument("isi").change_rule() is None
