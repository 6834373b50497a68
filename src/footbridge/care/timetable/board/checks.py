"""What stands against a week: every clash and every warning, as values that can be compared and then said in words.

Hard ones cannot be saved; soft ones may be, and their price is shown. Two weeks are compared by their conflicts: what a move brings
about is what is there after it and was not before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from itertools import combinations

from footbridge.engines import hours
from footbridge.engines.timetabling.facts import WEIGHTS

from .plan import Meets, Sees, Week, minutes_of, overlap

Span = tuple[int, time, time]


@dataclass(frozen=True)
class GroupIs:
    name: str
    track: int
    least: int
    most: int
    cap: int | None = None  # the law's, where it is known for this place and kind
    cap_source: str = ""
    mode: str = "in_person"
    counts: bool = True
    kind: str = ""
    condition: str = ""
    begun: bool = False  # a closed group that has begun takes nobody new

    @property
    def limit(self) -> int:
        return min(self.most, self.cap) if self.cap is not None else self.most


@dataclass(frozen=True)
class StaffIs:
    name: str
    leads: bool = True
    visits: frozenset[str] = frozenset()
    away: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True)
class RoomIs:
    name: str
    kind: str
    seats: int
    here: bool = True


@dataclass(frozen=True)
class PersonIs:
    free: tuple[Span, ...] = ()  # empty: nobody asked
    mode: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """An hour that somebody or some room has outside this week: in another program or at another site."""

    weekday: int
    starts: time
    ends: time
    what: str
    other_site: bool = False


@dataclass(frozen=True)
class World:
    """Everything the checks need to know besides the week itself."""

    groups: Mapping[int, GroupIs]
    staff: Mapping[int, StaffIs]
    rooms: Mapping[int, RoomIs]
    people: Mapping[int, PersonIs] = field(default_factory=dict)
    staff_elsewhere: Mapping[int, Sequence[Elsewhere]] = field(default_factory=dict)
    rooms_elsewhere: Mapping[int, Sequence[Elsewhere]] = field(default_factory=dict)
    people_elsewhere: Mapping[int, Sequence[Elsewhere]] = field(default_factory=dict)
    closed: Mapping[int, Sequence[tuple[date, str]]] = field(default_factory=dict)  # by weekday, in the weeks ahead
    rule: hours.HoursRule | None = None
    travel_minutes: int = 45
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS)
    apart: frozenset[frozenset[int]] = frozenset()  # episodes that must not meet; why is nobody's matter here


@dataclass(frozen=True)
class Conflict:
    """`code` says what, `about` makes it this one and no other. `meetings`, `people`, `staff` and `rooms` are whom it concerns."""

    code: str
    about: tuple[object, ...]
    hard: bool = False
    goal: str = ""
    times: int = 0
    price: int = 0
    meetings: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    staff: int | None = None
    room: int | None = None
    params: tuple[tuple[str, object], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        return (self.code, *self.about)

    @property
    def level(self) -> str:
        return self.goal.partition(".")[0]

    def param(self, name: str) -> object:
        return dict(self.params).get(name, "")


def conflicts(world: World, week: Week) -> list[Conflict]:
    """Everything that stands against this week, hard ones first."""
    found: list[Conflict] = []
    for reading in (_twice, _elsewhere, _leaders, _groups, _visits, _people, _apart, _closed):
        found.extend(reading(world, week))
    priced = [replace(c, price=world.weights.get(c.goal, WEIGHTS.get(c.goal, 1)) * c.times) if c.goal else c for c in found]
    return sorted(priced, key=lambda c: (not c.hard, c.code, str(c.about)))


def news(before: Iterable[Conflict], after: Iterable[Conflict]) -> list[Conflict]:
    """What is new, or worse than it was."""
    was = {c.key: c for c in before}
    return [c for c in after if (known := was.get(c.key)) is None or c.times > known.times or (c.hard and not known.hard)]


def _said(**params: object) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(params.items()))


# ------------------------------------------------------------------ nobody and no room twice at once


def _twice(world: World, week: Week) -> Iterator[Conflict]:
    staff: dict[int, list[Meets | Sees]] = defaultdict(list)
    rooms: dict[int, list[Meets | Sees]] = defaultdict(list)
    groups: dict[int, list[Meets | Sees]] = defaultdict(list)
    for hour in week.hours():
        if isinstance(hour, Meets):
            groups[hour.group].append(hour)
        if hour.who is not None:
            staff[hour.who].append(hour)
        if hour.room is not None:
            rooms[hour.room].append(hour)
    for code, diary in (("staff_twice", staff), ("room_twice", rooms)):
        for whose, taken in diary.items():
            for one, other in _pairs(taken):
                yield Conflict(
                    code, (whose, *sorted((_name(one), _name(other)))), hard=True, meetings=_meetings(one, other), people=_episodes(one, other),
                    staff=whose if code == "staff_twice" else None, room=whose if code == "room_twice" else None,
                    params=_said(one=one, other=other),
                )  # fmt: skip
    for group, held in groups.items():
        for one, other in _pairs(held):
            yield Conflict(
                "group_twice", (group, *sorted((_name(one), _name(other)))), hard=True, meetings=_meetings(one, other),
                params=_said(group=group, one=one, other=other),
            )  # fmt: skip
    diaries = _diaries(week)
    for episode, taken in diaries.items():
        for one, other in _pairs(taken):
            yield Conflict(
                "person_twice", (episode, *sorted((_name(one), _name(other)))), hard=True, meetings=_meetings(one, other),
                people=frozenset({episode}), params=_said(one=one, other=other),
            )  # fmt: skip


def _diaries(week: Week) -> dict[int, list[Meets | Sees]]:
    """Everybody's own hours."""
    of_group: dict[int, list[Meets]] = defaultdict(list)
    for meets in week.held():
        of_group[meets.group].append(meets)
    found: dict[int, list[Meets | Sees]] = defaultdict(list)
    for episode, group in sorted(week.places):
        found[episode].extend(of_group[group])
    for sees in week.visits.values():
        found[sees.episode].append(sees)
    return found


