"""The working week of staff: what was entered, or what their role lets one assume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from footbridge.data import parsed
from footbridge.ground.people.models import RoleHeld, Staff

from .models import WorkWeek

ROLES = ("therapist", "intake", "prescriber")


@dataclass(frozen=True, slots=True)
class Hours:
    weekday: int
    starts: time
    ends: time
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Somebody's working week. `entered`: somebody said so; otherwise assumed from the role. `leads` None: every kind of group.
    Limits None: none."""

    entered: WorkWeek | None
    hours: tuple[Hours, ...]
    leads: tuple[str, ...] | None
    visits: tuple[str, ...]
    conditions: tuple[str, ...]
    languages: tuple[str, ...]
    most_minutes_week: int | None
    most_minutes_day: int | None
    most_groups_day: int | None
    caseload: int | None


def weeks(staff: Sequence[Staff], on: date) -> dict[int, Week]:
    """The working weeks of staff on a day, by staff id. Three questions to the database, however many they are."""
    ids = [s.pk for s in staff]
    entered = {
        w.staff_id: w
        for w in WorkWeek.objects.filter(staff__in=ids).order_by("staff", "-at", "-id").distinct("staff").prefetch_related("hours")
    }
    roles: dict[int, list[str]] = {}
    for held in RoleHeld.objects.filter(staff__in=ids, role__in=ROLES, held_from__lte=on):
        if held.held_until is None or held.held_until > on:
            roles.setdefault(held.staff_id, []).append(held.role)
    return {pk: _week(entered.get(pk), [d for d in assumed(on) if d.role in roles.get(pk, ())]) for pk in ids}


@dataclass(frozen=True, slots=True)
class Assumed:
    """One line of data/working_hours.yaml."""

    role: str
    hours: tuple[Hours, ...]
    leads: tuple[str, ...] | None
    visits: tuple[str, ...]
    most_minutes_week: int | None
    most_minutes_day: int | None
    most_groups_day: int | None
    source: str
    mark: str
    effective_from: date


def assumed(on: date) -> tuple[Assumed, ...]:
    """What is assumed on a day, for each role the newest line that has begun."""
    newest: dict[str, Assumed] = {}
    for line in _lines():
        if line.effective_from <= on and (line.role not in newest or newest[line.role].effective_from <= line.effective_from):
            newest[line.role] = line
    return tuple(newest.values())


@cache
def _lines() -> tuple[Assumed, ...]:
    return tuple(_line(entry) for entry in parsed("working_hours")["hours"])


def _line(entry: dict[str, Any]) -> Assumed:
    starts, ends = time.fromisoformat(entry["from"]), time.fromisoformat(entry["until"])
    return Assumed(
        entry["role"], tuple(Hours(day, starts, ends) for day in entry["days"]), None if entry["leads"] == "all" else tuple(entry["leads"]),
        tuple(entry["visits"]), entry.get("most_minutes_week"), entry.get("most_minutes_day"), entry.get("most_groups_day"),
        entry["source"], entry["mark"], date.fromisoformat(entry["effective_from"]),
    )  # fmt: skip


def _week(said: WorkWeek | None, roles: Sequence[Assumed]) -> Week:
    """What was entered, and where nothing was, what the roles allow; of several roles whatever allows more."""
    leads: tuple[str, ...] | None = () if not any(r.leads is None for r in roles) else None
    if leads is not None:
        leads = tuple(dict.fromkeys(kind for r in roles for kind in r.leads or ()))
    visits = tuple(dict.fromkeys(kind for r in roles for kind in r.visits))
    hours = tuple(dict.fromkeys(h for r in roles for h in r.hours))
    limits = (_loosest(r.most_minutes_week for r in roles), _loosest(r.most_minutes_day for r in roles), _loosest(r.most_groups_day for r in roles))
    if said is None:
        return Week(None, hours, leads, visits, (), (), *limits, None)
    mine = tuple(Hours(h.weekday, h.starts, h.ends, h.site_id) for h in said.hours.all())
    return Week(
        said, mine or hours, tuple(said.leads) or leads, visits, tuple(said.conditions), tuple(said.languages),
        said.most_minutes_week or limits[0], said.most_minutes_day or limits[1], said.most_groups_day or limits[2], said.caseload,
    )  # fmt: skip


def _loosest(limits: Iterable[int | None]) -> int | None:
    given = list(limits)
    return None if not given or None in given else max(n for n in given if n is not None)
