"""The program file: one readable YAML file that says what a program is. Read, checked, and every error named by line
with its mend.

Pure: text in, a `Program` out, or `ProgramFault` with every problem found. The importer (importing.py) writes it to
the database; the field-by-field description is docs/formats.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from footbridge.engines.due import asking
from footbridge.engines.hours import Floating, Service, Week, count_week

DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Mode = Literal["in_person", "video", "hybrid"]
Level = Literal["outpatient", "iop", "php", "residential", "withdrawal", "inpatient"]
Mark = Literal["V", "V2", "K", "U", ""]
Focus = Literal["mood", "anxiety", "trauma", "trauma_anxiety", "substance_use", "eating", "general", "dual"]
DAYS: tuple[str, ...] = get_args(DayName)
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def _clock(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        hours, minutes = value.split(":")
        return time(int(hours), int(minutes))
    raise ValueError("write a time like 09:00 or 17:30")


def _weeks(value: object) -> object:
    """ "1-16", "5", "1-4, 9-12" or a list of numbers → ascending week numbers."""
    if isinstance(value, bool):
        raise ValueError('write weeks like "1-16" or "1-4, 9"')
    if isinstance(value, int):
        value = str(value)
    if isinstance(value, list):
        value = ", ".join(str(v) for v in value)
    if not isinstance(value, str):
        raise ValueError('write weeks like "1-16" or "1-4, 9"')
    found: set[int] = set()
    for part in value.split(","):
        match = re.fullmatch(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})\s*)?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last:
            raise ValueError('write weeks like "1-16" or "1-4, 9"')
        found.update(range(first, last + 1))
    return tuple(sorted(found))


Clock = Annotated[time, BeforeValidator(_clock)]
Weeks = Annotated[tuple[int, ...], BeforeValidator(_weeks)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    what: str
    url: str = ""
    confirms: str = ""
    mark: Mark = ""


class Room(Part):
    code: Code
    name: str
    kind: Literal["group", "office", "video"] = "group"
    seats: int = Field(default=12, ge=1, le=200)


class Site(Part):
    code: Code
    name: str
    time_zone: str
    address: str = ""
    phone: str = ""
    closed_on: tuple[date, ...] = ()
    rooms: tuple[Room, ...] = ()


class GroupType(Part):
    """A kind of group with its size limits. `countable` is False for what no payer counts."""

    code: Code
    name: str
    kind: Literal["process", "skills", "education", "relapse_prevention", "peer", "family", "support", "practice"]
    min: int = Field(default=3, ge=1)
    max: int = Field(default=12, ge=1)
    countable: bool = True
    source: str = ""
    mark: Mark = ""


class Lesson(Part):
    number: int = Field(ge=1)
    title: str
    about: str = ""
    mark: Mark = ""


class Module(Part):
    code: Code
    title: str
    lessons: tuple[Lesson, ...]


class Curriculum(Part):
    """`entry` any: people may begin at any lesson. `repeat`: once (each lesson counts once), again (may be heard
    again, counts once), free (numbers only count sessions, topics are chosen by the group). `order` confirmed:
    whether the order is the publisher's.
    """

    code: Code
    title: str
    entry: Literal["any", "start"] = "any"
    repeat: Literal["once", "again", "free"] = "once"
    order: Literal["fixed", "unconfirmed", "free"] = "fixed"
    lessons: tuple[Lesson, ...] = ()
    modules: tuple[Module, ...] = ()
    electives: tuple[str, ...] = ()
    notes: str = ""

    @property
    def all_lessons(self) -> tuple[Lesson, ...]:
        return self.lessons + tuple(lesson for module in self.modules for lesson in module.lessons)


class Track(Part):
    """A weekly pattern people join. `includes`: all groups of other tracks belong to it too. `offered` False keeps an
    old pattern on record.
    """

    code: Code
    name: str
    part_of_day: Literal["morning", "afternoon", "evening", "day"]
    mode: Mode = "in_person"
    site: Code | None = None
    level: Level | None = None
    includes: tuple[Code, ...] = ()
    offered: bool = True
    notes: str = ""


class Meeting(Part):
    """One weekly hour. `leader` is the address of somebody on the staff list."""

    day: DayName
    start: Clock
    end: Clock
    weeks: Weeks | None = None
    room: Code | None = None
    mode: Mode | None = None
    leader: str | None = None

    @property
    def minutes(self) -> int:
        return self.end.hour * 60 + self.end.minute - self.start.hour * 60 - self.start.minute


class Group(Part):
    """`open`: people may join while it runs. `choose_one` names a set of parallel groups of which a person attends
    one.
    """

    code: Code
    track: Code
    name: str
    type: Code
    condition_focus: Focus = "general"
    curriculum: Code | None = None
    open: bool = True
    min: int | None = Field(default=None, ge=1)
    max: int | None = Field(default=None, ge=1)
    choose_one: Code | None = None
    required: bool = True
    language: str = "en"
    meetings: tuple[Meeting, ...] = Field(min_length=1)


class Individual(Part):
    """Individual or family sessions without a fixed day: how many minutes, in which weeks (`any_of_weeks` when one of
    several will do).
    """

    code: Code
    name: str
    kind: Literal["individual", "family", "medication"] = "individual"
    minutes: int = Field(ge=10, le=240)
    weeks: Weeks | None = None
    any_of_weeks: Weeks | None = None
    per_week: int = Field(default=1, ge=1, le=7)
    note: str = ""


class Testing(Part):
    kinds: tuple[str, ...]
    per_week: int = Field(default=1, ge=1)
    weeks: Weeks | None = None
    timing: str = ""
    mark: Mark = ""


class Asking(Part):
    """What is asked at which event: one line of the schedule of measures. Days count from the event; see engines.due.

    The same code may stand twice with another `effective_from`: the newest that has begun holds.
    """

    code: Code
    event: Literal["intake", "weekly", "every", "trigger", "discharge", "after_discharge"]
    ask: tuple[Code, ...] = Field(min_length=1)
    day: int = 0
    due_days: int = Field(default=0, ge=0)
    open_days: int = Field(default=7, ge=1)
    early_days: int = Field(default=3, ge=0)
    every_days: int = Field(default=0, ge=0)
    tracks: tuple[Code, ...] = ()
    focus: tuple[Focus, ...] = ()
    who: Literal["self", "staff"] = "self"
    also_counts: tuple[Code, ...] = ()
    source: str
    mark: Mark = ""
    effective_from: date


class PublishedPhase(Part):
    """What the publisher's week must come to. Only what is named is compared."""

    name: str
    track: Code
    weeks: Weeks
    days: tuple[DayName, ...] | None = None
    services: int | None = None
    therapeutic_minutes: int | None = None
    clock_minutes: int | None = None
    fifty_minute_hours: float | None = None
    longest_gap_days: int | None = None


