"""Questions about incidents and mandated reports. Everything here goes to the author and the director only."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor

from .models import Incident, MandatedReport, MandatedReportEntry, SafetyClock

AHEAD = timedelta(days=7)


def incidents(actor: Actor) -> QuerySet[Incident]:
    """Those the actor may see, newest first; a director's are all."""
    open_clocks = SafetyClock.objects.filter(met_at__isnull=True).order_by("due_at")
    found = Incident.objects.select_related("client__person", "by__person", "closed").prefetch_related(Prefetch("clocks", open_clocks, to_attr="waits"))
    return found if actor.has("director") else found.filter(by_id=actor.staff_id or 0)


def incident(actor: Actor, uid: UUID) -> Incident | None:
    return incidents(actor).filter(uid=uid).first()


def reports(actor: Actor) -> QuerySet[MandatedReport]:
    told = MandatedReportEntry.objects.filter(report=OuterRef("pk"), kind__in=["call", "written"])
    open_clocks = SafetyClock.objects.filter(met_at__isnull=True).order_by("due_at")
    found = MandatedReport.objects.select_related("client__person", "by__person").annotate(was_told=Exists(told))
    found = found.prefetch_related(Prefetch("clocks", open_clocks, to_attr="waits"))
    return found if actor.has("director") else found.filter(by_id=actor.staff_id or 0)


def report(actor: Actor, uid: UUID) -> MandatedReport | None:
    return reports(actor).filter(uid=uid).first()


def clock(actor: Actor, uid: UUID) -> SafetyClock | None:
    return SafetyClock.objects.select_related("incident", "report").filter(uid=uid).first()


def clocks_due(at: datetime, limit: int = 10) -> list[SafetyClock]:
    """Deadlines of the coming week and those that have passed, for the director."""
    found = SafetyClock.objects.filter(met_at__isnull=True, due_at__lte=at + AHEAD).select_related("incident", "report")
    return list(found.order_by("due_at", "pk")[:limit])


def open_count() -> int:
    return Incident.objects.filter(closed__isnull=True).count()


def client_by_number(actor: Actor, number: str) -> Client | None:
    """The client of a record number, among those the actor may see."""
    return Client.objects.visible_to(actor).filter(number__iexact=number.strip()).first()
