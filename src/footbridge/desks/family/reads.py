"""What a supporter was granted, today."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from footbridge.ground.people.models import Supporter
from footbridge.kit.access import Actor


def grants(actor: Actor, on: date) -> QuerySet[Supporter]:
    """The people who let this actor see something on the day."""
    return (
        Supporter.objects.filter(person_id=actor.person_id or 0, granted_from__lte=on)
        .filter(Q(granted_until__isnull=True) | Q(granted_until__gt=on))
        .select_related("client__person")
        .order_by("client__person__name_used")
    )


def grant(actor: Actor, uid: UUID, on: date) -> Supporter | None:
    return grants(actor, on).filter(uid=uid).first()
