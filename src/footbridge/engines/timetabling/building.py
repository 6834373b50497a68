"""Build a week: a good one at once, a better one while it runs, with what is still missing and how much better any week
could be.

A site is a problem of its own (people, rooms and groups have one site). In each, `greedy.by_demand` gives the first
week; then the solver opens small parts of it again and again, first around the people who get least, then everywhere
for the shape of days and the use of rooms. The bound is what each person could have if there were nobody else.

The same seed takes the same steps everywhere; only how many of them fit into the seconds depends on the machine. Ask
for `rounds` to get the same week on every machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from footbridge.engines.timetabling.facts import VISIT_KINDS, Client, Facts, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.model import Model, Pin, Scope, everything, solver_missing
from footbridge.engines.timetabling.price import Priced, by_level, of_all, of_client, prices

WORK = 0.35  # the solver's own measure for one step, about half a second
# In a small part, at these steps: look at everything at once, with so much work and so much of it on bounds.
WHOLE = {8: (0.5, 1), 45: (3.0, 2)}
TINY = 12  # clients of a part up to which the whole is tried at once
SMALL = 40  # clients of a part up to which every level gets a bound


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands: prices by level in the order of the facts, and the bound of each."""

    seconds: float
    rounds: int
    prices: tuple[int, ...]
    bounds: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """`how` is "solver" or "greedy"; `why_greedy` says why there was no solver. `prices` and `bounds` follow `order`:
    no week has a smaller price in a level without a greater one in a level before it, as far as `bounds` says.
    `proven`: no week is better. `unmet` are all goals missed, dearest first."""

    week: Week
    order: tuple[str, ...]
    prices: tuple[int, ...]
    bounds: tuple[int, ...]
    proven: bool
    unmet: tuple[Priced, ...]
    how: str
    why_greedy: str
    seconds: float
    first_seconds: float
    rounds: int
    seed: int

    @property
    def gap(self) -> float:
        """How far the first level that is not proven may be from its best, as a share of its price; 0.0 when every
        level is proven."""
        for price, bound in zip(self.prices, self.bounds, strict=True):
            if price > bound:
                return (price - bound) / price
        return 0.0


def solve(
    facts: Facts,
    *,
    seconds: float = 10.0,
    seed: int = 0,
    rounds: int | None = None,
    start: Week | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    workers: int = 2,
) -> Answer:
    """The best week found in the time. `start` is an allowed week to begin from. `stop` is asked between steps.

    Sites are solved side by side by `workers` threads, each with its share of the seconds.
    """
    missing = solver_missing()  # loads the solver, which is not searching
    began = time.monotonic()
    parts = by_site(facts)
    share = seconds * min(workers, len(parts)) / max(1, len(parts))
    searches = [_Search(part, seed, start, stop) for part in parts]
    firsts: list[float] = []
    told = [0.0]

    def run(search: _Search) -> None:
        search.begin()
        firsts.append(time.monotonic() - began)
        if missing:
            return
        until = time.monotonic() + min(share, seconds - (time.monotonic() - began))
        for _ in count() if rounds is None else range(rounds):
            if time.monotonic() >= until or (stop is not None and stop()) or not search.step(until):
                return
            if progress is not None and time.monotonic() - told[0] > 0.25:
                told[0] = time.monotonic()
                progress(_standing(facts, searches, began))

    if workers > 1 and len(parts) > 1:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, searches))
    else:
        for search in searches:
            run(search)
    week = whole(s.week for s in searches if s.week is not None)
    items = prices(facts, week)
    last = _standing(facts, searches, began)
    total = by_level(facts, items)
    bounds = tuple(min(p, b) for p, b in zip(total, last.bounds, strict=True))
    if progress is not None:
        progress(replace(last, prices=total, bounds=bounds))
    return Answer(
        week,
        facts.order,
        total,
        bounds,
        total == bounds,
        tuple(sorted(items, key=lambda i: (facts.order.index(i.level), -i.price, i.about, i.goal))),
        "greedy" if missing or not any(s.rounds for s in searches) else "solver",
        missing or ("" if any(s.rounds for s in searches) else "there was no time to search"),
        time.monotonic() - began,
        max(firsts),
        sum(s.rounds for s in searches),
        seed,
    )


