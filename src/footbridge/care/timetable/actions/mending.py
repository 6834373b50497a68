"""Mend a published week in one act, and take it back for as long as nothing of it has begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from footbridge.engines import timetabling
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Group, Room, Site
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import facts, reads, rules, words
from ..models import Booking, MendedSeat, MendedSession, Mending, Place, Session
from ..proposals import Asked, Plan, booked, broken, covered_until, fingerprint, state
from ..words import CancelledBecause, Happened
from .booking import CannotBook, constraint_of, hold_groups, is_elsewhere, last_days, seat, seat_again, take_seats


class CannotMend(access.Refusal):
    """The week is not as it was when this was proposed, or it cannot be done so. Nothing is stored."""


class CannotUndo(access.Refusal):
    """Something of it has begun, or was changed since."""


def mend(asked: Asked, plan: Plan, *, by: Actor, at: datetime, cover: Staff | None = None) -> Mending:
    """Do what a plan says, all of it or nothing: sessions get their leader, room and hour or are cancelled, seats move, an
    absence is recorded with whoever stands in for alarms. The same plan a second time answers what was done the first time.

    Everything is tried against the database as it is now. Raises CannotMend when anything differs from what was proposed.
    """
    access.require(by, rules.MEND, asked)
    done = _done(plan)
    if done is not None:
        return done
    sites = list(Site.objects.filter(sessions__uid__in=_named(plan)).distinct().order_by("pk"))
    if not sites:
        raise CannotMend(_("There is nothing to change any more."))
    # The site is locked: two who mend one site do it one after the other, and the second sees what the first did.
    with trail.act("timetable.mended", by=by, at=at, about=sites[0], detail={"what": asked.what, "key": plan.key}) as act:
        done = _done(plan)
        if done is not None:
            return done
        list(Site.objects.select_for_update(of=("self",)).filter(pk__in=[s.pk for s in sites]).order_by("pk"))
        sessions = _locked(plan)
        _as_proposed(plan, sessions, at)
        weeks = _weeks(sessions.values(), plan)
        known = {week: _breaches(*week, at) for week in weeks}
        planned = _planned(sessions.values())
        mending = Mending.objects.create(
            key=plan.key, site=sites[0], what=asked.what, staff=asked.staff, room=asked.room, session=asked.session, episode=asked.episode,
            from_at=asked.from_at, until_at=asked.until_at, how=plan.how, by_id=by.staff_id, at=at,
        )  # fmt: skip
        if asked.what == Happened.STAFF_OUT and asked.staff is not None:
            mending.away = _away(asked, asked.staff, cover, sites[0], by=by, at=at)
            mending.save(update_fields=["away"])
        MendedSession.objects.bulk_create(
            MendedSession(mending=mending, session=(s := sessions[c.session]), planned_at=planned.get(s.pk, s.starts_at), was=dict(c.was), now=dict(c.now))
            for c in plan.changes
        )
        seats = _give_up(plan, at)
        seats += _set([(sessions[c.session], c.now) for c in plan.changes], at)
        MendedSeat.objects.bulk_create(MendedSeat(mending=mending, booking=b, taken=False) for b in seats)
        taken = _take(plan, sessions, at)
        MendedSeat.objects.bulk_create(MendedSeat(mending=mending, booking=b, taken=True) for b in taken)
        _whole(asked, sites, at)
        for week, before in known.items():
            if _breaches(*week, at) - before - _expected(asked):
                raise CannotMend(_("This would break a rule of the timetable now. Look at the new proposals."))
        act.carries["mending"] = mending
    return mending


def _done(plan: Plan) -> Mending | None:
    """What this very plan did before. Taken back since, an old page does not do it again unseen."""
    known = Mending.objects.filter(key=plan.key).first()
    if known is not None and known.undone_at is not None:
        raise CannotMend(_("This was done, and taken back. Look at the new proposals."))
    return known


def undo(mending: Mending, *, by: Actor, at: datetime) -> Mending:
    """Exactly as it was before, as long as nothing of it has begun and nobody changed it since. Pressed twice it is done once."""
    access.require(by, rules.MEND, mending)
    with trail.act("timetable.mending_undone", by=by, at=at, about=mending) as act:
        mending.refresh_from_db()
        if mending.undone_at is not None:
            return mending
        list(Site.objects.select_for_update(of=("self",)).filter(pk=mending.site_id))
        rows = list(mending.sessions.select_related("session").order_by("session"))
        hold_groups(Session.objects.filter(pk__in=[r.session_id for r in rows]))
        sessions = {s.pk: s for s in Session.objects.select_for_update(of=("self",)).filter(pk__in=[r.session_id for r in rows]).select_related("leader", "room", "site", "group")}
        for row in rows:
            session = sessions[row.session_id]
            if min(session.starts_at, datetime.fromisoformat(row.was["starts_at"])) <= at:
                raise CannotUndo(_("%(what)s on %(when)s has begun. Change what is to come by itself.") % {"what": reads.title(session), "when": reads.when(session)})
            if _same(state(session)) != _same(row.now):
                raise CannotUndo(_("%(what)s on %(when)s was changed again since. Change it by itself.") % {"what": reads.title(session), "when": reads.when(session)})
        seats = list(mending.seats.select_related("booking__session__site", "booking__session__group").order_by("booking"))
        if any(s.booking.session.starts_at <= at and s.booking.session_id not in sessions for s in seats):
            raise CannotUndo(_("Something of it has begun. Change what is to come by itself."))
        given = [s.booking_id for s in seats if s.taken and not _theirs_by_now(s.booking)]
        Booking.objects.filter(pk__in=given, cancelled_at__isnull=True).update(cancelled_at=at, cancelled_because=CancelledBecause.CHANGED)
        _set([(sessions[r.session_id], r.was) for r in rows], at, CannotUndo)
        _seat_again([s.booking_id for s in seats if not s.taken], at)
        seat_newcomers(mending.at, [sessions[r.session_id] for r in rows if r.now["cancelled"]], at, CannotUndo)
        # An absence that was on record before it, or begins on a day to come, is not this mending's to end, or never takes effect.
        if mending.away is not None and mending.away.at == mending.at:
            people.come_back(mending.away, on=day_of(at), by=by, at=at)
        mending.undone_at, mending.undone_by_id = at, by.staff_id
        mending.save(update_fields=["undone_at", "undone_by"])
        act.carries["mending"] = mending
    return mending


# ------------------------------------------------------------------ as it was proposed


def _named(plan: Plan) -> set[str]:
    given_up = Booking.objects.filter(uid__in=plan.left).values_list("session__uid", flat=True) if plan.left else []
    return {c.session for c in plan.changes} | {s for s, _e in plan.joined} | {str(uid) for uid in given_up}


def _locked(plan: Plan) -> dict[str, Session]:
    """The sessions a plan names, by uid. Their groups are locked first, as joins lock them: nobody is seated meanwhile."""
    named = _named(plan)
    groups = Group.objects.filter(sessions__uid__in=named).values("pk")
    list(Group.objects.select_for_update(of=("self",)).filter(pk__in=groups).order_by("pk"))
    found = Session.objects.select_for_update(of=("self",)).filter(uid__in=named).order_by("pk")
    return {str(s.uid): s for s in found.select_related("leader__person", "room", "site", "group")}


def _as_proposed(plan: Plan, sessions: dict[str, Session], at: datetime) -> None:
    changed = CannotMend(_("The week has changed since this was proposed. Look at the new proposals."))
    who = booked(sessions.values())
    if len(sessions) != len(_named(plan)):
        raise changed
    for change in plan.changes:
        session = sessions[change.session]
        begins = min(session.starts_at, datetime.fromisoformat(str(change.now["starts_at"])))
        if begins <= at:
            raise CannotMend(_("%(what)s on %(when)s has begun meanwhile. Look at the new proposals.") % {"what": reads.title(session), "when": reads.when(session)})
        if _same(state(session)) != _same(change.was) or fingerprint(who.get(session.pk, ())) != change.people:
            raise changed
    if any(s.cancelled_at is not None or s.starts_at <= at for s in sessions.values()):
        raise changed
    _still_work_here(plan)
    if Booking.objects.filter(uid__in=plan.left, cancelled_at__isnull=True).count() != len(plan.left):
        raise changed


def _still_work_here(plan: Plan) -> None:
    """Whoever is to lead works here on that day."""
    leaders = {str(s.uid): s for s in Staff.objects.filter(uid__in=[c.now["leader"] for c in plan.changes if c.differs("leader")]).select_related("person")}
    for change in plan.changes:
        leader = leaders.get(str(change.now["leader"]))
        if leader is not None and leader.left_on is not None and leader.left_on <= day_of(datetime.fromisoformat(str(change.now["starts_at"]))):
            raise CannotMend(_("%(name)s does not work here then. Look at the new proposals.") % {"name": leader.person.name_used})


def _same(kept: Any) -> dict[str, Any]:
    """A kept state with its instants as instants: they may have been written in another zone."""
    return {**kept, "starts_at": datetime.fromisoformat(kept["starts_at"]), "ends_at": datetime.fromisoformat(kept["ends_at"])}


def _weeks(sessions: Iterable[Session], plan: Plan) -> list[tuple[Site, date]]:
    """Every week of every site that is touched."""
    out = {}
    for session in sessions:
        on = words.local(session.starts_at, session.site).date()
        monday = on - timedelta(days=on.weekday())
        out[session.site_id, monday] = (session.site, monday)
    return [out[name] for name in sorted(out)]


def _breaches(site: Site, monday: date, at: datetime) -> set[tuple[str, str]]:
    """The hard rules that the dated week breaks, by the engine's independent checker."""
    found = facts.dated_facts(site, monday, at=at)
    return {(b.rule, b.about.partition("~")[0]) for b in timetabling.check(found.facts, found.week)}


