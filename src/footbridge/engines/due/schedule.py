"""The lines of a schedule: what is asked at which event, of whom, and where that comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    INTAKE = "intake"
    WEEKLY = "weekly"  # the first group day of each week of the stay, before the group
    EVERY = "every"  # each `every_days` days of the stay
    TRIGGER = "trigger"  # an answer that shows danger
    DISCHARGE = "discharge"
    AFTER_DISCHARGE = "after_discharge"  # `day` days after it


class Who(StrEnum):
    SELF = "self"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Asking:
    """One line. All numbers are whole days; `day` counts from the event.

    It is due `due_days` after it opens and closes `open_days` after (exclusive). An answer up to `early_days` before it opens
    counts. Empty `tracks` and `focus` mean everybody. `also_counts`: another form whose answer serves as well.
    """

    code: str
    event: Event
    ask: tuple[str, ...]
    day: int = 0
    due_days: int = 0
    open_days: int = 7
    early_days: int = 3
    every_days: int = 0
    tracks: frozenset[str] = frozenset()
    focus: frozenset[str] = frozenset()
    who: Who = Who.SELF
    also_counts: tuple[str, ...] = ()
    source: str = ""
    mark: str = ""
    effective_from: date | None = None

    def __post_init__(self) -> None:
        if not self.ask or self.open_days < 1 or self.due_days < 0 or self.due_days >= self.open_days or self.early_days < 0:
            raise ValueError(f"{self.code}: a window opens, is due, and closes after that")
        if (self.event is Event.EVERY) != (self.every_days > 0):
            raise ValueError(f"{self.code}: every_days belongs to the event 'every'")

    def applies(self, track: str, focus: frozenset[str]) -> bool:
        return (not self.tracks or track in self.tracks) and (not self.focus or bool(self.focus & focus))


def asking(line: Mapping[str, Any]) -> Asking:
    """One line from its plain mapping (a program file, data/measures.yaml). Raises ValueError or KeyError when it is none."""
    told = dict(line)
    since = told.pop("effective_from", None)
    return Asking(
        code=told.pop("code"),
        event=Event(told.pop("event")),
        ask=tuple(told.pop("ask")),
        tracks=frozenset(told.pop("tracks", ()) or ()),
        focus=frozenset(told.pop("focus", ()) or ()),
        who=Who(told.pop("who", "self")),
        also_counts=tuple(told.pop("also_counts", ()) or ()),
        effective_from=date.fromisoformat(str(since)) if since else None,
        **told,
    )


def in_force(lines: Iterable[Asking], on: date) -> tuple[Asking, ...]:
    """The lines that hold on a day: of one code, the newest that has begun."""
    newest: dict[str, Asking] = {}
    for line in lines:
        since = line.effective_from or date.min
        if since <= on and since >= (newest[line.code].effective_from or date.min if line.code in newest else date.min):
            newest[line.code] = line
    return tuple(newest.values())
