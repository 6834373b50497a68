"""The week, or a part of it, as a model for OR-tools CP-SAT. Nothing outside this file knows the solver.

A model is built for a scope: some groups whose times, leaders and rooms are open, and some clients whose week is open.
Everything else stands as in the base week and only takes up hours, rooms and seats. The scope of everything is the
whole problem; small scopes are neighbourhoods and repairs.

Levels are solved one after the other, each without spoiling those before. Where the numbers allow it, neighbouring
levels are solved as one with factors large enough to keep the order.

One worker, a fixed seed and the solver's own measure of work (deterministic time): the same scope gives the same
answer on every machine. A wall clock guards only against being far too slow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from footbridge.engines.timetabling.facts import (
    VISIT_KINDS,
    Client,
    Facts,
    Group,
    Meeting,
    Need,
    Pattern,
    Span,
    Visit,
    Week,
)
from footbridge.engines.timetabling.fit import Fit

AT_ONCE = 10**6  # factors up to here join levels into one objective


def solver_missing() -> str:
    """Why the solver cannot be used, or ""."""
    try:
        from ortools.sat.python import cp_model  # noqa: F401
    except ImportError:
        return "OR-tools is not installed"
    return ""


def cp_model() -> Any:
    """The solver's module, for the one other file that asks it questions."""
    from ortools.sat.python import cp_model as found

    return found


@dataclass(frozen=True)
class Pin:
    """What a client in scope keeps: these groups and visits; and the kinds that may be sought anew."""

    groups: frozenset[str]
    visits: frozenset[Visit]
    seek: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """`groups` are open in time, leader and room (with `split`, leader and room of each meeting on its own).
    `clients` are open in everything but what `pins` says. Members of open groups are in scope too, pinned to what
    they have. `still` groups only get leaders and rooms; their times stay and their members need not be looked at.
    """

    groups: frozenset[str]
    clients: frozenset[str]
    pins: Mapping[str, Pin] = field(default_factory=dict)
    split: bool = False
    still: frozenset[str] = frozenset()


def everything(facts: Facts) -> Scope:
    return Scope(frozenset(g.code for g in facts.groups), frozenset(c.code for c in facts.clients))


@dataclass(frozen=True)
class Found:
    """An answer of the solver. `values` and `bounds` are the prices within the scope by level, in the order asked."""

    week: Week
    levels: tuple[str, ...]
    values: tuple[int, ...]
    bounds: tuple[int, ...]
    proven: bool


