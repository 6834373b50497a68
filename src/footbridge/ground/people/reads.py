"""Questions about people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from footbridge.kit.access import Actor

from .models import Client, ContactChoice, Person, Staff, Supporter


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
