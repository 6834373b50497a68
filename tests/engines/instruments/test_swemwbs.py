"""SWEMWBS: the raw sum of seven answers 1-5 is read in a table."""

from decimal import Decimal

import pytest

from tests.engines.instruments.answering import result, same, seen, with_sum
from tests.engines.shelf import instrument


@pytest.mark.parametrize(
    ("raw", "metric"),
    [(7, "7.00"), (8, "9.51"), (14, "15.32"), (21, "19.25"), (29, "26.02"), (34, "32.55"), (35, "35.00")],
)
def test_rows_of_the_table(raw, metric):
    answers = with_sum("swemwbs", raw)
    assert result("swemwbs", answers).value == Decimal(metric)
    assert result("swemwbs", answers, "raw").value == raw


def test_the_table_has_a_row_for_every_sum_and_rises():
    table = instrument("swemwbs").score_rule().table
    assert sorted(table) == list(range(7, 36))
    values = [table[raw] for raw in sorted(table)]
    assert values == sorted(set(values))


def test_no_band_because_there_is_no_clinical_cut_and_no_score_with_a_gap():
    assert seen("swemwbs", same("swemwbs", "3")) == (Decimal("19.25"), None)
    assert seen("swemwbs", same("swemwbs", "3", i7=None)) == (None, "too_many_gaps")
