"""The search for the week of one site.

`greedy.by_demand` gives a first week at once. Then the outline of each part (people who share groups with nobody else:
usually a track) is looked for, which gives a bound that knows how people compete and a plan that becomes a much better
week. A small part is solved whole. What is left goes to small neighbourhoods, opened and closed better again and again,
two of different parts at a time: first around the people who get least, then everywhere for the shape of days and the
use of rooms.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from random import Random

from footbridge.engines.timetabling.checker import check
from footbridge.engines.timetabling.facts import VISIT_KINDS, Client, Facts, Week
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.model import Model, Pin, Scope, everything
from footbridge.engines.timetabling.outlining import Outlined, Part, fill
from footbridge.engines.timetabling.price import by_level, of_all, of_client
from footbridge.engines.timetabling.working import Closed, Doer, Known, Piece, best_of, close, close_part, outline

WORK = 0.35  # the solver's own measure for one step, about half a second
# For the outline of a part: work, and whether for a bound. Again and again until it is proven.
OUTLINES = ((1.2, False), (2.5, False), (6.0, True))
PART = 4.0  # for one level of a small part or site, exactly; twice as much each time it was not enough
TRIES = 5
CLOSED = ("needs", "continuity")  # levels that a small site can be proven in; the shape of days stays far above any bound
PATIENCE = 12  # rounds without anything better before the search goes back to the best week it had
LATE = 24  # rounds before the second outline of a part, twice as many before the third
CLOSE_AFTER = 8  # rounds: a good week first, then it is quickly proven
WHOLE = -1  # in place of the number of a part: the site
TINY = 12  # clients of a site up to which the whole is tried at once
SMALL = 40  # clients up to which every level gets a bound
EXACT = 16  # clients of a part up to which its needs are solved exactly


class Search:
    """`do` does two pieces of work, side by side or one after the other; `seconds` of work are to be expected for this site."""

    def __init__(self, known: Known, seed: int, start: Week | None, do: Doer, seconds: float = 10.0) -> None:
        self.known, self.facts, self.fit = known, known.facts, known.fit
        self.rng = Random(f"{seed}-{known.facts.sites}")  # noqa: S311  (no secret: the same seed must take the same steps)
        self.seed, self.start, self.do, self.seconds = seed, start, do, seconds
        self.week: Week | None = None
        self.own: dict[str, tuple[int, ...]] = {}  # each client's own prices by level
        self.prices: tuple[int, ...] = (0,) * len(known.facts.order)
        self.kept: tuple[tuple[int, ...], Week] | None = None  # the best week so far: a search may leave it to find a better one
        self.rounds = 0
        self.idle = 0
        self.closed: tuple[int, ...] | None = None  # the best prices, once the whole is proven
        self.best: dict[str, dict[str, int]] = {}  # client -> level -> bound
        self.settled: set[frozenset[str]] = set()  # tracks in which nobody can get a better seat as things stand
        self.luck = {"seats": 1.0, "groups": 1.0, "visits": 1.0, "people": 1.0}
        self.parts: list[Part] = []
        self.part_of: dict[str, int] = {}  # client -> part
        self.least: list[dict[str, int]] = []  # of each part, by level: a bound
        self.outlined: dict[int, Outlined] = {}
        self.to_outline: list[tuple[int, int]] = []  # part and which of OUTLINES
        self.all_least: dict[str, int] = {}  # of the whole site, by level: a bound while the levels before are at theirs
        self.tried: dict[tuple[int, str], int] = {}  # how often a part (WHOLE: the site) was solved exactly at a level
        self.quick = 0.0  # most work for a first outline

    def begin(self) -> None:
        given = within(self.facts, self.start) if self.start is not None else None
        self.week = given if given is not None and given.meetings else by_demand(self.facts, self.fit)
        self.own = {c.code: self._own(self.week, c) for c in self.facts.clients}
        self.prices = self._total(self.week, self.own)
        self.parts = self.known.parts
        self.part_of = {c.code: n for n, part in enumerate(self.parts) for c in part.facts.clients}
        self.least = [{} for _ in self.parts]
        small = [len(part.facts.clients) <= EXACT for part in self.parts]
        self.to_outline = [(n, 2 if small[n] else 0) for n in range(len(self.parts))]
        # Half of the time for the first outlines, which need about twice as many seconds as units of work.
        self.quick = max(0.3, self.seconds / 4 / max(1, len(self.parts)))

    def standing(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.prices if self.kept is None else self.kept[0], self.bounds()

    def result(self) -> Week:
        """The best week that was found."""
        assert self.week is not None
        self._remember()
        return self.kept[1] if self.kept is not None else self.week

    def _remember(self) -> None:
        """Keep the week if it is the best so far; go back to the best when nothing came of a worse one."""
        assert self.week is not None
        if self.kept is None or self.prices < self.kept[0]:
            self.kept = self.prices, self.week
        elif self.idle > PATIENCE and self.prices > self.kept[0]:
            self.prices, self.week = self.kept
            self.own = {c.code: self._own(self.week, c) for c in self.facts.clients}
            self.settled.clear()

    def bounds(self) -> tuple[int, ...]:
        """What is known of every level. A level's bound holds only while all levels before sit at theirs, and what is known of a part
        or of a person only while it is their own bounds, added up, at which those levels sit: otherwise one may give way for another
        in a week that is as good."""
        if self.closed is not None:
            return self.closed
        alone: list[dict[str, int]] = [dict.fromkeys(self.facts.order, 0) for _ in self.parts]
        for code, levels in list(self.best.items()):
            for level, bound in levels.items():
                alone[self.part_of[code]][level] += bound
        out = []
        tight = by_parts = True
        by_person = [True] * len(self.parts)
        for level, price in zip(self.facts.order, self.prices, strict=True):
            known = []
            for n, (mine, least) in enumerate(zip(alone, self.least, strict=True)):
                of_people = mine[level] if by_parts and by_person[n] else 0
                known.append(max(of_people, least.get(level, 0) if by_parts else 0))
                by_person[n] = by_person[n] and of_people == known[n]
            out.append(min(price, max(sum(known), self.all_least.get(level, 0))) if tight else 0)
            tight = tight and out[-1] == price
            by_parts = by_parts and sum(known) == price
        return tuple(out)

    def step(self, until: float) -> bool:
        """Open a part of the week and close it better. False when nothing can be better."""
        assert self.week is not None
        if self.bounds() == self.prices:
            return False
        self._remember()
        self.rounds += 1
        if self.rounds == 1 and len(self.facts.clients) <= TINY:
            self._close(until)
            return self.closed is None
        if self.to_outline and self._outline_now():
            self._outline(until)
            return True
        if self.rounds > CLOSE_AFTER and (tasks := self._next_to_close()):
            self._close_exactly(tasks, until)
            return True
        self._learn_bounds(until)
        if self.bounds() == self.prices:
            return False
        self._neighbourhoods(until)
        return True

    # -- outlines --------------------------------------------------------------------------------------------------

    def _outline_now(self) -> bool:
        """First outlines come first. Longer ones come between other steps, and late in a part that is not small: they take
        seconds and give a bound rather than a better week."""
        n, nth = self.to_outline[0]
        if not self.outlined or nth == 0:
            return True
        small = len(self.parts[n].facts.clients) <= EXACT
        return self.rounds % 3 == 0 and (small or self.rounds > LATE * nth)

    def _outline(self, until: float) -> None:
        """The outlines of two parts, and the week that follows from all outlines found."""
        assert self.week is not None
        now = [task for task in self.to_outline if task[1] == self.to_outline[0][1]][:2]
        self.to_outline = [task for task in self.to_outline if task not in now]
        pieces: list[Piece] = []
        for n, nth in now:
            work, bounds = OUTLINES[nth]
            pieces.append((outline, n, (self.week, work if nth else min(work, self.quick), self.seed + self.rounds, bounds)))
        for (n, nth), outlined in zip(now, self.do(self.known, pieces, until), strict=True):
            if outlined is None:
                continue
            self.least[n]["needs"] = max(self.least[n].get("needs", 0), outlined.bound)
            if n not in self.outlined or outlined.needs < self.outlined[n].needs:
                self.outlined[n] = outlined
            if outlined.needs > self.least[n]["needs"] and nth + 1 < len(OUTLINES):
                self.to_outline.append((n, nth + 1))
        self._adopt(fill(self.facts, self.fit, self.week, [(self.parts[n], o) for n, o in self.outlined.items()]))

    def _adopt(self, week: Week) -> bool:
        own = {c.code: self._own(week, c) for c in self.facts.clients}
        now = self._total(week, own)
        if now >= self.prices:
            return False
        self.week, self.prices, self.own = week, now, own
        self.settled.clear()
        return True

    def _next_to_close(self) -> list[tuple[int, str]]:
        """What is to be solved exactly next, at the first level that is not proven: in a small site its parts, each as if it had the
        staff for itself, then the whole; in a larger one the needs of its small parts (what the outline leaves out may bind)."""
        small = len(self.facts.clients) <= SMALL
        bounds = self.bounds()
        for level in CLOSED if small else CLOSED[:1]:
            at = self.facts.order.index(level)
            if bounds[at] == self.prices[at]:
                continue
            if not small or (level != CLOSED[0] and self._by_parts(level)):
                open_ = [
                    (n, level)
                    for n, part in enumerate(self.parts)
                    if len(part.facts.clients) <= EXACT
                    and not self.tried.get((n, level))
                    and self._price_of(n, level) > self.least[n].get(level, 0)
                ]
                if open_:
                    return open_[:2]
            return [(WHOLE, level)] if small and self.tried.get((WHOLE, level), 0) < TRIES else []
        return []

    def _by_parts(self, level: str) -> bool:
        """Do the levels before sit at the bounds of the parts, so that a part's own bound at this level is one of the whole?"""
        return all(
            self.prices[self.facts.order.index(before)] == sum(least.get(before, 0) for least in self.least)
            for before in self._until(level)[:-1]
        )

    def _close_exactly(self, tasks: Sequence[tuple[int, str]], until: float) -> None:
        """One level of parts or of the whole exactly, without spoiling the levels before."""
        assert self.week is not None
        pieces: list[Piece] = []
        for n, level in tasks:
            facts, bounds = self._of(n)
            require = dict(zip(self.facts.order, self.prices, strict=True)) if n == WHOLE else bounds
            require = {before: require.get(before, 0) for before in self._until(level)[:-1]}
            nth = self.tried.get((n, level), 0)
            pieces.append((close_part, n, (within(facts, self.week), level, require, PART * 2**nth, self.seed)))
            self.tried[n, level] = nth + 1
        for (n, level), closed in zip(tasks, self.do(self.known, pieces, until), strict=True):
            if closed.found is None:
                continue
            _, bounds = self._of(n)
            bounds[level] = max(bounds.get(level, 0), closed.found.bounds[0])
            made = merged(self.week, self.week, closed.found.week, closed)
            if not check(self.facts, made):
                self._adopt(made)

    def _of(self, n: int) -> tuple[Facts, dict[str, int]]:
        return (self.facts, self.all_least) if n == WHOLE else (self.parts[n].facts, self.least[n])

    def _price_of(self, n: int, level: str) -> int:
        """What a part's people miss at a level."""
        assert self.week is not None
        part, at = self.parts[n].facts, self.facts.order.index(level)
        shared = by_level(part, (p for p in of_all(part, self.week) if p.level == level)) if part.together else None
        return sum(self.own[c.code][at] for c in part.clients) + (shared[at] if shared else 0)

    def _until(self, level: str) -> tuple[str, ...]:
        return self.facts.order[: 1 + self.facts.order.index(level)]

    # -- neighbourhoods --------------------------------------------------------------------------------------------

    def _neighbourhoods(self, until: float) -> None:
        """Two neighbourhoods of different parts at once, both from the week as it stands."""
        assert self.week is not None
        bad = self._badly_served()
        # Most steps go to people who miss something they could have, as long as there are such.
        deep = not bad or self.rounds % (10 if len(bad) > 3 else 4) == 0
        order = self.facts.order if deep else self.facts.order[: 1 + self.facts.order.index("needs")]
        tasks: list[tuple[str, Client, Scope]] = []
        for n in range(2):
            taken = {self.part_of[first.code] for _, first, _ in tasks}
            among = [c for c in (bad if bad and not deep else self.facts.clients) if self.part_of[c.code] not in taken]
            among = among or [c for c in self.facts.clients if self.part_of[c.code] not in taken]
            if not among or (n and len(self.facts.clients) <= TINY):
                break
            first = self.rng.choice(among)
            name = self._choose(deep, bad)
            if name == "seats" and first.tracks in self.settled and not deep:
                name = "groups"
            scope = self._scope(name, first, deep, bad)
            if scope.groups or scope.clients:
                tasks.append((name, first, scope))
        week = self.week
        work = WORK * (1 + min(self.idle, 20) / 10)
        pieces: list[Piece] = [(close, 0, (week, scope, order, work, self.seed + self.rounds)) for _, _, scope in tasks]
        places = len(self.facts.order) if deep else len(order)
        any_better = False
        for (name, first, _), closed in zip(tasks, self.do(self.known, pieces, until), strict=True):
            found = closed.found
            better = False
            if found is not None:
                new = found.week if self.week is week else merged(self.week, week, found.week, closed)
                own = {code: self._own(new, self.facts.client[code]) for code in closed.people}
                now = self._total(new, {**self.own, **own})
                # Equal is taken too: it keeps the search moving over weeks that are as good.
                if now[:places] <= self.prices[:places] and (self.week is week or not check(self.facts, new)):
                    better = now[:places] < self.prices[:places]
                    self.week, self.prices = new, now
                    self.own.update(own)
                if name == "seats" and found.proven and not better:
                    self.settled.add(first.tracks)
            any_better = any_better or better
            self.luck[name] = 0.85 * self.luck[name] + (0.6 if better else 0.02)
        if any_better:
            self.settled.clear()
        self.idle = 0 if any_better else self.idle + 1

    def _own(self, week: Week, client: Client) -> tuple[int, ...]:
        return by_level(self.facts, of_client(self.facts, week, client))

    def _total(self, week: Week, own: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
        shared = by_level(self.facts, of_all(self.facts, week))
        return tuple(sum(column) for column in zip(shared, *own.values(), strict=True))

    def _needs(self, client: Client) -> int:
        return self.own[client.code][self.facts.order.index("needs")]

    def _close(self, until: float) -> None:
        """A tiny part is solved whole: the best there is, proven level by level."""
        assert self.week is not None
        model = Model(self.facts, self.fit, self.week, everything(self.facts))
        found = model.solve(3.0, max(0.1, until - time.monotonic()), self.seed, apart=True)
        if found is None:
            return
        if found.values <= self.prices:
            self.week, self.prices = found.week, found.values
            self.own = {c.code: self._own(self.week, c) for c in self.facts.clients}
        if found.proven:
            self.closed = found.values

    def _learn_bounds(self, until: float) -> None:
        """What people could have at best, a few at a time: a better week comes first. Of those who miss something;
        once nobody misses what they could have, in a small part also how well everybody's week could lie."""
        needs = self.facts.order.index("needs")
        levels: tuple[str, ...] = ("needs",)
        new = [c for c in self.facts.clients if c.code not in self.best and self._needs(c)]
        if not new and len(self.facts.clients) <= SMALL and self.bounds()[needs] == self.prices[needs]:
            levels = tuple(x for x in self.facts.order if x in ("needs", "continuity", "shape"))
            new = [c for c in self.facts.clients if len(self.best.get(c.code, ())) < len(levels)]
        if time.monotonic() < until:
            pieces: list[Piece] = [(best_of, n, (c.code, levels)) for n, c in enumerate(new[:4])]
            for c, found in zip(new, self.do(self.known, pieces, until), strict=False):
                self.best[c.code] = found

    def _badly_served(self) -> list[Client]:
        """Who misses something they could have, as long as nobody has proven that they cannot all have it."""
        needs = self.facts.order.index("needs")
        if self.bounds()[needs] == self.prices[needs]:
            return []
        return [c for c in self.facts.clients if self._needs(c) > self.best.get(c.code, {}).get("needs", 0)]

    def _choose(self, deep: bool, bad: Sequence[Client]) -> str:
        names = ["people", "groups", "visits"] if deep else ["seats", "groups", "visits"]
        if not deep and not any(self._misses(c) & set(VISIT_KINDS) for c in bad):
            names.remove("visits")
        weights = [0.1 + self.luck[n] for n in names]
        return self.rng.choices(names, weights)[0]

    def _misses(self, client: Client) -> set[str]:
        """Kinds of care that a client has too little of."""
        assert self.week is not None
        return {
            n.kind for n in client.needs if self._has(client, n.kind) < (n.limit if self._needs(client) else n.count)
        }

    def _has(self, client: Client, kind: str) -> int:
        assert self.week is not None
        if kind in VISIT_KINDS:
            return sum(1 for v in self.week.visits_of.get(client.code, ()) if v.kind == kind)
        return sum(1 for g in self.week.groups_of.get(client.code, ()) if self.facts.group[g].kind == kind)

    def _scope(self, name: str, first: Client, deep: bool, bad: Sequence[Client]) -> Scope:
        facts, rng, week = self.facts, self.rng, self.week
        assert week is not None
        clients = list(facts.clients)
        near = [c for c in clients if not first.tracks or not c.tracks or c.tracks & first.tracks]
        rng.shuffle(near)
        worse = [c for c in near if c in bad and c is not first]
        if name == "people":
            chosen = list(dict.fromkeys([first, *worse[:3], *near]))[:6]
            return Scope(frozenset(), frozenset(c.code for c in chosen))
        if name == "seats":  # everybody of the track chooses again among the groups as they stand
            codes = [c.code for c in dict.fromkeys([first, *worse, *near])][:SMALL]
            pins = {c: Pin(frozenset(), frozenset(week.visits_of.get(c, ())), self._seeks(c)) for c in codes}
            return Scope(frozenset(), frozenset(pins), pins)
        if name == "visits":
            return self._visits_scope(first, worse, deep)
        return self._groups_scope(first, worse, near, deep)

    def _seeks(self, code: str) -> frozenset[str]:
        """Groups of every kind, and the visits they miss."""
        client = self.facts.client[code]
        missing = self._misses(client)
        return frozenset(n.kind for n in client.needs if n.kind not in VISIT_KINDS or n.kind in missing)

    def _groups_scope(self, first: Client, worse: Sequence[Client], near: Sequence[Client], deep: bool) -> Scope:
        """Some groups of one kind get new times, and everybody of the track chooses among them again; a few groups of
        other kinds may move with their people to make room."""
        facts, rng, week = self.facts, self.rng, self.week
        assert week is not None
        kinds = sorted(k for k in self._misses(first) if k not in VISIT_KINDS)
        kinds = kinds or sorted({n.kind for n in first.needs if n.kind not in VISIT_KINDS})
        if not kinds:
            return Scope(frozenset(), frozenset({first.code}))
        kind = rng.choice(kinds)
        here = [g for g in facts.groups if not first.tracks or not g.track or g.track in first.tracks]
        same = [g for g in here if g.kind == kind]
        other = [g for g in here if g.kind != kind and g.code in week.meetings_of]
        same.sort(key=lambda g: (not self.fit.joinable(first, g), rng.random()))
        rng.shuffle(other)
        wide = not deep and rng.random() < 0.4
        few, more = (2, 0) if deep else (3, 5) if wide else (rng.choice((3, 5)), rng.choice((0, 1, 3)))
        groups = [*same[:few], *other[:more]]
        loose = {c.code for c in [first, *worse[: 7 if wide else 0]]} if not deep else set()
        pins = {}
        for c in [first, *worse, *near][: 12 if deep else SMALL]:
            kept = frozenset(g for g in week.groups_of.get(c.code, ()) if facts.group[g].kind != kind)
            missing = self._misses(c) if c is first or c in worse[:4] else set()
            visits = frozenset(week.visits_of.get(c.code, ()))
            if c.code in loose:
                pins[c.code] = Pin(frozenset(), visits, self._seeks(c.code))
            else:
                pins[c.code] = Pin(kept, visits, frozenset({kind} | missing))
        return Scope(frozenset(g.code for g in groups), frozenset(pins), pins)

    def _visits_scope(self, first: Client, worse: Sequence[Client], deep: bool) -> Scope:
        """Everybody whom some members of staff see, with all their visits open and their groups as they are."""
        week, rng = self.week, self.rng
        assert week is not None
        kinds = [n.kind for n in first.needs if n.kind in VISIT_KINDS]
        missing = [k for k in kinds if k in self._misses(first)] or kinds or ["individual"]
        staff = {s for m in first.modes for s in self.fit.visitors(first.code, rng.choice(missing), m)}
        chosen = set(rng.sample(sorted(staff), min(len(staff), 2)))
        people = [v.client for v in week.visits if v.staff in chosen]
        rng.shuffle(people)
        codes = dict.fromkeys([first.code, *(c.code for c in worse[:3]), *people])
        pins = {
            code: Pin(frozenset(week.groups_of.get(code, ())), frozenset(), frozenset(VISIT_KINDS))
            for code in list(codes)[: 8 if deep else 14]
        }
        if not deep:
            pins.pop(first.code)
        return Scope(frozenset(), frozenset([*pins, first.code]), pins)


def merged(now: Week, base: Week, other: Week, closed: Closed) -> Week:
    """What the solver made of the groups and people it had, in another week, put into the week as it is by now."""
    groups, people = closed.groups, closed.people
    return Week.of(
        [*(m for m in now.meetings if m.group not in groups), *(m for m in other.meetings if m.group in groups)],
        [*(x for x in now.members if x[1] not in people), *(x for x in other.members if x[1] in people)],
        [*(v for v in now.visits if v.client not in people), *(v for v in other.visits if v.client in people)],
    )


def within(facts: Facts, week: Week) -> Week:
    """The part of a week that concerns these facts."""
    return Week.of(
        [m for m in week.meetings if m.group in facts.group],
        [(g, c) for g, c in week.members if g in facts.group and c in facts.client],
        [v for v in week.visits if v.client in facts.client],
    )
