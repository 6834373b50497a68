"""A week to be solved as JSON, and the answer. The format stands in docs/formats.md ("A week to be solved").

Faults are told all at once, each with its path in the file and the mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from difflib import get_close_matches
from typing import Any

from footbridge.engines.timetabling.facts import (
    DAYS,
    GROUP_KINDS,
    LEVELS,
    MODES,
    VISIT_KINDS,
    WEIGHTS,
    Client,
    Facts,
    Group,
    Meeting,
    Need,
    Pattern,
    Room,
    Site,
    Span,
    Staff,
    Visit,
    Week,
    clock,
)

VERSION = 1


class WrongFile(ValueError):
    """What is wrong with a file. `faults` are (path, sentence)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}: {sentence}" for path, sentence in faults))


def read(parsed: object) -> tuple[Facts, Week]:
    """The facts and the present week (empty when the file has none). Raises WrongFile."""
    reader = _Reader()
    top = reader.table(parsed, "file")
    if top.get("footbridge_week") != VERSION:
        reader.fault("footbridge_week", f"must be {VERSION}; it says which format the file has")
    reader.only(top, "", _TOP)
    blocks = _grid(reader, top.get("grid"))
    if reader.faults:
        raise WrongFile(reader.faults)
    rows = {
        name: [reader.table(r, f"{name}[{n}]") for n, r in enumerate(reader.rows(top.get(name, []), name))]
        for name in _LISTS
    }
    sites = tuple(_build(reader, Site, r, f"sites[{n}]") for n, r in enumerate(rows["sites"]))
    rooms = tuple(_build(reader, Room, r, f"rooms[{n}]") for n, r in enumerate(rows["rooms"]))
    staff = tuple(_build(reader, Staff, r, f"staff[{n}]") for n, r in enumerate(rows["staff"]))
    groups = tuple(_build(reader, Group, r, f"groups[{n}]") for n, r in enumerate(rows["groups"]))
    clients = tuple(_build(reader, Client, r, f"clients[{n}]") for n, r in enumerate(rows["clients"]))
    if reader.faults:
        raise WrongFile(reader.faults)
    order = tuple(reader.rows(top.get("order", list(LEVELS)), "order"))
    if sorted(map(str, order)) != sorted(LEVELS):
        reader.fault("order", f"must hold each of these once: {', '.join(LEVELS)}")
    facts = Facts(
        blocks=blocks,
        sites=sites,
        rooms=rooms,
        staff=staff,
        groups=groups,
        clients=clients,
        apart=_pairs(reader, top.get("apart", []), "apart"),
        together=_pairs(reader, top.get("together", []), "together"),
        kept=_week(reader, top.get("kept", {}), "kept"),
        order=order,
        weights=_weights(reader, top.get("weights", {})),
        visit_blocks=tuple(reader.span(s, f"visit_blocks[{n}]") for n, s in enumerate(top.get("visit_blocks", []))),
        well_filled=tuple(top.get("well_filled", (6, 10)))[:2],
        travel=_travel(reader, top.get("travel", [])),
        name=str(top.get("name", "")),
    )
    week = _week(reader, top.get("week", {}), "week")
    if not reader.faults:
        _names(reader, facts, week)
    if reader.faults:
        raise WrongFile(reader.faults)
    return facts, week


def write(week: Week) -> dict[str, Any]:
    """A week as plain values for JSON."""
    return {
        "meetings": [
            {"group": m.group, "number": m.number, "at": str(m.span), "leader": m.leader, "room": m.room}
            for m in week.meetings
        ],
        "members": {group: list(people) for group, people in sorted(week.members_of.items())},
        "visits": [
            {"client": v.client, "kind": v.kind, "at": str(v.span), "staff": v.staff, "room": v.room, "mode": v.mode}
            for v in week.visits
        ],
    }