class Published(Part):
    sessions_by_type: dict[str, int] = Field(default_factory=dict)
    individual_sessions: int | None = None
    phases: tuple[PublishedPhase, ...] = ()


class ProgramHead(Part):
    code: Code
    name: str
    population: Literal["adult", "adolescent"]
    level: Level = "iop"
    condition_focus: Focus = "general"
    duration_weeks: int = Field(ge=1, le=104)
    hours_rule: Code | None = None
    description: str = ""
    languages: tuple[str, ...] = ("en",)
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()


class Program(Part):
    program: ProgramHead
    sites: tuple[Site, ...] = ()
    group_types: tuple[GroupType, ...] = ()
    curricula: tuple[Curriculum, ...] = ()
    tracks: tuple[Track, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)
    individual: tuple[Individual, ...] = ()
    testing: Testing | None = None
    measures: tuple[Asking, ...] = ()
    published_counts: Published = Published()

    def type_of(self, group: Group) -> GroupType:
        return next(t for t in self.group_types if t.code == group.type)

    def curriculum_of(self, group: Group) -> Curriculum | None:
        return next((c for c in self.curricula if c.code == group.curriculum), None)

    def groups_of(self, track: str) -> tuple[Group, ...]:
        """The groups of a track, with those of the tracks it includes."""
        wanted = {track, *next((t.includes for t in self.tracks if t.code == track), ())}
        return tuple(g for g in self.groups if g.track in wanted)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `line` counts from 1; 0 means the file as a whole."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class ProgramFault(ValueError):
    """The file cannot be used as it is; `problems` says why, in order of lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.line))
        super().__init__("\n".join(str(p) for p in self.problems))


def read(text: str) -> Program:
    """The program in a file's text. Raises ProgramFault with every problem that could be found."""
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = (error.problem or "this is not YAML").split("\n")[0]
        raise ProgramFault(
            [Problem(mark.line + 1 if mark else 0, f"{said}; check the spaces and colons here")]
        ) from error
    if not isinstance(tree, CommentedMap):
        raise ProgramFault([Problem(1, "the file must begin with 'program:', 'tracks:' and 'groups:'")])
    try:
        program = Program.model_validate(_plain(tree))
    except ValidationError as error:
        raise ProgramFault(_said(tree, error.errors())) from error
    problems = list(_inconsistencies(program, tree))
    if problems:
        raise ProgramFault(problems)
    return program


