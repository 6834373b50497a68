"""Before a visit ends: who may be in danger, and what was decided."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from footbridge.care.measures import actions as measures
from footbridge.care.safety import actions as safety
from footbridge.care.safety.dispositions import actions, reads
from footbridge.care.safety.models import Alarm
from footbridge.care.sessions import actions as sessions
from footbridge.care.sessions import reads as notes
from footbridge.care.sessions.actions import CannotSign, Entry
from footbridge.care.sessions.models import NoteSignature, PartHeldBack
from footbridge.care.timetable import actions as timetable
from footbridge.ground.instruments import actions as instruments
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.actions.test_sessions import OVER, first, seats, session, week, written  # noqa: F401 - fixtures
from tests.cast import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
BEGINS = NOW - timedelta(hours=2)
WORDS = {
    "decided": "hospital",
    "where_now": "In the car with Flo, on the way to City Hospital",
    "told": "Ed 10:05, Flo 10:10, the emergency room 10:15",
    "note": "Plan with pills at home. Agreed to go in with Flo.",
}


def record(cast, at, by=None, **words):
    return actions.record(cast.ana.client, **{"form_key": uuid4(), **WORDS, **words}, by=(by or cast.bo).actor(), at=at)


def alarm(cast, at, urgency="now", key="x"):
    return safety.raise_alarm(
        client=cast.ana.client, kind="staff", urgency=urgency, reason="Said goodbye to everybody.", source_kind="test", source_key=key,
        by=cast.bo.actor(), at=at,
    )  # fmt: skip


def screen(cast, at, **yes):
    """A finished suicide screen; what is not named is answered no."""
    instruments.load_definitions(by=SYSTEM, at=at)
    sheet = instruments.give(
        cast.ana.client, ["cssrs_screener"], how="interview", occasion="screening", episode=cast.ana.episode, by=cast.bo.actor(), at=at
    )[0][0]
    said = {"1": "no", "2": "no", "6": "no", **yes}
    measures.answer_all(sheet, said, by=cast.bo.actor(), at=at)
    measures.finish(sheet, by=cast.bo.actor(), at=at)
    return sheet


class TestRecord:
    def test_row_and_act(self, cast, at):
        row = record(cast, at)
        assert (row.decided, row.by) == ("hospital", cast.bo.staff)
        assert Act.objects.get(verb="disposition.recorded").client_uid == cast.ana.client.uid

    def test_an_impatient_click_makes_one(self, cast, at):
        key = uuid4()
        assert record(cast, at, form_key=key) == record(cast, at + MINUTE, form_key=key)

    @pytest.mark.parametrize("field, words", [("decided", "waited"), ("where_now", " "), ("told", ""), ("note", "ok")])
    def test_what_the_next_reader_needs(self, cast, at, field, words):
        with pytest.raises(actions.CannotDecide) as refusal:
            record(cast, at, **{field: words})
        assert refusal.value.field == field

    @pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "flo", "gus"])
    def test_not_by_others(self, cast, at, who):
        with pytest.raises(NotYours):
            record(cast, at, by=getattr(cast, who))


class TestGate:
    """CLINICAL rule `risk_gate`: item 4 or 5, or behavior in three months, blocks until a disposition is recorded."""

    @pytest.mark.parametrize(
        "yes, blocks",
        [
            ({}, False),
            ({"1": "yes"}, False),
            ({"2": "yes", "3": "yes", "4": "no", "5": "no"}, False),
            ({"2": "yes", "3": "no", "4": "yes", "5": "no"}, True),
            ({"2": "yes", "3": "no", "4": "no", "5": "yes"}, True),
            ({"6": "yes", "6_recent": "yes"}, True),
            ({"6": "yes", "6_recent": "no"}, False),
        ],
    )
    def test_by_what_the_screen_heard(self, cast, at, yes, blocks):
        screen(cast, at, **yes)
        for one in Alarm.objects.filter(closed__isnull=True):
            safety.close(one, "assessed_safe", "Spoke with Ana at length.", by=cast.bo.actor(), at=at + MINUTE)
        assert (reads.gate(cast.ana.client) is not None) is blocks
        if blocks:  # closing the alarm was not enough
            record(cast, at + 2 * MINUTE)
            assert reads.gate(cast.ana.client) is None

    def test_an_alarm_of_now_and_no_other(self, cast, at):
        alarm(cast, at, "today", "a")
        assert reads.gate(cast.ana.client) is None
        urgent = alarm(cast, at, "now", "b")
        assert reads.gate(cast.ana.client).alarm == urgent
        safety.close(urgent, "emergency", "911 came and took her in.", by=cast.bo.actor(), at=at + MINUTE)
        assert reads.gate(cast.ana.client) is None

    def test_an_alarm_that_became_urgent_after_the_disposition(self, cast, at):
        urgent = alarm(cast, at, "today")
        record(cast, at + MINUTE)
        safety.heighten(urgent, urgency="now", reason="Now with a plan", by=cast.bo.actor(), at=at + 30 * MINUTE)
        assert reads.gate(cast.ana.client) is not None

    def test_a_disposition_before_does_not_count(self, cast, at):
        record(cast, at - MINUTE)
        alarm(cast, at)
        assert reads.gate(cast.ana.client) is not None
        record(cast, at + MINUTE)
        assert reads.gate(cast.ana.client) is None

    def test_a_high_risk_in_a_clinicians_judgement_until_it_is_decided_or_judged_again(self, cast, at):
        def judge(level, when):
            safety.assess_risk(cast.ana.client, level=level, factors="A plan for tonight", mitigation="Stays here", by=cast.bo.actor(), at=when)

        judge("moderate", at)
        assert reads.gate(cast.ana.client) is None
        judge("high", at + MINUTE)
        assert "clinician judged" in reads.gate(cast.ana.client).reason
        record(cast, at + 2 * MINUTE)
        assert reads.gate(cast.ana.client) is None
        judge("high", at + 10 * MINUTE)
        assert reads.gate(cast.ana.client) is not None
        judge("low", at + 60 * MINUTE)
        assert reads.gate(cast.ana.client) is None

    def test_four_queries_for_any_number(self, cast, at, django_assert_num_queries):
        alarm(cast, at)
        with django_assert_num_queries(4):
            assert set(reads.gates([cast.ana.client.pk, 999_998, 999_999])) == {cast.ana.client.pk}


class TestEndOfAVisit:
    def visit(self, cast, kind="individual"):
        booking = timetable.book_once(cast.ana.episode, kind, cast.bo.staff, BEGINS, BEGINS + 50 * MINUTE, by=cast.bo.actor(), at=NOW - timedelta(days=1))
        sessions.take_attendance(booking.session, [Entry(booking, "present")], by=cast.bo.actor(), at=OVER)
        sessions.write_part(booking, text="Spoke of last night.", by=cast.bo.actor(), at=OVER)
        return booking

    def test_it_does_not_end_before_it_is_decided(self, cast, week):  # noqa: F811
        booking = self.visit(cast)
        alarm(cast, OVER)
        with pytest.raises(CannotSign, match="Write down what was decided"):
            sessions.sign(booking.session, by=cast.bo.actor(), at=OVER)
        assert not NoteSignature.objects.exists()
        record(cast, OVER + MINUTE)
        assert sessions.sign(booking.session, by=cast.bo.actor(), at=OVER + 2 * MINUTE)

    def test_who_did_not_come_has_no_visit_to_end(self, cast, week):  # noqa: F811
        booking = timetable.book_once(cast.ana.episode, "individual", cast.bo.staff, BEGINS, BEGINS + 50 * MINUTE, by=cast.bo.actor(), at=NOW - timedelta(days=1))
        sessions.take_attendance(booking.session, [Entry(booking, "absent")], by=cast.bo.actor(), at=OVER)
        sessions.write_part(booking, text="Did not come; called.", by=cast.bo.actor(), at=OVER)
        alarm(cast, OVER)
        assert sessions.sign(booking.session, by=cast.bo.actor(), at=OVER)

    def test_a_group_is_signed_but_for_that_persons_part(self, cast, session):  # noqa: F811
        written(session, cast)
        alarm(cast, OVER)
        signature = sessions.sign(session, by=cast.bo.actor(), at=OVER)
        held = PartHeldBack.objects.get()
        ana, ben = seats(session)
        assert held.booking == ana
        assert Act.objects.get(verb="note.part_held_back").client_uid == cast.ana.client.uid
        assert Act.objects.filter(verb="note.part_signed").count() == 1
        rows = {row.booking.pk: row for row in notes.held(session.starts_at.date(), session.starts_at.date() + timedelta(days=1))}
        assert (rows[ana.pk].documented, rows[ben.pk].documented) == (0, 50)
        assert [one.session for one in notes.unsigned(cast.bo.staff, OVER)] == [session]
        # her part may still be written, the others' may not
        sessions.write_part(ana, text="Told the group goodbye.", by=cast.bo.actor(), at=OVER)
        with pytest.raises(sessions.CannotNote, match="is signed"):
            sessions.write_part(ben, text="Other.", by=cast.bo.actor(), at=OVER)
        with pytest.raises(CannotSign, match="Write down what was decided"):
            sessions.sign_part(ana, by=cast.bo.actor(), at=OVER)
        record(cast, OVER + MINUTE)
        row = sessions.sign_part(ana, by=cast.bo.actor(), at=OVER + 2 * MINUTE)
        assert len(row.digest) == 64 and row.signed_by == cast.bo.staff
        assert notes.digest(notes.note(session)) == signature.digest  # her part was never in it
        assert notes.unsigned(cast.bo.staff, OVER) == []
        with pytest.raises(CannotSign, match="signed already"):
            sessions.sign_part(ana, by=cast.bo.actor(), at=OVER + 3 * MINUTE)
        with pytest.raises(sessions.CannotNote, match="is signed"):
            sessions.write_part(ana, text="Other.", by=cast.bo.actor(), at=OVER)

    def test_a_part_signed_with_the_others_is_not_signed_alone(self, cast, session):  # noqa: F811
        written(session, cast)
        sessions.sign(session, by=cast.bo.actor(), at=OVER)
        with pytest.raises(CannotSign, match="signed already"):
            sessions.sign_part(seats(session)[0], by=cast.bo.actor(), at=OVER)
        with pytest.raises(NotYours):
            sessions.sign_part(seats(session)[0], by=cast.cy.actor(), at=OVER)

    def test_an_empty_part_of_somebody_in_danger_does_not_hold_up_the_others(self, cast, session):  # noqa: F811
        ana, ben = seats(session)
        sessions.take_attendance(session, [Entry(b, "present") for b in (ana, ben)], by=cast.bo.actor(), at=OVER)
        sessions.write_note(session, text="We practiced saying no.", by=cast.bo.actor(), at=OVER)
        sessions.write_part(ben, participation="active", by=cast.bo.actor(), at=OVER)
        alarm(cast, OVER)
        sessions.sign(session, by=cast.bo.actor(), at=OVER)
        record(cast, OVER + MINUTE)
        with pytest.raises(CannotSign, match="is empty"):
            sessions.sign_part(ana, by=cast.bo.actor(), at=OVER + 2 * MINUTE)