def _pairs(taken: Sequence[Meets | Sees]) -> Iterator[tuple[Meets | Sees, Meets | Sees]]:
    for one, other in combinations(sorted(taken, key=lambda h: (h.weekday, h.starts, _name(h))), 2):
        # Two visits every other week may share an hour; whether their weeks meet, the dated sessions say.
        rare = isinstance(one, Sees) and isinstance(other, Sees) and min(one.every_weeks, other.every_weeks) > 1
        if overlap(one, other) and not rare:
            yield one, other


def _name(hour: Meets | Sees) -> str:
    return f"m{hour.meeting}" if isinstance(hour, Meets) else f"v{hour.key}"


def _meetings(*several: Meets | Sees) -> frozenset[int]:
    return frozenset(h.meeting for h in several if isinstance(h, Meets))


def _episodes(*several: Meets | Sees) -> frozenset[int]:
    return frozenset(h.episode for h in several if isinstance(h, Sees))


def _elsewhere(world: World, week: Week) -> Iterator[Conflict]:
    """The hours that staff, rooms and people have outside this week, and the way between two sites."""
    for hour in week.hours():
        who = hour.who
        for other in world.staff_elsewhere.get(who or 0, ()):
            if other.weekday != hour.weekday:
                continue
            common = {"meetings": _meetings(hour), "people": _episodes(hour), "staff": who, "params": _said(one=hour, other=other)}
            if other.starts < hour.ends and hour.starts < other.ends:
                yield Conflict("staff_elsewhere", (who, _name(hour), other), hard=True, **common)  # type: ignore[arg-type]
            elif other.other_site and hour.mode != "video" and _between(hour, other) < world.travel_minutes:
                yield Conflict("travel", (who, _name(hour), other), **common)  # type: ignore[arg-type]
        for other in world.rooms_elsewhere.get(hour.room or 0, ()):
            if other.weekday == hour.weekday and other.starts < hour.ends and hour.starts < other.ends:
                yield Conflict(
                    "room_elsewhere", (hour.room, _name(hour), other), hard=True, meetings=_meetings(hour), people=_episodes(hour),
                    room=hour.room, params=_said(one=hour, other=other),
                )  # fmt: skip
    for episode, taken in _diaries(week).items():
        for other in world.people_elsewhere.get(episode, ()):
            for hour in taken:
                if other.weekday == hour.weekday and other.starts < hour.ends and hour.starts < other.ends:
                    yield Conflict(
                        "person_elsewhere", (episode, _name(hour), other), hard=True, meetings=_meetings(hour),
                        people=frozenset({episode}), params=_said(one=hour, other=other),
                    )  # fmt: skip


