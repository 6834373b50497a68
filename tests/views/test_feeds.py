"""The page of one's calendar address, and the address itself."""

from __future__ import annotations

import logging
import re

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.feeds import actions, reads, views
from footbridge.care.timetable.feeds.models import CalendarFeed
from tests import program as week_
from tests.cast import Cast, Member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def placed(cast: Cast, now):
    made = week_.load(cast, now)
    timetable.publish_ahead(at=now)
    timetable.join_group(cast.ana.episode, made.process, now.date(), by=cast.di.actor(now), at=now)
    return made


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def path_of(feed: CalendarFeed) -> str:
    return "/" + reads.address(feed).split("/", 3)[3]


def test_a_client_makes_changes_renews_and_ends_their_address(cast, placed):
    browser, here = signed_in(cast.ana), reverse("feeds:mine")
    assert "Make my address" in browser.get(here).content.decode()
    answer = browser.post(here, {"title": "Appointment"})
    assert answer.status_code == 303
    said = browser.get(here).content.decode()
    shown = re.search(r'value="http[^"]*?(/calendar/[\w-]+\.ics)"', said)
    assert shown
    feed = Client().get(shown.group(1))
    assert feed.status_code == 200 and feed["Content-Type"].startswith("text/calendar")
    assert len(icalendar.Calendar.from_ical(feed.content).walk("VEVENT")) > 20
    browser.post(here, {"title": "Lunch", "shows_place": "on"})
    assert b"SUMMARY:Lunch" in Client().get(shown.group(1)).content
    assert browser.post(reverse("feeds:renew_mine")).status_code == 303
    assert Client().get(shown.group(1)).status_code == 404
    new = path_of(CalendarFeed.objects.get(ended_at__isnull=True))
    assert Client().get(new).status_code == 200
    browser.post(reverse("feeds:end_mine"))
    assert Client().get(new).status_code == 404
    assert browser.post(reverse("feeds:end_mine")).status_code == 404


def test_a_telling_word_comes_back_with_what_was_typed(cast, placed):
    answer = signed_in(cast.ana).post(reverse("feeds:mine"), {"title": "Riverside group"})
    assert answer.status_code == 422
    assert "Riverside group" in answer.content.decode() and "choose a word" in answer.content.decode()
    assert not CalendarFeed.objects.exists()


def test_staff_have_their_own(cast, placed):
    browser = signed_in(cast.bo)
    assert browser.post(reverse("feeds:work"), {"title": "Work", "shows_place": "on"}).status_code == 303
    feed = CalendarFeed.objects.get()
    assert feed.staff == cast.bo.staff
    assert b"Ana" not in Client().get(path_of(feed)).content
    assert browser.get(reverse("feeds:mine")).status_code == 404
    assert signed_in(cast.ana).get(reverse("feeds:work")).status_code == 404
    assert signed_in(cast.bea).get(reverse("feeds:work")).status_code == 404


def test_strangers_learn_nothing(cast, placed):
    for who in (cast.gus, cast.flo):
        assert signed_in(who).get(reverse("feeds:mine")).status_code == 404
        assert signed_in(who).post(reverse("feeds:renew_mine")).status_code == 404
    assert Client().get(reverse("feeds:mine")).status_code == 302
    assert Client().get("/calendar/" + "a" * 43 + ".ics").status_code == 404
    assert Client().post("/calendar/" + "a" * 43 + ".ics").status_code == 405


def test_the_secret_stands_in_no_log_and_no_statement(cast, placed, now, caplog):
    feed = actions.open_feed(title="Appointment", by=cast.ana.actor(now), at=now)
    secret = path_of(feed).rsplit("/", 1)[1].removesuffix(".ics")
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as caught:
        assert Client().get(path_of(feed)).status_code == 200
        assert Client().get(f"/calendar/{secret[:-1]}x.ics").status_code == 404
    assert all(secret not in one["sql"] for one in caught.captured_queries)
    # Django's own 404 line names the path; ours carries the pattern only (kit/web/logs.py), and keeps no 404 at all.
    assert secret not in caplog.text


def test_the_same_queries_for_few_and_many_hours(cast, placed, now):
    counts = []
    for join in (False, True):
        if join:
            timetable.join_group(cast.ana.episode, placed.skills, now.date(), by=cast.di.actor(now), at=now)
        feed = CalendarFeed.objects.first() or actions.open_feed(title="Appointment", shows_place=True, by=cast.ana.actor(now), at=now)
        with CaptureQueriesContext(connection) as caught:
            assert Client().get(path_of(feed)).status_code == 200
        counts.append(len(caught.captured_queries))
    assert counts[0] == counts[1] <= 6


def test_unchanged_is_said_in_one_line(cast, placed, now):
    feed = actions.open_feed(title="Appointment", by=cast.ana.actor(now), at=now)
    first = Client().get(path_of(feed))
    again = Client().get(path_of(feed), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_too_often_and_too_many_guesses_are_asked_to_come_later(cast, placed, now, monkeypatch):
    feed = actions.open_feed(title="Appointment", by=cast.ana.actor(now), at=now)
    monkeypatch.setattr(views, "READS_AN_HOUR", 3)
    monkeypatch.setattr(views, "WRONG_AN_HOUR", 4)
    assert [Client().get(path_of(feed)).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [Client().get("/calendar/wrong.ics").status_code for _ in range(5)] == [404] * 4 + [429]
