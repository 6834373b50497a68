"""How good and how quick: python -m benchmarks.timetable

All sizes, seeds 1 to 3, after 1, 10 and 60 seconds: people placed in the order they come, the engine's own first week,
and the engine. Then random events on the last week of the first seed of each size: how long a repair, a placement and
an explanation take, and how many people move. Prints the tables of docs/measured.md.

With --clock the limits are seconds on the clock, for a machine that does nothing else. Without, they are seconds of
processor time in all, so that a busy machine gives the same answers as a quiet one; two cores have up to two of them
in a second.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from benchmarks.timetable.instances import SIZES, instance
from footbridge.engines.timetabling import Answer, Event, Facts, Span, Timetable, check, explain, place, repair, solve
from footbridge.engines.timetabling.building import by_site, whole
from footbridge.engines.timetabling.facts import without
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand, first_come
from footbridge.engines.timetabling.model import solver_missing
from footbridge.engines.timetabling.price import by_level, meets_rule, of_client, prices
from footbridge.engines.timetabling.working import own_best

HEAD = (
    "week",
    "seed",
    "how",
    "clock s",
    "CPU s",
    "first week s",
    "hours met",
    "could",
    "needs",
    "bound",
    "gap",
    "continuity",
    "bound",
    "shape",
    "economy",
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--size", action="append", choices=list(SIZES))
    asked.add_argument("--seed", action="append", type=int)
    asked.add_argument("--seconds", action="append", type=float)
    asked.add_argument("--events", type=int, default=200)
    asked.add_argument("--clock", action="store_true", help="limits are seconds on the clock")
    given = asked.parse_args()
    sizes, seeds = given.size or list(SIZES), given.seed or [1, 2, 3]
    solver_missing()  # load the solver before any clock runs
    load = os.getloadavg()[0]
    limit = "on the clock" if given.clock else "of processor time in all"
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, Python {platform.python_version()}, OR-tools"
        f" {metadata.version('ortools')}; limits are seconds {limit}; load average {load:.1f} at the start\n"
    )
    print("| " + " | ".join(HEAD) + " |")
    print("|---|---:|---|" + "---:|" * (len(HEAD) - 3))
    last: dict[str, tuple[Facts, Timetable]] = {}
    memory: dict[str, float] = {}
    for size in sizes:
        for seed in seeds:
            facts = instance(size, seed)
            could = _could(facts)
            for name, hand in (("first come", first_come), ("by demand", by_demand)):
                began, cpu = time.monotonic(), time.process_time()
                week = whole(hand(part) for part in by_site(facts))
                _row(facts, size, seed, name, week, (time.monotonic() - began, time.process_time() - cpu), could)
            for seconds in given.seconds or [1.0, 10.0, 60.0]:
                cpu = _cpu()
                over = cpu + seconds
                answer = solve(
                    facts,
                    seconds=seconds if given.clock else 60 * seconds,
                    seed=seed,
                    stop=None if given.clock else lambda over=over: _cpu() > over,
                )
                spent = answer.seconds, _cpu() - cpu
                _row(facts, size, seed, f"engine, {seconds:g} s", answer.week, spent, could, answer)
            if seed == seeds[0]:
                last[size] = facts, answer.week
        for child in multiprocessing.active_children():
            child.join(10)
        # The processes of a search are much alike: the largest of them, as often as there are.
        largest = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        memory[size] = largest[0] + 2 * largest[1]
    print("\nPeak memory so far after each size, with two processes beside the first: " + ", ".join(f"{k} {v:.0f} MiB" for k, v in memory.items()) + "\n")
    for size, (facts, week) in last.items():
        if given.events:
            print(f"**{size}**, events on the last week of seed {seeds[0]}\n")
            _events(facts, week, given.events)
    print(f"load average {os.getloadavg()[0]:.1f} at the end")


def _cpu() -> float:
    """Processor seconds of this process and of those it started, ended or not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in multiprocessing.active_children():
        try:
            fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _could(facts: Facts) -> int:
    """People whose hours and days could be met if there were nobody else."""
    able = 0
    for part in by_site(facts):
        fit = Fit(part)
        only = replace(part, weights=dict.fromkeys(_KINDS, 0))
        able += sum(own_best(only, fit, c, ("needs",))["needs"] == 0 for c in part.clients)
    return able


