"""A calendar as iCalendar (RFC 5545, 7986): dated entries with names that stay, cancelled ones said to be so.

Every hour is written with the time zone of its site, and the zone with its changes of clock, so that nine o'clock stays nine o'clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from .reads import Hour

READ_AGAIN = timedelta(hours=1)


def ics(title: str, hours: Sequence[Hour]) -> bytes:
    from icalendar import Calendar, Event, vDuration  # here, not above: loaded by whoever asks for a calendar

    title = " ".join(title.split())  # the name of a calendar is one line, written without escapes
    calendar = Calendar()
    calendar.add("prodid", "-//Footbridge//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("name", title)
    calendar.add("refresh-interval", vDuration(READ_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN))
    for one in hours:
        there = ZoneInfo(one.zone)
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("sequence", int(one.cancelled))
        event.add("dtstart", one.starts_at.astimezone(there))
        event.add("dtend", one.ends_at.astimezone(there))
        event.add("summary", title)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if one.cancelled else "OPAQUE")
        event.add("class", "PRIVATE")
        if one.place:
            event.add("location", one.place)
        calendar.add_component(event)
    if hours:  # the changes of clock around these hours, not those of seventy years
        days = [one.starts_at.date() for one in hours]
        calendar.add_missing_timezones(first_date=min(days) - timedelta(days=366), last_date=max(days) + timedelta(days=366))
    return bytes(calendar.to_ical())
