"""The prescriber's pages: the visits of the day, and one page before each visit."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.medication import actions as medication
from footbridge.care.medication import reads as medicines
from footbridge.care.medication.words import Occasion, Reconciled
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import reads, rules

PAGE = 50


@access.page(rules.SEE_VISITS)
def day(request: Request) -> HttpResponse:
    today = day_of(request.at)
    try:
        shown = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        shown = today
    if not 1900 <= shown.year <= 2200:
        shown = today
    acting = request.actor.within(rules.SEE_VISITS.roles)
    page = Paginator(reads.clients(acting, today), PAGE).get_page(request.GET.get("page"))
    return web.show(
        request,
        "desks/prescriber/day.html",
        {"visits": reads.visits(acting, shown), "shown": shown, "today": today, "page": page},
    )


@access.page(rules.PREPARE_VISIT, of=episodes.episode)
def visit(request: Request, episode: Episode) -> HttpResponse:
    """One page before the visit. A post is "no change, continue": the whole list gone through, all of it continued."""
    if request.method == "POST":
        taken = medicines.taken_on(episode.client, day_of(request.at))
        try:
            medication.reconcile(
                episode,
                occasion=Occasion.VISIT,
                sources=_("Client, at the visit"),
                items=dict.fromkeys(taken, (Reconciled.CONTINUE.value, "")),
                by=request.actor,
                at=request.at,
            )
        except medication.CannotReconcile as refusal:
            messages.warning(request, str(refusal))
            return _page(request, episode, status=422)
        return web.done(request, "prescriber:visit", _("Kept: no change, continue."), uid=episode.uid)
    trail.looked(episode.client, by=request.actor, at=request.at, what="visit")
    return _page(request, episode)


def _page(request: Request, episode: Episode, status: int = 200) -> HttpResponse:
    page = {"episode": episode, "visit": reads.visit(request.actor, episode, request.at), "today": day_of(request.at)}
    return web.show(request, "desks/prescriber/visit.html", page, status=status)
