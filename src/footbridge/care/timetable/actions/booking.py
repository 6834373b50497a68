"""Places in groups, seats in sessions, and their end.

The promises are the database's: nobody twice at once, no more people than seats. A refused booking is told in words; the
rows of a refused act are undone with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Group
from footbridge.ground.program.words import Mode
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import reads, rules, words
from ..models import Booking, Place, Session, WeeklyVisit
from ..words import CancelledBecause


class CannotJoin(access.Refusal):
    """The group cannot be joined: full, closed, another mode, or outside the hours they said."""


class CannotBook(access.Refusal):
    """The seat cannot be taken: the session is full, or somebody or something is booked already."""


class CannotCancel(access.Refusal):
    """It is over, or cancelled already."""


# ------------------------------------------------------------------ groups


def join_group(
    episode: Episode,
    group: Group,
    held_from: date,
    *,
    by: Actor,
    at: datetime,
    held_until: date | None = None,
    confirmed: bool = False,
) -> Place:
    """Give a person a place in a group from a day on, and a seat in each of its published sessions.

    `confirmed` books outside the hours and the mode they asked for. Raises CannotJoin or CannotBook, with the reason.
    """
    access.require(by, rules.BOOK, episode)
    # Locking the group lets joins of one group go one after the other; the numbered seats hold the promise in any case.
    with trail.act(
        "group.joined", by=by, at=at, about=group, client=episode.client, detail={"episode": str(episode.uid)}
    ):
        _may_join(episode, group, held_from, confirmed)
        meetings = list(group.meetings.filter(held_until__isnull=True))
        if held_until is None and meetings and all(m.week_until for m in meetings):
            weeks = max(m.week_until or 0 for m in meetings) - min(m.week_from for m in meetings) + 1
            held_until = held_from + timedelta(weeks=weeks)
        place = Place.objects.create(
            episode=episode, group=group, held_from=held_from, held_until=held_until, by_id=by.staff_id, at=at
        )
        seat(place, reads.sessions_of_group(group, held_from, held_until), at=at)
    return place


def _may_join(episode: Episode, group: Group, held_from: date, confirmed: bool) -> None:
    name = {"group": group.name}
    if episode.ended_at is not None:
        raise CannotJoin(_("This episode of care has ended. Open a new one first."))
    if group.held_until is not None and group.held_until <= held_from:
        raise CannotJoin(_("%(group)s is not held any more.") % name, field="group")
    # A place given up before it began was never held.
    open_places = Place.objects.filter(group=group).filter(Q(held_until__isnull=True) | Q(held_until__gt=held_from) & Q(held_until__gt=F("held_from")))
    if open_places.filter(episode=episode).exists():
        raise CannotJoin(_("They have a place in %(group)s already.") % name, field="group")
    taken = open_places.count()
    if taken >= group.most:
        raise CannotJoin(
            _("%(group)s is full: %(taken)d of %(most)d places are taken.")
            % {**name, "taken": taken, "most": group.most},
            field="group",
        )
    if not group.open_entry and Place.objects.filter(group=group, held_from__lt=held_from).exists():
        raise CannotJoin(_("%(group)s is a closed group and has begun. It takes nobody new.") % name, field="group")
    if confirmed:
        return
    if not reads.mode_fits(episode, group.mode):
        raise CannotJoin(
            _("%(group)s meets %(mode)s, and they asked for another way. Tick “book anyway” if they agree.")
            % {**name, "mode": Mode(group.mode).label.lower()},
            field="group",
        )
    outside = reads.outside_free_hours(
        episode, [(m.weekday, m.starts, m.ends) for m in group.meetings.filter(held_until__isnull=True)]
    )
    if outside:
        weekday, starts, ends = outside[0]
        raise CannotJoin(
            _(
                "%(group)s meets on %(day)s, %(span)s, outside the hours they said they can come. Tick “book anyway” if they agree."
            )
            % {**name, "day": words.WEEKDAYS[weekday], "span": words.span(starts, ends)},
            field="group",
        )


def leave_group(
    place: Place, on: date, *, by: Actor, at: datetime, why: str = "", because: str = CancelledBecause.CHANGED
) -> Place:
    """The place is free from `on`. Seats from that day on are given back; what was attended stays."""
    access.require(by, rules.BOOK, place)
    with trail.act("group.left", by=by, at=at, about=place, client=place.episode.client, why=why):
        place.held_until = max(on, place.held_from)
        place.save(update_fields=["held_until"])
        _give_back(place.bookings.filter(cancelled_at__isnull=True), place.held_until, at=at, because=because)
    return place


def join_once(episode: Episode, session: Session, *, by: Actor, at: datetime) -> Booking:
    """One seat in one session, without a place in the group."""
    access.require(by, rules.BOOK, episode)
    if session.cancelled_at is not None or session.ends_at <= at:
        raise CannotBook(_("This session is over or cancelled."))
    with trail.act("session.booked", by=by, at=at, about=session, client=episode.client):
        made = take_seats(episode, [session], place=None, at=at)
    if not made:
        raise CannotBook(_("They are booked for this session already."))
    return made[0]


def end_all(episode: Episode, on: date, *, by: Actor, at: datetime) -> None:
    """The episode ends or moves on: places, visits and seats from `on` are given back."""
    from .visits import end_visit

    access.require(by, rules.BOOK, episode)
    with trail.act("timetable.ended", by=by, at=at, about=episode, client=episode.client):
        for place in reads.places(episode, on).order_by("pk"):
            leave_group(place, on, by=by, at=at, because=CancelledBecause.ENDED)
        for visit in reads.visits(episode, on).order_by("pk"):
            end_visit(visit, on, by=by, at=at, because=CancelledBecause.ENDED)
        _give_back(episode.bookings.filter(cancelled_at__isnull=True), on, at=at, because=CancelledBecause.ENDED)


# ------------------------------------------------------------------ seats


def seat(place: Place, sessions: Sequence[Session], *, at: datetime) -> list[Booking]:
    """Seats for a place in these sessions of its group. Inside an act."""
    return take_seats(place.episode, sessions, place=place, at=at)


def take_seats(episode: Episode, sessions: Sequence[Session], *, place: Place | None, at: datetime) -> list[Booking]:
    """The lowest free seat of each session. Sessions they sit in already are left. Inside an act. Raises CannotBook."""
    wanted = [s for s in sessions if s.cancelled_at is None]
    taken: dict[int, set[int]] = defaultdict(set)
    here: set[int] = set()
    for session_id, number, episode_id in Booking.objects.filter(
        session__in=wanted, cancelled_at__isnull=True
    ).values_list("session_id", "seat", "episode_id"):
        taken[session_id].add(number)
        if episode_id == episode.pk:
            here.add(session_id)
    rows = []
    for session in wanted:
        if session.pk in here:
            continue
        free = next((n for n in range(1, session.seats + 1) if n not in taken[session.pk]), None)
        if free is None:
            raise CannotBook(_full(session), field="group")
        rows.append(
            Booking(
                session=session, episode=episode, place=place, starts_at=session.starts_at, ends_at=session.ends_at,
                seat=free, seats=session.seats, booked_at=at,
            )
        )  # fmt: skip
    try:
        with transaction.atomic():  # a savepoint: after a refusal the act can still ask what was in the way
            return list(Booking.objects.bulk_create(rows))
    except IntegrityError as error:
        raise CannotBook(_in_the_way(error, episode, rows), field="group") from error


def last_days(episodes: Iterable[int]) -> dict[int, date]:
    """Until when (exclusive) people come whose episode has ended: somebody is often discharged before the day on which they go. Only
    those who have ended; who comes no more has a day long ago."""
    ended = list(Episode.objects.filter(pk__in=list(episodes), ended_at__isnull=False).values_list("pk", flat=True))
    found = dict.fromkeys(ended, date.min)
    for model in (Place, WeeklyVisit):
        rows = model._default_manager.filter(episode__in=ended, held_until__isnull=False, held_until__gt=F("held_from"))
        for episode, until in rows.values_list("episode_id", "held_until"):
            if until is not None:
                found[episode] = max(found[episode], until)
    return found


def seat_again(bookings: Iterable[Booking], *, at: datetime, full: Callable[[Session], access.Refusal], ends: dict[int, date] | None = None) -> list[Booking]:
    """Seats that were given back are taken again: the same seat, or the next free one where somebody sits in it by now. Nobody gets a seat
    who has left the group, ended the visit or goes before that day, and none in a session that is not held or has begun. Inside an act."""
    rows = list(bookings)
    ends = last_days(b.episode_id for b in rows) if ends is None else ends
    back = [b for b in rows if b.session.cancelled_at is None and b.session.starts_at > at and _still_comes(b, ends)]
    taken: dict[int, set[int]] = defaultdict(set)
    here: set[tuple[int, int]] = set()
    for held_in, number, episode in Booking.objects.filter(session__in={b.session_id for b in back}, cancelled_at__isnull=True).values_list(
        "session_id", "seat", "episode_id"
    ):
        taken[held_in].add(number)
        here.add((held_in, episode))
    back = [b for b in back if (b.session_id, b.episode_id) not in here]
    for booking in back:
        sitting, session = taken[booking.session_id], booking.session
        if booking.seat in sitting:
            free = next((n for n in range(1, session.seats + 1) if n not in sitting), None)
            if free is None:
                raise full(session)
            booking.seat = free
        sitting.add(booking.seat)
        booking.starts_at, booking.ends_at = session.starts_at, session.ends_at
        booking.cancelled_at, booking.cancelled_because = None, ""
    Booking.objects.bulk_update(back, ["seat", "starts_at", "ends_at", "cancelled_at", "cancelled_because"])
    return back


def is_elsewhere(booking: Booking) -> bool:
    """Whether the person has something else by now at the hour of the session of this seat."""
    theirs = Booking.objects.filter(episode=booking.episode_id, cancelled_at__isnull=True)
    return theirs.filter(starts_at__lt=booking.session.ends_at, ends_at__gt=booking.session.starts_at).exists()


def hold_groups(sessions: QuerySet[Session]) -> None:
    """Lock the groups of these sessions, before the sessions, as joining takes them: nobody is seated meanwhile. Inside an act."""
    list(Group.objects.select_for_update(of=("self",)).filter(pk__in=sessions.filter(group__isnull=False).order_by().values("group")).order_by("pk"))


def _still_comes(booking: Booking, ends: dict[int, date]) -> bool:
    on = words.local(booking.session.starts_at, booking.session.site).date()
    untils = [booking.place.held_until if booking.place else None, booking.session.visit.held_until if booking.session.visit else None]
    return all(until is None or on < until for until in (*untils, ends.get(booking.episode_id)))


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint the database refused by."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""


def _in_the_way(error: IntegrityError, episode: Episode, rows: Iterable[Booking]) -> str:
    match constraint_of(error):
        case "person_not_twice_at_once":
            for row in rows:
                other = (
                    Booking.objects.filter(
                        episode=episode, cancelled_at__isnull=True, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at
                    )
                    .exclude(session=row.session)
                    .select_related("session__group", "session__site", "session__leader__person")
                    .first()
                )
                if other is not None:
                    return _("%(what)s on %(when)s is booked for them already.") % {
                        "what": reads.title(other.session), "when": reads.when(other.session),
                    }  # fmt: skip
            return _("They are booked already at one of these times.")
        case "one_person_a_seat" | "seat_exists":
            return _("The last seat was taken a moment ago. Look again which sessions are free.")
        case "booked_once":
            return _("They are booked for one of these sessions already.")
        case _:
            raise error


def _full(session: Session) -> str:
    return _("%(what)s on %(when)s is full: %(seats)d of %(seats)d seats are taken.") % {
        "what": reads.title(session), "when": reads.when(session), "seats": session.seats,
    }  # fmt: skip


def _give_back(bookings: object, on: date, *, at: datetime, because: str) -> None:
    """Cancel the seats of sessions on or after the day (by the site's clock) that have not begun."""
    for booking in bookings.select_related("session__site"):  # type: ignore[attr-defined]
        if booking.starts_at <= at or words.local(booking.starts_at, booking.session.site).date() < on:
            continue
        if booking.session.kind != "group":
            drop(booking.session, because, at=at)
        else:
            booking.cancelled_at, booking.cancelled_because = at, because
            booking.save(update_fields=["cancelled_at", "cancelled_because"])


# ------------------------------------------------------------------ cancelling


def cancel_session(
    session: Session, because: str, *, by: Actor, at: datetime, why: str = "", after_end: bool = False
) -> Session:
    """Nobody meets: the session and every seat in it are cancelled. `after_end` is for sessions that turned out not held."""
    access.require(by, rules.CANCEL_SESSION, session)
    with trail.act("session.cancelled", by=by, at=at, about=session, why=why, detail={"because": because}):
        session.refresh_from_db(fields=["cancelled_at"])
        if session.cancelled_at is not None:
            raise CannotCancel(_("This session is cancelled already."))
        if session.ends_at <= at and not after_end:
            raise CannotCancel(_("This session is over. Say on its page that it was not held."))
        drop(session, because, at=at)
    return session


def drop(session: Session, because: str, *, at: datetime) -> None:
    """Cancel a session with its seats. Inside an act."""
    session.cancelled_at, session.cancelled_because = at, because
    session.save(update_fields=["cancelled_at", "cancelled_because"])
    session.bookings.filter(cancelled_at__isnull=True).update(cancelled_at=at, cancelled_because=because)


def cancel_booking(
    booking: Booking, because: str = CancelledBecause.CLIENT, *, by: Actor, at: datetime, why: str = ""
) -> Booking:
    """One person will not come to one session. A visit of one person is cancelled with it."""
    access.require(by, rules.BOOK, booking)
    with trail.act(
        "booking.cancelled",
        by=by,
        at=at,
        about=booking,
        client=booking.episode.client,
        why=why,
        detail={"because": because},
    ):
        booking.refresh_from_db(fields=["cancelled_at"])
        if booking.cancelled_at is not None:
            raise CannotCancel(_("This is cancelled already."))
        if booking.starts_at <= at:
            raise CannotCancel(_("This session has begun. Who did not come is said on its page."))
        if booking.session.kind != "group":
            drop(booking.session, because, at=at)
            booking.refresh_from_db()
        else:
            booking.cancelled_at, booking.cancelled_because = at, because
            booking.save(update_fields=["cancelled_at", "cancelled_because"])
    return booking