def _expected(asked: Asked) -> set[tuple[str, str]]:
    """Who is out for a part of the day is away all day on record; `_whole` has looked at their sessions."""
    return {("staff_hours", str(asked.staff.uid))} if asked.staff is not None else set()


def _planned(sessions: Iterable[Session]) -> dict[int, datetime]:
    """When the weekly plan holds sessions that were mended before."""
    rows = MendedSession.objects.filter(session__in=[s.pk for s in sessions], mending__undone_at__isnull=True)
    return dict(rows.order_by("-pk").values_list("session_id", "planned_at"))


def _whole(asked: Asked, sites: Sequence[Site], at: datetime) -> None:
    """Nothing may be left that cannot be as it stands, in the weeks that are mended."""
    if asked.what not in (Happened.STAFF_OUT, Happened.ROOM_LOST):
        return
    until = min(covered_until(asked, site) for site in sites)
    left = broken(asked, at).filter(starts_at__lt=until).select_related("site", "group").first()
    if left is not None:
        raise CannotMend(
            _("%(what)s on %(when)s was added since this was proposed. Look at the new proposals.") % {"what": reads.title(left), "when": reads.when(left)}
        )


def _away(asked: Asked, staff: Staff, cover: Staff | None, site: Site, *, by: Actor, at: datetime) -> Any:
    from_on = words.local(asked.from_at, site).date()
    until_on = words.local(asked.until_at - timedelta(seconds=1), site).date() + timedelta(days=1)
    try:
        return people.go_away(staff, from_on=from_on, until_on=until_on, cover=cover, by=by, at=at)
    except people.CannotGoAway as refusal:
        raise CannotMend(refusal.sentence, field="cover") from refusal


