from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from footbridge.data import parsed
from footbridge.kit.access import Actor

from .models import OtherProgram


def good_for() -> timedelta:
    """How long an entry may go without anybody calling there."""
    return timedelta(days=parsed("hand_offs")["list_good_for_days"])


def kept() -> QuerySet[OtherProgram]:
    """Those people can be sent to, by name."""
    return OtherProgram.objects.filter(ended_at__isnull=True).select_related("checked_by__person")


def other_program(actor: Actor, uid: UUID) -> OtherProgram | None:
    return kept().filter(uid=uid).first()


def is_stale(one: OtherProgram, on: date) -> bool:
    return one.checked_on + good_for() < on


def to_check(on: date) -> int:
    """How many entries nobody has called for too long."""
    return kept().filter(checked_on__lt=on - good_for()).count()
