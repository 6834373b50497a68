"""EDE-Q 6.0: four subscales and their mean; item 8 counts in two; counts are not scored and may be critical."""

from decimal import Decimal

import pytest

from footbridge.engines import scoring
from tests.engines.instruments.answering import result, same, seen
from tests.engines.shelf import instrument


def test_lowest_and_highest():
    assert seen("ede_q", same("ede_q", "0")) == (0, None)
    assert seen("ede_q", same("ede_q", "6")) == (6, None)
    assert result("ede_q", same("ede_q", "6")).of == 22  # 22 answers, though item 8 counts twice


def test_item_8_counts_in_shape_and_in_weight():
    answers = same("ede_q", "0", i8="6")
    assert result("ede_q", answers, "shape_concern").value == Decimal("0.75")  # 6 / 8
    assert result("ede_q", answers, "weight_concern").value == Decimal("1.2")  # 6 / 5
    assert result("ede_q", answers, "restraint").value == 0
    assert result("ede_q", answers).value == Decimal("0.4875")
    assert result("ede_q", answers).shown == "0.49"


def test_the_global_is_the_mean_of_the_four_not_of_the_22_items():
    answers = same("ede_q", "0", i1="6", i2="6", i3="6", i4="6", i5="6")
    assert result("ede_q", answers, "restraint").value == 6
    assert result("ede_q", answers).value == Decimal("1.5")


def test_more_than_half_of_a_subscale_is_enough():
    found = result("ede_q", same("ede_q", "4", i1=None, i2=None))
    assert (found.value, found.answered, found.of, found.prorated) == (4, 20, 22, True)
    without = same("ede_q", "4", i1=None, i2=None, i3=None)
    assert seen("ede_q", without, "restraint") == (None, "too_many_gaps")
    assert seen("ede_q", without) == (None, "too_many_gaps")
    assert result("ede_q", without, "eating_concern").value == 4
    half = same("ede_q", "4", i6=None, i10=None, i11=None)  # 5 of 8
    assert result("ede_q", half, "shape_concern").value == 4
    assert seen("ede_q", half | same("ede_q", "4", i6=None, i10=None, i11=None, i23=None), "shape_concern")[0] is None


def test_counts_are_not_scored():
    answers = same("ede_q", "2") | {str(n): scoring.answered("20") for n in range(13, 19)}
    assert result("ede_q", answers).value == 2
    assert not instrument("ede_q").item("15").is_valid("29")  # days of 28


@pytest.mark.parametrize("item", ["16", "17", "18"])
def test_any_such_count_goes_to_a_medical_review_whatever_the_scores(item):
    form = instrument("ede_q")
    assert scoring.critical(form, item, "0") is None
    assert scoring.critical(form, item, 1).action == "medical_review"
    assert scoring.critical(form, item, "30").severity == "session"
    assert scoring.critical(form, "13", "30") is None


def test_more_times_without_control_than_times_in_all_is_odd():
    form = instrument("ede_q")
    assert [c.code for c in scoring.checks(form, scoring.given({"13": "2", "14": "3"}))] == ["control_within_episodes"]
    assert scoring.checks(form, scoring.given({"13": "3", "14": "3"})) == ()


def test_the_number_is_shown_without_a_band_and_the_change_of_1_waits_for_its_source():
    assert instrument("ede_q").band_sets == ()
    assert instrument("ede_q").change_rule() is None
