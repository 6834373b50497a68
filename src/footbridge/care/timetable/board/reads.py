"""Questions of the board: the week of a program at a site, what stands in each hour, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client, Staff
from footbridge.ground.program import reads as program_reads
from footbridge.ground.program.models import Group, Meeting, Program, Room, Site, Track
from footbridge.kit.access import Actor

from .. import reads as timetable_reads
from .. import words
from ..models import Session
from . import checks, plan, says, worlds
from .checks import Conflict, World
from .models import DraftStep, WeekBuild, WeekDraft, WeekPublished
from .plan import Diff, Meets, Sees, Week

COLUMNS = 8  # nobody reads more of them side by side


# ------------------------------------------------------------------ records by their outside name


def draft(actor: Actor, uid: UUID) -> WeekDraft | None:
    return WeekDraft.objects.select_related("program", "site", "by__person").filter(uid=uid).first()


def step(actor: Actor, uid: UUID, step: UUID) -> DraftStep | None:
    return DraftStep.objects.select_related("draft__program", "draft__site").filter(draft__uid=uid, uid=step).first()


def meeting_in(actor: Actor, uid: UUID, meeting: UUID) -> tuple[WeekDraft, Meeting] | None:
    """A weekly meeting within a draft."""
    within = draft(actor, uid)
    found = Meeting.objects.select_related("group__track", "group__type").filter(uid=meeting).first()
    if within is None or found is None or found.group.track.program_id != within.program_id or found.group.track.site_id != within.site_id:
        return None
    return within, found


def person_in(actor: Actor, uid: UUID, episode: UUID) -> tuple[WeekDraft, Episode] | None:
    within = draft(actor, uid)
    person = Episode.objects.visible_to(actor).select_related("client__person").filter(uid=episode, ended_at__isnull=True).first()
    return (within, person) if within is not None and person is not None else None


def build(actor: Actor, uid: UUID, build: UUID) -> WeekBuild | None:
    return WeekBuild.objects.select_related("draft__program", "draft__site", "step").filter(draft__uid=uid, uid=build).first()


def published(actor: Actor, uid: UUID) -> WeekPublished | None:
    known = WeekPublished.objects.select_related("draft__program", "draft__site", "by__person", "undone_by__person")
    return known.filter(uid=uid).first()


def open_draft(program: Program, site: Site) -> WeekDraft | None:
    return WeekDraft.objects.filter(program=program, site=site, dropped_at__isnull=True, published_at__isnull=True).first()


def last_published(program: Program, site: Site, on: date) -> WeekPublished | None:
    """The newest publishing that holds on a day or will."""
    found = WeekPublished.objects.filter(draft__program=program, draft__site=site, undone_at__isnull=True)
    return found.select_related("draft").filter(holds_from__gte=on).order_by("-at").first()


# ------------------------------------------------------------------ where


@dataclass(frozen=True)
class Scope:
    """The program and the site a board is of."""

    program: Program
    site: Site

    @property
    def key(self) -> str:
        return f"{self.program.code}.{self.site.code}"

    @property
    def label(self) -> str:
        return f"{self.program.name}, {self.site.name}"


def scopes() -> list[Scope]:
    """Every program that admits at every site where it has a track."""
    seen: dict[tuple[int, int], Scope] = {}
    for track in program_reads.tracks().filter(site__isnull=False):
        if track.site is not None:
            seen.setdefault((track.program_id, track.site.pk), Scope(track.program, track.site))
    return sorted(seen.values(), key=lambda s: (s.program.name, s.site.name))


# ------------------------------------------------------------------ one week


@dataclass(frozen=True)
class Filters:
    track: Track | None = None
    leader: Staff | None = None
    room: Room | None = None
    episode: Episode | None = None

    def __bool__(self) -> bool:
        return any((self.track, self.leader, self.room, self.episode))


@dataclass(frozen=True)
class Hour:
    """What stands in a cell: an hour of a group or a visit, how it is on that date, and how full."""

    of: Meets | Sees
    title: str
    leader: str
    where: str
    used: int = 0
    seats: int = 0
    cancelled: str = ""
    changed: str = ""  # what is otherwise on that date only, or in the draft
    session: Session | None = None
    uid: UUID | None = None
    warnings: tuple[str, ...] = ()
    hard: bool = False

    @property
    def free(self) -> int:
        return max(0, self.seats - self.used)


@dataclass(frozen=True)
class Board:
    scope: Scope
    monday: date
    week: Week
    world: World
    hours: list[Hour]
    conflicts: list[Conflict]
    meetings: dict[int, Meeting]


def board(scope: Scope, monday: date, filters: Filters | None = None, *, draft: WeekDraft | None = None, pairs: bool = True) -> Board:
    """The week of a program at a site: the plan that holds in that week, with what is otherwise on its dates; or a draft's plan. Without
    `pairs` nothing says that somebody is kept apart from somebody: only that the director knows."""
    filters = filters or Filters()
    on = draft.holds_from if draft else monday
    rows = plan.meetings_on(scope.program, scope.site, on)
    here = [m for m in rows if _holds(m, on if draft else monday + timedelta(days=m.weekday))]
    new = plan.added(draft) if draft else []
    base = plan.standing(scope.program, scope.site, on if draft else monday + timedelta(days=6), here)
    week = plan.drafted(draft, base) if draft else base
    world = worlds.world(scope.program, scope.site, on, base, week)
    found = checks.conflicts(world, week)
    if not pairs:
        found = [c if c.code != "must_not_meet" else Conflict("ask_director", c.about[:1], hard=True, params=c.params) for c in found]
    sessions = {} if draft else _sessions(here, monday)
    by_pk = {m.pk: m for m in [*here, *new]}
    against: dict[int, list[Conflict]] = {}
    for conflict in found:
        for pk in conflict.meetings:
            against.setdefault(pk, []).append(conflict)
    members = week.members()
    hours = [
        _hour(by_pk[pk], meets, base.meetings.get(pk) if draft else None, world, len(members.get(meets.group, ())), sessions.get(pk), against.get(pk, []), scope.site)
        for pk, meets in week.meetings.items()
        if pk in by_pk and (meets.held or draft) and _shown(meets, by_pk[pk], filters, week)
    ]  # fmt: skip
    if filters.leader or filters.room or filters.episode:
        hours += [_visit(sees, world) for sees in week.visits.values() if _visit_shown(sees, filters)]
    hours.sort(key=lambda h: (h.of.weekday, h.of.starts, h.title, h.leader))
    return Board(scope, monday, week, world, hours, found, by_pk)


def _holds(meeting: Meeting, on: date) -> bool:
    """Whether a weekly hour is held on that date."""
    ends = [d for d in (meeting.held_until, meeting.group.held_until) if d is not None]
    return (meeting.held_from is None or meeting.held_from <= on) and all(on < d for d in ends)


def _sessions(meetings: Iterable[Meeting], monday: date) -> dict[int, Session]:
    """The dated session of each meeting in that week."""
    start, end = timetable_reads._wide(monday, monday + timedelta(days=7))
    found = Session.objects.filter(meeting__in=[m.pk for m in meetings], starts_at__gte=start, starts_at__lt=end).select_related(
        "site", "leader__person", "room"
    )
    out: dict[int, Session] = {}
    for session in found.order_by("starts_at", "pk"):
        on = words.local(session.starts_at, session.site).date()
        if monday <= on < monday + timedelta(days=7) and (session.meeting_id not in out or session.cancelled_at is None):
            out[session.meeting_id or 0] = session
    return out


def _shown(meets: Meets, row: Meeting, filters: Filters, week: Week) -> bool:
    track, leader, room, person = filters.track, filters.leader, filters.room, filters.episode
    return (
        (track is None or row.group.track_id == track.pk or row.group.track.code in track.includes)
        and (leader is None or meets.leader == leader.pk)
        and (room is None or meets.room == room.pk)
        and (person is None or (person.pk, meets.group) in week.places)
    )


def _visit_shown(sees: Sees, filters: Filters) -> bool:
    leader, room, person = filters.leader, filters.room, filters.episode
    if filters.track is not None:
        return False
    return (
        (leader is None or sees.staff == leader.pk) and (room is None or sees.room == room.pk) and (person is None or sees.episode == person.pk)
    )


def _hour(
    row: Meeting, meets: Meets, was: Meets | None, world: World, used: int, session: Session | None, against: list[Conflict], site: Site
) -> Hour:
    leader = says.staff_name(world, meets.leader)
    room = world.rooms.get(meets.room or 0)
    where = _where(meets.mode, room)
    group = world.groups.get(meets.group)
    seats = min([group.limit if group else row.group.most] + ([room.seats] if room and meets.mode != "video" else []))
    cancelled, changed = "", ""
    if session is not None:
        if session.cancelled_at is not None:
            cancelled = str(session.get_cancelled_because_display())
        else:
            if session.leader_id != meets.leader:
                leader, changed = session.leader.person.name_used, _("Another leader this week")
            if (session.room_id, session.mode) != (meets.room, meets.mode):
                where = _where(session.mode, checks.RoomIs(session.room.name, session.room.kind, session.room.seats) if session.room else None)
                changed = changed or _("Another room this week")
    if not meets.held:
        cancelled = _("Not held in the draft")
    elif meets.adds:
        changed = _("New in this draft")
    elif was is not None and was != meets:
        changed = _("Changed: was %(was)s") % {"was": says.meets_said(was, world)}
    told = says.tell([c for c in against if c.code not in ("closed_day",)], world)
    return Hour(
        meets, row.group.name, leader or _("Nobody leads"), where, used, seats, cancelled, changed, session, row.uid,
        tuple(t.sentence for t in told), any(t.hard for t in told),
    )  # fmt: skip


def _where(mode: str, room: checks.RoomIs | None) -> str:
    if mode == "video":
        return says.by_video(room.name if room else "")
    return room.name if room else ""


def _visit(sees: Sees, world: World) -> Hour:
    staff = says.staff_name(world, sees.staff)
    room = world.rooms.get(sees.room or 0)
    where = _where(sees.mode, room)
    return Hour(sees, str(words.SessionKind(sees.kind).label), staff, where)


def people_short(conflicts: Iterable[Conflict]) -> set[int]:
    """People whose week falls under what their payer's rule asks."""
    return {e for c in conflicts if c.code == "short" for e in c.people}