# --- what happens when
# --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One meeting of one week, with the lesson that stands in that place when the group begins at lesson 1."""

    week: int
    weekday: int
    start: time
    end: time
    group: str
    type: str
    lesson: Lesson | None

    @property
    def minutes(self) -> int:
        return self.end.hour * 60 + self.end.minute - self.start.hour * 60 - self.start.minute


def sessions(program: Program, track: str | None = None) -> tuple[PlannedSession, ...]:
    """Every session of the whole duration in order, for one track or for all tracks that are offered."""
    offered = {t.code for t in program.tracks if t.offered}
    groups = program.groups_of(track) if track else [g for g in program.groups if g.track in offered]
    planned: list[PlannedSession] = []
    for group in groups:
        curriculum = program.curriculum_of(group)
        lessons = iter(curriculum.all_lessons if curriculum else ())
        slots = [
            (week, DAYS.index(meeting.day), meeting)
            for meeting in group.meetings
            for week in meeting.weeks or range(1, program.program.duration_weeks + 1)
        ]
        for week, weekday, meeting in sorted(slots, key=lambda s: (s[0], s[1], s[2].start)):
            planned.append(
                PlannedSession(week, weekday, meeting.start, meeting.end, group.code, group.type, next(lessons, None))
            )
    return tuple(sorted(planned, key=lambda s: (s.week, s.weekday, s.start, s.group)))


def week_of(program: Program, track: str, week: int, *, with_individual: bool = False) -> Week:
    """The hours of one week of a track as one person lives it. Of parallel groups (`choose_one`) the first counts.

    `with_individual` adds the individual sessions that fall in this week as minutes without a day.
    """
    services: list[Service] = []
    taken: dict[str, str] = {}
    for group in program.groups_of(track):
        if not group.required or (group.choose_one and taken.setdefault(group.choose_one, group.code) != group.code):
            continue
        kind = program.type_of(group)
        services += [
            Service(DAYS.index(m.day), m.start, m.end, group.type, title=group.name, counts=kind.countable)
            for m in group.meetings
            if m.weeks is None or week in m.weeks
        ]
    floating = [
        Floating(i.kind, i.minutes * i.per_week) for i in program.individual if with_individual and _falls_in(i, week)
    ]
    return count_week(services, floating)


def _falls_in(individual: Individual, week: int) -> bool:
    if individual.any_of_weeks is not None:
        return week == individual.any_of_weeks[0]
    return individual.weeks is None or week in individual.weeks


@dataclass(frozen=True, slots=True)
class Difference:
    """A published count that the file does not come to."""

    what: str
    published: object
    found: object

    def __str__(self) -> str:
        return f"{self.what}: published {self.published}, the file comes to {self.found}"


def compare_with_published(program: Program) -> tuple[Difference, ...]:
    """Counts computed from the file beside those its publisher names. Empty when they agree."""
    counts = program.published_counts
    out: list[Difference] = []
    found = Counter(s.type for s in sessions(program))
    for kind, number in counts.sessions_by_type.items():
        if found[kind] != number:
            out.append(Difference(f"sessions of {kind}", number, found[kind]))
    if counts.individual_sessions is not None:
        individual = sum(_how_many(i, program.program.duration_weeks) for i in program.individual)
        if individual != counts.individual_sessions:
            out.append(Difference("individual sessions", counts.individual_sessions, individual))
    for phase in counts.phases:
        for number in phase.weeks:
            week = week_of(program, phase.track, number)
            computed: dict[str, object] = {
                "days": tuple(DAYS[d.weekday] for d in week.days),
                "services": week.services,
                "therapeutic_minutes": week.therapeutic_minutes,
                "clock_minutes": week.clock_minutes,
                "fifty_minute_hours": round(week.fifty_minute_hours, 2),
                "longest_gap_days": week.longest_gap,
            }
            for name, value in computed.items():
                wanted = getattr(phase, name)
                if wanted is not None and wanted != value:
                    out.append(Difference(f"{phase.name}, week {number}, {name}", wanted, value))
    return tuple(out)


def _how_many(individual: Individual, duration_weeks: int) -> int:
    if individual.any_of_weeks is not None:
        return individual.per_week
    return individual.per_week * len(individual.weeks or range(duration_weeks))


# --- errors with a line
# -----------------------------------------------------------------------------------------------------------


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _line(tree: Any, path: Sequence[str | int]) -> int:
    """The line (from 1) of a place in the tree, or of the nearest place above it."""
    line, node = 1, tree
    for step in path:
        if isinstance(node, CommentedMap) and step in node:
            line, node = node.lc.key(step)[0] + 1, node[step]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and 0 <= step < len(node):
            line, node = node.lc.item(step)[0] + 1, node[step]
        else:
            break
    return line


