"""A good-faith estimate: when it is due, that it was given, and the paper in the person's own language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from footbridge.care.inquiry import promises
from footbridge.care.timetable import actions as timetable
from footbridge.desks.front_desk import estimates
from footbridge.ground.coverage import actions
from footbridge.ground.coverage.models import Estimate
from footbridge.ground.people import actions as people
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.cast import NOW, Cast
from tests.paper import text_of
from tests.views.test_front_desk import signed_in, text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)  # a Monday
LINES = [{"what": "A day in the program", "code": "S9480", "times": 24, "cents": 32500}, {"what": "First assessment", "code": "90791", "times": 1, "cents": 25000}]


def given(cast: Cast, **more: Any) -> Estimate:
    words = {"lines": LINES, "for_from": TODAY, "for_until": TODAY + timedelta(weeks=8), "how": "paper", "given_on": TODAY, "today": TODAY, **more}
    return actions.estimate(cast.ana.client, **words, by=cast.di.actor(), at=NOW)


def alone(cast: Cast) -> None:
    actions.record(cast.ana.client, kind="self_pay", covered_from=date(2026, 1, 1), by=SYSTEM, at=NOW)


def booked(cast: Cast, days: int) -> None:
    starts = datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("America/Chicago")) + timedelta(days=days)
    timetable.book_once(cast.ana.episode, "assessment", cast.ivy.staff, starts, starts + timedelta(hours=1), by=cast.di.actor(), at=NOW)


class TestVerb:
    def test_the_sum_is_kept_with_who_and_when(self, cast: Cast) -> None:
        row = given(cast)
        assert (row.total_cents, row.by, row.how) == (24 * 32500 + 25000, cast.di.staff, "paper")
        assert Act.objects.filter(verb="coverage.estimated", client_uid=cast.ana.client.uid).exists()
        assert given(cast) == row
        assert given(cast, lines=LINES[:1]) != row

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"lines": []}, "what_1"), ({"lines": [{"what": " ", "code": "", "times": 1, "cents": 1}]}, "what_1"),
            ({"for_until": TODAY - timedelta(days=1)}, "for_until"), ({"for_until": TODAY + timedelta(days=400)}, "for_until"),
            ({"given_on": TODAY + timedelta(days=1)}, "given_on"),
        ],
    )  # fmt: skip
    def test_what_is_missing_is_named(self, cast: Cast, more: dict[str, Any], field: str) -> None:
        with pytest.raises(actions.CannotEstimate) as refused:
            given(cast, **more)
        assert refused.value.field == field and not Estimate.objects.exists()

    @pytest.mark.parametrize("who", ["bo", "pat", "ana", "gus"])
    def test_others_give_none(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            actions.estimate(
                cast.ana.client, lines=LINES, for_from=TODAY, for_until=TODAY, how="paper", given_on=TODAY, today=TODAY, by=getattr(cast, who).actor(), at=NOW
            )


class TestDue:
    """45 CFR 149.610(b)(1): booked ten working days ahead or more, within three; three to nine, within one; closer, only when they ask."""

    @pytest.mark.parametrize(("days", "by"), [(14, date(2026, 11, 5)), (21, date(2026, 11, 5)), (11, date(2026, 11, 3)), (3, date(2026, 11, 3)), (2, None), (1, None)])
    def test_by_when(self, cast: Cast, days: int, by: date | None) -> None:
        way.track()
        booked(cast, days)
        found = estimates.due(cast.ana.episode, NOW, promises.calendar())
        assert (found.by if found else None) == by

    def test_it_is_late_the_day_after_and_no_more_due_once_given(self, cast: Cast) -> None:
        way.track()
        booked(cast, 14)
        at_site = promises.calendar()
        late = [estimates.due(cast.ana.episode, NOW + timedelta(days=n), at_site).late for n in (3, 4)]  # type: ignore[union-attr]
        assert late == [False, True]
        given(cast)
        assert estimates.due(cast.ana.episode, NOW + timedelta(days=4), at_site) is None

    def test_an_estimate_for_other_days_does_not_count(self, cast: Cast) -> None:
        way.track()
        booked(cast, 14)
        given(cast, for_until=TODAY + timedelta(days=3))
        assert estimates.due(cast.ana.episode, NOW, promises.calendar()) is not None


class TestPages:
    def url(self, cast: Cast, name: str = "estimate", **more: Any) -> str:
        return reverse(f"front_desk:{name}", kwargs={"uid": cast.ana.episode.uid, **more})

    def posted(self, **more: str) -> dict[str, str]:
        today = timezone.now().date()
        return {
            "for_from": today.isoformat(), "for_until": (today + timedelta(weeks=8)).isoformat(), "given_on": (today - timedelta(days=1)).isoformat(), "how": "paper",
            "what_1": "A day in the program", "code_1": "S9480", "times_1": "24", "price_1": "325", **more,
        }  # fmt: skip

    def test_only_who_pays_alone_is_owed_one(self, cast: Cast) -> None:
        desk: Client = signed_in(cast.di)
        assert "Good-faith estimate" not in text(desk.get(self.url(cast, "papers")))
        alone(cast)
        assert "None was given yet." in text(desk.get(self.url(cast, "papers")))

    def test_of_somebody_elses_estimate_only_what_is_the_houses_own_is_filled_in(self, cast: Cast) -> None:
        desk = signed_in(cast.di)
        desk.post(self.url(cast), self.posted(numbers="NPI 1234567893", times_1="24", what_2="Drug tests", times_2="8", price_2="20.50"))
        other = reverse("front_desk:estimate", kwargs={"uid": cast.max.episode.uid})
        page = desk.get(other).content.decode()
        assert "NPI 1234567893" in page and "S9480" in page and 'value="325.00"' in page
        assert "Drug tests" not in page and "20.50" not in page
        assert "Drug tests" in desk.get(self.url(cast)).content.decode()  # their own

    def test_written_down_and_printed_in_their_language(self, cast: Cast) -> None:
        alone(cast)
        desk = signed_in(cast.di)
        assert desk.post(self.url(cast), self.posted(what_2="Drug tests")).status_code == 422
        assert desk.post(self.url(cast), self.posted(what_2="Drug tests", times_2="8", price_2="20.50")).status_code == 303
        row = Estimate.objects.get()
        assert row.total_cents == 24 * 32500 + 8 * 2050
        assert "$7,964.00" in text(desk.get(self.url(cast, "papers")))
        said = text_of(desk.get(self.url(cast, "estimate_letter", estimate=row.uid)).content)
        assert "Ana Soto" in said and "$7,964.00" in said and "$400" in said and "This is not a contract." in said
        people.correct_person(cast.ana.person, language="es", by=cast.di.actor(), at=NOW)
        spanish = text_of(desk.get(self.url(cast, "estimate_letter", estimate=row.uid)).content)
        assert "Ana Soto" in spanish and "This is not a contract." not in spanish

    @pytest.mark.parametrize("who", ["cy", "ana", "flo", "gus"])
    def test_strangers_get_404(self, cast: Cast, who: str) -> None:
        row = given(cast)
        stranger = signed_in(getattr(cast, who))
        assert stranger.get(self.url(cast)).status_code == 404
        assert stranger.get(self.url(cast, "estimate_letter", estimate=row.uid)).status_code == 404
