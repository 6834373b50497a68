"""From an account to an actor: who this is, in which roles, today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from footbridge.ground.people import support
from footbridge.ground.people.models import Person, RoleHeld, Supporter
from footbridge.ground.program.days import day_of
from footbridge.kit.access import PUBLIC, Actor


def actor_of(user: Any, at: datetime) -> Actor:
    """The actor for a signed-in account at `at`. Roles that have not begun or have ended are not held."""
    if user is None or not user.is_authenticated or not user.is_active:
        return PUBLIC
    on = day_of(at)
    held = RoleHeld.objects.filter(staff__person=OuterRef("pk"), held_from__lte=on).filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
    supports = Supporter.objects.filter(person=OuterRef("pk"), granted_from__lte=on).filter(
        Q(granted_until__isnull=True) | Q(granted_until__gt=on)
    )
    # One query: this is asked before every page.
    known = Person.objects.select_related("staff", "client").annotate(held=ArraySubquery(held.values("role")), supports_now=Exists(supports))
    person = known.filter(user_id=user.pk).first()
    if person is None:
        return Actor(user_id=user.pk, name="account without a person", is_demo=user.is_demo)
    roles: set[str] = set()
    staff = getattr(person, "staff", None)
    if staff is not None and (staff.left_on is None or on < staff.left_on):
        roles.update(person.held)
    works_here = bool(roles)
    client = getattr(person, "client", None)
    if client is not None:
        roles.add("client")
    # What the dates say is looked at closer, by age and by law, only for those who support anybody.
    open_to = frozenset(grant.client_id for grant, _classes in support.open_on(person.pk, on)) if person.supports_now else frozenset()
    if open_to:
        roles.add("supporter")
    return Actor(
        user_id=user.pk,
        person_id=person.pk,
        staff_id=staff.pk if staff is not None and works_here else None,
        client_id=client.pk if client is not None else None,
        name=person.name_used,
        roles=frozenset(roles),
        is_demo=user.is_demo,
        supports=open_to,
    )
