"""What the public pages show of the program: its tracks as they are held, and the usual cost of each level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from footbridge.ground.program import levels
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Meeting, Track
from footbridge.ground.program.words import Weekday
from footbridge.kit.web.shapes import Day, Entry, TimeRow, Timetable

from .words import LEVELS, LevelWords


@dataclass(frozen=True, slots=True)
class TrackWeek:
    """One track of the program with its first week."""

    track: Track
    week: Timetable
    days: int
    hours: float


@dataclass(frozen=True, slots=True)
class Level:
    words: LevelWords
    facts: levels.LevelFacts


def all_levels() -> list[Level]:
    """The levels of care, least care first, in words and with their published costs."""
    return [Level(LEVELS[one.code], one) for one in levels.levels()]


def track_weeks() -> list[TrackWeek]:
    """Each track people are admitted to, with the groups of its first week as they are held."""
    return [_track_week(track) for track in program.tracks()]


def _track_week(track: Track) -> TrackWeek:
    meetings = program.meetings_of(track, week=1)
    weekdays = sorted({meeting.weekday for meeting in meetings})
    blocks = sorted({(meeting.starts, meeting.ends) for meeting in meetings})
    by_cell: dict[tuple[Any, int], list[Entry]] = {}
    for meeting in meetings:
        by_cell.setdefault(((meeting.starts, meeting.ends), meeting.weekday), []).append(_entry(meeting))
    week = Timetable(
        _("%(track)s: the groups of a week") % {"track": track.name},
        [Day(Weekday(weekday).label) for weekday in weekdays],
        [
            TimeRow(
                f"{time_format(starts, 'g:i a')}–{time_format(ends, 'g:i a')}",
                [by_cell.get(((starts, ends), weekday), []) for weekday in weekdays],
            )
            for starts, ends in blocks
        ],
    )
    counted = program.week_of(track, 1)
    return TrackWeek(track, week, len(counted.days), round(counted.therapeutic_minutes / 60, 1))


def _entry(meeting: Meeting) -> Entry:
    leader = meeting.leader
    lines = [meeting.group.get_mode_display()]
    if leader is not None and leader.title:
        lines.append(_("Led by: %(title)s") % {"title": leader.title})
    return Entry(meeting.group.name, lines, tag=_("Your choice") if meeting.optional else "")
