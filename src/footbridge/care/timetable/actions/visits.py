"""Standing individual, family and medication visits, and single ones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import RoleHeld, Staff
from footbridge.ground.program.models import Room, Site
from footbridge.ground.program.words import Mode
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import reads, rules, words
from ..models import Booking, Session, WeeklyVisit
from ..words import CancelledBecause, SessionKind
from .booking import _give_back, drop, take_seats
from .publishing import HORIZON_WEEKS, _clash, visit_sessions

# Which roles give which kind of visit.
GIVEN_BY = {
    SessionKind.INDIVIDUAL: ("therapist", "intake"),
    SessionKind.FAMILY: ("therapist", "intake"),
    SessionKind.MEDICATION: ("prescriber",),
    SessionKind.ASSESSMENT: ("intake", "therapist"),
}


class CannotVisit(access.Refusal):
    """The visit cannot stand so: wrong role, taken hour, or outside the hours the person can come."""


def add_visit(
    episode: Episode,
    kind: str,
    staff: Staff,
    weekday: int,
    starts: time,
    ends: time,
    *,
    held_from: date,
    by: Actor,
    at: datetime,
    room: Room | None = None,
    mode: str = Mode.IN_PERSON,
    every_weeks: int = 1,
    held_until: date | None = None,
    site: Site | None = None,
    confirmed: bool = False,
) -> WeeklyVisit:
    """A standing visit, its sessions for the weeks ahead, and the person's seat in them. Raises CannotVisit or CannotBook.

    `confirmed` books outside the hours the person named. The site is the room's, or else where the person comes.
    """
    access.require(by, rules.BOOK, episode)
    site = room.site if room else site or reads.site_of(episode)
    if site is None:
        raise CannotVisit(_("There is no site yet. Load the program first."))
    if ends <= starts:
        raise CannotVisit(_("The visit must end after it begins."), field="ends")
    _may_give(staff, kind, held_from)
    if episode.ended_at is not None:
        raise CannotVisit(_("This episode of care has ended. Open a new one first."))
    if not confirmed and reads.outside_free_hours(episode, [(weekday, starts, ends)]):
        raise CannotVisit(
            _("%(day)s, %(span)s is outside the hours they said they can come. Tick “book anyway” if they agree.")
            % {"day": words.WEEKDAYS[weekday], "span": words.span(starts, ends)},
            field="weekday",
        )
    visit = WeeklyVisit(
        episode=episode, kind=kind, staff=staff, room=room, mode=mode, weekday=weekday, starts=starts, ends=ends,
        every_weeks=every_weeks, held_from=held_from, held_until=held_until, by_id=by.staff_id, at=at,
    )  # fmt: skip
    with trail.act(
        "visit.added",
        by=by,
        at=at,
        about=episode,
        client=episode.client,
        detail={"kind": kind, "staff": str(staff.uid)},
    ):
        same = episode.weekly_visits.filter(
            kind=kind, staff=staff, weekday=weekday, starts=starts, held_until__isnull=True
        )
        if same.exists():
            raise CannotVisit(_("This visit stands already."), field="weekday")
        visit.save()
        today = words.local(at, site).date()
        rows = visit_sessions(visit, site, held_from, max(today, held_from) + timedelta(weeks=HORIZON_WEEKS), at)
        _book(episode, rows, at)
    return visit


def book_once(
    episode: Episode,
    kind: str,
    staff: Staff,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Actor,
    at: datetime,
    room: Room | None = None,
    mode: str = Mode.IN_PERSON,
    site: Site | None = None,
) -> Booking:
    """One visit on one day. Raises CannotVisit or CannotBook."""
    access.require(by, rules.BOOK, episode)
    site = room.site if room else site or reads.site_of(episode)
    if site is None:
        raise CannotVisit(_("There is no site yet. Load the program first."))
    if ends_at <= starts_at:
        raise CannotVisit(_("The visit must end after it begins."), field="ends")
    _may_give(staff, kind, starts_at.date())
    row = Session(
        kind=kind,
        site=site,
        leader=staff,
        room=room,
        mode=mode,
        seats=1,
        published_at=at,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    with trail.act(
        "visit.booked_once",
        by=by,
        at=at,
        about=episode,
        client=episode.client,
        detail={"kind": kind, "staff": str(staff.uid)},
    ):
        return _book(episode, [row], at)[0]


def end_visit(
    visit: WeeklyVisit, on: date, *, by: Actor, at: datetime, why: str = "", because: str = CancelledBecause.CHANGED
) -> WeeklyVisit:
    """The visit stands no more from `on`; its sessions from that day on are cancelled."""
    access.require(by, rules.BOOK, visit)
    with trail.act("visit.ended", by=by, at=at, about=visit, client=visit.episode.client, why=why):
        visit.held_until = max(on, visit.held_from)
        visit.save(update_fields=["held_until"])
        theirs = Booking.objects.filter(session__visit=visit, cancelled_at__isnull=True)
        _give_back(theirs, visit.held_until, at=at, because=because)
        for session in visit.sessions.filter(cancelled_at__isnull=True, starts_at__gt=at).select_related("site"):
            if words.local(session.starts_at, session.site).date() >= visit.held_until:
                drop(session, because, at=at)
    return visit


def _may_give(staff: Staff, kind: str, on: date) -> None:
    if kind not in GIVEN_BY:
        raise CannotVisit(_("A group is joined, not visited."), field="kind")
    roles = GIVEN_BY[SessionKind(kind)]
    held = RoleHeld.objects.filter(staff=staff, role__in=roles, held_from__lte=on).filter(
        Q(held_until__isnull=True) | Q(held_until__gt=on)
    )
    if not held.exists():
        said = {
            SessionKind.MEDICATION: _("%(name)s is not a prescriber. Choose one for a medication visit."),
            SessionKind.INDIVIDUAL: _("%(name)s is not a therapist. Choose one for an individual hour."),
            SessionKind.FAMILY: _("%(name)s is not a therapist. Choose one for a family hour."),
            SessionKind.ASSESSMENT: _("%(name)s does not assess. Choose intake staff or a therapist."),
        }[SessionKind(kind)]
        raise CannotVisit(said % {"name": staff.person.name_used}, field="staff")


def _book(episode: Episode, rows: list[Session], at: datetime) -> list[Booking]:
    """The sessions and the person's seats in them; a clash is told by whom or what is taken."""
    try:
        with transaction.atomic():
            made = Session.objects.bulk_create(rows)
    except IntegrityError as error:
        for row in rows:
            row.pk = None
        clashing = next((row for row in rows if _taken(row)), rows[0])
        raise CannotVisit(
            _("%(when)s: %(why)s") % {"when": reads.when(clashing), "why": _clash(error, clashing)}, field="weekday"
        ) from error
    return take_seats(episode, made, place=None, at=at)


def _taken(row: Session) -> bool:
    at_once = Session.objects.filter(cancelled_at__isnull=True, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    return at_once.filter(Q(leader=row.leader) | Q(room=row.room, room__isnull=False)).exists()
