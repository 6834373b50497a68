from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.transitions import reads as transitions
from footbridge.care.transitions.rules import SEE_TRANSITIONS
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import reads as people
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, reads, rules
from .forms import FollowUpForm

PAGE = 50


@access.page(rules.SEE_AFTERCARE)
def due(request: Request) -> HttpResponse:
    today = day_of(request.at)
    acting = request.actor.within(rules.SEE_AFTERCARE.roles)
    page = Paginator(reads.waiting(acting, today), PAGE).get_page(request.GET.get("page", "1"))
    contacts = [{"one": one, "overdue": one.overdue_days(today)} for one in reads.waited_for(list(page))]
    hand_offs = transitions.hand_offs_open(acting, today)[:PAGE]
    context = {"contacts": contacts, "page": page, "hand_offs": hand_offs, "source": reads.source(), "today": today}
    context["may_open"] = request.actor.has(*SEE_TRANSITIONS.roles)
    return web.show(request, "care/aftercare/due.html", context)


@access.page(rules.FOLLOW_UP, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    contacts = reads.contacts(episode)
    open_days = [one.due_day for one in contacts if not one.settled]
    choice = people.contact_choice(episode.client.person)
    form = web.form(
        request, FollowUpForm, days=reads.days(),
        initial={"due_day": open_days[0] if open_days else None, "channel": choice.channel if choice else "call"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(episode, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "aftercare:due", _("The contact is recorded."))
        except actions.CannotFollowUp as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="aftercare")
    context = {"episode": episode, "contacts": contacts, "form": form, "choice": choice, "source": reads.source(), "open_days": open_days}
    return web.show(request, "care/aftercare/show.html", context)
