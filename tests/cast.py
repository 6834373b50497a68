"""The fixed cast of seeds, tests and docs. Built only with the product's own verbs.

Ana (client) · Bo (her therapist) · Cy (therapist of others) · Di (front desk) · Ivy (intake) · Ed (director) · Flo (family, Ana's mother) ·
Gus (a stranger with an account) · Pat (prescriber) · Bea (biller) · Max (Cy's client)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Client, Person, Staff
from footbridge.kit.access import SYSTEM, Actor
from footbridge.kit.access.models import User
from footbridge.wiring.actors import actor_of

PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # a Monday, 9:00 in Chicago


@dataclass
class Member:
    """One of the cast: the account, the person, and what they are."""

    user: User
    person: Person
    staff: Staff | None = None
    client: Client | None = None
    episode: Episode | None = None

    def actor(self, at: datetime = NOW) -> Actor:
        return actor_of(self.user, at)


@dataclass
class Cast:
    ana: Member
    bo: Member
    cy: Member
    di: Member
    ivy: Member
    ed: Member
    flo: Member
    gus: Member
    pat: Member
    bea: Member
    max: Member


STAFF = {
    "bo": ("Bo Lindqvist", "LCSW", ["therapist"]),
    "cy": ("Cy Okafor", "LPC", ["therapist"]),
    "di": ("Di Marsh", "Front desk", ["front_desk"]),
    "ivy": ("Ivy Tran", "LCSW, intake", ["intake"]),
    "ed": ("Ed Novak", "PhD, program director", ["director"]),
    "pat": ("Pat Reyes", "PMHNP", ["prescriber"]),
    "bea": ("Bea Cole", "Billing", ["biller"]),
}


@cache
def _hashed() -> str:
    """The password's hash, made once a run: hashing is slow on purpose."""
    return make_password(PASSWORD)


def _account(name: str, *, at: datetime, born_on: date | None = None) -> tuple[User, Person]:
    first = name.split()[0].lower()
    user = User.objects.create(email=f"{first}@example.org", password=_hashed(), is_demo=True)
    person = people.add_person(legal_name=name, born_on=born_on, email=user.email, phone="+13125550100", user=user, by=SYSTEM, at=at)
    return user, person


def build(at: datetime = NOW) -> Cast:
    """The cast on their first day. Ana and Max have an open episode and a care team; nobody has been screened yet."""
    made: dict[str, Member] = {}
    for key, (name, title, roles) in STAFF.items():
        user, person = _account(name, at=at)
        staff = people.hire(person, title=title, started_on=date(2025, 1, 6), by=SYSTEM, at=at)
        for role in roles:
            people.give_role(staff, role, held_from=date(2025, 1, 6), by=SYSTEM, at=at)
        made[key] = Member(user, person, staff=staff)
    for key, name, born, therapist in (("ana", "Ana Soto", date(1994, 5, 17), "bo"), ("max", "Max Weber", date(1988, 2, 3), "cy")):
        user, person = _account(name, at=at, born_on=born)
        client = people.make_client(person, by=SYSTEM, at=at)
        episode = episodes.open_episode(client, by=SYSTEM, at=at)
        episodes.join_team(episode, made[therapist].staff, TeamRole.PRIMARY, by=SYSTEM, at=at)
        made[key] = Member(user, person, client=client, episode=episode)
    episodes.join_team(made["ana"].episode, made["pat"].staff, TeamRole.PRESCRIBER, by=SYSTEM, at=at)
    user, person = _account("Flo Soto", at=at)
    made["flo"] = Member(user, person)
    people.grant_supporter(
        made["ana"].client, person, relation="parent", scope=["schedule", "safety"], granted_from=date(2026, 1, 1), by=SYSTEM, at=at
    )
    user, person = _account("Gus Petrov", at=at)
    made["gus"] = Member(user, person)
    return Cast(**made)
