"""The engine's facts from the database: what stands is what the engine sees, and the way back leads to the same rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from footbridge.care.timetable import actions, facts
from footbridge.care.timetable.facts import words as fact_words
from footbridge.care.timetable.models import Pairing
from footbridge.engines.timetabling import Span, check
from footbridge.engines.timetabling.words import codes as engine_codes
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.program import actions as program
from footbridge.ground.program.models import Room, WorkHours, WorkWeek
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests import program as week_
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    loaded = week_.load(cast)
    actions.publish(loaded.program, MONDAY, MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=NOW - timedelta(hours=6))
    return loaded


def someone(name: str) -> Episode:
    person = people.add_person(legal_name=name, by=SYSTEM, at=NOW)
    return episodes.open_episode(people.make_client(person, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)


def fill(cast: Cast, week: week_.Week, count: int) -> list[Episode]:
    found = [cast.ana.episode, *(someone(f"Person {n}") for n in range(count - 1))]
    for episode in found:
        for group in (week.process, week.skills):
            actions.join_group(episode, group, MONDAY, by=cast.di.actor(), at=NOW - timedelta(hours=3))
    return found


class TestTemplate:
    def test_groups_people_and_staff_are_those_that_stand(self, cast, week):
        people_ = fill(cast, week, 4)
        found = facts.template_facts(week.site, MONDAY)
        process = found.facts.group[str(week.process.uid)]
        assert process.kind == "process"
        assert process.patterns == ((Span(0, 540, 590), Span(2, 540, 590), Span(4, 540, 590)),)
        assert set(found.week.members_of[process.code]) == {str(e.uid) for e in people_}
        assert found.rows.hours[process.code, 1].weekday == 2
        assert found.rows.groups[process.code] == week.process
        assert {s.code for s in found.facts.staff} >= {str(cast.bo.staff.uid), str(cast.cy.staff.uid)}

    def test_what_the_rule_asks_is_in_the_facts(self, cast, week):
        fill(cast, week, 1)
        ana = facts.template_facts(week.site, MONDAY).facts.client[str(cast.ana.episode.uid)]
        assert (ana.minutes_a_week, ana.days_a_week, ana.primary) == (540, 3, str(cast.bo.staff.uid))

    def test_a_track_alone_leaves_the_rest_as_busy_hours(self, cast, week):
        actions.join_group(cast.max.episode, week.evening_process, MONDAY, by=cast.di.actor(), at=NOW - timedelta(hours=3))
        found = facts.template_facts(week.evening, MONDAY)
        assert {g.code for g in found.facts.groups} == {str(week.evening_process.uid)}
        cy = found.facts.member[str(cast.cy.staff.uid)]
        assert not any(Span(1, 600, 650).within(free) for free in cy.free)  # the recovery group of the other track

    def test_a_visit_without_a_room_leads_back_to_none(self, cast, week):
        fill(cast, week, 1)
        made = actions.add_visit(
            cast.ana.episode, "individual", cast.bo.staff, 3, time(13), time(13, 50), held_from=MONDAY, by=cast.di.actor(), at=NOW
        )
        found = facts.template_facts(week.site, MONDAY)
        (visit,) = found.week.visits
        assert found.rows.visit(visit) == made
        assert found.rows.room(visit.room) is None
        assert check(facts.allowed(found.facts, found.week), found.week) == ()

    def test_an_hour_twice_a_day_and_a_hybrid_group_are_parts(self, cast, week):
        with trail.act("test.changed", by=SYSTEM, at=NOW, about=week.process):
            video = Room.objects.create(site=week.site, code="call", name="Call", kind="video", seats=10)
            week.process.mode = "hybrid"
            week.process.save()
            wednesday = week.process.meetings.get(weekday=2)
            wednesday.room = video
            wednesday.save()
        found = facts.template_facts(week.site, MONDAY)
        parts = found.rows.parts[str(week.process.uid)]
        assert [found.facts.group[p].mode for p in parts] == ["in_person", "video"]
        assert found.rows.whole(parts) == [week.process]
        assert found.rows.whole(parts[:1]) == []

    def test_open_times_offer_other_hours(self, cast, week):
        closed = facts.template_facts(week.site, MONDAY).facts.group[str(week.recovery.uid)]
        opened = facts.template_facts(week.site, MONDAY, open_times=True).facts.group[str(week.recovery.uid)]
        assert len(closed.patterns) == 1
        assert opened.patterns[0] == closed.patterns[0]
        assert (Span(0, 540, 590),) in opened.patterns

    def test_entered_hours_hold_instead_of_assumed_ones(self, cast, week):
        with trail.act("test.changed", by=SYSTEM, at=NOW, about=cast.cy.staff):
            mine = WorkWeek.objects.create(staff=cast.cy.staff, caseload=12, languages=["es"], leads=["skills"], at=NOW)
            WorkHours.objects.create(week=mine, weekday=1, starts=time(9), ends=time(12), site=week.site)
        cy = facts.template_facts(week.site, MONDAY).facts.member[str(cast.cy.staff.uid)]
        assert cy.free == (Span(1, 540, 720),)
        assert (cy.caseload, cy.languages, cy.leads) == (12, frozenset({"en", "es"}), frozenset({"skills"}))

    def test_a_state_caps_the_size_of_a_group(self, cast, week):
        with trail.act("test.changed", by=SYSTEM, at=NOW, about=week.site):
            week.site.state = "VA"
            week.site.save()
        found = facts.template_facts(week.site, MONDAY)
        assert found.facts.group[str(week.process.uid)].most == 10

    def test_who_must_not_meet_is_a_pair_of_codes_without_a_reason(self, cast, week):
        fill(cast, week, 1)
        actions.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=NOW)
        with trail.act("test.paired", by=SYSTEM, at=NOW, about=cast.ana.client):
            Pairing.objects.create(kind="apart", one=cast.ana.client, other=cast.max.client, reason="a quarrel", at=NOW)
        found = facts.template_facts(week.site, MONDAY)
        assert found.facts.apart == {frozenset({str(cast.ana.episode.uid), str(cast.max.episode.uid)})}
        assert "quarrel" not in repr(found.facts)
        breach = next(b for b in check(found.facts, found.week) if b.rule == "must_not_meet")
        names = fact_words.Names.of(cast.di.actor(), found.rows)
        assert fact_words.said(breach.sentence, names) == "It does not fit."
        assert "Max" in fact_words.said(breach.sentence, names, pairs=True)
        assert check(facts.allowed(found.facts, found.week), found.week) == ()


class TestDated:
    def test_what_has_begun_is_a_part_nobody_joins(self, cast, week):
        fill(cast, week, 3)
        found = facts.dated_facts(week.site, MONDAY, at=NOW + timedelta(hours=3))  # Monday noon
        first, past = found.rows.parts[str(week.process.uid)]
        assert (found.facts.group[first].open, found.facts.group[past].open) == (True, False)
        assert [m.span.day for m in found.week.meetings_of[first]] == [2, 4]
        bo = found.facts.member[str(cast.bo.staff.uid)]
        begun = {m.span for m in found.week.meetings if m.leader == bo.code}  # of the hours that are over only those he was in
        assert all(span.day > 0 or span.start >= 720 or span in begun for span in bo.free)
        assert check(facts.allowed(found.facts, found.week), found.week) == ()

    def test_cancelled_hours_closed_days_and_absences_count(self, cast, week):
        fill(cast, week, 3)
        wednesday = week.process.sessions.order_by("starts_at")[1]
        actions.cancel_session(wednesday, "changed", by=cast.ed.actor(), at=NOW - timedelta(hours=1))
        program.close_day(week.site, MONDAY + timedelta(days=4), "Snow", by=cast.ed.actor(), at=NOW)
        people.go_away(cast.bo.staff, from_on=MONDAY, until_on=MONDAY + timedelta(days=1), cover=cast.cy.staff, by=cast.ed.actor(), at=NOW)
        found = facts.dated_facts(week.site, MONDAY)
        assert [m.span.day for m in found.week.meetings_of[str(week.process.uid)]] == [0]
        assert found.facts.sites[0].closed == {4}
        assert any(b.rule == "staff_hours" and b.about == str(cast.bo.staff.uid) for b in check(found.facts, found.week))

    def test_somebody_who_comes_to_one_hour_only_is_busy_then(self, cast, week):
        fill(cast, week, 3)
        session = week.process.sessions.order_by("starts_at").first()
        actions.join_once(cast.max.episode, session, by=cast.di.actor(), at=NOW - timedelta(hours=1))
        found = facts.dated_facts(week.site, MONDAY)
        max_ = found.facts.client[str(cast.max.episode.uid)]
        assert not any(Span(0, 540, 590).overlaps(free) for free in max_.free)
        assert found.outside == (f"{cast.max.client.number}: Morning process group",)
        assert found.facts.group[str(week.process.uid)].most == 11

    def test_the_way_back_leads_to_the_sessions(self, cast, week):
        fill(cast, week, 3)
        found = facts.dated_facts(week.site, MONDAY)
        for meeting in found.week.meetings:
            session = found.rows.hours[meeting.group, meeting.number]
            assert session.group == found.rows.groups[meeting.group]
            assert session.leader == found.rows.staff[meeting.leader]


def test_as_many_queries_for_thirty_people_as_for_three(cast: Cast, week: week_.Week) -> None:
    with trail.act("test.changed", by=SYSTEM, at=NOW, about=week.process):
        for group in (week.process, week.skills):
            group.most = 12
            group.save()

    def counted() -> list[int]:
        out = []
        for make in (lambda: facts.template_facts(week.site, MONDAY), lambda: facts.dated_facts(week.site, MONDAY, at=NOW)):
            with CaptureQueriesContext(connection, ) as asked:
                make()
            out.append(len(asked))
        return out

    fill(cast, week, 3)
    few = counted()
    for n in range(8):
        episode = someone(f"More {n}")
        for group in (week.process, week.skills):
            actions.join_group(episode, group, MONDAY, by=cast.di.actor(), at=NOW - timedelta(hours=2))
    assert counted() == few
    assert max(few) <= 30


def test_every_sentence_of_the_engine_has_words_for_pages() -> None:
    told = set(fact_words._SAID) | {"offer.moves", "waiting.urgency"}
    assert set(engine_codes()) - told == set()


def test_a_date_and_an_hour_are_what_the_site_calls_them(cast: Cast, week: week_.Week) -> None:
    found = facts.dated_facts(week.site, date(2026, 11, 2), at=datetime(2026, 11, 1, tzinfo=NOW.tzinfo))
    assert found.rows.monday == date(2026, 11, 2)
    assert {m.span.start for m in found.week.meetings_of[str(week.process.uid)]} == {540}
