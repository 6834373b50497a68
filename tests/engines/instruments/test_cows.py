"""COWS (Wesson and Ling 2003): eleven observations with uneven values, 0 to 48."""

import pytest

from footbridge.engines.scoring import score, triggers
from tests.engines.shelf import instrument, row

from .reading import reason, total_and_band, without

COWS = instrument("cows")
# The values each item knows; everything between is not on the form.
ALLOWED = {
    "1": "0124",
    "2": "01234",
    "3": "0135",
    "4": "0125",
    "5": "0124",
    "6": "0124",
    "7": "01235",
    "8": "0124",
    "9": "0124",
    "10": "0124",
    "11": "035",
}


def test_the_values_of_the_form_and_no_others():
    for item, values in ALLOWED.items():
        for value in "0123456":
            assert COWS.item(item).is_valid(value) == (value in values), (item, value)
            if value in values:
                assert COWS.item(item).points(value) == int(value)


@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        ("0 0 0 0 0 0 0 0 0 0 0", 0, "below_mild"),
        ("1 1 1 1 0 0 0 0 0 0 0", 4, "below_mild"),
        ("1 1 1 1 1 0 0 0 0 0 0", 5, "mild"),
        ("4 4 1 1 1 1 0 0 0 0 0", 12, "mild"),
        ("4 4 1 1 1 1 1 0 0 0 0", 13, "moderate"),
        ("4 4 5 5 4 2 0 0 0 0 0", 24, "moderate"),
        ("4 4 5 5 4 2 1 0 0 0 0", 25, "moderately_severe"),
        ("4 4 5 5 4 4 5 4 1 0 0", 36, "moderately_severe"),
        ("4 4 5 5 4 4 5 4 2 0 0", 37, "severe"),
        ("4 4 5 5 4 4 5 4 4 4 5", 48, "severe"),
    ],
)
def test_total_and_bands(answers, total, band):
    assert total_and_band(COWS, row(answers)) == (total, band)


@pytest.mark.parametrize(("item", "value"), [("1", "3"), ("3", "2"), ("11", "1")])
def test_a_value_between_is_refused(item, value):
    answers = row("0 0 0 0 0 0 0 0 0 0 0") | {item: row(value)["1"]}
    assert reason(COWS, answers) == "unknown_answer"


def test_a_gap_is_no_total():
    full = row("4 4 5 5 4 4 5 4 4 4 5")
    assert reason(COWS, without(full, "4")) == "too_many_gaps"
    assert triggers(COWS, score(COWS, without(full, "4"))) == ()


@pytest.mark.parametrize(("answers", "fires"), [("4 4 1 1 1 1 0 0 0 0 0", False), ("4 4 1 1 1 1 1 0 0 0 0", True)])
def test_from_13_on_the_prescriber_is_called_the_same_day(answers, fires):
    fired = triggers(COWS, score(COWS, row(answers)))
    assert [(t.severity, t.action, t.mark) for t in fired] == ([("same_day", "call_prescriber", "V")] if fires else [])


def test_a_clinician_rates_it():
    assert COWS.modes == ("clinician",)
