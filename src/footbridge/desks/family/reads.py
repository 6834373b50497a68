"""What a supporter was granted, today, and nothing beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from footbridge.care.sessions.models import NotePart
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import CareTeamMember, Episode, TeamRole
from footbridge.ground.people import support
from footbridge.ground.people.models import Client, Supporter
from footbridge.kit.access import Actor

NOTES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Close:
    """Somebody the signed-in person stands by. `uid` is that of one of the grants; `may` what all of them open together."""

    uid: UUID
    client: Client
    may: frozenset[str]
    ends_on: date | None

    @property
    def words(self) -> list[str]:
        return support.names(self.may)


def stands_by(actor: Actor, on: date) -> list[Close]:
    """The people who let this person see something today, each once."""
    found = support.open_on(actor.person_id or 0, on)
    by_client: dict[int, list[tuple[Supporter, frozenset[str]]]] = {}
    for row, classes in found:
        by_client.setdefault(row.client_id, []).append((row, classes))
    return [_close(rows, on) for rows in by_client.values()]


def _close(rows: list[tuple[Supporter, frozenset[str]]], on: date) -> Close:
    client = rows[0][0].client
    ends = [support.access(row, on).ends_on for row, _classes in rows]
    last = None if None in ends else max(day for day in ends if day is not None)
    return Close(rows[0][0].uid, client, support.together(rows, client), last)


def close(actor: Actor, uid: UUID, on: date) -> Close | None:
    """By the outside name of any grant that holds today; one that opens nothing today does not exist."""
    found = support.open_on(actor.person_id or 0, on)
    mine = next((row for row, _classes in found if row.uid == uid), None)
    if mine is None:
        return None
    return _close([(row, classes) for row, classes in found if row.client_id == mine.client_id], on)


def team(episode: Episode) -> list[CareTeamMember]:
    """Whom to call: the therapist and the prescriber."""
    shown = (TeamRole.PRIMARY, TeamRole.PRESCRIBER)
    return list(episode.team.filter(left_at__isnull=True, role__in=shown).select_related("staff__person").order_by("role", "pk"))


def notes(episode: Episode) -> list[NotePart]:
    """The person's own part of signed notes, newest first. Never the part about the group, never anybody else's, and none that
    was held back and is not signed yet."""
    parts = NotePart.objects.filter(booking__episode=episode, note__signatures__isnull=False).exclude(text="")
    parts = parts.filter(Q(booking__part_held_back__isnull=True) | Q(booking__part_held_back__signed_at__isnull=False))
    return list(parts.select_related("booking__session").order_by("-booking__starts_at").distinct()[:NOTES_SHOWN])


@dataclass(frozen=True, slots=True)
class OfEpisode:
    """A supporter, reached through the client's chart."""

    episode: Episode
    supporter: Supporter

    @property
    def client(self) -> Client:
        return self.episode.client


def of_episode(actor: Actor, uid: UUID, who: UUID) -> OfEpisode | None:
    episode = episodes.episode(actor, uid)
    found = episode and episode.client.supporters.select_related("person__user", "client__person").filter(uid=who).first()
    return OfEpisode(episode, found) if episode and found else None
