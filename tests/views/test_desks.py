"""Desks of the therapist, the director, the client and the supporter; and the last stages' pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.aftercare.models import FollowUp
from footbridge.care.practice import actions as practice
from footbridge.care.practice.models import Assignment, CheckIn, PracticeLog
from footbridge.care.reviews.models import PlanReview
from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm, SafetyPlan
from footbridge.care.transitions.models import Transition
from footbridge.ground.consent import actions as consents
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import BreakGlass
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import RoleHeld, Staff, Supporter
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act
from footbridge.kit.web.models import Draft
from tests.actions import way
from tests.cast import NOW, PASSWORD, Cast

from .test_screening import at_desk

pytestmark = pytest.mark.django_db


def url(cast: Cast, name: str, **more: object) -> str:
    return reverse(name, kwargs={"uid": cast.ana.episode.uid, **more})


def queries(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def more_clients(cast: Cast, count: int) -> None:
    for n in range(count):
        person = people.add_person(legal_name=f"Extra {n}", by=SYSTEM, at=NOW)
        episode = episodes.open_episode(people.make_client(person, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)
        episodes.join_team(episode, cast.bo.staff, "primary", by=SYSTEM, at=NOW)


class TestClinician:
    def test_the_day_and_the_caseload_show_only_own_clients(self, cast: Cast):
        bo = at_desk(cast.bo)
        assert bo.get(reverse("clinician:day")).status_code == 200
        page = bo.get(reverse("clinician:caseload")).content.decode()
        assert "Ana" in page and "Max" not in page
        assert "Nobody found" in bo.post(reverse("clinician:caseload"), {"q": "max"}).content.decode()

    def test_the_caseload_asks_the_same_number_of_questions_for_1_and_4(self, cast: Cast):
        bo = at_desk(cast.bo)
        bo.get(reverse("clinician:caseload"))
        one = queries(bo, reverse("clinician:caseload"))
        more_clients(cast, 3)
        assert queries(bo, reverse("clinician:caseload")) <= one

    def test_opening_the_chart_is_written_down(self, cast: Cast):
        way.admitted(cast)
        assert at_desk(cast.bo).get(url(cast, "clinician:chart")).status_code == 200
        look = Act.objects.filter(verb="chart.looked", client_uid=cast.ana.client.uid).latest("id")
        assert look.by_id == cast.bo.user.pk and look.detail == {"what": "chart"}
        page = at_desk(cast.ed).get(url(cast, "clinician:history")).content.decode()
        assert "chart.looked" in page and "Bo" in page

    def test_breaking_the_glass_needs_a_reason_and_opens_for_hours(self, cast: Cast):
        cy = at_desk(cast.cy)
        assert cy.get(url(cast, "clinician:chart")).status_code == 404
        number = cast.ana.client.number
        assert cy.post(reverse("clinician:exception"), {"number": "R999999", "reason": "Bo is ill; Ana called in danger."}).status_code == 422
        assert cy.post(reverse("clinician:exception"), {"number": number, "reason": "ill"}).status_code == 422
        assert not BreakGlass.objects.exists()
        answer = cy.post(reverse("clinician:exception"), {"number": number, "reason": "Bo is ill; Ana called in danger."})
        assert answer.status_code == 303 and cy.get(answer.url).status_code == 200
        assert "Bo is ill" in at_desk(cast.ed).get(reverse("director:glass")).content.decode()
        assert at_desk(cast.di).get(reverse("clinician:exception")).status_code == 404


class TestDirector:
    def test_the_program_at_a_glance(self, cast: Cast):
        way.admitted(cast)
        page = at_desk(cast.ed).get(reverse("director:home")).content.decode()
        assert "Places by track" in page
        for who in ("bo", "di", "bea", "ana", "gus"):
            assert at_desk(getattr(cast, who)).get(reverse("director:home")).status_code == 404

    def test_somebody_is_hired_and_invited(self, cast: Cast):
        ed = at_desk(cast.ed)
        words = {"legal_name": "Nia Obi", "title": "LCSW", "email": "nia@example.org", "started_on": "2026-11-02", "roles": ["therapist", "intake"]}
        assert ed.post(reverse("director:add"), words).status_code == 303
        staff = Staff.objects.get(person__email="nia@example.org")
        assert sorted(RoleHeld.objects.filter(staff=staff).values_list("role", flat=True)) == ["intake", "therapist"]
        assert len(mail.outbox) == 1 and "welcome" in mail.outbox[0].body
        assert "Nia Obi" in ed.get(reverse("director:people")).content.decode()

    def test_a_known_address_is_refused_and_nothing_is_stored(self, cast: Cast):
        words = {"legal_name": "Nia Obi", "title": "LCSW", "email": "bo@example.org", "started_on": "2026-11-02", "roles": ["therapist"]}
        before = Staff.objects.count()
        assert at_desk(cast.ed).post(reverse("director:add"), words).status_code == 422
        assert Staff.objects.count() == before and not mail.outbox

    def test_roles_are_given_once_and_ended(self, cast: Cast):
        ed = at_desk(cast.ed)
        page = {"uid": cast.bo.staff.uid}
        assert ed.get(reverse("director:person", kwargs=page)).status_code == 200
        assert ed.post(reverse("director:role", kwargs=page), {"role": "intake", "held_from": "2026-11-02"}).status_code == 303
        assert ed.post(reverse("director:role", kwargs=page), {"role": "intake", "held_from": "2026-11-02"}).status_code == 422
        held = RoleHeld.objects.get(staff=cast.bo.staff, role="intake")
        assert ed.post(reverse("director:end_role", kwargs={"uid": held.uid}), {"until": "2026-11-01"}).status_code == 422
        assert ed.post(reverse("director:end_role", kwargs={"uid": held.uid}), {"until": "2026-12-01"}).status_code == 303
        assert ed.post(reverse("director:supervisor", kwargs=page), {"supervisor": cast.cy.staff.pk}).status_code == 303
        assert at_desk(cast.bo).get(reverse("director:people")).status_code == 404

    def test_a_role_given_by_mistake_opens_nothing_from_the_same_day_on_and_is_not_prolonged(self, cast: Cast):
        ed, today = at_desk(cast.ed), timezone.localdate()
        held = people.give_role(cast.bo.staff, "director", held_from=today, by=cast.ed.actor(), at=timezone.now())
        assert cast.bo.actor(timezone.now()).has("director")
        page = reverse("director:end_role", kwargs={"uid": held.uid})
        assert ed.post(page, {"until": today.isoformat()}).status_code == 303
        assert not cast.bo.actor(timezone.now()).has("director")
        assert ed.post(page, {"until": (today + timedelta(days=400)).isoformat()}).status_code == 422
        held.refresh_from_db()
        assert held.held_until == today


class TestPractice:
    def test_given_logged_answered(self, cast: Cast):
        bo, ana = at_desk(cast.bo), at_desk(cast.ana)
        given = {"skill": "slow_breathing", "times_a_week": "3"}
        assert bo.post(url(cast, "practice:show"), given).status_code == 303
        assert bo.post(url(cast, "practice:show"), given).status_code == 422
        row = Assignment.objects.get()
        log = reverse("client:log", kwargs={"uid": row.uid})
        assert ana.get(log).status_code == 200
        today = timezone.localdate().isoformat()
        words = {"practised_on": today, "before": "6", "after": "3", "form_key": "7b6c1d7c-4f5b-4f63-9c55-4d9a3b7a0001"}
        assert [ana.post(log, words).status_code for _twice in range(2)] == [303, 303]
        assert PracticeLog.objects.count() == 1
        comment = reverse("practice:comment", kwargs={"uid": PracticeLog.objects.get().uid})
        assert bo.post(comment, {"text": "Well done."}).status_code == 303
        assert "Well done." in ana.get(reverse("client:practice")).content.decode()
        for who in ("max", "cy", "gus", "flo"):
            assert at_desk(getattr(cast, who)).get(log).status_code == 404
            assert at_desk(getattr(cast, who)).get(comment).status_code == 404

    def test_the_check_in_takes_one_answer_and_can_be_corrected(self, cast: Cast):
        ana = at_desk(cast.ana)
        assert ana.post(reverse("client:check_in"), {}).status_code == 422
        for mood in ("4", "5"):
            assert ana.post(reverse("client:check_in"), {"mood": mood}).status_code == 303
        assert CheckIn.objects.get().mood == 5

    def test_danger_written_between_sessions_is_told_at_once_and_help_comes_first(self, cast: Cast):
        ana, said = at_desk(cast.ana), {"note": "I cannot go on. I want to die."}
        page = reverse("client:check_in")
        assert ana.post(page, said).headers["Location"] == reverse("help_now")  # no mood chosen: nothing is kept, and it is heard
        alarm = Alarm.objects.get()
        assert (alarm.client, alarm.urgency, alarm.owner) == (cast.ana.client, "now", cast.bo.staff) and "I want to die" in alarm.reason
        assert ana.post(page, {**said, "mood": "0"}).headers["Location"] == reverse("help_now")
        assert CheckIn.objects.get().note == said["note"] and Alarm.objects.count() == 1
        assert "Your care team is told now" in ana.get(reverse("help_now")).content.decode()
        safety.close(alarm, "assessed_safe", "Called at once; safe with a plan.", by=cast.bo.actor(), at=timezone.now())

        row = practice.assign(cast.ana.episode, skill="slow_breathing", times_a_week=3, by=cast.bo.actor(), at=NOW)
        practice.end(row, by=cast.bo.actor(), at=NOW)
        log = reverse("client:log", kwargs={"uid": row.uid})
        words = {"practised_on": timezone.localdate().isoformat(), "form_key": "7b6c1d7c-4f5b-4f63-9c55-4d9a3b7a0001", **said}
        assert ana.post(log, words).headers["Location"] == reverse("help_now")  # the practice has ended; what was written is heard
        assert not PracticeLog.objects.exists() and Alarm.objects.filter(closed__isnull=True).count() == 1

    def test_danger_sent_after_the_session_locked_is_told_and_the_note_is_kept_for_later(self, cast: Cast):
        ana, page = at_desk(cast.ana), reverse("client:check_in")
        row = practice.assign(cast.ana.episode, skill="slow_breathing", times_a_week=3, by=cast.bo.actor(), at=NOW)
        ana.post(reverse("lock"))
        assert "unlock" in ana.post(page, {"mood": "2", "note": "Slept badly."}).headers["Location"] and not Alarm.objects.exists()
        assert ana.post(page, {"mood": "0", "note": "I want to die."}).headers["Location"] == reverse("help_now")
        assert Alarm.objects.get().client == cast.ana.client and not CheckIn.objects.exists()
        assert ana.get(reverse("help_now")).status_code == 200 and ana.get(page).status_code == 303
        assert Draft.objects.get(path=page).open()["note"] == ["I want to die."]
        log = reverse("client:log", kwargs={"uid": row.uid})
        assert ana.post(log, {"note": "Quiero morirme."}).headers["Location"] == reverse("help_now")
        max_ = at_desk(cast.max)
        max_.post(reverse("lock"))
        assert "unlock" in max_.post(log, {"note": "I want to die."}).headers["Location"]
        assert set(Alarm.objects.values_list("client", flat=True)) == {cast.ana.client.pk}

    def test_a_note_without_danger_raises_nothing_and_after_the_stay_danger_is_heard_still(self, cast: Cast):
        ana, page = at_desk(cast.ana), reverse("client:check_in")
        assert ana.post(page, {"mood": "3", "note": "Slept badly."}).headers["Location"] == reverse("client:today")
        assert not Alarm.objects.exists()
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=timezone.now(), why="over")
        assert ana.post(page, {"mood": "3", "note": "Quiero morirme."}).headers["Location"] == reverse("help_now")
        assert Alarm.objects.get().owner is not None and CheckIn.objects.get().note == "Slept badly."


class TestReview:
    def test_signed_with_the_password_and_the_scores(self, cast: Cast):
        plan = way.signed(cast)
        bo = at_desk(cast.bo)
        page = url(cast, "reviews:new")
        assert "No score yet" in bo.get(page).content.decode()
        objectives = {f"objective_{o.uid}": "better" for problem in plan.problems.all() for goal in problem.goals.all() for o in goal.objectives.all()}
        words = {"progress": "Comes.", "decision": "continue", "reasons": "Works.", "without_scores": "First week.", **objectives}
        assert bo.post(page, {**words, "password": "wrong"}).status_code == 422
        assert bo.post(page, {**words, "without_scores": "", "password": PASSWORD}).status_code == 422
        assert not PlanReview.objects.exists()
        assert bo.post(page, {**words, "password": PASSWORD}).status_code == 303
        assert PlanReview.objects.get().by == cast.bo.staff
        for who in ("cy", "ana", "di", "pat"):
            assert at_desk(getattr(cast, who)).get(page).status_code == 404


class TestTheWayOut:
    def test_plan_discharge_and_a_call_after_seven_days(self, cast: Cast):
        way.admitted(cast)
        bo, di = at_desk(cast.bo), at_desk(cast.di)
        words = {
            "reason": "completed", "to_level": "outpatient", "effective_on": (timezone.localdate() - timedelta(days=8)).isoformat(),
            "why": "Goals met.", "summary": "Came with low mood.", "next_provider": "Harbor Counseling",
        }  # fmt: skip
        refused = bo.post(url(cast, "transitions:discharge"), words)
        assert refused.status_code == 422 and "relapse-prevention plan" in refused.content.decode()
        assert "Goals met." in refused.content.decode()  # nothing typed is lost
        plan = {"triggers": "Sundays", "early_signs": "No breakfast", "what_i_do": "Walk"}
        assert at_desk(cast.ana).post(url(cast, "transitions:relapse_plan"), plan).status_code == 303
        assert bo.post(url(cast, "transitions:discharge"), words).status_code == 303
        assert "Harbor Counseling" in bo.get(url(cast, "transitions:show")).content.decode()
        assert "Ana" in di.get(reverse("aftercare:due")).content.decode()
        call = {"due_day": "7", "channel": "call", "outcome": "reached", "doing": "better", "in_care": "yes"}
        assert di.post(url(cast, "aftercare:show"), {**call, "doing": ""}).status_code == 422
        assert di.post(url(cast, "aftercare:show"), call).status_code == 303
        assert FollowUp.objects.get().doing == "better"
        arrived = reverse("transitions:arrival", kwargs={"uid": Transition.objects.get().uid})
        assert bo.post(arrived, {"confirmed_with": ""}).status_code == 422
        assert bo.post(arrived, {"confirmed_with": "Their front desk"}).status_code == 303
        for who in ("cy", "max", "gus", "bea"):
            assert at_desk(getattr(cast, who)).get(url(cast, "transitions:show")).status_code == 404
        portal = at_desk(cast.ana)
        assert "finished the program" in portal.get(reverse("client:today")).content.decode()
        assert "No breakfast" in portal.get(reverse("client:relapse_plan")).content.decode()


class TestPortal:
    @pytest.mark.parametrize("name", ["today", "week", "questions", "plan", "safety_plan", "write_safety_plan", "relapse_plan", "progress", "practice", "check_in", "papers"])
    def test_a_client_opens_every_page_and_nobody_else_does(self, cast: Cast, name: str):
        page = reverse(f"client:{name}")
        assert at_desk(cast.ana).get(page).status_code == 200
        for who in ("bo", "di", "flo", "gus"):
            assert at_desk(getattr(cast, who)).get(page).status_code == 404

    def test_the_safety_plan_in_ones_own_words_with_numbers_to_call(self, cast: Cast):
        ana = at_desk(cast.ana)
        page = reverse("client:write_safety_plan")
        assert ana.post(page, {}).status_code == 422
        assert ana.post(page, {"step_1": "I stop answering\nNo sleep", "step_4": "My sister, 312-555-0142"}).status_code == 303
        plan = SafetyPlan.objects.get()
        assert [(line.step, line.text, line.phone) for line in plan.lines.all()] == [
            (1, "I stop answering", ""), (1, "No sleep", ""), (4, "My sister", "312-555-0142"),
        ]  # fmt: skip
        shown = ana.get(reverse("client:safety_plan")).content.decode()
        assert 'href="tel:312-555-0142"' in shown and "Call 988" in shown

    def test_what_was_agreed_can_be_taken_back_twice_without_harm(self, cast: Cast):
        given = consents.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="portal", by=cast.ana.actor(), at=NOW)
        ana = at_desk(cast.ana)
        end = reverse("client:end_consent", kwargs={"uid": given.uid})
        assert at_desk(cast.max).post(end).status_code == 404
        assert [ana.post(end).status_code for _twice in range(2)] == [303, 303]
        given.refresh_from_db()
        assert given.revoked.how == "portal"

    def test_ending_a_supporter_closes_their_door_at_once(self, cast: Cast):
        grant = Supporter.objects.get()
        flo = at_desk(cast.flo)
        page = reverse("family:person", kwargs={"uid": grant.uid})
        assert flo.get(page).status_code == 200
        assert at_desk(cast.ana).post(reverse("client:end_supporter", kwargs={"uid": grant.uid})).status_code == 303
        assert flo.get(page).status_code == 404


class TestFamily:
    def test_sees_what_is_granted_and_nothing_else(self, cast: Cast):
        way.signed(cast)
        flo = at_desk(cast.flo)
        assert "Ana" in flo.get(reverse("family:home")).content.decode()
        page = flo.get(reverse("family:person", kwargs={"uid": Supporter.objects.get().uid})).content.decode()
        assert "Safety plan" in page and "This week" in page
        assert "Progress</h2>" not in page and "Plan</h2>" not in page.replace("Safety plan</h2>", "")
        assert Act.objects.filter(verb="chart.looked", by=cast.flo.user).exists()
        for who in ("gus", "bo", "max"):
            assert at_desk(getattr(cast, who)).get(reverse("family:person", kwargs={"uid": Supporter.objects.get().uid})).status_code == 404
