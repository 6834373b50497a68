"""Free hours for an assessment: somebody who assesses, an hour in which they and a room are free, soonest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from footbridge.care.inquiry import promises
from footbridge.care.timetable.models import Session
from footbridge.data import parsed
from footbridge.ground.people import reads as people
from footbridge.ground.people.models import Away, Staff
from footbridge.ground.program import working
from footbridge.ground.program.models import Room, Site
from footbridge.ground.program.words import Mode, RoomKind

A_DAY = 3  # hours offered of one day, so that several days can be seen at once


@dataclass(frozen=True, slots=True)
class Slot:
    """`soon`: it begins within the hours the program promises for a first visit."""

    staff: Staff
    starts_at: datetime
    ends_at: datetime
    room: Room | None
    mode: str
    soon: bool

    @property
    def code(self) -> str:
        return f"{self.staff.uid}|{self.starts_at.astimezone(UTC).isoformat()}"


def headline() -> timedelta:
    return timedelta(hours=parsed("promises")["headline"]["first_visit_within_hours"])


# Which hours a part of the day holds.
PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}


def free(at: datetime, at_site: promises.Calendar) -> list[Slot]:
    """Every free hour of the next days, soonest first. Eight queries, however many hours there are."""
    rule: dict[str, int] = parsed("promises")["assessment"]
    first, last = at_site.today(at), at_site.today(at) + timedelta(days=rule["days_ahead"])
    staff = list(people.staff_with_role("intake", first)) or list(people.staff_with_role("therapist", first))
    site = Site.objects.order_by("id").first()
    rooms = list(Room.objects.filter(site=site, kind=RoomKind.OFFICE).order_by("name"))
    begin, end = at, at_site.hours_of(last)[1]
    taken = list(
        Session.objects.filter(cancelled_at__isnull=True, starts_at__lt=end, ends_at__gt=begin).order_by("starts_at").values_list("leader_id", "room_id", "starts_at", "ends_at")
    )
    away = list(Away.objects.filter(staff__in=staff, from_on__lte=last, until_on__gt=first).values_list("staff_id", "from_on", "until_on"))
    works = {pk: week.hours for pk, week in working.weeks(staff, first).items()}
    found: list[Slot] = []
    for day in _days(first, last):
        if at_site.is_open_on(day):
            here = [one for one in staff if not any(who == one.pk and since <= day < until for who, since, until in away)]
            found += _of_day(day, at, at_site, here, rooms, taken, rule, works)
    return found


def offered(every: list[Slot], wish: str, at_site: promises.Calendar) -> list[Slot]:
    """Those shown: a few a day on the next days, of the part of the day they wish for where there are enough."""
    most: int = parsed("promises")["assessment"]["offered"]
    by_day: dict[date, list[Slot]] = {}
    for one in every:
        by_day.setdefault(one.starts_at.astimezone(at_site.zone).date(), []).append(one)
    return [one for day in by_day.values() for one in _some(day, wish, at_site)][:most]


def _some(of_day: list[Slot], wish: str, at_site: promises.Calendar) -> list[Slot]:
    """A few of a day: as wished, or spread over the day."""
    begins, until = PARTS.get(wish, (0, 24))
    wished = [one for one in of_day if begins <= one.starts_at.astimezone(at_site.zone).hour < until]
    pick = wished if len(wished) >= A_DAY else of_day
    if len(pick) <= A_DAY:
        return pick
    return [pick[0], pick[len(pick) // 2], pick[-1]]


def _days(first: date, last: date) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def _of_day(
    day: date, at: datetime, at_site: promises.Calendar, staff: list[Staff], rooms: list[Room], taken: list[Any], rule: dict[str, int],
    works: Mapping[int, Sequence[working.Hours]],
) -> Iterator[Slot]:  # fmt: skip
    """One offer an hour: whoever has least to do that day comes first, so that the load is even."""
    opens, closes = at_site.hours_of(day)
    busy = {one.pk: sum(who == one.pk and opens < ends and starts < closes for who, _room, starts, ends in taken) for one in staff}
    starts_at = opens
    length = timedelta(minutes=rule["minutes"])
    while starts_at + length <= closes:
        ends_at = starts_at + length
        if starts_at >= at + timedelta(minutes=rule["earliest_minutes"]):
            over = [(who, room) for who, room, starts, ends in taken if starts < ends_at and ends > starts_at]
            who = next((one for one in sorted(staff, key=lambda one: (busy[one.pk], one.pk)) if all(w != one.pk for w, _r in over) and _at_work(works.get(one.pk, ()), day, starts_at, ends_at, at_site)), None)
            if who is not None:
                room = next((one for one in rooms if all(r != one.pk for _w, r in over)), None)
                yield Slot(who, starts_at, ends_at, room, Mode.IN_PERSON if room else Mode.VIDEO, starts_at <= at + headline())
        starts_at += timedelta(minutes=rule["begins_every_minutes"])


def _at_work(hours: Sequence[working.Hours], day: date, starts_at: datetime, ends_at: datetime, at_site: promises.Calendar) -> bool:
    """Within somebody's own working hours; of whom nobody knows them, within the hours of the site."""
    start, end = starts_at.astimezone(at_site.zone).time(), ends_at.astimezone(at_site.zone).time()
    return not hours or any(one.weekday == day.weekday() and one.starts <= start and end <= one.ends for one in hours)
