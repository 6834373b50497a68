"""The program at a glance. Every number opens its rows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from footbridge.care.placement.models import Admission
from footbridge.ground.episodes.models import BreakGlass
from footbridge.ground.people.models import RoleHeld, Staff
from footbridge.ground.program.models import Track
from footbridge.kit.access import Actor


def staff_list(on: date) -> QuerySet[Staff]:
    """Everybody who works here, with the roles they hold on the day."""
    held = RoleHeld.objects.filter(held_from__lte=on).filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
    return (
        Staff.objects.select_related("person__user", "supervisor__person")
        .prefetch_related(Prefetch("roles_held", held, to_attr="roles_now"), "credentials")
        .order_by("left_on", "person__name_used")
    )


def staff(actor: Actor, uid: UUID) -> Staff | None:
    return Staff.objects.select_related("person__user", "supervisor__person").filter(uid=uid).first()


def role_held(actor: Actor, uid: UUID) -> RoleHeld | None:
    return RoleHeld.objects.select_related("staff__person").filter(uid=uid).first()


def census(on: date) -> list[tuple[Track, int]]:
    """Tracks people are admitted to, each with how many are in it on the day."""
    here = Admission.objects.filter(starts_on__lte=on, episode__ended_at__isnull=True).order_by()
    taken = dict(here.values_list("track").annotate(Count("pk")))
    tracks = Track.objects.filter(program__admits=True).select_related("program", "site").order_by("program__name", "name")
    return [(track, taken.get(track.pk, 0)) for track in tracks]


def glass_since(since: datetime) -> QuerySet[BreakGlass]:
    return (
        BreakGlass.objects.filter(from_at__gte=since).select_related("staff__person", "episode__client__person").order_by("-from_at")
    )
