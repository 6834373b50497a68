"""Where a person has moved to, and what they take along."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from footbridge.care.medication.models import DrugTest
from footbridge.care.medication.words import Collected, Found
from footbridge.ground.episodes.models import Episode
from footbridge.kit.access import Actor

from .models import RelapsePreventionPlan, Transition, TransitionKind


def transition(actor: Actor, uid: UUID) -> Transition | None:
    return (
        Transition.objects.filter(uid=uid, episode__in=Episode.objects.visible_to(actor)).select_related("episode__client__person").first()
    )


def transitions(episode: Episode) -> QuerySet[Transition]:
    return episode.transitions.select_related("by__person", "arrival", "hand_off")


def discharge_of(episode: Episode) -> Transition | None:
    return episode.transitions.filter(kind=TransitionKind.DISCHARGE).first()


def ends(since: date | None = None, until: date | None = None) -> dict[int, date]:
    """The day treatment ended by discharge, by episode id; with `since` or `until`, of those days only (both inclusive)."""
    discharges = Transition.objects.filter(kind=TransitionKind.DISCHARGE)
    if since is not None:
        discharges = discharges.filter(effective_on__gte=since)
    if until is not None:
        discharges = discharges.filter(effective_on__lte=until)
    return dict(discharges.order_by().values_list("episode_id", "effective_on"))


TEST_COUNTS_DAYS = 30  # so long a drug test might stand behind a discharge


def test_that_might_be_the_reason(episode: Episode, on: date) -> DrugTest | None:
    """The newest drug test of the last weeks that found something or was declined."""
    tests = episode.drug_tests.filter(on__gt=on - timedelta(days=TEST_COUNTS_DAYS), on__lte=on)
    return tests.filter(Q(collected=Collected.DECLINED) | Q(results__found=Found.DETECTED)).order_by("-on", "-id").first()


def relapse_plan(episode: Episode) -> RelapsePreventionPlan | None:
    return episode.relapse_plans.first()


def hand_offs_open(actor: Actor, today: date) -> QuerySet[Transition]:
    """Moves to another place of care where nobody has confirmed the arrival yet, oldest first."""
    return (
        Transition.objects.filter(episode__in=Episode.objects.visible_to(actor), arrival__isnull=True, effective_on__lte=today)
        .exclude(next_provider="")
        .select_related("episode__client__person")
        .order_by("effective_on")
    )
