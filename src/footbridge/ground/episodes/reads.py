"""Questions about episodes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, QuerySet

from footbridge.ground.people.models import Client, Staff
from footbridge.kit.access import Actor

from .models import CareTeamMember, Episode


def episode(actor: Actor, uid: UUID) -> Episode | None:
    """The episode by its outside name, if `actor` may know of it."""
    return Episode.objects.visible_to(actor).select_related("client__person").filter(uid=uid).first()


def latest(client: Client) -> Episode | None:
    """The open episode, or else the one that ended last."""
    return client.episodes.present_first().first()


def team(episode: Episode) -> QuerySet[CareTeamMember]:
    return episode.team.filter(left_at__isnull=True).select_related("staff__person").order_by("role")


def member(episode: Episode, role: str) -> Staff | None:
    """Who holds this place on the team now, or held it last when the episode has ended."""
    found = episode.team.filter(role=role).select_related("staff__person").order_by(F("left_at").desc(nulls_first=True), "-joined_at")
    members = list(found)
    return members[0].staff if members else None
