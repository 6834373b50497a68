"""A simulated clock: deeds wait in order of their moment and are done one after the other, each at its own time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

Deed = Callable[[datetime], None]


class Clock:
    """`at(day, "9:30", deed)` puts a deed on the calendar (local time); `run(until)` does them in order."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._waiting: list[tuple[datetime, int, Deed]] = []
        self._order = count()
        self.done = 0

    def moment(self, day: date, hour: str) -> datetime:
        hours, minutes = hour.split(":")
        return datetime.combine(day, time(int(hours), int(minutes)), self.zone)

    def at(self, day: date, hour: str, deed: Deed) -> None:
        self.when(self.moment(day, hour), deed)

    def when(self, moment: datetime, deed: Deed) -> None:
        heapq.heappush(self._waiting, (moment, next(self._order), deed))

    def run(self, until: datetime, progress: Callable[[datetime], None] | None = None) -> None:
        """Do every deed up to `until`. What lies later never happens."""
        while self._waiting and self._waiting[0][0] <= until:
            moment, _order, deed = heapq.heappop(self._waiting)
            deed(moment)
            self.done += 1
            if progress:
                progress(moment)


def working_day(day: date, ahead: int = 0) -> date:
    """The day `ahead` working days after `day`; a weekend moves to Monday."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    for _step in range(ahead):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day
