"""Questions about the timetable: the week of the program, the week of a person, what fits, how many hours it comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.care.screening import reads as screening
from footbridge.engines import hours
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client, Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import ClosedDay, Group, Meeting, Program, Room, Site, Track
from footbridge.ground.program.words import Mode
from footbridge.kit.access import Actor
from footbridge.kit.web import shapes

from . import words
from .models import Booking, Mending, Pairing, Place, Session, WeeklyVisit

SHOWN = ("site", "group__type", "group__track", "group__curriculum", "room", "leader__person", "visit")
# Conditions by the head of an ICD-10-CM code (F10-F19 substance use, F30-F39 mood, F40-F42 anxiety, F43 trauma, F50 eating).
_CONDITIONS = (("F1", "substance_use"), ("F3", "mood"), ("F43", "trauma"), ("F4", "anxiety"), ("F50", "eating"))
# A group for this focus is for somebody with any of these.
_FITS = {"trauma_anxiety": {"trauma", "anxiety"}, "dual": {"dual"}}


# ------------------------------------------------------------------ one session as a line


@dataclass(frozen=True)
class Line:
    """A session as a page shows it. `starts` and `ends` are naive, by the site's clock."""

    session: Session
    starts: datetime
    ends: datetime
    title: str
    where: str
    people: int = 0
    booking: Booking | None = None

    @property
    def minutes(self) -> int:
        return int((self.ends - self.starts).total_seconds() // 60)

    @property
    def leader(self) -> str:
        return self.session.leader.person.name_used

    @property
    def cancelled(self) -> str:
        """Why it does not take place, for the session or for this person; empty when it does."""
        if self.session.cancelled_at is not None:
            return self.session.get_cancelled_because_display()
        if self.booking is not None and self.booking.cancelled_at is not None:
            return self.booking.get_cancelled_because_display()
        return ""


def line(session: Session, *, people: int = 0, booking: Booking | None = None) -> Line:
    return Line(
        session, words.local(session.starts_at, session.site), words.local(session.ends_at, session.site), title(session), where(session),
        people, booking,
    )  # fmt: skip


def title(session: Session) -> str:
    """The group's name, or the kind of visit."""
    return session.group.name if session.group else str(session.get_kind_display())


def where(session: Session) -> str:
    if session.mode == Mode.VIDEO:
        return _("By video")
    return f"{session.room.name}, {session.site.name}" if session.room else session.site.name


def when(session: Session) -> str:
    """Mon, Nov 9, 9:00 a.m. – 9:50 a.m."""
    starts, ends = words.local(session.starts_at, session.site), words.local(session.ends_at, session.site)
    return f"{words.day(starts.date())}, {words.span(starts, ends)}"


def _span(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """The instants from the begin of `first` to the begin of `last` (exclusive) on the clock of a zone."""
    there = ZoneInfo(zone)
    return datetime.combine(first, time(), there), datetime.combine(last, time(), there)


def _wide(first: date, last: date) -> tuple[datetime, datetime]:
    """The same for any zone: a day wider on each side, to be narrowed by the site's clock."""
    start, end = _span(first, last, "UTC")
    return start - timedelta(hours=14), end + timedelta(hours=14)


# ------------------------------------------------------------------ records by their outside name


def session(actor: Actor, uid: UUID) -> Session | None:
    return Session.objects.select_related(*SHOWN).filter(uid=uid).first()


def meeting(actor: Actor, uid: UUID) -> Meeting | None:
    """A weekly meeting that still holds."""
    found = Meeting.objects.select_related("group__track__program", "group__track__site", "leader__person", "room__site")
    return found.filter(uid=uid, held_until__isnull=True).first()


def place(actor: Actor, uid: UUID) -> Place | None:
    seen = Episode.objects.visible_to(actor)
    return (
        Place.objects.select_related("group__track", "episode__client__person")
        .filter(uid=uid, episode__in=seen)
        .first()
    )


def visit(actor: Actor, uid: UUID) -> WeeklyVisit | None:
    seen = Episode.objects.visible_to(actor)
    return (
        WeeklyVisit.objects.select_related("staff__person", "room", "episode__client__person")
        .filter(uid=uid, episode__in=seen)
        .first()
    )


def booking(actor: Actor, uid: UUID) -> Booking | None:
    seen = Episode.objects.visible_to(actor)
    return (
        Booking.objects.select_related("episode__client__person", *(f"session__{name}" for name in SHOWN))
        .filter(uid=uid, episode__in=seen)
        .first()
    )


def mending(actor: Actor, uid: UUID) -> Mending | None:
    found = Mending.objects.select_related("staff__person", "room", "session", "episode__client__person", "site", "by__person", "away__cover__person")
    return found.filter(uid=uid).first()


def still_coming(on: date) -> Q:
    """Episodes of people who come on a day or later: whoever is discharged may come until the day on which they go."""
    places = Place.objects.filter(held_until__gt=on).values("episode")
    return Q(ended_at__isnull=True) | Q(pk__in=places) | Q(pk__in=WeeklyVisit.objects.filter(held_until__gt=on).values("episode"))


def touched(mending: Mending) -> QuerySet[Episode]:
    """Everybody whose own week became another one by it, but for those who had gone by then."""
    since = words.local(max(mending.undone_at or mending.at, mending.from_at), mending.site).date()
    of_sessions = Booking.objects.filter(session__mended__mending=mending).filter(
        Q(cancelled_at__isnull=True) | Q(mended__mending=mending) | Q(cancelled_at__gte=mending.at)
    )
    seats = Booking.objects.filter(mended__mending=mending)
    return Episode.objects.filter(Q(pk__in=of_sessions.values("episode")) | Q(pk__in=seats.values("episode"))).filter(still_coming(since))


def pairings(episode: Episode) -> list[Pairing]:
    """Whom the person must not meet and who support each other, said on either side."""
    found = Pairing.objects.filter(Q(one=episode.client_id) | Q(other=episode.client_id), ended_at__isnull=True)
    return list(found.select_related("one__person", "other__person", "by__person"))


def pairing(actor: Actor, uid: UUID) -> Client | None:
    """The client a pairing was said about, with it as `paired`; None for whoever does not see that client."""
    found = Pairing.objects.select_related("one__person").filter(uid=uid, ended_at__isnull=True).first()
    if found is None or not Client.objects.visible_to(actor).filter(pk=found.one_id).exists():
        return None
    found.one.paired = found  # type: ignore[attr-defined]
    return found.one


def staff_touched(mending: Mending) -> QuerySet[Staff]:
    """Whose hours became others by it, but for whoever is out."""
    rows = mending.sessions.values_list("was__leader", "now__leader")
    uids = {uid for pair in rows for uid in pair}
    return Staff.objects.filter(uid__in=uids).exclude(pk=mending.staff_id or 0).select_related("person").order_by("pk")


# ------------------------------------------------------------------ the week of the program


@dataclass(frozen=True)
class Filters:
    """What the week is narrowed to. Visits of one person are shown only beside a leader or a room: they are many."""

    track: Track | None = None
    site: Site | None = None
    leader: Staff | None = None
    room: Room | None = None


def week(monday: date, filters: Filters | None = None, *, mine: int | None = None) -> list[Line]:
    """The sessions of a week, each with how many seats are taken, in order of time. Cancelled ones stay visible. `mine`: the staff
    member whose own visits stand there in any case.
    """
    filters = filters or Filters()
    start, end = _wide(monday, monday + timedelta(days=7))
    found = Session.objects.filter(starts_at__gte=start, starts_at__lt=end).select_related(*SHOWN)
    if filters.track:
        codes = [filters.track.code, *filters.track.includes]
        found = found.filter(group__track__program_id=filters.track.program_id, group__track__code__in=codes)
    if filters.site:
        found = found.filter(site=filters.site)
    if filters.leader:
        found = found.filter(leader=filters.leader)
    if filters.room:
        found = found.filter(room=filters.room)
    if not (filters.leader or filters.room):
        found = found.filter(Q(kind=words.SessionKind.GROUP) | Q(leader=mine or 0))
    found = found.annotate(people=Count("bookings", filter=Q(bookings__cancelled_at__isnull=True))).order_by(
        "starts_at", "group_id", "pk"
    )
    lines = [line(s, people=s.people) for s in found]
    return [one for one in lines if monday <= one.starts.date() < monday + timedelta(days=7)]


def site_led(actor: Actor, monday: date) -> Site | None:
    """The site of the first session the actor leads in a week."""
    start, end = _wide(monday, monday + timedelta(days=7))
    led = Session.objects.filter(leader_id=actor.staff_id, starts_at__gte=start, starts_at__lt=end).select_related("site")
    first = led.order_by("starts_at").first() if actor.staff_id else None
    return first.site if first else None


def closed(monday: date, site: Site | None = None, *, to_client: bool = False) -> dict[date, list[str]]:
    """Which sites are closed on which day of the week, as sentences. Why is for staff: it may be about one of them."""
    found: dict[date, list[str]] = defaultdict(list)
    days = (
        ClosedDay.objects.filter(opened_at__isnull=True, on__gte=monday, on__lt=monday + timedelta(days=7))
        .select_related("site")
        .order_by("on", "site__name")
    )
    for day in days.filter(site=site) if site else days:
        said = _("%(site)s closed") if to_client else _("%(site)s closed: %(reason)s")
        found[day.on].append(said % {"site": day.site.name, "reason": day.reason})
    return found


def closed_day(actor: Actor, uid: UUID) -> ClosedDay | None:
    return ClosedDay.objects.select_related("site", "closed_by__person", "opened_by__person").filter(uid=uid).first()


def of_day(site: Site, on: date) -> QuerySet[Session]:
    """All sessions of a site on a day by its own clock, held or not."""
    start, end = _span(on, on + timedelta(days=1), site.time_zone)
    return Session.objects.filter(site=site, starts_at__gte=start, starts_at__lt=end)


def concerned(day: ClosedDay) -> QuerySet[Session]:
    """The sessions that a closed day takes, or, once it was opened again, those that are held on it."""
    if day.opened_at is None:
        return of_day(day.site, day.on).filter(cancelled_because=words.CancelledBecause.CLOSED)
    return of_day(day.site, day.on).filter(cancelled_at__isnull=True, starts_at__gt=day.opened_at)


def who_would_come(sessions: QuerySet[Session], on: date) -> QuerySet[Episode]:
    """Whoever sits in these sessions, or sat there when they were cancelled, but for those who had gone by then."""
    seats = Booking.objects.filter(session__in=sessions).filter(
        Q(session__cancelled_at__isnull=True, cancelled_at__isnull=True) | Q(cancelled_at=F("session__cancelled_at"))
    )
    return Episode.objects.filter(still_coming(on), pk__in=seats.values("episode"))


def table(
    caption: Any,
    monday: date,
    entries: Iterable[tuple[datetime, datetime, shapes.Entry]],
    today: date,
    shut: dict[date, list[str]] | None = None,
) -> shapes.Timetable:
    """Entries with their local begin and end as a table: rows are time blocks, columns days. Weekends only when used."""
    told = list(entries)
    days = sorted({monday + timedelta(days=n) for n in range(5)} | {starts.date() for starts, _ends, _entry in told})
    heads = [shapes.Day(words.WEEKDAYS[day.weekday()], words.date_format(day, "M j"), day == today) for day in days]
    rows = _blocks(len(days), ((days.index(s.date()), s.time(), e.time(), entry) for s, e, entry in told))
    notes = [[shapes.Entry(said, tone="warn") for said in (shut or {}).get(day, [])] for day in days]
    if any(notes):
        rows.insert(0, shapes.TimeRow(_("All day"), notes))
    return shapes.Timetable(caption, heads, rows)


def pattern(caption: Any, meetings: Sequence[Meeting], address: Callable[[Meeting], str] | None = None) -> shapes.Timetable:
    """The weekly meetings of a track as a table without dates; `address` gives where each entry leads, for those who may."""
    days = sorted(set(range(5)) | {m.weekday for m in meetings})
    entries = []
    for meeting in meetings:
        said = [meeting.group.type.name] if meeting.group.type.name != meeting.group.name else []
        if meeting.leader:
            said.append(_("with %(name)s") % {"name": meeting.leader.person.name_used})
        if meeting.room:
            said.append(meeting.room.name)
        tone, tag = "", _("Optional") if meeting.optional or not meeting.group.required else ""
        if meeting.leader is None and meeting.group.track.program.admits:
            tone, tag = "warn", _("Nobody leads")  # such a meeting is not published: nobody can come to it
        entry = shapes.Entry(meeting.group.name, said, href=address(meeting) if address else "", tone=tone, tag=tag)
        entries.append((days.index(meeting.weekday), meeting.starts, meeting.ends, entry))
    return shapes.Timetable(caption, [shapes.Day(words.WEEKDAYS[day]) for day in days], _blocks(len(days), entries))


def _blocks(columns: int, entries: Iterable[tuple[int, time, time, shapes.Entry]]) -> list[shapes.TimeRow]:
    cells: dict[tuple[time, time], list[list[shapes.Entry]]] = {}
    for column, starts, ends, entry in entries:
        cells.setdefault((starts, ends), [[] for _n in range(columns)])[column].append(entry)
    return [shapes.TimeRow(words.span(*block), row) for block, row in sorted(cells.items(), key=lambda item: item[0])]


def sessions_on(staff: Staff, day: date) -> list[Line]:
    """What somebody leads on a day, in order, with how many people are booked."""
    start, end = _wide(day, day + timedelta(days=1))
    found = (
        Session.objects.filter(leader=staff, starts_at__gte=start, starts_at__lt=end)
        .select_related(*SHOWN)
        .annotate(people=Count("bookings", filter=Q(bookings__cancelled_at__isnull=True)))
        .order_by("starts_at")
    )
    lines = (line(s, people=s.people) for s in found)
    return [one for one in lines if one.starts.date() == day and not (one.session.cancelled_at and not one.people)]


def sessions_of_group(group: Group, held_from: date, held_until: date | None) -> list[Session]:
    """The sessions of a group from a day until a day (exclusive) that take place, by the site's clock."""
    start, _end = _wide(held_from, held_from)
    found = Session.objects.filter(group=group, starts_at__gte=start, cancelled_at__isnull=True).select_related(
        "site", "group"
    )
    return [
        s
        for s in found.order_by("starts_at")
        if held_from <= words.local(s.starts_at, s.site).date()
        and (held_until is None or words.local(s.starts_at, s.site).date() < held_until)
    ]


# ------------------------------------------------------------------ the week of a person


def places(episode: Episode, on: date) -> QuerySet[Place]:
    """The places that hold on the day or later."""
    return (
        episode.places.filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .select_related("group__track", "group__type")
        .order_by("held_from", "pk")
    )


def visits(episode: Episode, on: date) -> QuerySet[WeeklyVisit]:
    """The standing visits that hold on the day or later."""
    return (
        episode.weekly_visits.filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .select_related("staff__person", "room")
        .order_by("weekday", "starts")
    )


def week_of(episode: Episode, monday: date) -> list[Line]:
    """A person's booked sessions of a week in order; cancelled ones stay visible with their reason."""
    start, end = _wide(monday, monday + timedelta(days=7))
    found = Booking.objects.filter(episode=episode, starts_at__gte=start, starts_at__lt=end).select_related(
        *(f"session__{n}" for n in SHOWN)
    )
    lines = [line(b.session, booking=b) for b in found.order_by("starts_at", "pk")]
    return [one for one in lines if monday <= one.starts.date() < monday + timedelta(days=7)]


def week_for_client(episode: Episode, monday: date, lines: list[Line] | None = None) -> shapes.Timetable | None:
    """The person's week as a table in their words, with the days on which their site is closed; None when there is nothing to show.
    `lines` are the week's, when they were read already."""
    lines = week_of(episode, monday) if lines is None else lines
    shut = closed(monday, site_of(episode)) if lines or episode.ended_at is None else {}
    if not lines and not shut:
        return None
    entries = []
    for one in lines:
        said = [_("with %(name)s") % {"name": one.leader}, one.where]
        entries.append(
            (
                one.starts,
                one.ends,
                shapes.Entry(one.title, said, tag=one.cancelled, tone="neutral" if one.cancelled else ""),
            )
        )
    return table(_("Week of %(day)s") % {"day": words.day(monday)}, monday, entries, date.min, shut)


def coming(episode: Episode, at: datetime, limit: int = 6) -> list[Line]:
    """The next booked sessions that have not ended."""
    found = (
        Booking.objects.filter(episode=episode, ends_at__gt=at, cancelled_at__isnull=True)
        .select_related(*(f"session__{n}" for n in SHOWN))
        .order_by("starts_at")[:limit]
    )
    return [line(b.session, booking=b) for b in found]


def program_of(episode: Episode) -> Program | None:
    """The program a person is in: of the track they were admitted to, or of their places."""
    admission = getattr(episode, "admission", None)
    if admission is not None:
        return admission.track.program
    last = episode.places.select_related("group__track__program").order_by("-held_from", "-pk").first()
    return last.group.track.program if last else program.admitting().first()


def site_of(episode: Episode) -> Site | None:
    """Where a person comes: the site of their track, of their places, or the first one."""
    admission = getattr(episode, "admission", None)
    if admission is not None and admission.track.site is not None:
        return admission.track.site
    last = (
        episode.places.select_related("group__track__site")
        .filter(group__track__site__isnull=False)
        .order_by("-held_from")
        .first()
    )
    return last.group.track.site if last else Site.objects.order_by("pk").first()


def counted(lines: Iterable[Line]) -> hours.Week:
    """The scheduled hours of a person's week."""
    services = [
        hours.Service.dated(
            one.starts.date(), one.starts.time(), one.ends.time(), one.session.kind, title=one.title,
            # The assessment comes before treatment: its hour is no hour of the program's week.
            counts=one.session.kind != words.SessionKind.ASSESSMENT and (one.session.group is None or one.session.group.type.countable),
        )
        for one in lines
        if not one.cancelled
    ]  # fmt: skip
    return hours.count_week(services)


def verdict(episode: Episode, monday: date, lines: list[Line] | None = None) -> hours.HoursVerdict | None:
    """What the program's rule says of the person's booked week, if they come to all of it."""
    here = program_of(episode)
    rule = program.rule_of(here, monday) if here else None
    return program.scheduled_verdict(counted(week_of(episode, monday) if lines is None else lines), rule) if rule else None


def hours_sentence(episode: Episode, monday: date, lines: list[Line] | None = None) -> str:
    """The hours of a week in one sentence, for the person themselves."""
    found = verdict(episode, monday, lines)
    return words.verdict_said(found) if found else ""


# ------------------------------------------------------------------ what fits


def free_hours(episode: Episode) -> list[tuple[int, time, time]]:
    """The hours in which the person can come, touching ones joined; empty when nobody asked."""
    joined: list[tuple[int, time, time]] = []
    for weekday, starts, ends in screening.free_hours(episode):
        if joined and joined[-1][0] == weekday and starts <= joined[-1][2]:
            joined[-1] = (weekday, joined[-1][1], max(ends, joined[-1][2]))
        else:
            joined.append((weekday, starts, ends))
    return joined


def outside_free_hours(episode: Episode, asked: Sequence[tuple[int, time, time]]) -> list[tuple[int, time, time]]:
    """Which of these weekly hours lie outside those in which the person can come. Nothing, when nobody asked them."""
    return outside(free_hours(episode), asked)


def outside(free: Sequence[tuple[int, time, time]], asked: Sequence[tuple[int, time, time]]) -> list[tuple[int, time, time]]:
    """The same of hours that were read already."""
    if not free:
        return []
    return [(d, s, e) for d, s, e in asked if not any(day == d and f <= s and e <= t for day, f, t in free)]


def mode_fits(episode: Episode, mode: str) -> bool:
    """Whether a group's way of meeting is one the person asked for. Hybrid is both."""
    screen = screening.latest(episode)
    wished = screen.prefers_mode if screen else ""
    return not wished or Mode.HYBRID in (wished, mode) or wished == mode


def conditions(episode: Episode) -> list[str]:
    """What the person is treated for, most important first: from the newest plan's diagnoses, else from the screen."""
    plan = episode.plans.prefetch_related("problems").first()
    screen = screening.latest(episode)
    uses = bool(screen) and screening.answers(screen).get("substance_use", ("",))[0] == "yes"  # type: ignore[arg-type]
    return conditions_of((problem.icd10 for problem in plan.problems.all()) if plan else (), uses)


def conditions_of(diagnoses: Iterable[str], uses: bool) -> list[str]:
    """Conditions by the codes of a plan, in its order; `uses`: the screen says substances are part of it."""
    found: list[str] = []
    for code in diagnoses:
        focus = next((name for head, name in _CONDITIONS if code.upper().startswith(head)), "")
        if focus and focus not in found:
            found.append(focus)
    if uses and "substance_use" not in found:
        found.append("substance_use")
    if "substance_use" in found and len(found) > 1:
        found.append("dual")
    return found


def for_their_condition(group: Group, has: Sequence[str]) -> bool:
    """Whether a group is for somebody with these conditions. A group without a focus is for everybody."""
    return condition_fits(group.condition, has)


def condition_fits(condition: str, has: Sequence[str]) -> bool:
    if not condition or condition == "general" or not has:
        return True
    return bool(_FITS.get(condition, {condition}) & set(has))


def taken(groups: Iterable[Group], on: date) -> dict[int, int]:
    """Places taken on a day, by group."""
    held = Place.objects.filter(group__in=list(groups)).filter(Q(held_until__isnull=True) | Q(held_until__gt=on) & Q(held_until__gt=F("held_from")))
    return dict(held.values_list("group").annotate(Count("pk")))


@dataclass(frozen=True)
class TrackPlaces:
    """A track and how many more people it can take: as many as its fullest group still can."""

    track: Track
    places: int
    free: int


def tracks_with_places(on: date, offered: Iterable[Track] | None = None) -> list[TrackPlaces]:
    """Every offered track of the programs that admit, with its free places."""
    tracks = list(offered if offered is not None else program.tracks())
    groups = list(
        Group.objects.filter(
            track__program__in={t.program_id for t in tracks}, held_until__isnull=True, required=True
        ).select_related("track")
    )
    used = taken(groups, on)
    found = []
    for track in tracks:
        most: dict[str, int] = defaultdict(int)
        left: dict[str, int] = defaultdict(int)
        for group in groups:
            if group.track.program_id == track.program_id and group.track.code in (track.code, *track.includes):
                bundle = group.choose_one or group.code
                most[bundle] += group.most
                left[bundle] += max(0, group.most - used.get(group.pk, 0))
        found.append(
            TrackPlaces(track, min(most.values(), default=track.places), min(left.values(), default=track.places))
        )
    return found
