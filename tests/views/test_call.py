"""The call screen: from the request to the booked assessment on one page, in six actions or fewer; danger before everything."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from footbridge.care.inquiry import actions, promises
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.care.sessions import first_visits
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Booking, Session
from footbridge.desks.front_desk.calls import clocks, keeping, slots
from footbridge.ground.coverage.models import BenefitCheck, Coverage
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Track
from footbridge.kit import trail
from footbridge.kit.access import PUBLIC, SYSTEM
from tests.actions import way
from tests.cast import Cast
from tests.views.test_front_desk import STRANGERS, asked, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    way.track()
    return signed_in(cast.di)


def filled(track: Track) -> None:
    """No place is left."""
    with trail.act("program.places_changed", by=SYSTEM, at=timezone.now(), about=track):
        Track.objects.filter(pk=track.pk).update(places=0)


def url(request: Inquiry | None = None, page: str = "call") -> str:
    return reverse(f"front_desk:{page}", kwargs={"uid": request.uid}) if request else reverse("front_desk:call_taken")


def offered(desk: Client, request: Inquiry | None = None) -> list[str]:
    html = desk.get(url(request)).content.decode()
    return re.findall(r'name="appointment" value="([^"]+\|[^"]+)"', html)


def of_call(request: Inquiry, **more: Any) -> dict[str, Any]:
    """What the page posts when nothing was changed on it."""
    given = {
        "form_key": str(request.uid), "for_whom": request.for_whom, "name_used": request.name_used, "legal_name": request.legal_name or "Rae Rivers",
        "language": request.language, "channel": request.channel, "phone": request.phone, "person_agrees": request.person_agrees,
        "triage": request.triage, "outcome": "reached", "danger": "no",
    }  # fmt: skip
    return {**given, **more}


class TestSixActions:
    def test_from_the_list_to_the_booked_assessment(self, cast: Cast, desk: Client) -> None:
        """1 Call (in the list) · 2 Reached · 3 nobody in danger · 4 an hour · 5 Save. Typing (the legal name) is not counted."""
        request = asked("Rae")
        home = desk.get(reverse("front_desk:list")).content.decode()
        assert url(request) in home
        free = offered(desk, request)
        assert free
        taps = {"outcome": "reached", "danger": "no", "appointment": free[0]}
        untouched = {name: value for name, value in of_call(request).items() if name not in taps}
        answer = desk.post(url(request), {**untouched, **taps})
        assert answer.status_code == 303, text(answer)
        actions_counted = 1 + len(taps) + 1
        assert actions_counted <= 6
        booking = Booking.objects.select_related("session__leader__person", "episode__client__person").get()
        assert (booking.session.kind, booking.session.leader) == ("assessment", cast.ivy.staff)
        assert booking.episode.client.person.legal_name == "Rae Rivers"
        assert booking.episode.team.filter(staff=cast.ivy.staff, role="intake").exists()
        assert "Booked:" in text(desk.get(answer["Location"]))

    def test_a_new_caller_is_booked_on_the_same_page(self, cast: Cast, desk: Client) -> None:
        """1 Write down a call · 2 nobody in danger · 3 how to reach them · 4 an hour · 5 Save."""
        posted = {
            "form_key": str(uuid4()), "for_whom": "self", "name_used": "Rae", "legal_name": "Rae Rivers", "language": "es", "channel": "call", "phone": "312 555 0142",
            "person_agrees": "unknown", "danger": "no", "triage": "standard", "payer_kind": "medicaid", "payer": "State plan", "member_number": "M1",
            "checked": "active", "iop_covered": "yes", "needs_authorisation": "no", "copay": "25", "spoke_with": "Lou", "reference": "77", "covers": "24 days a year",
            "appointment": offered(desk)[0],
        }  # fmt: skip
        first, second = (desk.post(url(), posted) for _click in range(2))
        assert (first.status_code, second.status_code) == (303, 303), text(first)
        assert first["Location"] == second["Location"]
        assert Booking.objects.count() == Episode.objects.filter(inquiry__name_used="Rae").count() == 1
        assert (Coverage.objects.get().payer, Coverage.objects.get().member_number) == ("State plan", "M1")
        check = BenefitCheck.objects.get()
        assert (check.spoke_with, check.reference, check.covers, check.copay_cents, check.checked_by) == ("Lou", "77", "24 days a year", 2500, cast.di.staff)
        assert Inquiry.objects.get().attempts.get().outcome == "reached"


class TestDanger:
    def test_danger_raises_the_alarm_at_once_and_keeps_what_was_typed(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        answer = desk.post(url(request), of_call(request, danger="yes", note="Has pills in her hand", appointment=offered(desk, request)[0]))
        assert answer["Location"] == url(request, "danger")
        alarm = Alarm.objects.get()
        assert (alarm.urgency, alarm.owner is not None) == ("now", True)
        assert "pills" in alarm.reason
        assert not Booking.objects.exists()
        said = text(desk.get(answer["Location"]))
        assert "Stay on the line with Rae" in said
        assert "988" in said

    def test_danger_on_a_new_call_is_not_held_up_by_anything_else(self, cast: Cast, desk: Client) -> None:
        key = str(uuid4())
        answer = desk.post(url(), {
            "form_key": key, "for_whom": "self", "name_used": "Rae", "language": "en", "channel": "call", "phone": "312 555 0142", "person_agrees": "unknown",
            "danger": "yes", "triage": "standard", "appointment": "taken|long ago",
        })  # fmt: skip
        assert answer.status_code in (303, 422)
        answer = desk.post(url(), {
            "form_key": key, "for_whom": "self", "name_used": "Rae", "language": "en", "channel": "call", "phone": "312 555 0142", "person_agrees": "unknown",
            "danger": "yes", "triage": "urgent",
        })  # fmt: skip
        assert answer.status_code == 303
        assert Alarm.objects.get().urgency == "now"

    def test_danger_heard_again_after_the_first_alarm_was_closed_raises_another(self, cast: Cast, desk: Client) -> None:
        request, at = asked("Rae", danger=True), timezone.now()
        first = Alarm.objects.get()
        safety.see(first, by=cast.ivy.actor(at), at=at)
        safety.close(first, "assessed_safe", "Spoke with Rae; safe with her sister.", by=cast.ivy.actor(at), at=at)
        request.refresh_from_db()
        assert desk.post(url(request), of_call(request, danger="yes", note="Pills again")).status_code == 303
        assert Alarm.objects.get(closed__isnull=True).urgency == "now"

    @pytest.mark.parametrize("meanwhile", ["taken up", "closed"])
    def test_danger_is_heard_although_somebody_took_the_request_up_or_closed_it(self, cast: Cast, desk: Client, meanwhile: str) -> None:
        request, at = asked("Rae"), timezone.now()
        form = of_call(request, danger="yes", note="Pills in her hand")
        if meanwhile == "closed":
            actions.close(request, because="declined", by=cast.ivy.actor(at), at=at)
        else:
            actions.correct(request, legal_name="Rae Poe", by=cast.ivy.actor(at), at=at)
            actions.take_up(request, client=None, by=cast.ivy.actor(at), at=at)
        answer = desk.post(url(request), form)
        assert answer["Location"] == url(request, "danger")
        assert "Pills" in Alarm.objects.get(urgency="now").reason

    def test_words_of_danger_typed_on_the_call_stop_the_booking(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        answer = desk.post(url(request), of_call(request, wishes="I want to die", appointment=offered(desk, request)[0]))
        assert answer["Location"] == url(request, "danger")
        assert not Booking.objects.exists()
        request.refresh_from_db()
        assert request.triage == "crisis"

    def test_the_question_is_asked_on_every_call_that_reached_them(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        answer = desk.post(url(request), of_call(request, danger=""))
        assert answer.status_code == 422
        assert "Ask it on every call" in text(answer)
        assert desk.post(url(request), of_call(request, danger="", outcome="no_answer")).status_code == 303


class TestDangerOnAFormThatIsRefused:
    """Another field is wrong: the alarm does not wait for it, and stands once."""

    NEW = {"for_whom": "self", "language": "en", "channel": "call", "person_agrees": "unknown", "triage": "standard"}

    @pytest.mark.parametrize("told", [{"danger": "yes"}, {"danger": "no", "triage": "crisis", "triage_reason": "Pills"}, {"danger": "no", "wishes": "I want to die"}])
    def test_on_a_new_call(self, cast: Cast, desk: Client, told: dict[str, str]) -> None:
        form = {**self.NEW, "form_key": str(uuid4()), "name_used": "", "phone": "312 555 0142", "payer": "State plan", **told}
        for _time in range(2):
            answer = desk.post(url(), form)
            assert answer.status_code == 422
            alarm = Alarm.objects.get()
            assert (alarm.urgency, alarm.contact, alarm.owner) == ("now", "312 555 0142", cast.ivy.staff)
            said = text(answer)
            assert "The alarm is raised. Stay on the line." in said and "988" in said and "312 555 0142 again at once" in said
            assert 'value="State plan"' in answer.content.decode()
        assert not Inquiry.objects.exists()
        answer = desk.post(url(), {**form, "name_used": "Rae"})
        request = Inquiry.objects.get()
        assert answer["Location"] == url(request, "danger") and request.triage == "crisis"
        alarm = Alarm.objects.get()
        assert (alarm.source_kind, alarm.source_key) == ("inquiry", str(request.uid)) and "Rae" in alarm.contact

    def test_the_alarm_stands_with_the_request_though_it_is_taken_back_when_corrected(self, cast: Cast, desk: Client) -> None:
        form = {**self.NEW, "form_key": str(uuid4()), "name_used": "", "phone": "312 555 0142", "danger": "yes"}
        desk.post(url(), form)
        answer = desk.post(url(), {**form, "name_used": "Rae", "danger": "no"})
        assert answer["Location"] == url(Inquiry.objects.get(), "danger") and Alarm.objects.get().source_kind == "inquiry"

    def test_a_call_of_which_nothing_else_is_known(self, cast: Cast, desk: Client) -> None:
        assert desk.post(url(), {"danger": "yes"}).status_code == 422
        assert Alarm.objects.get().contact

    def test_nobody_can_be_reached_yet(self, cast: Cast, desk: Client) -> None:
        """The form is right, the request refused."""
        answer = desk.post(url(), {**self.NEW, "form_key": str(uuid4()), "name_used": "Rae", "phone": "", "danger": "yes"})
        assert answer.status_code == 422 and "Stay on the line" in text(answer)
        assert Alarm.objects.get().contact == "Rae"

    @pytest.mark.parametrize("told", [{"danger": "yes"}, {"triage": "crisis", "triage_reason": "Pills"}, {"wishes": "I want to die"}])
    def test_of_a_request_we_call_about(self, cast: Cast, desk: Client, told: dict[str, str]) -> None:
        request = asked("Rae")
        form = of_call(request, **told, email="not an address", note="Pills in her hand")
        for _time in range(2):
            answer = desk.post(url(request), form)
            assert answer.status_code == 422 and "Stay on the line" in text(answer)
            assert 'value="not an address"' in answer.content.decode() and "Pills in her hand" in answer.content.decode()
            assert Alarm.objects.get().urgency == "now"
        assert desk.post(url(request), {**form, "email": ""})["Location"] == url(request, "danger")
        assert Alarm.objects.get().reason

    def test_without_danger_a_refused_form_raises_nothing(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae", wishes="I want to die")
        first = Alarm.objects.get()
        safety.close(first, "assessed_safe", "Spoke with Rae; safe with her sister.", by=cast.ivy.actor(), at=timezone.now())
        answer = desk.post(url(request), of_call(request, wishes=request.wishes, email="not an address"))
        assert answer.status_code == 422 and Alarm.objects.get() == first and "The alarm is raised" not in text(answer)

    def test_told_with_a_second_click_after_the_request_was_written(self, cast: Cast, desk: Client) -> None:
        form = {**self.NEW, "form_key": str(uuid4()), "name_used": "Rae", "phone": "312 555 0142", "danger": "no"}
        assert desk.post(url(), form).status_code == 303 and not Alarm.objects.exists()
        for _time in range(2):
            assert desk.post(url(), {**form, "danger": "yes"})["Location"] == url(Inquiry.objects.get(), "danger")
        assert Alarm.objects.get().urgency == "now"


class TestPage:
    def test_what_is_known_is_filled_in_and_the_safe_way_is_always_seen(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae", language="es", wishes="Noches, por favor", best_times="after 5", born_on=datetime(1990, 5, 1).date())
        html = desk.get(url(request)).content.decode()
        assert 'class="always-seen"' in html
        said = text(desk.get(url(request)))
        for words in ("Do not leave a message", "Do not say who we are", "after 5", "Noches, por favor", "First answer", "Screening talk", "First visit"):
            assert words in said, words
        assert 'lang="es"' in html
        assert "¿" in said or "“Hola" in said

    def test_the_script_says_what_not_to_say_when_somebody_else_answers(self, cast: Cast, desk: Client) -> None:
        assert "Do not say where you call from" in text(desk.get(url(asked("Rae"))))

    def test_nobody_reached_logs_the_try_and_asks_for_nothing_more(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        assert desk.post(url(request), of_call(request, outcome="no_answer", danger="", legal_name="")).status_code == 303
        assert request.attempts.get().outcome == "no_answer"

    def test_another_urgency_needs_its_reason(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        refused = desk.post(url(request), of_call(request, triage="urgent"))
        assert refused.status_code == 422
        assert "Say in a few words why this urgency fits." in text(refused)
        assert desk.post(url(request), of_call(request, triage="urgent", triage_reason="Just out of hospital")).status_code == 303
        request.refresh_from_db()
        assert (request.triage, request.triage_reason) == ("urgent", "Just out of hospital")

    def test_what_was_wrong_is_put_right(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae", phone="+13125550142")
        desk.post(url(request), of_call(request, phone="312 555 0143", payer_kind="self_pay"))
        request.refresh_from_db()
        assert (request.phone, request.payer_kind) == ("+13125550143", "self_pay")

    def test_a_check_of_the_plan_without_papers_is_not_lost_in_silence(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        refused = desk.post(url(request), of_call(request, payer_kind="medicaid", payer="State", checked="active", reference="77"))
        assert refused.status_code == 422
        assert 'value="77"' in refused.content.decode()

    def test_somebody_we_know_is_compared_before_a_second_record_is_made(self, cast: Cast, desk: Client) -> None:
        ana = cast.ana.client.person
        request = asked("Ana", legal_name=ana.legal_name, born_on=ana.born_on, phone=ana.phone)
        assert "Maybe somebody we know" in text(desk.get(url(request)))
        free = offered(desk, request)[0]
        refused = desk.post(url(request), of_call(request, legal_name=ana.legal_name, born_on_0="5", born_on_1="17", born_on_2="1994", appointment=free))
        assert refused.status_code == 422
        assert "Compare, then choose." in text(refused)

    def test_an_hour_that_was_taken_meanwhile(self, cast: Cast, desk: Client) -> None:
        request, other = asked("Rae"), asked("Oda", phone="+13125550143")
        free = offered(desk, request)[0]
        assert desk.post(url(other), of_call(other, legal_name="Oda Olsen", appointment=free)).status_code == 303
        refused = desk.post(url(request), of_call(request, appointment=free, best_times="mornings"))
        assert refused.status_code == 422
        assert "taken meanwhile" in text(refused)
        assert "mornings" in refused.content.decode()
        assert not Episode.objects.filter(inquiry=request).exists()
        assert not request.attempts.exists()

    def test_two_at_once_on_one_request_make_one_client_and_one_appointment(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        first, second = offered(desk, request)[:2]
        ivy = signed_in(cast.ivy)
        assert desk.post(url(request), of_call(request, appointment=first)).status_code == 303
        late = ivy.post(url(request), of_call(request, appointment=second))
        assert late.status_code == 422
        assert "the assessment is on" in text(late), re.findall(r'class="field-error[^>]*>.*?<', late.content.decode())
        assert Episode.objects.filter(inquiry=request).count() == Booking.objects.count() == 1
        again = ivy.post(url(request), of_call(request))
        assert "took this request up meanwhile" in text(again)

    def test_a_request_that_is_finished_leads_to_its_page(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        actions.close(request, because="declined", by=cast.di.actor(), at=timezone.now())
        assert desk.get(url(request))["Location"] == reverse("inquiry:show", kwargs={"uid": request.uid})

    @pytest.mark.parametrize("who", STRANGERS)
    def test_strangers_get_404(self, cast: Cast, who: str) -> None:
        other, request = signed_in(getattr(cast, who)), asked()
        for where in (url(), url(request), url(request, "danger"), reverse("front_desk:waiting")):
            assert other.get(where).status_code == 404
            assert other.post(where).status_code == 404

    def test_a_session_that_ran_out_sends_to_the_sign_in_and_writes_nothing(self, cast: Cast, desk: Client) -> None:
        request = asked("Rae")
        answer = Client().post(url(request), of_call(request))
        assert (answer.status_code, "/sign-in/" in answer["Location"]) == (302, True)
        assert "Rae" not in answer.content.decode()
        assert not request.attempts.exists()


class TestHours:
    ZONE = ZoneInfo("America/Chicago")

    def free(self, at: datetime) -> list[slots.Slot]:
        return slots.free(at, promises.calendar())

    def test_only_open_hours_in_which_somebody_who_assesses_is_free(self, cast: Cast) -> None:
        way.track()
        at = datetime(2026, 11, 6, 15, 0, tzinfo=self.ZONE)  # a Friday
        found = self.free(at)
        assert {one.staff for one in found} == {cast.ivy.staff}
        assert [one.starts_at.astimezone(self.ZONE).strftime("%a %H:%M") for one in found[:3]] == ["Fri 16:00", "Fri 17:00", "Mon 08:00"]
        assert [one.soon for one in found[:3]] == [True, True, False]

    def test_a_booked_hour_is_offered_to_nobody_else(self, cast: Cast) -> None:
        way.track()
        at = datetime(2026, 11, 2, 7, 0, tzinfo=self.ZONE)
        first = self.free(at)[0]
        timetable.book_once(cast.ana.episode, "assessment", cast.ivy.staff, first.starts_at, first.ends_at, by=cast.di.actor(), at=at)
        assert self.free(at)[0].starts_at > first.starts_at
        assert Session.objects.get().kind == "assessment"

    def test_wishes_lead(self, cast: Cast) -> None:
        way.track()
        at_site = promises.calendar()
        every = self.free(datetime(2026, 11, 2, 7, 0, tzinfo=self.ZONE))
        hours = {one.starts_at.astimezone(self.ZONE).hour for one in slots.offered(every, "afternoon", at_site)}
        assert hours <= set(range(12, 17))
        assert len({one.starts_at.date() for one in slots.offered(every, "", at_site)}) == 3

    def test_the_same_queries_however_many_hours(self, cast: Cast) -> None:
        way.track()
        at_site = promises.calendar()
        with CaptureQueriesContext(connection) as seen:
            slots.free(datetime(2026, 11, 2, 7, 0, tzinfo=self.ZONE), at_site)
        assert len(seen) <= 8


class TestClocksAndHeadline:
    AT = datetime(2026, 11, 2, 15, 0, tzinfo=ZoneInfo("UTC"))

    def test_three_promises_each_runs_is_kept_or_broken(self, cast: Cast) -> None:
        way.track()
        request = actions.receive(for_whom="self", name_used="Rae", channel="call", phone="+13125550142", legal_name="Rae Rivers", by=PUBLIC, at=self.AT)
        at_site = promises.calendar()
        assert [one.state(self.AT) for one in clocks.of(request, at_site)] == ["runs", "waits", "waits"]
        assert clocks.of(request, at_site)[0].state(self.AT + timedelta(days=3)) == "broken"
        actions.attempt_contact(request, channel="call", outcome="reached", by=cast.di.actor(), at=self.AT + timedelta(hours=1))
        actions.take_up(request, by=cast.ivy.actor(), at=self.AT + timedelta(hours=1))
        assert [one.state(self.AT + timedelta(hours=2)) for one in clocks.of(request, at_site)] == ["kept", "runs", "runs"]
        assert [one.state(self.AT + timedelta(days=9)) for one in clocks.of(request, at_site)] == ["kept", "broken", "broken"]

    def test_the_headline_has_its_n_and_its_interval(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        found = first_visits.headline(now)
        assert (found.rate.of, found.percent) == (0, None)
        request = actions.receive(for_whom="self", name_used="Rae", channel="call", phone="+13125550142", legal_name="Rae Rivers", by=PUBLIC, at=now - timedelta(days=9))
        actions.take_up(request, by=cast.ivy.actor(), at=now - timedelta(days=8))
        found = first_visits.headline(now)
        assert (found.rate.count, found.rate.of, found.percent) == (0, 1, 0)
        for who in (desk, signed_in(cast.ed)):
            said = text(who.get(reverse("front_desk:list")))
            assert "0 of 1 people in 90 days; 95 % interval 0 to" in said
        assert "0 of 1 people" in text(signed_in(cast.ed).get(reverse("director:home")))

    def test_the_headline_is_worked_out_once_until_something_happens(self, cast: Cast) -> None:
        now = timezone.now()

        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                first_visits.headline(now)
            return len(seen)

        first_visits.headline(now)
        assert queries() == 2
        request = actions.receive(for_whom="self", name_used="Rae", channel="call", phone="+13125550142", legal_name="Rae Rivers", by=PUBLIC, at=now - timedelta(days=9))
        actions.take_up(request, by=cast.ivy.actor(), at=now - timedelta(days=8))
        assert queries() == 3 and queries() == 2 and first_visits.headline(now).rate.of == 1
        assert first_visits.headline(now - timedelta(days=8)).rate.of == 0  # asked for another day


class TestScript:
    def test_the_script_is_read_before_the_form(self, cast: Cast, desk: Client) -> None:
        for page in (url(), url(asked("Rae"))):
            html = desk.get(page).content.decode()
            assert html.index("What to say") < html.index("Safety first")

    def test_who_calls_us_is_not_told_that_they_asked_for_a_call(self, cast: Cast, desk: Client) -> None:
        said, back = text(desk.get(url())), text(desk.get(url(asked("Rae"))))
        assert "which number is safe to call you back" in said and "which number is safe to call you back" not in back
        for words in ("No answer?", "Somebody else answers?", "asked us to call", "asked for a call"):
            assert words not in said
        assert "No answer?" in back

    def test_what_must_not_be_done_is_not_offered(self, cast: Cast, desk: Client) -> None:
        quiet, open_ = asked("Quinn", may_leave_message=False), asked("Orla", phone="+13125550143", may_leave_message=True)
        assert 'value="message"' not in desk.get(url(quiet)).content.decode()
        assert 'value="message"' in desk.get(url(open_)).content.decode()
        answer = desk.post(url(quiet), of_call(quiet, outcome="message"))
        assert answer.status_code == 422 and "They asked us not to leave a message." in text(answer)
        assert not quiet.attempts.exists()
        assert desk.post(url(open_), of_call(open_, outcome="message")).status_code == 303

    def test_a_message_left_all_the_same_is_logged_with_why(self, cast: Cast, desk: Client) -> None:
        quiet = asked("Quinn", may_leave_message=False)
        page = reverse("inquiry:show", kwargs={"uid": quiet.uid})
        assert "Left a message, against their wish" in text(desk.get(page))
        log = reverse("inquiry:attempts", kwargs={"uid": quiet.uid})
        assert desk.post(log, {"channel": "call", "outcome": "message"}).status_code == 422
        assert desk.post(log, {"channel": "call", "outcome": "message", "note": "By mistake; no name was said"}).status_code == 303


class TestWaiting:
    def wait(self, cast: Cast, name: str, at: datetime, **more: Any) -> Inquiry:
        request = asked(name, at, phone=f"+1312555{abs(hash(name)) % 9000 + 1000}", **more)
        actions.wait(request, reason="full", next_action="Call about evenings", next_on=(at + timedelta(days=200)).date(), by=cast.di.actor(at), at=at)
        return request

    def test_ranked_with_the_reason_and_what_is_due(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        self.wait(cast, "Fresh", now)
        self.wait(cast, "Older", now - timedelta(days=5))
        urgent = self.wait(cast, "Urgent", now)
        actions.triage(urgent, triage="urgent", reason="left hospital", by=cast.di.actor(now), at=now)
        self.wait(cast, "Lifted", now - timedelta(days=22))
        said = text(desk.get(reverse("front_desk:waiting")))
        table = said[said.index("Why here in the line") :]
        places = [table.index(name) for name in ("Urgent", "Lifted", "Older", "Fresh")]
        assert places == sorted(places)
        assert "counts as priority after 22 days of waiting" in said
        assert "a place that fits is free" in said
        assert "1 person was to hear from us before today." in said
        assert "Ask how they are while they wait" in said

    def test_why_they_wait_is_checked_against_the_places(self, cast: Cast, desk: Client) -> None:
        """"No place" beside a free place is a contradiction: the list says what is true now, and whom to call."""
        now, page = timezone.now(), reverse("front_desk:waiting")
        track = Track.objects.get()
        words = {"because": "no_place", "next_action": "Call", "next_on": promises.calendar().today(now) + timedelta(days=2), "by": cast.di.actor(now), "at": now}
        actions.wait(asked("Named", now), track=track, **words)
        actions.wait(asked("Later", now, phone="+13125550177"), **{**words, "because": "later"}, reason="After the holidays")
        said = text(desk.get(page))
        assert "A place is free for 1 person who waits for one." in said and "Named" in said[said.index("Call them in the order") :][:120]
        assert "There was no place when they came on the list. Now there is." in said
        assert f"{track.name}: {track.places} of {track.places} places free" in said
        assert "They want to begin later: After the holidays" in said
        filled(track)
        said = text(desk.get(page))
        assert "Every place of this track is taken." in said
        assert "places free" not in said and "A place is free" not in said and "Now there is" not in said

    def test_another_reason_is_said(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        with pytest.raises(actions.CannotWait, match="few words why they wait") as refused:
            actions.wait(asked("Mute", now), next_action="Call", next_on=now.date() + timedelta(days=2), by=cast.di.actor(now), at=now)
        assert refused.value.field == "reason"

    def test_the_day_that_was_promised_is_the_day_that_is_shown(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        request = asked("Soon", now)
        promised = promises.calendar().today(now) + timedelta(days=1)
        actions.wait(request, reason="full", next_action="Call about evenings", next_on=promised, by=cast.di.actor(now), at=now)
        said = text(desk.get(reverse("front_desk:waiting")))
        assert date_format(promised, "D, M j") in said
        assert date_format(promised + timedelta(days=1), "D, M j") not in said

    def test_nobody_is_forgotten_the_interim_contact_breaks_a_promise_on_the_desk(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        request = self.wait(cast, "Lost", now - timedelta(days=16))
        assert "1 promise is broken." in text(desk.get(reverse("front_desk:list")))
        actions.attempt_contact(request, channel="call", outcome="reached", by=cast.di.actor(now), at=now)
        assert "promise is broken" not in text(desk.get(reverse("front_desk:list")))

    def test_a_crisis_does_not_wait_and_one_that_becomes_a_crisis_leads(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        crisis = asked("Cris", danger=True)
        with pytest.raises(actions.CannotWait, match="crisis does not wait"):
            actions.wait(crisis, reason="full", next_action="Call", next_on=now.date() + timedelta(days=2), by=cast.di.actor(now), at=now)
        waits = self.wait(cast, "Waits", now)
        actions.triage(waits, triage="crisis", reason="says so", by=cast.di.actor(now), at=now)
        assert "1 person in crisis is on the list." in text(desk.get(reverse("front_desk:waiting")))

    def test_off_the_list_with_a_reason(self, cast: Cast, desk: Client) -> None:
        request = self.wait(cast, "Waits", timezone.now())
        there = reverse("inquiry:waiting", kwargs={"uid": request.uid})
        assert desk.post(there, {"end": "1"}).status_code == 422
        assert desk.post(there, {"end": "1", "because": "wish", "note": "Found a therapist"}).status_code == 303
        row = request.waiting.get()
        assert (row.ended_because, row.ended_note) == ("wish", "Found a therapist")

    def test_the_same_queries_for_one_and_three(self, cast: Cast, desk: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(reverse("front_desk:waiting")).status_code == 200
            return len(seen)

        now = timezone.now()
        self.wait(cast, "One", now)
        desk.get(reverse("front_desk:waiting"))
        one = queries()
        self.wait(cast, "Two", now)
        self.wait(cast, "Three", now)
        assert queries() == one


def test_the_assessment_counts_for_no_week_of_treatment(cast: Cast) -> None:
    way.track()
    at = datetime(2026, 11, 2, 15, 0, tzinfo=ZoneInfo("UTC"))
    booking = timetable.book_once(cast.ana.episode, "assessment", cast.ivy.staff, at + timedelta(hours=1), at + timedelta(hours=2), by=cast.di.actor(), at=at)
    assert keeping.booked(cast.ana.episode) == booking
    from footbridge.care.timetable import reads

    assert [one.minutes for one in reads.week_of(cast.ana.episode, at.date())] == [60]
    assert reads.counted(reads.week_of(cast.ana.episode, at.date())).therapeutic_minutes == 0
