"""Where episodes stand, gathered for many at once. It looks at every stage, so it stands above the last of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Min

from footbridge.engines import standing as engine
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import zone

from .aftercare import reads as aftercare
from .inquiry.models import Inquiry
from .placement.models import Admission, Decision
from .plan.models import PlanSignature
from .reviews.models import PlanReview
from .screening.models import Screen
from .sessions.models import Attendance
from .timetable.models import Booking
from .transitions.models import Transition

CAME = ("present", "late", "left_early")


def standings(episodes: Iterable[Episode], at: datetime) -> dict[int, engine.Standing]:
    """The standing of each episode at `at`, by its id. The number of queries does not grow with the episodes."""
    rows = list(episodes)
    ids = [row.pk for row in rows]
    here = zone()

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(here).date() if moment else None

    inquiries = {
        row.episode_id: row
        for row in Inquiry.objects.filter(episode__in=ids).select_related("closed").annotate(contacted=Min("attempts__at"))
    }
    screened = _least(Screen, "at", ids)
    decided = {row.episode_id: row for row in Decision.objects.filter(episode__in=ids).order_by("episode", "-at")}
    admitted = dict(Admission.objects.filter(episode__in=ids).values_list("episode_id", "starts_on"))
    signatures: dict[int, dict[str, datetime]] = {}
    plans: dict[int, int] = {}
    for signature in PlanSignature.objects.filter(plan__episode__in=ids, capacity__in=["client", "clinician"]).select_related("plan").order_by("at"):
        both = signatures.setdefault(signature.plan.episode_id, {})
        both.setdefault(signature.capacity, signature.at)
        plans[signature.plan.episode_id] = signature.plan.review_every_days
    booked = _least(Booking, "booked_at", ids, cancelled_at__isnull=True)
    came = {
        row["booking__episode"]: row
        for row in Attendance.objects.filter(booking__episode__in=ids, came__in=CAME)
        .values("booking__episode")
        .annotate(first=Min("booking__starts_at"), last=Max("booking__starts_at"))
    }
    reviewed = dict(PlanReview.objects.filter(episode__in=ids).values_list("episode").annotate(Max("at")))
    left = dict(Transition.objects.filter(episode__in=ids, kind="discharge").values_list("episode_id", "effective_on"))
    found: dict[int, engine.Standing] = {}
    for row in rows:
        inquiry = inquiries.get(row.pk)
        signed = signatures.get(row.pk, {})
        signed_on = day(max(signed.values())) if len(signed) == 2 else None
        review_on = day(reviewed.get(row.pk))
        decision = decided.get(row.pk)
        attended: Any = came.get(row.pk, {})
        facts = engine.EpisodeFacts(
            inquired_on=day(inquiry.received_at if inquiry else row.opened_at),
            contacted_on=day((inquiry.contacted or inquiry.taken_up_at) if inquiry else row.opened_at),
            screened_on=day(screened.get(row.pk)),
            placed_on=day(decision.at) if decision else None,
            placed_level=decision.actual if decision else "",
            admitted_on=admitted.get(row.pk),
            plan_signed_on=signed_on,
            timetable_published_on=day(booked.get(row.pk)),
            first_attended_on=day(attended.get("first")),
            last_attended_on=day(attended.get("last")),
            reviewed_on=review_on,
            discharged_on=left.get(row.pk),
            aftercare_ended_on=_aftercare_end(left.get(row.pk)),
            review_due_on=engine.review_due(signed_on, review_on, plans[row.pk]) if signed_on else None,
        )
        found[row.pk] = engine.standing(facts, at.astimezone(here).date())
    return found


def standing(episode: Episode, at: datetime) -> engine.Standing:
    return standings([episode], at)[episode.pk]


def _least(model: Any, moment: str, ids: list[int], **where: Any) -> dict[int, datetime]:
    return dict(model.objects.filter(episode__in=ids, **where).values_list("episode").annotate(Min(moment)))


def _aftercare_end(discharged: date | None) -> date | None:
    """Aftercare ends three weeks after the last contact was due."""
    return discharged + timedelta(days=max(aftercare.days()) + 21) if discharged else None