def write_facts(facts: Facts, week: Week | None = None) -> dict[str, Any]:
    """Facts in the format that `read` reads."""
    out: dict[str, Any] = {
        "footbridge_week": VERSION,
        "name": facts.name,
        "grid": {
            "days": [DAYS[d] for d in sorted({b.day for b in facts.blocks})],
            "blocks": sorted({f"{clock(b.start)}-{clock(b.end)}" for b in facts.blocks}),
        },
        "order": list(facts.order),
        "weights": dict(facts.weights),
        "well_filled": list(facts.well_filled),
        "sites": [_plain(s) for s in facts.sites],
        "rooms": [_plain(r) for r in facts.rooms],
        "staff": [_plain(s) for s in facts.staff],
        "groups": [_plain(g) for g in facts.groups],
        "clients": [_plain(c) for c in facts.clients],
        "apart": sorted(sorted(p) for p in facts.apart),
        "together": sorted(sorted(p) for p in facts.together),
        "kept": write(facts.kept),
    }
    if facts.travel:
        out["travel"] = [[*sorted(pair), minutes] for pair, minutes in sorted(facts.travel.items(), key=_by_names)]
    if facts.visit_blocks:
        out["visit_blocks"] = [str(s) for s in facts.visit_blocks]
    if week is not None:
        out["week"] = write(week)
    return out


