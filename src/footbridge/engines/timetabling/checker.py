"""A second reading of the rules: is a week allowed?

Written apart from the model and from everything the model uses to decide who may be where, so that one mistake is not
made twice. It knows the facts and reads the week as a stranger would. Soft goals are not its matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from footbridge.engines.sentence import Sentence
from footbridge.engines.timetabling.facts import Facts, Span, Week


@dataclass(frozen=True, slots=True)
class Breach:
    """A hard rule that a week breaks. `rule` names it, `about` is a code."""

    rule: str
    about: str
    sentence: Sentence


def check(facts: Facts, week: Week) -> tuple[Breach, ...]:
    """Every hard rule the week breaks, empty when it may be published."""
    known = list(_unknown(facts, week))
    if known:
        return tuple(known)
    found: list[Breach] = []
    for reading in (
        _clashes,
        _travel,
        _hours,
        _groups,
        _leaders,
        _rooms,
        _membership,
        _lessons,
        _visits,
        _days,
        _loads,
        _kept,
    ):
        found.extend(reading(facts, week))
    return tuple(found)


def _breach(rule: str, about: str, **params: object) -> Breach:
    return Breach(rule, about, Sentence(f"breach.{rule}", {"about": about, **params}))


def _unknown(facts: Facts, week: Week) -> Iterator[Breach]:
    groups = {g.code for g in facts.groups}
    people = {c.code for c in facts.clients}
    staff = {s.code for s in facts.staff}
    rooms = {r.code for r in facts.rooms} | {""}
    for code, known in [
        *((m.group, groups) for m in week.meetings),
        *((m.leader, staff) for m in week.meetings),
        *((m.room, rooms) for m in week.meetings),
        *((g, groups) for g, _ in week.members),
        *((c, people) for _, c in week.members),
        *((v.client, people) for v in week.visits),
        *((v.staff, staff) for v in week.visits),
        *((v.room, rooms) for v in week.visits),
    ]:
        if code not in known:
            yield _breach("unknown", code)
    for pair, times in Counter(week.members).items():
        if times > 1:
            yield _breach("twice_member", pair[1], group=pair[0])


def _clashes(facts: Facts, week: Week) -> Iterator[Breach]:
    """Nobody and no room twice at once."""
    diary: dict[tuple[str, str], list[Span]] = defaultdict(list)
    in_group: dict[str, list[str]] = defaultdict(list)
    for group, client in week.members:
        in_group[group].append(client)
    person = {s.code: s.person or s.code for s in facts.staff}
    for m in week.meetings:
        diary["staff", person[m.leader]].append(m.span)
        if m.room:
            diary["room", m.room].append(m.span)
        for client in in_group[m.group]:
            diary["client", client].append(m.span)
    for v in week.visits:
        diary["staff", person[v.staff]].append(v.span)
        diary["client", v.client].append(v.span)
        if v.room:
            diary["room", v.room].append(v.span)
    for (what, code), spans in diary.items():
        for one, other in combinations(sorted(spans), 2):
            if one.day == other.day and other.start < one.end:
                yield _breach("twice_at_once", code, what=what, one=str(one), other=str(other))


def _travel(facts: Facts, week: Week) -> Iterator[Breach]:
    """Time to get from one site to the other between two services of one member of staff."""
    person = {s.code: s.person or s.code for s in facts.staff}
    site = {s.code: s.site for s in facts.staff}
    diary: dict[tuple[str, int], list[tuple[Span, str]]] = defaultdict(list)
    for who, span in [*((m.leader, m.span) for m in week.meetings), *((v.staff, v.span) for v in week.visits)]:
        diary[person[who], span.day].append((span, site[who]))
    for (who, _), day in diary.items():
        day.sort()
        for (one, here), (other, there) in pairwise(day):
            minutes = facts.travel.get(frozenset({here, there}), 0) if here != there else 0
            if one.end + minutes > other.start >= one.end:
                yield _breach("travel", who, one=str(one), other=str(other), minutes=minutes)


def _lies_in(span: Span, free: tuple[Span, ...]) -> bool:
    """Every minute of the span is in one of the free spans."""
    at = span.start
    while at < span.end:
        reach = [f.end for f in free if f.day == span.day and f.start <= at < f.end]
        if not reach:
            return False
        at = max(reach)
    return True


def _hours(facts: Facts, week: Week) -> Iterator[Breach]:
    """Only within everybody's hours, and never on a closed day."""
    clients = {c.code: c for c in facts.clients}
    staff = {s.code: s for s in facts.staff}
    rooms = {r.code: r for r in facts.rooms}
    groups = {g.code: g for g in facts.groups}
    closed = {s.code: s.closed for s in facts.sites}
    times = [(m.span, m.leader, m.room, groups[m.group].site) for m in week.meetings]
    times += [(v.span, v.staff, v.room, clients[v.client].site) for v in week.visits]
    for span, who, room, site in times:
        if span.day in closed.get(site, frozenset()):
            yield _breach("closed_day", site, at=str(span))
        if not _lies_in(span, staff[who].free):
            yield _breach("staff_hours", who, at=str(span))
        if room and rooms[room].free and not _lies_in(span, rooms[room].free):
            yield _breach("room_hours", room, at=str(span))
    for group, client in week.members:
        for m in week.meetings:
            if m.group == group and not _lies_in(m.span, clients[client].free):
                yield _breach("client_hours", client, at=str(m.span))
    for v in week.visits:
        if not _lies_in(v.span, clients[v.client].free):
            yield _breach("client_hours", v.client, at=str(v.span))


