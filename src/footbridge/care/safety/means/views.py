from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .. import reads as safety
from .. import rules
from . import actions, reads
from .forms import MeansForm, NaloxoneForm
from .models import MeansCounselling


@access.page(rules.COUNSEL, of=safety.of_episode)
def means(request: Request, episode: Episode) -> HttpResponse:
    """A talk about means; the form begins with what was said the last time."""
    talks = reads.talks(episode.client)
    form = web.form(request, MeansForm, initial={**_before(talks), "form_key": uuid.uuid4()})
    return _page(request, episode, form, actions.counsel, _("Kept as a new version."), "means.html", talks)


def _before(talks: list[MeansCounselling]) -> dict[str, Any]:
    kept = ("firearms", "medication", "other", "details", "storage_plan", "holder")
    return {name: getattr(talks[0], name) for name in kept} if talks else {}


@access.page(rules.COUNSEL, of=safety.of_episode)
def naloxone(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, NaloxoneForm, initial={"form_key": uuid.uuid4()})
    return _page(request, episode, form, actions.offer_naloxone, _("Kept."), "naloxone.html", reads.offers(episode.client))


def _page(request: Request, episode: Episode, form: Any, deed: Callable[..., Any], says: str, template: str, earlier: list[Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            deed(episode.client, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "safety:show", says, uid=episode.uid)
        except actions.CannotCounsel as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="safety")
    return web.show(request, f"care/safety/{template}", {"episode": episode, "form": form, "earlier": earlier})
