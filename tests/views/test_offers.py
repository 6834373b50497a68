"""The page that finds a week for somebody; who fits which open seat; places in the coming weeks."""

from __future__ import annotations

import csv
import io
import re
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.inquiry import actions as inquiry
from footbridge.care.screening import actions as screening
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Place
from footbridge.desks.director.places import history
from footbridge.ground.consent import actions as consents
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.program import reads as program
from footbridge.kit import trail
from footbridge.kit.access import PUBLIC, SYSTEM
from footbridge.kit.web.sealing import open_sealed
from footbridge.lanes.notices.models import Notice
from tests import program as week_
from tests.actions import way
from tests.cast import Cast, Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def week(cast: Cast, now) -> week_.Week:
    made = week_.load(cast, now)
    timetable.publish_ahead(at=now)
    return made


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def neighbours(cast, week, now, n=3):
    for k in range(n):
        client = people.make_client(people.add_person(legal_name=f"Zoe{k} Neighbour", by=SYSTEM, at=now), by=SYSTEM, at=now)
        episode = episodes.open_episode(client, by=SYSTEM, at=now)
        for group in (week.process, week.skills):
            timetable.join_group(episode, group, now.date() + timedelta(days=3), by=cast.di.actor(now), at=now, confirmed=True)


def here(cast) -> str:
    return reverse("finding:find", kwargs={"uid": cast.ana.episode.uid})


class TestFind:
    def test_offers_are_shown_and_one_is_booked_in_one_act(self, cast, week, now):
        neighbours(cast, week, now)
        browser = signed_in(cast.di)
        said = browser.get(here(cast)).content.decode()
        assert "Offer 1" in said and "Morning process group" in said and "Neighbour" not in said and "Zoe" not in said
        token = re.search(r'name="offer" value="([^"]+)"', said).group(1)
        answer = browser.post(here(cast), {"offer": token})
        assert answer.status_code == 303
        assert Place.objects.filter(episode=cast.ana.episode, held_until__isnull=True).count() >= 2

    def test_an_old_offer_is_refused_with_the_new_ones_beside_it(self, cast, week, now):
        neighbours(cast, week, now)
        answer = signed_in(cast.di).post(here(cast), {"offer": "made-up"})
        assert answer.status_code == 422
        assert "too old" in answer.content.decode() and "Offer 1" in answer.content.decode()

    def test_why_not_evenings(self, cast, week, now):
        neighbours(cast, week, now)
        said = signed_in(cast.bo).get(here(cast), {"part": "evening", "want": ""}).content.decode()
        assert "What stands in the way" in said or "Nothing stands in the way" in said

    def test_words_that_are_no_question_are_passed_over(self, cast, week):
        assert signed_in(cast.di).get(here(cast), {"part": "night", "want": "x", "on": "soon", "moves": "1"}).status_code == 200

    def test_strangers(self, cast, week):
        for who in (cast.cy, cast.gus, cast.ana, cast.max, cast.flo, cast.bea):
            assert signed_in(who).get(here(cast)).status_code == 404
            assert signed_in(who).post(here(cast), {"offer": "x"}).status_code == 404

    def test_before_there_is_a_program(self, cast):
        assert signed_in(cast.di).get(here(cast)).status_code == 200


class TestMoves:
    @pytest.fixture
    def full(self, cast, week, now):
        """Ana can come on mornings only, and the only process group then is full; Max, who is in it, could as well come in the evening."""
        way.screened(cast, at=now, free_hours=[(d, time(8), time(12)) for d in range(5)])
        neighbours(cast, week, now, 2)
        for group in (week.process, week.skills):
            timetable.join_group(cast.max.episode, group, now.date() + timedelta(days=3), by=cast.di.actor(now), at=now, confirmed=True)
        for name in ("Zoe0", "Zoe1"):
            mornings = [(d, time(8), time(12)) for d in range(5)]
            screening.take(episodes_of(name), how="phone", concerns="Low.", free_hours=mornings, by=cast.ivy.actor(now), at=now)
        with trail.act("test", by=SYSTEM, at=now, about=week.process):
            week.process.most = 3
            week.process.save()

    def test_who_would_move_is_asked_ticked_moved_and_told(self, cast, week, now, full):
        browser = signed_in(cast.di)
        page = browser.get(here(cast)).content.decode()
        assert "Look for a week in which others would move" in page
        page = browser.get(here(cast), {"moves": "1"}).content.decode()
        assert "Max agreed" in page and "No longer: Morning process group" in page
        card = page.split("With the fewest moves")[1]
        token = re.search(r'name="offer" value="([^"]+)"', card).group(1)
        refused = browser.post(here(cast), {"offer": token})
        assert refused.status_code == 422 and "tick who agreed: Max" in refused.content.decode()
        answer = browser.post(here(cast), {"offer": token, "agreed": str(cast.max.episode.uid)}, follow=True)
        assert answer.status_code == 200, re.sub("<[^>]+>", " ", answer.content.decode().split("error-summary-title")[2])[:600]
        assert "Please call: Max." in answer.content.decode()
        assert Place.objects.filter(episode=cast.ana.episode, group=week.process, held_until__isnull=True).exists()
        assert not Place.objects.filter(episode=cast.max.episode, group=week.process, held_until__isnull=True).exists()

    def test_a_therapist_is_told_that_the_desk_can_ask_and_learns_no_name(self, cast, week, now, full):
        page = signed_in(cast.bo).get(here(cast), {"moves": "1"}).content.decode()
        assert "It would fit if others moved" in page and "Max" not in page


