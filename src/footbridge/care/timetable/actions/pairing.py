"""Who must not meet, and who support each other. The reason is for the care team of the person it was said about."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.ground.people.reads import number_is
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import rules
from ..models import Pairing


class CannotPair(access.Refusal):
    """There is no such client, it is the person themselves, or they are paired already."""


def pair(episode: Episode, number: str, kind: str, reason: str, *, by: Actor, at: datetime) -> Pairing:
    """`kind` of PairKind between the client of the episode and the one with this record number. The timetable keeps to it from now on; groups
    in which both sit already are shown as a conflict, and nobody is moved by itself."""
    access.require(by, rules.SEE_PAIRS, episode)
    if not reason.strip():
        raise CannotPair(_("Say why in a few words. Only the care team and the director read it."), field="reason")
    other = Client.objects.filter(number_is(number, of="")).first()
    if other is None:
        raise CannotPair(_("There is no client with this record number. It looks like R000012."), field="number")
    if other.pk == episode.client_id:
        raise CannotPair(_("This is their own record number."), field="number")
    row = Pairing(kind=kind, one=episode.client, other=other, reason=reason.strip(), by_id=by.staff_id, at=at)
    with trail.act("timetable.paired", by=by, at=at, about=episode, client=episode.client, detail={"kind": kind}):
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise CannotPair(_("Something is on record about these two already. End it first."), field="number") from error
    return row


def end_pairing(pairing: Pairing, *, by: Actor, at: datetime) -> Pairing:
    """It holds no more."""
    access.require(by, rules.SEE_PAIRS, pairing.one)
    with trail.act("timetable.pairing_ended", by=by, at=at, about=pairing, client=pairing.one):
        if pairing.ended_at is None:
            pairing.ended_at, pairing.ended_by_id = at, by.staff_id
            pairing.save(update_fields=["ended_at", "ended_by"])
    return pairing
