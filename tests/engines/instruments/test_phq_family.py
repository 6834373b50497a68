"""PHQ-2, PHQ-4, PHQ-8, PHQ-9, PHQ-A. Kroenke 2001, 2003, 2009; GLAD-PC 2010; missing items as in VistA."""

import pytest

from footbridge.engines import progress, scoring
from footbridge.engines.scoring import answered
from tests.engines.shelf import instrument, row

from .reading import all_of, outcome, reason, summing, total_and_band, without

PHQ2, PHQ4, PHQ8, PHQ9, PHQA = (instrument(n) for n in ("phq2", "phq4", "phq8", "phq9", "phq_a"))
SEVERITY = [
    (0, "minimal"),
    (4, "minimal"),
    (5, "mild"),
    (9, "mild"),
    (10, "moderate"),
    (14, "moderate"),
    (15, "moderately_severe"),
    (19, "moderately_severe"),
    (20, "severe"),
]


@pytest.mark.parametrize(("total", "band"), [(0, "negative"), (2, "negative"), (3, "positive"), (6, "positive")])
def test_phq2(total, band):
    assert total_and_band(PHQ2, summing(2, total, 3)) == (total, band)


def test_phq2_with_a_gap_has_no_score():
    assert reason(PHQ2, row("3 -")) == "too_many_gaps"


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "none"),
        (2, "none"),
        (3, "mild"),
        (5, "mild"),
        (6, "moderate"),
        (8, "moderate"),
        (9, "severe"),
        (12, "severe"),
    ],
)
def test_phq4_bands(total, band):
    assert total_and_band(PHQ4, summing(4, total, 3)) == (total, band)


def test_phq4_asks_anxiety_first():
    answers = row("3 1 0 2")
    assert total_and_band(PHQ4, answers) == (6, "moderate")
    assert total_and_band(PHQ4, answers, "anxiety") == (4, "positive")
    assert total_and_band(PHQ4, answers, "depression") == (2, "negative")
    assert PHQ4.wordings["en"].items["1"] == "Feeling nervous, anxious or on edge"


def test_phq4_with_a_gap_keeps_the_half_that_is_whole():
    answers = row("3 3 1 -")
    assert reason(PHQ4, answers) == "too_many_gaps"
    assert total_and_band(PHQ4, answers, "anxiety") == (6, "positive")
    assert reason(PHQ4, answers, "depression") == "too_many_gaps"


@pytest.mark.parametrize(("total", "band"), [*SEVERITY, (24, "severe")])
def test_phq8_bands(total, band):
    assert total_and_band(PHQ8, summing(8, total, 3)) == (total, band)


@pytest.mark.parametrize(
    ("answers", "total"),
    [
        ("1 1 1 1 1 1 1 -", 8),
        ("2 2 2 2 2 2 1 -", 15),  # 13 / 7 x 8 = 14.86
        ("3 3 3 0 0 0 - -", 12),  # 9 / 6 x 8 = 12
        ("1 0 0 0 0 0 0 -", 1),  # 1 / 7 x 8 = 1.14
    ],
)
def test_phq8_prorates_one_and_two_gaps(answers, total):
    result = scoring.score(PHQ8, row(answers))
    assert (result.value, result.prorated, result.of) == (total, True, 8)


def test_phq8_with_three_gaps_has_no_score():
    assert reason(PHQ8, row("3 3 3 3 3 - - -")) == "too_many_gaps"


def test_phq8_has_no_question_about_safety():
    assert PHQ8.critical == ()
    assert "better off dead" not in " ".join(PHQ8.wordings["en"].items.values())


@pytest.mark.parametrize(("total", "positive"), [(9, "negative"), (10, "positive")])
def test_cut_off_10_of_phq8_and_phq9(total, positive):
    assert total_and_band(PHQ8, summing(8, total, 3), band_set="screen10")[1] == positive
    assert total_and_band(PHQ9, summing(9, total, 3), band_set="screen10")[1] == positive


def test_phq9_change_is_six_points():
    rule = PHQ9.change_rule("total")
    assert (rule.reliable, rule.case_from, rule.remission_below, rule.response_percent) == (6, 10, 5, 50)
    assert progress.change(15, 9, rule).direction == "improved"
    assert progress.change(15, 10, rule).direction == "none"


@pytest.mark.parametrize(("total", "band"), [*SEVERITY, (27, "severe")])
def test_phq_a_bands(total, band):
    assert total_and_band(PHQA, summing(9, total, 3)) == (total, band)


def test_phq_a_prorates_like_the_phq9_and_says_that_this_is_not_published():
    assert scoring.score(PHQA, row("1 1 1 1 1 1 1 1 -")).value == 9
    assert reason(PHQA, row("1 1 1 1 1 1 - - -")) == "too_many_gaps"
    assert "none is published for it" in PHQA.score_rule().missing.source


def test_the_four_extra_questions_of_phq_a_are_never_scored():
    extra = {"past_year": "yes", "difficulty": "3", "suicide_month": "no", "suicide_ever": "no"}
    assert total_and_band(PHQA, all_of(9, "1") | scoring.given(extra)) == (9, "mild")


@pytest.mark.parametrize(
    ("item", "quiet", "fires"),
    [("9", "0", "1"), ("9", "0", "3"), ("suicide_month", "no", "yes"), ("suicide_ever", "no", "yes")],
)
def test_phq_a_asks_for_the_suicide_screen_on_one_answer_alone(item, quiet, fires):
    assert scoring.critical(PHQA, item, quiet) is None
    fired = scoring.critical(PHQA, item, fires)
    assert (fired.severity, fired.action) == ("same_day", "cssrs_now")
    assert scoring.criticals(PHQA, {item: answered(fires)})[0].item == item


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("2 0 2 2 2 2 0 0 0", "major"),
        ("0 2 2 2 2 0 0 0 1", "major"),  # item 9 counts at 1
        ("1 1 2 2 2 2 2 2 2", "none"),
        ("2 0 2 2 2 - 0 0 0", "cannot_tell"),
    ],
)
def test_phq_a_algorithm(answers, said):
    assert outcome(PHQA, row(answers)) == said


def test_phq_a_orders_its_items_as_the_teen_form_does():
    words = PHQA.wordings["en"].items
    assert words["1"].startswith("Feeling down, depressed, irritable")
    assert words["4"].startswith("Poor appetite, weight loss")
    assert PHQA.loinc == "89206-7"
    assert PHQA.score_rule().loinc == "89204-2"


def test_a_blank_form_says_how_many_are_missing():
    result = scoring.score(PHQA, without(all_of(9, "1"), "1", "2", "3", "4"))
    assert result.sentence == "Not scored: 5 of 9 answered."
