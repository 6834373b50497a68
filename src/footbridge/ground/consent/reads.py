"""What somebody has agreed to on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from footbridge.ground.people.models import Client

from .models import Consent


def in_force(client: Client, on: date) -> QuerySet[Consent]:
    """Consents given, not taken back, not run out."""
    return client.consents.filter(revoked__isnull=True).filter(Q(expires_on__isnull=True) | Q(expires_on__gt=on))


def has(client: Client, kind: str, on: date) -> bool:
    return in_force(client, on).filter(kind=kind).exists()
