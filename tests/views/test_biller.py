"""The biller's days: minutes and reasons, and no word of a note."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from footbridge.care.sessions import actions as sessions
from footbridge.care.sessions import reads as session_reads
from footbridge.care.sessions.actions import Entry
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Session
from tests import program as week_
from tests.actions.test_timetable import someone
from tests.cast import NOW
from tests.program import MONDAY
from tests.views.test_timetable import signed_in

pytestmark = pytest.mark.django_db
WORDS = "Spoke about a hard night."


@pytest.fixture
def week(cast) -> week_.Week:
    """Ana's first week: Monday signed, Wednesday attended and not signed, Friday open."""
    made = week_.load(cast)
    timetable.publish(made.morning, MONDAY, MONDAY + timedelta(weeks=1), by=cast.ed.actor(), at=NOW)
    for group in (made.process, made.skills):
        timetable.join_group(cast.ana.episode, group, MONDAY, by=cast.di.actor(), at=NOW)
        for n, session in enumerate(Session.objects.filter(group=group).order_by("starts_at")[:2]):
            seats, at = session_reads.seated(session), session.ends_at
            sessions.take_attendance(session, [Entry(seats[0], "present")], by=cast.bo.actor(), at=at)
            sessions.write_note(session, text="We practiced.", by=cast.bo.actor(), at=at)
            sessions.write_part(seats[0], text=WORDS, by=cast.bo.actor(), at=at)
            if n == 0:
                sessions.sign(session, by=cast.bo.actor(), at=at)
    return made


def test_minutes_services_needs_and_verdict(cast, week):
    page = signed_in(cast.bea).get(reverse("biller:days"), {"on": "2026-11-04"})
    said = page.content.decode()
    assert page.status_code == 200
    found = page.context["found"][0]
    assert (found.scheduled, found.attended, found.documented, found.services) == (480, 320, 160, 2)
    assert [(d.scheduled, d.attended, d.documented, d.services) for d in found.days] == [(160, 160, 160, 2), (160, 160, 0, 0), (160, 0, 0, 0)]
    for words in ("8 h this week; at least 9 h is needed, so 1 h is missing.", "SAMHSA Advisory", "2 notes not signed", "attendance of 2 not taken"):
        assert words in said
    assert "Ana Soto" in said


def test_no_word_of_a_note(cast, week):
    browser = signed_in(cast.bea)
    for name in ("days", "file"):
        said = browser.get(reverse(f"biller:{name}"), {"on": "2026-11-04"}).content.decode()
        assert WORDS not in said
        assert "We practiced." not in said
    session = Session.objects.filter(group=week.process).first()
    assert browser.get(reverse("sessions:show", kwargs={"uid": session.uid})).status_code == 404


def test_one_day_only(cast, week):
    browser = signed_in(cast.bea)
    assert len(browser.get(reverse("biller:days"), {"on": "2026-11-04", "only": "on"}).context["found"]) == 1
    assert browser.get(reverse("biller:days"), {"on": "2026-11-05", "only": "on"}).context["found"] == []
    assert "No sessions in this week" in browser.get(reverse("biller:days"), {"on": "2026-12-28"}).content.decode()


def test_the_file(cast, week):
    page = signed_in(cast.bea).get(reverse("biller:file"), {"on": "2026-11-04"})
    assert page["Content-Disposition"] == 'attachment; filename="days-2026-11-02.csv"'
    rows = list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert [r["documented_minutes"] for r in rows] == ["160", "0", "0"]
    assert {r["week_rule_met"] for r in rows} == {"no"}


def test_the_same_queries_for_one_and_three_clients(cast, week):
    browser = signed_in(cast.bea)
    browser.get(reverse("biller:days"))  # the first page of a sign-in also writes when it was
    counts = []
    for name in ("", "Ben Ortiz", "Cleo Park"):
        if name:
            timetable.join_group(someone(name), week.process, MONDAY, by=cast.di.actor(), at=NOW)
        with CaptureQueriesContext(connection) as caught:
            page = browser.get(reverse("biller:days"), {"on": "2026-11-04"})
        counts.append(len(caught))
    assert len(page.context["found"]) == 3
    assert counts[0] == counts[2]


def test_nobody_else(cast, week):
    for who in (cast.bo, cast.di, cast.ana, cast.flo, cast.gus, cast.pat):
        assert signed_in(who).get(reverse("biller:days")).status_code == 404
    assert signed_in(cast.ed).get(reverse("biller:days")).status_code == 200
