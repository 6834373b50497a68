"""The pages of the timetable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge import data
from footbridge.care.timetable import actions
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.program import importing
from footbridge.ground.program.models import Meeting
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.cast import Cast, Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def monday(now) -> date:
    return (now - timedelta(days=now.weekday())).date() + timedelta(weeks=1)


@pytest.fixture
def week(cast: Cast, now) -> week_.Week:
    made = week_.load(cast, now)
    actions.publish_ahead(at=now)
    return made


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(name: str, **kw) -> str:
    return reverse(f"timetable:{name}", kwargs=kw)


class TestWeek:
    def test_shows_groups_with_leader_room_and_seats(self, cast, week, monday):
        page = signed_in(cast.di).get(url("week"), {"week": monday.isoformat()})
        assert page.status_code == 200
        said = page.content.decode()
        for words in ("Morning process group", "Bo", "Blue room, Downtown", "0 of 12 seats", "9:00 a.m. – 9:50 a.m.", "Monday"):
            assert words in said

    def test_filters(self, cast, week, monday):
        page = signed_in(cast.di).get(url("week"), {"week": monday.isoformat(), "track": str(week.evening.uid)})
        said = page.content.decode()
        assert "Evening process group" in said
        assert "Morning process group" not in said.split("<tbody>")[1]
        page = signed_in(cast.di).get(url("week"), {"week": monday.isoformat(), "leader": str(cast.cy.staff.uid), "room": str(week.green.uid)})
        body = page.content.decode().split("<tbody>")[1]
        assert "Recovery group" in body
        assert "process group" not in body

    def test_the_same_queries_for_few_and_many_sessions(self, cast, week, monday):
        browser = signed_in(cast.ed)
        browser.get(url("week"))
        counts = []
        for query in ({"room": str(week.green.uid)}, {}):
            with CaptureQueriesContext(connection) as caught:
                browser.get(url("week"), {"week": monday.isoformat(), **query})
            counts.append(len([q for q in caught.captured_queries if "care_" in q["sql"]]))
        assert counts[0] == counts[1]

    def test_nobody_from_outside(self, cast, week):
        for who in (cast.gus, cast.ana, cast.flo, cast.bea):
            assert signed_in(who).get(url("week")).status_code == 404

    def test_the_leader_leads_to_the_session_and_others_do_not(self, cast, week, monday):
        session = Session.objects.filter(group=week.process, starts_at__date__gte=monday).order_by("starts_at").first()
        assert f"/sessions/{session.uid}/" in signed_in(cast.bo).get(url("week"), {"week": monday.isoformat()}).content.decode()
        assert str(session.uid) not in signed_in(cast.cy).get(url("week"), {"week": monday.isoformat()}).content.decode()


class TestPublishing:
    def test_the_director_publishes_and_reads_what_was_left_out(self, cast, now):
        week_.load(cast, now)
        page = signed_in(cast.ed).post(url("publishing"), {"program": "riverside", "from_on": "2026-11-23", "until_on": "2026-11-30"})
        assert page.status_code == 200
        assert "9 sessions made" in page.content.decode()
        assert "Downtown is closed" in page.content.decode()

    def test_refusal(self, cast, now):
        week_.load(cast, now)
        page = signed_in(cast.ed).post(url("publishing"), {"program": "riverside", "from_on": "2026-11-23", "until_on": "2026-11-23"})
        assert page.status_code == 422

    def test_therapists_may_not(self, cast):
        assert signed_in(cast.bo).get(url("publishing")).status_code == 404


class TestProgram:
    def test_published_counts_and_verdicts(self, cast, now):
        importing.load(data.text("programs/matrix"), by=SYSTEM, at=now)
        said = signed_in(cast.ed).get(url("program", code="matrix")).content.decode()
        assert "Relapse prevention" in said
        assert said.count(">Same<") >= 8
        assert "2 h 50 min is missing" in said
        assert "SAMHSA Advisory (2021)" in said
        assert "6 h 10 min" in said

    def test_another_week_and_track(self, cast, now):
        importing.load(data.text("programs/ucsf_langley"), by=SYSTEM, at=now)
        said = signed_in(cast.di).get(url("program", code="ucsf_langley"), {"track": "php", "week": "2"}).content.decode()
        assert "Skills practice and review" in said

    def test_the_director_sets_who_leads_and_where(self, cast, week):
        meeting = Meeting.objects.filter(group=week.process, held_until__isnull=True).order_by("weekday").first()
        address = url("leader", uid=meeting.uid)
        shown = signed_in(cast.ed).get(url("program", code="riverside"), {"track": meeting.group.track.code})
        assert address in shown.content.decode()
        done = signed_in(cast.ed).post(address, {"leader": "", "room": ""})
        assert done.status_code == 303
        said = signed_in(cast.ed).get(done["Location"]).content.decode()
        assert "Nobody leads" in said
        done = signed_in(cast.ed).post(address, {"leader": str(cast.bo.staff.uid), "room": str(week.green.uid)})
        assert done.status_code == 303
        meeting.refresh_from_db()
        assert (meeting.leader, meeting.room) == (cast.bo.staff, week.green)
        assert Act.objects.filter(verb="meeting.leader_set", about_uid=meeting.uid).exists()

    def test_a_leader_taken_at_that_hour_is_refused(self, cast, week):
        first = Meeting.objects.filter(leader=cast.bo.staff, held_until__isnull=True).order_by("weekday", "starts").first()
        site = first.group.track.site
        with trail.act("test.meeting", by=SYSTEM, at=timezone.now(), about=first):
            twin = Meeting.objects.create(group=first.group, weekday=first.weekday, starts=first.starts, ends=first.ends)
        page = signed_in(cast.ed).post(url("leader", uid=twin.uid), {"leader": str(cast.bo.staff.uid), "room": ""})
        assert page.status_code == 422 and site is not None
        assert "at that hour" in page.content.decode()

    def test_only_those_who_keep_the_program_set_a_leader(self, cast, week):
        meeting = Meeting.objects.filter(group=week.process).first()
        for who in (cast.bo, cast.di, cast.ana, cast.gus):
            assert signed_in(who).get(url("leader", uid=meeting.uid)).status_code == 404
        said = signed_in(cast.di).get(url("program", code="riverside")).content.decode()
        assert "/timetable/meetings/" not in said

    def test_unknown(self, cast):
        assert signed_in(cast.ed).get(url("program", code="nothing")).status_code == 404


class TestEpisode:
    def test_empty_offers_what_fits(self, cast, week):
        page = signed_in(cast.di).get(url("episode", uid=cast.ana.episode.uid))
        assert page.status_code == 200
        said = page.content.decode()
        assert "What fits" in said
        assert f"/episodes/{cast.ana.episode.uid}/timetable/track/?track=morning" in said
        assert Act.objects.filter(verb="chart.looked", detail={"what": "timetable"}).count() == 1

    def test_place_in_a_track_from_the_page(self, cast, week, monday):
        browser = signed_in(cast.di)
        page = browser.post(
            url("track", uid=cast.ana.episode.uid), {"track": "morning", "held_from": monday.isoformat(), "individual": "on"}
        )
        assert page.status_code == 303
        said = browser.get(url("episode", uid=cast.ana.episode.uid), {"week": monday.isoformat()}).content.decode()
        assert "Morning process group" in said
        assert "Individual" in said
        assert "9 h 40 min this week; at least 9 h is needed." in said
        assert "SAMHSA" in said

    def test_a_full_group_is_refused_in_words(self, cast, week, monday):
        for who in (cast.max.episode,):
            actions.join_group(who, week.evening_process, monday, by=cast.di.actor(), at=timezone.now())
        from tests.actions.test_timetable import someone

        actions.join_group(someone("Two Person"), week.evening_process, monday, by=cast.di.actor(), at=timezone.now())
        page = signed_in(cast.di).post(
            url("group", uid=cast.ana.episode.uid), {"group": str(week.evening_process.uid), "held_from": monday.isoformat()}
        )
        assert page.status_code == 422
        assert "is full: 2 of 2 places are taken" in page.content.decode()

    def test_join_leave_visit_and_cancel(self, cast, week, monday):
        browser, uid = signed_in(cast.bo), cast.ana.episode.uid
        page = browser.post(url("group", uid=uid), {"group": str(week.process.uid), "held_from": monday.isoformat()})
        assert page.status_code == 303
        visit = {
            "kind": "individual", "staff": str(cast.bo.staff.uid), "weekday": "1", "starts": "13:00", "ends": "13:50", "every_weeks": "1",
            "mode": "in_person", "room": str(week.office.uid), "held_from": monday.isoformat(),
        }  # fmt: skip
        assert browser.post(url("add_visit", uid=uid), visit).status_code == 303
        assert browser.post(url("add_visit", uid=uid), visit).status_code == 422
        once = {**visit, "on": (monday + timedelta(days=3)).isoformat()}
        assert browser.post(url("once", uid=uid), once).status_code == 303
        assert browser.post(url("once", uid=uid), once).status_code == 422
        seat = Booking.objects.filter(episode=cast.ana.episode, session__group=week.process).order_by("starts_at").first()
        assert browser.get(url("booking", uid=seat.uid)).status_code == 200
        assert browser.post(url("booking", uid=seat.uid), {"because": "client"}).status_code == 303
        place = cast.ana.episode.places.get()
        assert browser.post(url("place", uid=place.uid), {"on": monday.isoformat()}).status_code == 303
        standing = cast.ana.episode.weekly_visits.get()
        assert browser.post(url("visit", uid=standing.uid), {"on": monday.isoformat()}).status_code == 303
        assert cast.ana.episode.bookings.filter(cancelled_at__isnull=True).count() == 1

    @pytest.mark.parametrize("name", ["episode", "track", "group", "add_visit", "once"])
    def test_strangers(self, cast, week, name):
        for who in (cast.cy, cast.gus, cast.ana, cast.flo, cast.bea):
            assert signed_in(who).get(url(name, uid=cast.ana.episode.uid)).status_code == 404

    def test_strangers_to_places_and_bookings(self, cast, week, monday):
        place = actions.join_group(cast.ana.episode, week.process, monday, by=cast.di.actor(), at=timezone.now())
        for who in (cast.cy, cast.gus, cast.ana):
            assert signed_in(who).get(url("place", uid=place.uid)).status_code == 404
            assert signed_in(who).get(url("booking", uid=place.bookings.first().uid)).status_code == 404


class TestSession:
    def test_cancel(self, cast, week, monday):
        session = Session.objects.filter(group=week.process, starts_at__date__gte=monday).order_by("starts_at").first()
        page = signed_in(cast.bo).post(url("session", uid=session.uid), {"because": "staff_away", "why": "Ill"})
        assert page.status_code == 303
        assert "The leader is away" in signed_in(cast.di).get(url("week"), {"week": monday.isoformat()}).content.decode()
        assert signed_in(cast.bo).post(url("session", uid=session.uid), {"because": "staff_away"}).status_code == 422

    def test_not_another_leaders(self, cast, week):
        session = Session.objects.filter(group=week.process).first()
        assert signed_in(cast.cy).get(url("session", uid=session.uid)).status_code == 404
        assert signed_in(cast.di).get(url("session", uid=session.uid)).status_code == 200
