"""Verbs of safety. An alarm has an owner and a due time from its first second and ends only with a documented action."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import TeamRole
from footbridge.ground.people.models import Client, Staff
from footbridge.ground.people.reads import staff_with_role
from footbridge.kit import trail
from footbridge.kit.access import Actor

from . import clocks
from .models import Alarm


def raise_alarm(
    *,
    kind: str,
    urgency: str,
    reason: str,
    source_kind: str,
    source_key: str,
    by: Actor,
    at: datetime,
    client: Client | None = None,
    contact: str = "",
    owner: Staff | None = None,
) -> Alarm:
    """Somebody may be in danger. Anybody may say so, a visitor and the clock included: there is no rule to fail on.

    The same source (`source_kind` with `source_key`) raises one alarm, however often it is told; the one that stands is returned.
    `kind` and `urgency` are values of words.AlarmKind and words.Urgency; `contact` says whom to reach where there is no client yet.
    """
    known = Alarm.objects.filter(source_kind=source_kind, source_key=source_key).first()
    if known:
        return known
    alarm = Alarm(
        client=client, contact=contact[:200], kind=kind, urgency=urgency, reason=str(reason)[:300], source_kind=source_kind,
        source_key=source_key, owner=owner or first_owner(client, at), raised_at=at, due_at=clocks.due(urgency, at),
    )  # fmt: skip
    try:
        with trail.act("alarm.raised", by=by, at=at, about=alarm, client=client, detail={"kind": kind, "urgency": urgency}):
            alarm.save()
    except IntegrityError:
        # Two taps at the same instant: the other one raised it.
        known = Alarm.objects.filter(source_kind=source_kind, source_key=source_key).first()
        if known is None:
            raise
        return known
    return alarm


def first_owner(client: Client | None, at: datetime) -> Staff | None:
    """Who has an alarm in hand at first: the primary therapist of the open episode, else an intake clinician, else a director."""
    if client is not None:
        episode = client.episodes.filter(ended_at__isnull=True).first()
        if episode is not None:
            for role in (TeamRole.PRIMARY, TeamRole.INTAKE):
                member = episodes.member(episode, role)
                if member is not None and (member.left_on is None or member.left_on > at.date()):
                    return member
    return staff_with_role("intake", at.date()).first() or staff_with_role("director", at.date()).first()
