"""Facts by which a week may stand as it stands.

People agree to things that no rule foresees: an hour outside those they named, a group of two, a colleague who leads what they usually do
not. Before the engine mends or adds something, what stands is taken as agreed, each time by the narrowest exception.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from footbridge.engines.timetabling import Client, Facts, Group, Need, Room, Span, Staff, Timetable


def allowed(facts: Facts, week: Timetable) -> Facts:
    """The same facts with the exceptions that the week lives by."""
    met = {pair for pair in facts.apart if any(len(pair & set(people)) > 1 for people in week.members_of.values())}
    return replace(
        facts,
        sites=tuple(replace(s, closed=s.closed - {m.span.day for m in week.meetings} - {v.span.day for v in week.visits}) for s in facts.sites),
        rooms=_rooms(facts, week),
        staff=_staff(facts, week),
        groups=tuple(_group(g, week) for g in facts.groups),
        clients=tuple(_client(c, facts, week) for c in facts.clients),
        apart=facts.apart - met,
    )  # fmt: skip


def _rooms(facts: Facts, week: Timetable) -> tuple[Room, ...]:
    used: dict[str, list[Span]] = defaultdict(list)
    people: Counter[str] = Counter()
    for m in week.meetings:
        used[m.room].append(m.span)
        people[m.room] = max(people[m.room], len(week.members_of.get(m.group, ())))
    for v in week.visits:
        used[v.room].append(v.span)
    return tuple(
        replace(r, seats=max(r.seats, people[r.code]), free=(*r.free, *used[r.code]) if r.free else ()) for r in facts.rooms
    )


def _staff(facts: Facts, week: Timetable) -> tuple[Staff, ...]:
    leads, sees = defaultdict(list), defaultdict(list)
    for m in week.meetings:
        leads[m.leader].append(m)
    for v in week.visits:
        sees[v.staff].append(v)
    out = []
    for s in facts.staff:
        groups = [facts.group[m.group] for m in leads[s.code]]
        spans = [m.span for m in leads[s.code]] + [v.span for v in sees[s.code]]
        minutes, hours = Counter[int](), Counter(m.span.day for m in leads[s.code])
        for span in spans:
            minutes[span.day] += span.minutes
        languages = {g.language for g in groups}
        languages |= {facts.client[v.client].languages[0] for v in sees[s.code] if s.languages.isdisjoint(facts.client[v.client].languages)}
        people = {v.client for v in sees[s.code] if v.kind == "individual"}
        needed = {"credentials": {next(iter(sorted(g.credentials))) for g in groups if g.credentials and not g.credentials & s.credentials}}
        out.append(
            replace(
                s, free=_wider(s.free, spans), leads=s.leads | {g.kind for g in groups}, visits=s.visits | {v.kind for v in sees[s.code]},
                conditions=s.conditions | {g.condition for g in groups if g.condition}, credentials=s.credentials | needed["credentials"],
                languages=s.languages | languages, modes=s.modes | {g.mode for g in groups} | {v.mode for v in sees[s.code]},
                most_minutes_week=_most(s.most_minutes_week, sum(minutes.values())),
                most_minutes_day=_most(s.most_minutes_day, max(minutes.values(), default=0)),
                most_groups_day=_most(s.most_groups_day, max(hours.values(), default=0)), caseload=_most(s.caseload, len(people)),
            )
        )  # fmt: skip
    return tuple(out)


def _group(group: Group, week: Timetable) -> Group:
    held = week.meetings_of.get(group.code, ())
    if not held:
        return group
    members = week.members_of.get(group.code, ())
    leaders = (*group.leaders, *(m.leader for m in held if m.leader not in group.leaders)) if group.leaders else ()
    return replace(
        group, least=min(group.least, len(members)), most=max(group.most, len(members)), leaders=leaders,
        members=group.members if group.open else group.members | set(members),
    )  # fmt: skip


def _client(client: Client, facts: Facts, week: Timetable) -> Client:
    groups = [facts.group[code] for code in week.groups_of.get(client.code, ()) if week.meetings_of.get(code)]
    visits = week.visits_of.get(client.code, ())
    minutes = Counter[int]()
    for span in week.hours_of(client.code):
        minutes[span.day] += span.minutes
    lessons = {(g.curriculum, g.lesson) for g in groups if g.curriculum and g.lesson}
    starts = {curriculum: min(n for c, n in lessons if c == curriculum) for curriculum, _n in lessons}
    return replace(
        client, free=_wider(client.free, week.hours_of(client.code)), needs=_needs(client, Counter(g.kind for g in groups), visits),
        conditions=tuple(dict.fromkeys((*client.conditions, *(g.condition for g in groups if g.condition)))),
        modes=client.modes | {g.mode for g in groups} | {v.mode for v in visits},
        languages=tuple(dict.fromkeys((*client.languages, *(g.language for g in groups)))),
        tracks=client.tracks | {g.track for g in groups if g.track} if client.tracks else frozenset(),
        heard=client.heard - lessons, next_lesson=tuple((dict(client.next_lesson) | starts).items()),
        most_minutes_day=_most(client.most_minutes_day, max(minutes.values(), default=0)),
        not_staff=client.not_staff - {m.leader for g in groups for m in week.meetings_of[g.code]} - {v.staff for v in visits},
    )  # fmt: skip


def _needs(client: Client, groups: Counter[str], visits: tuple[object, ...]) -> tuple[Need, ...]:
    """At least what they have."""
    seen: Counter[tuple[str, int]] = Counter((v.kind, v.span.minutes) for v in visits)  # type: ignore[attr-defined]
    out = []
    for need in client.needs:
        here = groups.pop(need.kind, 0) + seen.pop((need.kind, need.minutes), 0)
        out.append(replace(need, most=max(need.limit, here)) if here > need.limit else need)
    out += [Need(kind, count) for kind, count in sorted(groups.items())]
    return (*out, *(Need(kind, count, minutes) for (kind, minutes), count in sorted(seen.items())))


def _wider(free: tuple[Span, ...], spans: list[Span]) -> tuple[Span, ...]:
    """Free hours that also hold these; hours that do not are added as they are, touching nothing else."""
    missing = [s for s in spans if not any(s.within(f) for f in free)]
    return (*free, *dict.fromkeys(missing))


def _most(limit: int | None, here: int) -> int | None:
    return None if limit is None else max(limit, here)
