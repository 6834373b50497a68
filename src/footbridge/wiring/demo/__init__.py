"""The demo program: built only by the product's own verbs, with a simulated clock.

`build()` makes Riverside, its staff, and about sixty invented lives over eight weeks that end today. The same day, number of people and
seed give the same program.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from footbridge.care.timetable import actions as timetable
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.people.models import Staff
from footbridge.ground.program import actions as program_actions
from footbridge.ground.program import importing
from footbridge.ground.program.models import Program
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM

from . import elsewhere
from .clockwork import Clock
from .lives import lives
from .staff import PASSWORD, hire, lead_groups
from .story import STAGES, Story

WEEKS = 8
AHEAD = 4
ZONE = "America/Chicago"

# Who to sign in as, with the sentence the start page shows.
WHO = [
    ("ana@example.org", "Ana, a client"), ("flo@example.org", "Flo, Ana's mother"), ("bo@example.org", "Bo, Ana's therapist"),
    ("cy@example.org", "Cy, a therapist of others"), ("pat@example.org", "Pat, prescriber"), ("ivy@example.org", "Ivy, intake"),
    ("di@example.org", "Di, front desk"), ("ed@example.org", "Ed, program director"), ("bea@example.org", "Bea, biller"), ("al@example.org", "Al, administrator"),
]  # fmt: skip

Progress = Callable[[int, int, str], None]  # percent done, 100, words


class DemoExists(Exception):
    """There are people in this database already."""


def build(
    *, stage: str | None = None, people: int = 60, progress: Progress | None = None, now: datetime | None = None, seed: int = 20261101
) -> dict[str, int]:
    """Build the demo program up to `stage` (the last by default). Answers with what was made.

    `progress(done, total, words)` is called as it goes on. Raises DemoExists when staff are here already, ValueError for an
    unknown stage.
    """
    stage = stage or STAGES[-1]
    if stage not in STAGES:
        raise ValueError(f"There is no stage “{stage}”. The stages are: {', '.join(STAGES)}.")
    if Staff.objects.exists():
        raise DemoExists("There are people in this database already. The demo program goes into an empty one.")

    def say(share: float, words: str) -> None:
        if progress:
            progress(int(share * 100), 100, words)

    until = (now or timezone.now()).astimezone(UTC)
    zone = ZoneInfo(ZONE)
    today = until.astimezone(zone).date()
    first = today - timedelta(days=today.weekday(), weeks=WEEKS)
    began = datetime.combine(first - timedelta(days=3), datetime.min.time(), zone) + timedelta(hours=9)
    random = Random(seed)  # noqa: S311 - a story, not a secret

    say(0.01, "Staff, program and questionnaires")
    team = hire(began - timedelta(days=365))
    ed = team.actors["ed"]
    program_actions.name_organisation(name="Riverside", neutral_name="Riverside", phone="555-010-0100", email="hello@example.org", by=ed, at=began)
    for name, admits in (("riverside", True), ("matrix", False), ("ucsf_langley", False)):
        importing.load(files("footbridge.data.programs").joinpath(f"{name}.yaml").read_text(encoding="utf-8"), by=ed, at=began, admits=admits)
    instruments.load_definitions(by=SYSTEM, at=began)
    lead_groups(team, began)
    elsewhere.keep(ed, began)
    riverside = Program.objects.get(code="riverside")
    say(0.05, "The timetable")
    timetable.publish(riverside, first, today + timedelta(weeks=AHEAD), by=ed, at=began)

    clock = Clock(zone)
    story = Story(clock, team, random, stage, until)
    for life in lives(people, first, last_day(today), random):
        story.begin(life)
    story.hold_sessions(first, today)
    span = (until - began).total_seconds()
    with _unhurried():
        clock.run(until, lambda at: say(0.08 + 0.9 * (at - began).total_seconds() / span, at.astimezone(zone).strftime("%A, %B %-d")))
    say(0.99, "Sealing the trail")
    trail.seal(until)
    say(1.0, "Done")
    return {"people": len(story.ways), "deeds": clock.done}


@contextmanager
def _unhurried() -> Iterator[None]:
    """Thousands of small deeds in a row: none waits for the disk by itself, and garbage is looked for more rarely.
    These lives are invented; a machine that dies here loses some seconds of them and keeps a whole database."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    often = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def last_day(today: date) -> date:
    """The last day on which somebody asks: today, or Friday before a weekend."""
    return today if today.weekday() < 5 else today - timedelta(days=today.weekday() - 4)


def people() -> list[tuple[str, str, str]]:
    """Who to sign in as: (who they are, mail address, password)."""
    return [(who, mail, PASSWORD) for mail, who in WHO]


__all__ = ["PASSWORD", "STAGES", "WHO", "DemoExists", "build", "people"]
