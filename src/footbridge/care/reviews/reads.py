"""When a review is due, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, OuterRef, Prefetch, QuerySet, Subquery

from footbridge.care.measures import schedule
from footbridge.care.placement.models import Admission
from footbridge.care.plan.models import Objective, Plan, PlanSignature
from footbridge.care.sessions.models import Attendance
from footbridge.care.timetable.models import Booking
from footbridge.engines import due as due_engine
from footbridge.engines import review_clock
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import lines, shelf
from footbridge.ground.instruments import reads as instruments
from footbridge.ground.instruments.models import InstrumentEdition
from footbridge.kit.access import Actor

from .models import ObjectiveProgress, PlanReview


def reviews(episode: Episode) -> QuerySet[PlanReview]:
    states = ObjectiveProgress.objects.select_related("objective")
    return episode.reviews.select_related("by__person", "plan").prefetch_related(Prefetch("objectives", states))


def latest_scores(episode: Episode) -> list[dict[str, Any]]:
    """The newest finished sheet of each instrument, by its main score, with its first score and what the change is worth: what a
    review must look at. Kept with the review as it stood on the page."""
    admission = Admission.objects.filter(episode=episode).first()
    stands = {one.code: one for one in lines.of_episode(episode.pk, admission.starts_on if admission else None)}
    found = []
    for code, points in sorted(instruments.all_series(episode.client).items(), key=lambda pair: (lines.FIRST.get(pair[0], 9), pair[0])):
        here = [point for point in points if point.sheet.finished_at and point.sheet.finished_at >= episode.opened_at]
        if not here:
            continue
        last = here[-1]
        stand = stands.get(code)
        first = stand.first if stand else None
        found.append(
            {
                "sheet": str(last.sheet.uid), "instrument": code, "title": last.sheet.instrument.title,
                "value": None if last.value is None else float(last.value), "band": last.band, "on": last.on.isoformat(),
                "answered": last.answered, "items": last.items,
                "first": None if first is None or first.value is None else float(first.value), "first_on": first.on.isoformat() if first else "",
                "change": stand.direction if stand else "", "said": stand.said if stand else "",
            }
        )  # fmt: skip
    return found


def without_score(episode: Episode, plan: Plan | None, scores: list[dict[str, Any]], at: datetime) -> dict[str, str]:
    """Measures that are asked every week, or that an objective of the plan names, and have no score: code and name. The review says for
    each why there is none. (What is asked once, at intake, is no part of it.)"""
    stored = list(InstrumentEdition.objects.order_by("id"))
    forms = shelf.definitions(stored)
    names = {one.code: forms[one.pk].name for one in stored}
    asked = {
        window.instrument
        for window in schedule.of(episode, at)
        if window.event is due_engine.Event.WEEKLY and window.state is not due_engine.State.COMING
    }
    if plan is not None:
        asked |= set(Objective.objects.filter(goal__problem__plan=plan).exclude(measure="").values_list("measure", flat=True))
    have = {score["instrument"] for score in scores}
    return {code: names[code] for code in sorted(asked - have, key=lambda code: (lines.FIRST.get(code, 9), code)) if code in names}


@dataclass(frozen=True, slots=True)
class Due:
    """The next review of one episode's plan."""

    episode: Episode
    due_on: date
    every_days: int
    every_hours: int | None = None
    by_hours: bool = False  # the hours of treatment were used up before the days

    def late_days(self, today: date) -> int:
        return max(0, (today - self.due_on).days)


def waiting(actor: Actor, today: date, ahead: int = 7) -> list[tuple[date, int, int]]:
    """Reviews due until `ahead` days from today, among open episodes `actor` may know, longest overdue first, as
    (due on, every so many days, number of the episode).

    A plan's clock starts when the last of client and clinician signed it, and starts again with each review. A plan that declares hours
    of treatment too is due when they are used up, if that comes first. Two queries, however many plans there are.
    """
    clocks = (
        Plan.objects.filter(episode__in=Episode.objects.visible_to(actor).open(), signatures__capacity="client")
        .annotate(signed=Max("signatures__at"), reviewed=Max("reviews__at"))
        .order_by("episode", "version")
        .values_list("episode_id", "review_every_days", "review_every_hours", "signed", "reviewed")
    )
    newest: dict[int, tuple[date, int, int | None]] = {}
    for episode_id, every_days, every_hours, signed, reviewed in clocks:
        start = max(moment for moment in (signed, reviewed) if moment is not None)
        newest[episode_id] = (start.date(), every_days, every_hours)
    treated = _treated({pk: start for pk, (start, _days, hours) in newest.items() if hours})
    found = [
        (review_clock.due(start, days, hours, treated.get(pk, ())).on, days, pk) for pk, (start, days, hours) in newest.items()
    ]
    return sorted(one for one in found if one[0] <= today + timedelta(days=ahead))


def _treated(starts: dict[int, date]) -> dict[int, list[tuple[date, int]]]:
    """Minutes of treatment attended since these days, as (day, minutes), by episode: what a payer counts, groups and visits. One query."""
    found: dict[int, list[tuple[date, int]]] = {}
    if not starts:
        return found
    newest = Attendance.objects.filter(booking=OuterRef("pk")).order_by("-pk").values("minutes_attended")[:1]
    rows = (
        Booking.objects.filter(episode__in=starts, cancelled_at__isnull=True, attendance__isnull=False)
        .filter(starts_at__gte=datetime.combine(min(starts.values()), time(), UTC))
        .exclude(session__group__type__countable=False)
        .annotate(minutes=Subquery(newest))
        .values_list("episode_id", "starts_at", "session__site__time_zone", "minutes")
        .distinct()
    )
    for episode_id, starts_at, zone_name, minutes in rows:
        found.setdefault(episode_id, []).append((starts_at.astimezone(ZoneInfo(zone_name)).date(), minutes or 0))
    return found


def waited_for(keys: Sequence[tuple[date, int, int]]) -> list[Due]:
    """The reviews of some of `waiting`, in the same order, with their people."""
    episodes = Episode.objects.select_related("client__person").in_bulk([pk for _on, _every, pk in keys])
    return [Due(episodes[pk], due_on, every_days) for due_on, every_days, pk in keys]


def due(actor: Actor, today: date, ahead: int = 7) -> list[Due]:
    """All of `waiting` with their people."""
    return waited_for(waiting(actor, today, ahead))


def next_due(episode: Episode) -> Due | None:
    """When this episode's plan is due for review; None before it is signed by the client."""
    signed = PlanSignature.objects.filter(plan__episode=episode, capacity="client").select_related("plan").order_by("-plan__version").first()
    if signed is None:
        return None
    last = episode.reviews.first()
    start = max([signed.at, *([last.at] if last else [])]).date()
    plan = signed.plan
    treated = _treated({episode.pk: start}).get(episode.pk, ()) if plan.review_every_hours else ()
    counted = review_clock.due(start, plan.review_every_days, plan.review_every_hours, treated)
    return Due(episode, counted.on, plan.review_every_days, plan.review_every_hours, counted.by_hours)
