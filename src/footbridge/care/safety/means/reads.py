"""Questions about means and naloxone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor

from .models import MeansCounselling, NaloxoneOffer

AHEAD = timedelta(days=3)
KIT_AHEAD = timedelta(days=30)  # long enough to get a new kit


def talks(client: Client) -> list[MeansCounselling]:
    """Newest first."""
    return list(client.means_counselling.select_related("by__person"))


def offers(client: Client) -> list[NaloxoneOffer]:
    return list(client.naloxone_offers.select_related("by__person"))


@dataclass(frozen=True, slots=True)
class Due:
    """Something to ask somebody again. `what` as a desk shows it."""

    episode: Episode
    what: str
    on: date
    is_late: bool


def due(actor: Actor, today: date) -> list[Due]:
    """What this clinician has to ask again in the coming days, the oldest first: means, naloxone, kits that run out. Three queries."""
    mine = Episode.objects.visible_to(actor.within({"therapist", "prescriber"})).open().select_related("client__person")
    clients = mine.values("client")
    found: list[tuple[int, str, date]] = []
    soon = today + AHEAD
    for talk in _newest(MeansCounselling).filter(client__in=clients, follow_up_on__lte=soon):
        found.append((talk.client_id, _("Ask again about means"), talk.follow_up_on))
    kits = _newest(NaloxoneOffer).filter(client__in=clients)
    for offer in kits.filter(Q(follow_up_on__lte=soon) | Q(expires_on__lte=today + KIT_AHEAD)):
        if offer.follow_up_on is not None and offer.follow_up_on <= soon:
            found.append((offer.client_id, _("Ask again about naloxone"), offer.follow_up_on))
        if offer.expires_on is not None and offer.expires_on <= today + KIT_AHEAD:
            found.append((offer.client_id, _("Naloxone kit runs out"), offer.expires_on))
    if not found:
        return []
    episodes = {one.client_id: one for one in mine.filter(client__in={client for client, _what, _on in found})}
    rows = [Due(episodes[client], what, on, on < today) for client, what, on in found if client in episodes]
    return sorted(rows, key=lambda row: (row.on, row.episode.pk))


def _newest(kind: Any) -> QuerySet[Any]:
    """The version that holds, of each client."""
    newer = kind.objects.filter(client=OuterRef("client"), version__gt=OuterRef("version"))
    return kind.objects.filter(~Exists(newer)).order_by(F("follow_up_on").asc(nulls_last=True), "pk")
