"""CIWA-Ar (Sullivan 1989): nine items 0 to 7, orientation 0 to 4, 0 to 67. Two band sets, and what fires at 8 and 15."""

import pytest

from footbridge.engines.scoring import score, triggers
from tests.engines.shelf import instrument, row

from .reading import reason, total_and_band, without

CIWA = instrument("ciwa_ar")


@pytest.mark.parametrize(
    ("answers", "total", "from15", "over15"),
    [
        ("0 0 0 0 0 0 0 0 0 0", 0, "mild", "mild"),
        ("7 0 0 0 0 0 0 0 0 0", 7, "mild", "mild"),
        ("7 1 0 0 0 0 0 0 0 0", 8, "moderate", "moderate"),
        ("7 7 0 0 0 0 0 0 0 0", 14, "moderate", "moderate"),
        ("7 7 1 0 0 0 0 0 0 0", 15, "severe", "moderate"),
        ("7 7 2 0 0 0 0 0 0 0", 16, "severe", "severe"),
        ("7 7 7 7 7 7 7 7 7 4", 67, "severe", "severe"),
    ],
)
def test_total_and_the_two_band_sets_differ_at_15_only(answers, total, from15, over15):
    assert total_and_band(CIWA, row(answers)) == (total, from15)
    assert total_and_band(CIWA, row(answers), band_set="over15") == (total, over15)


def test_orientation_stops_at_4():
    assert reason(CIWA, row("0 0 0 0 0 0 0 0 0 5")) == "unknown_answer"


@pytest.mark.parametrize(
    ("answers", "fired"),
    [
        ("7 0 0 0 0 0 0 0 0 0", []),  # 7
        ("7 1 0 0 0 0 0 0 0 0", [("withdrawal_from_8", "same_day", "call_prescriber")]),  # 8
        ("7 7 0 0 0 0 0 0 0 0", [("withdrawal_from_8", "same_day", "call_prescriber")]),  # 14
        ("7 7 1 0 0 0 0 0 0 0", [("withdrawal_from_15", "high", "transfer")]),  # 15
        ("7 7 7 7 7 7 7 7 7 4", [("withdrawal_from_15", "high", "transfer")]),  # 67
    ],
)
def test_one_score_sets_off_one_of_them(answers, fired):
    found = triggers(CIWA, score(CIWA, row(answers)))
    assert [(t.code, t.severity, t.action) for t in found] == fired
    assert all(t.mark == "K" for t in found)  # usual thresholds, not read in a source: said, not hidden


def test_serial_additions_not_tried_is_a_gap_and_no_total():
    answers = without(row("7 7 7 7 7 7 7 7 7 4"), "10")
    assert reason(CIWA, answers) == "too_many_gaps"
    assert triggers(CIWA, score(CIWA, answers)) == ()


def test_only_a_clinician_rates_it():
    assert CIWA.modes == ("clinician",)
