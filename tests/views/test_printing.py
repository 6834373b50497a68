"""The week on paper, read again as text: what stands on it, and what must not."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.timetable import actions
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.cast import Cast, Member
from tests.kit.test_paper import inside
from tests.paper import pages_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def monday(now):
    today = now.astimezone(ZoneInfo("America/Chicago")).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=1)


@pytest.fixture
def week(cast: Cast, now, monday) -> week_.Week:
    made = week_.load(cast, now)
    actions.publish_ahead(at=now)
    actions.join_group(cast.ana.episode, made.process, monday, by=cast.di.actor(now), at=now)
    actions.add_visit(
        cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=monday, site=made.site, room=made.office, by=cast.bo.actor(now), at=now
    )  # fmt: skip
    return made


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fetched(who: Member, name: str, query=None, **kw) -> bytes:
    page = signed_in(who).get(reverse(name, kwargs=kw), query or {})
    assert page.status_code == 200 and page["Content-Type"] == "application/pdf"
    return page.content


@pytest.mark.parametrize("size", ["us-letter", "a3", "a4"])
@pytest.mark.parametrize("by", ["track", "leader", "room"])
def test_the_week_of_the_program(cast, week, monday, by, size):
    made = fetched(cast.di, "printing:week", {"week": monday.isoformat(), "by": by, "size": size})
    assert b"pdfuaid" in inside(made) and b"/StructTreeRoot" in inside(made)
    assert pages_of(made)[0] == pytest.approx({"us-letter": (792, 612), "a4": (841.9, 595.3), "a3": (1190.6, 841.9)}[size], abs=0.2)


def test_public_pages_name_no_client(cast, week, monday):
    for who in (cast.di, cast.ed, cast.cy):
        for by in ("track", "room", "leader"):
            said = text_of(fetched(who, "printing:week", {"week": monday.isoformat(), "by": by}))
            assert "Morning process" in said and "Ana" not in said and "Soto" not in said, (by, who)
    assert "Individual" not in text_of(fetched(cast.di, "printing:week", {"week": monday.isoformat(), "by": "track"}))


def test_a_leaders_own_sheet_says_whom_they_see(cast, week, monday):
    own = {"week": monday.isoformat(), "by": "leader", "leader": str(cast.bo.staff.uid)}
    said = text_of(fetched(cast.bo, "printing:week", own))
    assert "Individual" in said and "Ana" in said and "Soto" not in said
    assert "Ana" not in text_of(fetched(cast.ed, "printing:week", own))


def test_a_clients_own_week_is_one_page_in_their_words(cast, week, monday):
    made = fetched(cast.ana, "client:week_pdf", {"week": "next"})
    said = text_of(made)
    assert "My week" in said and "your own time with Bo" in said and "call" in said
    assert len(pages_of(made)) == 1
    assert "R0" not in said  # no record number on what a client carries about


def test_staff_print_it_for_them_and_that_is_looking(cast, week, monday):
    said = text_of(fetched(cast.di, "printing:person", {"week": monday.isoformat()}, uid=cast.ana.episode.uid))
    assert "Morning process group" in said
    assert Act.objects.filter(verb="chart.looked", client_uid=cast.ana.client.uid).exists()


def test_strangers(cast, week):
    for who in (cast.gus, cast.max, cast.flo, cast.bea):
        for name in ("printing:choose", "printing:week"):
            assert signed_in(who).get(reverse(name)).status_code == 404
        assert signed_in(who).get(reverse("printing:person", kwargs={"uid": cast.ana.episode.uid})).status_code == 404
    assert signed_in(cast.cy).get(reverse("printing:person", kwargs={"uid": cast.ana.episode.uid})).status_code == 404


def test_the_same_queries_for_few_and_many(cast, week, monday):
    counts = []
    for query in ({"room": str(week.green.uid)}, {}):
        with CaptureQueriesContext(connection) as caught:
            fetched(cast.ed, "printing:week", {"week": monday.isoformat(), "by": "leader", **query})
        counts.append(len([q for q in caught.captured_queries if "care_" in q["sql"]]))
    assert counts[0] == counts[1]


def test_words_that_are_no_week_are_today(cast, week):
    assert signed_in(cast.di).get(reverse("printing:week"), {"week": "soon", "by": "color", "size": "huge"}).status_code == 200


def test_my_week_asks_the_database_as_often_for_one_group_as_for_three(cast, week, monday, now):
    browser = signed_in(cast.max)
    browser.get(reverse("client:week"))
    counts = []
    for groups in ((week.skills,), (week.process, week.recovery)):
        for group in groups:
            actions.join_group(cast.max.episode, group, monday, by=cast.di.actor(now), at=now)
        with CaptureQueriesContext(connection) as caught:
            said = browser.get(reverse("client:week"), {"week": "next"}).content.decode()
        assert "Morning skills group" in said and "Breathing and grounding" in said
        counts.append(len(caught.captured_queries))
    assert counts[0] == counts[1] <= 34
