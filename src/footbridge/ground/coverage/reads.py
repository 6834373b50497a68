"""Who pays on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from footbridge.ground.people.models import Client

from .models import Coverage


def on(client: Client, day: date) -> Coverage | None:
    """The coverage that holds on the day, the newest if several do."""
    return (
        client.coverages.filter(covered_from__lte=day)
        .filter(Q(covered_until__isnull=True) | Q(covered_until__gt=day))
        .prefetch_related("checks")
        .order_by("-covered_from", "-id")
        .first()
    )
