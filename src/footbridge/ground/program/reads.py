"""Questions about a program: its tracks, the hours of a week, and whether published counts come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from footbridge.data import parsed
from footbridge.engines import hours

from .models import ClosedDay, Group, Meeting, Organisation, Program, Site, Track
from .words import Population

Row = TypeVar("Row")

# When a program names no rule, the general one for its people.
GENERAL_RULES = {
    Population.ADULT: "iop_adult_9h",
    Population.YOUNG_ADULT: "iop_adult_9h",
    Population.ADOLESCENT: "iop_adolescent_6h",
}


def organisation() -> Organisation | None:
    return Organisation.objects.first()


def program(code: str) -> Program | None:
    return Program.objects.filter(code=code).first()


def admitting() -> QuerySet[Program]:
    """Programs people are admitted to here. Published examples are not among them."""
    return Program.objects.filter(admits=True).order_by("name")


def known() -> QuerySet[Program]:
    """Every program loaded here: those that admit first, then the published examples."""
    return Program.objects.order_by("-admits", "name")


def tracks(program: Program | None = None) -> QuerySet[Track]:
    """Tracks offered to people: of one program, or of every program that admits."""
    found = Track.objects.filter(offered=True).select_related("program", "site").order_by("program__name", "pk")
    return found.filter(program=program) if program else found.filter(program__admits=True)


def track(code: str) -> Track | None:
    """An offered track of an admitting program by its code."""
    return tracks().filter(code=code).first()


def groups_of(track: Track, on: date | None = None) -> QuerySet[Group]:
    """The groups of a track, with those of the tracks it includes. With `on`, only those still held then."""
    found = (
        Group.objects.filter(track__program_id=track.program_id, track__code__in=[track.code, *track.includes])
        .select_related("type", "track", "curriculum")
        .order_by("pk")
    )
    return (
        found.filter(Q(held_until__isnull=True) | Q(held_until__gt=on)) if on else found.filter(held_until__isnull=True)
    )


def groups_by_track(tracks: Iterable[Track], on: date) -> dict[int, list[Group]]:
    """What `groups_of` says on a day, of many tracks in one query, by the id of the track."""
    asked = list(tracks)
    held = Group.objects.filter(Q(held_until__isnull=True) | Q(held_until__gt=on), **_those("track", asked))
    return _by_track(asked, held.select_related("type", "track", "curriculum").order_by("pk"), lambda group: group.track, lambda group: group.pk)


def _those(where: str, tracks: list[Track]) -> dict[str, Any]:
    """Asks for rows of these tracks and of those they include, and perhaps for some of a track of the same code elsewhere."""
    codes = {code for track in tracks for code in (track.code, *track.includes)}
    return {f"{where}__program__in": {track.program_id for track in tracks}, f"{where}__code__in": codes}


def _by_track(tracks: list[Track], rows: Iterable[Row], of: Callable[[Row], Track], order: Callable[[Row], Any]) -> dict[int, list[Row]]:
    """The rows of each track and of the tracks it includes, in their order, by the id of the track."""
    found: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        found.setdefault((of(row).program_id, of(row).code), []).append(row)
    return {
        track.pk: sorted((row for code in dict.fromkeys([track.code, *track.includes]) for row in found.get((track.program_id, code), ())), key=order)
        for track in tracks
    }


def closed_days(site: Site, first: date, last: date) -> dict[date, str]:
    """Reasons by day, from `first` to `last` inclusive."""
    return dict(ClosedDay.objects.filter(opened_at__isnull=True, site=site, on__gte=first, on__lte=last).values_list("on", "reason"))


def meetings_of(track: Track, week: int | None = None) -> list[Meeting]:
    """The weekly meetings of a track that hold now, in order; with `week`, those of that week of the program."""
    return [m for m in meetings_by_track([track])[track.pk] if week is None or in_week(m, week)]


def meetings_by_track(tracks: Iterable[Track]) -> dict[int, list[Meeting]]:
    """What `meetings_of` says, of many tracks in one query, by the id of the track."""
    asked = list(tracks)
    every = Meeting.objects.filter(held_until__isnull=True, group__held_until__isnull=True, **_those("group__track", asked))
    rows = every.select_related("group__type", "group__track__program", "leader__person", "room").order_by("pk")
    return _by_track(asked, rows, lambda meeting: meeting.group.track, lambda meeting: (meeting.weekday, meeting.starts, meeting.group_id))


def in_week(meeting: Meeting, week: int) -> bool:
    return meeting.week_from <= week and (meeting.week_until is None or week <= meeting.week_until)


def services_of(track: Track, week: int, meetings: list[Meeting] | None = None) -> list[hours.Service]:
    """What one person of the track attends in a week: optional groups left out, one of each set of parallel groups.

    `meetings` are the track's, when they were read already.
    """
    chosen: dict[str, int] = {}
    services = []
    for meeting in meetings_of(track) if meetings is None else meetings:
        group = meeting.group
        if not in_week(meeting, week):
            continue
        if not group.required or meeting.optional:
            continue
        if group.choose_one and chosen.setdefault(group.choose_one, group.pk) != group.pk:
            continue
        services.append(
            hours.Service(
                meeting.weekday,
                meeting.starts,
                meeting.ends,
                group.type.code,
                title=group.name,
                counts=group.type.countable,
            )
        )
    return services


def week_of(track: Track, week: int, meetings: list[Meeting] | None = None) -> hours.Week:
    """The hours of one week of a track, counted."""
    return hours.count_week(services_of(track, week, meetings))


def sessions_by_type(program: Program) -> dict[str, int]:
    """How many group sessions the whole program holds, by kind of group."""
    found: Counter[str] = Counter()
    for meeting in Meeting.objects.filter(
        group__track__program=program, held_until__isnull=True, group__held_until__isnull=True
    ).select_related("group__type"):
        found[meeting.group.type.code] += (meeting.week_until or program.weeks) - meeting.week_from + 1
    return dict(found)


def individual_sessions(program: Program) -> int:
    total = 0
    for entry in program.floating:
        weeks = 1 if entry.get("any_of_weeks") else len(entry.get("weeks") or range(program.weeks))
        total += weeks * entry.get("per_week", 1)
    return total


@dataclass(frozen=True)
class PublishedLine:
    """One published number beside what the program comes to here."""

    what: str
    published: Any
    found: Any

    @property
    def agrees(self) -> bool:
        return bool(self.published == self.found)


@dataclass(frozen=True)
class Phase:
    """A stretch of weeks that look alike, counted, with the verdict of the program's own rule."""

    name: str
    track: Track
    weeks: list[int]
    week: hours.Week
    verdict: hours.HoursVerdict | None
    published: list[PublishedLine]