def _said(tree: CommentedMap, details: Sequence[Any]) -> Iterator[Problem]:
    """One problem for each mistake: what only follows from another one (a list that looks empty, a field misnamed) is
    not said twice.
    """
    meant = {
        (*detail["loc"][:-1], near)
        for detail in details
        if detail["type"] == "extra_forbidden"
        for near in _nearest(str(detail["loc"][-1]), _fields_at(detail["loc"][:-1]))
    }
    for detail in details:
        below = any(d is not detail and d["loc"][: len(detail["loc"])] == detail["loc"] for d in details)
        if (detail["type"] == "too_short" and below) or (detail["type"] == "missing" and detail["loc"] in meant):
            continue
        yield _say(tree, detail)


def _nearest(name: str, fields: Sequence[str]) -> list[str]:
    meant = [n for n in _MEANT.get(name, []) if n in fields]
    return meant or get_close_matches(name, fields, n=1, cutoff=0.5)


def _say(tree: CommentedMap, detail: Any) -> Problem:
    path: tuple[str | int, ...] = tuple(p for p in detail["loc"])
    name = path[-1] if path else ""
    line = _line(tree, path)
    fields = _fields_at(path[:-1])
    match detail["type"]:
        case "extra_forbidden":
            near = _nearest(str(name), fields)
            mend = f"did you mean '{near[0]}'?" if near else f"fields here are {', '.join(fields)}"
            return Problem(line, f"'{name}' is not a field here; {mend}")
        case "missing":
            return Problem(_line(tree, path[:-1]), f"'{name}' is missing here")
        case "literal_error":
            allowed = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return Problem(line, f"'{detail['input']}' cannot stand for '{_named(path)}'; write one of {allowed}")
        case "string_pattern_mismatch":
            return Problem(
                line, f"'{detail['input']}' cannot be a code; use small letters, digits and _ (like early_skills)"
            )
        case "value_error":
            return Problem(line, f"'{detail['input']}' cannot stand for '{_named(path)}'; {detail['ctx']['error']}")
        case "too_short":
            return Problem(line, f"'{_named(path)}' must not be empty")
        case "model_type" | "tuple_type" | "dict_type":
            form = "a list (lines that begin with '- ')" if detail["type"] == "tuple_type" else "fields with values"
            return Problem(line, f"'{_named(path)}' must be {form}")
        case _:
            said = str(detail["msg"]).replace("Input should be", "must be")
            return Problem(line, f"'{_named(path)}' {said[0].lower() + said[1:]} (here: {detail['input']!r})")


_MEANT = {
    "weekday": ["day"],
    "from": ["start"],
    "until": ["end"],
    "to": ["end"],
    "kind": ["type"],
    "title": ["name"],
    "size": ["max"],
}


def _named(path: Sequence[str | int]) -> str:
    return next((str(p) for p in reversed(path) if isinstance(p, str)), "the file")


def _fields_at(path: Sequence[str | int]) -> list[str]:
    model: Any = Program
    for step in path:
        if isinstance(step, int):
            continue
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or step not in model.model_fields:
            return []
        model = _model_in(model.model_fields[step].annotation)
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _model_in(annotation: Any) -> Any:
    if get_origin(annotation) is None:
        return annotation
    inner = (_model_in(a) for a in get_args(annotation) if a is not type(None) and a is not Ellipsis)
    return next((m for m in inner if isinstance(m, type) and issubclass(m, BaseModel)), None)


