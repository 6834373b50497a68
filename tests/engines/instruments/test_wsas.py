"""WSAS: five answers 0-8; without work the sum goes to 32 and draws no band."""

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "subclinical"),
        (9, "subclinical"),
        (10, "significant"),
        (20, "significant"),
        (21, "severe"),
        (40, "severe"),
    ],
)
def test_each_edge_of_the_bands(total, band):
    assert seen("wsas", with_sum("wsas", total)) == (total, band)


def test_item_1_that_does_not_apply_makes_a_shorter_form_and_says_so():
    found = result("wsas", same("wsas", "8", i1="na"))
    assert (found.value, found.highest, found.answered, found.of, found.prorated) == (32, 32, 4, 4, False)
    assert (found.band, found.band_withheld) == (None, "shortened_form")
    assert result("wsas", same("wsas", "8")).highest == 40


def test_item_1_left_blank_is_a_gap_and_only_item_1_may_not_apply():
    assert seen("wsas", same("wsas", "8", i1=None)) == (None, "too_many_gaps")
    assert seen("wsas", same("wsas", "8", i2="na")) == (None, "unknown_answer")


def test_the_change_of_8_points_is_general_knowledge_and_not_used():
    assert instrument("wsas").change[0].reliable == 8
    assert instrument("wsas").change_rule() is None
