"""Questions about people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from footbridge.kit.access import Actor

from .models import Away, Client, ContactChoice, Person, Staff, Supporter


def client(actor: Actor, uid: UUID) -> Client | None:
    return Client.objects.visible_to(actor).select_related("person").filter(uid=uid).first()


def staff_with_role(role: str, on: date) -> QuerySet[Staff]:
    """Staff who hold `role` on the day, by name."""
    return (
        Staff.objects.filter(roles_held__role=role, roles_held__held_from__lte=on)
        .filter(Q(roles_held__held_until__isnull=True) | Q(roles_held__held_until__gt=on))
        .filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
        .select_related("person")
        .order_by("person__name_used")
        .distinct()
    )


def contact_choice(person: Person) -> ContactChoice | None:
    """How the person said, most lately, that they want to be reached."""
    return person.contact_choices.first()


def supporters(client: Client, on: date) -> QuerySet[Supporter]:
    """Those who are granted something on the day."""
    return (
        client.supporters.filter(granted_from__lte=on)
        .filter(Q(granted_until__isnull=True) | Q(granted_until__gt=on))
        .select_related("person")
    )


def granted(actor: Actor, client: Client, scope: str, on: date) -> bool:
    """Whether `actor` is a supporter of this client who is granted `scope` on the day."""
    return bool(actor.person_id) and supporters(client, on).filter(person_id=actor.person_id or 0, scope__contains=[scope]).exists()


def away(on: date) -> QuerySet[Away]:
    """Who is away on the day."""
    return Away.objects.filter(from_on__lte=on, until_on__gt=on).select_related("staff__person", "cover__person")


def away_from(on: date) -> QuerySet[Away]:
    """Who is away on the day or later, soonest first."""
    return Away.objects.filter(until_on__gt=on).select_related("staff__person", "cover__person").order_by("from_on", "pk")


def here(staff: Staff, on: date, absent: Mapping[int, Away] | None = None) -> Staff | None:
    """The staff member, or whoever covers for them while they are away; None when nobody does. `absent` is `absences(on)`,
    when it was read already."""
    known = absences(on) if absent is None else absent
    seen: set[int] = set()
    found: Staff | None = staff
    while found is not None and found.pk in known and found.pk not in seen:
        seen.add(found.pk)
        found = known[found.pk].cover
    if found is None or found.pk in known or (found.left_on is not None and found.left_on <= on):
        return None
    return found


def absences(on: date) -> dict[int, Away]:
    """Who is away on the day, by staff id; of several entries the one with a cover, then the newest."""
    return {one.staff_id: one for one in sorted(away(on), key=lambda a: (a.cover_id is not None, a.pk))}


def absence(uid: UUID) -> Away | None:
    return Away.objects.filter(uid=uid).select_related("staff__person").first()