def by_site(facts: Facts) -> list[Facts]:
    """The facts of each site. Nothing is shared between sites, so each is a problem of its own."""
    out = []
    for site in facts.sites:
        groups = {g.code for g in facts.groups if g.site == site.code}
        clients = {c.code for c in facts.clients if c.site == site.code}
        kept = Week.of(
            [m for m in facts.kept.meetings if m.group in groups],
            [x for x in facts.kept.members if x[0] in groups],
            [v for v in facts.kept.visits if v.client in clients],
        )
        out.append(
            replace(
                facts,
                sites=(site,),
                rooms=tuple(r for r in facts.rooms if r.site == site.code),
                staff=tuple(s for s in facts.staff if s.site == site.code),
                groups=tuple(g for g in facts.groups if g.site == site.code),
                clients=tuple(c for c in facts.clients if c.site == site.code),
                apart=frozenset(p for p in facts.apart if p <= clients),
                together=frozenset(p for p in facts.together if p <= clients),
                kept=kept,
            )
        )
    return out or [facts]


def whole(weeks) -> Week:  # type: ignore[no-untyped-def]
    """Weeks of different sites as one."""
    found = list(weeks)
    return Week.of(
        [m for w in found for m in w.meetings],
        [x for w in found for x in w.members],
        [v for w in found for v in w.visits],
    )


def within(facts: Facts, week: Week) -> Week:
    """The part of a week that concerns these facts."""
    return Week.of(
        [m for m in week.meetings if m.group in facts.group],
        [(g, c) for g, c in week.members if g in facts.group and c in facts.client],
        [v for v in week.visits if v.client in facts.client],
    )


def own_best(facts: Facts, fit: Fit, client: Client, levels: Sequence[str]) -> dict[str, int]:
    """The price of a client's own week by level if nobody else needed staff, rooms or seats. A bound for any week."""
    groups = tuple(g for g in facts.groups if fit.joinable(client, g))
    seen: dict[object, int] = {}
    kept = []
    for g in groups:  # a few of each kind of group are as good as all
        same = (g.kind, g.patterns, g.topic, g.lesson, g.curriculum, g.mode, g.counts)
        special = g.code in client.groups | client.prefers | client.avoids
        seen[same] = seen.get(same, 0) + (not special)
        limit = max((n.limit for n in client.needs if n.kind == g.kind), default=1)
        if special or seen[same] <= limit:
            kept.append(replace(g, least=0))
    only = replace(facts, groups=tuple(kept), clients=(client,), apart=frozenset(), together=frozenset(), kept=Week())
    model = Model(only, Fit(only), Week(), everything(only), order=levels, alone=True)
    found = model.solve(work=0.5, seconds=2.0, apart=True)
    return dict(zip(found.levels, found.bounds, strict=True)) if found else dict.fromkeys(levels, 0)


def _standing(facts: Facts, searches: Sequence[_Search], began: float) -> Progress:
    levels = range(len(facts.order))
    here = [s.standing() for s in searches]
    return Progress(
        time.monotonic() - began,
        sum(s.rounds for s in searches),
        tuple(sum(p[n] for p, _ in here) for n in levels),
        tuple(sum(b[n] for _, b in here) for n in levels),
    )


