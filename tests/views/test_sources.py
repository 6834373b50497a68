"""Who sends people, and what is told them: with a consent that covers it, neutral otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.inquiry import actions, promises
from footbridge.care.inquiry.models import Inquiry, ReportBack
from footbridge.desks.front_desk.sources import reports
from footbridge.ground.consent import actions as consents
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.people import actions as people
from footbridge.kit.access import SYSTEM
from tests.cast import Cast
from tests.views.test_front_desk import STRANGERS, asked, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.di)


def sent(cast: Cast, name: str = "Rae", kind: str = "hospital") -> Inquiry:
    source = people.add_source(name="Lakeside Hospital", kind=kind, by=cast.di.actor(timezone.now()), at=timezone.now())
    return asked(name, timezone.now() - timedelta(days=9), source=source, legal_name=f"{name} Rivers")


def started(cast: Cast, request: Inquiry) -> Inquiry:
    """Taken up, then handed over: what came of it is known."""
    from footbridge.care.transitions.hand_offs import actions as hand_offs

    at = timezone.now() - timedelta(days=8)
    actions.take_up(request, by=cast.ivy.actor(at), at=at)
    hand_offs.hand_over(request.episode, level="php", why="level", to_name="Lakeview", to_phone="312 555 0160", by=cast.ivy.actor(at), at=at)
    request.refresh_from_db()
    return request


def url(request: Inquiry, page: str = "report") -> str:
    return reverse(f"front_desk:{page}", kwargs={"uid": request.uid, "milestone": "outcome"})


def agree(cast: Cast, request: Inquiry, recipient: str = "Lakeside Hospital", **more: object) -> None:
    consents.give(
        request.episode.client, kind="disclosure", signed_name="Rae", how="paper", recipient=recipient, purpose="To know", data_classes=["directory"],
        by=cast.di.actor(timezone.now()), at=timezone.now() - timedelta(days=1), **more,
    )  # fmt: skip


def test_without_a_consent_the_answer_is_neutral_and_nothing_is_written_as_told(cast: Cast, desk: Client) -> None:
    request = started(cast, sent(cast))
    said = text(desk.get(url(request)))
    assert "We cannot say whether anybody is or was a client here." in said
    assert "You may say" not in said
    assert desk.post(url(request), {"how": "phone", "to_whom": "Lou"}).status_code == 422
    assert not ReportBack.objects.exists()
    assert desk.get(url(request, "report_letter")).content[:4] == b"%PDF"
    assert "Neutral only" in text(desk.get(reverse("front_desk:sources")))


def test_a_consent_that_ended_with_treatment_lets_us_tell_nothing_more(cast: Cast, desk: Client) -> None:
    request = started(cast, sent(cast))
    agree(cast, request)
    assert "Neutral only" not in text(desk.get(reverse("front_desk:sources")))
    episodes.end_episode(request.episode, by=SYSTEM, at=timezone.now(), why="Discharged")
    assert "Neutral only" in text(desk.get(reverse("front_desk:sources")))
    assert desk.post(url(request), {"how": "phone", "to_whom": "Lou"}).status_code == 422
    agree(cast, request, expires_on=timezone.now().date() + timedelta(days=30))
    assert desk.post(url(request), {"how": "phone", "to_whom": "Lou"}).status_code == 303


def test_a_consent_that_names_the_source_lets_us_tell_it_once(cast: Cast, desk: Client) -> None:
    request = started(cast, sent(cast))
    agree(cast, request)
    assert "1 report is late." in text(desk.get(reverse("front_desk:sources")))
    assert "helping them start at a program that fits better" in text(desk.get(url(request)))
    for _click in range(2):
        assert desk.post(url(request), {"how": "phone", "to_whom": "Lou"}).status_code == 303
    row = ReportBack.objects.get()
    assert (row.to_whom, row.consent.recipient, row.by) == ("Lou", "Lakeside Hospital", cast.di.staff)
    assert "Lou, By phone" in text(desk.get(reverse("front_desk:sources"), {"show": "told"}))


@pytest.mark.parametrize("why", ["other_name", "expired", "court"])
def test_what_does_not_cover_it_does_not(cast: Cast, why: str) -> None:
    request = started(cast, sent(cast, kind="court" if why == "court" else "hospital"))
    ends = timezone.now().date() + timedelta(days=2)
    agree(cast, request, **({"recipient": "Somebody else"} if why == "other_name" else {"expires_on": ends} if why == "expired" else {}))
    at = timezone.now() + timedelta(days=4 if why == "expired" else 0)
    with pytest.raises(actions.CannotReport):
        actions.report_back(request, milestone="outcome", how="phone", to_whom="Lou", by=cast.di.actor(at), at=at)


def test_a_request_that_nobody_was_told_of_can_only_be_answered_neutrally(cast: Cast, desk: Client) -> None:
    request = sent(cast)
    assert desk.get(url(request)).status_code == 404
    actions.close(request, because="declined", by=cast.di.actor(timezone.now()), at=timezone.now())
    assert "Neutral only" in text(desk.get(url(request)))


def test_counts_by_source_and_the_same_queries_for_one_and_three(cast: Cast, desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            reports.events(cast.di.actor(timezone.now()), timezone.now(), promises.calendar())
        return len(seen)

    started(cast, sent(cast))
    one = queries()
    started(cast, asked("Two", timezone.now() - timedelta(days=9), source=Inquiry.objects.get().source, legal_name="Two Two", phone="+13125550150"))
    started(cast, asked("Three", timezone.now() - timedelta(days=9), source=Inquiry.objects.first().source, legal_name="Three Three", phone="+13125550151"))
    assert queries() == one
    assert "Lakeside Hospital Hospital 3 0 3" in text(desk.get(reverse("front_desk:sources")))


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_get_404(cast: Cast, who: str) -> None:
    request = started(cast, sent(cast))
    other = signed_in(getattr(cast, who))
    for where in (reverse("front_desk:sources"), url(request), url(request, "report_letter")):
        assert other.get(where).status_code == 404
