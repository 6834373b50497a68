"""What somebody has agreed to on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet

from footbridge.ground.people.models import Client
from footbridge.ground.people.reads import contact_choice

from . import elements
from .models import Consent, ExpiresWhen


def in_force(client: Client, on: date) -> QuerySet[Consent]:
    """Consents given, not taken back, not run out. One that ends with treatment has ended when no episode is open any more."""
    found = client.consents.filter(revoked__isnull=True).filter(Q(expires_on__isnull=True) | Q(expires_on__gt=on))
    if client.episodes.filter(ended_at__isnull=True).exists():
        return found
    over = client.episodes.aggregate(last=Max("ended_at"))["last"]
    return found.exclude(expires_when=ExpiresWhen.END_OF_TREATMENT, signed_at__lte=over) if over else found


@dataclass(frozen=True, slots=True)
class Whole:
    """A consent with all that it says: for the client, and as the copy that goes along with what is shared (42 CFR 2.32)."""

    consent: Consent
    classes: list[str]
    says: list[Any]


def whole(consent: Consent, program: str) -> Whole:
    return Whole(consent, elements.classes_said(consent), elements.says(consent, program))


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