def _inconsistencies(program: Program, tree: CommentedMap) -> Iterator[Problem]:
    def at(*path: str | int) -> int:
        return _line(tree, path)

    lists: dict[str, Sequence[Any]] = {
        "sites": program.sites,
        "group_types": program.group_types,
        "curricula": program.curricula,
        "tracks": program.tracks,
        "groups": program.groups,
        "individual": program.individual,
    }
    for name, entries in lists.items():
        seen: set[str] = set()
        for n, entry in enumerate(entries):
            if entry.code in seen:
                yield Problem(
                    at(name, n, "code"), f"the code '{entry.code}' is already used under {name}; give each its own"
                )
            seen.add(entry.code)
    codes = {name: [e.code for e in entries] for name, entries in lists.items()}
    rooms = {room.code: site for site in program.sites for room in site.rooms}

    def known(name: str, code: str | None, *path: str | int) -> Iterator[Problem]:
        if code is not None and code not in codes[name]:
            near = get_close_matches(code, codes[name], n=1, cutoff=0.5)
            mend = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(codes[name]) or 'none'}"
            yield Problem(at(*path), f"'{code}' is not under {name}; {mend}")

    for n, track in enumerate(program.tracks):
        yield from known("sites", track.site, "tracks", n, "site")
        for k, other in enumerate(track.includes):
            yield from known("tracks", other, "tracks", n, "includes", k)
    for n, curriculum in enumerate(program.curricula):
        numbers = [lesson.number for lesson in curriculum.all_lessons]
        if curriculum.lessons and curriculum.modules:
            yield Problem(at("curricula", n, "modules"), "write either lessons or modules, not both")
        elif numbers != list(range(1, len(numbers) + 1)):
            yield Problem(
                at("curricula", n), f"lessons of '{curriculum.code}' must be numbered 1 to {len(numbers)} in order"
            )
    for n, group_type in enumerate(program.group_types):
        if group_type.min > group_type.max:
            yield Problem(at("group_types", n, "min"), f"min {group_type.min} is more than max {group_type.max}")
    types = {t.code: t for t in program.group_types}
    for n, group in enumerate(program.groups):
        yield from known("tracks", group.track, "groups", n, "track")
        yield from known("group_types", group.type, "groups", n, "type")
        yield from known("curricula", group.curriculum, "groups", n, "curriculum")
        kind = types.get(group.type)
        if kind and group.max is not None and group.max > kind.max:
            said = f"max {group.max} is more than the limit of {kind.max} for {kind.code}"
            yield Problem(at("groups", n, "max"), said + (f" ({kind.source})" if kind.source else ""))
        if (group.min or (kind.min if kind else 1)) > (group.max or (kind.max if kind else 200)):
            yield Problem(at("groups", n), f"'{group.code}': its least size is more than its greatest")
        for k, meeting in enumerate(group.meetings):
            path = ("groups", n, "meetings", k)
            if meeting.end <= meeting.start:
                yield Problem(
                    at(*path), f"'{group.code}' ends at {meeting.end:%H:%M}, before it starts at {meeting.start:%H:%M}"
                )
            if meeting.room is not None and meeting.room not in rooms:
                yield Problem(
                    at(*path), f"room '{meeting.room}' is not under any site; known are {', '.join(rooms) or 'none'}"
                )
            if meeting.weeks and meeting.weeks[-1] > program.program.duration_weeks:
                weeks = program.program.duration_weeks
                yield Problem(
                    at(*path), f"week {meeting.weeks[-1]} lies after the end; the program lasts {weeks} weeks"
                )
    begun: set[tuple[str, date]] = set()
    for n, line in enumerate(program.measures):
        for k, named in enumerate(line.tracks):
            yield from known("tracks", named, "measures", n, "tracks", k)
        if (line.code, line.effective_from) in begun:
            yield Problem(
                at("measures", n, "code"),
                f"'{line.code}' stands here twice from {line.effective_from}; give one another code or date",
            )
        begun.add((line.code, line.effective_from))
        try:
            asking(line.model_dump(mode="json"))
        except ValueError as error:
            yield Problem(at("measures", n), str(error))
    yield from _double_bookings(program, at)
    for n, phase in enumerate(program.published_counts.phases):
        yield from known("tracks", phase.track, "published_counts", "phases", n, "track")
    for name in program.published_counts.sessions_by_type:
        yield from known("group_types", name, "published_counts", "sessions_by_type", name)


def _double_bookings(program: Program, at: Any) -> Iterator[Problem]:
    """A room holds one group at a time, and a group meets once at a time."""
    offered = {t.code for t in program.tracks if t.offered}
    booked: list[tuple[str, str, int, int, Meeting]] = []
    for n, group in enumerate(program.groups):
        if group.track not in offered:
            continue
        for k, meeting in enumerate(group.meetings):
            for other_room, other_code, _, _, other in booked:
                same_weeks = not meeting.weeks or not other.weeks or set(meeting.weeks) & set(other.weeks)
                at_once = meeting.day == other.day and meeting.start < other.end and other.start < meeting.end
                if not (same_weeks and at_once):
                    continue
                if meeting.room is not None and meeting.room == other_room:
                    said = f"room '{meeting.room}' already holds '{other_code}' on {other.day} at {other.start:%H:%M}"
                    yield Problem(at("groups", n, "meetings", k), said)
                elif group.code == other_code:
                    said = f"'{group.code}' already meets on {other.day} at {other.start:%H:%M}"
                    yield Problem(at("groups", n, "meetings", k), said)
            booked.append((meeting.room or "", group.code, n, k, meeting))
