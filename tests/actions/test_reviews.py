"""A review looks at the scores, at every objective, and says why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.care.measures import actions as measures
from footbridge.care.plan.models import Objective
from footbridge.care.reviews import actions, reads
from footbridge.care.reviews.models import ObjectiveProgress, PlanReview
from footbridge.ground.instruments import actions as instruments
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.cast import NOW, Cast

from . import way

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


def phq9(cast: Cast, value: str = "1", at=NOW) -> str:
    instruments.load_definitions(by=SYSTEM, at=at)
    sheets, _ = instruments.give(cast.ana.client, ["phq9"], how="portal", occasion="weekly", by=cast.bo.actor(), at=at, episode=cast.ana.episode)
    measures.answer_all(sheets[0], {str(n): value if n < 9 else "0" for n in range(1, 10)}, by=cast.ana.actor(), at=at)
    measures.finish(sheets[0], by=cast.ana.actor(), at=at)
    return str(sheets[0].uid)


def review(cast: Cast, **changed):
    words = {
        "decision": "continue", "progress": "Comes to most groups.", "reasons": "Getting better.",
        "objectives": {one.uid: "better" for one in Objective.objects.all()}, "seen": [score["sheet"] for score in reads.latest_scores(cast.ana.episode)],
        "by": cast.bo.actor(), "at": LATER,
    }  # fmt: skip
    return actions.review(cast.ana.episode, **{**words, **changed})


def test_a_review_keeps_what_was_seen_and_how_far_each_objective_came(cast: Cast):
    plan = way.signed(cast)
    phq9(cast)
    made = review(cast)
    assert made.plan == plan and made.by == cast.bo.staff
    assert made.scores_seen["scores"][0]["instrument"] == "phq9" and made.scores_seen["scores"][0]["value"] == 8.0
    assert list(ObjectiveProgress.objects.values_list("state", flat=True)) == ["better"] * Objective.objects.count()
    assert Act.objects.get(verb="plan.reviewed").client_uid == cast.ana.client.uid


def test_refused_without_a_plan_both_have_signed(cast: Cast):
    way.drafted(cast)
    with pytest.raises(actions.CannotReview, match="signed by the client"):
        review(cast, without_scores="first week")


def test_refused_when_a_score_came_in_after_the_page_was_opened(cast: Cast):
    way.signed(cast)
    before = [phq9(cast)]
    phq9(cast, "3", NOW + timedelta(days=7))
    with pytest.raises(actions.CannotReview, match="new score"):
        review(cast, seen=before)
    assert not PlanReview.objects.exists()


def test_without_any_score_the_review_says_why(cast: Cast):
    way.signed(cast)
    with pytest.raises(actions.CannotReview) as refusal:
        review(cast)
    assert refusal.value.field == "without_scores"
    assert review(cast, without_scores="Could not read this week.").scores_seen["none_because"]


def test_a_score_that_was_not_confirmed_is_not_seen(cast: Cast):
    way.signed(cast)
    phq9(cast)
    with pytest.raises(actions.CannotReview, match="PHQ-9"):
        review(cast, seen=[])
    assert not PlanReview.objects.exists()


def test_what_was_seen_is_kept_as_it_stood_with_what_the_change_is_worth(cast: Cast):
    way.signed(cast)
    phq9(cast, "2")
    phq9(cast, "1", NOW + timedelta(days=14))
    seen = review(cast).scores_seen["scores"][0]
    assert (seen["first"], seen["value"], seen["change"], seen["confirmed"]) == (16.0, 8.0, "improved", True)


def test_a_measure_of_the_plan_without_a_score_is_not_passed_over_in_silence(cast: Cast):
    way.signed(cast)
    phq9(cast)
    with trail.act("plan.changed", by=SYSTEM, at=NOW, about=cast.ana.episode):
        Objective.objects.update(measure="gad7")
    with pytest.raises(actions.CannotReview) as refusal:
        review(cast)
    assert refusal.value.field == "why_gad7"
    made = review(cast, missing={"gad7": "Given today, answers tomorrow."})
    assert made.scores_seen["missing"] == [{"instrument": "gad7", "title": "GAD-7", "why": "Given today, answers tomorrow."}]


@pytest.mark.parametrize("field", ["progress", "reasons"])
def test_refused_without_words(cast: Cast, field: str):
    way.signed(cast)
    with pytest.raises(actions.CannotReview) as refusal:
        review(cast, **{field: "  ", "without_scores": "x"})
    assert refusal.value.field == field


def test_no_objective_is_left_out(cast: Cast):
    way.signed(cast)
    with pytest.raises(actions.CannotReview, match="each objective"):
        review(cast, objectives={}, without_scores="x")


@pytest.mark.parametrize("who", ["cy", "ana", "di", "pat", "bea", "gus"])
def test_who_may_not(cast: Cast, who: str):
    way.signed(cast)
    with pytest.raises(NotYours):
        review(cast, by=getattr(cast, who).actor())


def test_the_clock_starts_with_both_signatures_and_again_with_each_review(cast: Cast):
    assert reads.next_due(cast.ana.episode) is None
    plan = way.signed(cast)
    first = reads.next_due(cast.ana.episode)
    assert first is not None and first.due_on == NOW.date() + timedelta(days=plan.review_every_days)
    assert [one.episode for one in reads.due(cast.bo.actor(), first.due_on)] == [cast.ana.episode]
    assert reads.due(cast.cy.actor(), first.due_on) == []
    assert first.late_days(first.due_on + timedelta(days=3)) == 3
    review(cast, without_scores="x")
    again = reads.next_due(cast.ana.episode)
    assert again is not None and again.due_on == LATER.date() + timedelta(days=plan.review_every_days)
    assert reads.due(cast.bo.actor(), date(2026, 12, 3)) == []