_LISTS = ("sites", "rooms", "staff", "groups", "clients")
_TOP = (
    *_LISTS,
    "footbridge_week",
    "name",
    "grid",
    "order",
    "weights",
    "well_filled",
    "visit_blocks",
    "travel",
    "apart",
    "together",
    "kept",
    "week",
    "answer",  # what solve wrote the last time; not read
)
_SPAN = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) (\d\d):(\d\d)-(\d\d):(\d\d)")
_TIMES = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class _Reader:
    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def fault(self, path: str, sentence: str) -> None:
        if len(self.faults) < 30:
            self.faults.append((path, sentence))

    def table(self, value: object, path: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.fault(path, "must be an object, { … }")
        return {}

    def rows(self, value: object, path: str) -> list[Any]:
        if isinstance(value, list | tuple):
            return list(value)
        self.fault(path, "must be a list, [ … ]")
        return []

    def only(self, table: Mapping[str, Any], path: str, known: Sequence[str]) -> None:
        for name in table:
            if name not in known:
                near = get_close_matches(str(name), known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
                self.fault(f"{path}.{name}".strip("."), f"is not known here; {hint}")

    def span(self, value: object, path: str) -> Span:
        found = _SPAN.fullmatch(str(value).strip().lower())
        if found:
            day, h1, m1, h2, m2 = found.groups()
            start, end = int(h1) * 60 + int(m1), int(h2) * 60 + int(m2)
            if start < end <= 24 * 60:
                return Span(DAYS.index(day), start, end)
            self.fault(path, f"{value!r} ends before it begins; the later time comes second")
        else:
            self.fault(path, f'{value!r} is no time; write it like "mon 09:00-12:00"')
        return Span(0, 0, 1)

    def spans(self, value: object, path: str) -> tuple[Span, ...]:
        return tuple(self.span(s, f"{path}[{n}]") for n, s in enumerate(self.rows(value, path)))

    def day(self, value: object, path: str) -> int:
        if str(value) in DAYS:
            return DAYS.index(str(value))
        self.fault(path, f"{value!r} is no day; use {', '.join(DAYS)}")
        return 0

    def number(self, value: object, path: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.fault(path, f"{value!r} is no whole number of at least 0")
        return 0

    def words(self, value: object, path: str) -> list[str]:
        rows = self.rows(value, path)
        if any(not isinstance(r, str) for r in rows):
            self.fault(path, 'must be a list of codes, ["a", "b"]')
        return [str(r) for r in rows]


def _grid(reader: _Reader, value: object) -> tuple[Span, ...]:
    grid = reader.table(value, "grid")
    reader.only(grid, "grid", ("days", "blocks"))
    days = [reader.day(d, f"grid.days[{n}]") for n, d in enumerate(reader.rows(grid.get("days", []), "grid.days"))]
    blocks = []
    for n, text in enumerate(reader.rows(grid.get("blocks", []), "grid.blocks")):
        if not _TIMES.fullmatch(str(text)):
            reader.fault(f"grid.blocks[{n}]", f'{text!r} is no time; write it like "09:00-09:50"')
            continue
        blocks += [reader.span(f"{DAYS[d]} {text}", f"grid.blocks[{n}]") for d in days]
    for n, (one, other) in enumerate(zip(sorted(blocks), sorted(blocks)[1:], strict=False)):
        if one.overlaps(other):
            reader.fault(f"grid.blocks[{n}]", f"{one} overlaps {other}; blocks of a grid lie side by side")
    return tuple(sorted(blocks))


def _pattern(reader: _Reader, value: object, path: str) -> Pattern:
    pattern = tuple(
        None if s is None else reader.span(s, f"{path}[{n}]") for n, s in enumerate(reader.rows(value, path))
    )
    days = [s.day for s in pattern if s]
    if len(days) != len(set(days)):
        reader.fault(path, "has two meetings on one day; a bundle meets on different days")
    if not days:
        reader.fault(path, "has no meeting; give at least one time")
    return pattern


def _needs(reader: _Reader, value: object, path: str) -> tuple[Need, ...]:
    out = [
        _build(reader, Need, reader.table(r, f"{path}[{n}]"), f"{path}[{n}]")
        for n, r in enumerate(reader.rows(value, path))
    ]
    for n, need in enumerate(out):
        if need.kind not in (*GROUP_KINDS, *VISIT_KINDS) and f"needs.{need.kind}" not in WEIGHTS:
            near = get_close_matches(need.kind, [*GROUP_KINDS, *VISIT_KINDS], 1)
            reader.fault(
                f"{path}[{n}].kind",
                f"{need.kind!r} is no kind of care; {'did you mean ' + near[0] if near else 'use ' + ', '.join([*GROUP_KINDS, *VISIT_KINDS])}",
            )
        if [x.kind for x in out].index(need.kind) < n:
            reader.fault(f"{path}[{n}].kind", f"{need.kind!r} stands twice; use count")
    return tuple(out)


_READ: Mapping[str, Callable[[_Reader, Any, str], Any]] = {
    "free": lambda r, v, p: r.spans(v, p),
    "closed": lambda r, v, p: frozenset(r.day(d, f"{p}[{n}]") for n, d in enumerate(r.rows(v, p))),
    "patterns": lambda r, v, p: tuple(_pattern(r, x, f"{p}[{n}]") for n, x in enumerate(r.rows(v, p))),
    "needs": _needs,
    "heard": lambda r, v, p: frozenset(
        (str(c), r.number(n, p)) for c, n in (x for x in r.rows(v, p) if isinstance(x, list) and len(x) == 2)
    ),
    "next_lesson": lambda r, v, p: tuple((str(c), r.number(n, f"{p}.{c}")) for c, n in r.table(v, p).items()),
}


def _build(reader: _Reader, kind: type[Any], row: Mapping[str, Any], path: str) -> Any:
    """A dataclass from a row, each field read by its type."""
    known = {f.name: f for f in fields(kind)}
    reader.only(row, path, list(known))
    values: dict[str, Any] = {}
    for name, f in known.items():
        where = f"{path}.{name}"
        if name not in row:
            if f.default is MISSING and f.default_factory is MISSING:
                reader.fault(where, "is missing")
            continue
        value, wanted = row[name], str(f.type)
        if name in _READ:
            values[name] = _READ[name](reader, value, where)
        elif "None" in wanted and value is None:
            values[name] = None
        elif wanted.startswith("int"):
            values[name] = reader.number(value, where)
        elif wanted == "bool":
            if not isinstance(value, bool):
                reader.fault(where, "must be true or false")
            values[name] = bool(value)
        elif wanted.startswith("frozenset"):
            values[name] = frozenset(reader.words(value, where))
        elif wanted.startswith("tuple"):
            values[name] = tuple(reader.words(value, where))
        else:
            if not isinstance(value, str):
                reader.fault(where, "must be text")
            values[name] = str(value)
    if reader.faults:
        return _nothing(kind, values)
    return kind(**values)


def _nothing(kind: type[Any], values: dict[str, Any]) -> Any:
    """A stand-in after a fault, so that the other faults are found too."""
    for f in fields(kind):
        if f.name not in values and f.default is MISSING and f.default_factory is MISSING:
            values[f.name] = () if str(f.type).startswith("tuple") else ""
    return kind(**values)


def _pairs(reader: _Reader, value: object, path: str) -> frozenset[frozenset[str]]:
    out = set()
    for n, row in enumerate(reader.rows(value, path)):
        pair = reader.words(row, f"{path}[{n}]")
        if len(set(pair)) != 2:
            reader.fault(f"{path}[{n}]", "must name two different people")
        out.add(frozenset(pair))
    return frozenset(out)


def _weights(reader: _Reader, value: object) -> dict[str, int]:
    table = reader.table(value, "weights")
    reader.only(table, "weights", list(WEIGHTS))
    return {str(name): reader.number(weight, f"weights.{name}") for name, weight in table.items()}


def _week(reader: _Reader, value: object, path: str) -> Week:
    table = reader.table(value, path)
    reader.only(table, path, ("meetings", "members", "visits"))
    meetings, visits, members = [], [], []
    for n, row in enumerate(reader.rows(table.get("meetings", []), f"{path}.meetings")):
        at = f"{path}.meetings[{n}]"
        r = reader.table(row, at)
        meetings.append(
            Meeting(
                str(r.get("group", "")),
                reader.number(r.get("number", 0), f"{at}.number"),
                reader.span(r.get("at"), f"{at}.at"),
                str(r.get("leader", "")),
                str(r.get("room", "")),
            )
        )
    for group, people in reader.table(table.get("members", {}), f"{path}.members").items():
        members += [(str(group), client) for client in reader.words(people, f"{path}.members.{group}")]
    for n, row in enumerate(reader.rows(table.get("visits", []), f"{path}.visits")):
        at = f"{path}.visits[{n}]"
        r = reader.table(row, at)
        visits.append(
            Visit(
                str(r.get("client", "")),
                str(r.get("kind", "")),
                reader.span(r.get("at"), f"{at}.at"),
                str(r.get("staff", "")),
                str(r.get("room", "")),
                str(r.get("mode", "in_person")),
            )
        )
    return Week.of(meetings, members, visits)


def _names(reader: _Reader, facts: Facts, week: Week) -> None:
    """Every code is used once and every name means something."""
    lists: dict[str, Sequence[Any]] = {name: getattr(facts, name) for name in _LISTS}
    for name, things in lists.items():
        seen: set[str] = set()
        for n, thing in enumerate(things):
            if thing.code in seen:
                reader.fault(f"{name}[{n}].code", f"{thing.code!r} stands twice; codes are used once")
            seen.add(thing.code)

    def known(path: str, codes: Sequence[str] | frozenset[str], where: Mapping[str, Any], what: str) -> None:
        for code in sorted(codes):
            if code and code not in where:
                near = get_close_matches(code, list(where), 1)
                reader.fault(
                    path, f"{code!r} is no {what} of this file" + (f"; did you mean {near[0]}?" if near else "")
                )

    for n, room in enumerate(facts.rooms):
        known(f"rooms[{n}].site", [room.site], facts.site, "site")
        if room.kind not in ("group", "office", "video"):
            reader.fault(f"rooms[{n}].kind", f"{room.kind!r} is no kind of room; use group, office or video")
    people: dict[str, list[Staff]] = {}
    for n, s in enumerate(facts.staff):
        known(f"staff[{n}].site", [s.site], facts.site, "site")
        for other in people.get(s.person or s.code, ()):
            if any(a.overlaps(b) for a in s.free for b in other.free):
                reader.fault(f"staff[{n}].free", f"overlaps the hours of {other.code!r}, who is the same person")
                continue
            minutes = facts.travel.get(frozenset({s.site, other.site}), 0)
            if any(
                a.day == b.day and max(a.start, b.start) - min(a.end, b.end) < minutes
                for a in s.free
                for b in other.free
            ):
                reader.fault(
                    f"staff[{n}].free",
                    f"leaves {other.code!r}, the same person, less than the {minutes} minutes it takes from"
                    f" {other.site!r} to {s.site!r}; let one of them begin later or end sooner",
                )
        people.setdefault(s.person or s.code, []).append(s)
    for n, g in enumerate(facts.groups):
        path = f"groups[{n}]"
        known(f"{path}.site", [g.site], facts.site, "site")
        known(f"{path}.leaders", g.leaders, facts.member, "member of staff")
        if not g.patterns:
            reader.fault(f"{path}.patterns", "is empty; give at least one time")
        if g.least > g.most:
            reader.fault(f"{path}.least", f"{g.least} is more than most, {g.most}")
        if g.mode not in MODES:
            reader.fault(f"{path}.mode", f"{g.mode!r} is no mode; use {' or '.join(MODES)}")
    for n, c in enumerate(facts.clients):
        path = f"clients[{n}]"
        known(f"{path}.site", [c.site], facts.site, "site")
        known(f"{path}.primary", [c.primary], facts.member, "member of staff")
        known(f"{path}.not_staff", c.not_staff, facts.member, "member of staff")
        for field in ("groups", "prefers", "avoids"):
            known(f"{path}.{field}", getattr(c, field), facts.group, "group")
    for pair in sorted(facts.travel, key=sorted):
        known("travel", pair, facts.site, "site")
    for pairs in ("apart", "together"):
        for pair in getattr(facts, pairs):
            known(pairs, pair, facts.client, "client")
    for path, part in (("kept", facts.kept), ("week", week)):
        known(f"{path}.meetings", [m.group for m in part.meetings], facts.group, "group")
        known(f"{path}.members", [g for g, _ in part.members], facts.group, "group")
        known(f"{path}.members", [c for _, c in part.members], facts.client, "client")
        known(f"{path}.visits", [v.client for v in part.visits], facts.client, "client")


def _travel(reader: _Reader, value: object) -> dict[frozenset[str], int]:
    out: dict[frozenset[str], int] = {}
    for n, row in enumerate(reader.rows(value, "travel")):
        ok = isinstance(row, list | tuple) and len(row) == 3 and row[0] != row[1]
        if ok and isinstance(row[2], int) and not isinstance(row[2], bool) and row[2] >= 0:
            out[frozenset({str(row[0]), str(row[1])})] = row[2]
        else:
            reader.fault(f"travel[{n}]", 'must be two sites and the minutes between them, like ["main", "north", 25]')
    return out


def _by_names(item: tuple[frozenset[str], int]) -> list[str]:
    return sorted(item[0])


def _plain(thing: Any) -> dict[str, Any]:
    """Only what differs from the default, to keep files readable."""
    out: dict[str, Any] = {}
    for f in fields(thing):
        value = getattr(thing, f.name)
        if f.default is not MISSING and value == f.default:
            continue
        out[f.name] = _value(f.name, value)
    return out


def _value(name: str, value: Any) -> Any:
    if name == "closed":
        return [DAYS[d] for d in sorted(value)]
    if name == "free":
        return [str(s) for s in value]
    if name == "patterns":
        return [[None if s is None else str(s) for s in p] for p in value]
    if name == "needs":
        return [_plain(n) for n in value]
    if name == "next_lesson":
        return dict(value)
    if name == "heard":
        return sorted([c, n] for c, n in value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return value
