"""Facts and week from what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from footbridge.engines.timetabling import Facts, Span, Timetable
from footbridge.engines.timetabling import Group as EngineGroup
from footbridge.engines.timetabling import Site as EngineSite
from footbridge.ground.program import working
from footbridge.ground.program.models import Group, Room, Track

from . import people, staffing
from .rows import Found, Rows
from .standing import Standing, told

WEEKDAYS = range(5)
HOURLY = tuple(hour * 60 for hour in range(8, 20))  # where visits may begin, beside the hours that are used


def build(
    standing: Standing,
    tracks: Sequence[Track],
    template: Sequence[Group],
    *,
    monday: date | None = None,
    closed: frozenset[int] = frozenset(),
    over: tuple[Span, ...] = (),
    away: Mapping[str, list[Span]] | None = None,
    open_times: bool = False,
    heard: Mapping[str, Iterable[tuple[str, int]]],
    lessons: Mapping[str, int],
    name: str,
) -> Found:
    site = standing.site
    own_rooms = list(Room.objects.filter(site=site).order_by("pk"))
    seen = told(standing, lessons, own_rooms)
    groups, week = seen.groups, seen.week
    everybody = staffing.at_work(standing.on)
    known = {s.pk for s in everybody}
    for person in [h.leader for h in standing.hours if h.leader is not None] + [v.staff for v in standing.visits]:
        if person.pk not in known:  # they lead without a role that leads: what stands is known all the same
            known.add(person.pk)
            everybody.append(person)
    by_code = {str(s.uid): s for s in everybody}
    kinds, conditions = frozenset(g.kind for g in groups), frozenset(g.condition for g in groups if g.condition)
    staff = staffing.members(standing, everybody, working.weeks(everybody, standing.on), conditions, kinds)
    absent = away or {}
    begun = _begun(week, over)
    free = {s.code: staffing.less(s.free, [*standing.busy["staff", s.code], *absent.get(s.code, ()), *over]) for s in staff}
    staff = tuple(replace(s, free=(*free[s.code], *begun["staff", s.code])) for s in staff)
    rooms = tuple(
        replace(r, free=(*staffing.less(people.ALWAYS, [*standing.busy["room", r.code], *over]), *begun["room", r.code]))
        if over or standing.busy["room", r.code]
        else r
        for r in staffing.rooms(standing, own_rooms, staff, by_code)
    )
    found = people.clients(standing, week, groups, tracks, template, seen.parts, heard, dated=monday is not None)
    clients = tuple(
        replace(c, free=(*staffing.less(c.free, [*standing.busy["client", c.code], *over]), *begun["client", c.code])) for c in found
    )
    apart, together = people.pairs(standing.episodes)
    blocks = _blocks(groups)
    if open_times:
        groups = tuple(_opened(g, groups) for g in groups)
    starts = {b.start for b in blocks} | {v.span.start for v in week.visits} | set(HOURLY)
    days = sorted(set(WEEKDAYS) | {b.day for b in blocks} | {v.span.day for v in week.visits})
    facts = Facts(
        blocks=blocks, sites=(EngineSite(str(site.uid), closed),), rooms=rooms, staff=staff, groups=groups, clients=clients, apart=apart,
        together=together, visit_blocks=tuple(Span(day, start, min(24 * 60, start + 60)) for day in days for start in sorted(starts)), name=name,
    )  # fmt: skip
    rows = Rows(
        site, monday, by_code, {str(r.uid): r for r in own_rooms}, seen.rows, standing.episodes, seen.hours, seen.visits, seen.parts
    )
    return Found(facts, week, rows, tuple(standing.outside))


def _begun(week: Timetable, over: tuple[Span, ...]) -> Mapping[tuple[str, str], list[Span]]:
    """Hours that have begun: nobody is free in them but those who are in them."""
    out: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for m in week.meetings:
        if any(m.span.overlaps(o) for o in over):
            out["staff", m.leader].append(m.span)
            out["room", m.room].append(m.span)
            for client in week.members_of.get(m.group, ()):
                out["client", client].append(m.span)
    for v in week.visits:
        if any(v.span.overlaps(o) for o in over):
            out["staff", v.staff].append(v.span)
            out["room", v.room].append(v.span)
            out["client", v.client].append(v.span)
    return out


def _blocks(groups: Sequence[EngineGroup]) -> tuple[Span, ...]:
    """The grid: on each day the hours that groups meet on it, and those of other days that do not overlap them."""
    used = sorted({s for g in groups for p in g.patterns for s in p if s is not None})
    days = sorted(set(WEEKDAYS) | {s.day for s in used})
    out: list[Span] = []
    for day in days:
        mine: list[Span] = []
        for span in [s for s in used if s.day == day] + [Span(day, s.start, s.end) for s in used if s.day != day]:
            if not any(span.overlaps(other) for other in mine):
                mine.append(span)
        out += mine
    return tuple(sorted(out))


def _opened(group: EngineGroup, groups: Sequence[EngineGroup]) -> EngineGroup:
    """Other hours of the group's track at which it could meet: the same days an hour earlier or later, or, with one meeting, another day."""
    now = group.patterns[0]
    spans = [s for s in now if s is not None]
    track = [s for g in groups if g.track == group.track for p in g.patterns for s in p if s is not None]
    days = sorted({s.day for s in track})
    patterns = list(group.patterns)
    for start in sorted({s.start for s in track}):
        if len(spans) == 1:
            patterns += [(Span(day, start, start + spans[0].minutes),) for day in days]
        else:
            patterns.append(tuple(Span(s.day, start, start + s.minutes) for s in spans))
    last = max(s.end for s in track)
    return replace(group, patterns=tuple(dict.fromkeys(p for p in patterns if p in group.patterns or all(s is not None and s.end <= last for s in p))))
