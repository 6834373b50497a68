"""What people share in the model: seats, staff, rooms, company, and what it all costs the house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from footbridge.engines.timetabling.facts import (
    Group,
    Meeting,
    Pattern,
    Span,
)
from footbridge.engines.timetabling.model.people import People
from footbridge.engines.timetabling.model.scope import cliques


class Sharing(People):
    def _seats(self) -> None:
        coming: dict[str, list[Any]] = defaultdict(list)
        for (_, group), found in self.attend.items():
            coming[group] += [a for _, a in found]
        for g in self.facts.groups:
            times = self.times.get(g.code)
            if not times:
                continue
            others = len(self.others.get(g.code, ()))
            here = coming[g.code]
            held = sum(y for _, y in times)
            if g.code not in self.open:
                if not here:
                    continue
                rooms = [self.facts.room[m.room].seats for m in self.base.meetings_of[g.code] if m.room]
                self.model.add(sum(here) + others <= min([g.most, *rooms]))
                self.model.add(sum(here) + others >= g.least)
                continue
            if here and not others:  # time by time, which says more than all times together
                at: dict[int, list[Any]] = defaultdict(list)
                for c in self.clients:
                    for p, a in self.attend.get((c.code, g.code), ()):
                        at[p].append(a)
                for p, (_, y) in enumerate(times):
                    self.model.add(sum(at[p]) <= min(g.most, len(at[p])) * y)
                    self.model.add(sum(at[p]) >= g.least * y)
            elif here or not others:
                self.model.add(sum(here) + others <= g.most * held)
                self.model.add(sum(here) + others >= g.least * held)
            self._room_seats(g, sum(here) + others)
            for (_, _, staff), x in self.lead[g.code].items():
                for c in self.clients:
                    if staff in c.not_staff:
                        for a in self._attends(c.code, g.code):
                            self.model.add_bool_or(a.negated(), x.negated())
        for one, other in sorted((min(pair), max(pair)) for pair in self.facts.apart):
            if one in self.inside and other in self.inside:
                for g in self.facts.groups:
                    both = self._attends(one, g.code), self._attends(other, g.code)
                    if all(both):
                        self.model.add(sum(both[0]) + sum(both[1]) <= 1)

    def _room_seats(self, g: Group, people: Any) -> None:
        """No more people than the room of each meeting has seats."""
        seats: dict[int, dict[tuple[int, str], tuple[int, Any]]] = defaultdict(dict)
        for (p, n, room), x in self.where[g.code].items():
            if room:
                seats[n if self.scope.split else 0][p, room] = (self.facts.room[room].seats, x)
        for choices in seats.values():
            if any(size < g.most for size, _ in choices.values()):
                # patterns without this meeting need no seats in it
                absent = sum(y for p, (_, y) in enumerate(self.times[g.code]) if all(p != q for q, _ in choices))
                self.model.add(people <= sum(size * x for size, x in choices.values()) + g.most * absent)

    def _staff(self) -> None:
        self.work: dict[tuple[str, int], list[tuple[int, Any]]] = defaultdict(list)
        groups: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for code, leads in self.lead.items():
            for (p, n, staff), x in leads.items():
                span = self.times[code][p][0][n]
                assert span is not None
                self.work[staff, span.day].append((span.minutes, x))
                groups[staff, span.day].append(x)
        for found in self.visit.values():
            for visit, v in found:
                self.work[visit.staff, visit.span.day].append((visit.span.minutes, v))
        for s in self.facts.staff:
            mine = {day: self.work[s.code, day] for day in range(7) if (s.code, day) in self.work}
            for day, here in mine.items():
                if s.most_minutes_day is not None:
                    left = s.most_minutes_day - self.load[s.code, day]
                    self.model.add(sum(m * x for m, x in here) <= max(0, left))
                led = groups.get((s.code, day), [])
                if s.most_groups_day is not None and led:
                    self.model.add(sum(led) <= max(0, s.most_groups_day - self.led[s.code, day]))
            if s.most_minutes_week is not None and mine:
                left = s.most_minutes_week - sum(self.load[s.code, day] for day in range(7))
                self.model.add(sum(m * x for here in mine.values() for m, x in here) <= max(0, left))
        for staff, sees in self.sees.items():
            most = self.facts.member[staff].caseload
            if most is not None:
                self.model.add(sum(sees) <= max(0, most - len(self.seen[staff])))

    def _rooms(self) -> None:
        """No more visits at once than there are offices."""
        for (site, mode), found in self.offices.items():
            rooms = self.fit.offices(site, mode)
            used = self.office_use.get((site, mode), [])
            for clique, at in cliques(found, every=True):
                day, moment = at
                free = sum(1 for r in rooms if self.fit.free("room", r.code, Span(day, moment, moment + 1)))
                free -= sum(1 for s in used if s.day == day and s.start <= moment < s.end)
                if len(clique) > free:
                    self.model.add(sum(clique) <= max(0, free))

    def _one_at_a_time(self, what: tuple[str, str], spans: list[tuple[Span, Any]]) -> None:
        for clique, _ in cliques(spans):
            if len(clique) > 1:
                self.model.add_at_most_one(clique)

    def _together(self) -> None:
        if "continuity" not in self.levels:
            return
        for one, other in sorted((min(pair), max(pair)) for pair in self.facts.together):
            if one not in self.inside and other not in self.inside:
                continue
            shared = []
            for g in self.facts.groups:
                inside = [self._attends(code, g.code) for code in (one, other) if code in self.inside]
                there = all(c in self.others.get(g.code, ()) for c in (one, other) if c not in self.inside)
                if there and all(inside):
                    both = self._bool()
                    for found in inside:
                        self.model.add(both <= sum(found))
                    shared.append(both)
            self._short("continuity.together", 1, shared)

    def _economy(self) -> None:
        low, high = self.facts.well_filled
        weight = self.facts.weight if "economy" in self.levels else (lambda goal: 0)
        before = {(m.group, m.number): m for m in self.before.meetings} if self.before else {}
        for g in self.facts.groups:
            times = self.times.get(g.code)
            if not times:
                continue
            people = sum((a for c in self.clients for a in self._attends(c.code, g.code)), 0)
            people += len(self.others.get(g.code, ()))
            held = sum(y for _, y in times)
            fixed = g.code not in self.open
            if not fixed:
                for pattern, y in times:
                    self._cost("economy.held", [y], sum(1 for s in pattern if s is not None))
            elif isinstance(people, int):
                continue
            if weight("economy.thin") and g.least < low:
                thin = self._int(0, low)
                self.model.add(thin + people >= low * held)
                self._cost("economy.thin", [thin])
            if weight("economy.crowded") and g.most > high:
                crowd = self._int(0, g.most - high)
                self.model.add(crowd >= people - high)
                self._cost("economy.crowded", [crowd])
            if self.before is not None and not fixed and "disturbance" in self.levels:
                self._meetings_changed(g, times, before)
        if not weight("economy.load"):
            return
        loads: dict[str, Any] = {}
        for site in self.facts.sites:
            here = [s.code for s in self.facts.staff if s.site == site.code]
            if not any((s, day) in self.work for s in here for day in range(7)):
                continue
            most = self._int(0, 200)
            for s in here:
                mine = [x for day in range(7) for x in self.work.get((s, day), ())]
                fixed_load = sum(self.load.get((s, day), 0) for day in range(7))
                if mine or fixed_load:
                    self.model.add(60 * most >= fixed_load + sum(m * x for m, x in mine))
            loads[site.code] = most
        self._cost("economy.load", loads.values())

    def _meetings_changed(
        self, g: Group, times: list[tuple[Pattern, Any]], before: Mapping[tuple[str, int], Meeting]
    ) -> None:
        """Meetings at another time or not held, and leaders changed, against the week before."""
        was = [m for (code, _), m in before.items() if code == g.code]
        moved, led = self.facts.weight("disturbance.meeting"), self.facts.weight("disturbance.leader")
        for m in was:
            same = [y for p, y in times if m.number < len(p) and p[m.number] == m.span]
            self.const["disturbance"] += moved
            self.levels["disturbance"] += [(-moved, y) for y in same]
        for (_, n, staff), x in self.lead[g.code].items():
            earlier = before.get((g.code, n))
            if earlier is not None and staff != earlier.leader:
                self.levels["disturbance"].append((led, x))
