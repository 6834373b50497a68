"""ASRM: five answers 0-4, mania likely from 6."""

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "below"),
        (5, "below"),
        (6, "likely"),
        (20, "likely"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("asrm", with_sum("asrm", total)) == (total, band)


def test_from_6_on_the_prescriber_looks_at_it():
    form = instrument("asrm")
    assert scoring.triggers(form, result("asrm", with_sum("asrm", 5))) == ()
    assert [t.action for t in scoring.triggers(form, result("asrm", with_sum("asrm", 6)))] == ["call_prescriber"]
    assert scoring.triggers(form, result("asrm", same("asrm", "4", i1=None))) == ()


def test_a_gap_leaves_no_score():
    assert seen("asrm", same("asrm", "4", i5=None)) == (None, "too_many_gaps")
