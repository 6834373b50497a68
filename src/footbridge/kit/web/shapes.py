"""What the larger parts are given: small frozen shapes that a stage's reads can build and a test can compare."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """A step of a journey. `state` is "done", "current" or "next"."""

    label: Any
    state: str = "next"
    href: str = ""


@dataclass(frozen=True)
class Task:
    """A line of a task list: where it leads, its status word and tone, and a hint."""

    label: Any
    href: str = ""
    status: Any = ""
    tone: str = "neutral"
    hint: Any = ""


@dataclass(frozen=True)
class Person:
    """The head of every clinical page. Two identifiers at least (SAFER): `identifiers` are (label, value) pairs.

    `tags` are (label, tone) pairs, `facts` (label, value) pairs. `now` is a risk sentence, shown in the "now" colour.
    """

    name: str
    identifiers: Sequence[tuple[Any, Any]]
    pronouns: Any = ""
    href: str = ""
    now: Any = ""
    tags: Sequence[tuple[Any, str]] = ()
    facts: Sequence[tuple[Any, Any]] = ()
    links: Sequence[tuple[Any, str, bool]] = ()  # label, url, current: the tabs of a chart


@dataclass(frozen=True)
class RosterRow:
    """One person of a session. `options` are (value, label, key letter); `name` is the posted field's name.

    `minutes_name` adds a typed number of minutes; empty leaves it out.
    """

    person: str
    name: str
    options: Sequence[tuple[str, Any, str]]
    chosen: str = ""
    href: str = ""
    note: Any = ""
    tags: Sequence[tuple[Any, str]] = ()
    minutes_name: str = ""
    minutes: Any = ""


@dataclass(frozen=True)
class Entry:
    """What stands in one cell of a timetable. `lines` are quiet lines (leader, room, places)."""

    title: Any
    lines: Sequence[Any] = ()
    href: str = ""
    tone: str = ""
    tag: Any = ""


@dataclass(frozen=True)
class Day:
    label: Any
    date: Any = ""
    today: bool = False


@dataclass(frozen=True)
class TimeRow:
    """A time block: `cells[i]` lists the entries of `days[i]`."""

    label: Any
    cells: Sequence[Sequence[Entry]]


@dataclass(frozen=True)
class Timetable:
    caption: Any
    days: Sequence[Day]
    rows: Sequence[TimeRow]

    @property
    def by_day(self) -> list[tuple[Day, list[tuple[Any, Sequence[Entry]]]]]:
        """The same week as lists, for small screens and for reading aloud."""
        return [
            (day, [(row.label, row.cells[i]) for row in self.rows if i < len(row.cells) and row.cells[i]])
            for i, day in enumerate(self.days)
        ]


@dataclass(frozen=True)
class NavItem:
    """One line of the side or bottom navigation. `icon` is a name of `icons.NAMES`."""

    label: Any
    url: str
    current: bool = False
    key: str = ""
    icon: str = ""
    count: int = 0
    items: Sequence["NavItem"] = field(default=())