def at_a_glance(found: Board) -> list[says.Told]:
    """What stands against the week as a whole, people only counted: each warning once, those of single hours as numbers."""
    shown = [c for c in found.conflicts if c.code not in ("below_least", "nobody_leads", "no_room", "outside_free_hours", "other_mode")]
    out = says.tell(shown, found.world)
    counts = Counter(c.code for c in found.conflicts)
    for code, said in (
        ("nobody_leads", _("%(n)d hours have nobody who leads them.")),
        ("below_least", _("%(n)d groups have fewer people than their least.")),
        ("no_room", _("%(n)d hours have no room.")),
    ):
        if counts[code]:
            out.append(says.Told(Conflict(code, ()), said % {"n": counts[code]}))
    for code, said in (
        ("outside_free_hours", _("%(n)d people come at hours outside those they named.")),
        ("other_mode", _("%(n)d people come another way than they asked for.")),
    ):
        people = {e for c in found.conflicts if c.code == code for e in c.people}
        if people:
            out.append(says.Told(Conflict(code, ()), said % {"n": len(people)}))
    return out


# ------------------------------------------------------------------ whose names


def names(actor: Actor, episodes: Iterable[int]) -> says.Names:
    """Names of those the reader may know of."""
    asked = list(episodes)
    if not asked:
        return says.Names()
    seen = Episode.objects.visible_to(actor).filter(pk__in=asked).values_list("pk", "client__person__name_used")
    return says.Names(dict(seen))


