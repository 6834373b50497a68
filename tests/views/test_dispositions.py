"""The page before the end of a visit, and what the session page says."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from footbridge.care.safety.dispositions.models import Disposition
from footbridge.care.sessions import actions as sessions
from footbridge.care.sessions.actions import Entry
from footbridge.care.sessions.models import NoteSignature, PartHeldBack
from footbridge.care.timetable import actions as timetable
from tests import program
from tests.cast import PASSWORD
from tests.views.test_safety import at_desk, raised
from tests.views.test_sessions import seat, session, url  # noqa: F401 - session is a fixture

pytestmark = pytest.mark.django_db


def address(cast):
    return reverse("safety:disposition", kwargs={"uid": cast.ana.episode.uid})


def words(**more):
    return {
        "form_key": str(uuid4()), "decided": "same_day", "where_now": "At home with Flo", "told": "Ed at ten, Flo",
        "note": "No intent now; comes back at four.", **more,
    }  # fmt: skip


def test_written_down_once_and_shown(cast):
    alarm = raised(cast, urgency="now", reason="Said goodbye")
    bo = at_desk(cast.bo)
    page = bo.get(address(cast)).content.decode()
    assert "Said goodbye" in page and "cannot end" in page
    refused = bo.post(address(cast), words(told=""))
    assert refused.status_code == 422
    assert "At home with Flo" in refused.content.decode() and not Disposition.objects.exists()
    told = words()
    for _click in range(2):
        answer = bo.post(address(cast), told, follow=True)
    assert Disposition.objects.count() == 1
    shown = answer.content.decode()
    assert "At home with Flo" in shown and "A visit cannot end yet" not in shown
    assert "Close the alarm too" in shown and not hasattr(alarm, "closed")


@pytest.mark.parametrize("who", ["cy", "di", "bea", "gus", "flo", "ana", "max"])
def test_strangers(cast, who):
    assert at_desk(getattr(cast, who)).get(address(cast)).status_code == 404
    assert at_desk(getattr(cast, who)).post(address(cast), words()).status_code == 404


def test_a_visit_says_so_at_the_top_and_cannot_be_signed(cast):
    at = timezone.now() - timedelta(hours=3)
    program.load(cast, at - timedelta(days=1))
    booking = timetable.book_once(
        cast.ana.episode, "individual", cast.bo.staff, at, at + timedelta(minutes=50), by=cast.bo.actor(), at=at - timedelta(days=1)
    )
    sessions.take_attendance(booking.session, [Entry(booking, "present")], by=cast.bo.actor(), at=at + timedelta(hours=1))
    sessions.write_part(booking, text="Spoke of last night.", by=cast.bo.actor(), at=at + timedelta(hours=1))
    raised(cast, urgency="now", reason="Said goodbye")
    bo = at_desk(cast.bo)
    page = bo.get(url("person", booking.session, person=booking.uid)).content.decode()
    assert "Ana: this visit cannot end yet" in page and address(cast) in page
    refused = bo.post(url("signature", booking.session), {"password": PASSWORD})
    assert refused.status_code == 422 and not NoteSignature.objects.exists()
    assert "Write down what was decided" in refused.content.decode() and address(cast) in refused.content.decode()
    bo.post(address(cast), words())
    assert "cannot end yet" not in bo.get(url("person", booking.session, person=booking.uid)).content.decode()
    assert bo.post(url("signature", booking.session), {"password": PASSWORD}).status_code == 303


def test_a_group_holds_back_one_part_and_it_is_signed_alone(cast, session):  # noqa: F811
    bo = at_desk(cast.bo)
    bo.post(url("attendance", session), {"rest": "present"})
    bo.post(url("show", session), {"topic": "Saying no", "text": "We practiced in pairs."})
    raised(cast, urgency="now", reason="Said goodbye")
    people = sessions.reads.seated(session)
    for booking in people:
        bo.post(url("person", session, person=booking.uid), {"participation": "some"})
    assert "Ana: their part cannot be signed yet" in bo.get(url("show", session)).content.decode()
    assert bo.post(url("signature", session), {"password": PASSWORD}).status_code == 303
    ana = seat(session, "Ana")
    assert PartHeldBack.objects.get().booking == ana
    shown = bo.get(url("show", session)).content.decode()
    assert "Not signed with the others" in shown and "Sign their part" not in shown
    alone = url("part_signature", session, person=ana.uid)
    assert bo.post(alone, {"password": PASSWORD}).status_code == 422
    assert bo.post(url("person", session, person=ana.uid), {"text": "Said goodbye to all."}).status_code == 303
    bo.post(address(cast), words())
    assert alone in bo.get(url("show", session)).content.decode()
    assert bo.get(alone).status_code == 200
    assert bo.post(alone, {"password": "wrong"}).status_code == 422
    assert bo.post(alone, {"password": PASSWORD}).status_code == 303
    assert "Not signed with the others" not in bo.get(url("show", session)).content.decode()
    for who in (cast.cy, cast.ed, cast.gus, cast.ana):
        assert at_desk(who).get(alone).status_code == 404
