from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .. import rules
from ..facts.words import Names
from . import actions, offered, whynot
from .forms import FromForm, TakeForm, WhyForm


def _from(request: Request, episode: Episode) -> date:
    """The day asked for; else the first day of the admission, when it is ahead, else the next working day."""
    asked = FromForm(request.GET)
    today = day_of(request.at)
    if asked.is_valid() and asked.cleaned_data["on"] and today <= asked.cleaned_data["on"] <= today + timedelta(days=180):
        return date.fromisoformat(str(asked.cleaned_data["on"]))
    admission = getattr(episode, "admission", None)
    if admission is not None and admission.starts_on > today:
        return date.fromisoformat(str(admission.starts_on))
    day = today + timedelta(days=1)
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


@access.page(rules.BOOK, of=episodes.episode)
def find(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, TakeForm)
    if request.method == "POST" and form.is_valid():
        told = offered.unpack(form.cleaned_data["offer"], episode)
        try:
            if told is None:
                raise actions.CannotTake(_("This offer is too old. Look at the new offers."))
            on, changes = told
            people = actions.take(episode, changes, on, agreed=request.POST.getlist("agreed"), by=request.actor, at=request.at)
            return web.done(request, "timetable:episode", _says(episode, people, on), uid=episode.uid)
        except actions.CannotTake as refusal:
            refusal.field = None
            web.refused(form, refusal)
    trail.looked(episode.client, by=request.actor, at=request.at, what="offers")
    context = {"form": form, "episode": episode, **_shown(request, episode)}
    return web.show(request, "care/timetable/finding/find.html", context, status=422 if form.errors else 200)


def _says(episode: Episode, people: list[Episode], on: date) -> str:
    """Booked; and whom of the others somebody has to call, because no message may be sent."""
    said = [_("The week is booked.")]
    others = [one for one in people if one.pk != episode.pk]
    call = [one.client.person.name_used for one in others if consents.channel(one.client, on) is None]
    if others:
        said.append(_("Everybody who moves finds it on their own page, and gets a message where they agreed to messages."))
    if call:
        said.append(_("Please call: %(names)s.") % {"names": ", ".join(call)})
    return " ".join(said)


def _shown(request: Request, episode: Episode) -> dict[str, Any]:
    on = _from(request, episode)
    found = offered.facts_for(episode, on) if episode.ended_at is None else None
    if found is None:
        return {"on": on, "offers": []}
    names = Names.of(request.actor, found.rows)
    offers = offered.offers(found, episode, on, names)
    whole = any(one.complete for one in offers)
    moving = offered.with_moves(found, episode, on, names) if request.GET.get("moves") and not whole else None
    hidden = moving is not None and not _may_move(request, moving)
    kinds = whynot.kinds(found, episode)
    why = WhyForm(request.GET if "part" in request.GET else None, kinds=kinds)
    answer = None
    if why.is_bound and why.is_valid():
        wish = why.cleaned_data
        answer = whynot.ask(found, episode, names, part=wish["part"] or whynot.Part.OWN, wants=[wish["want"]] if wish["want"] else [])
    return {
        "on": on, "from_form": FromForm(initial={"on": on}), "offers": offers, "whole": whole, "asked_moves": bool(request.GET.get("moves")),
        "moving": None if hidden else moving, "hidden": hidden, "why": why, "answer": answer,
        "no_solver": offered.solver_missing(), "outside": found.outside,
    }  # fmt: skip


def _may_move(request: Request, offer: offered.Offer) -> bool:
    """Whoever moves others must be somebody who may book for each of them."""
    uids = [change.episode for change in offer.changes]
    return Episode.objects.visible_to(request.actor.within(rules.BOOK.roles)).filter(uid__in=uids).count() == len(uids)
