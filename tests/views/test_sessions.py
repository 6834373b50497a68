"""The screen of a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from footbridge.care.sessions import reads
from footbridge.care.sessions.models import Attendance, NoteAmendment, NotePart, NoteSignature
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Session
from tests import program as week_
from tests.actions.test_timetable import someone
from tests.cast import PASSWORD
from tests.views.test_timetable import signed_in

pytestmark = pytest.mark.django_db
TEN = ["Ada Ivers", "Ben Ortiz", "Cleo Park", "Dee Quinn", "Eli Rao", "Fay Stone", "Gil Tan", "Hal Unger", "Ines Vega"]


@pytest.fixture
def session(cast) -> Session:
    """Ten people in a group that met last week."""
    now = timezone.now()
    made = week_.load(cast, now)
    last = (now - timedelta(days=now.weekday() + 7)).date()
    timetable.publish(made.morning, last, last + timedelta(weeks=1), by=cast.ed.actor(), at=now - timedelta(days=15))
    for episode in [cast.ana.episode, *(someone(name) for name in TEN)]:
        timetable.join_group(episode, made.process, last, by=cast.di.actor(), at=now - timedelta(days=15))
    return Session.objects.filter(group=made.process).order_by("starts_at").first()


def url(name: str, session: Session, **kw) -> str:
    return reverse(f"sessions:{name}", kwargs={"uid": session.uid, **kw})


def seat(session: Session, name: str):
    return next(b for b in reads.seated(session) if b.episode.client.person.name_used == name)


class TestAttendance:
    def test_ten_people_with_two_exceptions_in_three_actions(self, cast, session):
        """Two marks, one button: everybody else was present."""
        ana, ben = seat(session, "Ana"), seat(session, "Ben")
        posted = {f"came-{ana.uid}": "late", f"minutes-{ana.uid}": "9:12", f"came-{ben.uid}": "absent", "rest": "present"}
        page = signed_in(cast.bo).post(url("attendance", session), posted)
        assert page.status_code == 303
        said = reads.attendance(session)
        assert len(said) == 10
        assert (said[ana.pk].came, said[ana.pk].minutes_attended) == ("late", 38)
        assert said[ben.pk].minutes_attended == 0
        assert sum(a.came == "present" for a in said.values()) == 8

    def test_one_action_when_all_came(self, cast, session):
        assert signed_in(cast.bo).post(url("attendance", session), {"rest": "present"}).status_code == 303
        assert Attendance.objects.filter(came="present").count() == 10

    def test_late_without_minutes_is_refused_in_words(self, cast, session):
        ana = seat(session, "Ana")
        page = signed_in(cast.bo).post(url("attendance", session), {f"came-{ana.uid}": "late"})
        assert page.status_code == 422
        assert "Ana: type the minutes, or the time they came or left" in page.content.decode()
        assert not Attendance.objects.exists()

    def test_only_what_is_marked(self, cast, session):
        ana = seat(session, "Ana")
        signed_in(cast.bo).post(url("attendance", session), {f"came-{ana.uid}": "present"})
        assert Attendance.objects.count() == 1


class TestNotes:
    def test_from_the_group_part_to_the_signature(self, cast, session):
        browser = signed_in(cast.bo)
        assert "Everyone else was present" in browser.get(url("show", session)).content.decode()
        browser.post(url("attendance", session), {"rest": "present"})
        assert browser.post(url("show", session), {"topic": "Saying no", "text": "We practiced in pairs."}).status_code == 303
        first = reads.seated(session)[0]
        page = browser.post(url("person", session, person=first.uid), {"participation": "active", "text": "Found words.", "next": "1"})
        assert page.status_code == 303
        assert page["Location"] == url("person", session, person=reads.seated(session)[1].uid)
        page = browser.get(url("signature", session))
        assert "Their own part is empty" in page.content.decode()
        for booking in reads.seated(session)[1:]:
            browser.post(url("person", session, person=booking.uid), {"participation": "some"})
        assert browser.post(url("signature", session), {"password": "wrong"}).status_code == 422
        assert not NoteSignature.objects.exists()
        assert browser.post(url("signature", session), {"password": PASSWORD}).status_code == 303
        said = browser.get(url("show", session)).content.decode()
        assert "Fingerprint" in said
        assert "Everyone else was present" not in said
        assert browser.post(url("show", session), {"text": "Other."}).status_code == 422
        part = NotePart.objects.first()
        page = browser.post(url("amendments", session), {"part": str(part.uid), "text": "Also spoke about work."})
        assert page.status_code == 303
        assert NoteAmendment.objects.get().part == part

    def test_a_name_in_the_group_part(self, cast, session):
        page = signed_in(cast.bo).post(url("show", session), {"text": "Ana led the exercise."})
        assert page.status_code == 422
        assert "The group part names Ana" in page.content.decode()
        assert "Ana led the exercise." in page.content.decode()

    def test_another_name_in_a_part_is_kept_with_a_warning(self, cast, session):
        browser = signed_in(cast.bo)
        ana = seat(session, "Ana")
        page = browser.post(url("person", session, person=ana.uid), {"text": "Answered Ben.", "next": "1"}, follow=True)
        assert "This part names Ben" in page.content.decode()
        assert NotePart.objects.get().text == "Answered Ben."

    def test_before_it_begins(self, cast, session):
        later = session
        with_later = timezone.now() + timedelta(days=3)
        booking = timetable.book_once(
            cast.ana.episode, "individual", cast.bo.staff, with_later, with_later + timedelta(minutes=50), by=cast.bo.actor(), at=timezone.now()
        )
        browser = signed_in(cast.bo)
        said = browser.get(url("show", booking.session), follow=True).content.decode()
        assert "has not begun" in said
        page = browser.post(url("person", booking.session, person=booking.uid), {"text": "x"})
        assert page.status_code == 422
        assert later.pk != booking.session_id

    def test_a_visit_opens_at_its_person(self, cast, session):
        at = timezone.now() - timedelta(hours=3)
        booking = timetable.book_once(cast.ana.episode, "individual", cast.bo.staff, at, at + timedelta(minutes=50), by=cast.bo.actor(), at=at - timedelta(days=1))
        page = signed_in(cast.bo).get(url("show", booking.session))
        assert page["Location"] == url("person", booking.session, person=booking.uid)


class TestPaper:
    def test_names_used_and_initials_only(self, cast, session):
        said = signed_in(cast.bo).get(url("sign_in_sheet", session)).content.decode()
        assert "Ana S." in said
        assert "Soto" not in said
        assert "process group" not in said


class TestWho:
    @pytest.mark.parametrize("name", ["show", "signature", "amendments", "sign_in_sheet", "not_held"])
    def test_strangers(self, cast, session, name):
        for who in (cast.cy, cast.di, cast.bea, cast.ana, cast.gus, cast.flo):
            assert signed_in(who).get(url(name, session)).status_code == 404

    def test_the_director_reads_and_does_not_write(self, cast, session):
        browser = signed_in(cast.ed)
        assert browser.get(url("show", session)).status_code == 200
        assert browser.post(url("show", session), {"text": "x"}).status_code == 404
        assert browser.post(url("attendance", session), {"rest": "present"}).status_code == 404
        assert browser.get(url("signature", session)).status_code == 404

    def test_signed_out(self, session):
        assert Client().get(url("show", session)).status_code == 302

    def test_somebody_of_another_session(self, cast, session):
        other = Session.objects.exclude(pk=session.pk).first()
        booking = reads.seated(session)[0]
        assert signed_in(cast.bo).get(url("person", other, person=booking.uid)).status_code == 404

    def test_not_held(self, cast, session):
        browser = signed_in(cast.bo)
        assert browser.post(url("not_held", session), {"because": "staff_away"}).status_code == 303
        assert "This session is cancelled" in browser.get(url("show", session)).content.decode()
