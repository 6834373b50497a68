"""Pages of the screening."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, forms, reads, rules


@access.page(rules.SEE_SCREEN, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="screening")
    screen = reads.latest(episode)
    return web.show(
        request,
        "care/screening/show.html",
        {
            "episode": episode,
            "screen": screen,
            "sections": [(forms.TITLES[name], said) for name, said in reads.said(screen)] if screen else [],
            "week": reads.week(screen) if screen else [],
            "admitted": hasattr(episode, "admission"),
            "may_take": access.may(request.actor, rules.TAKE_SCREEN, episode) and episode.ended_at is None,
            "sheets": reads.questionnaires(episode.client),
            "suicide": reads.suicide_screen(episode.client),
        },
    )


@access.page(rules.TAKE_SCREEN, of=episodes.episode)
def take(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="screening")
    start = reads.start(episode)
    a_day = Counter(day for day, _starts, _ends in start["hours"])
    form = web.form(request, forms.ScreenForm, initial=forms.initial(start), slots=max(a_day.values(), default=0))
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("how", *actions.WORDS)}
        try:
            actions.take(
                episode, **said, facts=form.facts_said, free_hours=form.hours_said, by=request.actor, at=request.at
            )
            return web.done(request, "screening:show", _("Screen kept."), uid=episode.uid)
        except actions.CannotScreen as refusal:
            web.refused(form, refusal)
    return web.show(
        request,
        "care/screening/take.html",
        {
            "episode": episode,
            "form": form,
            "before": reads.latest(episode),
            "suicide": reads.suicide_screen(episode.client),
        },
    )
