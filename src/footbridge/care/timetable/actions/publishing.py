"""From the plan of a week to dated sessions.

Publishing again changes only what differs: it is safe at any time, and a clock job does it every night so that eight weeks
always stand ahead. Times are the site's own, so an hour stays at nine o'clock when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Meeting, Program, Site, Track
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from .. import reads, rules, words
from ..models import MendedSession, Place, Session, WeeklyVisit
from ..words import CancelledBecause, SessionKind
from .booking import CannotBook, constraint_of, drop, seat, take_seats

HORIZON_WEEKS = 8
# Cancelled by publishing itself: if the reason is gone, the session is made again. Others stay cancelled.
OURS = (CancelledBecause.CLOSED, CancelledBecause.CHANGED)


class CannotPublish(access.Refusal):
    """There is nothing that can be published."""


@dataclass(frozen=True)
class Skipped:
    """What was not made, and the reason that a person can act on. `because`: "closed", "no_leader", "taken" or "seat"."""

    on: date
    what: str
    reason: str
    because: str = ""
    group: int | None = None


@dataclass
class Published:
    """What publishing did: sessions made and cancelled, seats booked, sessions that stood already, and what was left out."""

    made: int = 0
    booked: int = 0
    cancelled: int = 0
    kept: int = 0
    skipped: list[Skipped] = field(default_factory=list)

    def __iadd__(self, other: Published) -> Published:
        self.made += other.made
        self.booked += other.booked
        self.cancelled += other.cancelled
        self.kept += other.kept
        self.skipped += other.skipped
        return self

    def __str__(self) -> str:
        said = _("%(made)d sessions made, %(kept)d stood already, %(cancelled)d cancelled, %(booked)d seats booked.") % {
            "made": self.made, "kept": self.kept, "cancelled": self.cancelled, "booked": self.booked,
        }  # fmt: skip
        return said + (" " + _("%(n)d were left out.") % {"n": len(self.skipped)} if self.skipped else "")


def publish(what: Program | Track, from_on: date, until_on: date, *, by: Actor, at: datetime) -> Published:
    """Make the dated sessions of a program or of one track, from a day until a day (exclusive), and seat the people of its groups.

    Closed days, meetings without a leader and clashes are left out with their reason. Raises CannotPublish when the days do not
    follow each other or no track has a site.
    """
    access.require(by, rules.PUBLISH, what)
    if until_on <= from_on:
        raise CannotPublish(_("The last day must come after the first."), field="until_on")
    tracks = [what] if isinstance(what, Track) else list(what.tracks.select_related("site", "program").order_by("pk"))
    if not any(t.site for t in tracks):
        raise CannotPublish(_("No track of this program has a site, so its hours have no clock and no place."))
    total = Published()
    for track in tracks:
        if track.site is not None:
            total += publish_track(track, track.site, from_on, until_on, by=by, at=at)
    return total


def publish_ahead(*, by: Actor = SYSTEM, at: datetime) -> Published:
    """Every night: eight weeks of sessions for every program that admits, and for every standing visit."""
    total = Published()
    for here in program.admitting():
        for track in here.tracks.select_related("site", "program").order_by("pk"):
            if track.site is not None:
                today = words.local(at, track.site).date()
                total += publish_track(track, track.site, today, today + timedelta(weeks=HORIZON_WEEKS), by=by, at=at)
    open_visits = WeeklyVisit.objects.filter(episode__ended_at__isnull=True).filter(
        Q(held_until__isnull=True) | Q(held_until__gt=at.date())
    )
    for visit in open_visits.select_related("episode__client__person", "staff__person", "room__site").order_by("pk"):
        total += extend_visit(visit, by=by, at=at)
    return total


def publish_track(track: Track, site: Site, from_on: date, until_on: date, *, by: Actor, at: datetime) -> Published:
    """One track, from a day until a day (exclusive)."""
    done = Published()
    days = {"from": from_on.isoformat(), "until": until_on.isoformat()}
    with trail.act("timetable.published", by=by, at=at, about=track, detail=days):
        # The groups are locked in their order, as joins lock them: nobody joins while the sessions are being made.
        groups = list(Group.objects.select_for_update(of=("self",)).filter(track=track).order_by("pk"))
        meetings = list(
            Meeting.objects.filter(group__in=groups)
            .select_related("group__type", "room", "leader__person")
            .order_by("pk")
        )
        shut = program.closed_days(site, from_on, until_on)
        wanted = _wanted(track, site, meetings, from_on, until_on, shut, done, at)
        there = ZoneInfo(site.time_zone)
        begin, end = (datetime.combine(d, datetime.min.time(), there) for d in (from_on, until_on))
        standing = Session.objects.filter(meeting__in=meetings, starts_at__gte=begin, starts_at__lt=end).select_related(
            "site", "group"
        )
        mended = _mended(meetings, begin, end)
        for meeting_id, planned_at in mended.values():
            if planned_at.astimezone(there).date() not in shut:
                wanted.pop((meeting_id, planned_at), None)  # somebody mended it: it stays as it was made
        for session in standing.order_by("pk"):
            if session.pk in mended and words.local(session.starts_at, site).date() not in shut:
                done.kept += 1
                continue
            key = (session.meeting_id or 0, session.starts_at)
            if session.cancelled_at is not None:
                if session.cancelled_because not in OURS:
                    wanted.pop(key, None)
                continue
            row = wanted.pop(key, None)
            if row is not None:
                done.kept += 1
                _follow(session, row, at, done)
            elif session.starts_at > at:
                because = (
                    CancelledBecause.CLOSED
                    if words.local(session.starts_at, site).date() in shut
                    else CancelledBecause.CHANGED
                )
                drop(session, because, at=at)
                done.cancelled += 1
        made = _store(list(wanted.values()), done)
        done.booked += _seat_everybody(groups, made, at, done)
    return done


def _mended(meetings: list[Meeting], begin: datetime, end: datetime) -> dict[int, tuple[int, datetime]]:
    """Sessions that were mended, and for which meeting and moment of the weekly plan they stand."""
    rows = MendedSession.objects.filter(
        Q(planned_at__gte=begin, planned_at__lt=end) | Q(session__starts_at__gte=begin, session__starts_at__lt=end),
        session__meeting__in=meetings, mending__undone_at__isnull=True,
    )  # fmt: skip
    found = rows.order_by("-pk").values_list("session_id", "session__meeting_id", "planned_at")
    return {session: (meeting or 0, planned_at) for session, meeting, planned_at in found}


def _wanted(
    track: Track,
    site: Site,
    meetings: Iterable[Meeting],
    from_on: date,
    until_on: date,
    shut: dict[date, str],
    done: Published,
    at: datetime,
) -> dict[tuple[int, datetime], Session]:
    """The sessions that should stand, by meeting and begin."""
    there = ZoneInfo(site.time_zone)
    found: dict[tuple[int, datetime], Session] = {}
    for meeting in meetings:
        group = meeting.group
        ends = min((d for d in (meeting.held_until, group.held_until) if d), default=None)
        on = from_on + timedelta(days=(meeting.weekday - from_on.weekday()) % 7)
        no_leader = False
        for day in (on + timedelta(weeks=n) for n in range((until_on - on).days // 7 + 1)):
            if (
                day >= until_on
                or (meeting.held_from and day < meeting.held_from)
                or (ends and day >= ends)
                or not track.offered
            ):
                continue
            if (
                not group.open_entry
                and (begun := meeting.weeks_from or meeting.held_from)
                and not program.in_week(meeting, (day - begun).days // 7 + 1)
            ):
                continue  # a closed group goes through the weeks of the program together
            if day in shut:
                done.skipped.append(
                    Skipped(
                        day, group.name, _("%(site)s is closed: %(reason)s") % {"site": site.name, "reason": shut[day]},
                        "closed", group.pk,
                    )
                )
                continue
            if meeting.leader is None:
                no_leader = True
                continue
            session = Session(
                kind=SessionKind.GROUP, site=site, meeting=meeting, group=group, leader=meeting.leader, room=meeting.room,
                mode=meeting.mode or group.mode, starts_at=datetime.combine(day, meeting.starts, there),
                ends_at=datetime.combine(day, meeting.ends, there), seats=group.most, published_at=at,
            )  # fmt: skip
            found[(meeting.pk, session.starts_at)] = session
        if no_leader:
            said = _("On %(day)s, %(span)s, nobody leads it.") % {
                "day": words.WEEKDAYS[meeting.weekday], "span": words.span(meeting.starts, meeting.ends),
            }  # fmt: skip
            done.skipped.append(Skipped(max(on, from_on), group.name, said, "no_leader", group.pk))
    return found


def _follow(session: Session, row: Session, at: datetime, done: Published) -> None:
    """A session that stands takes over a new leader, room or way of meeting, if it has not begun."""
    changed = [n for n in ("leader_id", "room_id", "mode") if getattr(session, n) != getattr(row, n)]
    if not changed or session.starts_at <= at:
        return
    for name in changed:
        setattr(session, name, getattr(row, name))
    try:
        with transaction.atomic():
            session.save(update_fields=changed)
    except IntegrityError as error:
        what = row.group.name if row.group else ""
        done.skipped.append(Skipped(row.starts_at.date(), what, _clash(error, row), "taken", row.group_id))


def _store(rows: list[Session], done: Published) -> list[Session]:
    """All at once; one by one when the database refuses one of them, so that the others are made."""
    try:
        with transaction.atomic():
            made = list(Session.objects.bulk_create(rows))
    except IntegrityError:
        made = []
        for row in rows:
            row.pk = None
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
                made.append(row)
            except IntegrityError as error:
                row.pk = None
                done.skipped.append(
                    Skipped(
                        words.local(row.starts_at, row.site).date(), reads.title(row), _clash(error, row), "taken", row.group_id
                    )
                )
    done.made += len(made)
    return made


def _clash(error: IntegrityError, row: Session) -> str:
    """Who or what is taken at that time."""
    at_once = Session.objects.filter(cancelled_at__isnull=True, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    match constraint_of(error):
        case "leader_not_twice_at_once":
            other = at_once.filter(leader=row.leader).exclude(uid=row.uid).select_related("group", "site").first()
            return _("%(name)s leads %(what)s then.") % {
                "name": row.leader.person.name_used, "what": reads.title(other) if other else _("another session"),
            }  # fmt: skip
        case "room_not_twice_at_once":
            other = at_once.filter(room=row.room).exclude(uid=row.uid).select_related("group", "site").first()
            return _("%(room)s is used by %(what)s then.") % {
                "room": row.room.name if row.room else "", "what": reads.title(other) if other else _("another session"),
            }  # fmt: skip
        case _:
            raise error


def _seat_everybody(groups: list[Group], made: list[Session], at: datetime, done: Published) -> int:
    """Seats in the new sessions for everybody who has a place in their group."""
    booked = 0
    by_group: dict[int, list[Session]] = {}
    for session in made:
        by_group.setdefault(session.group_id or 0, []).append(session)
    # Who is discharged and goes on a day to come sits there until that day.
    held = (
        Place.objects.filter(Q(episode__ended_at__isnull=True) | Q(held_until__isnull=False), group__in=groups)
        .select_related("episode__client", "group")
        .order_by("pk")
    )
    for place in held:
        theirs = [
            s
            for s in by_group.get(place.group_id, ())
            if place.held_from <= (on := words.local(s.starts_at, s.site).date())
            and (place.held_until is None or on < place.held_until)
        ]
        booked += _seat_each(lambda sessions, place=place: seat(place, sessions, at=at), theirs, place.episode, done)
    return booked


def _seat_each(take: Any, sessions: list[Session], episode: Episode, done: Published) -> int:
    """All seats, or, when one clashes, those that do not; who is left out is said by record number, never by name."""
    if not sessions:
        return 0
    try:
        return len(take(sessions))
    except CannotBook:
        booked = 0
        for session in sessions:
            try:
                booked += len(take([session]))
            except CannotBook as refusal:
                on = words.local(session.starts_at, session.site).date()
                said = f"{episode.client.number}: {refusal.sentence}"
                done.skipped.append(Skipped(on, reads.title(session), said, "seat", session.group_id))
        return booked


# ------------------------------------------------------------------ standing visits


def visit_sessions(visit: WeeklyVisit, site: Site, from_on: date, until_on: date, at: datetime) -> list[Session]:
    """The dated hours of a standing visit from a day until a day (exclusive), closed days left out. Not stored."""
    there = ZoneInfo(site.time_zone)
    first = visit.held_from + timedelta(days=(visit.weekday - visit.held_from.weekday()) % 7)
    shut = program.closed_days(site, from_on, until_on)
    days = []
    day = first
    while day < until_on:
        if day >= from_on and day not in shut and (visit.held_until is None or day < visit.held_until):
            days.append(day)
        day += timedelta(weeks=visit.every_weeks)
    return [
        Session(
            kind=visit.kind, site=site, visit=visit, leader=visit.staff, room=visit.room, mode=visit.mode, seats=1, published_at=at,
            starts_at=datetime.combine(day, visit.starts, there), ends_at=datetime.combine(day, visit.ends, there),
        )
        for day in days
    ]  # fmt: skip


def _closed_since(visit: WeeklyVisit, site: Site, today: date, *, by: Actor, at: datetime) -> None:
    """The hours of a visit on days that were closed after they were made are not held, as those of groups are not."""
    shut = program.closed_days(site, today, today + timedelta(weeks=HORIZON_WEEKS))
    if not shut:
        return
    ahead = visit.sessions.filter(cancelled_at__isnull=True, starts_at__gt=at).select_related("site").order_by("pk")
    gone = [s for s in ahead if words.local(s.starts_at, s.site).date() in shut]
    if gone:
        with trail.act("visit.day_closed", by=by, at=at, about=visit, client=visit.episode.client):
            for session in gone:
                drop(session, CancelledBecause.CLOSED, at=at)


def extend_visit(visit: WeeklyVisit, *, by: Actor, at: datetime) -> Published:
    """The sessions of a standing visit for the weeks ahead that are not made yet. Clashes are left out with their reason."""
    done = Published()
    last = visit.sessions.select_related("site").order_by("-starts_at").first()
    site = last.site if last else visit.room.site if visit.room else reads.site_of(visit.episode)
    if site is None:
        return done
    today = words.local(at, site).date()
    _closed_since(visit, site, today, by=by, at=at)
    from_on = max(
        visit.held_from, today, words.local(last.starts_at, site).date() + timedelta(days=1) if last else today
    )
    rows = visit_sessions(visit, site, from_on, today + timedelta(weeks=HORIZON_WEEKS), at)
    if not rows:
        return done
    with trail.act("visit.extended", by=by, at=at, about=visit, client=visit.episode.client):
        made = _store(rows, done)
        done.booked += _seat_each(
            lambda sessions: take_seats(visit.episode, sessions, place=None, at=at), made, visit.episode, done
        )
    return done
