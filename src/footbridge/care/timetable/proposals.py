"""Ways to mend a published week when something has happened to it, best first.

    asked = Asked("staff_out", staff=bo, from_at=now, until_at=tonight)
    found = propose(asked, at=now)       # tuple of Way, each with its Plan: nothing is stored
    actions.mend(asked, way.plan, by=, at=)

The engine mends the dated week of each site and week it touches; a `Plan` says what that comes to for sessions and seats. A
plan is carried by the page (signed) from the proposal to the confirmation, and is tried against the database again there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from footbridge.engines import timetabling
from footbridge.engines.timetabling import Event, Span, Timetable
from footbridge.engines.timetabling.facts import joined, without
from footbridge.engines.timetabling.fit import Fit
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Room, Site

from . import facts, words
from .facts.people import ALWAYS
from .models import Booking, Session
from .words import CancelledBecause, Happened, How

SECONDS = 3.0  # for all ways of one week; then the best found so far stands
LEAST_SECONDS = 0.6  # of each week
MOST_WEEKS = 4  # from here on the weekly plan has to change
BECAUSE = {
    Happened.STAFF_OUT: CancelledBecause.STAFF_AWAY,
    Happened.CLIENT_HOURS: CancelledBecause.CLIENT,
    Happened.CLIENT_LEFT: CancelledBecause.CLIENT,
}
LAST = 10**6  # in the order of ways: after everything the engine found
# One single way each, beside the best of all.
WAYS = ("cover", "move", "cancel")


@dataclass(frozen=True)
class Asked:
    """What happened, to whom or what, from when until when (exclusive). A client's new hours are those of their newest screen."""

    what: str
    from_at: datetime
    until_at: datetime
    staff: Staff | None = None
    room: Room | None = None
    session: Session | None = None
    episode: Episode | None = None

    def cuts(self, starts_at: datetime, ends_at: datetime) -> bool:
        return starts_at < self.until_at and ends_at > self.from_at


@dataclass(frozen=True)
class Change:
    """One session as it is and as it would be. `was` and `now` as in MendedSession; `people` is a fingerprint of who was booked when it
    was proposed."""

    session: str
    was: Mapping[str, str | None]
    now: Mapping[str, str | None]
    people: str

    @property
    def cancels(self) -> bool:
        return bool(self.now["cancelled"])

    def differs(self, *names: str) -> bool:
        return any(self.was[name] != self.now[name] for name in names)


