"""Who works at Riverside on the day of the story, and who else has an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from footbridge.care.timetable import actions as timetable
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import TeamRole
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.people import actions as people
from footbridge.ground.program.models import Group
from footbridge.kit.access import SYSTEM

from ..cast import STAFF, Member, _account
from . import program

# Nine who are in the morning groups already: with Ana they are ten.
PEERS = (
    "Ida Falk", "Joel Amari", "Kai Winter", "Lea Moreau", "Nico Brandt", "Olga Reyes", "Pia Novak", "Rui Santos", "Sam Whitfield",
)  # fmt: skip


@dataclass
class Cast:
    """By first name: bo, cy, di, ivy, ed, pat, bea (staff), max (Cy's client), gus (an account and nothing else)."""

    members: dict[str, Member] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Member:
        try:
            return self.__dict__["members"][name]
        except KeyError:
            raise AttributeError(name) from None


def build() -> Cast:
    at = program.now()
    cast = Cast()
    for key, (name, title, roles) in STAFF.items():
        user, person = _account(name, at=at)
        staff = people.hire(person, title=title, started_on=date(2025, 1, 6), by=SYSTEM, at=at)
        for role in roles:
            people.give_role(staff, role, held_from=date(2025, 1, 6), by=SYSTEM, at=at)
        cast.members[key] = Member(user, person, staff=staff)
    instruments.load_definitions(by=SYSTEM, at=at)
    program.load(cast.ed.actor(at), cast.members, at)
    user, person = _account("Max Weber", at=at, born_on=date(1988, 2, 3))
    client = people.make_client(person, by=SYSTEM, at=at)
    episode = episodes.open_episode(client, by=SYSTEM, at=at)
    episodes.join_team(episode, cast.cy.staff, TeamRole.PRIMARY, by=SYSTEM, at=at)
    cast.members["max"] = Member(user, person, client=client, episode=episode)
    morning = list(Group.objects.filter(track__code="morning").order_by("pk"))
    for name in PEERS:
        peer = people.make_client(
            people.add_person(legal_name=name, born_on=date(1990, 1, 2), by=SYSTEM, at=at), by=SYSTEM, at=at
        )
        episode = episodes.open_episode(peer, by=SYSTEM, at=at)
        episodes.join_team(episode, cast.cy.staff, TeamRole.PRIMARY, by=SYSTEM, at=at)
        for group in morning:
            timetable.join_group(episode, group, program.today(at), by=cast.ed.actor(at), at=at, confirmed=True)
    user, person = _account("Gus Petrov", at=at)
    cast.members["gus"] = Member(user, person)
    return cast
