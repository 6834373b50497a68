"""The gate before the end of a visit: who may not leave before somebody has written down what was decided.

Rule source: CLINICAL rule `risk_gate` (C-SSRS item 4 or 5, or behavior in the past three months) and NPSG.15.01.01 EP 4. It
stands on facts: an open alarm of urgency now, a suicide screen that heard intent, a plan or recent behavior, or a clinician who judged
the risk high as their last word, and no disposition after it. A disposition lifts both; the alarm keeps its own clock until it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.ground.instruments.models import Score
from footbridge.ground.instruments.reads import TRIAGE
from footbridge.ground.people.models import Client

from ..models import Alarm, RiskAssessment
from ..words import RiskLevel
from .models import Disposition

# Parts of the screen that ask for somebody at once, whichever triage rule names the level. Stored with the verdict.
GRAVE = ("intent", "plan", "behavior_recent")


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a visit cannot end yet. `alarm` when one is open, `since` when the danger was told."""

    reason: str
    since: datetime
    alarm: Alarm | None = None
    is_screen: bool = False


def gates(clients: Iterable[int]) -> dict[int, Gate]:
    """Client id → why their visit cannot end yet; the newest reason. Four queries however many clients."""
    ids = list(clients)
    if not ids:
        return {}
    said = dict(Disposition.objects.filter(client__in=ids).order_by().values_list("client").annotate(Max("at")))
    found: dict[int, Gate] = {}
    minutes = timedelta(minutes=parsed("alarm_clocks")["urgencies"]["now"]["minutes"])
    heard = Q()
    for part in GRAVE:
        heard |= Q(reason__contains=part)
    screens = Score.objects.filter(
        heard, sheet__client__in=ids, score=TRIAGE, sheet__finished_at__isnull=False, sheet__withdrawn_at__isnull=True
    ).exclude(band="")
    for client, at in screens.order_by().values_list("sheet__client").annotate(Max("sheet__finished_at")):
        if client not in said or said[client] < at:
            found[client] = Gate(_("The suicide screen shows a high risk."), at, is_screen=True)
    judged = RiskAssessment.objects.filter(client__in=ids).order_by("client_id", "-at", "-id").distinct("client_id")
    for client, level, at in judged.values_list("client_id", "level", "at"):
        if level == RiskLevel.HIGH and (client not in said or said[client] < at):
            before = found.get(client)
            if before is None or before.since < at:
                found[client] = Gate(_("A clinician judged the risk to be high."), at, is_screen=bool(before and before.is_screen))
    for alarm in Alarm.objects.filter(client__in=ids, urgency="now", closed__isnull=True).order_by("raised_at", "id"):
        # An alarm may have become urgent after it was raised: its due time says when.
        since = max(alarm.raised_at, alarm.due_at - minutes)
        client = alarm.client_id or 0
        if client not in said or said[client] < since:
            before = found.get(client)
            found[client] = Gate(alarm.reason, max(since, before.since) if before else since, alarm, bool(before and before.is_screen))
    return found


def gate(client: Client) -> Gate | None:
    """Why this person's visit cannot end yet, or None."""
    return gates([client.pk]).get(client.pk)


def of_client(client: Client) -> QuerySet[Disposition]:
    """What was decided, newest first."""
    return client.dispositions.select_related("by__person")
