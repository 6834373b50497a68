"""PROMIS Depression 4a: the raw sum of four answers 1-5 is read in the table of T scores."""

from decimal import Decimal

import pytest

from tests.engines.instruments.answering import result, seen, with_sum
from tests.engines.shelf import instrument, row


@pytest.mark.parametrize(
    ("raw", "t", "band"),
    [
        (4, "41.0", "normal"),
        (7, "53.9", "normal"),
        (8, "55.7", "mild"),
        (10, "58.9", "mild"),
        (11, "60.5", "moderate"),
        (12, "62.2", "moderate"),
        (16, "69.4", "moderate"),
        (17, "71.2", "severe"),
        (20, "79.4", "severe"),
    ],
)
def test_rows_of_the_table_and_bands_on_both_sides_of_each_cut(raw, t, band):
    answers = with_sum("promis_depression_4a", raw)
    assert seen("promis_depression_4a", answers) == (Decimal(t), band)
    assert result("promis_depression_4a", answers, "raw").value == raw


def test_the_table_has_a_row_for_every_sum_and_rises():
    table = instrument("promis_depression_4a").score_rule().table
    assert sorted(table) == list(range(4, 21))
    values = [table[raw] for raw in sorted(table)]
    assert values == sorted(set(values))


def test_three_of_four_answers_are_too_few_for_the_table():
    assert seen("promis_depression_4a", row("5 5 5 -")) == (None, "too_many_gaps")
    assert seen("promis_depression_4a", row("5 5 5 0")) == (None, "unknown_answer")
