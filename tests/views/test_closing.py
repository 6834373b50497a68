"""Pages of a day on which a site is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.timetable import actions
from footbridge.care.timetable.models import Session
from footbridge.ground.consent import actions as consent
from footbridge.ground.program.models import ClosedDay
from tests import program as week_
from tests.cast import Cast
from tests.views.test_mending import browser, someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def week(cast: Cast, now: datetime) -> week_.Week:
    before = now - timedelta(days=2)
    loaded = week_.load(cast, before)
    monday = (now + timedelta(days=7 - now.weekday())).date()
    actions.publish(loaded.program, monday, monday + timedelta(weeks=2), by=cast.ed.actor(before), at=before)
    consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(before), at=before)
    for episode in (cast.ana.episode, someone("Lou Reyes", before), someone("Kim Park", before)):
        actions.join_group(episode, loaded.process, monday, by=cast.di.actor(before), at=before, confirmed=True)
    return loaded


def asked(week: week_.Week, **more: Any) -> dict[str, Any]:
    on = Session.objects.filter(group=week.process).order_by("starts_at").first().starts_at.date()
    return {"site": str(week.site.uid), "on": on.isoformat(), "reason": "Bo is in hospital", **more}


def test_first_whom_it_concerns_then_the_deed_then_whom_to_call_and_back(cast, week):
    di, where = browser(cast, "di"), reverse("timetable:close_day")
    assert where in di.get(reverse("timetable:out")).content.decode() and where in di.get(reverse("timetable:week")).content.decode()
    page = di.post(where, asked(week)).content.decode()
    assert "3 people would have come" in page and "1 gets a message" in page and "2 people must be called" in page
    assert not ClosedDay.objects.filter(closed_at__isnull=False).exists()
    answer = di.post(where, asked(week, confirm="1"))
    day = ClosedDay.objects.get(closed_at__isnull=False)
    assert answer.status_code == 303 and answer.url == reverse("timetable:closed_day", args=[day.uid])
    page = di.get(answer.url).content.decode()
    assert page.index("Please call") < page.index("<li>Kim") < page.index("<li>Lou") < page.index("Who is told") < page.index("<li>Ana")
    assert "Open this day again" in page
    mine = browser(cast, "ana").get(f"{reverse('client:week')}?week={day.on}").content.decode()
    assert "hospital" not in mine
    assert di.post(reverse("timetable:open_day", args=[day.uid])).status_code == 303
    page = di.get(answer.url).content.decode()
    assert "are held after all" in page and "<li>Kim" in page and "Open this day again" not in page


@pytest.mark.parametrize(
    ("more", "says"), [({"on": "2020-01-01"}, "This day is over"), ({"reason": ""}, "why"), ({"confirm": "1", "on": "2020-01-01"}, "This day is over")]
)
def test_refused_on_the_page(cast, week, more, says):
    answer = browser(cast, "di").post(reverse("timetable:close_day"), asked(week, **more))
    assert answer.status_code == 422 and says.lower() in answer.content.decode().lower()
    assert not ClosedDay.objects.filter(closed_at__isnull=False).exists()


def test_closed_twice_is_refused_on_the_page_and_an_opening_too_late_says_so(cast, week, now, monkeypatch):
    di = browser(cast, "di")
    di.post(reverse("timetable:close_day"), asked(week, confirm="1"))
    again = di.post(reverse("timetable:close_day"), asked(week, confirm="1"))
    assert again.status_code == 422 and "closed on this day already" in again.content.decode()
    day = ClosedDay.objects.get(closed_at__isnull=False)

    def late(*_args: Any, **_kw: Any) -> None:
        raise actions.CannotOpen("This day has begun.")

    monkeypatch.setattr(actions, "open_day", late)
    answer = di.post(reverse("timetable:open_day", args=[day.uid]))
    assert answer.status_code == 422 and "This day has begun." in answer.content.decode()


@pytest.mark.parametrize("who", ["bo", "ana", "flo", "bea", "gus", "ivy", "pat"])
def test_strangers_learn_nothing(cast, week, now, who):
    day = actions.close_day(week.site, now.date() + timedelta(days=20), "Snow", by=cast.ed.actor(now), at=now)
    other = browser(cast, who)
    assert other.get(reverse("timetable:close_day")).status_code == 404
    assert other.get(reverse("timetable:closed_day", args=[day.uid])).status_code == 404
    assert other.post(reverse("timetable:open_day", args=[day.uid])).status_code == 404
    shown = other.get(reverse("timetable:out"))
    assert reverse("timetable:close_day") not in shown.content.decode()


def test_one_query_count_for_few_people_and_many(cast, week, now):
    di = browser(cast, "di")
    di.post(reverse("timetable:close_day"), asked(week, confirm="1"))
    where = reverse("timetable:closed_day", args=[ClosedDay.objects.get(closed_at__isnull=False).uid])

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert di.get(where).status_code == 200
        return len(seen)

    day = ClosedDay.objects.get(closed_at__isnull=False)
    actions.open_day(day, by=cast.ed.actor(now), at=now)
    count()
    few = count()
    for name in ("Jo Kay", "Al Bee"):
        actions.join_group(someone(name, now), week.process, day.on - timedelta(days=1), by=cast.di.actor(now), at=now, confirmed=True)
    assert count() == few