def episode_of_number(actor: Actor, number: str) -> Episode | None:
    """The open episode of a record number, if the reader may know of it."""
    client = Client.objects.visible_to(actor).filter(number=number.strip().upper()).first() if number.strip() else None
    if client is None:
        return None
    return Episode.objects.visible_to(actor).select_related("client__person").filter(client=client, ended_at__isnull=True).first()


@dataclass(frozen=True)
class Short:
    """Somebody whose week falls short, in words."""

    episode: Episode
    said: list[str]


def short_people(actor: Actor, found: Board) -> tuple[list[Short], int]:
    """Those the reader may know of, and how many others there are."""
    by_person: dict[int, list[Conflict]] = {}
    for conflict in found.conflicts:
        if conflict.code == "short":
            by_person.setdefault(next(iter(conflict.people)), []).append(conflict)
    seen = Episode.objects.visible_to(actor).filter(pk__in=by_person).select_related("client__person").order_by("client__person__name_used", "pk")
    told = [Short(e, [words.check_said(c.param("check")) for c in by_person[e.pk]]) for e in seen]  # type: ignore[arg-type]
    return told, len(by_person) - len(told)


# ------------------------------------------------------------------ what a draft changes, for whom


@dataclass(frozen=True)
class Change:
    """One person, member of staff or room, before and after."""

    who: str
    before: list[str]
    after: list[str]
    hours: tuple[str, str] = ("", "")
    less: bool = False  # the week meets the rule before and not after
    episode: Episode | None = None


