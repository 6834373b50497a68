"""A calendar file read by another library says what was written, whatever the zone and the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.care.timetable.feeds.calendar import ics
from footbridge.care.timetable.feeds.reads import Hour

ZONES = ("America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Puerto_Rico", "Asia/Kolkata", "Europe/Dublin")
# Around the changes of clock of two years, and any other time.
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda t: t.replace(second=0, microsecond=0, tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(INSTANTS, st.sampled_from(ZONES), st.integers(10, 240), st.booleans()), min_size=1, max_size=6), st.text(max_size=40))
def test_every_instant_comes_back(rows, title):
    made = [
        Hour(str(n), at, at + timedelta(minutes=length), zone, at - timedelta(days=3), gone) for n, (at, zone, length, gone) in enumerate(rows)
    ]
    told = icalendar.Calendar.from_ical(ics(title.strip() or "Appointment", made))
    events = {str(e["uid"]): e for e in told.walk("VEVENT")}
    assert set(events) == {hour.uid for hour in made}
    for hour in made:
        event = events[hour.uid]
        assert (event["dtstart"].dt, event["dtend"].dt) == (hour.starts_at, hour.ends_at)
        assert str(event["status"]) == ("CANCELLED" if hour.cancelled else "CONFIRMED")
        at_once = recurring_ical_events.of(told).between(hour.starts_at - timedelta(minutes=1), hour.ends_at)
        assert hour.uid in {str(e["uid"]) for e in at_once}


def test_a_name_with_a_line_break_is_one_line():
    told = icalendar.Calendar.from_ical(ics("Morning\n track", []))
    assert str(told["name"]) == str(told["x-wr-calname"]) == "Morning track"


def test_an_empty_calendar_is_a_calendar():
    told = icalendar.Calendar.from_ical(ics("Appointment", []))
    assert not told.walk("VEVENT") and str(told["x-wr-calname"]) == "Appointment"