def _groups(facts: Facts, week: Week) -> Iterator[Breach]:
    """A group meets as one of its patterns says, with no fewer and no more people than allowed."""
    held: dict[str, dict[int, Span]] = defaultdict(dict)
    for m in week.meetings:
        if m.number in held[m.group]:
            yield _breach("meeting_twice", m.group, number=m.number + 1)
        held[m.group][m.number] = m.span
    people = Counter(group for group, _ in week.members)
    for group in facts.groups:
        times = held.get(group.code)
        if not times:
            if people[group.code]:
                yield _breach("not_held", group.code, people=people[group.code])
            continue
        as_pattern = [{n: s for n, s in enumerate(p) if s is not None} for p in group.patterns]
        if times not in as_pattern:
            yield _breach("pattern", group.code)
        if len({s.day for s in times.values()}) < len(times):
            yield _breach("bundle_days", group.code)
        if people[group.code] < group.least:
            yield _breach("too_few", group.code, people=people[group.code], least=group.least)
        if people[group.code] > group.most:
            yield _breach("too_many", group.code, people=people[group.code], most=group.most)


def _leaders(facts: Facts, week: Week) -> Iterator[Breach]:
    staff = {s.code: s for s in facts.staff}
    groups = {g.code: g for g in facts.groups}
    for m in week.meetings:
        who, group = staff[m.leader], groups[m.group]
        may = [
            who.site == group.site,
            group.kind in who.leads,
            group.condition == "" or group.condition in who.conditions,
            not group.credentials or not group.credentials.isdisjoint(who.credentials),
            group.language in who.languages,
            group.mode in who.modes,
            not group.leaders or who.code in group.leaders,
        ]
        if not all(may):
            yield _breach("not_qualified", m.leader, group=m.group)


