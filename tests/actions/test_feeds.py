"""Calendar feeds: who may open one, what it says, and a second reading of the file by another library."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.feeds import actions, calendar, reads
from footbridge.care.timetable.feeds.models import CalendarFeed
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.people import actions as people
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    made = week_.load(cast)
    timetable.publish_ahead(at=NOW)
    return made


@pytest.fixture
def placed(cast: Cast, week):
    timetable.join_group(cast.ana.episode, week.process, date(2026, 11, 2), by=cast.di.actor(), at=NOW)
    timetable.join_group(cast.max.episode, week.process, date(2026, 11, 2), by=cast.di.actor(), at=NOW)
    timetable.add_visit(
        cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=date(2026, 11, 3), site=week.site, by=cast.bo.actor(), at=NOW
    )  # fmt: skip
    return week


def opened(cast, who="ana", **kw) -> CalendarFeed:
    return actions.open_feed(title=kw.pop("title", "Appointment"), by=getattr(cast, who).actor(), at=NOW, **kw)


def read(feed: CalendarFeed, at=NOW) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(calendar.ics(feed.title, reads.hours(feed, at)))


def events(feed: CalendarFeed, at=NOW) -> list[icalendar.Event]:
    return list(read(feed, at).walk("VEVENT"))


class TestKeeping:
    def test_opening_keeps_no_secret_in_the_open(self, cast):
        feed = opened(cast)
        secret = reads.address(feed).rsplit("/", 1)[1].removesuffix(".ics")
        assert len(secret) >= 43 and feed.digest != secret and secret.encode() not in bytes(feed.sealed)
        assert reads.opened_by(secret, NOW) == feed
        act = Act.objects.filter(verb="calendar_feed.opened").get()
        assert act.client_uid == cast.ana.client.uid and secret not in str(act.detail)

    def test_one_at_a_time(self, cast):
        opened(cast)
        with pytest.raises(actions.CannotKeepFeed):
            opened(cast)

    def test_renewed_the_old_address_is_dead_and_the_words_stay(self, cast):
        old = opened(cast, title="Lunch", shows_place=True)
        secret = reads.address(old).rsplit("/", 1)[1].removesuffix(".ics")
        new = actions.renew(old, by=cast.ana.actor(), at=NOW)
        assert reads.opened_by(secret, NOW) is None
        assert (new.title, new.shows_place) == ("Lunch", True) and reads.address(new) != reads.address(old)

    def test_ended(self, cast):
        feed = opened(cast)
        secret = reads.address(feed).rsplit("/", 1)[1].removesuffix(".ics")
        actions.end(feed, by=cast.ana.actor(), at=NOW)
        assert reads.opened_by(secret, NOW) is None
        with pytest.raises(actions.CannotKeepFeed):
            actions.end(feed, by=cast.ana.actor(), at=NOW)

    def test_only_ones_own(self, cast):
        feed = opened(cast)
        for who in (cast.max, cast.bo, cast.gus, cast.ed):
            for deed in (actions.renew, actions.end):
                with pytest.raises(NotYours):
                    deed(feed, by=who.actor(), at=NOW)
        with pytest.raises(NotYours):
            opened(cast, "gus")
        with pytest.raises(NotYours):
            opened(cast, "bea", work=True)

    def test_an_account_that_is_closed_opens_nothing(self, cast):
        feed = opened(cast)
        secret = reads.address(feed).rsplit("/", 1)[1].removesuffix(".ics")
        cast.ana.user.is_active = False
        cast.ana.user.save()
        assert reads.opened_by(secret, NOW) is None

    def test_who_holds_no_role_any_more_has_no_calendar_of_work(self, cast):
        feed = opened(cast, "bo", work=True)
        secret = reads.address(feed).rsplit("/", 1)[1].removesuffix(".ics")
        assert reads.opened_by(secret, NOW) == feed
        for held in cast.bo.staff.roles_held.all():
            people.end_role(held, until=NOW.date(), by=SYSTEM, at=NOW)
        assert reads.opened_by(secret, NOW) is None

    @pytest.mark.parametrize("title", ["Riverside", "my morning PROCESS group", "  ", "Riverside intensive outpatient program"])
    def test_words_that_tell_are_refused(self, cast, week, title):
        with pytest.raises(actions.CannotKeepFeed) as refused:
            opened(cast, title=title)
        assert refused.value.field == "title"
        assert not CalendarFeed.objects.exists()


class TestWhatItSays:
    def test_a_client_gets_times_and_one_word(self, cast, placed):
        feed = opened(cast)
        said = calendar.ics(feed.title, reads.hours(feed, NOW)).decode()
        assert len(events(feed)) == Booking.objects.filter(episode=cast.ana.episode).count() > 20
        assert {str(e["summary"]) for e in events(feed)} == {"Appointment"}
        for telling in ("process", "group", "Riverside", "Bo", "Ana", "Soto", "Blue", "Downtown", "LOCATION", "DESCRIPTION", "individual"):
            assert telling.casefold() not in said.casefold(), telling

    def test_the_place_only_when_asked(self, cast, placed):
        placed.site.address = "12 Water Street"
        with trail.act("test", by=SYSTEM, at=NOW, about=placed.site):
            placed.site.save()
        feed = opened(cast, shows_place=True)
        assert {str(e["location"]) for e in events(feed)} <= {"12 Water Street"}
        assert "Blue" not in calendar.ics(feed.title, reads.hours(feed, NOW)).decode()

    def test_staff_get_the_hours_they_lead_and_no_client(self, cast, placed):
        feed = opened(cast, "bo", work=True, title="Work", shows_place=True)
        said = calendar.ics(feed.title, reads.hours(feed, NOW)).decode()
        assert len(events(feed)) == Session.objects.filter(leader=cast.bo.staff).count()
        assert "Blue room" in said
        for telling in ("Ana", "Max", "process", "Riverside", "FB-"):
            assert telling not in said, telling

    def test_names_stay_and_cancelled_ones_are_said_to_be(self, cast, placed):
        feed = opened(cast)
        before = {str(e["uid"]): e for e in events(feed)}
        first = Booking.objects.filter(episode=cast.ana.episode, session__kind="group", starts_at__gt=NOW + timedelta(days=1)).order_by("starts_at").first()
        later = NOW + timedelta(hours=2)
        timetable.cancel_session(first.session, "staff_away", by=cast.bo.actor(), at=later)
        after = {str(e["uid"]): e for e in events(feed, later)}
        assert set(before) == set(after)
        gone = after[str(first.uid)]
        assert (str(gone["status"]), int(gone["sequence"]), str(gone["transp"])) == ("CANCELLED", 1, "TRANSPARENT")
        assert gone["last-modified"].dt == later and before[str(first.uid)]["status"] == "CONFIRMED"
        assert all(str(e["status"]) == "CONFIRMED" for uid, e in after.items() if uid != str(first.uid))

    def test_a_seat_taken_again_is_not_told_as_cancelled(self, cast, placed):
        feed = opened(cast)
        seat = Booking.objects.filter(episode=cast.ana.episode, session__kind="group", starts_at__gt=NOW).order_by("starts_at").first()
        timetable.cancel_booking(seat, by=cast.bo.actor(), at=NOW)
        timetable.join_once(cast.ana.episode, seat.session, by=cast.bo.actor(), at=NOW)
        at_once = [e for e in events(feed) if e["dtstart"].dt == seat.starts_at]
        assert [str(e["status"]) for e in at_once] == ["CONFIRMED"]

    def test_nine_stays_nine_when_the_clocks_change(self, cast, week):
        at = datetime(2026, 10, 19, 12, tzinfo=UTC)
        timetable.publish(week.morning, date(2026, 10, 19), date(2026, 11, 14), by=cast.ed.actor(), at=at)
        timetable.join_group(cast.ana.episode, week.process, date(2026, 10, 26), by=cast.di.actor(), at=at)
        feed = actions.open_feed(title="Appointment", by=cast.ana.actor(), at=at)
        told = read(feed, at)
        # A second reader, with the zone as the file itself describes it: October is UTC-5, November UTC-6.
        found = recurring_ical_events.of(told).between(date(2026, 10, 26), date(2026, 11, 10))
        starts = sorted(e["dtstart"].dt for e in found)
        assert len(starts) == 7
        assert {(s.hour, s.minute) for s in starts} == {(9, 0)}
        assert {s.astimezone(UTC).hour for s in starts} == {14, 15}
        assert [s.astimezone(UTC).hour for s in starts] == [14] * 3 + [15] * 4
        zone = told.walk("VTIMEZONE")[0]
        assert str(zone["tzid"]) == "America/Chicago" and {c.name for c in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}

    def test_every_hour_is_where_the_database_has_it(self, cast, placed):
        feed = opened(cast)
        stored = {str(b.uid): (b.starts_at, b.ends_at) for b in Booking.objects.filter(episode=cast.ana.episode)}
        assert {str(e["uid"]): (e["dtstart"].dt, e["dtend"].dt) for e in events(feed)} == stored

    def test_weeks_long_past_and_far_ahead_are_left_out(self, cast, placed):
        feed = opened(cast)
        assert reads.hours(feed, NOW + timedelta(weeks=30)) == []
