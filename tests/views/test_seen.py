"""Scores where they are needed: the chart and its files, the caseload in order, the roster before a session, the huddle, the note."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.medication import actions as medication
from footbridge.care.safety import actions as safety
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Session
from footbridge.ground.instruments import lines
from footbridge.kit.trail.models import Act
from tests import program as week
from tests.actions import way
from tests.cast import Cast
from tests.people import BETTER, CALM, NONE, ONE, SAME, WORSE, many, somebody

from .test_screening import at_desk

pytestmark = pytest.mark.django_db


def asked(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.fixture
def people(cast: Cast):
    now = timezone.now()
    return many(cast, way.track(at=now), [(BETTER, CALM, ""), (SAME, NONE, ""), (WORSE, ONE, ""), (NONE, NONE, "")], now=now)


@pytest.fixture
def midweek(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the pages stands on the last Thursday: what was due on the first day of the week is late, on whatever day the tests run."""
    now = timezone.now()
    thursday = (now - timedelta(days=(now.weekday() - 3) % 7 or 7)).replace(hour=18)
    monkeypatch.setattr(timezone, "now", lambda: thursday)


def path(name: str, episode, **more) -> str:
    return reverse(name, kwargs={"uid": episode.uid, **more})


class TestLines:
    def test_first_and_last_and_what_it_is_worth(self, people):
        found = lines.of_episodes([one.pk for one in people])
        better, same, worse = (found[one.pk][0] for one in people[:3])
        assert (better.direction, same.direction, worse.direction) == ("improved", "none", "worse")
        assert better.said == "from 18: 12 better, more than chance" and better.shown == "6"
        assert people[3].pk not in found
        assert found[people[2].pk][1].said == "first score"


class TestChart:
    def test_the_clinician_sees_bands_lanes_and_how_to_read_it(self, cast: Cast, people):
        episode = people[0]
        medication.add(episode.client, name="Sertraline", dose="50 mg", taken_from=timezone.now().date() - timedelta(days=30), by=cast.bo.actor(timezone.now()), at=timezone.now())
        text = at_desk(cast.bo).get(path("measures:show", episode)).content.decode()
        assert "Sertraline 50 mg" in text and "Asks about the last 14 days." in text
        assert "better, and more than chance" in text and "scores.csv" in text and "scores.pdf" in text

    def test_what_was_not_answered_is_a_gap_and_said(self, cast: Cast, people):
        text = at_desk(cast.bo).get(path("measures:show", people[0])).content.decode()
        assert "Not answered" in text and 'class="gone"' in text

    def test_files_are_neutral_logged_and_not_for_strangers(self, cast: Cast, people):
        episode = people[0]
        bo = at_desk(cast.bo)
        for name, kind in (("measures:csv", "text/csv; charset=utf-8"), ("measures:pdf", "application/pdf")):
            assert "Who is it for?" in bo.get(path(name, episode, code="phq9")).content.decode()
            answer = bo.post(path(name, episode, code="phq9"), {"reader": "team"})
            assert answer.status_code == 200 and answer["Content-Type"] == kind
            assert 'filename="scores.' in answer["Content-Disposition"]
            for stranger in (cast.cy, cast.gus, cast.di, cast.ana):
                assert at_desk(stranger).get(path(name, episode, code="phq9")).status_code == 404
            assert bo.get(path(name, episode, code="nothing")).status_code == 404
        looks = Act.objects.filter(verb="chart.looked", client_uid=episode.client.uid, detail__what="measures file phq9, for team")
        assert looks.count() == 2
        told = list(csv.DictReader(io.StringIO(bo.post(path("measures:csv", episode, code="phq9"), {"reader": "client"}).content.decode())))
        assert [row["score"] for row in told if row["score"]] == ["18", "12", "8", "6"]
        assert any(row["note"] == "Not answered" for row in told)

    def test_the_client_keeps_their_own_without_words_of_severity(self, cast: Cast):
        now = timezone.now()
        way.admitted(cast, at=now - timedelta(days=20))
        from tests.actions.test_reviews import phq9

        phq9(cast, "2", now - timedelta(days=18))
        phq9(cast, "1", now - timedelta(days=2))
        ana = at_desk(cast.ana)
        page = ana.get(reverse("client:progress")).content.decode()
        assert "Your score fell from 16 to 8." in page and "more than chance" in page and "evere" not in page
        answer = ana.get(reverse("client:progress_csv", args=["phq9"]))
        assert "band" not in answer.content.decode().splitlines()[0]
        assert ana.get(reverse("client:progress_pdf", args=["phq9"])).content.startswith(b"%PDF")
        assert ana.get(reverse("client:progress_pdf", args=["gad7"])).status_code == 404
        assert at_desk(cast.bo).get(reverse("client:progress_csv", args=["phq9"])).status_code == 404