class Model:
    """Variables and rules of a scope. `base` is an allowed week (what lies outside the scope is read from it)."""

    def __init__(
        self,
        facts: Facts,
        fit: Fit,
        base: Week,
        scope: Scope,
        before: Week | None = None,
        order: Sequence[str] | None = None,
        alone: bool = False,
        floor: Mapping[str, int] | None = None,
        targets: frozenset[str] = frozenset(),
    ) -> None:
        """`order` may leave levels out, which makes a smaller model. `alone` leaves out leaders, rooms and seats: what
        people could have if there were nobody else, a bound for everything.

        With `floor` (what each client's needs cost before), only `targets` count: the first level is what they lose
        against it, and nobody else may lose anything."""
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.facts, self.fit, self.base, self.scope, self.before = facts, fit, base, scope, before
        self.order = tuple(order or facts.order)
        self.alone, self.floor, self.targets = alone, floor, targets
        self.model = cp_model.CpModel()
        self.high: dict[int, int] = {}  # greatest value of each number that is not a yes or no
        self.levels: dict[str, list[tuple[int, Any]]] = {level: [] for level in self.order}
        self.const: dict[str, int] = dict.fromkeys(self.order, 0)
        self.hints: list[tuple[Any, int]] = []
        self.open = scope.groups | scope.still
        self.open_groups = [g for g in facts.groups if g.code in self.open]
        self.pins = dict(scope.pins)
        inside = set(scope.clients)
        for g in self.open_groups:
            for client in () if g.code in scope.still else base.members_of.get(g.code, ()):
                if client not in inside:
                    inside.add(client)
                    self.pins[client] = Pin(
                        frozenset(base.groups_of[client]), frozenset(base.visits_of.get(client, ()))
                    )
        self.clients = [c for c in facts.clients if c.code in inside]
        self.inside = frozenset(inside)
        self._outside()
        # group -> [(pattern, held?)] ; the second is 1 for groups that stand
        self.times: dict[str, list[tuple[Pattern, Any]]] = {}
        self.lead: dict[str, dict[tuple[int, int, str], Any]] = defaultdict(dict)  # group: pattern, meeting, staff
        self.where: dict[str, dict[tuple[int, int, str], Any]] = defaultdict(dict)  # group: pattern, meeting, room
        self.attend: dict[tuple[str, str], list[tuple[int, Any]]] = {}  # client, group -> [(pattern, var)]
        self.visit: dict[tuple[str, str], list[tuple[Visit, Any]]] = {}  # client, kind -> [(visit without room, var)]
        self.taken: dict[tuple[str, str], list[tuple[Span, Any]]] = defaultdict(list)
        self.offices: dict[tuple[str, str], list[tuple[Span, Any]]] = defaultdict(list)
        self.sees: dict[str, list[Any]] = defaultdict(list)  # staff: clients seen individually
        self._groups()
        for who in self.clients:
            self._client(who)
        if not alone:
            self._seats()
            self._staff()
            self._rooms()
            self._together()
            self._economy()
        for what, spans in self.taken.items():
            if what[0] == "client" or not alone:
                self._one_at_a_time(what, spans)

    # -- what stands -----------------------------------------------------------------------------------------------

    def _outside(self) -> None:
        """Hours, rooms and seats that people and groups out of scope take."""
        self.standing = [m for m in self.base.meetings if m.group not in self.open]
        self.staying = [v for v in self.base.visits if v.client not in self.inside]
        busy: dict[tuple[str, str], list[Span]] = defaultdict(list)
        self.office_use: dict[tuple[str, str], list[Span]] = defaultdict(list)
        self.load: dict[tuple[str, int], int] = defaultdict(int)
        self.led: dict[tuple[str, int], int] = defaultdict(int)
        self.seen: dict[str, set[str]] = defaultdict(set)
        for m in self.standing:
            busy["staff", m.leader].append(m.span)
            if m.room:
                busy["room", m.room].append(m.span)
            self.load[m.leader, m.span.day] += m.span.minutes
            self.led[m.leader, m.span.day] += 1
        for v in self.staying:
            busy["staff", v.staff].append(v.span)
            self.load[v.staff, v.span.day] += v.span.minutes
            self.office_use[self.facts.client[v.client].site, v.mode].append(v.span)
            if v.kind == "individual":
                self.seen[v.staff].add(v.client)
        self.busy = busy
        self.others = {g: frozenset(people) - self.inside for g, people in self.base.members_of.items()}

    def _free(self, what: str, code: str, spans: Iterable[Span]) -> bool:
        mine = self.busy.get((what, code))
        return not mine or not any(s.overlaps(t) for s in spans for t in mine)

    def _bool(self) -> Any:
        return self.model.new_bool_var("")

    def _int(self, low: int, high: int) -> Any:
        v = self.model.new_int_var(low, high, "")
        self.high[v.index] = high
        return v

    # -- groups ----------------------------------------------------------------------------------------------------

    def _groups(self) -> None:
        standing: dict[str, dict[int, Span]] = defaultdict(dict)
        for m in self.standing:
            standing[m.group][m.number] = m.span
        for g in self.facts.groups:
            if g.code in standing:
                length = max(len(p) for p in g.patterns)
                self.times[g.code] = [(tuple(standing[g.code].get(n) for n in range(length)), 1)]
        now = self.base.meetings_of
        kept: dict[str, list[Meeting]] = defaultdict(list)
        for m in self.facts.kept.meetings:
            kept[m.group].append(m)
        for g in self.open_groups:
            held = {m.number: m for m in now.get(g.code, ())}
            self.times[g.code] = []
            for p, pattern in enumerate(g.patterns):
                if any(m.number >= len(pattern) or pattern[m.number] != m.span for m in kept[g.code]):
                    continue
                self._pattern(g, p, pattern, held, {m.number: m for m in kept[g.code]})
            if len(self.times[g.code]) > 1:
                self.model.add_at_most_one(y for _, y in self.times[g.code])
            if kept[g.code] or g.code in self.scope.still:
                self.model.add(sum(y for _, y in self.times[g.code]) == 1)

    def _pattern(
        self, g: Group, p: int, pattern: Pattern, held: Mapping[int, Meeting], kept: Mapping[int, Meeting]
    ) -> None:
        """A group at one of its times: held or not, by whom, where."""
        slots = [(n, span) for n, span in enumerate(pattern) if span is not None]
        here = bool(held) and {n: m.span for n, m in held.items()} == dict(slots)
        if g.code in self.scope.still and not here:
            return
        apart = {s for c in self.others.get(g.code, ()) for s in self.facts.client[c].not_staff}
        parts = [[slot] for slot in slots] if self.scope.split else [slots]
        choices = []
        for part in () if self.alone else parts:
            spans = [s for _, s in part]
            alone: Pattern = tuple(spans)
            leaders = [s for s in self.fit.leaders(g.code, alone) if self._free("staff", s, spans) and s not in apart]
            rooms = [r for r in self.fit.rooms(g.code, alone) if r == "" or self._free("room", r, spans)]
            for n, _ in part:
                if n in kept:
                    leaders = [s for s in leaders if s == kept[n].leader]
                    rooms = [r for r in rooms if r == kept[n].room]
            if not leaders or not rooms:
                return
            choices.append((part, leaders, rooms))
        index = len(self.times[g.code])
        y = self._bool()
        self.hints.append((y, int(here)))
        self.times[g.code].append((pattern, y))
        for part, leaders, rooms in choices:
            first = part[0][0]
            for names, store, what in ((leaders, self.lead, "staff"), (rooms, self.where, "room")):
                variables = []
                for name in names:
                    x = y if len(names) == 1 else self._bool()
                    if len(names) > 1:
                        there = here and (held[first].leader if what == "staff" else held[first].room) == name
                        self.hints.append((x, int(there)))
                        variables.append(x)
                    for n, span in part:
                        store[g.code][index, n, name] = x
                        if name:
                            self.taken[what, name].append((span, x))
                if variables:
                    self.model.add(sum(variables) == y)

    # -- a client's week -------------------------------------------------------------------------------------------

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
            if len(found) > 1:
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

    def _short(self, goal: str, count: int, found: list[Any]) -> None:
        """The price of each one missing."""
        level, weight = goal.partition(".")[0], self.facts.weight(goal)
        if level not in self.levels or not weight:
            return
        if not found:
            self.const[level] += weight * count
        elif count == 1 and len(found) <= 1:
            self.const[level] += weight
            self.levels[level].append((-weight, found[0]))
        else:
            missing = self._int(0, count)
            self.model.add(missing + sum(found) >= count)
            self.levels[level].append((weight, missing))

    def _cost(self, goal: str, variables: Iterable[Any], times: int = 1) -> None:
        weight = self.facts.weight(goal) * times
        level = goal.partition(".")[0]
        if weight and level in self.levels:
            self.levels[level].extend((weight, v) for v in variables)

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

    def _any(self, variables: Sequence[Any]) -> Any:
        """True exactly when one of them is."""
        if len(variables) == 1:
            return variables[0]
        some = self._bool()
        for v in variables:
            self.model.add_implication(v, some)
        self.model.add_bool_or(*variables, some.negated())
        return some

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

    def _attends(self, client: str, group: str) -> list[Any]:
        return [a for _, a in self.attend.get((client, group), ())]

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

    # -- what people share -----------------------------------------------------------------------------------------

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
            if here:
                self.model.add(sum(here) + others <= g.most * held)
            if here or not others:
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

    # -- solving ---------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        return len(self.model.proto.variables)

    def solve(
        self,
        work: float = 2.0,
        seconds: float = 10.0,
        seed: int = 0,
        levels: Sequence[str] | None = None,
        apart: bool = False,
        require: Mapping[str, int] | None = None,
        linear: int | None = None,
    ) -> Found | None:
        """The best week of the scope within `work` (deterministic time) and `seconds`; None when not one was found.

        `apart` solves each level alone, which gives each its own bound; `linear` (0 to 2) is how much of the work goes
        into linear relaxations, which find bounds rather than weeks. `require` are prices of levels that must not
        be exceeded.
        """
        import time

        cp, model = self.cp, self.model
        levels = tuple(levels or self.order)
        price = {level: sum(k * v for k, v in self.levels[level]) + self.const[level] for level in self.order}
        most = {level: self._most(level) for level in levels}
        for level, limit in (require or {}).items():
            model.add(price[level] <= limit)
        for v, value in self.hints:
            model.add_hint(v, value)
        deadline = time.monotonic() + seconds
        found: Any = None
        values: dict[str, int] = {}
        bounds: dict[str, int] = {}
        proven = True
        for chunk in chunks(levels, most, 0 if apart else AT_ONCE):
            factor, objective = 1, 0
            factors: dict[str, int] = {}
            for level in reversed(chunk):
                objective = objective + factor * price[level]
                factors[level] = factor
                factor *= most[level] + 1
            if all(not self.levels[level] for level in chunk) and found is not None:
                for level in chunk:
                    values[level] = bounds[level] = self.const[level]
                continue
            model.minimize(objective)
            solver = cp.CpSolver()
            p = solver.parameters
            p.num_workers = 1
            p.random_seed = seed
            p.max_deterministic_time = work
            p.max_time_in_seconds = max(0.05, deadline - time.monotonic())
            p.cp_model_probing_level = 0
            p.symmetry_level = 0
            p.max_presolve_iterations = 1
            p.linearization_level = linear if linear is not None else int(apart)
            status = solver.solve(model)
            if status not in (cp.OPTIMAL, cp.FEASIBLE):
                if found is None:
                    return None
                for level in chunk:
                    values[level], bounds[level] = solver_value(found, price[level]), 0
                proven = False
                break
            found = solver
            best = status == cp.OPTIMAL
            lowest = int(-(-solver.best_objective_bound // 1))
            for level in chunk:
                values[level] = int(solver_value(solver, price[level]))
                model.add(price[level] <= values[level])
                bounds[level] = values[level] if best else 0
            if not best:
                top = chunk[0]
                bounds[top] = min(
                    values[top], max(0, -(-lowest // factors[top]) if len(chunk) == 1 else lowest // factors[top])
                )
                proven = False
            model.clear_hints()
            for v, _ in self.hints:
                model.add_hint(v, solver.value(v))
            if time.monotonic() > deadline:
                proven = proven and chunk[-1] == levels[-1]
                break
        for level in levels:
            if level not in values:
                values[level], bounds[level] = int(solver_value(found, price[level])), 0
        week = self.base if self.alone else self._week(found)
        return Found(week, levels, tuple(values[x] for x in levels), tuple(bounds[x] for x in levels), proven)

    def _most(self, level: str) -> int:
        total = self.const[level]
        for k, v in self.levels[level]:
            total += max(0, k * self.high.get(v.index, 1))
        return int(total)

    def _week(self, solver: Any) -> Week:
        meetings = list(self.standing)
        members = [(g, c) for g, c in self.base.members if c not in self.inside]
        for g in self.open_groups:
            for p, (pattern, y) in enumerate(self.times[g.code]):
                if not solver.value(y):
                    continue
                for n, span in enumerate(pattern):
                    if span is None:
                        continue
                    leader = self._chosen(solver, self.lead, g.code, p, n)
                    room = self._chosen(solver, self.where, g.code, p, n)
                    meetings.append(Meeting(g.code, n, span, leader, room))
        for (client, group), found in self.attend.items():
            if any(solver.value(a) for _, a in found):
                members.append((group, client))
        new = [visit for found in self.visit.values() for visit, v in found if solver.value(v)]
        visits = furnish(self.facts, self.fit, self.staying, new, self.base)
        return Week.of(meetings, members, visits)

    def _chosen(
        self, solver: Any, store: Mapping[str, Mapping[tuple[int, int, str], Any]], g: str, p: int, n: int
    ) -> str:
        return next(name for (q, m, name), x in store[g].items() if (q, m) == (p, n) and solver.value(x))


def solver_value(solver: Any, expression: Any) -> int:
    return int(expression) if isinstance(expression, int) else int(solver.value(expression))


def chunks(levels: Sequence[str], most: Mapping[str, int], limit: int) -> list[list[str]]:
    """Neighbouring levels whose joined factors stay small enough to be solved as one."""
    out: list[list[str]] = []
    size = 1
    for level in levels:
        step = most[level] + 1
        if out and size * step <= limit:
            out[-1].append(level)
            size *= step
        else:
            out.append([level])
            size = step
    return out


def cliques(spans: Iterable[tuple[Span, Any]], every: bool = False) -> list[tuple[list[Any], tuple[int, int]]]:
    """The largest sets of things that are under way at one moment, with the moment (weekday, minute). `every`
    moment at which something begins, also where a later one holds the same things and more."""
    by_day: dict[int, list[tuple[Span, Any]]] = defaultdict(list)
    for span, v in spans:
        by_day[span.day].append((span, v))
    out: list[tuple[list[Any], tuple[int, int]]] = []
    for day, here in sorted(by_day.items()):
        begins = sorted({s.start for s, _ in here})
        last: set[int] = set()
        for at in begins:
            active = [(i, v) for i, (s, v) in enumerate(here) if s.start <= at < s.end]
            names = {i for i, _ in active}
            if not every and last and last <= names and out and out[-1][1][0] == day:
                out.pop()
            out.append(([v for _, v in active], (day, at)))
            last = names
    return out


def furnish(facts: Facts, fit: Fit, staying: Sequence[Visit], new: Sequence[Visit], base: Week) -> list[Visit]:
    """Rooms for visits: their old one where it is free, else the first. Visits for which no office is left are
    dropped (this needs offices with different hours and visits of different lengths)."""
    out = list(staying)
    used: dict[str, list[Span]] = defaultdict(list)
    for v in staying:
        if v.room:
            used[v.room].append(v.span)
    old = {(v.client, v.kind, v.span, v.staff, v.mode): v.room for v in base.visits}
    later = []
    for v in sorted(new, key=lambda v: (v.span, v.client, v.kind)):
        room = old.get((v.client, v.kind, v.span, v.staff, v.mode))
        usable = room and room in facts.room and fit.free("room", room, v.span)
        if room and usable and not any(s.overlaps(v.span) for s in used[room]):
            used[room].append(v.span)
            out.append(Visit(v.client, v.kind, v.span, v.staff, room, v.mode))
        else:
            later.append(v)
    for v in later:
        site = facts.client[v.client].site
        if v.mode == "video" and not fit.offices(site, v.mode):
            out.append(v)
            continue
        for room_ in fit.offices(site, v.mode, v.span):
            if not any(s.overlaps(v.span) for s in used[room_.code]):
                used[room_.code].append(v.span)
                out.append(Visit(v.client, v.kind, v.span, v.staff, room_.code, v.mode))
                break
    return out
