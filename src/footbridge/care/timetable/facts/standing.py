"""What stands in a week, weekly plan and dated week alike: hours of groups, visits, and everything beside them that takes somebody's
time. From it the engine's groups, meetings, members and visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from footbridge.engines.timetabling import Group as EngineGroup
from footbridge.engines.timetabling import Meeting, Span, Timetable, Visit
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.caps import cap
from footbridge.ground.program.models import Group, Room, Site
from footbridge.ground.program.words import Mode

from .rows import OWN, key

IN_PERSON, VIDEO = Mode.IN_PERSON.value, Mode.VIDEO.value
ANYBODY = 99  # in hours that have begun nobody counts seats any more


@dataclass(frozen=True)
class Hour:
    """One hour of a group. `people` are those who are expected; `begun`: it has begun; `new`: a draft adds it."""

    group: Group
    span: Span
    leader: Staff | None
    room: Room | None
    mode: str
    seats: int
    people: frozenset[str]
    row: Any
    begun: bool = False
    new: bool = False


@dataclass(frozen=True)
class Seen:
    """One visit."""

    episode: str
    kind: str
    span: Span
    staff: Staff
    room: Room | None
    mode: str
    row: Any


@dataclass
class Standing:
    """`busy` are spans that the engine is not told the reason of, by ("staff" | "client" | "room", code). `outside` says in
    record numbers what those are."""

    site: Site
    on: date
    hours: list[Hour] = field(default_factory=list)
    visits: list[Seen] = field(default_factory=list)
    episodes: dict[str, Episode] = field(default_factory=dict)
    busy: dict[tuple[str, str], list[Span]] = field(default_factory=lambda: defaultdict(list))
    outside: list[str] = field(default_factory=list)
    unled: bool = False


@dataclass(frozen=True)
class Told:
    """The engine's view of what stands."""

    groups: tuple[EngineGroup, ...]
    week: Timetable
    rows: Mapping[str, Group]
    hours: Mapping[tuple[str, int], Any]
    visits: Mapping[tuple[str, str, int, int, str], Any]
    parts: Mapping[str, tuple[str, ...]]


def told(standing: Standing, lessons: Mapping[str, int], rooms: Iterable[Room]) -> Told:
    """Groups, meetings, members and visits. `lessons` are the coming lessons by group uid."""
    here = {str(r.uid) for r in rooms}
    groups: list[EngineGroup] = []
    meetings: list[Meeting] = []
    members: list[tuple[str, str]] = []
    rows: dict[str, Group] = {}
    at: dict[tuple[str, int], Any] = {}
    parts: dict[str, tuple[str, ...]] = {}
    by_group: dict[str, list[Hour]] = defaultdict(list)
    for hour in sorted(standing.hours, key=lambda h: (h.new, h.span, h.group.pk)):
        by_group[str(hour.group.uid)].append(hour)
    for uid, all_hours in by_group.items():
        codes = []
        for n, (parted, hours) in enumerate(_parts(all_hours, here)):
            code = f"{uid}~{n}" if n else uid
            codes.append(code)
            whole = frozenset.intersection(*(h.people for h in hours))
            for episode in sorted(frozenset.union(*(h.people for h in hours)) - whole):
                _partly(standing, episode, [h for h in hours if episode in h.people])
            beside = max(len(h.people - whole) for h in hours)
            groups.append(_group(code, standing, hours, parted, lessons.get(uid, 0) if len(all_hours) == 1 else 0, whole, beside))
            rows[code] = hours[0].group
            members += [(code, episode) for episode in whole]
            for number, hour in enumerate(hours):
                room = str(hour.room.uid) if hour.room and parted[1] else ""
                if hour.room and not room:
                    standing.busy["room", str(hour.room.uid)].append(hour.span)
                if hour.leader is not None:
                    meetings.append(Meeting(code, number, hour.span, str(hour.leader.uid), room))
                at[code, number] = hour.row
        parts[uid] = tuple(codes)
    week = Timetable.of(meetings, members, [])
    visits = _visits(standing, {g.code: g for g in groups}, week)
    week = _one_way_a_day(standing, groups, replace(week, visits=tuple(sorted(v for v, _row in visits))))
    kept = set(week.visits)
    return Told(tuple(groups), week, rows, at, {key(v): row for v, row in visits if v in kept}, parts)


Parted = tuple[str, str, int, bool]  # mode, kind of room, which hour of the day, begun


def _parts(hours: list[Hour], here: set[str]) -> list[tuple[Parted, list[Hour]]]:
    """What the engine can hold together: hours on different days, one way of meeting, one kind of room, begun or to come. What is to
    come is first, so that the group's own code names it."""
    nth: dict[tuple[int, bool], int] = defaultdict(int)
    out: dict[Parted, list[Hour]] = defaultdict(list)
    for hour in hours:
        kind = hour.room.kind if hour.room and str(hour.room.uid) in here else ""
        out[_mode(hour), kind, nth[hour.span.day, hour.begun], hour.begun].append(hour)
        nth[hour.span.day, hour.begun] += 1
    return sorted(out.items(), key=lambda part: (part[0][3], part[0][2], -len(part[1]), part[0]))


