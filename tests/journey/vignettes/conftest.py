"""The staff of the journey, joined by a physician; beside the adults' program one for adolescents after school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from footbridge.ground.people import actions as people
from footbridge.ground.program import importing
from footbridge.kit.access import SYSTEM

from ...cast import Member, _account
from .. import program
from ..conftest import Life, apart
from ..people import Cast
from .walk import Walk
from .walk import people as everybody

AFTER_SCHOOL = """\
program:
  code: after_school
  name: Riverside after school
  population: adolescent
  level: iop
  duration_weeks: 8
  hours_rule: iop_adolescent_6h
sites:
  - code: downtown
    name: Downtown
    time_zone: {zone}
    phone: 555-010-0100
tracks:
  - {{code: after_school, name: After school, part_of_day: afternoon, site: downtown}}
group_types:
  - {{code: skills_young, name: Skills group, kind: skills, min: 1, max: 10, source: our own limit, mark: K}}
groups:
  - code: skills_young
    track: after_school
    name: Skills group after school
    type: skills_young
    meetings:
      - {{day: mon, start: "16:00", end: "18:05"}}
      - {{day: wed, start: "16:00", end: "18:05"}}
      - {{day: thu, start: "16:00", end: "18:05"}}
"""


@pytest.fixture(scope="package")
def world(story: Life) -> Life:
    """Mia, a physician who prescribes, and the program after school. What the story before left on the screens is put away."""
    story.days_pass(0)
    for told in (story.troubles, story.elsewhere, story.bugs, story.eyes.found):
        told.clear()
    apart(lambda: _join(story.cast))
    return story


def _join(cast: Cast) -> None:
    at = program.now()
    user, person = _account("Mia Brandt", at=at)
    mia = people.hire(person, title="MD", started_on=date(2025, 1, 6), by=SYSTEM, at=at)
    people.give_role(mia, "prescriber", held_from=date(2025, 1, 6), by=SYSTEM, at=at)
    people.add_credential(mia, kind="MD", number="036-0100", state="IL", valid_from=date(2020, 1, 1), by=SYSTEM, at=at)
    cast.members["mia"] = Member(user, person, staff=mia)
    importing.load(AFTER_SCHOOL.format(zone=program.zone_where_it_is(13, at)), by=cast.ed.actor(at), at=at)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "me" in metafunc.fixturenames:
        known = everybody()
        metafunc.parametrize("me", list(known.values()), ids=list(known))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A walk that stops says where everybody stood, and what their pages said."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    walked = item.funcargs.get("walk")  # type: ignore[attr-defined]
    if report.when == "call" and report.failed and walked is not None:
        report.sections += [("a bug of the server", bug) for bug in walked.life.bugs[-2:]]
        for who in walked.life.people.values():
            said = who.page.locator("h1, .error-summary, .messages").all_inner_texts()
            report.sections.append((who.name, "\n".join([who.page.url, *said, *who.troubles[-3:]])))
            walked.photograph(who, f"stopped-{who.name}")


@pytest.fixture
def walk(world: Life, me: dict[str, Any]) -> Iterator[Walk]:
    walked = Walk(world, me)
    yield walked
    for who in walked.own:
        world.troubles += who.troubles
        world.elsewhere += who.elsewhere
        who.context.close()
        world.people.pop(who.name, None)
