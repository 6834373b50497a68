"""A small program of one site and two tracks, loaded from a program file, led by Bo and Cy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from footbridge.ground.program import actions, importing
from footbridge.ground.program.models import Group, Meeting, Program, Room, Site, Track

from .cast import NOW, Cast

FILE = """\
program:
  code: riverside
  name: Riverside intensive outpatient program
  population: adult
  duration_weeks: 12
  hours_rule: iop_adult_9h
sites:
  - code: downtown
    name: Downtown
    time_zone: America/Chicago
    closed_on: [2026-11-26]
    rooms:
      - {code: blue, name: Blue room, kind: group, seats: 14}
      - {code: green, name: Green room, kind: group, seats: 14}
      - {code: office_1, name: Office 1, kind: office, seats: 3}
group_types:
  - {code: process, name: Process group, kind: process, min: 3, max: 12, source: our own limit, mark: K}
  - {code: skills, name: Skills group, kind: skills, min: 3, max: 12, source: our own limit, mark: K}
curricula:
  - code: coping
    title: Coping skills
    lessons:
      - {number: 1, title: Breathing and grounding}
      - {number: 2, title: Naming feelings}
      - {number: 3, title: Planning a good day}
tracks:
  - {code: morning, name: Morning, part_of_day: morning, site: downtown}
  - {code: evening, name: Evening by video, part_of_day: evening, mode: video, site: downtown}
groups:
  - code: process
    track: morning
    name: Morning process group
    type: process
    meetings:
      - {day: mon, start: "09:00", end: "09:50", room: blue}
      - {day: wed, start: "09:00", end: "09:50", room: blue}
      - {day: fri, start: "09:00", end: "09:50", room: blue}
  - code: skills
    track: morning
    name: Morning skills group
    type: skills
    curriculum: coping
    meetings:
      - {day: mon, start: "10:00", end: "11:50", room: blue}
      - {day: wed, start: "10:00", end: "11:50", room: blue}
      - {day: fri, start: "10:00", end: "11:50", room: blue}
  - code: recovery
    track: morning
    name: Recovery group
    type: skills
    condition_focus: substance_use
    meetings:
      - {day: tue, start: "10:00", end: "10:50", room: green}
  - code: evening_process
    track: evening
    name: Evening process group
    type: process
    min: 1
    max: 2
    meetings:
      - {day: mon, start: "18:00", end: "20:50"}
      - {day: wed, start: "18:00", end: "20:50"}
      - {day: thu, start: "18:00", end: "20:50"}
"""


@dataclass
class Week:
    program: Program
    site: Site
    morning: Track
    evening: Track
    process: Group
    skills: Group
    recovery: Group
    evening_process: Group
    blue: Room
    green: Room
    office: Room


def load(cast: Cast, at: datetime = NOW) -> Week:
    """The program with leaders: Bo in the morning, Cy in the recovery group and in the evening. Nothing is published yet."""
    by = cast.ed.actor()
    actions.name_organisation(name="Riverside", neutral_name="Riverside", phone="+13125550100", by=by, at=at)
    importing.load(FILE, by=by, at=at)
    groups = {g.code: g for g in Group.objects.select_related("track__site", "type")}
    for meeting in Meeting.objects.select_related("group__track__site"):
        leader = cast.bo if meeting.group.code in ("process", "skills") else cast.cy
        actions.lead(meeting, leader.staff, by=by, at=at)
    rooms = {r.code: r for r in Room.objects.select_related("site")}
    tracks = {t.code: t for t in Track.objects.select_related("site", "program")}
    return Week(
        Program.objects.get(), Site.objects.get(), tracks["morning"], tracks["evening"], groups["process"], groups["skills"],
        groups["recovery"], groups["evening_process"], rooms["blue"], rooms["green"], rooms["office_1"],
    )  # fmt: skip


MONDAY = date(2026, 11, 2)
