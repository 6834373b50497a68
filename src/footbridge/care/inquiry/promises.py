"""The clocks of what we promised, from the dated file data/promises.yaml. Plain reckoning:
no table is read but the site's calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from footbridge.data import parsed
from footbridge.ground.program.models import ClosedDay, Site

_FAR = 120  # days to look ahead for an open one; a calendar without any is a mistake, not an endless loop


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody answers: the site's zone, its open weekdays and hours, and the days it is closed."""

    zone: ZoneInfo
    weekdays: frozenset[int]
    opens: time
    closes: time
    closed: frozenset[date] = frozenset()

    def is_open_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closed

    def today(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of a day, as instants."""
        return datetime.combine(day, self.opens, self.zone), datetime.combine(day, self.closes, self.zone)


def calendar() -> Calendar:
    """The calendar of the first site (of an installation without one: UTC, no closed days). Two queries."""
    hours = parsed("promises")["open"]
    site = Site.objects.order_by("id").first()
    closed = ClosedDay.objects.filter(opened_at__isnull=True, site=site).values_list("on", flat=True) if site else ()
    return Calendar(
        zone=ZoneInfo(site.time_zone if site else "UTC"),
        weekdays=frozenset(hours["weekdays"]),
        opens=time.fromisoformat(hours["from"]),
        closes=time.fromisoformat(hours["until"]),
        closed=frozenset(closed),
    )


def due(step: str, triage: str, since: datetime, at_site: Calendar) -> datetime:
    """When a step that began at `since` is due. `step` and `triage` are keys of data/promises.yaml."""
    return after(parsed("promises")["steps"][step][triage], since, at_site)


def after(clock: Mapping[str, Any], since: datetime, at_site: Calendar) -> datetime:
    """When a clock that began at `since` runs out: {minutes, counts: always or open} or {working_days}."""
    if "working_days" in clock:
        return _closing_after(clock["working_days"], since, at_site)
    span = timedelta(minutes=clock["minutes"])
    return since + span if clock["counts"] == "always" else _open_time(span, since, at_site)


def end_of_day(day: date, at_site: Calendar) -> datetime:
    """The instant a promise for this day is broken."""
    return datetime.combine(day + timedelta(days=1), time(0), at_site.zone)


def _closing_after(days: int, since: datetime, at_site: Calendar) -> datetime:
    """Closing time of the n-th open day after the day of `since`;
    a request made before opening counts from that day's eve.
    """
    day = at_site.today(since)
    if since < at_site.hours_of(day)[0]:
        day -= timedelta(days=1)
    for _step in range(_FAR):
        day += timedelta(days=1)
        if at_site.is_open_on(day):
            days -= 1
            if days <= 0:
                return at_site.hours_of(day)[1]
    return at_site.hours_of(day)[1]


def _open_time(span: timedelta, since: datetime, at_site: Calendar) -> datetime:
    """`span` of open hours after `since`."""
    day = at_site.today(since)
    for _step in range(_FAR):
        opens, closes = at_site.hours_of(day)
        start = max(since, opens)
        if at_site.is_open_on(day) and start < closes:
            if start + span <= closes:
                return start + span
            span -= closes - start
        day += timedelta(days=1)
    return since + span