def published(program: Program) -> list[PublishedLine]:
    """The published totals of the program, each beside the total of the stored timetable."""
    counts = program.published_counts or {}
    found = sessions_by_type(program)
    lines = [
        PublishedLine(code, number, found.get(code, 0)) for code, number in counts.get("sessions_by_type", {}).items()
    ]
    if counts.get("individual_sessions") is not None:
        lines.append(PublishedLine("individual", counts["individual_sessions"], individual_sessions(program)))
    return lines


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def phases(program: Program, on: date) -> list[Phase]:
    """The published phases; without any, week 1 of each offered track."""
    by_code = {t.code: t for t in program.tracks.all()}
    rule = rule_of(program, on)
    told = (program.published_counts or {}).get("phases") or [
        {"name": t.name, "track": t.code, "weeks": [1]} for t in by_code.values() if t.offered
    ]
    read = meetings_by_track(by_code[phase["track"]] for phase in told)
    out = []
    for phase in told:
        track = by_code[phase["track"]]
        meetings = read[track.pk]
        # A phase is one kind of week: when its weeks differ, each that differs is shown against the published numbers.
        weeks = [week_of(track, number, meetings) for number in phase["weeks"]]
        lines = [line for week in weeks for line in _compared(phase, week)]
        shown = [line for line in lines if not line.agrees] or _compared(phase, weeks[0])
        verdict = scheduled_verdict(weeks[0], rule) if rule else None
        out.append(Phase(phase["name"], track, list(phase["weeks"]), weeks[0], verdict, shown))
    return out


def _compared(phase: dict[str, Any], week: hours.Week) -> list[PublishedLine]:
    computed: dict[str, Any] = {
        "days": [_DAYS[d.weekday] for d in week.days],
        "services": week.services,
        "therapeutic_minutes": week.therapeutic_minutes,
        "clock_minutes": week.clock_minutes,
        "fifty_minute_hours": round(week.fifty_minute_hours, 2),
        "longest_gap_days": week.longest_gap,
    }
    return [PublishedLine(name, phase[name], value) for name, value in computed.items() if phase.get(name) is not None]


def rule_of(program: Program, on: date) -> hours.HoursRule | None:
    """The hours rule of a program that is in force on a day."""
    code = program.hours_rule or GENERAL_RULES.get(Population(program.population), "iop_adult_9h")
    return hours.in_force(hours_rules(), code, on)


@cache
def hours_rules() -> tuple[hours.HoursRule, ...]:
    """Every dated hours rule, read once."""
    return hours.rules(parsed("hours_rules"))


def scheduled_verdict(week: hours.Week, rule: hours.HoursRule) -> hours.HoursVerdict:
    """What the rule would say of this week if everything scheduled is attended and documented."""
    return hours.check(week, replace(rule, basis=week.basis))
