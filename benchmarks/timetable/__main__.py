"""How good and how quick: python -m benchmarks.timetable --size small --size medium --seconds 1 --seconds 10

For each size and seed: first-come greedy, the engine's own first week, and the engine after each time limit. Then
random events on the last week of the first seed: how long a repair, a placement and an explanation take, and how many
people move. Prints Markdown.

The limits are seconds of processor time, so that a busy machine gives the same answers as a quiet one (which has
about two such seconds in one, where there are several sites, and one where there is one).
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from benchmarks.timetable.instances import SIZES, instance
from footbridge.engines.timetabling import Answer, Event, Facts, Span, Timetable, check, explain, place, repair, solve
from footbridge.engines.timetabling.building import by_site, whole
from footbridge.engines.timetabling.facts import without
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand, first_come
from footbridge.engines.timetabling.model import solver_missing
from footbridge.engines.timetabling.price import by_level, meets_rule, of_client, prices
from footbridge.engines.timetabling.searching import own_best


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", action="append", choices=list(SIZES))
    asked.add_argument("--seed", action="append", type=int)
    asked.add_argument("--seconds", action="append", type=float)
    asked.add_argument("--events", type=int, default=200)
    given = asked.parse_args()
    solver_missing()  # load the solver before any clock runs
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, load average {load:.1f} at the start\n")
    for size in given.size or ["small", "medium"]:
        print(
            f"**{size}**: {SIZES[size][0]} clients, {SIZES[size][1]} staff, {SIZES[size][2]} rooms, {SIZES[size][3]} site(s)\n"
        )
        print(
            "| seed | how | seconds | CPU s | first week | hours met | could be met | needs | bound | continuity | shape | economy | gap |"
        )
        print("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
        last: tuple[Facts, Timetable] | None = None
        for seed in given.seed or [1, 2, 3]:
            facts = instance(size, seed)
            could = _could(facts)
            for name, hand in (("first come", first_come), ("by demand", by_demand)):
                began, cpu = time.monotonic(), time.process_time()
                week = whole(hand(part) for part in by_site(facts))
                _row(facts, seed, name, week, (time.monotonic() - began, time.process_time() - cpu), could)
            for seconds in given.seconds or [1.0, 10.0]:
                cpu = time.process_time()
                over = cpu + seconds
                answer = solve(
                    facts, seconds=60 * seconds, seed=seed, stop=lambda over=over: time.process_time() > over
                )
                spent = answer.seconds, time.process_time() - cpu
                _row(facts, seed, f"engine {seconds:g} CPU s", answer.week, spent, could, answer)
            if seed == (given.seed or [1])[0]:
                last = (facts, answer.week)
        print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB\n", flush=True)
        if last is not None and given.events:
            _events(*last, given.events)
    print(f"load average {os.getloadavg()[0]:.1f} at the end")


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
    met = sum(meets_rule(facts, week, c) for c in facts.clients)
    bound = str(answer.bounds[0]) if answer else ""
    gap = f"{100 * answer.gap:.0f} %" if answer else ""
    first = f"{answer.first_seconds:.1f}" if answer else ""
    print(
        f"| {seed} | {how} | {seconds[0]:.1f} | {seconds[1]:.1f} | {first} | {met} ({100 * met / len(facts.clients):.0f} %) | {could} | {total['needs']}"
        f" | {bound} | {total['continuity']} | {total['shape']} | {total['economy']} | {gap} |",
        flush=True,
    )


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
    what = rng.choice(("staff_out", "room_lost", "session_cancelled", "client_hours", "client_left"))
    day = (Span(rng.randrange(5), 0, 24 * 60),)
    if what == "staff_out":
        return Event(what, rng.choice(facts.staff).code, day)
    if what == "room_lost":
        return Event(what, rng.choice(facts.rooms).code, day)
    if what == "session_cancelled":
        meeting = rng.choice(week.meetings)
        return Event(what, meeting.group, number=meeting.number)
    client = rng.choice(facts.clients)
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
