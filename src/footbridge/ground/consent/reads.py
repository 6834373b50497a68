"""What somebody has agreed to on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from footbridge.ground.people.models import Client
from footbridge.ground.people.reads import contact_choice

from .models import Consent


def in_force(client: Client, on: date) -> QuerySet[Consent]:
    """Consents given, not taken back, not run out."""
    return client.consents.filter(revoked__isnull=True).filter(Q(expires_on__isnull=True) | Q(expires_on__gt=on))


def has(client: Client, kind: str, on: date) -> bool:
    return in_force(client, on).filter(kind=kind).exists()


def channel(client: Client, on: date) -> str | None:
    """How a link may be sent to the client: "mail" or "text". None without an agreement to messages, or when they asked to be
    called after they gave it: what they said last holds."""
    agreed = in_force(client, on).filter(kind="messages").first()
    if agreed is None:
        return None
    chosen = contact_choice(client.person)
    if chosen is not None and chosen.channel in ("mail", "text"):
        return chosen.channel
    return None if chosen is not None and chosen.chosen_at >= agreed.signed_at else "mail"
