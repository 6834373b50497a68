"""What a week is made of: the people, rooms and groups, and the week itself. Frozen values, in and out.

Times are minutes after midnight on a weekday (0 is Monday); `end` is exclusive. Codes name things; nobody's name is
needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

_T = TypeVar("_T")
_K = TypeVar("_K", int, str)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUP_KINDS = (
    "process",
    "curriculum",
    "skills",
    "education",
    "relapse_prevention",
    "peer",
    "complementary",
    "family_group",
    "multi_family",
)
VISIT_KINDS = ("individual", "family", "medication")
MODES = ("in_person", "video")
LEVELS = ("needs", "continuity", "disturbance", "shape", "economy")
# Repair asks for calm first: what somebody has today counts for more than what they would have liked.
REPAIR_ORDER = ("needs", "disturbance", "continuity", "shape", "economy")

# What one unit of each goal costs. Weights compare only goals of one level; levels are compared in order.
WEIGHTS: Mapping[str, int] = {
    "needs.individual": 10,
    "needs.process": 10,
    "needs.medication": 6,
    "needs.curriculum": 6,
    "needs.education": 6,
    "needs.relapse_prevention": 6,
    "needs.family": 6,
    "needs.skills": 3,
    "needs.peer": 3,
    "needs.complementary": 3,
    "needs.family_group": 3,
    "needs.multi_family": 3,
    "needs.cut": 2,  # a meeting of a group somebody attends that is not held
    "needs.hours": 4,  # each fifty minutes missing to the week's minimum
    "needs.days": 8,  # each day missing
    "needs.short_day": 4,  # each day of care with fewer minutes than the rule asks
    "needs.days_off": 4,  # each stretch of days without care that is longer than the rule allows
    "continuity.primary": 3,  # an individual hour with somebody else
    "continuity.process": 3,  # last week's process group left
    "continuity.group": 1,  # any other group of last week left
    "continuity.prefers": 1,
    "continuity.avoids": 1,
    "continuity.together": 2,
    "disturbance.person": 100,
    "disturbance.meeting": 10,
    "disturbance.leader": 1,
    "shape.gap": 2,  # each empty block between two services of a day
    "shape.single": 3,  # a day for one service only
    "shape.topic": 1,  # the same topic again on one day
    "economy.held": 2,  # each meeting held
    "economy.thin": 1,  # each seat below the first well-filled size
    "economy.crowded": 1,  # each seat above it
    "economy.load": 1,  # each hour of the most loaded member of staff
}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Part of a weekday."""

    day: int
    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.day == other.day and self.start < other.end and other.start < self.end

    def within(self, other: Span) -> bool:
        return self.day == other.day and other.start <= self.start and self.end <= other.end

    def __str__(self) -> str:
        return f"{DAYS[self.day]} {clock(self.start)}-{clock(self.end)}"


# The meetings of a group in one week, in order. None: that meeting is not held this week.
Pattern = tuple[Span | None, ...]


@dataclass(frozen=True, slots=True)
class Site:
    code: str
    closed: frozenset[int] = frozenset()  # weekdays of this week on which nothing is held


