"""Due times of alarms, from the dated file data/alarm_clocks.yaml."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from footbridge.data import parsed
from footbridge.ground.program.days import zone

from .words import Urgency


def _clock(urgency: str) -> dict[str, Any]:
    return parsed("alarm_clocks")["urgencies"][urgency]


def due(urgency: str, raised_at: datetime) -> datetime:
    """When an alarm of this urgency must be closed. Rule source: data/alarm_clocks.yaml."""
    clock = _clock(urgency)
    due_at = raised_at + timedelta(minutes=clock["minutes"])
    if clock.get("by_end_of_day"):
        here = raised_at.astimezone(zone())
        ends = datetime.combine(here.date() + timedelta(days=1), time(0), tzinfo=here.tzinfo)
        due_at = min(due_at, max(ends, raised_at + timedelta(minutes=clock["at_least_minutes"])))
    return due_at


def unread_from(raised_at: datetime, due_at: datetime) -> datetime:
    """From here on an alarm nobody has opened climbs the ladder."""
    part = parsed("alarm_clocks")["escalation"]["unread_after_part_of_time"]
    return raised_at + (due_at - raised_at) * part


def step(urgency: str) -> timedelta:
    """The time an alarm stays on one rung before it climbs on."""
    return timedelta(minutes=parsed("alarm_clocks")["escalation"]["step_minutes"][urgency])


def stands_still_after() -> timedelta:
    """So long may the ladder be silent, or a letter about an alarm wait, before that is trouble of its own."""
    return timedelta(minutes=parsed("alarm_clocks")["standstill"]["after_minutes"])


def gravest(urgencies: list[str]) -> str:
    order = list(Urgency.values)
    return min(urgencies, key=order.index)
