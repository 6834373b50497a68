"""A program file into the database, or the database brought up to date with it.

Loading the same file twice changes nothing. What the file no longer names is held until the day of the import and never
deleted: dated sessions and people's places stand on it. Sites and group types are shared by all program files, so a file
adds to them and corrects them, and never closes one. A day that was closed by hand stays closed though the file does not name it, and one
that was opened by hand stays open though the file does; the report says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import models
from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.engines import hours
from footbridge.ground.people.models import Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import format as program_file
from . import reads, rules
from .days import day_of
from .format import Problem
from .models import ClosedDay, Curriculum, Group, GroupType, Lesson, Meeting, Program, Room, Site, Track

Step = Callable[..., None]
LEVELS = {"withdrawal_management": "withdrawal"}


class ProgramErrors(Exception):
    """The file has errors; nothing was changed. Each names its line and the mend."""

    def __init__(self, errors: tuple[Problem, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(e) for e in errors))


@dataclass(frozen=True)
class Report:
    """What an import did, by kind of thing, and what the program comes to.

    `sessions` counts group sessions by type over the whole program; `differences` are published counts that do not come out.
    """

    program: str
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)
    differences: tuple[str, ...] = ()
    by_hand: Counter[str] = field(default_factory=Counter)  # decided on the page and not as the file says; it stays

    @property
    def nothing_changed(self) -> bool:
        return not (self.added or self.changed or self.ended)

    def __str__(self) -> str:
        said = [f"{self.program}:"]
        for words, counter in (("added", self.added), ("changed", self.changed), ("held no more", self.ended), ("kept as decided by hand", self.by_hand)):
            if counter:
                said.append(f"{words} " + ", ".join(f"{n} {kind}" for kind, n in sorted(counter.items())) + ";")
        if self.nothing_changed:
            said.append("nothing to change;")
        total = sum(self.counts.values())
        said.append(f"{total} group sessions in all.")
        if self.differences:
            said.append("Not as published: " + "; ".join(self.differences) + ".")
        return " ".join(said)


def read(source: str | Path) -> tuple[program_file.Program, str]:
    """The program in a file (a path) or in a text. Raises ProgramErrors."""
    if isinstance(source, Path):
        source = source.read_text(encoding="utf-8")
    elif "\n" not in source:
        source = Path(source).read_text(encoding="utf-8")
    try:
        program = program_file.read(source)
    except program_file.ProgramFault as fault:
        raise ProgramErrors(fault.problems) from fault
    problems = tuple(_unfit(program, source))
    if problems:
        raise ProgramErrors(problems)
    return program, source


def check(source: str | Path) -> str:
    """Read a program file without changing anything; says what it holds. Raises ProgramErrors."""
    program, _text = read(source)
    sessions = Counter(s.type for s in program_file.sessions(program))
    said = ", ".join(f"{n} {code}" for code, n in sorted(sessions.items()))
    differences = program_file.compare_with_published(program)
    tail = " " + " ".join(f"{d}." for d in differences) if differences else ""
    return f"{len(program.tracks)} tracks, {len(program.groups)} groups; sessions: {said}.{tail}"


def load(
    source: str | Path, *, by: Actor, at: datetime, progress: Step | None = None, admits: bool | None = None
) -> Report:
    """Load a program file (a path, or its text), or bring the database up to date with it.

    `admits`: whether people are admitted to it here; without it, a program with a site admits and a published example
    does not. Raises ProgramErrors and changes nothing when the file has errors.
    """
    access.require(by, rules.KEEP_PROGRAM)
    program, _text = read(source)
    known = Program.objects.filter(code=program.program.code).first()
    about = known or Program(code=program.program.code)
    with trail.act("program.imported", by=by, at=at, about=about, detail={"code": about.code}):
        return _Import(program, about, at, progress or (lambda *a: None)).run(
            bool(program.sites) if admits is None else admits
        )


class _Import:
    """One import under way: what was added, changed and left."""

    def __init__(self, file: program_file.Program, program: Program, at: datetime, progress: Step) -> None:
        self.file, self.program, self.at, self.progress = file, program, at, progress
        self.report = Report(file.program.code)
        self.sites: dict[str, Site] = {}
        self.rooms: dict[str, Room] = {}
        self.total = len(file.tracks) + len(file.groups) + len(file.curricula) + len(file.sites) + len(file.group_types)
        self.so_far = 0

    def run(self, admits: bool) -> Report:
        self._program(admits)
        self._sites()
        types = self._group_types()
        curricula = self._curricula()
        tracks = self._tracks()
        self._groups(tracks, types, curricula)
        for found in self.program.tracks.exclude(code__in=tracks).filter(offered=True):
            self._end(found, "tracks", offered=False)
        counts = reads.sessions_by_type(self.program)
        off = [
            f"{p.what}: published {p.published}, here {p.found}" for p in reads.published(self.program) if not p.agrees
        ]
        for phase in reads.phases(self.program, self.at.date()):
            off += [
                f"{phase.name}, {p.what}: published {p.published}, here {p.found}"
                for p in phase.published
                if not p.agrees
            ]
        return Report(
            self.report.program,
            self.report.added,
            self.report.changed,
            self.report.unchanged,
            self.report.ended,
            counts,
            tuple(off),
            self.report.by_hand,
        )

    # --- the parts of the file, in the order in which they rest on each other

    def _program(self, admits: bool) -> None:
        head, counts = self.file.program, self.file.published_counts
        rule = _rule(head.hours_rule, self.at.date())
        hour = hours.minutes_per_hour(rule.convention) if rule else 60
        fields = {
            "name": head.name,
            "level": LEVELS.get(head.level, head.level),
            "population": head.population,
            "focus": head.condition_focus,
            "weeks": head.duration_weeks,
            "minutes_a_week": round(rule.week_min_hours * hour) if rule and rule.week_min_hours else 0,
            "days_a_week": (rule.min_days if rule else None) or 3,
            "hour_convention": str(rule.convention) if rule else "therapeutic_minutes",
            "hours_rule": head.hours_rule or "",
            "about": "\n".join([head.description, *head.notes]).strip(),
            "source": "\n".join(_source(s) for s in head.sources),
            "admits": admits,
            "floating": [i.model_dump(mode="json") for i in self.file.individual],
            "measures": [m.model_dump(mode="json", exclude_defaults=True) for m in self.file.measures],
            "published_counts": counts.model_dump(mode="json", exclude_none=True)
            if counts.model_dump(exclude_defaults=True)
            else {},
        }
        self._write(self.program, "programs", fields)

    def _sites(self) -> None:
        for site in self.file.sites:
            row = self._put(
                Site, "sites", {"code": site.code},
                {"name": site.name, "time_zone": site.time_zone, "address": site.address, "phone": site.phone},
            )  # fmt: skip
            self.sites[site.code] = row
            for on in site.closed_on:
                known = list(ClosedDay.objects.filter(site=row, on=on))
                if not known:
                    ClosedDay.objects.create(site=row, on=on, reason=_("Closed"))
                    self.report.added["closed days"] += 1
                elif all(day.opened_at for day in known):
                    self.report.by_hand["opened days"] += 1
            held = ClosedDay.objects.filter(site=row, on__gte=day_of(self.at, row), opened_at__isnull=True, closed_at__isnull=False)
            if others := held.exclude(on__in=site.closed_on).count():
                self.report.by_hand["closed days"] += others
            for room in site.rooms:
                self.rooms[room.code] = self._put(
                    Room,
                    "rooms",
                    {"site": row, "code": room.code},
                    {"name": room.name, "kind": room.kind, "seats": room.seats},
                )
            self._step(site.name)

    def _group_types(self) -> dict[str, GroupType]:
        types = {}
        for kind in self.file.group_types:
            fields = {
                "name": kind.name, "least": kind.min, "most": kind.max, "kind": kind.kind, "countable": kind.countable,
                "source": f"{kind.source} [{kind.mark}]" if kind.source and kind.mark else kind.source,
            }  # fmt: skip
            types[kind.code] = self._put(GroupType, "kinds of group", {"code": kind.code}, fields)
            self._step(kind.name)
        return types

    def _curricula(self) -> dict[str, Curriculum]:
        curricula = {}
        for curriculum in self.file.curricula:
            row = self._put(
                Curriculum, "curricula", {"program": self.program, "code": curriculum.code},
                {
                    "title": curriculum.title, "entry": "open" if curriculum.entry == "any" else "closed", "repeat": curriculum.repeat,
                    "order": curriculum.order, "electives": list(curriculum.electives), "source": curriculum.notes,
                },
            )  # fmt: skip
            curricula[curriculum.code] = row
            in_module = {lesson.number: module.title for module in curriculum.modules for lesson in module.lessons}
            for lesson in curriculum.all_lessons:
                self._put(
                    Lesson, "lessons", {"curriculum": row, "number": lesson.number},
                    {"title": lesson.title, "about": lesson.about, "mark": lesson.mark, "module": in_module.get(lesson.number, "")},
                )  # fmt: skip
            self._step(curriculum.title)
        return curricula

    def _tracks(self) -> dict[str, Track]:
        tracks = {}
        for track in self.file.tracks:
            fields = {
                "name": track.name, "part_of_day": track.part_of_day, "mode": track.mode, "offered": track.offered,
                "site": self.sites.get(track.site or "") or (next(iter(self.sites.values())) if len(self.sites) == 1 else None),
                "level": LEVELS.get(track.level, track.level) if track.level else "", "includes": list(track.includes),
                "places": _places(self.file, track.code),
            }  # fmt: skip
            tracks[track.code] = self._put(Track, "tracks", {"program": self.program, "code": track.code}, fields)
            self._step(track.name)
        return tracks

    def _groups(self, tracks: dict[str, Track], types: dict[str, GroupType], curricula: dict[str, Curriculum]) -> None:
        kept = []
        for group in self.file.groups:
            kind, track = types[group.type], tracks[group.track]
            fields = {
                "type": kind, "name": group.name, "condition": "" if group.condition_focus == "general" else group.condition_focus,
                "open_entry": group.open, "least": group.min or min(kind.least, group.max or kind.most), "most": group.max or kind.most,
                "mode": track.mode, "curriculum": curricula.get(group.curriculum or ""), "required": group.required,
                "choose_one": group.choose_one or "", "language": group.language, "held_until": None,
            }  # fmt: skip
            row = self._put(Group, "groups", {"track": track, "code": group.code}, fields)
            kept.append(row.pk)
            self._meetings(row, group)
            self._step(group.name)
        for gone in Group.objects.filter(track__program=self.program, held_until__isnull=True).exclude(pk__in=kept):
            for meeting in gone.meetings.filter(held_until__isnull=True):
                self._end(meeting, "meetings", held_until=self._today(gone))
            self._end(gone, "groups", held_until=self._today(gone))

    def _meetings(self, group: Group, told: program_file.Group) -> None:
        before = group.meetings.exists()
        kept = []
        for meeting in told.meetings:
            for first, last in _runs(meeting.weeks):
                key = {
                    "group": group, "weekday": program_file.DAYS.index(meeting.day), "starts": meeting.start, "ends": meeting.end,
                    "week_from": first, "week_until": last,
                }  # fmt: skip
                fields: dict[str, Any] = {"mode": meeting.mode or "", "optional": not told.required}
                # Leader and room may be set on the page; the file changes them only when it names them.
                if meeting.room:
                    fields["room"] = self.rooms[meeting.room]
                if leader := meeting.leader:
                    fields["leader"] = Staff.objects.get(person__email__iexact=leader)
                # An hour that a draft of the week adds, or that was taken back, holds on no day: it is not this one.
                found = group.meetings.filter(**key).exclude(held_from=models.F("held_until")).order_by("held_until").last()
                if found is not None and found.held_until is not None and found.held_until <= self._today(group):
                    found = None  # it was given up before; a new row says from when it is held again
                if found is None:
                    fields["held_from"] = self._today(group) if before else None
                    row = Meeting(**key)
                    self._write(row, "meetings", fields)
                else:
                    row = found
                    self._write(row, "meetings", {**fields, "held_until": None})
                kept.append(row.pk)
        for gone in group.meetings.filter(held_until__isnull=True).exclude(pk__in=kept):
            self._end(gone, "meetings", held_until=self._today(group))

    # --- writing

    def _put(self, model: type[Any], kind: str, key: dict[str, Any], fields: dict[str, Any]) -> Any:
        row = model.objects.filter(**key).first() or model(**key)
        self._write(row, kind, fields)
        return row

    def _write(self, row: models.Model, kind: str, fields: dict[str, Any]) -> None:
        new = row._state.adding
        differs = [name for name, value in fields.items() if new or getattr(row, name) != value]
        for name in differs:
            setattr(row, name, fields[name])
        if new:
            row.save()
            self.report.added[kind] += 1
        elif differs:
            row.save(update_fields=differs)
            self.report.changed[kind] += 1
        else:
            self.report.unchanged[kind] += 1

    def _end(self, row: models.Model, kind: str, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
        self.report.ended[kind] += 1

    def _today(self, group: Group) -> date:
        site = group.track.site
        return self.at.astimezone(ZoneInfo(site.time_zone)).date() if site else self.at.date()

    def _step(self, label: str) -> None:
        self.so_far += 1
        self.progress(self.so_far, self.total, label)


def _rule(code: str | None, on: date) -> hours.HoursRule | None:
    return hours.in_force(hours.rules(parsed("hours_rules")), code, on) if code else None


def _source(source: program_file.Source) -> str:
    said = source.what
    if source.url:
        said += f" ({source.url})"
    if source.confirms:
        said += f": {source.confirms}"
    return said + (f" [{source.mark}]" if source.mark else "")


def _runs(weeks: tuple[int, ...] | None) -> Iterator[tuple[int, int | None]]:
    """Weeks 1-4, 9 as (1, 4), (9, 9). No weeks: all of them, (1, None)."""
    if not weeks:
        yield 1, None
        return
    first = last = weeks[0]
    for week in weeks[1:]:
        if week != last + 1:
            yield first, last
            first = week
        last = week
    yield first, last


def _places(file: program_file.Program, track: str) -> int:
    """How many people a track can take: its narrowest group, where parallel groups count together."""
    sizes: Counter[str] = Counter()
    for group in file.groups_of(track):
        if group.required:
            sizes[group.choose_one or group.code] += group.max or file.type_of(group).max
    return min(sizes.values(), default=10)


def _unfit(file: program_file.Program, text: str) -> Iterator[Problem]:
    """What only the installation knows: time zones, hours rules, staff."""
    zones = available_timezones()
    for site in file.sites:
        if site.time_zone not in zones:
            yield Problem(
                _line(text, site.time_zone),
                _("'%(zone)s' is not a time zone; write one like America/Chicago") % {"zone": site.time_zone},
            )
    known = {r.code for r in hours.rules(parsed("hours_rules"))}
    if file.program.hours_rule and file.program.hours_rule not in known:
        yield Problem(
            _line(text, file.program.hours_rule),
            _("'%(rule)s' is not an hours rule; known are %(known)s")
            % {"rule": file.program.hours_rule, "known": ", ".join(sorted(known))},
        )
    asked = {code for line in file.measures for code in (*line.ask, *line.also_counts)}
    for code in sorted(asked - _instruments() if asked else ()):
        yield Problem(
            _line(text, code),
            _("there is no questionnaire '%(code)s' here; load its definition first or leave it out") % {"code": code},
        )
    for group in file.groups:
        for email in sorted({m.leader for m in group.meetings if m.leader}):
            if not Staff.objects.filter(person__email__iexact=email).exists():
                yield Problem(
                    _line(text, email),
                    _("nobody on the staff list has the address '%(email)s'; hire them first or leave it out")
                    % {"email": email},
                )


def _instruments() -> set[str]:
    """Codes of the questionnaires there are: those that come along and those a site has loaded."""
    from footbridge.ground.instruments import shelf
    from footbridge.ground.instruments.models import InstrumentEdition

    return shelf.packaged_codes() | set(InstrumentEdition.objects.values_list("code", flat=True))


def _line(text: str, word: str) -> int:
    pattern = re.compile(rf"(?<![\w@.]){re.escape(word)}(?![\w@])")
    return next((n for n, line in enumerate(text.splitlines(), 1) if pattern.search(line.split("#")[0])), 0)
