"""Build a week: a good one at once, a better one while it runs, with what is still missing and how much better any week
could be.

A site is a problem of its own (people, rooms and groups have one site). `searching.Search` looks for the week of one;
here sites take turns, two at a time.

The same seed takes the same steps everywhere; only how many of them fit into the seconds depends on the machine. Ask
for `rounds` to get the same week on every machine.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from threading import Lock

from footbridge.engines.timetabling.facts import Facts, Week
from footbridge.engines.timetabling.model import solver_missing
from footbridge.engines.timetabling.price import Priced, by_level, prices
from footbridge.engines.timetabling.searching import TINY, Search
from footbridge.engines.timetabling.working import Crew, Doer, Here, Known

LONG = 4.0  # seconds from which on a search pays for processes of its own


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

    `workers` at once: sites are searched side by side, and two parts of each. A long search has processes of its own for it, a
    short one, or one of so many `rounds`, threads.
    """
    missing = solver_missing()  # loads the solver, which is not searching
    began = time.monotonic()
    until = began + seconds
    parts = by_site(facts)
    ended = _stopped(stop, until)
    known = [Known(part) for part in parts]
    with ThreadPoolExecutor(max(1, workers)) as pool, ExitStack() as leaving:
        side = workers > 1 and len(parts) == 1
        here = Here(ended, pool.map if side else map)
        do: Doer = here
        if workers > 1 and rounds is None and seconds >= LONG and not missing and any(len(p.clients) > TINY for p in parts):
            do = crew = Crew(known, ended, workers, here)
            leaving.callback(crew.close)
        searches = [Search(one, seed, start, do, seconds * workers / max(1, len(parts))) for one in known]
        firsts: list[float] = []
        told = [began]
        lock = Lock()
        waiting = deque(searches)

        def search_on() -> None:
            """Take the site that waited longest, go one step, put it back."""
            while True:
                with lock:
                    search = waiting.popleft() if waiting else None
                if search is None:
                    return
                if search.week is None:
                    search.begin()
                    firsts.append(time.monotonic() - began)
                elif missing or ended() or search.rounds == rounds or not search.step(until):
                    continue
                with lock:
                    waiting.append(search)
                    tell = progress is not None and time.monotonic() - told[0] > 0.25
                    if tell:
                        told[0] = time.monotonic()
                if tell and progress is not None and all(s.week is not None for s in searches):
                    progress(_standing(facts, searches, began))

        if side or workers < 2:
            search_on()
        else:
            list(pool.map(lambda _: search_on(), range(min(workers, len(parts)))))
    week = whole(s.result() for s in searches)
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


def _standing(facts: Facts, searches: Sequence[Search], began: float) -> Progress:
    levels = range(len(facts.order))
    here = [s.standing() for s in searches]
    return Progress(
        time.monotonic() - began,
        sum(s.rounds for s in searches),
        tuple(sum(p[n] for p, _ in here) for n in levels),
        tuple(sum(b[n] for _, b in here) for n in levels),
    )


def _stopped(stop: Callable[[], bool] | None, until: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= until or (stop is not None and stop())
