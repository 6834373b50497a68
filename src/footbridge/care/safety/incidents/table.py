"""Types of incidents and clocks, from the dated files data/incidents.yaml and data/mandated_reports.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from footbridge.data import parsed
from footbridge.ground.program.days import zone


@dataclass(frozen=True, slots=True)
class Clock:
    code: str
    title: str
    due_at: datetime
    source: str
    mark: str


def types() -> list[tuple[str, str]]:
    return [(one["code"], one["label"]) for one in parsed("incidents")["types"]]


def label(kind: str) -> str:
    """A type in words; one of an older edition as it was stored."""
    return dict(types()).get(kind, kind.replace("_", " "))


def states() -> list[str]:
    """States that have lines of their own in one of the tables."""
    own = {one["state"] for one in parsed("incidents")["clocks"] if "state" in one}
    return sorted(own | set(parsed("mandated_reports")["states"]))


def of_incident(kind: str, state: str, known_at: datetime) -> list[Clock]:
    """The clocks of an incident; a line of the state stands instead of the general one."""
    wanted = next(one["clocks"] for one in parsed("incidents")["types"] if one["code"] == kind)
    lines: dict[str, dict[str, Any]] = {}
    for one in parsed("incidents")["clocks"]:
        if one["code"] in wanted and one.get("state", "") in ("", state) and ("state" in one or one["code"] not in lines):
            lines[one["code"]] = one
    return [Clock(code, one["title"], _due(one, known_at), one["source"], one["mark"]) for code, one in lines.items()]


def of_report(concern: str, state: str, learned_at: datetime) -> list[Clock]:
    """The clocks of a report about a child. For others there is no table: the law differs too much."""
    if concern != "child":
        return []
    content = parsed("mandated_reports")
    line = content["states"].get(state, content["general"])
    return [Clock(code, content["titles"][code], _due(line[code], learned_at), line[code]["source"], line[code]["mark"]) for code in ("call", "written")]


def _due(line: dict[str, Any], begin: datetime) -> datetime:
    if "business_days" in line:
        here, left = begin.astimezone(zone()), int(line["business_days"])
        while left:
            here += timedelta(days=1)
            left -= here.weekday() < 5
        return here
    return begin + timedelta(hours=line.get("hours", 0), days=line.get("days", 0))
