"""Random small programs, something happens, the week is mended: the engine's checker and the database agree that it may stand so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from footbridge.care.timetable import actions, facts, proposals
from footbridge.care.timetable.models import Booking, Mending, Session
from footbridge.care.timetable.proposals import Asked
from footbridge.engines.timetabling import check
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.people import actions as people
from footbridge.ground.program import actions as program
from footbridge.ground.program import importing
from footbridge.ground.program.models import Group, Meeting, Program, Room, Site
from footbridge.kit.access import SYSTEM
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 9)
THERE = ZoneInfo("America/Chicago")
DAYS = ("mon", "tue", "wed", "thu", "fri")


def written(random: Random) -> str:
    """A program file of four to six groups, some with several days, some of them hybrid."""
    lines = [
        "program: {code: made, name: Made up, population: adult, duration_weeks: 8, hours_rule: iop_adult_9h}",
        "sites:\n  - code: here\n    name: Here\n    time_zone: America/Chicago\n    rooms:",
        *(f"      - {{code: r{n}, name: Room {n}, kind: group, seats: {random.choice([6, 10])}}}" for n in range(3)),
        "      - {code: v1, name: Call, kind: video, seats: 20}",
        "group_types:\n  - {code: process, name: Process, kind: process, min: 2, max: 8, source: ours, mark: K}",
        "  - {code: skills, name: Skills, kind: skills, min: 2, max: 10, source: ours, mark: K}",
        "tracks:\n  - {code: day, name: Day, part_of_day: day, site: here}",
        "  - {code: both, name: Both, part_of_day: day, mode: hybrid, site: here}",
        "groups:",
    ]
    taken: set[tuple[str, int, str]] = set()
    for n in range(random.randint(4, 6)):
        track = random.choice(["day", "day", "both"])
        lines += [f"  - code: g{n}\n    track: {track}\n    name: Group {n}\n    type: {random.choice(['process', 'skills'])}\n    meetings:"]
        for day in random.sample(DAYS, random.randint(1, 3)):
            hour = random.randint(9, 15)
            room = next(r for r in (f"r{random.randint(0, 2)}", "r0", "r1", "r2", "v1") if (day, hour, r) not in taken)
            taken.add((day, hour, room))
            lines.append(f'      - {{day: {day}, start: "{hour:02d}:00", end: "{hour:02d}:50", room: {room}}}')
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(5))
def test_a_mended_week_breaks_no_rule(cast: Cast, seed: int) -> None:
    random = Random(seed)
    ed, di = cast.ed.actor(), cast.di.actor()
    program.name_organisation(name="Made up", neutral_name="Made", phone="+13125550100", by=ed, at=NOW)
    importing.load(written(random), by=ed, at=NOW)
    site = Site.objects.get()
    staff = [cast.bo.staff, cast.cy.staff, cast.ivy.staff]
    for meeting in Meeting.objects.select_related("group__track__site"):
        for leader in random.sample(staff, 3):
            try:
                program.lead(meeting, leader, by=ed, at=NOW)
                break
            except program.CannotLead:
                continue
    actions.publish(Program.objects.get(), MONDAY, MONDAY + timedelta(weeks=1), by=ed, at=NOW)
    for n in range(7):
        person = people.add_person(legal_name=f"Person {n}", by=SYSTEM, at=NOW)
        episode = episodes.open_episode(people.make_client(person, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)
        for group in random.sample(list(Group.objects.order_by("pk")), 3):
            try:
                actions.join_group(episode, group, MONDAY, by=di, at=NOW, confirmed=True)
            except (actions.CannotJoin, actions.CannotBook):
                continue
    begin = datetime.combine(MONDAY + timedelta(days=random.randint(0, 2)), datetime.min.time(), THERE)
    at = begin + timedelta(hours=random.randint(6, 11))
    asked = random.choice(
        [
            Asked("staff_out", at, begin + timedelta(days=random.randint(1, 3)), staff=random.choice(staff)),
            Asked("room_lost", at, begin + timedelta(days=2), room=random.choice(list(Room.objects.filter(kind="group").order_by("pk")))),
        ]
    )
    before = {b.rule for b in checked(site, at)}
    found = proposals.propose(asked, at=at, seconds=8)
    if not found:
        assert not proposals.broken(asked, at).exists()
        return
    way = random.choice(found)
    past = list(Session.objects.filter(starts_at__lte=at).order_by("pk").values_list("pk", "leader", "starts_at", "cancelled_at"))
    made = actions.mend(asked, way.plan, by=di, at=at)
    assert isinstance(made, Mending)
    assert not proposals.broken(asked, at).exists()
    assert {b.rule for b in checked(site, at)} - before <= {"staff_hours"}  # who is out for a part of a day is away all day on record
    after = facts.dated_facts(site, MONDAY, at=at)
    assert check(facts.allowed(after.facts, after.week), after.week) == ()
    assert list(Session.objects.filter(pk__in=[p[0] for p in past]).order_by("pk").values_list("pk", "leader", "starts_at", "cancelled_at")) == past
    for booking in Booking.objects.filter(cancelled_at__isnull=True).select_related("session"):
        assert (booking.starts_at, booking.ends_at) == (booking.session.starts_at, booking.session.ends_at)
        assert booking.session.cancelled_at is None


def checked(site: Site, at: datetime) -> tuple:  # type: ignore[type-arg]
    found = facts.dated_facts(site, MONDAY, at=at)
    return check(found.facts, found.week)