@dataclass(frozen=True, slots=True)
class Room:
    """`kind` is group, office or video. `seats` are people besides the leader; of a video room, people on the call.
    `free` empty: always."""

    code: str
    site: str
    kind: str
    seats: int = 1
    equipment: frozenset[str] = frozenset()
    free: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Staff:
    """`leads` and `visits` are the kinds of group and visit they may hold, `conditions` the condition groups they may
    lead (groups without a condition need none). None: no such limit. Somebody who works at two sites stands here
    twice, with one `person`.
    """

    code: str
    site: str
    free: tuple[Span, ...]
    leads: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    credentials: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"en"})
    modes: frozenset[str] = frozenset(MODES)
    most_minutes_week: int | None = None
    most_minutes_day: int | None = None
    most_groups_day: int | None = None
    caseload: int | None = None  # people seen individually
    person: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the program's template. `patterns` are the times it may be held, one of them if it is held; a bundle
    has several meetings on different days that the same people attend.

    `leaders` empty: anybody qualified. `room` is the kind of room it needs, "" for none. `members` matter when the
    group is closed: only they may attend. `lesson` 0: no lesson of a curriculum. `ordered`: lessons are heard in
    order.
    """

    code: str
    site: str
    kind: str
    patterns: tuple[Pattern, ...]
    least: int = 2
    most: int = 12
    track: str = ""
    condition: str = ""
    topic: str = ""
    mode: str = "in_person"
    language: str = "en"
    open: bool = True
    members: frozenset[str] = frozenset()
    leaders: tuple[str, ...] = ()
    credentials: frozenset[str] = frozenset()  # any one of them
    room: str = "group"
    equipment: frozenset[str] = frozenset()
    counts: bool = True
    curriculum: str = ""
    lesson: int = 0
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """So many groups or visits of a kind. `most` allows more than `count` where it helps the hours. `minutes` is the
    length of a visit."""

    kind: str
    count: int = 1
    minutes: int = 50
    most: int | None = None

    @property
    def limit(self) -> int:
        return self.count if self.most is None else max(self.count, self.most)


@dataclass(frozen=True, slots=True)
class Client:
    """`minutes_a_week`, `days_a_week`, `day_min_minutes` and `max_days_off` are what the payer's rule asks, in minutes
    inside services. `next_lesson` is the place in each ordered curriculum, `heard` lessons heard of the others.
    `groups` are last week's. `urgency` orders the waiting list, higher first. `tracks` empty: any.
    """

    code: str
    site: str
    free: tuple[Span, ...]
    needs: tuple[Need, ...]
    conditions: tuple[str, ...] = ()
    modes: frozenset[str] = frozenset({"in_person"})
    languages: tuple[str, ...] = ("en",)
    minutes_a_week: int = 0
    days_a_week: int = 0
    day_min_minutes: int = 0
    max_days_off: int | None = None
    most_minutes_day: int | None = None
    primary: str = ""
    groups: frozenset[str] = frozenset()
    next_lesson: tuple[tuple[str, int], ...] = ()
    heard: frozenset[tuple[str, int]] = frozenset()
    prefers: frozenset[str] = frozenset()  # groups
    avoids: frozenset[str] = frozenset()  # groups
    not_staff: frozenset[str] = frozenset()  # staff they must not meet
    tracks: frozenset[str] = frozenset()
    urgency: int = 0
    waiting_days: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """A meeting of a group; `number` is its place in the group's pattern."""

    group: str
    number: int
    span: Span
    leader: str
    room: str


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    client: str
    kind: str
    span: Span
    staff: str
    room: str
    mode: str = "in_person"


@dataclass(frozen=True)
class Week:
    """A timetable: meetings held, who attends which group, and the visits. Order means nothing; it is kept sorted."""

    meetings: tuple[Meeting, ...] = ()
    members: tuple[tuple[str, str], ...] = ()  # (group, client)
    visits: tuple[Visit, ...] = ()

    @classmethod
    def of(cls, meetings: Iterable[Meeting], members: Iterable[tuple[str, str]], visits: Iterable[Visit]) -> Week:
        return cls(tuple(sorted(meetings)), tuple(sorted(members)), tuple(sorted(visits)))

    @cached_property
    def meetings_of(self) -> Mapping[str, tuple[Meeting, ...]]:
        return _by(self.meetings, lambda m: m.group)

    @cached_property
    def members_of(self) -> Mapping[str, tuple[str, ...]]:
        out: dict[str, list[str]] = {}
        for group, client in self.members:
            out.setdefault(group, []).append(client)
        return {group: tuple(people) for group, people in out.items()}

    @cached_property
    def groups_of(self) -> Mapping[str, tuple[str, ...]]:
        out: dict[str, list[str]] = {}
        for group, client in self.members:
            out.setdefault(client, []).append(group)
        return {client: tuple(groups) for client, groups in out.items()}

    @cached_property
    def visits_of(self) -> Mapping[str, tuple[Visit, ...]]:
        return _by(self.visits, lambda v: v.client)

    def hours_of(self, client: str) -> list[Span]:
        """Everything a client comes to, in order."""
        spans = [m.span for g in self.groups_of.get(client, ()) for m in self.meetings_of.get(g, ())]
        return sorted(spans + [v.span for v in self.visits_of.get(client, ())])


