"""Which notices went out, which wait, which failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from footbridge.kit.access import Actor

from .models import Notice


def listed(at: datetime, *, days: int = 14) -> QuerySet[Notice]:
    """Failed ones first, then those that wait, then the sent ones; the last two weeks."""
    since = at - timedelta(days=days)
    return (
        Notice.objects.filter(made_at__gte=since)
        .select_related("person")
        .order_by(F("failed_at").desc(nulls_last=True), F("sent_at").desc(nulls_first=True), "-made_at")
    )


def failed_count(at: datetime) -> int:
    return Notice.objects.filter(failed_at__isnull=False, sent_at=None, made_at__gte=at - timedelta(days=14)).count()


def notice(actor: Actor, uid: UUID) -> Notice | None:
    return Notice.objects.select_related("person").filter(uid=uid).first()
