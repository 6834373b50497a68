"""What the public pages show of the program: its tracks as they are held, and the usual cost of each level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from footbridge.ground.program import levels
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Meeting, Site, Track
from footbridge.ground.program.words import Weekday
from footbridge.kit.web.shapes import Day, Entry, TimeRow, Timetable

from .words import LEVELS, LevelWords

MANY = 10  # tracks: from here on the weeks of one site stand on the page


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


@dataclass(frozen=True, slots=True)
class Shown:
    """The weeks of the tracks on the page. `sites`: the places to choose from, when there are too many tracks for one page."""

    weeks: list[TrackWeek]
    sites: list[Site]
    site: Site | None


def track_weeks(code: str = "") -> Shown:
    """Each track people are admitted to, with the groups of its first week as they are held. From ten tracks on those of one site:
    the one with this code, or the first."""
    tracks = list(program.tracks())
    sites: list[Site] = []
    site = None
    if len(tracks) >= MANY:
        sites = sorted({track.site for track in tracks if track.site is not None}, key=lambda one: one.name)
        site = next((one for one in sites if one.code == code), sites[0] if sites else None)
        tracks = [track for track in tracks if site is None or track.site_id in (site.pk, None)]  # a track by video may have no site
    meetings = program.meetings_by_track(tracks)
    return Shown([_track_week(track, meetings[track.pk]) for track in tracks], sites if len(sites) > 1 else [], site)


def _track_week(track: Track, every: list[Meeting]) -> TrackWeek:
    meetings = [meeting for meeting in every if program.in_week(meeting, 1)]
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
    counted = program.week_of(track, 1, every)
    return TrackWeek(track, week, len(counted.days), round(counted.therapeutic_minutes / 60, 1))


def _entry(meeting: Meeting) -> Entry:
    leader = meeting.leader
    lines = [meeting.group.get_mode_display()]
    if leader is not None and leader.title:
        lines.append(_("Led by: %(title)s") % {"title": leader.title})
    return Entry(meeting.group.name, lines, tag=_("Your choice") if meeting.optional else "")
