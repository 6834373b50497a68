"""Verbs about episodes and care teams."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client, Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .models import BreakGlass, CareTeamMember, Episode, TeamRole

GLASS_HOURS = 12


class CannotOpenEpisode(access.Refusal):
    """There is one open already."""


class CannotBreakGlass(access.Refusal):
    """The reason is missing."""


def open_episode(client: Client, *, by: Actor, at: datetime) -> Episode:
    access.require(by, rules.OPEN_EPISODE)
    episode = Episode(client=client, opened_at=at)
    with trail.act("episode.opened", by=by, at=at, about=client, client=client):
        if Episode.objects.open().filter(client=client).exists():
            raise CannotOpenEpisode(_("This person has an open episode already. Continue there."))
        episode.save()
    return episode


def end_episode(episode: Episode, *, by: Actor, at: datetime, why: str) -> Episode:
    """The thread ends. Aftercare reads it; nothing clinical is added but follow-up contacts."""
    access.require(by, rules.END_EPISODE, episode)
    with trail.act("episode.ended", by=by, at=at, about=episode, client=episode.client, why=why):
        episode.ended_at = at
        episode.save(update_fields=["ended_at"])
    return episode


def join_team(episode: Episode, staff: Staff, role: str, *, by: Actor, at: datetime) -> CareTeamMember:
    """Somebody joins the care team; a new primary therapist or prescriber takes the place of the one before."""
    access.require(by, rules.SET_TEAM, episode)
    with trail.act("team.joined", by=by, at=at, about=episode, client=episode.client, detail={"role": role, "staff": str(staff.uid)}) as act:
        here = CareTeamMember.objects.filter(episode=episode, role=role, left_at__isnull=True)
        same = here.filter(staff=staff).first()
        if same:
            return same
        if role in (TeamRole.PRIMARY, TeamRole.PRESCRIBER):
            act.carries.update(former=[one.staff for one in here.select_related("staff")], staff=staff, role=role, by=by)
            here.update(left_at=at)
        return CareTeamMember.objects.create(episode=episode, staff=staff, role=role, joined_at=at)


def leave_team(member: CareTeamMember, *, by: Actor, at: datetime) -> CareTeamMember:
    access.require(by, rules.SET_TEAM, member.episode)
    with trail.act("team.left", by=by, at=at, about=member.episode, client=member.episode.client):
        member.left_at = at
        member.save(update_fields=["left_at"])
    return member


def break_glass(episode: Episode, staff: Staff, reason: str, *, by: Actor, at: datetime) -> BreakGlass:
    """Open somebody else's client's chart for some hours. The reason is asked for and read by the director."""
    access.require(by, rules.BREAK_GLASS)
    if len(reason.strip()) < 10:
        raise CannotBreakGlass(_("Say in a sentence why you need to open this chart now."), field="reason")
    glass = BreakGlass(episode=episode, staff=staff, reason=reason.strip(), from_at=at, until_at=at + timedelta(hours=GLASS_HOURS))
    with trail.act("chart.glass_broken", by=by, at=at, about=episode, client=episode.client, why=reason.strip()):
        glass.save()
    return glass