_KINDS = (
    "needs.individual",
    "needs.process",
    "needs.medication",
    "needs.curriculum",
    "needs.family",
    "needs.skills",
    "needs.peer",
    "needs.complementary",
)


def _row(
    facts: Facts,
    size: str,
    seed: int,
    how: str,
    week: Timetable,
    seconds: tuple[float, float],
    could: int,
    answer: Answer | None = None,
) -> None:
    breaches = check(facts, week)
    if breaches:
        raise SystemExit(f"{how}: the checker finds {breaches[:3]}")
    total = dict(zip(facts.order, by_level(facts, prices(facts, week)), strict=True))
    bound = dict(zip(facts.order, answer.bounds, strict=True)) if answer else {}
    met = sum(meets_rule(facts, week, c) for c in facts.clients)
    gap = 100 * (total["needs"] - bound["needs"]) / max(1, total["needs"]) if answer else 0
    cells = (
        size,
        seed,
        how,
        f"{seconds[0]:.1f}",
        f"{seconds[1]:.1f}",
        f"{answer.first_seconds:.1f}" if answer else "",
        f"{met} of {len(facts.clients)}",
        could,
        total["needs"],
        bound.get("needs", ""),
        f"{gap:.0f} %" if answer else "",
        total["continuity"],
        bound.get("continuity", ""),
        total["shape"],
        total["economy"],
    )
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def _events(facts: Facts, week: Timetable, count: int) -> None:
    rng = random.Random(count)
    spent: dict[str, list[float]] = {}
    moved: list[int] = []
    calm = restored = 0
    for _ in range(count):
        event = _event(facts, week, rng)
        cpu = time.process_time()
        mended = repair(facts, week, event)
        spent.setdefault("repair, CPU", []).append(time.process_time() - cpu)
        if check(mended.facts, mended.week):
            raise SystemExit(f"{event}: the repaired week breaks a rule")
        spent.setdefault("repair", []).append(mended.seconds)
        moved.append(len(mended.moved))
        calm += set(mended.moved) <= set(mended.touched)
        restored += mended.restored
    for code in rng.sample([c.code for c in facts.clients], min(24, len(facts.clients), count)):
        _timed(spent, "place, three offers", lambda code=code: place(facts, week, code))
    missing = [c.code for c in facts.clients if any(p.level == "needs" and p.price for p in of_client(facts, week, c))]
    for code in missing[: min(24, count)]:
        _timed(spent, "explain", lambda code=code: explain(facts, week, code))
    print("| what | times | p50 s | p95 s | most s |")
    print("|---|---:|---:|---:|---:|")
    for name, seconds in spent.items():
        print(f"| {name} | {len(seconds)} | {_at(seconds, 0.5):.2f} | {_at(seconds, 0.95):.2f} | {max(seconds):.2f} |")
    print(
        f"\n{count} events: nobody but those touched moved in {100 * calm / count:.0f} %; all that was lost came back in"
        f" {100 * restored / count:.0f} %; people moved: {statistics.mean(moved):.1f} on average, {_at(moved, 0.95)} at p95\n",
        flush=True,
    )


def _event(facts: Facts, week: Timetable, rng: random.Random) -> Event:
    what = rng.choice(("staff_out", "room_lost", "session_cancelled", "client_hours", "client_left", "no_show_pattern"))
    day = (Span(rng.randrange(5), 0, 24 * 60),)
    if what == "staff_out":
        return Event(what, rng.choice(facts.staff).code, day)
    if what == "room_lost":
        return Event(what, rng.choice(facts.rooms).code, day)
    if what == "session_cancelled":
        meeting = rng.choice(week.meetings)
        return Event(what, meeting.group, number=meeting.number)
    client = rng.choice(facts.clients)
    if what == "no_show_pattern":
        return Event(what, client.code, (rng.choice(week.hours_of(client.code) or list(day)),))
    return Event(what, client.code, without(client.free, day) if what == "client_hours" else ())


def _timed(spent: dict[str, list[float]], name: str, deed: Callable[[], object]) -> None:
    began, cpu = time.monotonic(), time.process_time()
    deed()
    spent.setdefault(name, []).append(time.monotonic() - began)
    spent.setdefault(f"{name}, CPU", []).append(time.process_time() - cpu)


def _at(values: Iterable[float], share: float) -> float:
    order = sorted(values)
    return order[min(len(order) - 1, round(share * (len(order) - 1)))]


if __name__ == "__main__":
    main()
