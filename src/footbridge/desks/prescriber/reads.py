"""What a prescriber needs before the person comes in: the day, and one page about one client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from footbridge.care.measures import reads as measures
from footbridge.care.medication import monitoring
from footbridge.care.medication import reads as medication
from footbridge.care.medication.models import Medication, Reconciliation
from footbridge.care.plan import reads as plans
from footbridge.care.plan.models import Plan
from footbridge.care.safety import reads as safety
from footbridge.care.sessions.models import NotePart
from footbridge.care.timetable.models import Booking
from footbridge.care.timetable.words import SessionKind
from footbridge.ground.episodes.models import CareTeamMember, Episode
from footbridge.ground.instruments.models import Score
from footbridge.ground.program.days import day_of
from footbridge.kit.access import Actor
from footbridge.kit.web import charts

from . import axis


def visits(actor: Actor, day: date) -> list[Booking]:
    """The actor's medication visits of a day, in order. The site decides what a day is."""
    around = (datetime.combine(day, datetime.min.time()), datetime.combine(day, datetime.max.time()))
    utc = ZoneInfo("UTC")
    found = (
        Booking.objects.filter(
            session__leader_id=actor.staff_id,
            session__kind=SessionKind.MEDICATION,
            session__cancelled_at__isnull=True,
            cancelled_at__isnull=True,
            starts_at__gte=around[0].replace(tzinfo=utc) - timedelta(hours=14),
            starts_at__lte=around[1].replace(tzinfo=utc) + timedelta(hours=14),
        )
        .select_related("session__site", "session__room", "episode__client__person")
        .order_by("starts_at")
    )
    return [booking for booking in found if day_of(booking.starts_at, booking.session.site) == day]


def _last(code: str) -> Subquery:
    scores = Score.objects.filter(
        sheet__client=OuterRef("client"), sheet__instrument__code=code, score="total", sheet__withdrawn_at__isnull=True
    )
    return Subquery(scores.order_by("-sheet__finished_at", "-id").values("value")[:1])


def clients(actor: Actor, on: date) -> QuerySet[Episode]:
    """The open episodes of the actor's own care team, by name, with alarms, scores, medicines and the last look."""
    mine = CareTeamMember.objects.filter(episode=OuterRef("pk"), staff_id=actor.as_staff, left_at__isnull=True)
    gone_through = Reconciliation.objects.filter(client=OuterRef("client")).order_by("-at").values("at")[:1]
    taken = Q(client__medications__taken_until__isnull=True) | Q(client__medications__taken_until__gt=on)
    return (
        Episode.objects.visible_to(actor)
        .open()
        .filter(Exists(mine))
        .select_related("client__person")
        .annotate(
            alarms=Count("client__alarms", filter=Q(client__alarms__closed__isnull=True), distinct=True),
            medicines=Count("client__medications", filter=Q(client__medications__isnull=False) & taken, distinct=True),
            phq9=_last("phq9"),
            gad7=_last("gad7"),
            gone_through_at=Subquery(gone_through),
        )
        .order_by("client__person__name_used", "pk")
    )


@dataclass(frozen=True, slots=True)
class Charted:
    """A measure with the medicines on its axis."""

    series: charts.Series
    lanes: SafeString


@dataclass(frozen=True, slots=True)
class TherapistLine:
    """The last thing a colleague signed about this client."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """One page before the visit."""

    episode: Episode
    plan: Plan | None
    alarms: list[Any]
    risk: Any
    charted: list[Charted]
    taken: list[Medication]
    stopped: list[Medication]
    medication_state: medication.ListState
    allergies: list[Any]
    allergy_state: medication.ListState
    reconciled: Reconciliation | None
    scores: list[tuple[str, Decimal | None, str, date]]
    line: TherapistLine | None
    watch: monitoring.Watch


def visit(actor: Actor, episode: Episode, at: datetime) -> Visit:
    """Everything the page shows, gathered once."""
    client, today = episode.client, day_of(at)
    courses = measures.course(episode)
    stretches = [
        axis.Stretch(_words(row), row.taken_from, row.taken_until) for row in medication.every(client) if row.taken_from
    ]
    charted = []
    for course in courses:
        series = axis.until_today(course.series, today)
        charted.append(Charted(series, axis.lanes(stretches, series)))
    return Visit(
        episode=episode,
        plan=plans.in_force(episode) or plans.newest(episode),
        alarms=safety.listed(actor, at, of=client),
        risk=safety.latest_risk(client),
        charted=charted,
        taken=list(medication.taken_on(client, today)),
        stopped=list(medication.stopped_by(client, today)[:5]),
        medication_state=medication.state(client, "medication", today),
        allergies=list(medication.allergies(client)),
        allergy_state=medication.state(client, "allergy", today),
        reconciled=medication.reconciliations(client).first(),
        scores=[(c.title, c.latest.value, c.latest.band, c.latest.on) for c in courses if c.latest],
        line=_line(episode),
        watch=monitoring.watch(episode, today),
    )


def _words(row: Medication) -> str:
    name = " ".join(part for part in (row.name, row.dose) if part)
    since = date_format(row.taken_from, "M j, Y") if row.taken_from else ""
    if row.taken_until:
        until = date_format(row.taken_until, "M j, Y")
        return _("%(name)s, %(since)s to %(until)s") % {"name": name, "since": since, "until": until}
    return _("%(name)s, since %(since)s") % {"name": name, "since": since}


def _line(episode: Episode) -> TherapistLine | None:
    part = (
        NotePart.objects.filter(booking__episode=episode, note__signatures__isnull=False)
        .exclude(text="")
        .exclude(note__session__kind=SessionKind.MEDICATION)
        .select_related("by__person")
        .order_by("-at", "-id")
        .first()
    )
    return TherapistLine(part.text, part.by.person.name_used, part.at) if part else None