# ------------------------------------------------------------------ writing


def _set(wanted: Sequence[tuple[Session, Any]], at: datetime, refuse: type[access.Refusal] = CannotMend) -> list[Booking]:
    """Give sessions their leader, room, hour or reason to be cancelled. Two may change places, so all of them stand aside first. Answers the
    seats that went with a cancelled session."""
    touched = [s.pk for s, _now in wanted]
    staff = {str(s.uid): s for s in Staff.objects.filter(uid__in=[now["leader"] for _s, now in wanted])}
    rooms = {str(r.uid): r for r in Room.objects.filter(uid__in=[now["room"] for _s, now in wanted if now["room"]])}
    by_session: dict[int, list[Booking]] = defaultdict(list)
    # Locked, so that a seat that somebody gives back in this moment is not taken again for them.
    for booking in Booking.objects.select_for_update(of=("self",)).filter(session__in=touched, cancelled_at__isnull=True).order_by("pk"):
        by_session[booking.session_id].append(booking)
    moving = [b.pk for s, now in wanted for b in by_session[s.pk] if datetime.fromisoformat(now["starts_at"]) != s.starts_at]
    if len(wanted) > 1:
        Session.objects.filter(pk__in=touched, cancelled_at__isnull=True).update(cancelled_at=at, cancelled_because=CancelledBecause.CHANGED)
    if moving:
        Booking.objects.filter(pk__in=moving).update(cancelled_at=at, cancelled_because=CancelledBecause.CHANGED)
    gone: list[Booking] = []
    for session, now in wanted:
        session.leader = staff[now["leader"]]
        session.room = rooms[now["room"]] if now["room"] else None
        session.starts_at, session.ends_at = datetime.fromisoformat(now["starts_at"]), datetime.fromisoformat(now["ends_at"])
        session.cancelled_because = now["cancelled"] or ""
        session.cancelled_at = (session.cancelled_at or at) if now["cancelled"] else None
        try:
            with transaction.atomic():
                session.save(update_fields=["leader", "room", "starts_at", "ends_at", "cancelled_at", "cancelled_because"])
                if now["cancelled"]:
                    seats = by_session[session.pk]
                    Booking.objects.filter(pk__in=[b.pk for b in seats]).update(cancelled_at=at, cancelled_because=now["cancelled"])
                    gone += seats
                else:
                    Booking.objects.filter(pk__in=[b.pk for b in by_session[session.pk]]).update(
                        starts_at=session.starts_at, ends_at=session.ends_at, cancelled_at=None, cancelled_because=""
                    )
        except IntegrityError as error:
            raise refuse(in_the_way(error, session)) from error
    return gone