def _between(hour: Meets | Sees, other: Elsewhere) -> int:
    if other.starts >= hour.ends:
        return minutes_of(other.starts) - minutes_of(hour.ends)
    return minutes_of(hour.starts) - minutes_of(other.ends)


# ------------------------------------------------------------------ groups, leaders, rooms


def _leaders(world: World, week: Week) -> Iterator[Conflict]:
    for meets in week.held():
        here = frozenset({meets.meeting})
        if meets.leader is None:
            yield Conflict("nobody_leads", (meets.meeting,), goal="needs.cut", times=1, meetings=here, params=_said(one=meets))
        else:
            leader = world.staff.get(meets.leader)
            if leader is None or not leader.leads:
                yield Conflict(
                    "may_not_lead", (meets.meeting, meets.leader), hard=True, meetings=here, staff=meets.leader, params=_said(one=meets)
                )
        if meets.room is None:
            if meets.mode == "in_person":
                yield Conflict("no_room", (meets.meeting,), meetings=here, params=_said(one=meets))
            continue
        room = world.rooms.get(meets.room)
        if room is None or not room.here:
            yield Conflict("room_at_another_site", (meets.meeting, meets.room), hard=True, meetings=here, room=meets.room, params=_said(one=meets))


def _groups(world: World, week: Week) -> Iterator[Conflict]:
    members = week.members()
    held: dict[int, list[Meets]] = defaultdict(list)
    for meets in week.held():
        held[meets.group].append(meets)
    for code, meetings in held.items():
        group, people = world.groups.get(code), len(members.get(code, ()))
        if group is None:
            continue
        here = frozenset(m.meeting for m in meetings)
        if people > group.limit:
            law = group.cap is not None and group.cap < group.most
            yield Conflict(
                "over_cap" if law else "over_most", (code,), hard=True, times=people - group.limit, meetings=here,
                params=_said(group=code, people=people, most=group.limit, source=group.cap_source if law else ""),
            )  # fmt: skip
        elif people < group.least:
            yield Conflict(
                "below_least", (code,), goal="economy.thin", times=group.least - people, meetings=here,
                params=_said(group=code, people=people, least=group.least),
            )  # fmt: skip
        for meets in meetings:
            room = world.rooms.get(meets.room or 0)
            if room is not None and meets.mode != "video" and people > room.seats:
                yield Conflict(
                    "room_small", (meets.meeting, meets.room), hard=True, times=people - room.seats, meetings=frozenset({meets.meeting}),
                    room=meets.room, params=_said(one=meets, people=people, seats=room.seats),
                )  # fmt: skip
    for code, members_here in members.items():
        if code in world.groups and code not in held:
            yield Conflict(
                "not_held", (code,), goal="needs.cut", times=len(members_here), people=frozenset(members_here),
                params=_said(group=code, people=len(members_here)),
            )  # fmt: skip


def joining(world: World, joined: Iterable[tuple[int, int]]) -> Iterator[Conflict]:
    """A closed group that has begun takes nobody new."""
    for episode, code in sorted(joined):
        if code in world.groups and world.groups[code].begun:
            yield Conflict("closed_group", (code, episode), hard=True, people=frozenset({episode}), params=_said(group=code))


def _visits(world: World, week: Week) -> Iterator[Conflict]:
    for sees in week.visits.values():
        staff = world.staff.get(sees.staff)
        about, people = (str(sees.key), sees.staff), frozenset({sees.episode})
        if staff is None or sees.kind not in staff.visits:
            yield Conflict("may_not_visit", about, hard=True, people=people, staff=sees.staff, params=_said(one=sees))
        room = world.rooms.get(sees.room or 0)
        if sees.room is not None and (room is None or not room.here):
            yield Conflict("room_at_another_site", (str(sees.key), sees.room), hard=True, people=people, room=sees.room, params=_said(one=sees))


# ------------------------------------------------------------------ people


