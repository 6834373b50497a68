"""When a change counts as a change.

Reliable change after Jacobson and Truax: a difference larger than chance. Thresholds are data with a source. A pair
of PHQ-9 and GAD-7 is judged by the rule of NHS Talking Therapies. The course is judged by fixed rules until a program
has its own model.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from footbridge.engines import progress
from footbridge.engines.progress import Clinical, Color, CourseRules, Direction, NoCourse, Norm, Reading, english
from tests.engines.shelf import instrument

PHQ9 = instrument("phq9").change_rule()
GAD7 = instrument("gad7").change_rule()
START = date(2026, 3, 2)


def D(value):
    return Decimal(value)


def test_the_published_example_of_jacobson_and_truax():
    assert progress.standard_error(7.5, 0.80) == pytest.approx(3.354, abs=5e-4)
    assert progress.rc_index(32.5, 47.5, 7.5, 0.80) == pytest.approx(3.162, abs=5e-4)
    found = progress.cutoffs(Norm(40, 7.5), Norm(60, 7.5))
    assert (found.a, found.b, found.c) == (55, 45, 50)


def test_each_group_uses_its_own_spread():
    found = progress.cutoffs(Norm(20, 6), Norm(5, 3))  # lower is better: the direction follows the means
    assert (found.a, found.b) == (8, 11)
    assert found.c == pytest.approx((6 * 5 + 3 * 20) / 9)


@pytest.mark.parametrize(
    ("sd", "reliability", "points"),
    [(6.20, 0.853, 7), (4.79, 0.865, 5), (14.58, 0.94, 10), (14.58, 0.79, 19), (6.20, 0.89, 6)],
)
def test_the_threshold_is_rounded_up_to_the_next_attainable_score(sd, reliability, points):
    assert progress.threshold(sd, reliability) == points


def test_reliability_must_be_a_reliability():
    with pytest.raises(ValueError):
        progress.standard_error(5, 1.0)
    with pytest.raises(ValueError):
        progress.standard_error(-1, 0.5)


@pytest.mark.parametrize(
    ("first", "latest", "direction", "response", "remission"),
    [
        (15, 9, "improved", False, False),
        (15, 10, "none", False, False),
        (16, 8, "improved", True, False),
        (12, 4, "improved", True, True),
        (9, 15, "worse", False, False),
        (9, 14, "none", False, False),
        (0, 0, "none", False, True),
    ],
)
def test_phq9_changes_by_six(first, latest, direction, response, remission):
    found = progress.change(D(first), D(latest), PHQ9)
    assert (found.direction, found.response, found.remission) == (Direction(direction), response, remission)
    assert "IAPT" in found.source


def test_the_sentence_says_it_in_one_line():
    assert english(progress.change(D(15), D(9), PHQ9).sentence) == (
        "Went from 15 to 9: better by 6, more than chance (at least 6)."
    )
    assert progress.band_of_chance(D(15), PHQ9) == (9, 21)


@pytest.mark.parametrize(
    ("first", "latest", "kind"),
    [(18, 8, "recovered"), (22, 14, "improved"), (15, 12, "unchanged"), (12, 20, "deteriorated"), (6, 13, "harmed")],
)
def test_clinically_significant_change(first, latest, kind):
    found = progress.clinical_change(D(first), D(latest), PHQ9)
    assert found.kind is Clinical(kind)
    assert str(latest) in english(found.sentence)


@pytest.mark.parametrize(
    ("first", "latest", "improved", "recovery", "reliable_recovery", "deteriorated", "sentence"),
    [
        ((15, 12), (6, 5), True, True, True, False, "pair.recovered"),
        ((15, 5), (9, 5), True, True, True, False, "pair.recovered"),
        ((11, 8), (9, 7), False, True, False, False, "pair.recovery_only"),
        ((20, 12), (12, 9), True, False, False, False, "pair.improved"),
        ((15, 8), (8, 12), False, False, False, False, "pair.worse"),  # better on one, worse on the other: not improved
        ((9, 7), (2, 2), True, False, False, False, "pair.not_a_case"),
        ((12, 9), (18, 9), False, False, False, True, "pair.worse"),
        ((12, 9), (12, 9), False, False, False, False, "pair.unchanged"),
    ],
)
def test_the_pair_rule(first, latest, improved, recovery, reliable_recovery, deteriorated, sentence):
    found = progress.pair((D(first[0]), D(first[1])), (D(latest[0]), D(latest[1])), (PHQ9, GAD7))
    assert (found.reliable_improvement, found.recovery, found.reliable_recovery) == (
        improved,
        recovery,
        reliable_recovery,
    )
    assert found.reliable_deterioration is deteriorated
    assert found.sentence.code == sentence
    assert english(found.sentence)


def weekly(*values, first_day=0):
    return [Reading(START + timedelta(days=first_day + 7 * n), D(v)) for n, v in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "color", "reason"),
    [
        ((18,), "green", "course.on_track"),
        ((18, 18, 18), "green", "course.on_track"),  # week 2: too early
        ((18, 18, 18, 18), "green", "course.on_track"),  # week 3, the first slow reading: watch
        ((18, 18, 18, 18, 17), "yellow", "course.little_change"),  # two in a row
        ((18, 18, 18, 18, 14), "green", "course.on_track"),
        ((18, 17, 16, 15, 15, 14), "green", "course.on_track"),
        ((18, 24), "red", "course.worse"),  # at once
        ((18, 23), "green", "course.on_track"),
        ((22, 22, 22, 22, 20), "red", "course.still_severe"),  # half of eight weeks
        ((4, 4, 4, 4, 4), "green", "course.on_track"),  # well from the start
    ],
)
def test_fixed_course_rules(values, color, reason):
    found = progress.course(weekly(*values), PHQ9, START, stay_days=56)
    assert found.color is Color(color)
    assert found.reasons[0].code == reason
    assert english(found.reasons[0])


def test_one_slow_reading_is_watched_not_flagged():
    found = progress.course(weekly(18, 18, 18, 18), PHQ9, START)
    assert found.watch.code == "course.watch"
    assert english(found.watch) == "Week 3: 0 % better than the first score of 18; one more such reading means review."


def test_readings_a_day_apart_count_once():
    days = [Reading(START, D(18)), Reading(START + timedelta(21), D(17)), Reading(START + timedelta(22), D(17))]
    assert progress.course(days, PHQ9, START).color is Color.GREEN


def test_without_an_early_score_there_is_no_course():
    found = progress.course(weekly(18, 18, first_day=4), PHQ9, START)
    assert isinstance(found, NoCourse)
    assert english(found.reason).startswith("No score between 7 days before and 3 days after")
    early = [Reading(START - timedelta(8), D(10)), Reading(START - timedelta(7), D(12)), Reading(START, D(9))]
    assert progress.baseline(early, START).value == 12


def test_thresholds_belong_to_the_program():
    strict = CourseRules(from_week=1, expected_percent=Decimal(50), in_a_row=1)
    assert progress.course(weekly(18, 12), PHQ9, START, rules=strict).color is Color.YELLOW


def test_every_sentence_has_words():
    assert all(code in progress.codes() for code in ("change.none", "course.worse", "pair.recovered"))
