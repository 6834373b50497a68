"""The prescriber's day, and one page before a visit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.medication import actions as medication
from footbridge.care.medication.models import Reconciliation
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments.models import Score
from footbridge.ground.program.models import Site
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests.actions import way
from tests.cast import NOW, Cast

from .test_screening import at_desk

DAY = reverse("prescriber:day")


def page(cast: Cast) -> str:
    return reverse("prescriber:visit", kwargs={"uid": cast.ana.episode.uid})


def phq9(cast: Cast, value: int, at: datetime) -> None:
    instruments.load_definitions(by=SYSTEM, at=at)
    sheet = instruments.give(
        cast.ana.client, ["phq9"], how="paper", occasion="weekly", episode=cast.ana.episode, by=SYSTEM, at=at
    )[0][0]
    with trail.act("sheet.answered", by=SYSTEM, at=at, about=sheet, client=cast.ana.client):
        sheet.finished_at = at
        sheet.save(update_fields=["finished_at"])
        Score.objects.create(sheet=sheet, score="total", value=value, answered=9, items=9, at=at)


def booked(cast: Cast, starts: datetime) -> None:
    site = way.track(code=f"t{starts:%H%M%S}").site
    with trail.act("timetable.published", by=SYSTEM, at=NOW, about=Site.objects.get(pk=site.pk)):
        session = Session.objects.create(
            kind="medication",
            site=site,
            leader=cast.pat.staff,
            mode="in_person",
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            seats=1,
            published_at=NOW,
        )
        Booking.objects.create(
            session=session,
            episode=cast.ana.episode,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            seat=1,
            seats=1,
            booked_at=NOW,
        )


def test_the_day_lists_visits_and_clients(cast: Cast) -> None:
    pat = at_desk(cast.pat)
    shown = pat.get(DAY).content.decode()
    assert "No visits on this day" in shown and page(cast) in shown
    booked(cast, timezone.now())
    phq9(cast, 17, NOW)
    shown = pat.get(DAY).content.decode()
    assert shown.count(page(cast)) == 2 and "17" in shown and "Max" not in shown


def test_one_page_before_the_visit(cast: Cast) -> None:
    way.signed(cast)
    phq9(cast, 19, NOW)
    phq9(cast, 12, NOW + timedelta(days=7))
    words = {"dose": "50 mg", "taken_from": date(2026, 11, 4), "by": cast.pat.actor(), "at": NOW}
    medication.add(cast.ana.client, name="Sertraline", **words)
    medication.add_allergy(cast.ana.client, substance="Penicillin", by=cast.pat.actor(), at=NOW)
    shown = at_desk(cast.pat).get(page(cast)).content.decode()
    for words in ("Low mood", "friends again", "Sertraline 50 mg, since Nov 4, 2026", "Penicillin", "PHQ-9", "No signed note yet"):
        assert words in shown, words


def test_no_change_continue_goes_through_the_list(cast: Cast) -> None:
    row = medication.add(cast.ana.client, name="Sertraline", by=cast.pat.actor(), at=NOW)
    assert at_desk(cast.pat).post(page(cast)).status_code == 303
    done = Reconciliation.objects.get()
    assert done.items.get().medication == row and done.occasion == "visit"


def test_no_change_is_refused_while_nobody_knows_what_is_taken(cast: Cast) -> None:
    answer = at_desk(cast.pat).post(page(cast))
    assert answer.status_code == 422 and "nobody has said" in answer.content.decode()
    assert not Reconciliation.objects.exists()


@pytest.mark.parametrize("who", ["cy", "bo", "di", "ivy", "bea", "ana", "flo", "gus", "max"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    browser = at_desk(getattr(cast, who))
    assert browser.get(DAY).status_code == 404
    assert browser.get(page(cast)).status_code == 404 and browser.post(page(cast)).status_code == 404


def test_not_a_client_of_another_prescriber(cast: Cast) -> None:
    url = reverse("prescriber:visit", kwargs={"uid": cast.max.episode.uid})
    assert at_desk(cast.pat).get(url).status_code == 404


def test_one_query_count_for_one_and_two_clients(cast: Cast) -> None:
    pat = at_desk(cast.pat)
    counts = []
    for _ in range(2):
        pat.get(DAY)
        with CaptureQueriesContext(connection) as seen:
            pat.get(DAY)
        counts.append(len(seen))
        episodes.join_team(cast.max.episode, cast.pat.staff, "prescriber", by=SYSTEM, at=NOW)
    assert counts[0] == counts[1]