@dataclass(frozen=True)
class Plan:
    """What a way of mending does: sessions that change, seats given back (booking uids), seats taken (session uid, episode uid)."""

    key: str
    changes: tuple[Change, ...]
    left: tuple[str, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()
    how: str = How.SOLVER.value

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpacked(cls, given: Mapping[str, Any]) -> Plan:
        changes = tuple(Change(c["session"], c["was"], c["now"], c["people"]) for c in given["changes"])
        return cls(given["key"], changes, tuple(given["left"]), tuple((s, e) for s, e in given["joined"]), given["how"])

    def same_as(self, other: Plan) -> bool:
        return (set(self.left), set(self.joined)) == (set(other.left), set(other.joined)) and {
            (c.session, tuple(sorted(c.now.items(), key=str))) for c in self.changes
        } == {(c.session, tuple(sorted(c.now.items(), key=str))) for c in other.changes}


@dataclass
class Way:
    """A plan, and what it is: which ways it uses, whether anybody loses anything by the engine's reading, and the engine's order. `people` are
    the episodes booked in each session that changes."""

    plan: Plan
    ways: frozenset[str]
    restored: bool
    score: tuple[int, ...]
    sessions: Mapping[str, Session] = field(default_factory=dict)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def propose(asked: Asked, *, at: datetime, seconds: float | None = None) -> tuple[Way, ...]:
    """Different ways, best first. Empty: nothing that is still to come breaks."""
    by_week = [(site, monday) for site in sites_of(asked) for monday in _mondays(asked, site)]
    if not by_week:
        return ()
    each = max(LEAST_SECONDS, (SECONDS if seconds is None else seconds) / len(by_week))
    found = [_of_week(asked, site, monday, at, each) for site, monday in by_week]
    found = [ways for ways in found if ways]
    if not found:
        return ()
    best = _together([ways[0] for ways in found])
    out = [best]
    for name in WAYS:
        other = _together([next((w for w in ways[1:] if name in w.ways), ways[0]) for ways in found])
        if not any(other.plan.same_as(known.plan) for known in out):
            out.append(other)
    return (out[0], *sorted(out[1:], key=lambda w: w.score))


def sites_of(asked: Asked) -> list[Site]:
    """Where something that is to come may break."""
    here = broken(asked, asked.from_at).values_list("site", flat=True)
    return list(Site.objects.filter(pk__in=set(here)).order_by("pk"))


def broken(asked: Asked, at: datetime) -> Any:
    """The sessions that cannot be as they stand, of those that have not begun."""
    found = Session.objects.filter(cancelled_at__isnull=True, starts_at__gt=at, starts_at__lt=asked.until_at, ends_at__gt=asked.from_at)
    match asked.what:
        case Happened.STAFF_OUT:
            return found.filter(leader=asked.staff)
        case Happened.ROOM_LOST:
            return found.filter(room=asked.room)
        case Happened.SESSION_CANCELLED:
            return found.filter(pk=asked.session.pk) if asked.session else found.none()
        case _:
            return found.filter(bookings__episode=asked.episode, bookings__cancelled_at__isnull=True)


def covered_until(asked: Asked, site: Site) -> datetime:
    """Until when a mending looks: the weekly plan has to change for what lasts longer."""
    first = words.local(asked.from_at, site).date()
    monday = first - timedelta(days=first.weekday()) + timedelta(weeks=MOST_WEEKS)
    return min(asked.until_at, datetime.combine(monday, time(), ZoneInfo(site.time_zone)))


def _mondays(asked: Asked, site: Site) -> list[date]:
    first = words.local(asked.from_at, site).date()
    last = words.local(asked.until_at - timedelta(seconds=1), site).date()
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=n) for n in range(MOST_WEEKS) if monday + timedelta(weeks=n) <= last]


def _of_week(asked: Asked, site: Site, monday: date, at: datetime, seconds: float) -> list[Way]:
    found = facts.dated_facts(site, monday, at=at)
    allowed = facts.allowed(found.facts, found.week)
    event = _event(asked, site, monday, at, found, allowed)
    if event is None:
        return []
    repairs = timetabling.propose(allowed, found.week, event, seconds=seconds)
    swapped = _swapped(allowed, found.week, event)
    lost = str(asked.room.uid) if asked.room else ""
    sessions = {str(s.uid): s for s in [*found.rows.hours.values(), *found.rows.visits.values()]}
    people = booked(sessions.values())
    by_uid = {uid: people.get(s.pk, ()) for uid, s in sessions.items()}
    out: list[Way] = []
    if swapped is not None and not repairs[0].restored:
        # The engine ran out of time before it found what anybody at the desk would.
        plan = _plan(asked, found, swapped, "greedy", people, site, monday, at)
        if plan is not None and plan.changes:
            out.append(Way(plan, frozenset({"cover", "room"}), True, (0,), sessions, by_uid))
    for repair in repairs:
        if repair.how == "greedy" and out:
            continue  # out of time: what was found first by looking at everybody is better than the first that fits
        plan = _plan(asked, found, _calm(found.week, repair.week, lost), repair.how, people, site, monday, at)
        if plan is not None and (plan.changes or plan.left or plan.joined):
            out.append(Way(plan, repair.ways, repair.restored, repair.score, sessions, by_uid))
    if asked.episode is None:
        off = _called_off(asked, site, monday, at, people, sessions)
        out += [off] if off.plan.changes else []
    return [way for n, way in enumerate(out) if not any(way.plan.same_as(other.plan) for other in out[:n])]


