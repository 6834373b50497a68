"""One client's week in the model: groups, visits, hours, the shape of days, wishes, and whether it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from footbridge.engines.timetabling.facts import (
    VISIT_KINDS,
    Client,
    Group,
    Need,
    Span,
    Visit,
)
from footbridge.engines.timetabling.model.held import Held


class People(Held):
    def _client(self, c: Client) -> None:
        pin = self.pins.get(c.code)
        so_far = len(self.levels.get("needs", ())), self.const.get("needs", 0)
        must_groups = {g for g, who in self.facts.kept.members if who == c.code}
        must_visits = {v for v in self.facts.kept.visits if v.client == c.code}
        stay = set(must_groups) | (set(pin.groups) if pin else set())
        keep = set(must_visits) | (set(pin.visits) if pin else set())
        seek = pin.seek if pin else None
        days: dict[int, list[tuple[Any, int, bool]]] = defaultdict(list)  # day -> (var, minutes, counts)
        spans: list[tuple[Span, Any]] = []
        by_mode: dict[tuple[int, str], list[Any]] = defaultdict(list)
        topics: dict[tuple[int, str], list[Any]] = defaultdict(list)
        by_kind: dict[str, list[Any]] = defaultdict(list)
        cut: list[tuple[int, Any]] = []
        for g in self.facts.groups:
            times = self.times.get(g.code)
            if not times or (seek is not None and g.code not in stay and g.kind not in seek):
                continue
            if not self.fit.joinable(c, g) or self._must_not_meet(c, g):
                continue
            full = max(len(p) for p in g.patterns)
            now = g.code in self.base.groups_of.get(c.code, ())
            held = {m.number: m.span for m in self.base.meetings_of.get(g.code, ())}
            for p, (pattern, y) in enumerate(times):
                if not self.fit.free_for("client", c.code, pattern):
                    continue
                a = self._bool()
                if not isinstance(y, int):
                    self.model.add_implication(a, y)
                slots = {n: s for n, s in enumerate(pattern) if s is not None}
                self.hints.append((a, int(now and slots == held)))
                self.attend.setdefault((c.code, g.code), []).append((p, a))
                by_kind[g.kind].append(a)
                for span in slots.values():
                    spans.append((span, a))
                    days[span.day].append((a, span.minutes, g.counts))
                    by_mode[span.day, g.mode].append(a)
                    if g.topic:
                        topics[span.day, g.topic].append(a)
                if len(slots) < full:
                    cut.append((full - len(slots), a))
            found = [a for _, a in self.attend.get((c.code, g.code), ())]
            if len(found) > 1 and self.copies.get(g.code, 1) == 1:
                self.model.add_at_most_one(found)
            if g.code in stay:
                if g.code in must_groups:
                    self.model.add_bool_or(found)
                else:  # stays as long as the group is held at a time they can come
                    self.model.add(sum(found) == sum(times[p][1] for p, _ in self.attend.get((c.code, g.code), ())))
        for need in self.fit.visit_needs(c):
            self._visits(c, need, keep, seek, spans, days, by_mode)
        self._needs(c, by_kind, cut)
        self._lessons(c)
        self._day_rules(c, days, spans, by_mode, topics)
        self._wishes(c)
        if self.floor is not None:
            self._hold_floor(c, *so_far)
        if self.before is not None and "disturbance" in self.levels:
            self._moved(c)
        self.taken["client", c.code] = spans

    def _hold_floor(self, c: Client, terms: int, const: int) -> None:
        """Count only what a target loses; let nobody else lose."""
        assert self.floor is not None
        own = self.levels["needs"][terms:]
        del self.levels["needs"][terms:]
        price = sum(k * v for k, v in own) + self.const["needs"] - const
        self.const["needs"] = const
        before = self.floor.get(c.code, 0)
        if c.code in self.targets:
            lost = self._int(0, 1000)
            self.model.add(lost >= price - before)
            self.levels["needs"].append((1, lost))
        elif own:
            self.model.add(price <= before)

    def forbid(self, client: str, groups: Iterable[str], visits: Iterable[Visit] = ()) -> None:
        """Not this combination of groups and visits for a client again."""
        chosen: list[Any] = []
        for g in groups:
            chosen.append(sum(self._attends(client, g)))
        same = {(v.kind, v.span, v.staff) for v in visits}
        for (code, _), found in self.visit.items():
            if code == client:
                chosen += [v for x, v in found if (x.kind, x.span, x.staff) in same]
        if chosen:
            self.model.add(sum(chosen) <= len(chosen) - 1)

    def _must_not_meet(self, c: Client, g: Group) -> bool:
        """A group that stands with somebody they must not meet in it or before it."""
        if self.others.get(g.code, frozenset()) & self.facts.kept_apart.get(c.code, frozenset()):
            return True
        if g.code in self.open:
            return False
        return any(m.leader in c.not_staff for m in self.base.meetings_of.get(g.code, ()))

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
        kind = need.kind
        current = {(v.span, v.staff, v.mode) for v in self.base.visits_of.get(c.code, ()) if v.kind == kind}
        held = {(v.span, v.staff, v.mode) for v in keep if v.kind == kind}
        only_held = seek is not None and kind not in seek
        found: list[tuple[Visit, Any]] = []
        by_day: dict[int, list[Any]] = defaultdict(list)
        by_staff: dict[str, list[Any]] = defaultdict(list)
        for mode in sorted(c.modes):
            no_room = mode == "video" and not self.fit.offices(c.site, mode)
            for staff in self.fit.visitors(c.code, kind, mode):
                if only_held and all(staff != who for _, who, _ in held):
                    continue
                for span in self.fit.visit_spans(c.code, need.minutes):
                    key = (span, staff, mode)
                    if only_held and key not in held:
                        continue
                    if not self.fit.free("staff", staff, span) or not self._free("staff", staff, (span,)):
                        continue
                    if not no_room and not self.alone and not self._office_open(c.site, mode, span):
                        continue
                    v = self._bool()
                    self.hints.append((v, int(key in current)))
                    found.append((Visit(c.code, kind, span, staff, "", mode), v))
                    spans.append((span, v))
                    days[span.day].append((v, span.minutes, True))
                    by_mode[span.day, mode].append(v)
                    by_day[span.day].append(v)
                    by_staff[staff].append(v)
                    self.taken["staff", staff].append((span, v))
                    if not no_room:
                        self.offices[c.site, mode].append((span, v))
                    if key in held:
                        self.model.add(v == 1)
        self.visit[c.code, kind] = found
        everything = [v for _, v in found]
        if len(everything) > need.limit:
            self.model.add(sum(everything) <= need.limit)
        if need.limit > 1:
            for same_day in by_day.values():
                if len(same_day) > 1:
                    self.model.add_at_most_one(same_day)
        goal = f"needs.{kind}"
        self._short(goal, need.count, everything)
        if kind == "individual":
            self._sees(c, need, by_staff)
            if c.primary:
                self._cost("continuity.primary", [v for x, v in found if x.staff != c.primary])

    def _sees(self, c: Client, need: Need, by_staff: Mapping[str, list[Any]]) -> None:
        for staff, variables in by_staff.items():
            if self.facts.member[staff].caseload is None:
                continue
            sees = self.sees
            if need.limit == 1:
                sees[staff].append(sum(variables))
            else:
                one = self._bool()
                for v in variables:
                    self.model.add_implication(v, one)
                sees[staff].append(one)

    def _office_open(self, site: str, mode: str, span: Span) -> bool:
        rooms = self.fit.offices(site, mode, span)
        used = sum(1 for s in self.office_use.get((site, mode), ()) if s.overlaps(span))
        return bool(rooms) and (used < len(rooms) or not self._all_taken(site, mode, span, len(rooms)))

    def _all_taken(self, site: str, mode: str, span: Span, rooms: int) -> bool:
        """Is there a moment within the span at which every office is used by somebody out of scope?"""
        used = [s for s in self.office_use.get((site, mode), ()) if s.overlaps(span)]
        moments = {span.start, *(s.start for s in used if s.start > span.start)}
        return any(sum(1 for s in used if s.start <= at < s.end) >= rooms for at in moments)

    def _needs(self, c: Client, by_kind: Mapping[str, list[Any]], cut: list[tuple[int, Any]]) -> None:
        for need in c.needs:
            if need.kind in VISIT_KINDS:
                continue
            found = by_kind.get(need.kind, [])
            if len(found) > need.limit:
                self.model.add(sum(found) <= need.limit)
            self._short(f"needs.{need.kind}", need.count, found)
        for times, a in cut:
            self._cost("needs.cut", [a], times)

    def _lessons(self, c: Client) -> None:
        """Each lesson once, an ordered one only after the lesson before it."""
        courses: dict[str, dict[int, list[tuple[Group, int, Any]]]] = defaultdict(lambda: defaultdict(list))
        for g in self.facts.groups:
            if g.curriculum and g.lesson:
                for p, a in self.attend.get((c.code, g.code), ()):
                    courses[g.curriculum][g.lesson].append((g, p, a))
        for curriculum, lessons in courses.items():
            for number, here in lessons.items():
                if len(here) > 1:
                    self.model.add_at_most_one(a for _, _, a in here)
                if not here[0][0].ordered:
                    continue
                if number > dict(c.next_lesson).get(curriculum, 1):
                    earlier = lessons.get(number - 1, [])
                    self.model.add(sum(a for _, _, a in here) <= sum(a for _, _, a in earlier))
                    for g, p, a in here:
                        for other, q, b in earlier:
                            begins = min(s for s in self.times[g.code][p][0] if s)
                            before = min(s for s in self.times[other.code][q][0] if s)
                            if before >= begins:
                                self.model.add_bool_or(a.negated(), b.negated())

    def _day_rules(
        self,
        c: Client,
        days: Mapping[int, list[tuple[Any, int, bool]]],
        spans: list[tuple[Span, Any]],
        by_mode: Mapping[tuple[int, str], list[Any]],
        topics: Mapping[tuple[int, str], list[Any]],
    ) -> None:
        facts, model = self.facts, self.model
        shape = (lambda goal: facts.weight(goal)) if "shape" in self.levels else (lambda goal: 0)
        on: dict[int, Any] = {}
        for day in sorted(days):
            here = days[day]
            coming = self._any([v for v, _, _ in here])
            if all(counts for _, _, counts in here):
                on[day] = coming
            elif any(counts for _, _, counts in here):
                on[day] = self._any([v for v, _, counts in here if counts])
            if c.most_minutes_day is not None and sum(m for _, m, _ in here) > c.most_minutes_day:
                model.add(sum(m * v for v, m, _ in here) <= c.most_minutes_day)
            if c.day_min_minutes and day in on:
                under = self._bool()
                minutes = sum(m * v for v, m, counts in here if counts)
                model.add(minutes + c.day_min_minutes * under >= c.day_min_minutes * on[day])
                self._cost("needs.short_day", [under])
            if shape("shape.single"):
                single = self._bool()
                model.add(single + sum(v for v, _, _ in here) >= 2 * coming)
                self._cost("shape.single", [single])
            if shape("shape.gap"):
                self._gap(c, day, [(s, v) for s, v in spans if s.day == day])
            ways = [m for d, m in by_mode if d == day]
            if len(ways) > 1:
                person = self._bool()
                for v in by_mode[day, "in_person"]:
                    model.add_implication(v, person)
                for v in by_mode[day, "video"]:
                    model.add_implication(v, person.negated())
        if c.minutes_a_week:
            blocks = -(-c.minutes_a_week // 50)
            short = self._int(0, blocks)
            total = sum(m * v for here in days.values() for v, m, counts in here if counts)
            model.add(total + 50 * short >= c.minutes_a_week)
            self._cost("needs.hours", [short])
        if c.days_a_week:
            missing = self._int(0, c.days_a_week)
            model.add(sum(on.values()) + missing >= c.days_a_week)
            self._cost("needs.days", [missing])
        if c.max_days_off is not None:
            for first in range(7):
                window = {(first + k) % 7 for k in range(c.max_days_off + 1)}
                empty = self._bool()
                model.add(sum(on[d] for d in sorted(window) if d in on) + empty >= 1)
                self._cost("needs.days_off", [empty])
        for (_, _), same in topics.items():
            if len(same) > 1 and shape("shape.topic"):
                again = self._int(0, len(same))
                model.add(again >= sum(same) - 1)
                self._cost("shape.topic", [again])

    def _gap(self, c: Client, day: int, spans: list[tuple[Span, Any]]) -> None:
        """Empty blocks between the first and the last of a day."""
        grid = self.facts.grid.get(day, ())
        over = {n: [(s, v) for s, v in spans if s.overlaps(block)] for n, block in enumerate(grid)}
        over = {n: found for n, found in over.items() if found}
        if not over or max(over) - min(over) < 2:
            return
        taken: dict[int, Any] = {}
        for n, found in over.items():
            each = [v for _, v in found]
            clash = all(a.overlaps(b) for i, (a, _) in enumerate(found) for b, _ in found[i + 1 :])
            taken[n] = sum(each) if clash or len(each) == 1 else self._any(each)
        first, last, model = min(over), max(over), self.model
        weight = self.facts.weight("shape.gap")
        if last - first == 2:
            empty = self._bool()
            model.add(empty >= taken.get(first, 0) + taken.get(last, 0) - taken.get(first + 1, 0) - 1)
            self.levels["shape"].append((weight, empty))
            return
        begin = self._int(first, last + 1)
        end = self._int(first, last + 1)
        for n, some in taken.items():
            model.add(begin <= n + (last + 1 - n) * (1 - some))
            model.add(end >= first + (n + 1 - first) * some)
        empty = self._int(0, last - first)
        model.add(empty >= end - begin - sum(taken.values()))
        self.levels["shape"].append((weight, empty))

    def _wishes(self, c: Client) -> None:
        for code in sorted(c.groups & set(self.facts.group)):
            kind = "process" if self.facts.group[code].kind == "process" else "group"
            self._short(f"continuity.{kind}", 1, self._attends(c.code, code))
        for code in sorted(c.prefers):
            self._short("continuity.prefers", 1, self._attends(c.code, code))
        for code in sorted(c.avoids):
            self._cost("continuity.avoids", self._attends(c.code, code))

    def _moved(self, c: Client) -> None:
        """One price for anything that changes in a person's week."""
        before = self.before
        assert before is not None
        was = before.groups_of.get(c.code, ())
        moved = self._bool()
        stays: list[Any] = []
        lost = False
        for code in was:
            held = {m.number: m.span for m in before.meetings_of.get(code, ())}
            if not held:
                continue
            same = []
            for p, a in self.attend.get((c.code, code), ()):
                now = {n: s for n, s in enumerate(self.times[code][p][0]) if s is not None}
                if now == held:
                    same.append(a)
                else:
                    self.model.add_implication(a, moved)
            stays += same[:1]
            lost = lost or not same
        for g in self.facts.groups:
            if g.code not in was:
                for a in self._attends(c.code, g.code):
                    self.model.add_implication(a, moved)
        old = {(v.kind, v.span, v.staff, v.mode) for v in before.visits_of.get(c.code, ())}
        found = 0
        for need in self.fit.visit_needs(c):
            for visit, v in self.visit.get((c.code, need.kind), ()):
                if (visit.kind, visit.span, visit.staff, visit.mode) in old:
                    stays.append(v)
                    found += 1
                else:
                    self.model.add_implication(v, moved)
        if lost or found < len(old):
            self.model.add(moved == 1)
        for v in stays:
            self.model.add_bool_or(v, moved)
        self._cost("disturbance.person", [moved])
