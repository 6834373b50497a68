"""A week by hand's rules, without a solver: where the search starts, and the answer when there is no solver or no time.

`first_come` is what a front desk does with a list: the template stands, people come in order and take what is free.
`by_demand` puts each group where most people who need it can come. Both are allowed weeks, neither is proven good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from footbridge.engines.timetabling.facts import VISIT_KINDS, Client, Facts, Group, Meeting, Pattern, Span, Visit, Week
from footbridge.engines.timetabling.fit import Fit


def first_come(facts: Facts, fit: Fit | None = None) -> Week:
    """The template at its first possible times, then people in the order they stand in the facts."""
    desk = Desk(facts, fit or Fit(facts))
    for group in facts.groups:
        for pattern in group.patterns:
            if desk.hold(group, pattern):
                break
    for client in facts.clients:
        desk.serve(client)
    desk.close_thin_groups()
    return desk.week()


def by_demand(facts: Facts, fit: Fit | None = None) -> Week:
    """Groups with most meetings first, each where most people who still need it can come; those with the fewest other
    ways are taken first."""
    desk = Desk(facts, fit or Fit(facts))
    order = sorted(facts.groups, key=lambda g: (-len(g.patterns[0]), -facts.weight(f"needs.{g.kind}"), g.code))
    ways = _ways(facts, desk.fit)
    for group in order:
        if not desk.is_held(group.code):
            desk.hold_for_most(group, ways)
    for client in sorted(facts.clients, key=lambda c: (len(desk.fit.free_spans("client", c.code)), c.code)):
        desk.serve(client)
    desk.close_thin_groups()
    return desk.week()


def complete(facts: Facts, week: Week, fit: Fit | None = None, clients: Sequence[str] = ()) -> Week:
    """The week with what is missing added first fit for some people; nobody else changes."""
    desk = Desk(facts, fit or Fit(facts), week)
    for code in clients:
        desk.serve(facts.client[code])
    return desk.week()


def _ways(facts: Facts, fit: Fit) -> dict[tuple[str, str], int]:
    """For each client and kind, in how many patterns of groups they could be."""
    ways: Counter[tuple[str, str]] = Counter()
    for group in facts.groups:
        for client in facts.clients:
            if fit.joinable(client, group):
                possible = sum(1 for p in group.patterns if fit.free_for("client", client.code, p))
                ways[client.code, group.kind] += possible
    return ways


class Desk:
    """A week being filled, with everybody's diary beside it."""

    def __init__(self, facts: Facts, fit: Fit, week: Week | None = None) -> None:
        self.facts, self.fit = facts, fit
        self.meetings: dict[str, list[Meeting]] = {}
        self.members: dict[str, set[str]] = defaultdict(set)
        self.groups: dict[str, set[str]] = defaultdict(set)
        self.visits: list[Visit] = []
        self.diary: dict[tuple[str, str], list[Span]] = defaultdict(list)
        self.modes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        self.groups_led: Counter[tuple[str, int]] = Counter()
        self.seen: dict[str, set[str]] = defaultdict(set)
        start = facts.kept if week is None else week
        for meeting in start.meetings:
            self._meet(meeting)
        for group, client in start.members:
            self._join(client, group)
        for visit in start.visits:
            self._visit(visit)

    def week(self) -> Week:
        meetings = [m for held in self.meetings.values() for m in held]
        return Week.of(meetings, [(g, c) for g, people in self.members.items() for c in people], self.visits)

    # -- groups ----------------------------------------------------------------------------------------------------

    def is_held(self, group: str) -> bool:
        return group in self.meetings

    def hold(self, group: Group, pattern: Pattern, first: Sequence[str] = ()) -> bool:
        """Hold a group at these times with the first leader and room that can; False when nobody can. `first` are
        asked before the others."""
        if self.is_held(group.code):
            return True
        spans = [s for s in pattern if s is not None]
        able = self._leaders(group, pattern)
        able.sort(key=lambda s: s not in first)
        leader = next((s for s in able if self._can_lead(s, spans)), None)
        room = next((r for r in self.fit.rooms(group.code, pattern) if r == "" or self._open("room", r, spans)), None)
        if leader is None or room is None:
            return False
        for number, span in enumerate(pattern):
            if span is not None:
                self._meet(Meeting(group.code, number, span, leader, room))
        return True

    def rejoin(self, group: str, people: Sequence[str]) -> None:
        """Those who were in a group and still can."""
        for client in people:
            if len(self.members[group]) < self._seats(group) and self._may_join(
                self.facts.client[client], self.facts.group[group]
            ):
                self._join(client, group)

    def join(self, client: Client, group: Group) -> bool:
        """A seat in a group that is held, if there is one and they may have it."""
        able = len(self.members[group.code]) < self._seats(group.code) and self._may_join(client, group)
        if able:
            self._join(client.code, group.code)
        return able

    def see(self, client: Client, kind: str, span: Span, mode: str) -> bool:
        """A visit at that time with the first who can, the primary therapist before others."""
        if not self._client_can(client, [span]) or not self._mode_ok(client.code, span.day, mode):
            return False
        room = self._office(client.site, mode, span)
        for staff in self.fit.visitors(client.code, kind, mode) if room is not None else ():
            if self._can_see(staff, span) and (kind != "individual" or self._has_room_for(staff, client.code)):
                self._visit(Visit(client.code, kind, span, staff, room or "", mode))
                return True
        return False

    def seen_by(self, client: str, kind: str) -> int:
        """How many visits of a kind a client has."""
        return sum(1 for v in self.visits if v.client == client and v.kind == kind)

    def hold_for_most(self, group: Group, ways: dict[tuple[str, str], int]) -> None:
        best: tuple[int, Pattern, list[Client]] | None = None
        wanting = [c for c in self.facts.clients if self._wants(c, group)]
        for pattern in group.patterns:
            spans = [s for s in pattern if s is not None]
            coming = [c for c in wanting if self._can_come(c, group, spans)]
            size = min(len(coming), group.most)
            if size >= max(1, group.least) and (best is None or size > best[0]) and self._holdable(group, pattern):
                best = (size, pattern, coming)
        if best is None or not self.hold(group, best[1]):
            return
        seats = min([group.most, *(self.facts.room[m.room].seats for m in self.meetings[group.code] if m.room)])

        def turn(c: Client) -> tuple[bool, int, str]:
            return group.code not in c.groups, ways.get((c.code, group.kind), 0), c.code

        for client in sorted(best[2], key=turn):
            if len(self.members[group.code]) < seats and self._may_join(client, group):
                self._join(client.code, group.code)

    def _leaders(self, group: Group, pattern: Pattern) -> list[str]:
        """The least loaded first, unless the template names its leaders."""
        able = list(self.fit.leaders(group.code, pattern))
        if not group.leaders:
            able.sort(key=lambda s: (sum(x.minutes for x in self.diary["staff", s]), s))
        return able

    def _holdable(self, group: Group, pattern: Pattern) -> bool:
        spans = [s for s in pattern if s is not None]
        return any(self._can_lead(s, spans) for s in self.fit.leaders(group.code, pattern)) and any(
            r == "" or self._open("room", r, spans) for r in self.fit.rooms(group.code, pattern)
        )

    def close_thin_groups(self) -> None:
        """Groups with too few people are not held; their people look for another."""
        kept = {m.group for m in self.facts.kept.meetings}
        looking: set[str] = set()
        while thin := [g for g in self.meetings if g not in kept and self._is_thin(g)]:
            code = thin[0]
            for client in sorted(self.members[code]):
                looking |= {client}
                self._leave(client, code)
            for m in self.meetings.pop(code):
                self.diary["staff", m.leader].remove(m.span)
                self.groups_led[m.leader, m.span.day] -= 1
                if m.room:
                    self.diary["room", m.room].remove(m.span)
        for client in sorted(looking):
            self.serve(self.facts.client[client])

    def _is_thin(self, group: str) -> bool:
        return len(self.members[group]) < self.facts.group[group].least

    # -- people ----------------------------------------------------------------------------------------------------

    def serve(self, client: Client) -> None:
        """Everything a client still needs, the weightiest kind first."""
        facts = self.facts
        for need in sorted(client.needs, key=lambda n: -facts.weight(f"needs.{n.kind}")):
            if need.kind in VISIT_KINDS:
                self._serve_visits(client, need.kind, need.minutes, need.count)
            else:
                self._serve_groups(client, need.kind, need.count)
        for need in client.needs:
            if need.limit > need.count and self._minutes(client.code) < client.minutes_a_week:
                if need.kind in VISIT_KINDS:
                    self._serve_visits(client, need.kind, need.minutes, need.limit)
                else:
                    self._serve_groups(client, need.kind, need.limit)

    def _serve_groups(self, client: Client, kind: str, count: int) -> None:
        have = sum(1 for g in self.groups[client.code] if self.facts.group[g].kind == kind)
        held = [self.facts.group[g] for g in self.meetings if self.facts.group[g].kind == kind]
        held.sort(key=lambda g: (g.code not in client.groups, g.lesson, g.code))
        for group in held:
            if have >= count:
                return
            if len(self.members[group.code]) < self._seats(group.code) and self._may_join(client, group):
                self._join(client.code, group.code)
                have += 1

    def _serve_visits(self, client: Client, kind: str, minutes: int, count: int) -> None:
        have = self.seen_by(client.code, kind)
        while have < count:
            visit = self._first_visit(client, kind, minutes)
            if visit is None:
                return
            self._visit(visit)
            have += 1

    def _first_visit(self, client: Client, kind: str, minutes: int) -> Visit | None:
        days = {v.span.day for v in self.visits if v.client == client.code and v.kind == kind}
        spans = [s for s in self.fit.visit_spans(client.code, minutes) if s.day not in days]
        coming = {s.day for s in self.diary["client", client.code]}
        spans = [s for s in spans if self._client_can(client, [s])]
        spans.sort(key=lambda s: (s.day not in coming, s))
        for mode in sorted(client.modes):
            for staff in self.fit.visitors(client.code, kind, mode):
                if kind == "individual" and not self._has_room_for(staff, client.code):
                    continue
                for span in spans:
                    if self._mode_ok(client.code, span.day, mode) and self._can_see(staff, span):
                        room = self._office(client.site, mode, span)
                        if room is not None:
                            return Visit(client.code, kind, span, staff, room, mode)
        return None

    def _office(self, site: str, mode: str, span: Span) -> str | None:
        rooms = self.fit.offices(site, mode, span)
        if mode == "video" and not self.fit.offices(site, mode):
            return ""
        return next((r.code for r in rooms if self._open("room", r.code, [span])), None)

    def _wants(self, client: Client, group: Group) -> bool:
        need = next((n for n in client.needs if n.kind == group.kind), None)
        have = sum(1 for g in self.groups[client.code] if self.facts.group[g].kind == group.kind)
        return need is not None and have < need.count and self.fit.joinable(client, group)

    def _may_join(self, client: Client, group: Group) -> bool:
        if group.code in self.groups[client.code] or not self.fit.joinable(client, group):
            return False
        held = self.meetings[group.code]
        if any(m.leader in client.not_staff for m in held):
            return False
        return self._can_come(client, group, [m.span for m in held])

    def _can_come(self, client: Client, group: Group, spans: list[Span]) -> bool:
        if self.members[group.code] & self.facts.kept_apart.get(client.code, frozenset()):
            return False
        if not all(self.fit.free("client", client.code, s) for s in spans) or not self._client_can(client, spans):
            return False
        if not all(self._mode_ok(client.code, s.day, group.mode) for s in spans):
            return False
        return not group.lesson or self._lesson_ok(client, group, spans)

    def _lesson_ok(self, client: Client, group: Group, spans: list[Span]) -> bool:
        """In order: a lesson is taken only after the one before it, earlier in the week or before."""
        taken = [self.facts.group[g] for g in self.groups[client.code]]
        taken = [g for g in taken if g.curriculum == group.curriculum and g.lesson]
        if any(g.lesson == group.lesson for g in taken):
            return False
        if not group.ordered:
            return True
        following = dict(client.next_lesson).get(group.curriculum, 1) + len(taken)
        last = max((m.span for g in taken for m in self.meetings[g.code]), default=None)
        return group.lesson == following and (last is None or last < min(spans))

    def _client_can(self, client: Client, spans: list[Span]) -> bool:
        mine = self.diary["client", client.code]
        if any(s.overlaps(t) for s in spans for t in mine):
            return False
        if client.most_minutes_day is None:
            return True
        return all(sum(t.minutes for t in [*mine, *spans] if t.day == s.day) <= client.most_minutes_day for s in spans)

    def _mode_ok(self, client: str, day: int, mode: str) -> bool:
        return not any(n for m, n in self.modes[client, day].items() if m != mode)

    # -- staff and rooms -------------------------------------------------------------------------------------------

    def _open(self, what: str, code: str, spans: list[Span]) -> bool:
        return not any(s.overlaps(t) for s in spans for t in self.diary[what, code])

    def _can_see(self, staff: str, span: Span) -> bool:
        return self.fit.free("staff", staff, span) and self._within_load(staff, [span])

    def _can_lead(self, staff: str, spans: list[Span]) -> bool:
        most = self.facts.member[staff].most_groups_day
        if most is not None and any(self.groups_led[staff, s.day] >= most for s in spans):
            return False
        return self._within_load(staff, spans)

    def _within_load(self, staff: str, spans: list[Span]) -> bool:
        who, mine = self.facts.member[staff], self.diary["staff", staff]
        if not self._open("staff", staff, spans):
            return False
        total = sum(s.minutes for s in [*mine, *spans])
        if who.most_minutes_week is not None and total > who.most_minutes_week:
            return False
        most = who.most_minutes_day
        return most is None or all(sum(t.minutes for t in [*mine, *spans] if t.day == s.day) <= most for s in spans)

    def _has_room_for(self, staff: str, client: str) -> bool:
        most = self.facts.member[staff].caseload
        return most is None or client in self.seen[staff] or len(self.seen[staff]) < most

    def _seats(self, group: str) -> int:
        rooms = [self.facts.room[m.room].seats for m in self.meetings[group] if m.room]
        return min([self.facts.group[group].most, *rooms])

    def _minutes(self, client: str) -> int:
        return sum(s.minutes for s in self.diary["client", client])

    # -- writing ---------------------------------------------------------------------------------------------------

    def _meet(self, m: Meeting) -> None:
        self.meetings.setdefault(m.group, []).append(m)
        self.diary["staff", m.leader].append(m.span)
        self.groups_led[m.leader, m.span.day] += 1
        if m.room:
            self.diary["room", m.room].append(m.span)

    def _join(self, client: str, group: str) -> None:
        self.members[group].add(client)
        self.groups[client].add(group)
        for m in self.meetings.get(group, ()):
            self.diary["client", client].append(m.span)
            self.modes[client, m.span.day][self.facts.group[group].mode] += 1

    def _leave(self, client: str, code: str) -> None:
        group = self.facts.group[code]
        self.members[code].discard(client)
        self.groups[client].discard(code)
        for m in self.meetings[code]:
            self.diary["client", client].remove(m.span)
            self.modes[client, m.span.day][group.mode] -= 1
        if group.lesson and group.ordered:  # later lessons cannot be heard without this one
            taken = [self.facts.group[g] for g in self.groups[client]]
            for later in taken:
                if later.curriculum == group.curriculum and later.lesson > group.lesson:
                    self._leave(client, later.code)
                    break

    def _visit(self, v: Visit) -> None:
        self.visits.append(v)
        self.diary["client", v.client].append(v.span)
        self.diary["staff", v.staff].append(v.span)
        self.modes[v.client, v.span.day][v.mode] += 1
        if v.room:
            self.diary["room", v.room].append(v.span)
        if v.kind == "individual":
            self.seen[v.staff].add(v.client)