def _swapped(allowed: timetabling.Facts, week: Timetable, event: Event) -> Timetable | None:
    """The week with the first colleague, or the first room, that is free at the same hour for each meeting and visit that breaks. None when one
    has nobody, or a rule says no."""
    if event.what not in ("staff_out", "room_lost"):
        return None
    after = timetabling.aftermath(allowed, week, event)
    fit = Fit(after)
    leads, sits = event.what == "staff_out", event.what == "room_lost"
    meetings, visits = list(week.meetings), list(week.visits)

    def taken(span: Span) -> set[str]:
        at = [(m.leader, m.room) for m in meetings if m.span.overlaps(span)] + [(v.staff, v.room) for v in visits if v.span.overlaps(span)]
        return {code for pair in at for code in pair}

    for n, m in enumerate(meetings):
        if leads and m.leader == event.code and not fit.free("staff", m.leader, m.span):
            free = [code for code in fit.leaders(m.group, (m.span,)) if code not in taken(m.span)]
            if not free:
                return None
            meetings[n] = replace(m, leader=free[0])
        if sits and m.room == event.code and not fit.free("room", m.room, m.span):
            fitting = [code for code in fit.rooms(m.group, (m.span,)) if code not in taken(m.span)]
            if not fitting:
                return None
            meetings[n] = replace(m, room=fitting[0])
    for n, v in enumerate(visits):
        if leads and v.staff == event.code and not fit.free("staff", v.staff, v.span):
            able = fit.visitors(v.client, v.kind, v.mode)
            free = [code for code in able if code not in taken(v.span) and fit.free("staff", code, v.span)]
            if not free:
                return None
            visits[n] = replace(v, staff=free[0])
        if sits and v.room == event.code and not fit.free("room", v.room, v.span):
            offices = [r.code for r in fit.offices(after.client[v.client].site, v.mode, v.span) if r.code not in taken(v.span)]
            if not offices:
                return None
            visits[n] = replace(v, room=offices[0])
    mended = Timetable.of(meetings, week.members, visits)
    return mended if mended != week and not timetabling.check(after, mended) else None


def _calm(before: Timetable, after: Timetable, lost: str) -> Timetable:
    """Rooms change only for a reason: what keeps its hour keeps its room, where that is still free."""
    was = {(m.group, m.number): m for m in before.meetings}
    meetings = list(after.meetings)
    visits = list(after.visits)

    def free(room: str, span: Span) -> bool:
        used = [(m.room, m.span) for m in meetings] + [(v.room, v.span) for v in visits]
        return not any(other == room and at.overlaps(span) for other, at in used)

    for n, m in enumerate(meetings):
        old = was.get((m.group, m.number))
        if old is not None and old.span == m.span and old.room not in (m.room, lost) and free(old.room, m.span):
            meetings[n] = replace(m, room=old.room)
    rooms = {(v.client, v.kind, v.span): v.room for v in before.visits}
    for n, v in enumerate(visits):
        room = rooms.get((v.client, v.kind, v.span))
        if room is not None and room not in (v.room, lost) and free(room, v.span):
            visits[n] = replace(v, room=room)
    return Timetable.of(meetings, after.members, visits)


def _called_off(asked: Asked, site: Site, monday: date, at: datetime, people: Mapping[int, tuple[str, ...]], sessions: Mapping[str, Session]) -> Way:
    """The way that is always open: what breaks is not held."""
    because = BECAUSE.get(Happened(asked.what), CancelledBecause.CHANGED).value
    gone = [s for s in sessions.values() if s in set(broken(asked, at).filter(site=site))]
    changes = tuple(Change(str(s.uid), was := state(s), {**was, "cancelled": because}, fingerprint(people.get(s.pk, ()))) for s in sorted(gone, key=lambda s: (s.starts_at, s.pk)))
    return Way(Plan(str(uuid4()), changes), frozenset({"cancel"}), not any(people.get(s.pk) for s in gone), (LAST,), sessions, {uid: people.get(s.pk, ()) for uid, s in sessions.items()})


