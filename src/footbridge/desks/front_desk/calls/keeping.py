"""What was said on one call, kept whole or not at all. Danger is kept first and by itself: nothing else may hold it up."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from footbridge.care.inquiry import actions as inquiries
from footbridge.care.inquiry import reads as requests
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.inquiry.words import Outcome, Triage
from footbridge.care.safety.models import Alarm
from footbridge.care.safety.words import Urgency
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable import reads as sessions
from footbridge.care.timetable.models import Booking
from footbridge.care.timetable.words import SessionKind
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.coverage import reads as coverages
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people.models import Client, Staff
from footbridge.kit import access
from footbridge.kit.access import SYSTEM, Actor

from .slots import Slot

REFUSALS = (
    inquiries.CannotReceive, inquiries.CannotAnswer, inquiries.CannotTakeUp, timetable.CannotVisit, timetable.CannotBook,
)  # fmt: skip


class CannotKeepCall(access.Refusal):
    """Somebody else was quicker."""


@dataclass(frozen=True, slots=True)
class Kept:
    inquiry: Inquiry
    booking: Booking | None = None
    danger: bool = False


def booked(episode: Episode) -> Booking | None:
    """The assessment appointment that stands."""
    return (
        Booking.objects.filter(episode=episode, session__kind=SessionKind.ASSESSMENT, cancelled_at__isnull=True)
        .select_related("session__site", "session__leader__person", "session__room").order_by("-starts_at").first()
    )  # fmt: skip


def keep(
    inquiry: Inquiry | None,
    request: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    today: date,
    outcome: str = Outcome.REACHED,
    note: str = "",
    danger: bool = False,
    triage: str = Triage.STANDARD,
    triage_reason: str = "",
    client: Client | None = None,
    check: dict[str, Any] | None = None,
    slot: Slot | None = None,
) -> Kept:
    """`request` is what the request says (inquiry.receive, or corrections of it); `check` what the health plan said; `slot` the
    assessment to book, which takes the request up."""
    if danger or (inquiry is None and triage == Triage.CRISIS):  # a crisis is danger, whichever of the two was said
        return Kept(_danger(inquiry, request, outcome, note, by=by, at=at), danger=True)
    with transaction.atomic():
        if inquiry is None:
            inquiry = inquiries.receive(**request, triage=triage, triage_reason=triage_reason, by=by, at=at)
            if not inquiry.attempts.exists() and inquiry.episode is None:
                inquiries.attempt_contact(inquiry, channel="call", outcome=Outcome.REACHED, note=note or _("They called us"), by=by, at=at)
        elif inquiry.episode is None:
            inquiries.attempt_contact(inquiry, channel=request.get("channel", inquiry.channel), outcome=outcome, note=note, by=by, at=at)
            inquiry = inquiries.correct(inquiry, **{name: value for name, value in request.items() if name in inquiries.CORRECTABLE}, by=by, at=at)
            if outcome != Outcome.REACHED:
                return Kept(inquiry)
            if triage != inquiry.triage and inquiry.triage != Triage.CRISIS:
                inquiries.triage(inquiry, triage=triage, reason=triage_reason, by=by, at=at)
        elif slot is None:
            raise CannotKeepCall(_("Somebody took this request up meanwhile. Go on in the person's chart."))
        if in_danger(inquiry):  # what they typed or said speaks of danger: the person first, the appointment after
            return Kept(inquiry, danger=True)
        return Kept(inquiry, _book(inquiry, slot, client, check, by=by, at=at, today=today) if slot else None)


def in_danger(inquiry: Inquiry) -> bool:
    """Whether an alarm of it for now is open."""
    return requests.alarms(inquiry).filter(urgency=Urgency.NOW, closed__isnull=True).exists()


def _danger(inquiry: Inquiry | None, request: dict[str, Any], outcome: str, note: str, *, by: Actor, at: datetime) -> Inquiry:
    """The alarm is raised at once; the appointment can wait."""
    if inquiry is None:
        return inquiries.receive(**request, danger=True, by=by, at=at)
    reason = note or _("Danger was heard on the call.")
    inquiries.hear_danger(inquiry, reason=reason, by=by, at=at)
    with suppress(*REFUSALS):  # taken up or closed by somebody else meanwhile: the alarm stands all the same
        inquiries.triage(inquiry, triage=Triage.CRISIS, reason=reason, by=by, at=at)
        inquiries.attempt_contact(inquiry, channel=request.get("channel", inquiry.channel), outcome=outcome, note=note, by=by, at=at)
    return inquiry


def hear(inquiry: Inquiry | None, form_key: str, contact: str, note: str, *, by: Actor, at: datetime) -> Alarm | None:
    """Danger was told on a form that cannot be kept yet: its alarm does not wait until the rest is put right. However often the form is
    refused it is one alarm; of a new call it is the request's as soon as that is written."""
    if inquiry is not None:
        inquiries.hear_danger(inquiry, reason=note or _("Danger was heard on the call."), by=by, at=at)
        return requests.alarms(inquiry).select_related("owner__person").filter(closed__isnull=True).first()
    return inquiries.hear_danger_of_nobody_yet(form_key, contact=contact, reason=note or _("Danger was heard on the call."), by=by, at=at)


def _book(
    inquiry: Inquiry, slot: Slot, client: Client | None, check: dict[str, Any] | None, *, by: Actor, at: datetime, today: date
) -> Booking:
    episode = inquiries.take_up(inquiry, client=client, by=by, at=at)
    here = booked(episode)
    if here is not None:
        if here.starts_at == slot.starts_at and here.session.leader_id == slot.staff.pk:
            return here
        raise CannotKeepCall(
            _("Somebody took this request up already: the assessment is on %(when)s.") % {"when": sessions.when(here.session)}, field="appointment"
        )
    if check:
        paid = coverages.on(episode.client, today)
        if paid is not None:
            coverage.check(paid, Staff.objects.get(pk=by.as_staff), **check, by=by, at=at)
    if not episode.team.filter(staff=slot.staff, left_at__isnull=True).exists():
        # Whoever assesses must be able to open the chart. It follows from the booking, whoever books.
        episodes.join_team(episode, slot.staff, TeamRole.INTAKE, by=SYSTEM, at=at)
    try:
        return timetable.book_once(
            episode, SessionKind.ASSESSMENT, slot.staff, slot.starts_at, slot.ends_at, room=slot.room, mode=slot.mode,
            site=slot.room.site if slot.room else None, by=by, at=at,
        )  # fmt: skip
    except (timetable.CannotVisit, timetable.CannotBook) as refusal:
        raise CannotKeepCall(_("That hour was taken meanwhile. Choose another."), field="appointment") from refusal
