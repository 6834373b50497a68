"""What part of a week is open, what the solver answers, and small tools around both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from footbridge.engines.timetabling.facts import (
    Facts,
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


def solve_until(solver: Any, model: Any, ended: Callable[[], bool] | None) -> Any:
    """Solve; while the solver works, somebody asks every tenth of a second whether it has to stop."""
    if ended is None:
        return solver.solve(model)
    done = Event()

    def watch() -> None:
        while not done.wait(0.1):
            if ended():
                solver.stop_search()
                return

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solver.solve(model)
    finally:
        done.set()
        watcher.join()


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