@dataclass(frozen=True)
class Facts:
    """Everything a week is decided from. `blocks` is the grid of each day (visits begin with a block of
    `visit_blocks`). `order` is the order of the soft goals, `weights` overrides of WEIGHTS. `kept` stays as it is.
    `travel` concerns staff who work at two sites: their hours there lie at least so far apart.
    """

    blocks: tuple[Span, ...]
    sites: tuple[Site, ...]
    rooms: tuple[Room, ...]
    staff: tuple[Staff, ...]
    groups: tuple[Group, ...]
    clients: tuple[Client, ...]
    apart: frozenset[frozenset[str]] = frozenset()
    together: frozenset[frozenset[str]] = frozenset()
    kept: Week = field(default_factory=Week)
    order: tuple[str, ...] = LEVELS
    weights: Mapping[str, int] = field(default_factory=dict)
    visit_blocks: tuple[Span, ...] = ()
    well_filled: tuple[int, int] = (6, 10)
    travel: Mapping[frozenset[str], int] = field(default_factory=dict)  # minutes between two sites
    name: str = ""

    @cached_property
    def site(self) -> Mapping[str, Site]:
        return {s.code: s for s in self.sites}

    @cached_property
    def room(self) -> Mapping[str, Room]:
        return {r.code: r for r in self.rooms}

    @cached_property
    def member(self) -> Mapping[str, Staff]:
        """Staff by code."""
        return {s.code: s for s in self.staff}

    @cached_property
    def group(self) -> Mapping[str, Group]:
        return {g.code: g for g in self.groups}

    @cached_property
    def client(self) -> Mapping[str, Client]:
        return {c.code: c for c in self.clients}

    @cached_property
    def grid(self) -> Mapping[int, tuple[Span, ...]]:
        """The blocks of each day, in order."""
        return _by(sorted(self.blocks), lambda b: b.day)

    @cached_property
    def kept_apart(self) -> Mapping[str, frozenset[str]]:
        """For each client the people they must not meet."""
        return _pairs(self.apart)

    @cached_property
    def kept_together(self) -> Mapping[str, frozenset[str]]:
        return _pairs(self.together)

    def weight(self, goal: str) -> int:
        return self.weights.get(goal, WEIGHTS.get(goal, 3))


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans that touch or overlap become one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and out[-1].day == span.day and span.start <= out[-1].end:
            out[-1] = Span(span.day, out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of spans when others are taken out."""
    left = list(spans)
    for gone in taken:
        rest: list[Span] = []
        for span in left:
            if not span.overlaps(gone):
                rest.append(span)
                continue
            if span.start < gone.start:
                rest.append(Span(span.day, span.start, gone.start))
            if gone.end < span.end:
                rest.append(Span(span.day, gone.end, span.end))
        left = rest
    return tuple(left)


def _by(items: Iterable[_T], key: Callable[[_T], _K]) -> dict[_K, tuple[_T, ...]]:
    out: dict[_K, list[_T]] = {}
    for item in items:
        out.setdefault(key(item), []).append(item)
    return {name: tuple(found) for name, found in out.items()}


def _pairs(pairs: Iterable[frozenset[str]]) -> dict[str, frozenset[str]]:
    out: dict[str, set[str]] = {}
    for pair in pairs:
        for one in pair:
            out.setdefault(one, set()).update(pair - {one})
    return {one: frozenset(others) for one, others in out.items()}
