"""PROMIS Anxiety 4a: the raw sum of four answers 1-5 is read in the table of T scores."""

from decimal import Decimal

import pytest

from tests.engines.instruments.answering import result, seen, with_sum
from tests.engines.shelf import instrument, row


@pytest.mark.parametrize(
    ("raw", "t", "band"),
    [
        (4, "40.3", "normal"),
        (7, "53.7", "normal"),
        (8, "55.8", "mild"),
        (10, "59.5", "mild"),
        (11, "61.4", "moderate"),
        (12, "63.4", "moderate"),
        (15, "69.3", "moderate"),
        (16, "71.2", "severe"),
        (20, "81.6", "severe"),
    ],
)
def test_rows_of_the_table_and_bands_on_both_sides_of_each_cut(raw, t, band):
    answers = with_sum("promis_anxiety_4a", raw)
    assert seen("promis_anxiety_4a", answers) == (Decimal(t), band)
    assert result("promis_anxiety_4a", answers, "raw").value == raw


def test_the_table_has_a_row_for_every_sum_and_rises():
    table = instrument("promis_anxiety_4a").score_rule().table
    assert sorted(table) == list(range(4, 21))
    values = [table[raw] for raw in sorted(table)]
    assert values == sorted(set(values))


def test_three_of_four_answers_are_too_few_for_the_table():
    assert seen("promis_anxiety_4a", row("5 5 5 -")) == (None, "too_many_gaps")
    assert seen("promis_anxiety_4a", row("5 5 5 0")) == (None, "unknown_answer")