def _people(world: World, week: Week) -> Iterator[Conflict]:
    verdicts: dict[object, hours.HoursVerdict] = {}
    for episode, diary in _diaries(week).items():
        person = world.people.get(episode)
        mine = frozenset({episode})
        modes: dict[int, set[str]] = defaultdict(set)
        for hour in diary:
            modes[hour.weekday].add("video" if hour.mode == "video" else "in_person")
            if person is None:
                continue
            if person.free and not _within((hour.weekday, hour.starts, hour.ends), person.free):
                yield Conflict(
                    "outside_free_hours", (episode, _name(hour), hour.weekday, hour.starts), meetings=_meetings(hour), people=mine,
                    params=_said(one=hour),
                )  # fmt: skip
            if person.mode in ("in_person", "video") and hour.mode in ("in_person", "video") and hour.mode != person.mode:
                yield Conflict("other_mode", (episode, _name(hour), hour.mode), meetings=_meetings(hour), people=mine, params=_said(one=hour))
        for weekday, ways in modes.items():
            if len(ways) > 1:
                yield Conflict("mixed_modes", (episode, weekday), people=mine, params=_said(weekday=weekday))
        if world.rule is not None:
            yield from _hours(world, episode, diary, world.rule, verdicts)


def _hours(
    world: World, episode: int, diary: Sequence[Meets | Sees], rule: hours.HoursRule, verdicts: dict[object, hours.HoursVerdict]
) -> Iterator[Conflict]:
    """Below what the payer's rule asks. People with the same week are counted once."""
    shape = tuple(sorted({(h.weekday, h.starts, h.ends, _counts(world, h)) for h in diary if _every_week(h)}))
    if shape not in verdicts:
        services = [hours.Service(d, s, e, "group", title="", counts=c) for d, s, e, c in shape]
        counted = hours.count_week(services)
        verdicts[shape] = hours.check(counted, replace(rule, basis=counted.basis))
    for check in verdicts[shape].unmet:
        goal, times = "needs.hours", 1
        match check.code:
            case "week_min":
                goal, times = "needs.hours", -(-check.short_by // 50)
            case "min_days":
                goal, times = "needs.days", check.short_by
            case "day_min":
                goal = "needs.short_day"
            case "max_days_off":
                goal = "needs.days_off"
        yield Conflict(
            "short", (episode, check.code, check.weekday), goal=goal, times=max(1, times), people=frozenset({episode}), params=_said(check=check)
        )


def scheduled(world: World, week: Week, episode: int) -> hours.HoursVerdict | None:
    """What the rule says of one person's week, if they come to all of it."""
    if world.rule is None:
        return None
    services = [
        hours.Service(h.weekday, h.starts, h.ends, "group", title="", counts=_counts(world, h))
        for h in _diaries(week).get(episode, ())
        if _every_week(h)
    ]
    counted = hours.count_week(services)
    return hours.check(counted, replace(world.rule, basis=counted.basis))


def _counts(world: World, hour: Meets | Sees) -> bool:
    if isinstance(hour, Sees):
        return True
    group = world.groups.get(hour.group)
    return group.counts if group else True


def _every_week(hour: Meets | Sees) -> bool:
    return isinstance(hour, Meets) or hour.every_weeks == 1


def _within(asked: Span, free: Sequence[Span]) -> bool:
    day, starts, ends = asked
    return any(day == d and f <= starts and ends <= t for d, f, t in free)


def _apart(world: World, week: Week) -> Iterator[Conflict]:
    """Two who must not meet share a group. The reason is never among the facts."""
    for code, members in week.members().items():
        for pair in world.apart:
            if pair <= members:
                yield Conflict("must_not_meet", (code, *sorted(pair)), hard=True, people=pair, params=_said(group=code))


def _closed(world: World, week: Week) -> Iterator[Conflict]:
    for meets in week.held():
        for on, reason in world.closed.get(meets.weekday, ()):
            yield Conflict("closed_day", (meets.meeting, on), meetings=frozenset({meets.meeting}), params=_said(one=meets, on=on, reason=reason))
        leader = world.staff.get(meets.leader or 0)
        for first, last in leader.away if leader else ():
            yield Conflict(
                "away", (meets.meeting, meets.leader, first), meetings=frozenset({meets.meeting}), staff=meets.leader,
                params=_said(one=meets, first=first, last=last),
            )  # fmt: skip
