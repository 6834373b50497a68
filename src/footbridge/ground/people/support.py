"""Who stands by a client, and what each of them may see on a day. Ages and rules of the state are computed, never remembered.

The rules stand in engines/minors; the table of states in data/minors_consent.yaml. The state is that of the sites; where they lie in
several states, or none is named, no rule is known and nothing is open by law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.engines import minors
from footbridge.engines.sentence import Sentence
from footbridge.ground.program.models import Program, Site
from footbridge.ground.program.words import Population
from footbridge.kit.web.sources import sourced

from .models import Client, Person, Supporter
from .sentences import SENTENCES
from .words import Scope, SignedHow, Signer


@cache
def table() -> minors.Table:
    return minors.table(parsed("minors_consent"))


def part2() -> bool:
    """Whether the programs here are under 42 CFR Part 2."""
    return bool(parsed("minors_consent").get("part2", True))


def state() -> str:
    """The state of all sites; empty when they lie in several or one of them names none."""
    found = set(Site.objects.values_list("state", flat=True))
    return found.pop().upper() if len(found) == 1 else ""


class Here:
    """Where we are, asked once for many people: the state, and whether adolescents are admitted here. Then nobody whose age is not known counts
    as an adult."""

    @classmethod
    def of_many(cls) -> Here:
        """Everything asked now: the questions do not depend on who is in the list."""
        here = cls()
        _asked_now = (here.state, here.takes_minors)
        return here

    @cached_property
    def state(self) -> str:
        return state()

    @cached_property
    def takes_minors(self) -> bool:
        return Program.objects.filter(admits=True, population=Population.ADOLESCENT).exists()


def asked(client: Client, on: date, *, where: Here | None = None) -> minors.Asked:
    """The person and the day, for the engine. `where`: one for many people, so that it is asked once."""
    return _asked(client.person.born_on, on, where=where or Here())


def _asked(born_on: date | None, on: date, *, where: Here) -> minors.Asked:
    return minors.Asked(born_on, on, where.state, part2=part2(), takes_minors=born_on is None and where.takes_minors)


def standing(client: Client, on: date) -> minors.Standing:
    """Who signs for this person, and whose agreement is needed before anything is told."""
    return minors.standing(asked(client, on), table())


def standing_of(born_on: date | None, on: date) -> minors.Standing:
    """The same for somebody who is no client (yet)."""
    return minors.standing(_asked(born_on, on, where=Here()), table())


def grant_of(supporter: Supporter) -> minors.Grant:
    # Said by voice is not signed: a consent under Part 2 is in writing (2.31(a)).
    signed = () if supporter.signed_how == SignedHow.SPOKEN and part2() else supporter.signed_by
    return minors.Grant(
        minors.Basis(supporter.legal_basis), frozenset(supporter.scope), supporter.granted_from, supporter.granted_until,
        frozenset(minors.Signer(one) for one in signed), frozenset(supporter.denied_by_court),
    )  # fmt: skip


def access(supporter: Supporter, on: date, *, where: Here | None = None) -> minors.Access:
    """What this grant opens on the day, what it does not and why, and when it ends as things stand."""
    return minors.access(grant_of(supporter), asked(supporter.client, on, where=where), table())


def open_on(person_id: int, on: date) -> list[tuple[Supporter, frozenset[str]]]:
    """The grants to this person that open anything on the day, with what they open."""
    rows = Supporter.objects.filter(person_id=person_id, granted_from__lte=on).filter(Q(granted_until__isnull=True) | Q(granted_until__gt=on))
    found = list(rows.select_related("client__person", "person").order_by("client__person__name_used", "pk"))
    where = Here()
    return [(row, classes) for row in found if (classes := access(row, on, where=where).classes)]


def together(grants: Iterable[tuple[Supporter, frozenset[str]]], client: Client) -> frozenset[str]:
    """What all grants of one client to one person open."""
    return frozenset().union(*(classes for row, classes in grants if row.client_id == client.pk))


@dataclass(frozen=True, slots=True)
class Shown:
    """A grant as staff and the client see it."""

    supporter: Supporter
    access: minors.Access
    is_over: bool
    opens: list[str]
    withheld: list[tuple[str, str]]
    signed: list[str]

    @property
    def person(self) -> Person:
        return self.supporter.person


def shown(client: Client, on: date) -> list[Shown]:
    """Everybody who was ever granted something, those whose access holds first."""
    where = Here()
    rows = client.supporters.select_related("person__user", "client__person", "granted_by__person").order_by("person__name_used", "pk")
    found = [_shown(row, access(row, on, where=where), on) for row in rows]
    return sorted(found, key=lambda one: one.is_over)


def _shown(row: Supporter, seen: minors.Access, on: date) -> Shown:
    return Shown(
        row, seen, seen.ends_on is not None and seen.ends_on <= on, names(seen.classes),
        [(str(Scope(one).label), said(why)) for one, why in seen.withheld.items()],
        [str(Signer(one).label) for one in row.signed_by],
    )  # fmt: skip


def names(classes: Iterable[str]) -> list[str]:
    """Classes of data in words, in the order of the list."""
    return [str(one.label) for one in Scope if one.value in set(classes)]


def said(sentence: Sentence) -> str:
    """A sentence of the engine in the reader's language."""
    return sourced(str(SENTENCES[sentence.code]) % {name: _param(name, value) for name, value in sentence.params.items()})


def _param(name: str, value: object) -> object:
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if name == "who" and isinstance(value, tuple):
        return ", ".join(str(Signer(one).label) for one in value)
    if name == "service":
        return {"mental_health": _("mental health care"), "substance_use": _("substance use care")}[str(value)]
    if name == "state" and value == "?":
        return _("an unnamed state")
    if name == "only_for" and isinstance(value, tuple):
        known = {"suicide_prevention": _("suicide prevention"), "abuse": _("abuse"), "addiction": _("addiction")}
        return ", ".join(known.get(str(one)) or str(one) for one in value)
    return value