def test_whoever_moves_gets_a_message_that_says_nothing(cast, week, now):
    consents.give(cast.max.client, kind="messages", signed_name="Max Weber", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(now), at=now)
    with trail.act("week.changed", by=SYSTEM, at=now, about=cast.max.episode, client=cast.max.client):
        pass
    notice = Notice.objects.get(person=cast.max.person)
    assert (notice.template, notice.channel) == ("message", "mail")
    body = str(open_sealed(bytes(notice.body_sealed), f"notice:{notice.uid}"))
    assert "/me/week/" in body
    for telling in ("group", "Bo", "Cy", "moved", "track"):
        assert telling not in body, telling


def episodes_of(name: str) -> Episode:
    return Episode.objects.get(client__person__legal_name__startswith=name)


def asks(cast, now, name="Noor", **more):
    made = inquiry.receive(
        for_whom="self", name_used=name, phone="555-010-0177", language="en", channel="call", form_key=uuid4(), by=PUBLIC, at=now, **more
    )
    inquiry.wait(made, reason="No place", next_action="Call on Friday", next_on=now.date() + timedelta(days=4), by=cast.di.actor(now), at=now)
    return made


class TestSeats:
    def test_who_waits_with_the_next_action_and_the_open_seats(self, cast, week, now):
        neighbours(cast, week, now)
        asks(cast, now)
        said = signed_in(cast.di).get(reverse("seats:list")).content.decode()
        for words in ("Noor", "Call on Friday", "Open seats", "Morning process group", "Condition and hours not asked yet"):
            assert words in said
        assert "Zoe" not in said

    def test_what_would_let_them_in(self, cast, week, now):
        asks(cast, now, part_of_day="evening")
        said = signed_in(cast.ed).get(reverse("seats:list"), {"relief": "1"}).content.decode()
        assert "What would let most people in" in said

    def test_nobody_waits(self, cast, week):
        assert "Nobody waits here." in signed_in(cast.ivy).get(reverse("seats:list")).content.decode()

    def test_the_same_queries_for_one_and_three(self, cast, week, now):
        counts = []
        for n in (1, 2):
            for k in range(n):
                asks(cast, now, name=f"Noor{n}{k}")
            with CaptureQueriesContext(connection) as caught:
                signed_in(cast.di).get(reverse("seats:list"))
            counts.append(len([q for q in caught.captured_queries if "care_" in q["sql"] or "ground_" in q["sql"]]))
        assert counts[0] == counts[1]

    def test_strangers(self, cast, week):
        for who in (cast.bo, cast.gus, cast.ana, cast.flo, cast.bea, cast.pat):
            assert signed_in(who).get(reverse("seats:list")).status_code == 404


class TestPlaces:
    def test_each_track_with_interval_n_and_where_the_numbers_come_from(self, cast, week):
        said = signed_in(cast.ed).get(reverse("director:places")).content.decode()
        assert "Eight of ten futures" in said and "TEDS-D 2004" in said and "0 ended stays" in said

    def test_as_csv(self, cast, week):
        answer = signed_in(cast.ed).get(reverse("director:places_csv"))
        rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert {row["track"] for row in rows} == {"Morning", "Evening by video"} and len(rows) == 16
        assert all(int(r["free low"]) <= int(r["free"]) <= int(r["free high"]) for r in rows)
        assert {row["stays from"] for row in rows} == {"published"}

    def test_enough_stays_of_its_own_are_used(self, cast, week, now):
        today = now.date()
        stays = [history._Stay(week.morning.pk, week.program.pk, today - timedelta(days=100 + k), today - timedelta(days=50 + k), "completed") for k in range(20)]
        stays += [history._Stay(week.morning.pk, week.program.pk, today - timedelta(days=60), today - timedelta(days=46), "left")] * 5
        learned, own, ended, early = history._learned(stays, today)
        assert own and (ended, early) == (25, 5) and set(learned.lengths) == {50}
        assert learned.drop_out_a_week == pytest.approx(5 / ((20 * 50 + 5 * 14) / 7))
        assert history._learned(stays[1:], today)[1] is False

    def test_the_same_queries_for_one_and_more_tracks(self, cast, week, now):
        tracks = list(program.tracks())
        counts = []
        for some in (tracks[:1], tracks):
            with CaptureQueriesContext(connection) as caught:
                history.gather(now.date(), some)
            counts.append(len(caught.captured_queries))
        assert counts[0] == counts[1]

    def test_strangers(self, cast):
        for who in (cast.di, cast.bo, cast.ana, cast.gus, cast.bea):
            assert signed_in(who).get(reverse("director:places")).status_code == 404
            assert signed_in(who).get(reverse("director:places_csv")).status_code == 404
