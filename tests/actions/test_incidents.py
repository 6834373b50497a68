"""Incidents (SAF-18) and the log of mandated reports (SAF-12 to SAF-14)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from footbridge.care.safety.incidents import actions, reads, table
from footbridge.care.safety.incidents.models import Incident, MandatedReport
from footbridge.kit.access import NotYours
from footbridge.kit.trail.models import Act

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def happened(cast, at, by=None, **more):
    said = {
        "kind": "overdose", "happened_at": at - 2 * HOUR, "known_at": at - HOUR, "place": "Parking lot", "what": "Found not breathing.",
        "done_at_once": "Naloxone, 911.", "told": "Ed", "client": cast.ana.client, "form_key": uuid4(), **more,
    }  # fmt: skip
    return actions.report_incident(**said, by=(by or cast.di).actor(), at=at)


def logged(cast, at, by=None, **more):
    said = {
        "concern": "child", "state": "NY", "what": "Bruises; says an uncle did it.", "decision": "will_report", "why": "Suspicion is enough.",
        "route": "child_abuse", "learned_at": at - HOUR, "client": cast.ana.client, "form_key": uuid4(), **more,
    }  # fmt: skip
    return actions.log_report(**said, by=(by or cast.bo).actor(), at=at)


class TestIncident:
    def test_row_clocks_and_act_that_names_no_client(self, cast, at):
        key = uuid4()
        made = happened(cast, at, form_key=key)
        assert happened(cast, at, form_key=key) == made
        due = {clock.code: (clock.due_at, clock.mark) for clock in made.clocks.all()}
        assert due == {"state_notice": (at - HOUR + DAY, "K"), "state_written": (at - HOUR + 5 * DAY, "K")}
        assert Act.objects.get(verb="incident.reported").client_uid is None

    @pytest.mark.parametrize(
        "field, value", [("kind", "gossip"), ("what", " "), ("done_at_once", ""), ("place", ""), ("happened_at", "future"), ("known_at", "before")]
    )
    def test_refused(self, cast, at, field, value):
        value = {"future": at + DAY, "before": at - DAY}.get(value, value)
        with pytest.raises(actions.CannotReport) as refusal:
            happened(cast, at, **{field: value})
        assert refusal.value.field == ("happened_at" if field == "known_at" else field)
        assert not Incident.objects.exists()

    def test_clients_and_supporters_do_not_report_here(self, cast, at):
        for who in (cast.ana, cast.flo, cast.gus, cast.bea):
            with pytest.raises(NotYours):
                happened(cast, at, by=who)

    def test_seen_by_author_and_director_only(self, cast, at):
        made = happened(cast, at)
        assert [reads.incident(who.actor(), made.uid) for who in (cast.di, cast.ed)] == [made, made]
        assert [reads.incident(who.actor(), made.uid) for who in (cast.bo, cast.cy, cast.ivy, cast.ana)] == [None] * 4
        for who in (cast.bo, cast.ivy):
            with pytest.raises(NotYours):
                actions.add_note(made, "Mine?", by=who.actor(), at=at)

    def test_from_notes_to_findings(self, cast, at):
        made = happened(cast, at)
        note = actions.add_note(made, "Called the hospital: awake.", by=cast.di.actor(), at=at)
        assert actions.add_note(made, "Called the hospital: awake.", by=cast.di.actor(), at=at) == note
        with pytest.raises(actions.CannotReport):
            actions.add_note(made, " ", by=cast.di.actor(), at=at)
        words = {"findings": "Relapse after a loss.", "changes": "Kits at the front desk."}
        with pytest.raises(NotYours):
            actions.close(made, **words, by=cast.di.actor(), at=at)
        with pytest.raises(actions.CannotClose, match="Deadlines are open"):
            actions.close(made, **words, by=cast.ed.actor(), at=at)
        own = actions.set_clock(made, title="Tell the county", due_at=at + DAY, source="Contract 12", by=cast.ed.actor(), at=at)
        assert (own.mark, reads.clocks_due(at)[0].title) == ("own", "Notice to the state licensing office")
        for clock in made.clocks.all():
            with pytest.raises(actions.CannotReport):
                actions.meet_clock(clock, " ", by=cast.di.actor(), at=at)
            actions.meet_clock(clock, "By phone, ref. 4711", by=cast.di.actor(), at=at)
        with pytest.raises(actions.CannotReport, match="marked before"):
            actions.meet_clock(own, "Again", by=cast.ed.actor(), at=at)
        for field in words:
            with pytest.raises(actions.CannotClose) as refusal:
                actions.close(made, **{**words, field: ""}, by=cast.ed.actor(), at=at)
            assert refusal.value.field == field
        closed = actions.close(made, **words, by=cast.ed.actor(), at=at)
        assert closed.incident == made and Act.objects.filter(verb="incident.closed").count() == 1
        with pytest.raises(actions.CannotClose, match="is closed"):
            actions.close(made, **words, by=cast.ed.actor(), at=at)
        with pytest.raises(actions.CannotReport, match="is closed"):
            actions.set_clock(made, title="Late", due_at=at + DAY, source="x", by=cast.ed.actor(), at=at)

    def test_a_deadline_is_set_by_the_director_with_its_rule(self, cast, at):
        made = happened(cast, at)
        with pytest.raises(NotYours):
            actions.set_clock(made, title="x", due_at=at + DAY, source="x", by=cast.di.actor(), at=at)
        for more in ({"title": ""}, {"source": " "}, {"due_at": at - DAY}):
            with pytest.raises(actions.CannotReport):
                actions.set_clock(made, **{"title": "x", "due_at": at + DAY, "source": "x", **more}, by=cast.ed.actor(), at=at)
        with pytest.raises(NotYours):
            actions.meet_clock(made.clocks.first(), "x", by=cast.bo.actor(), at=at)


class TestMandatedReport:
    def test_row_clocks_of_the_state_and_act(self, cast, at):
        key = uuid4()
        made = logged(cast, at, form_key=key)
        assert logged(cast, at, form_key=key) == made
        assert {c.code: c.due_at for c in made.clocks.all()} == {"call": at - HOUR, "written": at - HOUR + 48 * HOUR}
        assert {c.mark for c in made.clocks.all()} == {"K"}
        assert Act.objects.get(verb="mandated_report.logged").client_uid is None
        assert reads.report(cast.ed.actor(), made.uid) == made and reads.report(cast.ivy.actor(), made.uid) is None

    def test_not_reported_has_no_clock_and_threats_have_no_table(self, cast, at):
        assert not logged(cast, at, decision="not_reported").clocks.exists()
        assert not logged(cast, at, concern="threat", route="no_name").clocks.exists()

    @pytest.mark.parametrize(
        "more, field",
        [
            ({"concern": "gossip"}, "concern"),
            ({"what": ""}, "what"),
            ({"why": " "}, "why"),
            ({"route": "child_abuse", "concern": "elder"}, "route"),
            ({"route": "unsure", "decision": "reported"}, "route"),
            ({"learned_at": "future"}, "learned_at"),
        ],
    )
    def test_refused(self, cast, at, more, field):
        if more.get("learned_at"):
            more = {"learned_at": at + DAY}
        with pytest.raises(actions.CannotReport) as refusal:
            logged(cast, at, **more)
        assert refusal.value.field == field and not MandatedReport.objects.exists()

    def test_a_call_meets_its_deadline_with_the_reference(self, cast, at):
        made = logged(cast, at)
        entry = {"kind": "call", "told_at": at, "to_whom": "State hotline, Ms. Example", "reference": "C-12"}
        row = actions.add_entry(made, **entry, by=cast.bo.actor(), at=at)
        assert actions.add_entry(made, **entry, by=cast.bo.actor(), at=at) == row
        met = made.clocks.get(code="call")
        assert (met.met_at, met.met_how) == (at, "State hotline, Ms. Example C-12")
        assert made.clocks.get(code="written").met_at is None
        assert reads.report(cast.bo.actor(), made.uid).was_told

    @pytest.mark.parametrize(
        "more, field", [({"kind": "shout"}, "kind"), ({"to_whom": ""}, "to_whom"), ({"kind": "note", "text": ""}, "text"), ({"told_at": "future"}, "told_at")]
    )
    def test_an_entry_is_refused(self, cast, at, more, field):
        if more.get("told_at"):
            more = {"told_at": at + DAY}
        with pytest.raises(actions.CannotReport) as refusal:
            actions.add_entry(logged(cast, at), **{"kind": "call", "to_whom": "Hotline", "told_at": at, **more}, by=cast.bo.actor(), at=at)
        assert refusal.value.field == field

    def test_not_by_others(self, cast, at):
        made = logged(cast, at)
        for who in (cast.ivy, cast.cy, cast.ana):
            with pytest.raises(NotYours):
                actions.add_entry(made, kind="note", text="x", told_at=at, by=who.actor(), at=at)
        with pytest.raises(NotYours):
            logged(cast, at, by=cast.flo)


class TestTable:
    @pytest.mark.parametrize("kind", [code for code, _label in table.types()])
    def test_every_type_has_its_clocks_with_source_and_mark(self, kind):
        for clock in table.of_incident(kind, "", datetime(2026, 11, 2, 15, tzinfo=UTC)):
            assert clock.source and clock.mark in ("V", "K") and clock.title

    def test_business_days_leave_weekends_out(self):
        friday = datetime(2026, 11, 6, 15, tzinfo=UTC)
        review = next(c for c in table.of_incident("suicide_attempt", "", friday) if c.code == "review")
        assert review.due_at.date() == datetime(2026, 11, 13, tzinfo=UTC).date()

    def test_a_state_without_a_line_has_the_general_one(self):
        clocks = {c.code: c for c in table.of_report("child", "", datetime(2026, 11, 6, 15, tzinfo=UTC))}
        assert clocks["written"].due_at - clocks["call"].due_at == timedelta(hours=36)
        assert table.label("gone_since") == "gone since"