@dataclass(frozen=True)
class Changes:
    people: list[Change]
    staff: list[Change]
    rooms: list[Change]


def changes(actor: Actor, before: Week, after: Week, diff: Diff, world: World) -> Changes:
    """Who is affected, before and after, with the hours met."""
    ids = diff.episodes(before, after)
    rows = Episode.objects.visible_to(actor).filter(pk__in=ids, ended_at__isnull=True).select_related("client__person")
    people = []
    was_groups, now_groups = before.groups(), after.groups()
    for episode in rows.order_by("client__person__name_used", "pk"):
        lines_before, lines_after = _own(episode.pk, before, was_groups, world), _own(episode.pk, after, now_groups, world)
        was, now = checks.scheduled(world, before, episode.pk), checks.scheduled(world, after, episode.pk)
        hours = (words.verdict_said(was) if was else "", words.verdict_said(now) if now else "")
        people.append(
            Change(
                episode.client.person.name_used, [x for x in lines_before if x not in lines_after], [x for x in lines_after if x not in lines_before],
                hours, bool(was and now and was.met and not now.met), episode,
            )
        )  # fmt: skip
    staff = [_by("leader", "staff", pk, world.staff[pk].name, diff, world) for pk in sorted(diff.staff(), key=lambda pk: world.staff[pk].name if pk in world.staff else "") if pk in world.staff]
    rooms = [_by("room", "room", pk, world.rooms[pk].name, diff, world) for pk in sorted(diff.rooms(), key=lambda pk: world.rooms[pk].name if pk in world.rooms else "") if pk in world.rooms]
    return Changes(people, [c for c in staff if c.before or c.after], [c for c in rooms if c.before or c.after])


def _own(episode: int, week: Week, groups: dict[int, set[int]], world: World) -> list[str]:
    mine = groups.get(episode, set())
    lines = [f"{world.groups[m.group].name}: {says.meets_said(m, world)}" for m in week.held() if m.group in mine and m.group in world.groups]
    return lines + [says.sees_said(v, world) for v in week.visits.values() if v.episode == episode]


def _by(of_meeting: str, of_visit: str, pk: int, name: str, diff: Diff, world: World) -> Change:
    """What somebody leads or a room holds, before and after, of what changes."""
    was = [says.hour(a, world) for a, _b in diff.meetings if getattr(a, of_meeting) == pk and a.held]
    now = [says.hour(b, world) for _a, b in diff.meetings if getattr(b, of_meeting) == pk and b.held]
    was += [says.hour(a, world) for a, _b in diff.visits if a is not None and getattr(a, of_visit) == pk]
    now += [says.hour(b, world) for _a, b in diff.visits if b is not None and getattr(b, of_visit) == pk]
    return Change(name, [x for x in was if x not in now], [x for x in now if x not in was])


# ------------------------------------------------------------------ choices


def leaders(on: date) -> Any:
    held = Q(roles_held__held_until__isnull=True) | Q(roles_held__held_until__gt=on)
    return (
        Staff.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=on), held, roles_held__role__in=worlds.LEADS, roles_held__held_from__lte=on)
        .select_related("person")
        .order_by("person__name_used")
        .distinct()
    )


def rooms(site: Site) -> Any:
    return Room.objects.filter(site=site).select_related("site").order_by("kind", "name")


def groups(scope: Scope, on: date) -> Any:
    return (
        Group.objects.filter(track__program=scope.program, track__site=scope.site, track__offered=True)
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .select_related("track", "type")
        .order_by("track__name", "name")
    )


def untold(published: WeekPublished) -> Sequence[Episode]:
    """Affected people who agreed to no messages: somebody has to tell them."""
    from footbridge.ground.consent import reads as consents

    on = words.local(published.undone_at or published.at, published.draft.site).date()
    rows = published.affected.filter(episode__in=Episode.objects.filter(timetable_reads.still_coming(published.holds_from))).select_related("episode__client__person")
    return [one.episode for one in rows if one.episode is not None and consents.channel(one.episode.client, on) is None]


def beginning(at: datetime, site: Site) -> date:
    """The Monday after today, by the site's clock: a draft usually holds from then."""
    today = words.local(at, site).date()
    return today + timedelta(days=7 - today.weekday())
