"""What the board's templates are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import words
from .reads import COLUMNS, Board, Hour


@dataclass(frozen=True)
class Column:
    """A day, or a leader, room or track on one day. `drop` is what a meeting dropped here gets."""

    label: Any
    note: Any = ""
    today: bool = False
    drop: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One hour in a cell."""

    title: str
    lines: Sequence[str]
    tag: str = ""
    tone: str = ""
    href: str = ""
    move: str = ""  # where it is moved; empty for those who may not
    warnings: Sequence[str] = ()
    changed: str = ""
    label: str = ""


@dataclass(frozen=True)
class Cell:
    entries: Sequence[Entry]
    drop: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Row:
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    before: int | None = None  # the first column of the page before, and after
    after: int | None = None

    @property
    def by_column(self) -> list[tuple[Column, list[tuple[str, Sequence[Entry]]]]]:
        return [
            (column, [(row.label, row.cells[n].entries) for row in self.rows if row.cells[n].entries]) for n, column in enumerate(self.columns)
        ]


def table(found: Board, entry: Any, today: date, *, by: str = "", day: int = 0, first: int = 0, dated: bool = True) -> Table:
    """The week with days as columns; or one day with leaders, rooms or tracks as columns, at most eight of them."""
    blocks = sorted({(h.of.starts, h.of.ends) for h in found.hours if not by or h.of.weekday == day})
    if not by:
        days = sorted(set(range(5)) | {h.of.weekday for h in found.hours})
        columns = [
            Column(words.WEEKDAYS[d], words.date_format(on, "M j") if dated else "", dated and on == today, (("weekday", d),))
            for d, on in ((d, found.monday + timedelta(days=d)) for d in days)
        ]
        keys: list[Any] = days
        of = lambda h: h.of.weekday  # noqa: E731
        caption = _("Week of %(day)s") % {"day": words.day(found.monday)} if dated else _("From %(day)s") % {"day": words.day(found.monday)}
    else:
        names = _resources(found, by, day)
        keys = list(names)
        columns = [Column(names[k], "", False, (("weekday", day), *(((by, k[1]),) if by in ("leader", "room") else ()))) for k in keys]
        of = lambda h: _resource(h, by, found)  # noqa: E731
        caption = _("%(day)s, week of %(monday)s") % {"day": words.WEEKDAYS[day], "monday": words.day(found.monday)}
    shown = keys[first : first + COLUMNS]
    columns = columns[first : first + COLUMNS]
    rows = [
        Row(
            words.span(*block),
            [
                Cell(
                    [entry(h) for h in found.hours if (not by or h.of.weekday == day) and of(h) == key and (h.of.starts, h.of.ends) == block],
                    (*column.drop, ("starts", f"{block[0]:%H:%M}"), ("ends", f"{block[1]:%H:%M}")),
                )
                for key, column in zip(shown, columns, strict=True)
            ],
        )
        for block in blocks
    ]
    rows = _closed_row(found, columns, shown, by, day, dated) + rows
    return Table(
        caption, columns, rows, max(0, first - COLUMNS) if first else None, first + COLUMNS if first + COLUMNS < len(keys) else None
    )  # fmt: skip


def _closed_row(found: Board, columns: Sequence[Column], keys: Sequence[Any], by: str, day: int, dated: bool) -> list[Row]:
    """Closed days of that week stand above it."""
    if not dated:
        return []
    shut = {on: reason for hits in found.world.closed.values() for on, reason in hits if found.monday <= on < found.monday + timedelta(days=7)}
    cells = []
    for key in keys:
        on = found.monday + timedelta(days=day if by else key)
        cells.append(Cell([Entry(_shut(shut[on]), (), tone="warn")] if on in shut else []))
    return [Row(_("All day"), cells)] if any(c.entries for c in cells) else []


def _shut(reason: str) -> str:
    said = _("Closed")
    return said if reason.lower() == said.lower() else _("Closed: %(reason)s") % {"reason": reason}


def _resource(hour: Hour, by: str, found: Board) -> tuple[str, Any]:
    if by == "leader":
        return (hour.leader, getattr(hour.of, "leader", None) or getattr(hour.of, "staff", None) or "")
    if by == "room":
        room = found.world.rooms.get(hour.of.room or 0)
        return (room.name if room else hour.where, hour.of.room or "")
    group = found.world.groups.get(getattr(hour.of, "group", 0))
    return ("track", group.track if group else 0)


def _resources(found: Board, by: str, day: int) -> dict[Any, str]:
    """The columns of one day, by name."""
    tracks = {m.group.track_id: m.group.track.name for m in found.meetings.values()}
    out: dict[Any, str] = {}
    for hour in found.hours:
        if hour.of.weekday == day:
            key = _resource(hour, by, found)
            out.setdefault(key, str(tracks.get(key[1], "")) if by == "track" else key[0] or _("No room"))
    return dict(sorted(out.items(), key=lambda item: item[1]))


def seats(hour: Hour) -> str:
    """6 of 8 seats, 2 free"""
    if not hour.seats:
        return ""
    said = _("%(used)d of %(seats)d seats") % {"used": hour.used, "seats": hour.seats}
    if hour.free:
        return _("%(said)s, %(free)d free") % {"said": said, "free": hour.free}
    return _("%(said)s, full") % {"said": said}


def warned(hour: Hour) -> str:
    n = len(hour.warnings)
    return ngettext("%(n)d warning", "%(n)d warnings", n) % {"n": n} if n else ""


def when(weekday: int, starts: time, ends: time) -> str:
    return f"{words.WEEKDAYS[weekday]}, {words.span(starts, ends)}"

