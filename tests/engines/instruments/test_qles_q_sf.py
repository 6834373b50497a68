"""Q-LES-Q-SF: items 1-14 as a percentage of the way from 14 to 70."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(("each", "raw", "percent"), [("1", 14, 0), ("2", 28, 25), ("3", 42, 50), ("5", 70, 100)])
def test_percent_of_the_maximum(each, raw, percent):
    answers = same("qles_q_sf", each)
    assert result("qles_q_sf", answers).value == percent
    assert result("qles_q_sf", answers, "raw").value == raw


def test_raw_43_is_51_79_percent():
    assert result("qles_q_sf", with_sum("qles_q_sf", 43)).shown == "51.79"


def test_items_15_and_16_stand_apart():
    assert result("qles_q_sf", same("qles_q_sf", "3", i15="1", i16="5")).value == 50
    assert result("qles_q_sf", same("qles_q_sf", "3", i15=None, i16=None)).value == 50
    assert seen("qles_q_sf", same("qles_q_sf", "3", i14=None)) == (None, "too_many_gaps")


def test_the_change_of_12_points_is_general_knowledge_and_not_used():
    assert instrument("qles_q_sf").change_rule() is None
