"""Time to score 100,000 PHQ-9 forms again: `python -m benchmarks.rescore`.

Three ways: the engine alone (every score of the form: total with band, and the algorithm), the engine with the total
alone, and the whole command `footbridge instruments score FILE` as a process of its own, from a file of JSON Lines to a
file of JSON Lines. Answers are made up evenly over the choices; one form in twenty has a blank. Wall and CPU seconds;
where other work shares the cores, CPU says more. `--calibrate` prints how long this machine takes for five million
additions, so that two runs can be compared.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from footbridge.engines import scoring
from footbridge.ground.instruments.library import Library


def forms(n: int) -> Iterator[dict[str, int | None]]:
    chance = random.Random(20)
    for _ in range(n):
        form: dict[str, int | None] = {str(item): chance.randint(0, 3) for item in range(1, 10)}
        if chance.random() < 0.05:
            form[str(chance.randint(1, 9))] = None
        yield form


@contextmanager
def timed(name: str, bar: float | None = None) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time() + _children()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() + _children() - cpu
    verdict = "" if bar is None else f" | bar {bar:g} s | {'met' if wall < bar else 'met by CPU' if cpu < bar else 'not met'}"
    print(f"| {name} | {wall:.1f} s | {cpu:.1f} s{verdict} |", flush=True)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def engine(n: int, do: Callable[[scoring.Definition, dict[str, scoring.Answer]], object]) -> None:
    form = Library().get("phq9", "2001")
    assert form is not None
    for answers in forms(n):
        do(form, scoring.given({item: None if value is None else str(value) for item, value in answers.items()}))


def command(n: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "answers.jsonl", Path(folder) / "scores.jsonl"
        with given.open("w", encoding="utf-8") as out:
            for number, answers in enumerate(forms(n)):
                out.write(json.dumps({"id": number, "instrument": "phq9", "edition": "2001", "responses": answers}) + "\n")
        with timed(f"`footbridge instruments score` on {n:,} lines", 10):
            subprocess.run(
                [sys.executable, "-m", "footbridge", "instruments", "score", str(given), "--output", str(made)], check=True
            )
        with made.open(encoding="utf-8") as lines:
            assert sum(1 for _ in lines) == n


def calibrate() -> None:
    began = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number
    print(f"five million additions: {time.process_time() - began:.2f} CPU s")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rescore", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-n", type=int, default=100_000, help="How many forms. [100000]")
    parser.add_argument("--calibrate", action="store_true", help="Say first how fast this machine is now.")
    given = parser.parse_args()
    if given.calibrate:
        calibrate()
    print("| what | wall | CPU | bar | |\n|---|---:|---:|---|---|")
    with timed(f"engine, every score of {given.n:,} PHQ-9", 10):
        engine(given.n, lambda form, answers: scoring.score_all(form, answers, language="en"))
    with timed(f"engine, the total of {given.n:,} PHQ-9", 10):
        engine(given.n, lambda form, answers: scoring.score(form, answers, language="en"))
    command(given.n)


if __name__ == "__main__":
    main()