def _rooms(facts: Facts, week: Week) -> Iterator[Breach]:
    rooms = {r.code: r for r in facts.rooms}
    groups = {g.code: g for g in facts.groups}
    clients = {c.code: c for c in facts.clients}
    people = Counter(group for group, _ in week.members)
    for m in week.meetings:
        group = groups[m.group]
        if not m.room:
            if group.room:
                yield _breach("no_room", m.group)
            continue
        room = rooms[m.room]
        if room.kind != group.room or room.site != group.site or not group.equipment.issubset(room.equipment):
            yield _breach("wrong_room", m.room, group=m.group)
        if people[m.group] > room.seats:
            yield _breach("room_too_small", m.room, group=m.group, people=people[m.group], seats=room.seats)
    has_video = {r.site for r in facts.rooms if r.kind == "video"}
    for v in week.visits:
        site = clients[v.client].site
        wanted = "office" if v.mode == "in_person" else "video"
        if v.room:
            if rooms[v.room].kind != wanted or rooms[v.room].site != site:
                yield _breach("wrong_room", v.room, client=v.client)
        elif wanted == "office" or site in has_video:
            yield _breach("no_room", v.client)


def _membership(facts: Facts, week: Week) -> Iterator[Breach]:
    """Who may attend which group, and with whom."""
    clients = {c.code: c for c in facts.clients}
    groups = {g.code: g for g in facts.groups}
    leads: dict[str, set[str]] = defaultdict(set)
    for m in week.meetings:
        leads[m.group].add(m.leader)
    kinds: Counter[tuple[str, str]] = Counter()
    for code, who in week.members:
        group, client = groups[code], clients[who]
        kinds[who, group.kind] += 1
        if group.site != client.site or (client.tracks and group.track and group.track not in client.tracks):
            yield _breach("other_track", who, group=code)
        if group.condition and group.condition not in client.conditions:
            yield _breach("other_condition", who, group=code)
        if group.mode not in client.modes:
            yield _breach("other_mode", who, group=code)
        if group.language not in client.languages:
            yield _breach("other_language", who, group=code)
        if not group.open and who not in group.members:
            yield _breach("closed_group", who, group=code)
        if leads[code] & client.not_staff:
            yield _breach("must_not_meet", who, other=min(leads[code] & client.not_staff))
    for (who, kind), count in kinds.items():
        allowed = sum(n.count if n.most is None else max(n.most, n.count) for n in clients[who].needs if n.kind == kind)
        if count > allowed:
            yield _breach("too_many_groups", who, kind=kind, most=allowed)
    together = defaultdict(set)
    for code, who in week.members:
        together[code].add(who)
    for pair in facts.apart:
        for code, people in together.items():
            if len(pair & people) > 1:
                yield _breach("must_not_meet", min(pair), other=max(pair), group=code)


def _lessons(facts: Facts, week: Week) -> Iterator[Breach]:
    """Lessons in order, and none twice."""
    clients = {c.code: c for c in facts.clients}
    groups = {g.code: g for g in facts.groups}
    first: dict[str, Span] = {}
    for m in sorted(week.meetings, key=lambda m: m.span):
        first.setdefault(m.group, m.span)
    course: dict[tuple[str, str], list[tuple[Span, int, bool]]] = defaultdict(list)
    for code, who in week.members:
        group = groups[code]
        if group.curriculum and group.lesson and code in first:
            course[who, group.curriculum].append((first[code], group.lesson, group.ordered))
    for (who, curriculum), heard in course.items():
        lessons = [lesson for _, lesson, _ in sorted(heard)]
        if len(set(lessons)) < len(lessons):
            yield _breach("lesson_twice", who, curriculum=curriculum)
        if any(ordered for _, _, ordered in heard):
            start = next((n for code, n in clients[who].next_lesson if code == curriculum), 1)
            if lessons != list(range(start, start + len(lessons))):
                yield _breach("lesson_order", who, curriculum=curriculum)
        elif any((curriculum, lesson) in clients[who].heard for lesson in lessons):
            yield _breach("lesson_twice", who, curriculum=curriculum)