def _event(asked: Asked, site: Site, monday: date, at: datetime, found: facts.Found, allowed: timetabling.Facts) -> Event | None:
    spans = _spans(asked, site, monday, at)
    if not spans:
        return None
    rows = found.rows
    match asked.what:
        case Happened.STAFF_OUT:
            code = str(asked.staff.uid) if asked.staff else ""
            return Event("staff_out", code, spans) if code in allowed.member else None
        case Happened.ROOM_LOST:
            code = str(asked.room.uid) if asked.room else ""
            return Event("room_lost", code, spans) if code in allowed.room else None
        case Happened.SESSION_CANCELLED:
            for (group, number), session in rows.hours.items():
                if asked.session is not None and session.pk == asked.session.pk:
                    return Event("session_cancelled", group, number=number)
            return None
        case Happened.CLIENT_LEFT:
            code = str(asked.episode.uid) if asked.episode else ""
            return Event("client_left", code) if code in allowed.client else None
        case Happened.CLIENT_HOURS:
            code = str(asked.episode.uid) if asked.episode else ""
            said = found.facts.client.get(code)
            if said is None:
                return None
            before = without(ALWAYS, spans)  # what is over, or comes before they change, stays as it is
            kept = [s for s in found.week.hours_of(code) if any(s.within(b) for b in before)]
            return Event("client_hours", code, joined((*said.free, *kept)))
    return None


def _spans(asked: Asked, site: Site, monday: date, at: datetime) -> tuple[Span, ...]:
    """The hours of one week that it touches, without what is over."""
    there = ZoneInfo(site.time_zone)
    from_at = max(asked.from_at, at)
    out = []
    for day in range(7):
        midnight = datetime.combine(monday + timedelta(days=day), time(), there)
        morrow = datetime.combine(monday + timedelta(days=day + 1), time(), there)
        starts, ends = max(from_at, midnight), min(asked.until_at, morrow)
        if starts < ends:
            first, last = words.local(starts, site), words.local(ends, site)
            until = 24 * 60 if ends == morrow else last.hour * 60 + last.minute
            out.append(Span(day, first.hour * 60 + first.minute, until))
    return tuple(s for s in out if s.minutes > 0)


def booked(sessions: Iterable[Session]) -> Mapping[int, tuple[str, ...]]:
    """Who is booked in each session, by its key."""
    out: dict[int, list[str]] = defaultdict(list)
    rows = Booking.objects.filter(session__in=[s.pk for s in sessions], cancelled_at__isnull=True)
    for session_id, episode in rows.values_list("session_id", "episode__uid"):
        out[session_id].append(str(episode))
    return {pk: tuple(sorted(uids)) for pk, uids in out.items()}


def fingerprint(people: Sequence[str]) -> str:
    """Of who is booked, so that the page need not carry it."""
    return blake2b(" ".join(sorted(people)).encode(), digest_size=8).hexdigest()


def state(session: Session) -> dict[str, str | None]:
    """A session as MendedSession keeps it."""
    return {
        "leader": str(session.leader.uid), "room": str(session.room.uid) if session.room else None,
        "starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat(),
        "cancelled": session.cancelled_because,
    }  # fmt: skip


