"""Work for the solver, and who does it.

A piece of work is a function of this module with plain arguments, so that it can be done in another process: models are
built in Python, and two threads of one process build theirs one after the other (two cores came to 1.2). `Here` does the
work where it is asked for; `Crew` keeps processes that know the facts, for searches that are long enough to pay for
their start.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing import get_context
from threading import Thread
from typing import Any, Protocol

from footbridge.engines.timetabling.facts import Client, Facts, Week
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.model import Found, Model, Scope, everything
from footbridge.engines.timetabling.outlining import Outlined, Part, parts

Ended = Callable[[], bool]
# A function of this module, the part it is about (its model is kept where it was built), and its other arguments.
Piece = tuple[Callable[..., Any], int, tuple[Any, ...]]


class Known:
    """The facts of a site with what is worked out from them once."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.fit = facts, Fit(facts)

    @cached_property
    def parts(self) -> list[Part]:
        return [Part(facts) for facts in parts(self.facts, self.fit)]


@dataclass(frozen=True)
class Closed:
    """What the solver made of a scope. `groups` and `people` are those that were open."""

    groups: frozenset[str]
    people: frozenset[str]
    found: Found | None


class Doer(Protocol):
    """Does pieces of work for one site, side by side if it can; answers in the order of the pieces."""

    def __call__(self, known: Known, pieces: Sequence[Piece], until: float) -> list[Any]: ...


def outline(
    known: Known, ended: Ended, until: float, n: int, week: Week, work: float, seed: int, bounds: bool
) -> Outlined | None:
    return known.parts[n].outline(week, work, _left(until), seed, ended, bounds)


def close(
    known: Known, ended: Ended, until: float, _n: int, week: Week, scope: Scope, order: Sequence[str], work: float, seed: int
) -> Closed:
    """A neighbourhood, opened and closed better."""
    model = Model(known.facts, known.fit, week, scope, order=order)
    return _closed(model, model.solve(work, _left(until), seed, ended=ended))


def close_part(
    known: Known, ended: Ended, until: float, n: int, week: Week, level: str, require: Mapping[str, int], work: float, seed: int
) -> Closed:
    """One level of a part exactly, as if it had the staff for itself; of the whole site with a negative `n`. `week` is the part's
    own; `require` as `Model.solve`."""
    part = known.parts[n].facts if n >= 0 else known.facts
    order = part.order[: 1 + part.order.index(level)]
    model = Model(part, Fit(part), week, everything(part), order=order)
    found = model.solve(work, _left(until), seed, [level], require=require, thorough=True, ended=ended)
    return _closed(model, found)


def best_of(known: Known, _ended: Ended, _until: float, _n: int, client: str, levels: Sequence[str]) -> dict[str, int]:
    return own_best(known.facts, known.fit, known.facts.client[client], levels)


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
    found = model.solve(work=0.5, seconds=60.0, apart=True)  # work is the limit: the clock is not the same twice
    return dict(zip(found.levels, found.bounds, strict=True)) if found else dict.fromkeys(levels, 0)


def _closed(model: Model, found: Found | None) -> Closed:
    return Closed(frozenset(model.open), frozenset(model.inside), found)


def _left(until: float) -> float:
    return max(0.1, until - time.monotonic())


# ------------------------------------------------------------------ who does it


class Here:
    """In this process: one after the other, or with `each` of a pool of threads."""

    def __init__(self, ended: Ended, each: Callable[..., Iterable[Any]] = map) -> None:
        self.ended, self.each = ended, each

    def __call__(self, known: Known, pieces: Sequence[Piece], until: float) -> list[Any]:
        return list(self.each(lambda piece: piece[0](known, self.ended, until, piece[1], *piece[2]), pieces))


class Crew:
    """Processes that each know the facts of every site. Until they have started (about a second), the work is done here.

    A part goes to the same process each time if it is free, since that keeps the model of its outline. Processes that lost their parent end
    by themselves.
    """

    def __init__(self, known: Sequence[Known], ended: Ended, size: int, here: Here) -> None:
        self.ended, self.here, self.size = ended, here, size
        self.number = {id(one): n for n, one in enumerate(known)}
        self.stop = _context.Event()
        facts = [one.facts for one in known]
        self.pools = [
            ProcessPoolExecutor(1, _context, initializer=_begin, initargs=(facts, self.stop, os.getpid())) for _ in range(size)
        ]
        self.started = [pool.submit(_ready) for pool in self.pools]
        self.turn = 0
        self.broken = False

    def __call__(self, known: Known, pieces: Sequence[Piece], until: float) -> list[Any]:
        if self.broken or not all(one.done() and one.exception() is None for one in self.started):
            return self.here(known, pieces, until)
        try:
            return self._by_processes(known, pieces, until)
        except BrokenExecutor:  # somebody, or a machine short of memory, killed one: the search goes on without them
            self.broken = True
            return self.here(known, pieces, until)

    def _by_processes(self, known: Known, pieces: Sequence[Piece], until: float) -> list[Any]:
        site = self.number[id(known)]
        given: list[Future[Any]] = []
        busy: set[int] = set()
        for what, n, arguments in pieces:
            self.turn += 1
            first = site + n if what is outline else self.turn
            who = next((w for k in range(self.size) if (w := (first + k) % self.size) not in busy), first % self.size)
            busy.add(who)
            given.append(self.pools[who].submit(_do, site, what.__name__, until, n, arguments))
        while wait(given, timeout=0.1).not_done:
            if self.ended():
                self.stop.set()
        return [one.result() for one in given]

    def close(self) -> None:
        self.stop.set()
        for pool in self.pools:
            pool.shutdown(wait=False, cancel_futures=True)


# Spawned, not forked: whoever asks may hold threads, locks and connections that a copy must not have.
_context = get_context("spawn")
_PIECES: dict[str, Callable[..., Any]] = {one.__name__: one for one in (outline, close, close_part, best_of)}
_sites: list[Known] = []
_stop: list[Any] = []


def _begin(facts: list[Facts], stop: Any, parent: int) -> None:
    _sites[:] = [Known(one) for one in facts]
    _stop[:] = [stop]
    Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _ready() -> None:
    from ortools.sat.python import cp_model  # noqa: F401  (loaded before the first piece of work)


def _do(site: int, what: str, until: float, n: int, arguments: tuple[Any, ...]) -> Any:
    return _PIECES[what](_sites[site], _stop[0].is_set, until, n, *arguments)
