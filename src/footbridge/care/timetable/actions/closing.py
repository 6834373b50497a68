"""Close a site for a day, at once and with all that follows, and open it again while nothing of the day has begun."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from footbridge.ground.program import actions as program
from footbridge.ground.program import reads as programs
from footbridge.ground.program import rules as program_rules
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import ClosedDay, Site
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import reads
from ..models import Booking, Session
from ..words import CancelledBecause
from .booking import drop, hold_groups, is_elsewhere, seat_again
from .mending import in_the_way, seat_newcomers
from .publishing import HORIZON_WEEKS, publish_track


class CannotOpen(access.Refusal):
    """Something of the day has begun, or whoever would hold it is taken by now."""


def close_day(site: Site, on: date, reason: str, *, by: Actor, at: datetime) -> ClosedDay:
    """Close a site for a day. Everything that is still to begin there on that day is cancelled in the same act, single visits too: the night,
    which does it for days of the program file, may come too late. Raises CannotClose."""
    access.require(by, program_rules.CLOSE_DAY)
    with trail.act("timetable.day_closed", by=by, at=at, about=site, detail={"on": on.isoformat()}) as act:
        closed = program.close_day(site, on, reason, by=by, at=at)
        coming = reads.of_day(site, on).filter(cancelled_at__isnull=True, starts_at__gt=at)
        hold_groups(coming)
        for session in coming.select_for_update(of=("self",)).order_by("pk"):
            drop(session, CancelledBecause.CLOSED, at=at)
        act.carries["closed"] = closed
    return closed


def open_day(day: ClosedDay, *, by: Actor, at: datetime) -> ClosedDay:
    """Open a site again: its sessions are held as they stood, with everybody who still comes and whoever joined since. Pressed twice it is
    done once. Raises CannotOpen, and nothing is changed."""
    access.require(by, program_rules.CLOSE_DAY)
    with trail.act("timetable.day_opened", by=by, at=at, about=day.site, detail={"on": day.on.isoformat()}) as act:
        day.refresh_from_db()
        if day.opened_at is not None:
            return day
        gone = reads.concerned(day)
        hold_groups(gone)
        sessions = list(gone.select_for_update(of=("self",)).select_related("site", "group", "leader__person", "room").order_by("pk"))
        if day.on < day_of(at, day.site) or any(s.starts_at <= at for s in sessions):
            raise CannotOpen(_("This day has begun. What is still to come can be booked by itself."))
        program.open_day(day, by=by, at=at)
        since = min((s.cancelled_at for s in sessions if s.cancelled_at), default=at)
        _hold_again(sessions, at)
        for session in sessions:
            seat_newcomers(since, [session], at, None)  # as the night seats people: who has something else by now keeps that
        _what_was_never_made(day, by=by, at=at)
        act.carries["closed"] = day
    return day


def _hold_again(sessions: list[Session], at: datetime) -> None:
    seats = [b.pk for s in sessions for b in s.bookings.filter(cancelled_at=s.cancelled_at, cancelled_because=CancelledBecause.CLOSED)]
    for session in sessions:
        session.cancelled_at, session.cancelled_because = None, ""
        try:
            with transaction.atomic():
                session.save(update_fields=["cancelled_at", "cancelled_because"])
        except IntegrityError as error:
            raise CannotOpen(in_the_way(error, session)) from error
    rows = Booking.objects.filter(pk__in=seats).select_related("session__site", "session__group", "session__visit", "place").order_by("pk")
    # Who has something else at that hour by now keeps that.
    seat_again([b for b in rows if not is_elsewhere(b)], at=at, full=_full)


def _full(session: Session) -> CannotOpen:
    return CannotOpen(_("%(what)s on %(when)s is full by now.") % {"what": reads.title(session), "when": reads.when(session)})


def _what_was_never_made(day: ClosedDay, *, by: Actor, at: datetime) -> None:
    """Groups of a day that was closed before its sessions were published: as the night would do it."""
    today = day_of(at, day.site)
    if not today <= day.on < today + timedelta(weeks=HORIZON_WEEKS):
        return
    for here in programs.admitting():
        for track in here.tracks.filter(site=day.site).select_related("site", "program").order_by("pk"):
            publish_track(track, day.site, day.on, day.on + timedelta(days=1), by=by, at=at)
