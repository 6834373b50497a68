"""What every part of the model writes into: choices, prices by level, and what stands outside the scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from footbridge.engines.timetabling.facts import (
    Facts,
    Pattern,
    Span,
    Visit,
    Week,
)
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.model.scope import Pin, Scope, cp_model


class Ledger:
    """The model being written. `base` is an allowed week: what lies outside the scope is read from it."""

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
        self.cp = cp_model()
        self.facts, self.fit, self.base, self.scope, self.before = facts, fit, base, scope, before
        self.order = tuple(order or facts.order)
        self.alone, self.floor, self.targets = alone, floor, targets
        self.model = self.cp.CpModel()
        self.copies: Mapping[str, int] = {}  # groups that stand for several of their like
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

    def _any(self, variables: Sequence[Any]) -> Any:
        """True exactly when one of them is."""
        if len(variables) == 1:
            return variables[0]
        some = self._bool()
        for v in variables:
            self.model.add_implication(v, some)
        self.model.add_bool_or(*variables, some.negated())
        return some

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

    def _attends(self, client: str, group: str) -> list[Any]:
        return [a for _, a in self.attend.get((client, group), ())]
