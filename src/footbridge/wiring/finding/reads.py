"""What somebody may find: their own pages, and the people whose records they may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import formats

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.reads import number_is
from footbridge.kit.access import Actor

from ..context import STAFF_NAV
from ..templatetags.chart import TABS

MOST = 8  # people shown; more is no longer finding


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    href: str
    says: str = ""
    icon: str = "person"


def pages(actor: Actor, sought: str) -> list[Found]:
    """The pages of the menu whose name holds the words; all of them when nothing is sought."""
    found: dict[str, Found] = {}
    for label, name, icon, roles in STAFF_NAV:
        if actor.roles & roles and sought.casefold() in str(label).casefold():
            found.setdefault(reverse(name), Found(str(label), reverse(name), icon=icon))
    return list(found.values())


def people(actor: Actor, sought: str) -> list[Found]:
    """Clients by name used, legal name or whole record number (names that begin so first), whose open or last episode's records the actor may open. Two queries at most."""
    door = _door(actor)
    if len(sought) < 2 or door is None:
        return []
    name, roles = door
    matches = Q(client__person__name_used__icontains=sought) | Q(client__person__legal_name__icontains=sought) | number_is(sought)
    seen = Episode.objects.visible_to(actor.within(roles)).filter(matches).select_related("client__person")
    newest: dict[int, Episode] = {}
    begins = Case(When(client__person__name_used__istartswith=sought, then=0), default=1)
    for episode in seen.order_by(begins, "client__person__name_used", "client_id", F("ended_at").desc(nulls_first=True), "-pk")[: MOST * 4]:
        newest.setdefault(episode.client_id, episode)
    return [_line(one, name) for one in list(newest.values())[:MOST]]


def _door(actor: Actor) -> tuple[str, set[str]] | None:
    """The first page about a client that the actor's roles open."""
    return next(((name, roles) for _label, name, roles in TABS if actor.roles & roles), None)


def _line(episode: Episode, name: str) -> Found:
    """Two identifiers beside the name, as on every page about somebody."""
    person: Any = episode.client.person
    born = formats.date_format(person.born_on, "DATE_FORMAT") if person.born_on else ""
    said = " · ".join(part for part in (episode.client.number, born) if part)
    return Found(person.name_used, reverse(name, kwargs={"uid": episode.uid}), said)
