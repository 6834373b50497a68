"""How many hours a week of care holds. Payers count hours differently, so three conventions stand side by side:

- therapeutic_minutes: minutes inside services only;
- clock_including_breaks: from the first to the last minute of a day, where breaks of up to 30 minutes count;
- fifty_minute_hour: every 50 minutes of service are an hour.

And three bases: what was scheduled, what was attended, what is documented (a signed note). Denials arise where these
part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise

BREAK_COUNTED_UP_TO = 30  # minutes
FIFTY = 50


class Convention(StrEnum):
    CLOCK = "clock_including_breaks"
    THERAPEUTIC = "therapeutic_minutes"
    FIFTY_MINUTE = "fifty_minute_hour"


class Basis(StrEnum):
    SCHEDULED = "scheduled"
    ATTENDED = "attended"
    DOCUMENTED = "documented"


@dataclass(frozen=True, slots=True)
class Service:
    """One service on one day. `weekday` is 0 for Monday; `on` is the date where there is one (a published pattern has
    none).

    `attended_minutes` and `documented_minutes` are None while nothing is known: they then count 0 on that basis.
    `counts` is False for what no payer counts (mutual-help meetings, meals).
    """

    weekday: int
    start: time
    end: time
    kind: str
    on: date | None = None
    title: str = ""
    attended_minutes: int | None = None
    documented_minutes: int | None = None
    counts: bool = True

    @classmethod
    def dated(
        cls,
        on: date,
        start: time,
        end: time,
        kind: str,
        *,
        title: str = "",
        attended_minutes: int | None = None,
        documented_minutes: int | None = None,
        counts: bool = True,
    ) -> Service:
        return cls(on.weekday(), start, end, kind, on, title, attended_minutes, documented_minutes, counts)

    @property
    def scheduled_minutes(self) -> int:
        return max(0, _minute(self.end) - _minute(self.start))

    def minutes(self, basis: Basis) -> int:
        if basis is Basis.SCHEDULED:
            return self.scheduled_minutes
        known = self.attended_minutes if basis is Basis.ATTENDED else self.documented_minutes
        return known or 0


@dataclass(frozen=True, slots=True)
class Floating:
    """A service of the week that has no fixed day yet, such as an individual session to be arranged."""

    kind: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Day:
    weekday: int
    on: date | None
    services: int
    therapeutic_minutes: int
    clock_minutes: int

    @property
    def fifty_minute_hours(self) -> float:
        return self.therapeutic_minutes / FIFTY

    def minutes(self, convention: Convention) -> int:
        return self.clock_minutes if convention is Convention.CLOCK else self.therapeutic_minutes


@dataclass(frozen=True, slots=True)
class Week:
    """A week counted. `longest_gap` is the longest run of days without service: around the week for a repeating
    pattern (Friday to Monday is two days), along the calendar for dated services."""

    days: tuple[Day, ...]
    floating_minutes: int
    therapeutic_minutes: int
    clock_minutes: int
    longest_gap: int
    basis: Basis = Basis.SCHEDULED

    @property
    def service_days(self) -> int:
        return len(self.days)

    @property
    def services(self) -> int:
        return sum(day.services for day in self.days)

    @property
    def fifty_minute_hours(self) -> float:
        return self.therapeutic_minutes / FIFTY

    def minutes(self, convention: Convention) -> int:
        return self.clock_minutes if convention is Convention.CLOCK else self.therapeutic_minutes

    def hours(self, convention: Convention) -> float:
        """Hours in the words of the convention (a fifty-minute hour has 50 minutes)."""
        return self.minutes(convention) / minutes_per_hour(convention)


def minutes_per_hour(convention: Convention) -> int:
    return FIFTY if convention is Convention.FIFTY_MINUTE else 60


def count_week(
    services: Iterable[Service],
    floating: Iterable[Floating] = (),
    *,
    basis: Basis = Basis.SCHEDULED,
    before: date | None = None,
    after: date | None = None,
) -> Week:
    """Count one week. Services that do not count, or have no minutes on this basis, make no service day.

    For dated services `before` and `after` are the neighbouring days of service outside the week, so that a gap over
    the weekend is seen. Minutes in two services at once are counted once. Raises ValueError when dated and undated
    services are mixed, or dates span more than seven days.
    """
    held = [s for s in services if s.counts and s.minutes(basis) > 0]
    dates = {s.on for s in held}
    if None in dates and len(dates) > 1:
        raise ValueError("a week is either all dated or all a pattern")
    known = [d for d in dates if d is not None]
    if known and (max(known) - min(known)).days > 6:
        raise ValueError("these services span more than one week")
    by_day: dict[int, list[Service]] = {}
    for service in held:
        by_day.setdefault(service.weekday, []).append(service)
    days = [_day(weekday, by_day[weekday], basis) for weekday in by_day]
    days.sort(key=lambda d: (d.on or date.min, d.weekday))
    loose = sum(f.minutes for f in floating)
    return Week(
        days=tuple(days),
        floating_minutes=loose,
        therapeutic_minutes=sum(d.therapeutic_minutes for d in days) + loose,
        clock_minutes=sum(d.clock_minutes for d in days) + loose,
        longest_gap=_dated_gap(known, before, after) if known else _pattern_gap([d.weekday for d in days]),
        basis=basis,
    )


def into_weeks(services: Iterable[Service], week_starts: int = 0) -> dict[date, list[Service]]:
    """Dated services by the first day of their week (`week_starts` 0 for Monday, 6 for Sunday). Undated ones are a
    ValueError.
    """
    weeks: dict[date, list[Service]] = {}
    for service in services:
        if service.on is None:
            raise ValueError("only dated services lie in calendar weeks")
        first = service.on - timedelta(days=(service.on.weekday() - week_starts) % 7)
        weeks.setdefault(first, []).append(service)
    return dict(sorted(weeks.items()))


def as_pattern(services: Iterable[Service]) -> list[Service]:
    """The same services without their dates: a repeating week."""
    return [replace(service, on=None) for service in services]


def _day(weekday: int, services: Sequence[Service], basis: Basis) -> Day:
    spans = sorted((_minute(s.start), _minute(s.end)) for s in services)
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    inside = sum(end - start for start, end in merged)
    if basis is Basis.SCHEDULED:
        therapeutic = inside
    else:
        therapeutic = min(inside, sum(s.minutes(basis) for s in services))
    gaps = (after[0] - before[1] for before, after in pairwise(merged))
    breaks = sum(gap for gap in gaps if gap <= BREAK_COUNTED_UP_TO)
    return Day(weekday, services[0].on, len(services), therapeutic, therapeutic + breaks)


def _pattern_gap(weekdays: Sequence[int]) -> int:
    if not weekdays:
        return 7
    order = sorted(weekdays)
    around = zip(order, [*order[1:], order[0] + 7], strict=True)
    return max(after - before - 1 for before, after in around)


def _dated_gap(days: Sequence[date], before: date | None, after: date | None) -> int:
    line = sorted({*days, *(d for d in (before, after) if d is not None)})
    return max(((b - a).days - 1 for a, b in pairwise(line)), default=0)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