class _Search:
    """The search for one site's week."""

    def __init__(self, facts: Facts, seed: int, start: Week | None, stop: Callable[[], bool] | None) -> None:
        self.facts, self.fit = facts, Fit(facts)
        self.rng = Random(f"{seed}-{facts.sites}")  # noqa: S311  (no secret: the same seed must take the same steps)
        self.seed, self.start, self.stop = seed, start, stop
        self.week: Week | None = None
        self.own: dict[str, tuple[int, ...]] = {}  # each client's own prices by level
        self.prices: tuple[int, ...] = (0,) * len(facts.order)
        self.rounds = 0
        self.idle = 0
        self.closed: tuple[int, ...] | None = None  # the best prices, once the whole is proven
        self.least = 0  # a bound of the needs of all together
        self.best: dict[str, dict[str, int]] = {}  # client -> level -> bound
        self.settled: set[frozenset[str]] = set()  # tracks in which nobody can get a better seat as things stand
        self.luck = {"seats": 1.0, "groups": 1.0, "visits": 1.0, "people": 1.0}

    def begin(self) -> None:
        given = within(self.facts, self.start) if self.start is not None else None
        self.week = given if given is not None and given.meetings else by_demand(self.facts, self.fit)
        self.own = {c.code: self._own(self.week, c) for c in self.facts.clients}
        self.prices = self._total(self.week, self.own)

    def standing(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.prices, self.bounds()

    def bounds(self) -> tuple[int, ...]:
        """What is known of every level. A level's bound holds only while all levels before sit at theirs."""
        if self.closed is not None:
            return self.closed
        total = dict.fromkeys(self.facts.order, 0)
        for levels in self.best.values():
            for level, bound in levels.items():
                total[level] += bound
        total["needs"] = max(total["needs"], self.least)
        out = []
        tight = True
        for level, price in zip(self.facts.order, self.prices, strict=True):
            out.append(min(price, total[level]) if tight else 0)
            tight = tight and out[-1] == price
        return tuple(out)

    def step(self, until: float) -> bool:
        """Open a part of the week and close it better. False when nothing can be better."""
        assert self.week is not None
        self._learn_bounds(until)
        if self.bounds() == self.prices:
            return False
        self.rounds += 1
        if self.rounds == 1 and len(self.facts.clients) <= TINY:
            self._close(until)
            if self.closed is not None:
                return False
        if self.rounds in WHOLE and len(self.facts.clients) <= SMALL:
            self._look_at_all(*WHOLE[self.rounds], until)
        bad = self._badly_served()
        # Most steps go to people who miss something they could have, as long as there are such.
        deep = not bad or self.rounds % (10 if len(bad) > 3 else 4) == 0
        order = self.facts.order if deep else self.facts.order[: 1 + self.facts.order.index("needs")]
        name = self._choose(deep, bad)
        first = self.rng.choice(bad) if bad and not deep else self.rng.choice(self.facts.clients)
        if name == "seats" and first.tracks in self.settled:
            name = "groups"
        scope = self._scope(name, first, deep, bad)
        if not scope.groups and not scope.clients:
            return True
        model = Model(self.facts, self.fit, self.week, scope, order=order)
        found = model.solve(
            WORK * (1 + min(self.idle, 20) / 10), max(0.1, until - time.monotonic()), self.seed + self.rounds
        )
        better = False
        if found is not None:
            own = {c.code: self._own(found.week, c) for c in model.clients}
            now = self._total(found.week, {**self.own, **own})
            places = len(order)
            # Equal is taken too: it keeps the search moving over weeks that are as good.
            if (now if deep else now[:places]) <= (self.prices if deep else self.prices[:places]):
                better = (now[:places]) < self.prices[:places]
                self.week, self.prices = found.week, now
                self.own.update(own)
            if name == "seats" and found.proven and not better:
                self.settled.add(first.tracks)
        if better:
            self.settled.clear()
        self.luck[name] = 0.85 * self.luck[name] + (0.6 if better else 0.02)
        self.idle = 0 if better else self.idle + 1
        return True

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

    def _look_at_all(self, work: float, linear: int, until: float) -> None:
        """The whole of a small part at once, for a bound that knows of everybody (and perhaps a better week)."""
        assert self.week is not None
        model = Model(self.facts, self.fit, self.week, everything(self.facts), order=("needs",))
        found = model.solve(work, max(0.1, until - time.monotonic()), self.seed, apart=True, linear=linear)
        if found is None:
            return
        self.least = max(self.least, found.bounds[0])
        own = {c.code: self._own(found.week, c) for c in self.facts.clients}
        now = self._total(found.week, own)
        if now < self.prices:
            self.week, self.prices, self.own = found.week, now, own

    def _learn_bounds(self, until: float) -> None:
        """What people could have at best, a few at a time: a better week comes first. Of those who miss something;
        once nobody misses what they could have, in a small part also how well everybody's week could lie."""
        needs = self.facts.order.index("needs")
        levels: tuple[str, ...] = ("needs",)
        new = [c for c in self.facts.clients if c.code not in self.best and self._needs(c)]
        if not new and len(self.facts.clients) <= SMALL and self.bounds()[needs] == self.prices[needs]:
            levels = tuple(x for x in self.facts.order if x in ("needs", "continuity", "shape"))
            new = [c for c in self.facts.clients if len(self.best.get(c.code, ())) < len(levels)]
        for c in new[:4]:
            if time.monotonic() < until:
                self.best[c.code] = own_best(self.facts, self.fit, c, levels)

    def _badly_served(self) -> list[Client]:
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
