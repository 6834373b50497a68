"""A small program whose groups meet today, so that a session can be held while the test runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from footbridge.care.timetable import actions as timetable
from footbridge.ground.program import actions, importing
from footbridge.ground.program.models import Meeting, Program
from footbridge.kit.access import Actor

from ..cast import Member

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

FILE = """\
program:
  code: riverside
  name: Riverside intensive outpatient program
  population: adult
  level: iop
  duration_weeks: 8
  hours_rule: iop_adult_9h
  languages: [en, es]
sites:
  - code: downtown
    name: Downtown
    time_zone: {zone}
    phone: 555-010-0100
    rooms:
      - {{code: blue, name: Blue room, kind: group, seats: 14}}
      - {{code: green, name: Green room, kind: group, seats: 14}}
      - {{code: office_1, name: Office 1, kind: office, seats: 3}}
      - {{code: office_2, name: Office 2, kind: office, seats: 3}}
group_types:
  - {{code: process, name: Process group, kind: process, min: 1, max: 12, source: our own limit, mark: K}}
  - {{code: skills, name: Skills group, kind: skills, min: 1, max: 12, source: our own limit, mark: K}}
curricula:
  - code: coping
    title: Coping skills
    lessons:
      - {{number: 1, title: Breathing and grounding}}
      - {{number: 2, title: Naming feelings}}
      - {{number: 3, title: Planning a good day}}
tracks:
  - {{code: morning, name: Morning, part_of_day: morning, site: downtown}}
  - {{code: evening, name: Evening by video, part_of_day: evening, mode: video, site: downtown}}
groups:
  - code: process
    track: morning
    name: Morning process group
    type: process
    meetings:
      - {{day: {one}, start: "09:00", end: "10:05", room: blue}}
      - {{day: {two}, start: "09:00", end: "10:05", room: blue}}
      - {{day: {three}, start: "09:00", end: "10:05", room: blue}}
  - code: skills
    track: morning
    name: Morning skills group
    type: skills
    curriculum: coping
    meetings:
      - {{day: {one}, start: "10:15", end: "12:25", room: blue}}
      - {{day: {two}, start: "10:15", end: "12:25", room: blue}}
      - {{day: {three}, start: "10:15", end: "12:25", room: blue}}
  - code: evening_process
    track: evening
    name: Evening process group
    type: process
    meetings:
      - {{day: {one}, start: "18:00", end: "20:50"}}
      - {{day: {two}, start: "18:00", end: "20:50"}}
measures:
  - {{code: weekly, event: weekly, ask: [phq9, gad7], early_days: 0, source: our own schedule, mark: K, effective_from: "2026-01-01"}}
"""


def zone_where_it_is(hour: int, at: datetime) -> str:
    """A time zone in which it is about this hour of the day now: the journey may run at any time of day."""
    ahead = (hour - at.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"


def today(at: datetime) -> date:
    """What day it is at the site."""
    return at.astimezone(ZoneInfo(zone_where_it_is(13, at))).date()


def load(ed: Actor, leaders: dict[str, Member], at: datetime) -> None:
    """The program of a morning and an evening track; it is one in the afternoon of a day on which its morning groups met."""
    zone, on = zone_where_it_is(13, at), today(at)
    one, two, three = (DAYS[(on + timedelta(days=ahead)).weekday()] for ahead in (0, 2, 4))
    actions.name_organisation(name="Riverside", neutral_name="Riverside", phone="+15550100100", by=ed, at=at)
    importing.load(FILE.format(zone=zone, one=one, two=two, three=three), by=ed, at=at)
    for meeting in Meeting.objects.select_related("group__track__site"):
        leader = leaders["cy"] if meeting.group.code == "evening_process" else leaders["bo"]
        assert leader.staff is not None
        actions.lead(meeting, leader.staff, by=ed, at=at)
    timetable.publish(Program.objects.get(), on, on + timedelta(weeks=8), by=ed, at=at)


def now() -> datetime:
    return datetime.now(UTC)