def in_the_way(error: IntegrityError, session: Session) -> str:
    """Who or what is taken, in words."""
    at_once = Session.objects.filter(cancelled_at__isnull=True, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at).exclude(pk=session.pk)
    named = {"what": reads.title(session), "when": reads.when(session)}
    match constraint_of(error):
        case "leader_not_twice_at_once":
            other = at_once.filter(leader=session.leader).select_related("group", "site").first()
            said = {**named, "name": session.leader.person.name_used, "other": reads.title(other) if other else _("another session")}
            return _("%(what)s on %(when)s: %(name)s leads %(other)s then.") % said
        case "room_not_twice_at_once":
            other = at_once.filter(room=session.room).select_related("group", "site").first()
            said = {**named, "room": session.room.name if session.room else "", "other": reads.title(other) if other else _("another session")}
            return _("%(what)s on %(when)s: %(room)s is used by %(other)s then.") % said
        case "person_not_twice_at_once" | "booked_once":
            return _("%(what)s on %(when)s: somebody who comes is booked for something else then.") % named
        case "one_person_a_seat" | "seat_exists":
            return _("%(what)s on %(when)s: a seat was taken meanwhile.") % named
        case _:
            raise error


def _give_up(plan: Plan, at: datetime) -> list[Booking]:
    found = list(Booking.objects.filter(uid__in=plan.left, cancelled_at__isnull=True).order_by("pk"))
    Booking.objects.filter(pk__in=[b.pk for b in found]).update(cancelled_at=at, cancelled_because=CancelledBecause.CHANGED)
    return found


def _take(plan: Plan, sessions: dict[str, Session], at: datetime) -> list[Booking]:
    by_person: dict[str, list[Session]] = defaultdict(list)
    for session, episode in plan.joined:
        by_person[episode].append(sessions[session])
    episodes = {str(e.uid): e for e in Episode.objects.filter(uid__in=by_person).order_by("pk")}
    ends = last_days(e.pk for e in episodes.values())  # who is discharged may come until the day on which they go
    out: list[Booking] = []
    for uid, theirs in sorted(by_person.items()):
        until = ends.get(episodes[uid].pk) if uid in episodes else date.min
        if until is not None and any(words.local(s.starts_at, s.site).date() >= until for s in theirs):
            raise CannotMend(_("Somebody's episode of care has ended meanwhile. Look at the new proposals."))
        try:
            out += take_seats(episodes[uid], theirs, place=None, at=at)
        except CannotBook as refusal:
            raise CannotMend(refusal.sentence) from refusal
    return out


def _theirs_by_now(booking: Booking) -> bool:
    """Whether somebody whom a mending let into a session has a place in its group by now: then the seat stays theirs."""
    on = words.local(booking.session.starts_at, booking.session.site).date()
    held = Place.objects.filter(episode=booking.episode_id, group=booking.session.group_id or 0, held_from__lte=on)
    return held.filter(Q(held_until__isnull=True) | Q(held_until__gt=on)).exists()


def _seat_again(bookings: Sequence[int], at: datetime) -> None:
    """Seats given back by a mending are taken again by everybody who still comes."""
    rows = Booking.objects.filter(pk__in=bookings).select_related("session__site", "session__group", "session__visit", "place").order_by("pk")

    def full(session: Session) -> CannotUndo:
        return CannotUndo(_("%(what)s on %(when)s is full by now. Change what is to come by itself.") % {"what": reads.title(session), "when": reads.when(session)})

    try:
        with transaction.atomic():
            seat_again(rows, at=at, full=full)
    except IntegrityError as error:
        raise CannotUndo(in_the_way(error, _clashing(rows))) from error


def _clashing(bookings: Iterable[Booking]) -> Session:
    """The session for which somebody is booked elsewhere by now."""
    rows = list(bookings)
    return next((b.session for b in rows if is_elsewhere(b)), rows[0].session)


def seat_newcomers(since: datetime, sessions: Sequence[Session], at: datetime, refuse: type[access.Refusal] | None) -> None:
    """Whoever got a place in a group while its session was not to be held sits in it too. Without `refuse`, who does not fit is left out."""
    joined = Place.objects.filter(group__in=[s.group_id for s in sessions if s.group_id], at__gte=since, episode__ended_at__isnull=True)
    for place in joined.select_related("episode", "group").order_by("pk"):
        theirs = [
            s for s in sessions if s.group_id == place.group_id and place.held_from <= (on := words.local(s.starts_at, s.site).date())
            and (place.held_until is None or on < place.held_until)
        ]  # fmt: skip
        try:
            seat(place, theirs, at=at)
        except CannotBook as refusal:
            if refuse is not None:
                raise refuse(refusal.sentence) from refusal
