"""C-SSRS screener, recent and since last contact: gates, single answers, locked wording. Its triage is tested in
tests/rules/test_suicide_triage.py."""

import pytest

from footbridge.engines import scoring
from footbridge.engines.scoring import given, still_to_ask
from tests.engines.shelf import instrument

RECENT, SINCE = instrument("cssrs_screener"), instrument("cssrs_since_last_contact")


def test_a_no_to_question_2_goes_straight_to_6():
    assert still_to_ask(RECENT, given({"1": "no", "2": "no"})) == ("6", "6_recent")
    assert still_to_ask(SINCE, given({"1": "no", "2": "no"})) == ("6",)


def test_a_yes_to_question_2_asks_the_three_after_it():
    assert still_to_ask(RECENT, given({"1": "no", "2": "yes"})) == ("3", "4", "5", "6", "6_recent")
    assert still_to_ask(RECENT, given({"1": "no", "2": "no", "6": "no"})) == ()


def test_behavior_since_the_last_contact_is_recent():
    assert SINCE.triage.behavior_recent is None
    assert scoring.critical(SINCE, "6", "yes").severity == "high"


@pytest.mark.parametrize(
    ("item", "severity"),
    [
        ("1", "session"),
        ("2", "session"),
        ("3", "same_day"),
        ("4", "high"),
        ("5", "high"),
        ("6", "same_day"),
        ("6_recent", "high"),
    ],
)
def test_each_yes_fires_by_itself(item, severity):
    assert scoring.critical(RECENT, item, "yes").severity == severity
    assert scoring.critical(RECENT, item, "no") is None


def test_its_words_are_locked_and_signed():
    for form in (RECENT, SINCE):
        assert form.licence.wording_locked
        assert "Columbia Lighthouse Project" in form.licence.attribution
        assert form.wordings["en"].items["2"] == "Have you actually had any thoughts of killing yourself?"
    assert RECENT.loinc == "93373-9"