class TestCaseload:
    def test_who_needs_somebody_first_stands_first_and_it_says_why(self, midweek, cast: Cast, people):
        now = timezone.now()
        safety.raise_alarm(
            client=people[1].client, kind="staff", urgency="now", reason="Said to be in danger.", source_kind="test", source_key="1", by=cast.bo.actor(now), at=now
        )
        text = at_desk(cast.bo).get(reverse("clinician:caseload")).content.decode()
        assert text.index("Person 1") < text.index("Person 0") and text.index("Person 1") < text.index("Ana")
        assert "An alarm is open: now" in text and "Questionnaires late" in text

    def test_the_same_questions_for_few_and_many(self, cast: Cast):
        now, bo = timezone.now(), at_desk(cast.bo)
        track = way.track(at=now)
        many(cast, track, [(BETTER, CALM, "")], now=now)
        asked(bo, reverse("clinician:caseload"))
        one = asked(bo, reverse("clinician:caseload"))
        many(cast, track, [(SAME, NONE, ""), (BETTER, CALM, ""), (WORSE, WORSE, "")], now=now)
        assert asked(bo, reverse("clinician:caseload")) <= one


class TestHuddle:
    def test_worse_stuck_ready_with_reasons(self, cast: Cast, people):
        text = at_desk(cast.bo).get(reverse("clinician:huddle")).content.decode()
        worse, stuck, ready = text.index("Person 2"), text.index("Person 1"), text.index("Person 0")
        assert worse < stuck < ready
        assert "worse by more than chance (at least 6)" in text and "no measure is better by more than chance" in text
        assert "Person 0" not in at_desk(cast.cy).get(reverse("clinician:huddle")).content.decode()
        assert at_desk(cast.di).get(reverse("clinician:huddle")).status_code == 404

    def test_the_same_questions_for_few_and_many(self, cast: Cast):
        now, bo = timezone.now(), at_desk(cast.bo)
        track = way.track(at=now)
        many(cast, track, [(BETTER, CALM, "")], now=now)
        asked(bo, reverse("clinician:huddle"))
        one = asked(bo, reverse("clinician:huddle"))
        many(cast, track, [(SAME, NONE, ""), (BETTER, CALM, ""), (WORSE, WORSE, "")], now=now)
        assert asked(bo, reverse("clinician:huddle")) <= one


class TestBeforeASession:
    @pytest.fixture
    def session(self, cast: Cast) -> Session:
        now = timezone.now()
        made = week.load(cast, now)
        monday = (now - timedelta(days=now.weekday() + 7)).date()
        timetable.publish(made.morning, monday, monday + timedelta(weeks=2), by=cast.ed.actor(now), at=now - timedelta(days=15))
        folk = many(cast, made.morning, [(BETTER, CALM, "")], now=now)
        timetable.join_group(folk[0], made.process, monday, by=cast.di.actor(now), at=now - timedelta(days=14), confirmed=True)
        self.process, self.monday = made.process, monday
        return Session.objects.filter(group=made.process).order_by("starts_at").first()

    def test_the_leader_sees_scores_and_change_and_it_is_written_down(self, cast: Cast, session: Session):
        text = at_desk(cast.bo).get(path("clinician:before", session)).content.decode()
        assert "Person 0" in text and "12 better, more than chance" in text
        assert Act.objects.filter(verb="chart.looked", detail__what="before a session").exists()
        assert path("clinician:before", session) in at_desk(cast.bo).get(path("sessions:show", session)).content.decode()

    @pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "gus", "pat"])
    def test_nobody_else(self, cast: Cast, session: Session, who: str):
        assert at_desk(getattr(cast, who)).get(path("clinician:before", session)).status_code == 404

    def test_the_same_questions_for_1_and_3(self, cast: Cast, session: Session):
        now, bo = timezone.now(), at_desk(cast.bo)
        asked(bo, path("clinician:before", session))
        one = asked(bo, path("clinician:before", session))
        for episode in (somebody("Nil One"), somebody("Nil Two")):
            timetable.join_group(episode, self.process, self.monday, by=cast.di.actor(now), at=now - timedelta(days=13), confirmed=True)
        # Each person's opening is one row of the trail more.
        assert asked(bo, path("clinician:before", session)) <= one + 2

    def test_scores_stand_beside_the_note(self, cast: Cast, session: Session):
        booking = session.bookings.get()
        text = at_desk(cast.bo).get(reverse("sessions:person", kwargs={"uid": session.uid, "person": booking.uid})).content.decode()
        assert "from 18: 12 better, more than chance" in text