def _mode(hour: Hour) -> str:
    """In person or by video: the room decides for a hybrid group."""
    if hour.mode in (IN_PERSON, VIDEO):
        return hour.mode
    return VIDEO if hour.room is not None and hour.room.kind == "video" else IN_PERSON


def kind_of(group: Group) -> str:
    """The engine's name for a kind of group: a family group is not a family visit."""
    kind = group.type.kind or group.type.code
    return "family_group" if kind == "family" else kind


def _group(
    code: str, standing: Standing, hours: list[Hour], parted: Parted, lesson: int, whole: frozenset[str], beside: int
) -> EngineGroup:
    group, (mode, room, _nth, begun) = hours[0].group, parted
    limit = cap(group.type.kind, standing.site.state, standing.on)
    most = min([h.seats for h in hours] + ([limit.most] if limit and limit.most else [])) - beside
    least = max(group.least, (limit.least or 0) if limit else 0) - beside
    course = group.curriculum if lesson else None
    condition = "" if group.condition == "general" else group.condition
    # Hours that nobody leads may be held or not: the group keeps the others meanwhile.
    whole_week = tuple(h.span for h in hours)
    led = tuple(h.span if h.leader is not None else None for h in hours)
    patterns = (whole_week, led) if any(led) and led != whole_week else (whole_week,)
    return EngineGroup(
        code, str(standing.site.uid), kind_of(group), patterns, least=0 if begun else max(1, least),
        most=ANYBODY if begun else max(0, most), track=str(group.track.uid), condition=condition, mode=mode,
        topic="" if begun else group.type.code, language=group.language, open=group.open_entry and not begun, members=whole,
        room=room, counts=group.type.countable, curriculum=str(course.uid) if course else "", lesson=lesson, ordered=False,
    )  # fmt: skip


def _partly(standing: Standing, episode: str, hours: list[Hour]) -> None:
    """Somebody who comes to some hours of a part only: to the engine they are just busy then."""
    for hour in hours:
        standing.busy["client", episode].append(hour.span)
    standing.outside.append(f"{standing.episodes[episode].client.number}: {hours[0].group.name}")


def _visits(standing: Standing, groups: Mapping[str, EngineGroup], week: Timetable) -> list[tuple[Visit, Any]]:
    """One visit of a kind a day; the way of a visit follows the groups of its day."""
    out: list[tuple[Visit, Any]] = []
    days: set[tuple[str, str, int]] = set()
    for one in sorted(standing.visits, key=lambda v: (v.span, v.episode, v.kind)):
        staff = str(one.staff.uid)
        if (one.episode, one.kind, one.span.day) in days:
            standing.busy["client", one.episode].append(one.span)
            standing.busy["staff", staff].append(one.span)
            if one.room:
                standing.busy["room", str(one.room.uid)].append(one.span)
            standing.outside.append(f"{standing.episodes[one.episode].client.number}: {one.row}")
            continue
        days.add((one.episode, one.kind, one.span.day))
        mode = VIDEO if one.mode == VIDEO else IN_PERSON
        that_day = {
            groups[g].mode for g in week.groups_of.get(one.episode, ()) for m in week.meetings_of.get(g, ()) if m.span.day == one.span.day
        }
        if len(that_day) == 1:
            mode = next(iter(that_day))
        wanted = "office" if mode == IN_PERSON else "video"
        room = str(one.room.uid) if one.room and one.room.kind == wanted and one.room.site_id == standing.site.pk else own(one.staff, wanted)
        if one.room and not room.startswith(OWN):
            out.append((Visit(one.episode, one.kind, one.span, staff, room, mode), one.row))
            continue
        if one.room:
            standing.busy["room", str(one.room.uid)].append(one.span)
        out.append((Visit(one.episode, one.kind, one.span, staff, room, mode), one.row))
    return out


def own(staff: Staff, kind: str) -> str:
    return f"{OWN}{staff.uid}:{kind}"


def _one_way_a_day(standing: Standing, groups: list[EngineGroup], week: Timetable) -> Timetable:
    """Whoever comes in person and by video on one day: the rarer way is outside."""
    by_code = {g.code: g for g in groups}
    gone: set[tuple[str, str]] = set()
    dropped: set[Visit] = set()
    for episode in standing.episodes:
        ways: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for code in week.groups_of.get(episode, ()):
            for m in week.meetings_of.get(code, ()):
                ways[m.span.day][by_code[code].mode].append(code)
        for day, found in ways.items():
            if len(found) < 2:
                continue
            for code in min(found.values(), key=len):
                if (code, episode) not in gone:
                    gone.add((code, episode))
                    standing.busy["client", episode] += [m.span for m in week.meetings_of.get(code, ())]
                    standing.outside.append(f"{standing.episodes[episode].client.number}: {day}")
        for v in week.visits_of.get(episode, ()):
            left = {mode for mode, codes in ways.get(v.span.day, {}).items() if any((c, episode) not in gone for c in codes)}
            if left and v.mode not in left:
                dropped.add(v)
                standing.busy["client", episode].append(v.span)
                standing.busy["staff", v.staff].append(v.span)
    return Timetable.of(week.meetings, set(week.members) - gone, set(week.visits) - dropped)


def span(weekday: int, starts: time, ends: time) -> Span:
    return Span(weekday, starts.hour * 60 + starts.minute, ends.hour * 60 + ends.minute)
