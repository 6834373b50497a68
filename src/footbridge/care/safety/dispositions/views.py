from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .. import reads as safety
from .. import rules
from . import actions, reads
from .forms import DispositionForm


@access.page(rules.RECORD_DISPOSITION, of=safety.of_episode)
def record(request: Request, episode: Episode) -> HttpResponse:
    """What was decided for somebody in danger: the form, why it is asked, and what was decided before."""
    client = episode.client
    form = web.form(request, DispositionForm, initial={"form_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record(client, **form.cleaned_data, by=request.actor, at=request.at)
            open_alarm = client.alarms.filter(closed__isnull=True, urgency="now").exists()
            says = _("Written down. The visit can end. Close the alarm too, with what was done.") if open_alarm else _("Written down. The visit can end.")
            return web.done(request, "safety:show", says, uid=episode.uid)
        except actions.CannotDecide as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(client, by=request.actor, at=request.at, what="safety")
    context = {"episode": episode, "form": form, "gate": reads.gate(client), "earlier": list(reads.of_client(client)[:10])}
    return web.show(request, "care/safety/disposition.html", context)
