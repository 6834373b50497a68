"""The signed-in client, their episode, and the day at their site."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from footbridge.care.practice import reads as practice
from footbridge.care.practice.models import Assignment
from footbridge.care.practice.skills import Skill, shelf
from footbridge.ground.consent.models import Consent
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client, Supporter
from footbridge.ground.program.days import day_of
from footbridge.kit.access import Actor

PHONE = re.compile(r"[\s,;:–-]*(\+?[\d][\d\s().-]{2,18}\d)\s*$")


@dataclass(frozen=True, slots=True)
class Mine:
    client: Client
    episode: Episode | None
    today: date

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())


def mine(actor: Actor, at: datetime) -> Mine:
    """What belongs to the signed-in client. Raises Client.DoesNotExist for anybody else, which no client page lets happen."""
    client = Client.objects.select_related("person").get(pk=actor.client_id or 0)
    return Mine(client, episodes.latest(client), day_of(at))


@dataclass(frozen=True, slots=True)
class Given:
    assignment: Assignment
    skill: Skill | None
    times: int


def given(episode: Episode | None, today: date) -> list[Given]:
    """The skills the client practises now, with how often this week."""
    if episode is None:
        return []
    return [Given(row, shelf().get(row.skill), practice.times_this_week(row, today)) for row in practice.open_assignments(episode)]


def own_assignment(actor: Actor, uid: UUID) -> Assignment | None:
    found = practice.assignment(actor, uid)
    return found if found and found.episode.client_id == actor.client_id else None


def own_consent(actor: Actor, uid: UUID) -> Consent | None:
    return Consent.objects.select_related("client__person").filter(uid=uid, client_id=actor.client_id or 0).first()


def own_supporter(actor: Actor, uid: UUID) -> Supporter | None:
    return Supporter.objects.select_related("client", "person").filter(uid=uid, client_id=actor.client_id or 0).first()


def split_phone(line: str) -> tuple[str, str]:
    """A line of the safety plan as (words, phone): "Flo, 312 555 0100" becomes ("Flo", "312 555 0100")."""
    found = PHONE.search(line)
    if not found or not line[: found.start()].strip():
        return line.strip(), ""
    return line[: found.start()].strip(), found.group(1).strip()
