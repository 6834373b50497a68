"""What the medicines taken now ask for and when; random days for drug tests; reconciliation due; adherence as the client says it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from footbridge.care.placement.models import Admission
from footbridge.data import parsed
from footbridge.engines import random_days
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of

from . import reads
from .models import CheckDone, DrugTest, Medication, RandomTesting, ReconciledItem
from .words import Collected, Occasion


@dataclass(frozen=True, slots=True)
class Check:
    """A check of data/monitoring.yaml. `every_days` None: asked for once."""

    code: str
    name: str
    classes: frozenset[str]
    every_days: int | None
    source: str
    mark: str


@cache
def checks() -> tuple[Check, ...]:
    return tuple(
        Check(one["code"], one["name"], frozenset(one["classes"]), one.get("every_days"), one["source"], one["mark"])
        for one in parsed("monitoring")["checks"]
    )


def testing_start() -> dict[str, Any]:
    """The gaps a schedule of tests begins with, and their source."""
    return dict(parsed("monitoring")["testing"])


def classes_of(name: str) -> frozenset[str]:
    """The classes a medicine belongs to, by the whole words of its name."""
    words = set(re.findall(r"[a-z]+", name.casefold()))
    return frozenset(code for code, names in parsed("monitoring")["classes"].items() if words & set(names))


@dataclass(frozen=True, slots=True)
class DueCheck:
    """One check for the medicines that ask for it. `due_on` None: done, and asked for only once."""

    check: Check
    medicines: tuple[str, ...]
    last: CheckDone | None
    due_on: date | None
    is_due: bool


def due(taken: list[Medication], done: list[CheckDone], today: date) -> list[DueCheck]:
    """Checks for what is taken now, those due longest first. Never done: due since the medicine is taken, or recorded."""
    newest: dict[str, CheckDone] = {}
    for row in sorted(done, key=lambda one: (one.on, one.pk)):
        newest[row.check_code] = row
    found = []
    for check in checks():
        asking = [row for row in taken if classes_of(row.name) & check.classes]
        if not asking:
            continue
        last = newest.get(check.code)
        if last is None:
            due_on: date | None = min(row.taken_from or day_of(row.recorded_at) for row in asking)
        else:
            due_on = last.on + timedelta(days=check.every_days) if check.every_days else None
        names = tuple(dict.fromkeys(row.name for row in asking))
        found.append(DueCheck(check, names, last, due_on, due_on is not None and due_on <= today))
    return sorted(found, key=lambda one: (not one.is_due, one.due_on or date.max, one.check.code))


@dataclass(frozen=True, slots=True)
class Adherence:
    """What the client said in the check-ins of the last days: how often all, some or none was taken."""

    days: int
    yes: int
    some: int
    no: int

    @property
    def said(self) -> int:
        return self.yes + self.some + self.no


def adherence(episode: Episode, today: date, days: int = 14) -> Adherence:
    rows = episode.check_ins.filter(on__gt=today - timedelta(days=days), on__lte=today)
    counted = Counter(rows.values_list("took_medication", flat=True))
    return Adherence(days, counted["yes"], counted["some"], counted["no"])


def open_testing(episode: Episode) -> RandomTesting | None:
    return episode.random_testings.filter(ended_at__isnull=True).first()


def tests(episode: Episode) -> list[DrugTest]:
    """Every test with its results, newest first."""
    return list(episode.drug_tests.select_related("by__person").prefetch_related("results__by__person"))


def next_test(schedule: RandomTesting, tested: list[DrugTest]) -> date:
    """The day of the next test. Only a test that was collected or declined moves it on: one not asked for does not."""
    counted = [one.on for one in tested if one.collected != Collected.NOT_ASKED]
    return random_days.next_day(schedule.seed, schedule.first_on, schedule.least_days, schedule.most_days, counted)


@dataclass(frozen=True, slots=True)
class Reconciling:
    """A change of care at which the list has not been gone through yet."""

    occasion: str
    label: str
    since: date


def reconciling(episode: Episode) -> list[Reconciling]:
    """Admission, each change of level and discharge, as far as nobody has gone through the list on that day or later."""
    happened: list[tuple[Occasion, date]] = []
    admission = Admission.objects.filter(episode=episode).first()
    if admission is not None:
        happened.append((Occasion.ADMISSION, admission.starts_on))
    for kind, on in episode.transitions.values_list("kind", "effective_on"):
        happened.append((Occasion.DISCHARGE if kind == "discharge" else Occasion.TRANSITION, on))
    done: dict[str, list[date]] = defaultdict(list)
    for occasion, at in episode.reconciliations.values_list("occasion", "at"):
        done[occasion].append(day_of(at))
    week = timedelta(days=7)  # done in the days before counts for the change itself
    return [
        Reconciling(occasion, str(occasion.label), on)
        for occasion, on in sorted(happened, key=lambda pair: pair[1])
        if not any(day >= on - week for day in done[occasion])
    ]


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything a prescriber looks at beside the list, gathered once."""

    checks: list[DueCheck]
    adherence: Adherence
    testing: RandomTesting | None
    next_test: date | None
    tests: list[DrugTest]
    reconciling: list[Reconciling]
    decided: list[ReconciledItem]

    @property
    def due(self) -> list[DueCheck]:
        return [one for one in self.checks if one.is_due]


def watch(episode: Episode, today: date) -> Watch:
    schedule, tested = open_testing(episode), tests(episode)
    return Watch(
        due(list(reads.taken_on(episode.client, today)), list(episode.checks.all()), today),
        adherence(episode, today),
        schedule,
        next_test(schedule, [one for one in tested if one.on >= schedule.first_on]) if schedule else None,
        tested,
        reconciling(episode),
        reads.decided_and_open(episode.client, today),
    )
