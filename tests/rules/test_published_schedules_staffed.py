"""The two published programs as templates of a site, staffed: the engine finds leaders and rooms for every published hour and a week for
everybody, and the independent checker finds nothing against it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from footbridge import data
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.board import actions, engine, plan
from footbridge.care.timetable.models import Session
from footbridge.engines import timetabling
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.program import importing
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Meeting, Program, Room, Site, Track, WorkHours, WorkWeek
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.kit.work import runs
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db
FROM = MONDAY + timedelta(weeks=1)


def opened_here(name: str, track: str, cast: Cast) -> tuple[Program, Site, Track]:
    """The published file as it is, with what no published schedule says: a site, rooms, staff. The program admits, in one of its tracks."""
    importing.load(data.text(f"programs/{name}"), by=cast.ed.actor(), at=NOW)
    here = Program.objects.get()
    with trail.act("test.opened", by=SYSTEM, at=NOW, about=here):
        site = Site.objects.create(code="here", name="Here", time_zone="America/Chicago")
        for n in range(4):
            Room.objects.create(site=site, code=f"room_{n}", name=f"Room {n}", kind="group", seats=16)
        for n in range(3):
            Room.objects.create(site=site, code=f"office_{n}", name=f"Office {n}", kind="office", seats=3)
        here.admits = True
        here.save()
        here.tracks.exclude(code=track).update(offered=False)
        here.tracks.update(site=site)
        Meeting.objects.filter(week_from__gt=1).update(held_until=MONDAY)  # week one of the program
    for n in range(5):
        staff = people.hire(people.add_person(legal_name=f"Therapist {n}", by=SYSTEM, at=NOW), title="LCSW", started_on=MONDAY, by=SYSTEM, at=NOW)
        people.give_role(staff, "therapist", held_from=MONDAY, by=SYSTEM, at=NOW)
        with trail.act("test.works", by=SYSTEM, at=NOW, about=staff):  # into the evening, as the published groups do
            hours = WorkWeek.objects.create(staff=staff, at=NOW)
            WorkHours.objects.bulk_create(WorkHours(week=hours, weekday=day, starts=time(8), ends=time(21), site=site) for day in range(5))
    return here, site, Track.objects.select_related("program", "site").get(program=here, code=track)


def admitted(track: Track, groups: list[Group], count: int, cast: Cast) -> list[Episode]:
    """People with a place in every group of the track's week: of parallel ones, in one."""
    out = []
    for n in range(count):
        client = people.make_client(people.add_person(legal_name=f"Client {n}", by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)
        episode = episodes.open_episode(client, by=SYSTEM, at=NOW)
        chosen: dict[str, list[Group]] = {}
        for group in groups:
            chosen.setdefault(group.choose_one or group.code, []).append(group)
        for several in chosen.values():
            timetable.join_group(episode, several[n % len(several)], MONDAY, by=cast.ed.actor(), at=NOW, confirmed=True)
        out.append(episode)
    return out


@pytest.mark.parametrize(("name", "track"), [("matrix", "evening"), ("ucsf_langley", "iop_morning"), ("ucsf_langley", "php")])
def test_staffed_every_published_hour_has_a_leader_and_the_checker_finds_nothing(name, track, cast):
    here, site, of = opened_here(name, track, cast)
    meetings = program.meetings_of(of, 1)
    groups = list({m.group_id: m.group for m in meetings if m.group.required and not m.optional}.values())
    assert groups and all(m.leader is None for m in meetings)
    admitted(of, groups, 6, cast)
    draft = actions.start_draft(here, site, FROM, by=cast.ed.actor(), at=NOW)
    build = actions.ask_build(draft, seconds=10, seed=1, by=cast.ed.actor(), at=NOW)
    facts, start = engine.asked(build)
    answer = timetabling.solve(facts, seconds=60.0, rounds=3, seed=1, start=start, workers=1)
    assert timetabling.check(facts, answer.week) == ()
    runs.Run.objects.filter(key=build.run).update(result=engine.write(answer.week))
    actions.take_build(build, by=cast.ed.actor(), at=NOW)
    base = plan.standing(here, site, FROM)
    after = plan.drafted(draft, base)
    published_hours = {(m.group.code, m.weekday, m.starts, m.ends) for m in meetings if m.group in groups}
    codes = {g.pk: g.code for g in groups}
    staffed = {(codes[m.group], m.weekday, m.starts, m.ends) for m in after.held() if m.leader is not None and m.group in codes}
    assert staffed == published_hours  # every hour where the published schedule puts it, led by somebody
    published = actions.publish_week(
        draft, seen=actions.publishing.fingerprint(base, after), agreed=True, by=cast.ed.actor(), at=NOW
    )
    week = Session.objects.filter(cancelled_at__isnull=True, kind="group", starts_at__date__gte=FROM, starts_at__date__lt=FROM + timedelta(days=7))
    assert week.count() == len(published_hours)
    assert all(s.room_id for s in week) and all(s.bookings.filter(cancelled_at__isnull=True).exists() for s in week)
    assert published.affected.filter(staff__isnull=False).exists()
