"""A session: who came, what was written, signed, and which hours count."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from footbridge.care.plan.models import Goal, Objective, Plan, PlanSignature, Problem
from footbridge.care.sessions import actions, names, reads
from footbridge.care.sessions.actions import Entry
from footbridge.care.sessions.forms import read_minutes
from footbridge.care.sessions.models import Attendance, NoteAmendment
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Booking, Session
from footbridge.engines.hours import Basis
from footbridge.ground.episodes.models import Episode
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.actions.test_timetable import someone
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db
OVER = NOW + timedelta(hours=1)


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    made = week_.load(cast)
    timetable.publish(made.morning, MONDAY, MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=NOW)
    for episode in (cast.ana.episode, someone("Ben Ortiz")):
        timetable.join_group(episode, made.process, MONDAY, by=cast.di.actor(), at=NOW)
        timetable.join_group(episode, made.skills, MONDAY, by=cast.di.actor(), at=NOW)
    return made


@pytest.fixture
def session(week: week_.Week) -> Session:
    return first(week.process)


def first(group, n: int = 0) -> Session:
    return Session.objects.filter(group=group).select_related("site", "group__curriculum", "leader__person").order_by("starts_at")[n]


def seats(session: Session) -> list[Booking]:
    return reads.seated(session)


def everybody_came(session: Session, cast: Cast, at: datetime = OVER) -> None:
    actions.take_attendance(session, [Entry(b, "present") for b in seats(session)], by=cast.bo.actor(), at=at)


def written(session: Session, cast: Cast, at: datetime = OVER) -> None:
    everybody_came(session, cast, at)
    actions.write_note(session, text="We practiced saying no.", by=cast.bo.actor(), at=at)
    for booking in seats(session):
        actions.write_part(booking, participation="active", text="Named one hard moment.", by=cast.bo.actor(), at=at)


def signed_plan(episode: Episode, cast: Cast) -> Objective:
    with trail.act("test.planned", by=SYSTEM, at=NOW, about=episode):
        plan = Plan.objects.create(episode=episode, version=1, drafted_by=cast.bo.staff, drafted_at=NOW)
        goal = Goal.objects.create(problem=Problem.objects.create(plan=plan, place=1, title="Sleep"), own_words="I want to sleep")
        objective = Objective.objects.create(goal=goal, text="In bed by eleven on five nights")
        for person, capacity in ((cast.ana.person, "client"), (cast.bo.person, "clinician")):
            PlanSignature.objects.create(plan=plan, person=person, capacity=capacity, how="password", at=NOW)
    return objective


class TestAttendance:
    def test_rows_and_act(self, cast, session):
        ana, ben = seats(session)
        rows = actions.take_attendance(session, [Entry(ana, "present"), Entry(ben, "late", 38)], by=cast.bo.actor(), at=OVER)
        assert [(r.came, r.minutes_attended) for r in rows] == [("present", 50), ("late", 38)]
        assert Act.objects.get(verb="attendance.taken").about_uid == session.uid

    def test_a_correction_is_a_newer_row_and_the_same_again_is_none(self, cast, session):
        ana, _ben = seats(session)
        everybody_came(session, cast)
        everybody_came(session, cast)
        assert Attendance.objects.count() == 2
        actions.take_attendance(session, [Entry(ana, "absent")], by=cast.bo.actor(), at=OVER)
        assert Attendance.objects.count() == 3
        assert reads.attendance(session)[ana.pk].came == "absent"
        assert reads.attended_minutes(cast.ana.episode, MONDAY, MONDAY + timedelta(days=7)) == 0

    @pytest.mark.parametrize(("came", "given", "said"), [("late", None, "type the minutes"), ("left_early", 51, "1 to 50"), ("present", 0, "1 to 50")])
    def test_minutes_that_do_not_fit(self, cast, session, came, given, said):
        with pytest.raises(actions.CannotNote, match=said):
            actions.take_attendance(session, [Entry(seats(session)[0], came, given)], by=cast.bo.actor(), at=OVER)

    def test_not_before_it_begins(self, cast, session):
        with pytest.raises(actions.CannotNote, match="has not begun"):
            everybody_came(session, cast, NOW - timedelta(minutes=1))

    def test_not_another_leader_and_not_the_director(self, cast, session):
        for who in (cast.cy, cast.ed, cast.di, cast.ana):
            with pytest.raises(NotYours):
                actions.take_attendance(session, [], by=who.actor(), at=OVER)

    @pytest.mark.parametrize(("typed", "came", "minutes"), [("38", "late", 38), ("9:12", "late", 38), ("l 9:12", "late", 38), ("9:30", "left_early", 30), ("9.30 am", "left_early", 30), ("", "late", None)])
    def test_minutes_from_a_time(self, typed, came, minutes):
        assert read_minutes(typed, came, datetime(2026, 11, 2, 9, 0), datetime(2026, 11, 2, 9, 50)) == minutes

    def test_an_afternoon_time_without_saying_so(self):
        assert read_minutes("6:10", "late", datetime(2026, 11, 2, 18, 0), datetime(2026, 11, 2, 18, 50)) == 40

    @pytest.mark.parametrize("typed", ["soon", "25:00", "11:30", "9:60"])
    def test_what_is_no_time_of_the_session(self, typed):
        with pytest.raises(ValueError):
            read_minutes(typed, "late", datetime(2026, 11, 2, 9, 0), datetime(2026, 11, 2, 9, 50))


class TestNote:
    def test_written_once_and_over(self, cast, session):
        actions.write_note(session, text="We began.", by=cast.bo.actor(), at=NOW)
        note = actions.write_note(session, text="We practiced.", topic="Saying no", by=cast.bo.actor(), at=OVER)
        assert reads.note(session) == note
        assert note.text == "We practiced."

    @pytest.mark.parametrize("text", ["Ana led the exercise.", "It was Ana's turn.", "Soto spoke first."])
    def test_the_group_part_names_nobody(self, cast, session, text):
        with pytest.raises(actions.CannotNote, match="The group part names Ana") as caught:
            actions.write_note(session, text=text, by=cast.bo.actor(), at=OVER)
        assert caught.value.field == "text"

    def test_words_that_only_look_like_names(self, cast, session):
        assert actions.write_note(session, text="We ate a banana. An analysis followed.", by=cast.bo.actor(), at=OVER)

    def test_the_next_lesson_is_known(self, cast, week):
        one, two = first(week.skills), first(week.skills, 1)
        assert reads.next_lesson(one).number == 1
        lesson = week.skills.curriculum.lessons.get(number=2)
        actions.write_note(one, text="", lesson=lesson, by=cast.bo.actor(), at=OVER + timedelta(hours=2))
        assert reads.next_lesson(two).number == 3

    def test_a_lesson_of_another_curriculum(self, cast, week, session):
        with pytest.raises(actions.CannotNote, match="not of this group"):
            actions.write_note(session, text="x", lesson=week.skills.curriculum.lessons.first(), by=cast.bo.actor(), at=OVER)

    def test_a_part_with_an_objective_of_the_signed_plan(self, cast, session):
        objective = signed_plan(cast.ana.episode, cast)
        ana, ben = seats(session)
        part = actions.write_part(ana, participation="some", text="Spoke of sleep.", objective=objective, by=cast.bo.actor(), at=OVER)
        assert part.objective == objective
        assert Act.objects.filter(verb="note.part_written", client_uid=cast.ana.client.uid).count() == 1
        with pytest.raises(actions.CannotNote, match="not in their signed plan"):
            actions.write_part(ben, text="x", objective=objective, by=cast.bo.actor(), at=OVER)

    def test_a_part_that_names_somebody_else_is_warned_about(self, cast, session):
        ana, _ben = seats(session)
        assert reads.others_named(ana, "Ana listened while Ben spoke.") == ["Ben"]
        assert reads.others_named(ana, "Ana listened.") == []

    def test_what_was_written_the_last_time(self, cast, week, session):
        written(session, cast)
        later = seats(first(week.process, 1))[0]
        assert reads.last_part(later).text == "Named one hard moment."
        assert reads.last_part(seats(first(week.skills, 1))[0]) is None

    def test_a_cancelled_session(self, cast, week):
        later = first(week.process, 1)
        timetable.cancel_session(later, "staff_away", by=cast.bo.actor(), at=NOW)
        with pytest.raises(actions.CannotNote, match="cancelled"):
            actions.write_note(later, text="x", by=cast.bo.actor(), at=later.ends_at)


class TestSign:
    def test_from_here_nothing_changes(self, cast, session):
        written(session, cast)
        signature = actions.sign(session, by=cast.bo.actor(), at=OVER)
        assert signature.digest == reads.digest(reads.note(session))
        assert len(signature.digest) == 64
        ana = seats(session)[0]
        for deed in (
            lambda: actions.write_note(session, text="Other.", by=cast.bo.actor(), at=OVER),
            lambda: actions.write_part(ana, text="Other.", by=cast.bo.actor(), at=OVER),
            lambda: actions.take_attendance(session, [Entry(ana, "absent")], by=cast.bo.actor(), at=OVER),
        ):
            with pytest.raises(actions.CannotNote, match="is signed"):
                deed()
        with pytest.raises(actions.CannotSign, match="is signed"):
            actions.sign(session, by=cast.bo.actor(), at=OVER)
        assert Act.objects.filter(verb="note.part_signed", client_uid=cast.ana.client.uid).exists()

    def test_what_is_missing_is_said(self, cast, session):
        with pytest.raises(actions.CannotSign) as caught:
            actions.sign(session, by=cast.bo.actor(), at=OVER)
        assert "The group part is empty." in str(caught.value.sentence)
        assert "Who came is not said yet: Ana, Ben." in str(caught.value.sentence)
        everybody_came(session, cast)
        actions.write_note(session, text="x", by=cast.bo.actor(), at=OVER)
        assert reads.missing(session) == ["Their own part is empty: Ana, Ben."]

    def test_nobody_absent_needs_a_part(self, cast, session):
        actions.take_attendance(session, [Entry(b, "absent") for b in seats(session)], by=cast.bo.actor(), at=OVER)
        actions.write_note(session, text="Nobody came.", by=cast.bo.actor(), at=OVER)
        assert actions.sign(session, by=cast.bo.actor(), at=OVER)

    def test_not_before_it_ends(self, cast, session):
        written(session, cast, NOW)
        with pytest.raises(actions.CannotSign, match="not ended"):
            actions.sign(session, by=cast.bo.actor(), at=NOW + timedelta(minutes=10))

    def test_a_visit_needs_its_note_only(self, cast, week):
        visit = timetable.book_once(
            cast.ana.episode, "individual", cast.bo.staff, NOW + timedelta(hours=5), NOW + timedelta(hours=5, minutes=50), by=cast.bo.actor(), at=NOW
        )
        at = visit.ends_at
        actions.take_attendance(visit.session, [Entry(visit, "present")], by=cast.bo.actor(), at=at)
        assert reads.missing(visit.session) == ["Their own part is empty: Ana."]
        actions.write_part(visit, text="Ana spoke about her mother Ana.", by=cast.bo.actor(), at=at)
        assert actions.sign(visit.session, by=cast.bo.actor(), at=at)

    def test_amendments_are_added(self, cast, session):
        written(session, cast)
        note = reads.note(session)
        with pytest.raises(actions.CannotNote, match="not signed yet"):
            actions.amend(note, "More.", by=cast.bo.actor(), at=OVER)
        actions.sign(session, by=cast.bo.actor(), at=OVER)
        part = note.parts.first()
        actions.amend(note, "She also asked about work.", part=part, by=cast.bo.actor(), at=OVER)
        with pytest.raises(actions.CannotNote, match="names nobody"):
            actions.amend(note, "Ben came late.", by=cast.bo.actor(), at=OVER)
        assert NoteAmendment.objects.get().part == part
        assert reads.note(session).text == "We practiced saying no."


class TestWaiting:
    def test_until_signed(self, cast, session):
        assert reads.unsigned(cast.bo.staff, NOW) == []
        later = session.ends_at + timedelta(days=1)
        waiting = reads.unsigned(cast.bo.staff, later)
        assert [(w.title, w.days_old) for w in waiting] == [("Morning process group", 1), ("Morning skills group", 0)]
        assert reads.unsigned_count(later) == 2
        written(session, cast)
        actions.sign(session, by=cast.bo.actor(), at=later)
        assert [w.title for w in reads.unsigned(cast.bo.staff, later)] == ["Morning skills group"]

    def test_not_held(self, cast, session):
        actions.not_held(session, "staff_away", by=cast.bo.actor(), at=OVER, why="Ill")
        assert reads.unsigned_count(OVER) == 0
        assert session.bookings.filter(cancelled_at__isnull=True).count() == 0

    def test_held_once_somebody_came(self, cast, session):
        everybody_came(session, cast)
        with pytest.raises(actions.CannotNote, match="was held"):
            actions.not_held(session, "staff_away", by=cast.bo.actor(), at=OVER)


class TestHours:
    def test_scheduled_attended_documented(self, cast, week):
        for n in range(3):
            for group in (week.process, week.skills):
                one = first(group, n)
                ana, ben = seats(one)
                actions.take_attendance(one, [Entry(ana, "present"), Entry(ben, "absent")], by=cast.bo.actor(), at=one.ends_at)
                actions.write_note(one, text="x", by=cast.bo.actor(), at=one.ends_at)
                actions.write_part(ana, participation="active", by=cast.bo.actor(), at=one.ends_at)
        actions.sign(first(week.process), by=cast.bo.actor(), at=first(week.skills).ends_at)
        found = reads.week_of(cast.ana.episode, MONDAY)
        assert (found.scheduled.therapeutic_minutes, found.attended.therapeutic_minutes, found.documented.therapeutic_minutes) == (480, 480, 50)
        assert found.verdict and not found.verdict.met  # 8 h of 9
        assert found.by_basis[Basis.DOCUMENTED].short_by_minutes == 490
        assert reads.attended_minutes(cast.ana.episode, MONDAY, date(2026, 11, 3)) == 160


class TestNames:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Will practice breathing.", []),
            ("Then Will practiced.", ["w"]),
            ("Max asked. Then Max left.", ["m"]),
            ("We set a max of three.", []),
            ("Mary-Jane and others", ["j"]),
            ("O'Neill spoke", ["o"]),
        ],
    )
    def test_found(self, text, found):
        people = {"w": ("Will",), "m": ("Max Weber",), "j": ("Mary-Jane",), "o": ("O'Neill",)}
        assert names.found(text, people) == found
