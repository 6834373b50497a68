"""Placement: ratings with reasons, an advised level, a decision that stands apart, an admission that has a place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.care.placement import actions, advice, reads
from footbridge.care.placement.models import Admission, Assessment, Decision
from footbridge.care.safety.actions import close
from footbridge.care.safety.models import Alarm
from footbridge.ground.episodes import reads as episodes
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.cast import Cast

from . import way

LATER = timedelta(hours=1)


def _alarm(cast: Cast, at, urgency: str = "now") -> Alarm:
    alarm = Alarm(
        client=cast.ana.client,
        kind="suicide_screen",
        urgency=urgency,
        reason="High on the suicide screen.",
        source_kind="sheet",
        source_key="1",
        raised_at=at,
        due_at=at + timedelta(minutes=15),
    )
    with trail.act("alarm.raised", by=SYSTEM, at=at, about=cast.ana.client, client=cast.ana.client):
        alarm.save()
    return alarm


def test_ratings_and_advice_are_kept_as_they_were_said(cast: Cast) -> None:
    assessment = way.assessed(cast)
    assert assessment.advised_level == "iop" and assessment.advice["verdict"] == "advice"
    assert assessment.facts["safety"]["suicide_triage"] == "none"
    assert assessment.facts["ratings"]["mental"] == {"rating": 2, "reason": way.RATINGS["mental"][1]}
    shown = reads.shown(assessment)
    assert shown.level == "Intensive outpatient"
    assert any("Low on most days" in reason for reason, _source in shown.reasons) and shown.would_change
    assert Act.objects.filter(verb="placement.assessed", client_uid=cast.ana.client.uid).count() == 1


def test_without_a_safety_answer_the_advice_is_to_assess_now(cast: Cast, at) -> None:
    way.screened(cast)
    assessment = actions.assess(cast.ana.episode, way.RATINGS, by=cast.ivy.actor(), at=at)
    assert assessment.advised_level == "" and assessment.advice["assess_now"]
    assert "Suicide screen (C-SSRS)" in reads.shown(assessment).missing
    with pytest.raises(actions.CannotDecide, match="Safety is not known"):
        actions.decide(
            cast.ana.episode, assessment, indicated="iop", actual="iop", reasons="x", by=cast.ivy.actor(), at=at
        )


def test_a_high_suicide_screen_points_to_crisis_care(cast: Cast, at) -> None:
    way.screened(cast)
    way.suicide_screen(cast.ana.client, way.HIGH_RISK)
    assessment = actions.assess(cast.ana.episode, {"mental": (3, "Plan and intent.")}, by=cast.ivy.actor(), at=at)
    assert assessment.advised_level == "crisis" and assessment.advice["missing"]


def test_the_same_ratings_twice_are_one_assessment(cast: Cast, at) -> None:
    first = way.assessed(cast)
    assert actions.assess(cast.ana.episode, way.RATINGS, by=cast.ivy.actor(), at=at) == first
    changed = {**way.RATINGS, "mental": (3, "Worse.")}
    assert actions.assess(cast.ana.episode, changed, by=cast.ivy.actor(), at=at + LATER) != first
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize("ratings", [{}, {"mental": (2, " ")}, {"mental": (5, "x")}])
def test_refused_without_ratings_or_reasons(cast: Cast, at, ratings) -> None:
    with pytest.raises(actions.CannotAssess):
        actions.assess(cast.ana.episode, ratings, by=cast.ivy.actor(), at=at)
    assert not Assessment.objects.exists()


def test_indicated_and_actual_stand_apart(cast: Cast, at) -> None:
    assessment = way.assessed(cast)
    words = {"indicated": "php", "actual": "iop", "authorised": "iop", "reasons": "Payer grants no day program."}
    with pytest.raises(actions.CannotDecide) as refusal:
        actions.decide(cast.ana.episode, assessment, **words, by=cast.ivy.actor(), at=at)
    assert refusal.value.field == "difference"
    decision = actions.decide(cast.ana.episode, assessment, **words, difference="payer", by=cast.ivy.actor(), at=at)
    assert (decision.indicated, decision.authorised, decision.actual, decision.difference) == (
        "php",
        "iop",
        "iop",
        "payer",
    )
    assert reads.decision(cast.ana.episode) == decision
    again = actions.decide(cast.ana.episode, assessment, **words, difference="payer", by=cast.ivy.actor(), at=at)
    assert again == decision


def test_nobody_is_placed_past_an_open_alarm(cast: Cast, at) -> None:
    assessment = way.assessed(cast)
    _alarm(cast, at)
    with pytest.raises(actions.CannotDecide, match="open alarm"):
        actions.decide(
            cast.ana.episode, assessment, indicated="iop", actual="iop", reasons="x", by=cast.ivy.actor(), at=at
        )
    assert not Decision.objects.exists()
    decision = actions.decide(
        cast.ana.episode, assessment, indicated="crisis", actual="crisis", reasons="Danger.", by=cast.ivy.actor(), at=at
    )
    assert decision.actual == "crisis"


def test_a_decision_stands_on_the_newest_ratings(cast: Cast, at) -> None:
    first = way.assessed(cast)
    actions.assess(cast.ana.episode, {**way.RATINGS, "mental": (3, "Worse.")}, by=cast.ivy.actor(), at=at + LATER)
    with pytest.raises(actions.CannotDecide, match="newer ratings"):
        actions.decide(cast.ana.episode, first, indicated="iop", actual="iop", reasons="x", by=cast.ivy.actor(), at=at)


def test_admission_takes_a_place_and_forms_the_care_team(cast: Cast) -> None:
    admission = way.admitted(cast)
    assert admission.track.code == "morning"
    team = {member.role: member.staff for member in episodes.team(cast.ana.episode)}
    assert team["primary"] == cast.bo.staff and team["prescriber"] == cast.pat.staff
    assert reads.tracks_with_places("iop").get().free == 7
    assert Act.objects.filter(verb="placement.admitted").exists()


def test_admission_is_refused_when_the_track_is_full_or_the_level_differs(cast: Cast, at) -> None:
    decision = way.decided(cast)
    way.consented(cast)
    words = {"starts_on": date(2026, 11, 4), "primary": cast.bo.staff, "by": cast.ivy.actor(), "at": at}
    with pytest.raises(actions.CannotAdmit, match="full"):
        actions.admit(cast.ana.episode, decision, track=way.track(0), **words)
    with pytest.raises(actions.CannotAdmit, match="decision is"):
        actions.admit(cast.ana.episode, decision, track=way.track(code="day", level="php"), **words)
    with pytest.raises(actions.CannotAdmit, match="first day"):
        actions.admit(
            cast.ana.episode, decision, track=way.track(code="b"), **{**words, "starts_on": date(2026, 10, 1)}
        )
    with pytest.raises(actions.CannotAdmit, match="does not hold"):
        actions.admit(cast.ana.episode, decision, track=way.track(code="c"), **{**words, "primary": cast.bea.staff})
    assert not Admission.objects.exists()


def test_admitted_once(cast: Cast, at) -> None:
    admission = way.admitted(cast)
    words = {"primary": cast.bo.staff, "by": cast.ivy.actor(), "at": at}
    same = actions.admit(
        cast.ana.episode, admission.decision, track=admission.track, starts_on=admission.starts_on, **words
    )
    assert same == admission
    with pytest.raises(actions.CannotAdmit, match="already"):
        actions.admit(
            cast.ana.episode, admission.decision, track=way.track(code="b"), starts_on=date(2026, 11, 5), **words
        )


@pytest.mark.parametrize("who", ["di", "bo", "cy", "pat", "bea", "ana", "gus", "flo"])
def test_only_intake_and_director_place(cast: Cast, at, who: str) -> None:
    decision = way.decided(cast)
    by = getattr(cast, who).actor()
    with pytest.raises(NotYours):
        actions.assess(cast.ana.episode, way.RATINGS, by=by, at=at)
    with pytest.raises(NotYours):
        actions.decide(cast.ana.episode, decision.assessment, indicated="iop", actual="iop", reasons="x", by=by, at=at)
    with pytest.raises(NotYours):
        actions.admit(
            cast.ana.episode,
            decision,
            track=way.track(),
            starts_on=date(2026, 11, 4),
            primary=cast.bo.staff,
            by=by,
            at=at,
        )


def test_a_clinical_lead_signs_the_rules_that_were_read(cast: Cast, at) -> None:
    assert reads.rules_signed() == []
    with pytest.raises(actions.CannotSignRules, match="have changed"):
        actions.sign_rules("0" * 64, by=cast.ed.actor(), at=at)
    row = actions.sign_rules(advice.digest(), by=cast.ed.actor(), at=at, note="Read with the team.")
    assert actions.sign_rules(advice.digest(), by=cast.ed.actor(), at=at) == row
    assert [one.by_id for one in reads.rules_signed()] == [cast.ed.staff.pk]
    assert Act.objects.filter(verb="placement.rules_signed").count() == 2
    assert row.edition == advice.rules().edition


@pytest.mark.parametrize("who", ["bo", "di", "bea", "ana", "ivy"])
def test_nobody_else_signs_the_rules(cast: Cast, at, who: str) -> None:
    with pytest.raises(NotYours):
        actions.sign_rules(advice.digest(), by=getattr(cast, who).actor(), at=at)


def test_what_the_screen_knows_is_heard_and_every_dimension_says_what_it_asks_for(cast: Cast, at) -> None:
    shown = reads.shown(way.assessed(cast))
    assert len(shown.by_dimension) == 6
    assert any("9 to 19 hours a week" in line for line in shown.fit)


# ------------------------------------------------------------------ what does not wait for a decision


@pytest.mark.parametrize(
    ("ratings", "level"),
    [({"mental": (4, "No sleep, gave his savings away.")}, "inpatient"), ({"withdrawal": (3, "Ran out; a seizure before.")}, "withdrawal")],
)
def test_a_level_that_does_not_wait_raises_an_alarm_and_only_that_level_is_decided_past_it(cast: Cast, at, ratings, level) -> None:
    way.assessed(cast)
    assessment = actions.assess(cast.ana.episode, way.RATINGS | ratings, by=cast.ivy.actor(), at=at + LATER)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.urgency, alarm.client) == ("level", "now", cast.ana.client)
    assert alarm.reason.startswith(f"The facts point to: {advice.level(level)}.") and next(iter(ratings.values()))[1] in alarm.reason
    said = {"reasons": "x", "by": cast.ivy.actor(), "at": at + LATER}
    with pytest.raises(actions.CannotDecide, match="open alarm"):
        actions.decide(cast.ana.episode, assessment, indicated=level, actual="iop", difference="preference", **said)
    assert actions.decide(cast.ana.episode, assessment, indicated=level, actual=level, **said).actual == level


def test_who_is_in_hand_already_raises_no_second_alarm(cast: Cast, at) -> None:
    way.assessed(cast)
    known = _alarm(cast, at)
    worse = way.RATINGS | {"mental": (4, "Danger.")}
    actions.assess(cast.ana.episode, worse, by=cast.ivy.actor(), at=at + LATER)
    assert list(Alarm.objects.all()) == [known]
    close(known, "higher_care", "Taken to City Hospital by her mother.", by=cast.bo.actor(at), at=at + LATER)
    actions.assess(cast.ana.episode, worse | {"medical": (2, "Fever.")}, by=cast.ivy.actor(), at=at + 2 * LATER)
    assert list(Alarm.objects.all()) == [known]
    actions.assess(cast.ana.episode, worse, by=cast.ivy.actor(), at=at + timedelta(hours=30))
    assert Alarm.objects.count() == 2


def test_what_the_person_would_like_is_answered_and_never_changes_the_advice(cast: Cast, at) -> None:
    way.assessed(cast)
    assessment = actions.assess(cast.ana.episode, way.RATINGS, wish="outpatient", by=cast.ivy.actor(), at=at + LATER)
    assert assessment.advised_level == "iop" and reads.wish(assessment) == "outpatient"
    assert any("would like Outpatient" in line for line in reads.shown(assessment).fit)
    with pytest.raises(actions.CannotAssess) as refusal:
        actions.assess(cast.ana.episode, way.RATINGS, wish="spa", by=cast.ivy.actor(), at=at + LATER)
    assert refusal.value.field == "wish"


@pytest.mark.parametrize(
    ("born_on", "population", "fits"),
    [
        (date(2011, 3, 3), "adult", False),
        (date(2011, 3, 3), "adolescent", True),
        (date(2008, 11, 4), "adolescent", True),
        (date(2008, 11, 4), "adult", True),
        (date(2008, 11, 5), "adult", False),
        (date(2007, 11, 4), "adolescent", False),
        (date(1994, 5, 17), "young_adult", True),
        (None, "adult", True),
        (None, "adolescent", False),
    ],
)
def test_nobody_sits_in_a_program_for_another_age(cast: Cast, at, born_on, population, fits) -> None:
    way.consented(cast)
    decision, track = way.decided(cast), way.track()
    with trail.act("program.imported", by=SYSTEM, at=at, about=track.program):
        track.program.population = population
        track.program.save()
    with trail.act("person.corrected", by=SYSTEM, at=at, about=cast.ana.person, client=cast.ana.client):
        cast.ana.person.born_on = born_on
        cast.ana.person.save()
    decision.episode.client.person.refresh_from_db()
    said = {"track": track, "starts_on": date(2026, 11, 4), "primary": cast.bo.staff, "by": cast.ivy.actor(), "at": at}
    offered = reads.tracks_with_places("iop", reads.populations(decision.episode.client, date(2026, 11, 4)))
    assert (track in offered) == fits
    if fits:
        assert actions.admit(decision.episode, decision, **said)
    else:
        with pytest.raises(actions.CannotAdmit) as refusal:
            actions.admit(decision.episode, decision, **said)
        assert refusal.value.field == "track" and "is for" in str(refusal.value)
