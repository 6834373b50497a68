"""Steps, discharge, the plan that goes along, and the calls afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.care.aftercare import actions as aftercare
from footbridge.care.aftercare import reads as aftercare_reads
from footbridge.care.aftercare.models import FollowUp
from footbridge.care.safety.models import Alarm
from footbridge.care.transitions import actions, reads
from footbridge.care.transitions.models import Transition
from footbridge.ground.episodes.models import Episode
from footbridge.kit.access import NotYours
from footbridge.kit.trail.models import Act
from tests.cast import NOW, Cast

from . import way

pytestmark = pytest.mark.django_db
LAST = date(2026, 12, 18)
THEN = NOW + timedelta(days=46)
PLAN = {"triggers": "Sundays", "early_signs": "No breakfast", "what_i_do": "Walk, call my sister"}


def discharge(cast: Cast, **changed) -> Transition:
    words = {
        "reason": "completed", "to_level": "outpatient", "why": "Goals met.", "summary": "Came with low mood; better now.",
        "effective_on": LAST, "by": cast.bo.actor(), "at": THEN,
    }  # fmt: skip
    return actions.discharge(cast.ana.episode, **{**words, **changed})


def relapse_plan(cast: Cast, **changed):
    return actions.write_relapse_plan(cast.ana.episode, **{**PLAN, "by": cast.bo.actor(), "at": THEN, **changed})


class TestRelapsePlan:
    def test_versions_stand_beside_each_other(self, cast: Cast):
        relapse_plan(cast)
        second = relapse_plan(cast, by=cast.ana.actor(), triggers="Sundays, bills")
        assert (second.version, second.written_with) == (2, None)
        assert reads.relapse_plan(cast.ana.episode) == second and cast.ana.episode.relapse_plans.count() == 2

    @pytest.mark.parametrize("field", list(PLAN))
    def test_each_part_needs_a_line(self, cast: Cast, field: str):
        with pytest.raises(actions.CannotWritePlan) as refusal:
            relapse_plan(cast, **{field: " "})
        assert refusal.value.field == field

    @pytest.mark.parametrize("who", ["max", "cy", "flo", "gus", "di"])
    def test_who_may_not(self, cast: Cast, who: str):
        with pytest.raises(NotYours):
            relapse_plan(cast, by=getattr(cast, who).actor())


class TestStep:
    def step(self, cast: Cast, **changed):
        words = {"kind": "step_up", "to_level": "php", "why": "Worse.", "effective_on": LAST, "by": cast.bo.actor(), "at": THEN}
        return actions.step(cast.ana.episode, **{**words, **changed})

    def test_from_the_actual_level(self, cast: Cast):
        way.admitted(cast)
        made = self.step(cast)
        assert (made.from_level, made.to_level) == ("iop", "php")
        back = self.step(cast, kind="step_down", to_level="iop", effective_on=LAST + timedelta(days=7))
        assert back.from_level == "php"

    def test_refused_without_why_or_change(self, cast: Cast):
        way.admitted(cast)
        with pytest.raises(actions.CannotMove, match="Say why"):
            self.step(cast, why="")
        with pytest.raises(actions.CannotMove, match="level the client is at"):
            self.step(cast, to_level="iop")

    def test_a_therapist_of_others_may_not(self, cast: Cast):
        with pytest.raises(NotYours):
            self.step(cast, by=cast.cy.actor())


class TestDischarge:
    def test_ends_the_episode_and_leaves_a_trail(self, cast: Cast):
        way.admitted(cast)
        relapse_plan(cast)
        made = discharge(cast, next_provider="Harbor Counseling")
        assert (made.from_level, made.to_level, made.reason) == ("iop", "outpatient", "completed")
        assert Episode.objects.get(pk=cast.ana.episode.pk).ended_at == THEN
        assert Act.objects.filter(verb="transition.discharged", client_uid=cast.ana.client.uid).exists()
        assert list(reads.hand_offs_open(cast.bo.actor(), LAST)) == [made]
        actions.confirm_arrival(made, confirmed_with="Front desk there", by=cast.bo.actor(), at=THEN)
        actions.confirm_arrival(made, confirmed_with="Front desk there", by=cast.bo.actor(), at=THEN)
        assert not reads.hand_offs_open(cast.bo.actor(), LAST).exists()

    def test_a_planned_one_needs_the_plan_first(self, cast: Cast):
        with pytest.raises(actions.CannotMove, match="relapse-prevention plan"):
            discharge(cast)
        assert not Transition.objects.exists() and cast.ana.episode.ended_at is None
        assert discharge(cast, reason="left").reason == "left"

    def test_once(self, cast: Cast):
        relapse_plan(cast)
        discharge(cast)
        with pytest.raises(actions.CannotMove, match="discharged already"):
            discharge(cast)

    @pytest.mark.parametrize("field", ["why", "summary"])
    def test_needs_words(self, cast: Cast, field: str):
        relapse_plan(cast)
        with pytest.raises(actions.CannotMove) as refusal:
            discharge(cast, **{field: ""})
        assert refusal.value.field == field

    @pytest.mark.parametrize("who", ["cy", "pat", "di", "ana", "gus"])
    def test_who_may_not(self, cast: Cast, who: str):
        with pytest.raises(NotYours):
            discharge(cast, by=getattr(cast, who).actor())


class TestAftercare:
    @pytest.fixture(autouse=True)
    def discharged(self, cast: Cast):
        relapse_plan(cast)
        discharge(cast)
        cast.ana.episode.refresh_from_db()

    def record(self, cast: Cast, **changed) -> FollowUp:
        words = {"due_day": 7, "channel": "call", "outcome": "reached", "doing": "better", "by": cast.di.actor(), "at": THEN + timedelta(days=7)}
        return aftercare.record(cast.ana.episode, **{**words, **changed})

    def test_due_at_7_30_and_90_days(self, cast: Cast):
        due = aftercare_reads.contacts(cast.ana.episode)
        assert [(one.due_day, one.due_on - LAST) for one in due] == [(n, timedelta(days=n)) for n in (7, 30, 90)]
        assert [one.due_day for one in aftercare_reads.due(cast.di.actor(), LAST + timedelta(days=8))] == [7]
        assert aftercare_reads.due(cast.cy.actor(), LAST + timedelta(days=8)) == []

    def test_made_is_off_the_list(self, cast: Cast):
        self.record(cast)
        assert [one.settled for one in aftercare_reads.contacts(cast.ana.episode)] == [True, False, False]

    def test_not_reached_stays_until_it_was_tried_often_enough(self, cast: Cast):
        for _try in range(3):
            assert not aftercare_reads.contacts(cast.ana.episode)[0].settled
            self.record(cast, outcome="not_reached", doing="unknown")
        assert aftercare_reads.contacts(cast.ana.episode)[0].settled

    def test_danger_raises_an_alarm_and_an_impatient_click_is_one(self, cast: Cast):
        for _click in range(2):
            self.record(cast, in_danger=True)
        assert Alarm.objects.get().client == cast.ana.client

    def test_danger_is_heard_whatever_else_is_refused(self, cast: Cast):
        self.record(cast, outcome="declined", doing="unknown")
        with pytest.raises(aftercare.CannotFollowUp):  # asked to be left alone, and calls
            self.record(cast, due_day=30, in_danger=True)
        assert Alarm.objects.get().urgency == "now"

    def test_who_asked_to_be_left_alone_is_left_alone(self, cast: Cast):
        self.record(cast, outcome="declined", doing="unknown")
        assert all(one.settled for one in aftercare_reads.contacts(cast.ana.episode))
        with pytest.raises(aftercare.CannotFollowUp, match="not to be contacted"):
            self.record(cast, due_day=30)

    def test_refusals(self, cast: Cast):
        with pytest.raises(aftercare.CannotFollowUp, match="how the person is doing"):
            self.record(cast, doing="unknown")
        with pytest.raises(aftercare.CannotFollowUp, match="on the list"):
            self.record(cast, due_day=8)
        for who in ("cy", "bea", "ana", "gus"):
            with pytest.raises(NotYours):
                self.record(cast, by=getattr(cast, who).actor())


def test_follow_up_begins_with_the_discharge(cast: Cast):
    with pytest.raises(aftercare.CannotFollowUp, match="begins with"):
        aftercare.record(cast.ana.episode, due_day=7, channel="call", outcome="message", by=cast.di.actor(), at=NOW)


class TestWhatMayNotEndCare:
    def ended(self, cast: Cast, **changed) -> Transition:
        relapse_plan(cast)
        return discharge(cast, reason="ended", **changed)

    def tested(self, cast: Cast, days_before: int = 5, found: str = "detected", collected: str = "yes"):
        from footbridge.care.medication import actions as medication

        row = medication.record_test(cast.ana.episode, on=LAST - timedelta(days=days_before), collected=collected, by=cast.bo.actor(), at=THEN)
        if collected == "yes":
            medication.record_result(row, kind="presumptive", substance="Cocaine", found=found, by=cast.bo.actor(), at=THEN)

    @pytest.mark.parametrize("how", [{}, {"collected": "declined"}])
    def test_a_drug_test_alone_does_not(self, cast: Cast, how):
        self.tested(cast, **how)
        with pytest.raises(actions.CannotMove, match="alone is no reason") as refusal:
            self.ended(cast)
        assert refusal.value.field == "beside_test" and not Transition.objects.exists()
        said = "Threatened two people in the group after three talks about it."
        assert discharge(cast, reason="ended", beside_test=said).beside_test == said

    @pytest.mark.parametrize("how", [{"found": "not_detected"}, {"days_before": 40}, {"collected": "not_able"}])
    def test_a_test_that_found_nothing_or_is_long_ago_asks_nothing(self, cast: Cast, how):
        self.tested(cast, **how)
        assert self.ended(cast, beside_test="typed all the same, for no reason").beside_test == ""

    def test_somebody_who_completed_is_not_asked(self, cast: Cast):
        self.tested(cast)
        relapse_plan(cast)
        assert discharge(cast)

    def test_nobody_is_sent_away_in_danger(self, cast: Cast):
        from uuid import uuid4

        from footbridge.care.safety import actions as safety
        from footbridge.care.safety.dispositions import actions as dispositions

        relapse_plan(cast)
        safety.raise_alarm(
            client=cast.ana.client, kind="answer", urgency="now", reason="C-SSRS, question 4", source_kind="t", source_key="1", by=cast.bo.actor(), at=THEN,
        )  # fmt: skip
        for reason in ("completed", "transferred", "ended", "other"):
            with pytest.raises(actions.CannotMove, match="may be in danger"):
                discharge(cast, reason=reason)
        dispositions.record(
            cast.ana.client, decided="hospital", where_now="City Hospital", told="Ed", note="Went there with her sister.", form_key=uuid4(),
            by=cast.bo.actor(), at=THEN + timedelta(minutes=1),
        )  # fmt: skip
        assert discharge(cast, reason="transferred")

    def test_who_is_gone_already_is_not_held_in_the_books(self, cast: Cast):
        from footbridge.care.safety import actions as safety

        alarm = safety.raise_alarm(
            client=cast.ana.client, kind="answer", urgency="now", reason="C-SSRS, question 4", source_kind="t", source_key="1", by=cast.bo.actor(), at=THEN,
        )  # fmt: skip
        assert discharge(cast, reason="left") and not hasattr(alarm, "closed")
