"""The timetable: publishing, places, seats, visits. What the database promises is tried against it directly."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connections

from footbridge.care.screening.models import FreeHours, Screen
from footbridge.care.timetable import actions, reads
from footbridge.care.timetable.models import Booking, Place, Session
from footbridge.ground.consent import actions as consent
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.program import actions as program
from footbridge.ground.program import importing
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from footbridge.lanes.notices.models import Notice
from footbridge.wiring import clock
from tests import program as week_
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    return week_.load(cast)


@pytest.fixture
def published(cast: Cast, week: week_.Week) -> week_.Week:
    actions.publish(week.program, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
    return week


def someone(name: str) -> Episode:
    person = people.add_person(legal_name=name, by=SYSTEM, at=NOW)
    return episodes.open_episode(people.make_client(person, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)


def free(episode: Episode, spans: list[tuple[int, time, time]], cast: Cast, mode: str = "") -> None:
    with trail.act("test.screened", by=SYSTEM, at=NOW, about=episode):
        screen = Screen.objects.create(episode=episode, by=cast.ivy.staff, how="phone", prefers_mode=mode, at=NOW)
        for weekday, starts, ends in spans:
            FreeHours.objects.create(screen=screen, weekday=weekday, starts=starts, ends=ends)


MORNINGS = [(day, time(8), time(13)) for day in range(5)]


class TestPublish:
    def test_makes_dated_sessions_with_leader_and_room(self, cast, week):
        done = actions.publish(week.program, MONDAY, MONDAY + timedelta(weeks=1), by=cast.ed.actor(), at=NOW)
        assert done.made == 10
        first = Session.objects.filter(group=week.process).first()
        assert first.starts_at == datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
        assert (first.leader, first.room, first.seats) == (cast.bo.staff, week.blue, 12)
        assert Act.objects.filter(verb="timetable.published").count() == 2

    def test_twice_makes_nothing_new(self, cast, published):
        before = Session.objects.count()
        again = actions.publish(published.program, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
        assert (again.made, again.cancelled, again.kept) == (0, 0, before)
        assert Session.objects.count() == before

    def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_change(self, cast, week):
        actions.publish(week.morning, date(2026, 10, 26), date(2026, 11, 7), by=cast.ed.actor(), at=NOW - timedelta(days=10))
        found = [s.starts_at.hour for s in Session.objects.filter(group=week.process).order_by("starts_at")]
        assert found == [14, 14, 14, 15, 15, 15]
        assert {reads.line(s).starts.hour for s in Session.objects.filter(group=week.process)} == {9}

    def test_a_closed_day_is_left_out_with_its_reason(self, cast, week):
        thursday = date(2026, 11, 26)
        done = actions.publish(week.evening, thursday, thursday + timedelta(days=1), by=cast.ed.actor(), at=NOW)
        assert done.made == 0
        assert [(s.on, s.what) for s in done.skipped] == [(thursday, "Evening process group")]
        assert "Downtown is closed" in done.skipped[0].reason

    def test_a_day_closed_later_cancels_its_sessions_and_seats(self, cast, published):
        actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        program.close_day(published.site, date(2026, 11, 4), "Snow", by=cast.ed.actor(), at=NOW)
        done = actions.publish(published.morning, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
        assert done.cancelled == 2
        gone = Session.objects.filter(cancelled_because="closed")
        assert gone.count() == 2
        assert Booking.objects.get(session__in=gone).cancelled_because == "closed"

    def test_without_a_leader_nothing_is_made_and_it_is_said(self, cast, week):
        meeting = week.recovery.meetings.get()
        program.lead(meeting, None, by=cast.ed.actor(), at=NOW)
        done = actions.publish(week.morning, MONDAY, MONDAY + timedelta(weeks=1), by=cast.ed.actor(), at=NOW)
        assert done.made == 6
        assert "nobody leads it" in done.skipped[0].reason

    def test_a_new_leader_takes_over_the_sessions_that_have_not_begun(self, cast, published):
        meeting = published.recovery.meetings.get()
        program.lead(meeting, cast.bo.staff, by=cast.ed.actor(), at=NOW)
        later = NOW + timedelta(days=3)
        actions.publish(published.morning, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=later)
        leaders = [s.leader for s in Session.objects.filter(group=published.recovery).order_by("starts_at")]
        assert leaders == [cast.cy.staff] + [cast.bo.staff] * 3

    def test_a_moved_meeting_cancels_the_old_and_books_the_new(self, cast, published):
        actions.join_group(cast.ana.episode, published.recovery, MONDAY, by=cast.di.actor(), at=NOW)
        moved = week_.FILE.replace('{day: tue, start: "10:00", end: "10:50"', '{day: thu, start: "14:00", end: "14:50"')
        importing.load(moved, by=cast.ed.actor(), at=NOW)
        new = published.recovery.meetings.get(held_until__isnull=True)
        program.lead(new, cast.cy.staff, by=cast.ed.actor(), at=NOW)
        done = actions.publish(published.morning, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
        assert done.cancelled == 4
        assert done.made == 3  # Thanksgiving is closed
        assert cast.ana.episode.bookings.filter(cancelled_at__isnull=True).count() == 3

    def test_the_clock_keeps_eight_weeks_ahead(self, cast, week):
        done = actions.publish_ahead(at=NOW)
        assert done.made
        assert reads.line(Session.objects.order_by("starts_at").last()).starts.date() >= MONDAY + timedelta(days=53)
        assert actions.publish_ahead(at=NOW).made == 0
        assert actions.publish_ahead(at=NOW + timedelta(weeks=1)).made == 10

    def test_places_are_seated_in_later_sessions(self, cast, published):
        actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        assert cast.ana.episode.bookings.count() == 12
        actions.publish(published.program, MONDAY, MONDAY + timedelta(weeks=6), by=cast.ed.actor(), at=NOW)
        assert cast.ana.episode.bookings.count() == 18

    def test_a_therapist_may_not(self, cast, week):
        with pytest.raises(NotYours):
            actions.publish(week.program, MONDAY, MONDAY + timedelta(weeks=1), by=cast.bo.actor(), at=NOW)

    def test_no_days_between(self, cast, week):
        with pytest.raises(actions.CannotPublish, match="after the first"):
            actions.publish(week.program, MONDAY, MONDAY, by=cast.ed.actor(), at=NOW)


class TestJoin:
    def test_a_place_and_a_numbered_seat_in_every_session(self, cast, published):
        place = actions.join_group(cast.ana.episode, published.process, date(2026, 11, 9), by=cast.di.actor(), at=NOW)
        assert place.by == cast.di.staff
        seats = Booking.objects.filter(place=place)
        assert seats.count() == 9
        assert {b.seat for b in seats} == {1}
        assert Act.objects.get(verb="group.joined").client_uid == cast.ana.client.uid

    def test_full(self, cast, published):
        for name in ("One Person", "Two Person"):
            actions.join_group(someone(name), published.evening_process, MONDAY, by=cast.di.actor(), at=NOW)
        with pytest.raises(actions.CannotJoin, match="full: 2 of 2 places") as caught:
            actions.join_group(cast.ana.episode, published.evening_process, MONDAY, by=cast.di.actor(), at=NOW)
        assert caught.value.field == "group"
        assert not Place.objects.filter(episode=cast.ana.episode).exists()

    def test_wrong_mode_unless_confirmed(self, cast, published):
        free(cast.ana.episode, [], cast, mode="in_person")
        with pytest.raises(actions.CannotJoin, match="by video"):
            actions.join_group(cast.ana.episode, published.evening_process, MONDAY, by=cast.di.actor(), at=NOW)
        assert actions.join_group(cast.ana.episode, published.evening_process, MONDAY, by=cast.di.actor(), at=NOW, confirmed=True)

    def test_outside_free_hours_unless_confirmed(self, cast, published):
        free(cast.ana.episode, [(0, time(9), time(12)), (2, time(9), time(12))], cast)
        with pytest.raises(actions.CannotJoin, match=r"on Friday, 9:00 a.m."):
            actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        assert actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW, confirmed=True)

    def test_an_overlap_says_with_what(self, cast, published):
        actions.add_visit(
            cast.ana.episode, "individual", cast.cy.staff, 0, time(9, 30), time(10, 20), held_from=MONDAY, by=cast.di.actor(), at=NOW
        )
        with pytest.raises(actions.CannotBook, match=r"Individual on Mon, Nov 2, 9:30 a.m. – 10:20 a.m. is booked for them already"):
            actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        assert not Place.objects.filter(episode=cast.ana.episode).exists()

    def test_twice(self, cast, published):
        actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        with pytest.raises(actions.CannotJoin, match="already"):
            actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)

    def test_a_closed_group_that_has_begun(self, cast, published):
        actions.join_group(someone("One Person"), published.process, MONDAY, by=cast.di.actor(), at=NOW)
        published.process.open_entry = False
        with pytest.raises(actions.CannotJoin, match="closed group"):
            actions.join_group(cast.ana.episode, published.process, date(2026, 11, 9), by=cast.di.actor(), at=NOW)

    def test_a_stranger_therapist_may_not(self, cast, published):
        with pytest.raises(NotYours):
            actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.cy.actor(), at=NOW)

    def test_leaving_gives_the_later_seats_back(self, cast, published):
        place = actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        actions.leave_group(place, date(2026, 11, 9), by=cast.di.actor(), at=NOW, why="Moved to the evening")
        assert place.bookings.filter(cancelled_at__isnull=True).count() == 3
        again = actions.join_group(cast.ana.episode, published.process, date(2026, 11, 16), by=cast.di.actor(), at=NOW)
        assert again.bookings.count() == 6


class TestVisits:
    def add(self, cast, published, **kw):
        words = {"held_from": MONDAY, "room": published.office, "by": cast.bo.actor(), "at": NOW, **kw}
        return actions.add_visit(cast.ana.episode, words.pop("kind", "individual"), words.pop("staff", cast.bo.staff), 1, time(9), time(9, 50), **words)

    def test_sessions_for_eight_weeks_with_a_seat_each(self, cast, published):
        visit = self.add(cast, published)
        assert visit.sessions.count() == 8
        assert Booking.objects.filter(session__visit=visit).count() == 8

    def test_every_second_week(self, cast, published):
        visit = self.add(cast, published, every_weeks=2)
        days = [reads.line(s).starts.date() for s in visit.sessions.order_by("starts_at")]
        assert days[:2] == [date(2026, 11, 3), date(2026, 11, 17)]
        assert len(days) == 4
        actions.publish_ahead(at=NOW + timedelta(weeks=2))
        assert visit.sessions.count() == 5

    def test_a_therapist_who_leads_a_group_then(self, cast, published):
        with pytest.raises(actions.CannotVisit, match=r"Tue, Nov 3.*Cy leads Recovery group then"):
            actions.add_visit(
                cast.ana.episode, "individual", cast.cy.staff, 1, time(10, 30), time(11, 20), held_from=MONDAY, by=cast.di.actor(), at=NOW
            )
        assert not cast.ana.episode.weekly_visits.exists()

    def test_a_room_that_is_taken(self, cast, published):
        self.add(cast, published)
        with pytest.raises(actions.CannotVisit, match="Office 1 is used by Individual then"):
            actions.add_visit(
                cast.max.episode, "individual", cast.cy.staff, 1, time(9), time(9, 50), held_from=MONDAY, room=published.office,
                by=cast.di.actor(), at=NOW,
            )  # fmt: skip

    def test_medication_visits_are_a_prescribers(self, cast, published):
        with pytest.raises(actions.CannotVisit, match="not a prescriber"):
            self.add(cast, published, kind="medication")
        assert self.add(cast, published, kind="medication", staff=cast.pat.staff)

    def test_outside_free_hours_unless_confirmed(self, cast, published):
        free(cast.ana.episode, [(0, time(8), time(12))], cast)
        with pytest.raises(actions.CannotVisit, match="outside the hours"):
            self.add(cast, published)
        assert self.add(cast, published, confirmed=True)

    def test_the_same_visit_twice(self, cast, published):
        self.add(cast, published)
        with pytest.raises(actions.CannotVisit, match="stands already"):
            self.add(cast, published)

    def test_ending(self, cast, published):
        visit = self.add(cast, published)
        actions.end_visit(visit, date(2026, 11, 10), by=cast.bo.actor(), at=NOW)
        assert visit.sessions.filter(cancelled_at__isnull=True).count() == 1
        actions.publish_ahead(at=NOW + timedelta(weeks=1))
        assert visit.sessions.filter(cancelled_at__isnull=True).count() == 1

    def test_once(self, cast, published):
        start = datetime(2026, 11, 5, 20, 0, tzinfo=UTC)
        booking = actions.book_once(
            cast.ana.episode, "family", cast.bo.staff, start, start + timedelta(minutes=50), by=cast.bo.actor(), at=NOW
        )
        assert booking.session.site == published.site
        with pytest.raises(actions.CannotVisit, match="Bo leads Family"):
            actions.book_once(cast.ana.episode, "family", cast.bo.staff, start, start + timedelta(minutes=50), by=cast.bo.actor(), at=NOW)


class TestCancel:
    def test_a_session_with_its_seats(self, cast, published):
        actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        session = Session.objects.filter(group=published.process).order_by("starts_at")[1]
        actions.cancel_session(session, "staff_away", by=cast.bo.actor(), at=NOW, why="Ill")
        assert session.bookings.get().cancelled_because == "staff_away"
        with pytest.raises(actions.CannotCancel, match="already"):
            actions.cancel_session(session, "staff_away", by=cast.bo.actor(), at=NOW)
        again = actions.publish(published.program, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
        assert again.made == 0

    def test_another_therapists_session(self, cast, published):
        session = Session.objects.filter(group=published.process).first()
        with pytest.raises(NotYours):
            actions.cancel_session(session, "staff_away", by=cast.cy.actor(), at=NOW)

    def test_one_persons_seat(self, cast, published):
        actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        booking = cast.ana.episode.bookings.order_by("starts_at")[1]
        actions.cancel_booking(booking, by=cast.di.actor(), at=NOW)
        assert booking.session.cancelled_at is None
        late = cast.ana.episode.bookings.order_by("starts_at")[0]
        with pytest.raises(actions.CannotCancel, match="has begun"):
            actions.cancel_booking(late, by=cast.di.actor(), at=NOW + timedelta(minutes=1))

    def test_a_visit_is_cancelled_with_its_seat(self, cast, published):
        start = NOW + timedelta(days=1, hours=5)
        booking = actions.book_once(cast.ana.episode, "family", cast.bo.staff, start, start + timedelta(minutes=50), by=cast.bo.actor(), at=NOW)
        actions.cancel_booking(booking, by=cast.bo.actor(), at=NOW)
        assert Session.objects.get(pk=booking.session_id).cancelled_because == "client"

    def test_the_end_gives_everything_back(self, cast, published):
        actions.join_group(cast.ana.episode, published.process, MONDAY, by=cast.di.actor(), at=NOW)
        actions.add_visit(cast.ana.episode, "individual", cast.bo.staff, 1, time(9), time(9, 50), held_from=MONDAY, by=cast.bo.actor(), at=NOW)
        actions.end_all(cast.ana.episode, date(2026, 11, 9), by=cast.ed.actor(), at=NOW)
        left = cast.ana.episode.bookings.filter(cancelled_at__isnull=True)
        assert left.count() == 4
        assert set(cast.ana.episode.bookings.filter(cancelled_at__isnull=False).values_list("cancelled_because", flat=True)) == {"ended"}


class TestPlaceInTrack:
    def test_groups_for_them_and_an_individual_hour(self, cast, published):
        free(cast.ana.episode, MORNINGS, cast)
        placed = actions.place_in_track(cast.ana.episode, published.morning, MONDAY, by=cast.di.actor(), at=NOW)
        assert {p.group.code for p in placed.places} == {"process", "skills", "recovery"}
        assert placed.visit and placed.visit.staff == cast.bo.staff
        verdict = reads.verdict(cast.ana.episode, MONDAY)
        assert verdict.met
        assert reads.counted(reads.week_of(cast.ana.episode, MONDAY)).therapeutic_minutes == 3 * 160 + 50 + 50

    def test_chosen_groups_only(self, cast, published):
        placed = actions.place_in_track(
            cast.ana.episode, published.morning, MONDAY, [published.process, published.skills], by=cast.di.actor(), at=NOW, individual=False
        )
        assert len(placed.places) == 2
        verdict = reads.verdict(cast.ana.episode, MONDAY)
        assert not verdict.met
        assert verdict.short_by_minutes == 60
        assert "1 h is missing" in reads.hours_sentence(cast.ana.episode, MONDAY)

    def test_what_does_not_fit_is_said_and_nothing_is_booked(self, cast, published):
        free(cast.ana.episode, [(0, time(8), time(13))], cast)
        with pytest.raises(actions.CannotJoin, match=r"Wednesday.*is not one of their free hours"):
            actions.place_in_track(cast.ana.episode, published.morning, MONDAY, by=cast.di.actor(), at=NOW)
        assert not Place.objects.exists()


class TestTheDatabasePromises:
    def test_nobody_sits_in_two_sessions_at_once(self, cast, published):
        first = Session.objects.filter(group=published.process).first()
        other = Session(
            kind="family", site=published.site, leader=cast.pat.staff, mode="video", seats=1, published_at=NOW,
            starts_at=first.starts_at + timedelta(minutes=10), ends_at=first.ends_at,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="person_not_twice_at_once"), trail.act("test.raw", by=SYSTEM, at=NOW, about=first):
            other.save()
            for session in (first, other):
                Booking.objects.create(
                    session=session, episode=cast.ana.episode, seat=1, seats=1, starts_at=session.starts_at, ends_at=session.ends_at, booked_at=NOW
                )

    @pytest.mark.parametrize(("who", "where", "constraint"), [("bo", None, "leader_not_twice_at_once"), ("pat", "blue", "room_not_twice_at_once")])
    def test_no_leader_and_no_room_twice_at_once(self, cast, published, who, where, constraint):
        first = Session.objects.filter(group=published.process).first()
        with pytest.raises(IntegrityError, match=constraint), trail.act("test.raw", by=SYSTEM, at=NOW, about=first):
            Session.objects.create(
                kind="family", site=published.site, leader=getattr(cast, who).staff, room=published.blue if where else None, mode="video", seats=1,
                published_at=NOW, starts_at=first.starts_at + timedelta(minutes=49), ends_at=first.ends_at + timedelta(minutes=30),
            )  # fmt: skip

    def test_no_seat_beyond_the_last(self, cast, published):
        first = Session.objects.filter(group=published.process).first()
        with pytest.raises(IntegrityError, match="seat_exists"), trail.act("test.raw", by=SYSTEM, at=NOW, about=first):
            Booking.objects.create(
                session=first, episode=cast.ana.episode, seat=13, seats=12, starts_at=first.starts_at, ends_at=first.ends_at, booked_at=NOW
            )


@pytest.mark.django_db(transaction=True)
def test_of_forty_who_join_at_once_exactly_twelve_sit(django_db_blocker) -> None:
    from tests import cast as cast_

    cast = cast_.build()
    week = week_.load(cast)
    actions.publish(week.morning, MONDAY, MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=NOW)
    people_ = [someone(f"Person{n} Example") for n in range(40)]
    by = cast.di.actor()
    said: list[str] = []
    gate = threading.Semaphore(8)  # the test server takes few connections at a time

    def join(episode: Episode) -> None:
        with gate:
            try:
                actions.join_group(episode, week.process, MONDAY, by=by, at=NOW)
                said.append("in")
            except actions.CannotJoin as refusal:
                said.append(str(refusal.sentence))
            finally:
                connections["default"].close()

    threads = [threading.Thread(target=join, args=(e,)) for e in people_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert said.count("in") == 12
    assert sum("12 of 12 places" in words for words in said) == 28
    for session in Session.objects.filter(group=week.process):
        assert sorted(session.bookings.values_list("seat", flat=True)) == list(range(1, 13))


class TestOffers:
    def test_when_nobody_asked_for_hours_the_evening_fits_too(self, cast, published):
        from footbridge.care.timetable import offers

        found = {o.track: o for o in offers.offers(cast.ana.episode, MONDAY)}
        assert found["morning"].fits and found["evening"].fits
        assert found["morning"].individual.staff == str(cast.bo.staff.uid)

    def test_what_stands_in_the_way_is_said(self, cast, published):
        from footbridge.care.timetable import offers

        free(cast.ana.episode, MORNINGS, cast)
        evening = next(o for o in offers.offers(cast.ana.episode, MONDAY) if o.track == "evening")
        said = [offers.said(s, {"evening.evening_process": "Evening process group"}) for s in evening.left_out]
        assert said == ["Evening process group: Monday, 6:00 p.m. to 8:50 p.m. is not one of their free hours."]
        assert "50 min on 1 day a week." in [offers.said(s, {}) for s in evening.reasons]

    def test_free_places_of_a_track(self, cast, published):
        actions.join_group(cast.ana.episode, published.evening_process, MONDAY, by=cast.di.actor(), at=NOW)
        assert {t.track.code: (t.places, t.free) for t in reads.tracks_with_places(MONDAY)} == {"morning": (12, 12), "evening": (2, 1)}


def test_a_closed_day_stands_in_a_clients_own_week(cast, week):
    """Thanksgiving; nothing else is planned, and it is told all the same, as long as they are in care."""
    monday = date(2026, 11, 23)

    def said() -> list[str]:
        shown = reads.week_for_client(cast.ana.episode, monday)
        return [str(entry.title) for row in shown.rows for cell in row.cells for entry in cell] if shown else []

    assert any("Downtown closed" in one for one in said())
    actions.publish(week.program, monday, monday + timedelta(weeks=1), by=cast.ed.actor(), at=NOW)
    actions.join_group(cast.ana.episode, week.process, MONDAY, by=cast.ed.actor(), at=NOW)
    assert any("Downtown closed" in one for one in said()) and "Morning process group" in said()
    assert reads.week_for_client(cast.ana.episode, monday + timedelta(weeks=1)) is None


def test_a_day_closed_later_cancels_the_visits_of_that_day_too(cast, published):
    by = cast.ed.actor()
    visit = actions.add_visit(cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=MONDAY, site=published.site, by=by, at=NOW)
    on = MONDAY + timedelta(days=8)
    program.close_day(published.site, on, "Snow", by=by, at=NOW)
    actions.publish_ahead(at=NOW)
    actions.publish_ahead(at=NOW)
    closed = visit.sessions.get(starts_at__date=on)
    assert closed.cancelled_because == "closed" and not closed.bookings.filter(cancelled_at__isnull=True).exists()
    assert visit.sessions.filter(cancelled_at__isnull=True).count() >= 6
    assert Act.objects.filter(verb="visit.day_closed", client_uid=cast.ana.client.uid).count() == 1


class TestClosedDaysAreTold:
    """By day, once for each closed day, to whoever would have come and to the leader."""

    @pytest.fixture
    def closed(self, cast, published):
        by = cast.ed.actor()
        consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(), at=NOW)
        for group in (published.process, published.skills):
            for episode in (cast.ana.episode, cast.max.episode):
                actions.join_group(episode, group, MONDAY, by=by, at=NOW)
        program.close_day(published.site, MONDAY + timedelta(days=7), "Snow", by=by, at=NOW)
        actions.publish_ahead(at=NOW)
        return published

    def test_once_and_nothing_but_that_the_week_has_changed(self, cast, closed):
        for hours in (1, 2):
            clock.tell_closed(NOW + timedelta(hours=hours))
        assert {(n.person, n.template) for n in Notice.objects.all()} == {(cast.ana.person, "week"), (cast.bo.person, "week"), (cast.cy.person, "week")}
        assert Notice.objects.count() == 3

    def test_nobody_at_night_nobody_who_has_gone_and_nothing_old(self, cast, closed):
        clock.tell_closed(NOW + timedelta(hours=13))  # ten in the evening in Chicago
        clock.tell_closed(NOW + timedelta(days=4))
        assert not Notice.objects.exists()
        actions.end_all(cast.ana.episode, MONDAY + timedelta(days=1), by=SYSTEM, at=NOW)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=NOW + timedelta(minutes=1), why="Discharged")
        clock.tell_closed(NOW + timedelta(hours=1))
        assert not Notice.objects.filter(person=cast.ana.person).exists()
