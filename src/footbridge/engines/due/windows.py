"""From a schedule and a stay to windows, and from windows to what is due today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from footbridge.engines.due.schedule import Asking, Event, Who

AHEAD = timedelta(days=7)  # how far ahead windows are told


class State(StrEnum):
    COMING = "coming"
    DUE = "due"
    LATE = "late"
    ANSWERED = "answered"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Stay:
    """What of a stay decides what is asked. Days are the site's; `triggers` are the moments of answers that showed danger.

    `group_days` may be empty: then a week's questions open on its Monday.
    """

    starts_on: date
    ends_on: date | None = None
    track: str = ""
    focus: frozenset[str] = frozenset()
    group_days: tuple[date, ...] = ()
    triggers: tuple[tuple[datetime, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A form that was finished: which, when, and on what day of the site."""

    instrument: str
    at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class Window:
    """One form asked once: from `opens_on` until `closes_on` (exclusive), due on `due_on`."""

    code: str
    event: Event
    instrument: str
    who: Who
    opens_on: date
    due_on: date
    closes_on: date
    state: State = State.COMING
    answered_on: date | None = None
    since: datetime | None = None  # of a trigger: only an answer after this moment counts


@dataclass(frozen=True, slots=True)
class Due:
    """A form that is to be answered now. However many windows ask for it, it is asked once."""

    instrument: str
    who: Who
    opens_on: date
    due_on: date
    closes_on: date
    is_late: bool
    codes: tuple[str, ...]


def windows(
    lines: Iterable[Asking],
    stay: Stay,
    answered: Sequence[Answered],
    today: date,
    *,
    min_repeat_days: Mapping[str, int] | None = None,
) -> tuple[Window, ...]:
    """Every window of the stay up to a week ahead, in order of opening, each with what became of it.

    `lines` are those in force. `min_repeat_days` says per form how many days must lie between two answers: a window opens no
    sooner, and where that is after its end it is not asked at all. A danger asks again at once.
    """
    repeat = min_repeat_days or {}
    of_form: dict[str, list[Answered]] = {}
    for one in answered:
        of_form.setdefault(one.instrument, []).append(one)
    told = []
    for line in lines:
        if not line.applies(stay.track, stay.focus):
            continue
        for opens, closes, since in _occurrences(line, stay, today + AHEAD):
            for instrument in line.ask:
                settled = _settle(line, instrument, opens, closes, since, of_form, today, repeat.get(instrument, 0))
                if settled is not None:
                    told.append(settled)
    return tuple(sorted(told, key=lambda w: (w.opens_on, w.closes_on)))


def due(told: Iterable[Window]) -> tuple[Due, ...]:
    """What is to be answered now, each form once: what is asked before group first, then soonest due first; forms of one date
    keep the order of the schedule."""
    found: dict[str, list[Window]] = {}
    for window in told:
        if window.state in (State.DUE, State.LATE):
            found.setdefault(window.instrument, []).append(window)
    return tuple(
        Due(
            instrument,
            Who.STAFF if all(w.who is Who.STAFF for w in asked) else Who.SELF,
            min(w.opens_on for w in asked),
            min(w.due_on for w in asked),
            max(w.closes_on for w in asked),
            any(w.state is State.LATE for w in asked),
            tuple(dict.fromkeys(w.code for w in asked)),
        )
        for instrument, asked in sorted(found.items(), key=lambda pair: _order(pair[1]))
    )


def _order(asked: list[Window]) -> tuple[bool, date]:
    return all(w.event is not Event.WEEKLY for w in asked), min(w.due_on for w in asked)


_DAY = timedelta(days=1)


def _settle(
    line: Asking, instrument: str, opens_on: date, closes_on: date, since: datetime | None, of_form: Mapping[str, Sequence[Answered]],
    today: date, min_repeat: int,
) -> Window | None:  # fmt: skip
    """The window with what became of it; None where a repeat is not allowed before it closes."""
    due_on = min(opens_on + timedelta(days=line.due_days), closes_on - _DAY)
    counting = [a for form in {instrument, *line.also_counts} for a in of_form.get(form, ())]
    if since is not None:
        found = [a.on for a in counting if a.at >= since and a.on < closes_on]
    else:
        first = opens_on - timedelta(days=line.early_days)
        found = [a.on for a in counting if first <= a.on < closes_on]
        before = [] if found else [a.on for a in of_form.get(instrument, ()) if a.on < first]
        if before:
            again = max(before) + timedelta(days=min_repeat)
            if again >= closes_on:
                return None
            opens_on, due_on = max(opens_on, again), max(due_on, again)
    found = [on for on in found if on <= today]
    if found:
        state = State.ANSWERED
    elif today < opens_on:
        state = State.COMING
    elif today >= closes_on:
        state = State.MISSED
    else:
        state = State.LATE if today > due_on else State.DUE
    answered_on = min(found) if found else None
    return Window(line.code, line.event, instrument, line.who, opens_on, due_on, closes_on, state, answered_on, since)


def _occurrences(line: Asking, stay: Stay, until: date) -> Iterator[tuple[date, date, datetime | None]]:
    """(opens, closes, since) of a line, up to a day inclusive."""
    length = timedelta(days=line.open_days)
    shift = timedelta(days=line.day)
    if line.event is Event.TRIGGER:
        for at, on in stay.triggers:
            yield on + shift, on + shift + length, at
        return
    if line.event is Event.WEEKLY:
        yield from _weekly(line, stay, until)
        return
    anchors: list[date] = []
    if line.event is Event.INTAKE:
        anchors = [stay.starts_on]
    elif line.event is Event.EVERY:
        count = ((min(until, stay.ends_on or until)) - stay.starts_on).days // line.every_days
        anchors = [stay.starts_on + timedelta(days=line.every_days * n) for n in range(1, count + 1)]
        anchors = [on for on in anchors if stay.ends_on is None or on < stay.ends_on]
    elif stay.ends_on is not None:
        anchors = [stay.ends_on]
    for anchor in anchors:
        if anchor + shift <= until:
            yield anchor + shift, anchor + shift + length, None


def _weekly(line: Asking, stay: Stay, until: date) -> Iterator[tuple[date, date, datetime | None]]:
    """One window a week of the calendar: it opens on the first group day, and closes when the next one opens."""
    first_days: dict[date, date] = {}
    for day in sorted(stay.group_days):
        if day >= stay.starts_on:
            first_days.setdefault(day - timedelta(days=day.weekday()), day)
    opens = []
    monday = stay.starts_on - timedelta(days=stay.starts_on.weekday())
    while monday <= until:
        on = first_days.get(monday, max(monday, stay.starts_on)) + timedelta(days=line.day)
        if stay.ends_on is not None and on >= stay.ends_on:
            break
        if on <= until:
            opens.append(on)
        monday += timedelta(days=7)
    for n, on in enumerate(opens):
        closes = on + timedelta(days=line.open_days)
        yield on, min(closes, opens[n + 1]) if n + 1 < len(opens) else closes, None
