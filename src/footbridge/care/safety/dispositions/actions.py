"""Write down what was decided for somebody in danger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from ..rules import RECORD_DISPOSITION
from .models import Disposition
from .words import Decided

NOTE_AT_LEAST = 10  # letters: a word is not what was decided


class CannotDecide(access.Refusal):
    """Something that the next reader needs is missing."""


def record(
    client: Client, *, decided: str, where_now: str, told: str, note: str, form_key: UUID, by: Actor, at: datetime
) -> Disposition:
    """What was decided, where the person is now, and who was told. It lets the visit end; it closes no alarm.

    Added, never written over: what changed later is another one. The same `form_key` twice makes one row.
    """
    access.require(by, RECORD_DISPOSITION, client)
    if decided not in Decided.values:
        raise CannotDecide(_("Choose what was decided."), field="decided")
    for name, words, ask in (
        ("where_now", where_now, _("Say where the person is now.")),
        ("told", told, _("Say who was told, or that nobody was and why.")),
    ):
        if not words.strip():
            raise CannotDecide(ask, field=name)
    if len(note.strip()) < NOTE_AT_LEAST:
        raise CannotDecide(_("Write what was said and agreed, in a sentence or two."), field="note")
    with trail.act("disposition.recorded", by=by, at=at, about=client, client=client, detail={"decided": decided}):
        known = Disposition.objects.filter(form_key=form_key, client=client).first()
        return known or Disposition.objects.create(
            client=client, decided=decided, where_now=where_now.strip()[:200], told=told.strip(), note=note.strip(),
            form_key=form_key, by_id=by.as_staff, at=at,
        )  # fmt: skip
