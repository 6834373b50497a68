"""The page of a client's pairings: who must not meet them, and who support each other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form, RadioCards

from . import actions, reads, rules
from .words import PairKind


class PairForm(Form):
    kind = forms.ChoiceField(label=gettext_lazy("What holds"), choices=PairKind.choices, widget=RadioCards(columns=True))
    number = forms.CharField(label=gettext_lazy("Record number of the other person"), max_length=12, help_text=gettext_lazy("Like R000012"))
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("Read only by this person’s care team and the director, never on a timetable")
    )


@access.page(rules.SEE_PAIRS, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="pairings")
    form = web.form(request, PairForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pair(episode, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "timetable:pairs", _("Kept. The timetable keeps to it from now on."), uid=episode.uid)
        except actions.CannotPair as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/timetable/pairs.html", {"episode": episode, "form": form, "rows": _rows(request, episode)})


def _rows(request: Request, episode: Episode) -> list[dict[str, Any]]:
    """Whoever was named from the other side is named, but for the reason: that is somebody else's."""
    found = reads.pairings(episode)
    others = {p.other_id if p.one_id == episode.client_id else p.one_id for p in found}
    seen = set(Client.objects.visible_to(request.actor).filter(pk__in=others).values_list("pk", flat=True))
    rows = []
    for pairing in found:
        mine = pairing.one_id == episode.client_id
        other = pairing.other if mine else pairing.one
        known = mine or request.actor.has("director")
        rows.append({
            "pairing": pairing, "who": f"{other.person.name_used} {other.number}" if other.pk in seen else other.number,
            "reason": pairing.reason if known else _("Said by the care team of the other person"), "may_end": known,
        })  # fmt: skip
    return rows


@access.page(rules.SEE_PAIRS, of=reads.pairing)
@require_POST
def end(request: Request, client: Client) -> HttpResponse:
    pairing: Any = client.paired  # type: ignore[attr-defined]
    actions.end_pairing(pairing, by=request.actor, at=request.at)
    episode = Episode.objects.visible_to(request.actor).filter(client=client).present_first().first()
    to = {"uid": episode.uid} if episode else {}
    return web.done(request, "timetable:pairs" if episode else "timetable:week", _("It holds no more."), **to)