def _visits(facts: Facts, week: Week) -> Iterator[Breach]:
    clients = {c.code: c for c in facts.clients}
    staff = {s.code: s for s in facts.staff}
    seen: Counter[tuple[str, str]] = Counter()
    days: Counter[tuple[str, str, int]] = Counter()
    for v in week.visits:
        client, who = clients[v.client], staff[v.staff]
        wanted = [n for n in client.needs if n.kind == v.kind]
        seen[v.client, v.kind] += 1
        days[v.client, v.kind, v.span.day] += 1
        if not wanted or seen[v.client, v.kind] > sum(n.limit for n in wanted):
            yield _breach("visit_not_asked", v.client, kind=v.kind)
        elif all(n.minutes != v.span.end - v.span.start for n in wanted):
            yield _breach("visit_length", v.client, kind=v.kind)
        if v.kind not in who.visits or who.site != client.site or v.mode not in who.modes:
            yield _breach("not_qualified", v.staff, client=v.client)
        if who.languages.isdisjoint(client.languages):
            yield _breach("other_language", v.client, staff=v.staff)
        if v.staff in client.not_staff:
            yield _breach("must_not_meet", v.client, other=v.staff)
        if v.mode not in client.modes:
            yield _breach("other_mode", v.client, staff=v.staff)
    for (client_code, kind, _), times in days.items():
        if times > 1:
            yield _breach("visit_twice_a_day", client_code, kind=kind)


def _days(facts: Facts, week: Week) -> Iterator[Breach]:
    """A client's day: not too long, and not half here and half on a screen."""
    modes: dict[tuple[str, int], set[str]] = defaultdict(set)
    minutes: Counter[tuple[str, int]] = Counter()
    how = {g.code: g.mode for g in facts.groups}
    in_group = defaultdict(list)
    for group, client in week.members:
        in_group[group].append(client)
    for m in week.meetings:
        for client in in_group[m.group]:
            modes[client, m.span.day].add(how[m.group])
            minutes[client, m.span.day] += m.span.end - m.span.start
    for v in week.visits:
        modes[v.client, v.span.day].add(v.mode)
        minutes[v.client, v.span.day] += v.span.end - v.span.start
    for (client, day), found in modes.items():
        if len(found) > 1:
            yield _breach("mixed_modes", client, weekday=day)
    for c in facts.clients:
        for day in range(7):
            if c.most_minutes_day is not None and minutes[c.code, day] > c.most_minutes_day:
                yield _breach("long_day", c.code, weekday=day, most=c.most_minutes_day)


def _loads(facts: Facts, week: Week) -> Iterator[Breach]:
    """Staff: hours a week and a day, groups a day, caseload."""
    minutes: Counter[tuple[str, int]] = Counter()
    groups: Counter[tuple[str, int]] = Counter()
    people: dict[str, set[str]] = defaultdict(set)
    for m in week.meetings:
        minutes[m.leader, m.span.day] += m.span.end - m.span.start
        groups[m.leader, m.span.day] += 1
    for v in week.visits:
        minutes[v.staff, v.span.day] += v.span.end - v.span.start
        if v.kind == "individual":
            people[v.staff].add(v.client)
    for s in facts.staff:
        if s.caseload is not None and len(people[s.code]) > s.caseload:
            yield _breach("caseload", s.code, people=len(people[s.code]), most=s.caseload)
        if s.most_minutes_week is not None:
            total = sum(minutes[s.code, day] for day in range(7))
            if total > s.most_minutes_week:
                yield _breach("long_week", s.code, minutes=total, most=s.most_minutes_week)
        for day in range(7):
            if s.most_minutes_day is not None and minutes[s.code, day] > s.most_minutes_day:
                yield _breach("long_day", s.code, weekday=day, most=s.most_minutes_day)
            if s.most_groups_day is not None and groups[s.code, day] > s.most_groups_day:
                yield _breach("groups_a_day", s.code, weekday=day, most=s.most_groups_day)


def _kept(facts: Facts, week: Week) -> Iterator[Breach]:
    """What was promised stays."""
    for meeting in set(facts.kept.meetings) - set(week.meetings):
        yield _breach("kept", meeting.group)
    for group, client in set(facts.kept.members) - set(week.members):
        yield _breach("kept", client, group=group)
    for visit in set(facts.kept.visits) - set(week.visits):
        yield _breach("kept", visit.client)
