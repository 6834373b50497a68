"""TAPS-1 and TAPS-2 (McNeely 2016; risk levels of NIDA's summary): 0 none, 1 problem use, 2 or more higher risk."""

import pytest

from footbridge.engines.scoring import Scored, given, score, score_all, still_to_ask, triggers
from tests.engines.shelf import instrument

TAPS1, TAPS = instrument("taps1"), instrument("taps")
NEVER = {"p1_1": "never", "p1_2": "never", "p1_4": "never", "p1_5": "never"}


@pytest.mark.parametrize("item", ["1", "2", "4", "5"])
@pytest.mark.parametrize("often", ["less_than_monthly", "monthly", "weekly", "daily"])
def test_any_answer_but_never_is_positive(item, often):
    never = given({"1": "never", "2": "never", "4": "never", "5": "never"})
    assert (score(TAPS1, never).outcome, score(TAPS1, never).band.code) == ("negative", "negative")
    found = score(TAPS1, never | given({item: often}))
    assert (found.outcome, found.band.code) == ("positive", "positive")


def test_men_and_women_answer_one_of_two_and_nobody_is_guessed():
    assert still_to_ask(TAPS1, given({"1": "never"})) == ("2", "3", "4", "5")
    assert still_to_ask(TAPS1, given({"1": "never", "3": "never"})) == ("4", "5")
    assert still_to_ask(TAPS1, given({"1": "never", "2": "monthly"})) == ("4", "5")
    woman = given({"1": "never", "3": "weekly", "4": "never", "5": "never"})
    assert score(TAPS1, woman).outcome == "positive"


def test_a_blank_is_not_a_never():
    assert score(TAPS1, given({"1": "never", "2": "never", "4": "never"})).reason == "cannot_tell"
    assert score(TAPS1, given({"1": "daily"})).outcome == "positive"


def test_all_never_ends_the_form():
    answers = given(NEVER)
    assert still_to_ask(TAPS, answers) == ()
    by_id = {r.score: r for r in score_all(TAPS, answers)}
    assert by_id["screen"].outcome == "negative"
    for substance in ("tobacco", "cannabis", "stimulants", "heroin", "opioids", "sedatives", "adhd"):
        assert (by_id[substance].value, by_id[substance].band.code) == (0, "none"), substance
    # Never a heavy day is not the same as no drink in three months: no score rather than "no use".
    assert by_id["alcohol"].reason == "nothing_asked"


@pytest.mark.parametrize(
    ("opener", "branch"),
    [
        ("p1_1", ("1", "1a", "1b")),
        ("p1_2", ("2", "2a", "2b", "2c", "2d")),
        ("p1_4", ("3", "3a", "3b", "4", "4a", "4b", "5", "5a", "5b", "9")),
        ("p1_5", ("6", "6a", "6b", "7", "7a", "7b", "8", "8a", "8b")),
    ],
)
def test_each_class_opens_its_branches(opener, branch):
    assert still_to_ask(TAPS, given(NEVER | {opener: "monthly"})) == branch


def test_a_no_to_the_first_question_ends_the_branch():
    answers = given(NEVER | {"p1_1": "monthly", "1": "no"})
    assert still_to_ask(TAPS, answers) == ()
    assert score(TAPS, answers, "tobacco").value == 0


@pytest.mark.parametrize(
    ("answers", "value", "band", "fires"),
    [
        ({"1": "no"}, 0, "none", False),
        ({"1": "yes", "1a": "no", "1b": "no"}, 1, "problem_use", False),
        ({"1": "yes", "1a": "yes", "1b": "no"}, 2, "higher_risk", True),
        ({"1": "yes", "1a": "yes", "1b": "yes"}, 3, "higher_risk", True),
    ],
)
def test_tobacco(answers, value, band, fires):
    found = score(TAPS, given(NEVER | {"p1_1": "daily"} | answers), "tobacco")
    assert isinstance(found, Scored)
    assert (found.value, found.band.code) == (value, band)
    assert [t.code for t in triggers(TAPS, found)] == (["tobacco_higher_risk"] if fires else [])


@pytest.mark.parametrize("heavy", ["2a", "2b"])
def test_alcohol_has_one_question_more_and_one_of_the_two_heavy_day_questions(heavy):
    full = {"p1_3": "weekly", "2": "yes", heavy: "yes", "2c": "yes", "2d": "yes"}
    answers = given({k: v for k, v in NEVER.items() if k != "p1_2"} | full)
    found = score(TAPS, answers, "alcohol")
    assert (found.value, found.of, found.highest, found.band.code) == (4, 4, 4, "higher_risk")
    (one,) = triggers(TAPS, found)
    assert (one.severity, one.action, one.mark) == ("session", "review_next_session", "V2")


def test_a_gap_in_a_branch_leaves_that_substance_unscored_and_the_others_scored():
    answers = given(NEVER | {"p1_4": "weekly", "3": "yes", "3a": "yes", "4": "no", "5": "no", "9": "no"})
    assert score(TAPS, answers, "cannabis").reason == "too_many_gaps"
    assert score(TAPS, answers, "heroin").value == 0
    assert triggers(TAPS, *score_all(TAPS, answers)) == ()


def test_part_1_reads_the_same_in_both_files():
    for one, both in zip("12345", ("p1_1", "p1_2", "p1_3", "p1_4", "p1_5"), strict=True):
        assert TAPS1.wordings["en"].items[one] == TAPS.wordings["en"].items[both]
        assert TAPS1.item(one).loinc == TAPS.item(both).loinc
    assert TAPS.loinc is None  # 96841-2 is the code of TAPS-1, not of TAPS-2


def test_part_2_waits_for_a_person_and_fires_all_the_same():
    assert not TAPS.wordings["en"].verified_by
    found = score(
        TAPS, given(NEVER | {"p1_1": "daily", "1": "yes", "1a": "yes", "1b": "yes"}), "tobacco", language="en"
    )
    assert (found.band, found.band_withheld) == (None, "draft_wording")
    assert triggers(TAPS, found)
