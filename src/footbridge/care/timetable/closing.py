"""A day on which a site is closed: choose it, see whom it concerns, close it; who is told and whom to call; open it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program import actions as program
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import ClosedDay, Site
from footbridge.ground.program.rules import CLOSE_DAY
from footbridge.kit import access, web
from footbridge.kit.access import Request

from . import actions, reads
from .forms import CloseDayForm
from .models import Session

LATELY = timedelta(days=14)


@access.page(CLOSE_DAY)
def close(request: Request) -> HttpResponse:
    """First what closing would mean, then, with `confirm`, the deed."""
    sites = Site.objects.order_by("name", "pk")
    form = web.form(request, CloseDayForm, initial={"site": first.uid if (first := sites.first()) else None, "on": day_of(request.at)}, sites=sites)
    context: dict[str, Any] = {"form": form, "several": len(sites) > 1}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if "confirm" in request.POST:
                day = actions.close_day(**said, by=request.actor, at=request.at)
                return web.done(request, "timetable:closed_day", _("Closed. Messages go to those who agreed to them; please call the others."), uid=day.uid)
            program.closable(**said, at=request.at)
            sessions = reads.of_day(said["site"], said["on"]).filter(cancelled_at__isnull=True, starts_at__gt=request.at)
            context |= {"seen": said, "begun": reads.of_day(said["site"], said["on"]).filter(cancelled_at__isnull=True, starts_at__lte=request.at).count()}
            context |= _told(sessions, reads.who_would_come(sessions, said["on"]), request)
        except program.CannotClose as refusal:
            web.refused(form, refusal)
    days = ClosedDay.objects.filter(on__gte=day_of(request.at) - LATELY).select_related("site", "closed_by__person").order_by("on", "site__name", "pk")
    return web.show(request, "care/timetable/closing/close.html", {**context, "days": days})


def _told(sessions: QuerySet[Session], episodes: QuerySet[Episode], request: Request) -> dict[str, Any]:
    """How many sessions and people it concerns, who gets a message, and who must be called."""
    people = list(episodes.select_related("client__person").order_by("client__person__name_used", "pk"))
    ways = consents.channels([e.client for e in people], day_of(request.at))
    told = Counter(ways[e.client_id] for e in people)
    staff = list(Staff.objects.filter(pk__in=sessions.values("leader")).select_related("person").order_by("person__name_used", "pk"))
    return {
        "sessions": sessions.count(), "people": len(people), "letters": told["mail"] + told["text"],
        "by_message": _persons(e for e in people if ways[e.client_id] is not None), "calls": _persons(e for e in people if ways[e.client_id] is None),
        "staff": [s.person for s in staff if s.person.email], "staff_calls": [s.person for s in staff if not s.person.email],
    }  # fmt: skip


def _persons(episodes: Iterable[Episode]) -> list[Any]:
    return [e.client.person for e in episodes]


@access.page(CLOSE_DAY, of=reads.closed_day)
def closed_day(request: Request, day: ClosedDay) -> HttpResponse:
    """Who is told by message and who must be called; to print, and the way back."""
    return _closed_day(request, day)


def _closed_day(request: Request, day: ClosedDay, sentence: str = "") -> HttpResponse:
    sessions = reads.concerned(day)
    context = {
        "day": day, "sentence": sentence, "lines": [reads.line(s) for s in sessions.select_related(*reads.SHOWN).order_by("starts_at", "pk")],
        "may_open": day.opened_at is None and day.on >= day_of(request.at, day.site) and not sessions.filter(starts_at__lte=request.at).exists(),
    }  # fmt: skip
    context |= _told(sessions, reads.who_would_come(sessions, day.on), request)
    return web.show(request, "care/timetable/closing/closed.html", context, status=422 if sentence else 200)


@access.page(CLOSE_DAY, of=reads.closed_day)
@require_POST
def open_day(request: Request, day: ClosedDay) -> HttpResponse:
    try:
        actions.open_day(day, by=request.actor, at=request.at)
        return web.done(request, "timetable:closed_day", _("Open again. Messages go to those who agreed to them; please call the others."), uid=day.uid)
    except actions.CannotOpen as refusal:
        return _closed_day(request, day, str(refusal.sentence))