def _plan(
    asked: Asked, found: facts.Found, after: Timetable, engine: str, people: Mapping[int, tuple[str, ...]], site: Site, monday: date, at: datetime
) -> Plan | None:
    """The engine's week as changes of sessions and seats; None when it asks for something no row can say."""
    before, rows = found.week, found.rows
    because = BECAUSE.get(Happened(asked.what), CancelledBecause.CHANGED).value
    there = ZoneInfo(site.time_zone)
    changes: list[Change] = []

    def instant(day: int, minute: int) -> str:
        when = datetime.combine(monday + timedelta(days=day), time(minute // 60 % 24, minute % 60), there)
        return when.astimezone(at.tzinfo).isoformat()

    def changed(session: Session, **now: str | None) -> None:
        if session.starts_at <= at or (asked.episode and not asked.cuts(session.starts_at, session.ends_at)):
            return
        was = state(session)
        new = {**was, **now}
        if new != was:
            changes.append(Change(str(session.uid), was, new, fingerprint(people.get(session.pk, ()))))

    def placed(session: Session, old: Any, new: Any, who: str) -> None:
        moved: dict[str, str | None] = {}
        if new.span != old.span:
            moved = {"starts_at": instant(new.span.day, new.span.start), "ends_at": instant(new.span.day, new.span.end)}
        if new.room != old.room:
            room = rows.room(new.room)
            moved["room"] = str(room.uid) if room else None
        changed(session, **moved, leader=who)

    later = {(m.group, m.number): m for m in after.meetings}
    for m in before.meetings:
        session = rows.hours[m.group, m.number]
        new = later.get((m.group, m.number))
        if new is None:
            changed(session, cancelled=because)
        else:
            placed(session, m, new, new.leader)
    gone = sorted(set(before.visits) - set(after.visits))
    came = sorted(set(after.visits) - set(before.visits))
    for visit in gone:
        session = rows.visit(visit)
        match = next((v for v in came if (v.client, v.kind) == (visit.client, visit.kind)), None)
        if match is not None:
            came.remove(match)
            placed(session, visit, match, match.staff)
        else:
            changed(session, cancelled=because)
    if came:
        return None
    there_already = {c.session for c in changes}
    for session in broken(asked, at).filter(site=site).select_related("leader", "room"):
        when = words.local(session.starts_at, site).date()
        if asked.episode is None and str(session.uid) not in there_already and monday <= when < monday + timedelta(days=7):
            # What the engine cannot say: nobody covers it by itself.
            changed(session, **({"room": None} if asked.what == Happened.ROOM_LOST else {"cancelled": because}))
    left, entered = _seats(before, after, rows, changes, max(at, asked.from_at) if asked.episode else at)
    how = How.GREEDY if engine == "greedy" else How.SOLVER
    return Plan(str(uuid4()), tuple(sorted(changes, key=lambda c: (c.was["starts_at"] or "", c.session))), left, entered, how.value)


def _seats(
    before: Timetable, after: Timetable, rows: facts.Rows, changes: Sequence[Change], at: datetime
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Seats to give back and to take. Seats of sessions that are cancelled go with them."""
    cancelled = {c.session for c in changes if c.cancels}
    left: list[tuple[int, str]] = []
    entered: list[tuple[str, str]] = []
    for code, client in sorted(set(before.members) ^ set(after.members)):
        leaves = (code, client) in set(before.members)
        for m in (before if leaves else after).meetings_of.get(code, ()):
            session = rows.hours[code, m.number]
            if str(session.uid) in cancelled or session.starts_at <= at:
                continue
            if leaves:
                left.append((session.pk, client))
            else:
                entered.append((str(session.uid), client))
    uids = []
    if left:
        wanted = set(left)
        found = Booking.objects.filter(session__in={s for s, _c in left}, cancelled_at__isnull=True).values_list("uid", "session_id", "episode__uid")
        uids = [str(uid) for uid, session_id, episode in found if (session_id, str(episode)) in wanted]
    return tuple(sorted(uids)), tuple(sorted(entered))


def _together(ways: Sequence[Way]) -> Way:
    """The ways of several weeks or sites as one."""
    if len(ways) == 1:
        return ways[0]
    plans = [w.plan for w in ways]
    how = How.GREEDY.value if any(p.how == How.GREEDY for p in plans) else How.SOLVER.value
    plan = Plan(
        str(uuid4()), tuple(c for p in plans for c in p.changes), tuple(b for p in plans for b in p.left),
        tuple(j for p in plans for j in p.joined), how,
    )  # fmt: skip
    sessions = {uid: s for w in ways for uid, s in w.sessions.items()}
    length = max(len(w.score) for w in ways)
    score = tuple(sum(w.score[n] if n < len(w.score) else 0 for w in ways) for n in range(length))
    people = {uid: who for w in ways for uid, who in w.people.items()}
    return Way(plan, frozenset().union(*(w.ways for w in ways)), all(w.restored for w in ways), score, sessions, people)
