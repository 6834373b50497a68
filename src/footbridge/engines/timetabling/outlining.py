"""From facts to an outline and from an outline to a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from footbridge.engines.timetabling.facts import Facts, Group, Pattern, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import Desk
from footbridge.engines.timetabling.model.outline import Outline, Outlined


def parts(facts: Facts, fit: Fit) -> list[Facts]:
    """People who share no group with others, and their groups: each part has its own outline."""
    root = {g.code: g.code for g in facts.groups}

    def top(code: str) -> str:
        while root[code] != code:
            code = root[code]
        return code

    mine: dict[str, list[str]] = {}
    for c in facts.clients:
        mine[c.code] = [g.code for g in facts.groups if fit.joinable(c, g)]
        for code in mine[c.code][1:]:
            root[top(code)] = top(mine[c.code][0])
    people: dict[str, set[str]] = defaultdict(set)
    for c in facts.clients:
        people[top(mine[c.code][0]) if mine[c.code] else ""].add(c.code)
    out = []
    for name in sorted(people):
        codes = people[name]
        groups = {g.code for g in facts.groups if top(g.code) == name}
        kept = facts.kept
        out.append(
            replace(
                facts,
                groups=tuple(g for g in facts.groups if g.code in groups),
                clients=tuple(c for c in facts.clients if c.code in codes),
                apart=frozenset(),
                together=frozenset(p for p in facts.together if p <= codes),
                kept=Week.of(
                    [m for m in kept.meetings if m.group in groups],
                    [x for x in kept.members if x[0] in groups],
                    [v for v in kept.visits if v.client in codes],
                ),
            )
        )
    return out


def sorts(facts: Facts) -> dict[str, list[Group]]:
    """Groups that differ only in name (and in whom they saw last week), by the first of them."""
    fixed = {m.group for m in facts.kept.meetings} | {g for g, _ in facts.kept.members}
    found: dict[object, list[Group]] = defaultdict(list)
    for g in facts.groups:
        alike = replace(g, code=g.code if g.code in fixed else "", topic="", leaders=tuple(sorted(g.leaders)))
        found[alike].append(g)
    return {same[0].code: same for same in found.values()}


class Part:
    """A part of the facts with the model of its outline."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.sorts = sorts(facts)

    @cached_property
    def model(self) -> Outline:
        one_each = replace(self.facts, groups=tuple(g for g in self.facts.groups if g.code in self.sorts))
        return Outline(one_each, Fit(one_each), {code: len(same) for code, same in self.sorts.items()})

    def outline(
        self,
        week: Week,
        work: float,
        seconds: float,
        seed: int = 0,
        ended: Callable[[], bool] | None = None,
        bounds: bool = True,
    ) -> Outlined | None:
        if not self.model.found:
            self.model.start_from(week, {g.code: code for code, same in self.sorts.items() for g in same})
        return self.model.solve(work, seconds, seed, ended, bounds)

    def plan(self, found: Outlined) -> list[tuple[Group, Pattern, tuple[str, ...], list[str]]]:
        """Which group is held at which times, by whom, for whom: those who were in a group last week pull it to where
        they are."""
        out = []
        for code, same in self.sorts.items():
            places = [(p, leaders) for c, p, leaders in found.held if c == code]
            slots = [(p, n, leaders) for p, leaders in places for n in range(len(leaders))]

            def pull(group: Group, p: int, code: str = code) -> int:
                people = (self.facts.client[c] for c in found.coming.get((code, p), ()))
                return sum(
                    (group.code in c.groups) * 2 + (group.code in c.prefers) - (group.code in c.avoids) for c in people
                )

            pairs = sorted(((-pull(g, p), g.code, p, n) for g in same for p, n, _ in slots))
            named: dict[tuple[int, int], str] = {}
            for _, name, p, n in pairs:
                if (p, n) not in named and name not in named.values():
                    named[p, n] = name
            for p, leaders in places:
                names = [named[p, n] for n in range(len(leaders))]
                seats: dict[str, list[str]] = {name: [] for name in names}
                for c in sorted(
                    found.coming.get((code, p), ()), key=lambda c: not set(names) & self.facts.client[c].groups
                ):
                    own = [
                        n
                        for n in names
                        if n in self.facts.client[c].groups and len(seats[n]) < self.facts.group[n].most
                    ]
                    seats[own[0] if own else min(names, key=lambda n: len(seats[n]))].append(c)
                pattern = found.patterns[code, p]
                turns = [(*leaders[n:], *leaders[:n]) for n in range(len(leaders))]
                out += [(self.facts.group[n], pattern, turn, seats[n]) for n, turn in zip(names, turns, strict=True)]
        return out


def fill(facts: Facts, fit: Fit, week: Week, found: Sequence[tuple[Part, Outlined]]) -> Week:
    """A week along the outlines of its parts; what an outline promised and cannot be had is looked for elsewhere.
    Parts without an outline stay as they are in `week`."""
    groups = {g.code for part, _ in found for g in part.facts.groups}
    people = {c.code for part, _ in found for c in part.facts.clients}
    kept = facts.kept
    start = Week.of(
        [m for m in week.meetings if m.group not in groups or m in kept.meetings],
        [x for x in week.members if x[1] not in people or x in kept.members],
        [v for v in week.visits if v.client not in people or v in kept.visits],
    )
    desk = Desk(facts, fit, start)
    plan = [entry for part, outlined in found for entry in part.plan(outlined)]
    plan.sort(key=lambda e: (-len(e[1]), -len(e[3]), e[0].code))
    for group, pattern, leaders, _ in plan:
        desk.hold(group, pattern, leaders)
    for group, _, _, coming in plan:
        for code in coming:
            if desk.is_held(group.code):
                desk.join(facts.client[code], group)
    visits = [v for _, outlined in found for v in outlined.seen]
    for v in sorted(visits, key=lambda v: (v.kind != "individual", v)):
        if desk.seen_by(v.client, v.kind) < next(n.limit for n in facts.client[v.client].needs if n.kind == v.kind):
            desk.see(facts.client[v.client], v.kind, v.span, v.mode)
    for client in facts.clients:
        desk.serve(client)
    desk.close_thin_groups()
    return desk.week()
