"""The outline of a week: how many groups of a sort at which times, who comes to them, when people are seen.

Groups that differ in nothing but their name are one sort, a visit has a time but nobody yet to hold it, and rooms are
counted. Whatever a real week can give, its outline can give, so the best outline is a bound for every week; and as it
leaves out only what seldom binds, a good outline is nearly a good week (`outlining` makes one of it).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from footbridge.engines.timetabling.facts import Client, Facts, Need, Pattern, Span, Visit, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.model.people import People
from footbridge.engines.timetabling.model.scope import cliques, everything, solve_until


@dataclass(frozen=True)
class Outlined:
    """An outline found. `held`: sort, pattern and who leads each of the groups there; `coming`: who attends which
    sort at which pattern; `seen`: visits without staff and room; `patterns`: the times of each pattern held."""

    needs: int
    bound: int
    held: tuple[tuple[str, int, tuple[str, ...]], ...]
    coming: Mapping[tuple[str, int], tuple[str, ...]]
    seen: tuple[Visit, ...]
    patterns: Mapping[tuple[str, int], Pattern]


class Outline(People):
    """The model of an outline. `copies` says how many groups of a sort there are."""

    def __init__(self, facts: Facts, fit: Fit, copies: Mapping[str, int]) -> None:
        super().__init__(facts, fit, Week(), everything(facts), order=("needs",))
        self.copies = copies
        self.found = False
        self.many: dict[tuple[str, int], Any] = {}  # sort, pattern: how many are held
        self.leads: dict[tuple[str, int, str], Any] = {}  # sort, pattern, staff
        self.rooms: dict[str, list[tuple[Span, Any]]] = defaultdict(list)  # kind of room
        self.pool: dict[str, list[tuple[Span, Any]]] = defaultdict(list)  # kind of visit
        self._groups()
        for who in self.clients:
            self._client(who)
        self._seats()
        self._shared_rooms()
        self._shared_staff()
        for spans in self.taken.values():
            for clique, _ in cliques(spans):
                if len(clique) > 1:
                    self.model.add_at_most_one(clique)

    def _groups(self) -> None:
        kept: dict[str, dict[int, Span]] = defaultdict(dict)
        for m in self.facts.kept.meetings:
            kept[m.group][m.number] = m.span
        for g in self.facts.groups:
            self.times[g.code] = []
            for pattern in g.patterns:
                slots = {n: s for n, s in enumerate(pattern) if s is not None}
                if any(slots.get(n) != s for n, s in kept[g.code].items()):
                    continue
                leaders = self.fit.leaders(g.code, pattern)
                if not leaders or not self.fit.rooms(g.code, pattern):
                    continue
                index = len(self.times[g.code])
                held = self._bool()
                self.times[g.code].append((pattern, held))
                most = min(self.copies[g.code], len(leaders))
                many = held if most == 1 else self._int(0, most)
                if most > 1:
                    self.model.add(many >= held)
                    self.model.add(many <= most * held)
                self.many[g.code, index] = many
                led = [self._bool() for _ in leaders] if len(leaders) > 1 or most > 1 else [held]
                for s, x in zip(leaders, led, strict=True):
                    self.leads[g.code, index, s] = x
                    self.taken["staff", s] += [(span, x) for span in slots.values()]
                if len(led) > 1:
                    self.model.add(sum(led) == many)
                if g.room:
                    self.rooms[g.room] += [(span, many) for span in slots.values()]
            here = [self.many[g.code, p] for p in range(len(self.times[g.code]))]
            if kept[g.code]:
                self.model.add(sum(here) == 1)
            elif len(here) > 1:
                self.model.add(sum(here) <= self.copies[g.code])

    def _seats(self) -> None:
        seats = {g.code: [r.seats for r in self.facts.rooms if self.fit.suits(r, g)] for g in self.facts.groups}
        coming: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for (_, group), found in self.attend.items():
            for p, a in found:
                coming[group, p].append(a)
        for g in self.facts.groups:
            most = min(g.most, max(seats[g.code], default=0)) if g.room else g.most
            for p in range(len(self.times[g.code])):
                here, many = coming[g.code, p], self.many[g.code, p]
                self.model.add(sum(here) <= most * many)
                self.model.add(sum(here) >= g.least * many)

    def _visits(
        self,
        c: Client,
        need: Need,
        keep: set[Visit],
        seek: frozenset[str] | None,
        spans: list[tuple[Span, Any]],
        days: dict[int, list[tuple[Any, int, bool]]],
        by_mode: dict[tuple[int, str], list[Any]],
    ) -> None:
        held = {(v.span, v.mode) for v in keep if v.kind == need.kind}
        found: list[tuple[Visit, Any]] = []
        by_day: dict[int, list[Any]] = defaultdict(list)
        for mode in sorted(c.modes):
            no_room = mode == "video" and not self.fit.offices(c.site, mode)
            able = self.fit.visitors(c.code, need.kind, mode)
            for span in self.fit.visit_spans(c.code, need.minutes):
                if not any(self.fit.free("staff", s, span) for s in able):
                    continue
                if not no_room and not self.fit.offices(c.site, mode, span):
                    continue
                v = self._bool()
                found.append((Visit(c.code, need.kind, span, "", "", mode), v))
                spans.append((span, v))
                days[span.day].append((v, span.minutes, True))
                by_mode[span.day, mode].append(v)
                by_day[span.day].append(v)
                self.pool[need.kind].append((span, v))
                if not no_room:
                    self.offices[c.site, mode].append((span, v))
                if (span, mode) in held:
                    self.model.add(v == 1)
        self.visit[c.code, need.kind] = found
        everything_ = [v for _, v in found]
        if len(everything_) > need.limit:
            self.model.add(sum(everything_) <= need.limit)
        if need.limit > 1:
            for same_day in by_day.values():
                if len(same_day) > 1:
                    self.model.add_at_most_one(same_day)
        self._short(f"needs.{need.kind}", need.count, everything_)

    def _shared_rooms(self) -> None:
        for kind, found in self.rooms.items():
            rooms = [r for r in self.facts.rooms if r.kind == kind]
            self._no_more_than(found, lambda at, rooms=rooms: sum(self.fit.free("room", r.code, at) for r in rooms))
        for (site, mode), found in self.offices.items():
            rooms = self.fit.offices(site, mode)
            self._no_more_than(found, lambda at, rooms=rooms: sum(self.fit.free("room", r.code, at) for r in rooms))

    def _no_more_than(self, found: Sequence[tuple[Span, Any]], free: Any) -> None:
        for clique, (day, minute) in cliques(found, every=True):
            most = free(Span(day, minute, minute + 1))
            if len(clique) > most or any(self.high.get(v.index, 1) > 1 for v in clique):
                self.model.add(sum(clique) <= most)

    def _shared_staff(self) -> None:
        """Visits need somebody who does not lead a group at that time; and nobody works more than they may."""
        work: dict[str, dict[int, list[tuple[int, Any]]]] = defaultdict(lambda: defaultdict(list))
        led: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for (code, p, staff), x in self.leads.items():
            for span in self.times[code][p][0]:
                if span is not None:
                    work[staff][span.day].append((span.minutes, x))
                    led[staff, span.day].append(x)
        for s in self.facts.staff:
            mine = work[s.code]
            for day, here in sorted(mine.items()):
                if s.most_groups_day is not None and len(here) > s.most_groups_day:
                    self.model.add(sum(led[s.code, day]) <= s.most_groups_day)
                if s.most_minutes_day is not None:
                    self.model.add(sum(m * x for m, x in here) <= s.most_minutes_day)
            if s.most_minutes_week is not None and mine:
                self.model.add(sum(m * x for here in mine.values() for m, x in here) <= s.most_minutes_week)
        able = {k: frozenset(s.code for s in self.facts.staff if k in s.visits) for k in sorted(self.pool)}
        pools = {
            frozenset().union(*(able[k] for k in some)) for n in range(len(able)) for some in combinations(able, n + 1)
        }
        for pool in sorted(pools, key=sorted):
            seen = [found for k in self.pool if able[k] <= pool for found in self.pool[k]]
            leading = [found for s in sorted(pool) for found in self.taken["staff", s]]
            for clique, (day, minute) in cliques([*seen, *leading], every=True):
                at = Span(day, minute, minute + 1)
                self.model.add(sum(clique) <= sum(self.fit.free("staff", s, at) for s in pool))
            limits = [self.facts.member[s].most_minutes_week for s in pool]
            if all(x is not None for x in limits):
                self.model.add(sum(s.minutes * v for s, v in [*seen, *leading]) <= sum(x or 0 for x in limits))
            for day in range(7):
                there = [
                    self.facts.member[s]
                    for s in sorted(pool)
                    if any(f.day == day for f in self.fit.free_spans("staff", s))
                ]
                today = [(span.minutes, v) for span, v in [*seen, *leading] if span.day == day]
                if today and all(x.most_minutes_day is not None for x in there):
                    self.model.add(sum(m * v for m, v in today) <= sum(x.most_minutes_day or 0 for x in there))

    def start_from(self, week: Week, sort: Mapping[str, str]) -> None:
        """Tell the solver of a week that is allowed; `sort` names the sort of each group."""
        many: dict[tuple[str, int], int] = defaultdict(int)
        led: set[tuple[str, int, str]] = set()
        there: set[tuple[str, str, int]] = set()
        for group, meetings in week.meetings_of.items():
            code = sort.get(group, "")
            slots = {m.number: m.span for m in meetings}
            for p, (pattern, _) in enumerate(self.times.get(code, ())):
                if {n: s for n, s in enumerate(pattern) if s is not None} == slots:
                    many[code, p] += 1
                    led.add((code, p, meetings[0].leader))
                    there |= {(client, code, p) for client in week.members_of.get(group, ())}
        given: dict[int, tuple[Any, int]] = {}
        for (code, p), v in self.many.items():
            given[self.times[code][p][1].index] = self.times[code][p][1], int(many[code, p] > 0)
            given[v.index] = v, many[code, p]
        for key, x in self.leads.items():
            given.setdefault(x.index, (x, int(key in led)))
        for (client, code), found in self.attend.items():
            given.update({a.index: (a, int((client, code, p) in there)) for p, a in found})
        seen = {(v.client, v.kind, v.span, v.mode) for v in week.visits}
        for visits in self.visit.values():
            given.update({x.index: (x, int((v.client, v.kind, v.span, v.mode) in seen)) for v, x in visits})
        self.model.clear_hints()
        for v, value in given.values():
            self.model.add_hint(v, value)

    def solve(
        self,
        work: float,
        seconds: float,
        seed: int = 0,
        ended: Callable[[], bool] | None = None,
        bounds: bool = True,
    ) -> Outlined | None:
        """The best outline found; another call goes on from there. `bounds`: take the time for a good bound too."""
        price = sum(k * v for k, v in self.levels["needs"]) + self.const["needs"]
        self.model.minimize(price)
        solver = self.cp.CpSolver()
        p = solver.parameters
        p.num_workers = 1
        p.random_seed = seed
        p.max_deterministic_time = work
        p.max_time_in_seconds = seconds
        p.linearization_level = 2
        if not bounds:  # several ways of searching take turns, in the same order everywhere; none stops at relaxations
            p.interleave_search = True
            p.subsolvers.append("quick_restart_no_lp")
        status = solve_until(solver, self.model, ended)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        on = solver.value
        self.model.clear_hints()
        for n in range(len(self.model.proto.variables)):
            v = self.model.get_int_var_from_proto_index(n)
            self.model.add_hint(v, on(v))
        self.found = True
        held = tuple(
            (code, p, tuple(s for (c, q, s), x in self.leads.items() if (c, q) == (code, p) and on(x)))
            for (code, p), many in self.many.items()
            if on(many)
        )
        coming: dict[tuple[str, int], list[str]] = defaultdict(list)
        for (client, group), found in self.attend.items():
            for q, a in found:
                if on(a):
                    coming[group, q].append(client)
        seen = tuple(v for found in self.visit.values() for v, x in found if on(x))
        return Outlined(
            int(solver.objective_value),
            int(-(-solver.best_objective_bound // 1)),
            held,
            {k: tuple(v) for k, v in coming.items()},
            seen,
            {(code, p): self.times[code][p][0] for code, p, _ in held},
        )
