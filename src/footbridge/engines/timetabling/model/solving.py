"""The whole model of a scope, and its solution level by level."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from footbridge.engines.timetabling.facts import (
    Facts,
    Meeting,
    Week,
)
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.model.scope import AT_ONCE, Found, Scope, chunks, furnish, solve_until, solver_value
from footbridge.engines.timetabling.model.sharing import Sharing


class Model(Sharing):
    """Variables and rules of a scope, ready to be solved."""

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
        super().__init__(facts, fit, base, scope, before, order, alone, floor, targets)
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
        ended: Callable[[], bool] | None = None,
        thorough: bool = False,
    ) -> Found | None:
        """The best week of the scope within `work` (deterministic time) and `seconds`; None when not one was found.

        `apart` solves each level alone, which gives each its own bound; `linear` (0 to 2) is how much of the work goes
        into linear relaxations, which find bounds rather than weeks. `require` are prices of levels that must not
        be exceeded. `thorough` looks longer at the model before it searches, and searches from below.
        """
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
            if thorough:  # raises the bound until there is a week at it: proves in seconds what a search from above leaves open
                p.subsolvers.append("objective_lb_search")
            else:  # most models are small: looking at them for long costs more than it saves
                p.cp_model_probing_level = 0
                p.symmetry_level = 0
                p.max_presolve_iterations = 1
            p.linearization_level = linear if linear is not None else int(apart)
            status = solve_until(solver, model, ended)
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
