"""From the engine's codes back to rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from footbridge.engines.timetabling import Facts, Timetable, Visit
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Group, Room, Site

OWN = "own:"  # a room of nobody's: one's own office, or a call


@dataclass(frozen=True)
class Rows:
    """Rows by the engine's codes. `monday` is the dated week, None for the template."""

    site: Site
    monday: date | None
    staff: Mapping[str, Staff]
    rooms: Mapping[str, Room]
    groups: Mapping[str, Group]
    episodes: Mapping[str, Episode]
    hours: Mapping[tuple[str, int], Any]
    visits: Mapping[tuple[str, str, int, int, str], Any]
    parts: Mapping[str, tuple[str, ...]]

    def visit(self, visit: Visit) -> Any:
        """The WeeklyVisit or Session of a visit that stands; None for one the engine made."""
        return self.visits.get(key(visit))

    def room(self, code: str) -> Room | None:
        return self.rooms.get(code)

    def whole(self, codes: Iterable[str]) -> list[Group]:
        """The groups of which all parts are among the codes."""
        given = set(codes)
        return [self.groups[parts[0]] for parts in self.parts.values() if given.issuperset(parts)]

    def names(self) -> dict[str, str]:
        """What to call each code. People are named by their record number here: who may read names asks for them."""
        out = {code: row.person.name_used for code, row in self.staff.items()}
        out |= {code: row.name for code, row in self.rooms.items()}
        out |= {code: row.name for code, row in self.groups.items()}
        return out | {code: row.client.number for code, row in self.episodes.items()}


def key(visit: Visit) -> tuple[str, str, int, int, str]:
    return visit.client, visit.kind, visit.span.day, visit.span.start, visit.staff


@dataclass(frozen=True)
class Found:
    """A site's week: what should be (`facts`), what is (`week`), the way back (`rows`), and what the engine was not told (`outside`)."""

    facts: Facts
    week: Timetable
    rows: Rows
    outside: tuple[str, ...] = field(default=())
