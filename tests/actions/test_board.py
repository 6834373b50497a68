"""The board: a draft beside the published week, what stands against a change, publishing it in one act, and taking it back exactly."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable import facts as timetable_facts
from footbridge.care.timetable import words
from footbridge.care.timetable.board import actions, checks, engine, goals, plan, reads, says, worlds
from footbridge.care.timetable.board.models import DraftStep, WeekDraft, WeekPublished
from footbridge.care.timetable.board.plan import Meets, Sees
from footbridge.care.timetable.models import Booking, Place, Session, WeeklyVisit
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.program import actions as program
from footbridge.ground.program.models import Group, Meeting, Site
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db
FROM = MONDAY + timedelta(weeks=1)


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    made = week_.load(cast)
    timetable.publish(made.program, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
    for group in (made.process, made.skills):
        for episode in (cast.ana.episode, cast.max.episode):
            timetable.join_group(episode, group, MONDAY, by=cast.ed.actor(), at=NOW)
    return made


@pytest.fixture
def draft(cast: Cast, week: week_.Week) -> WeekDraft:
    return actions.start_draft(week.program, week.site, FROM, by=cast.ed.actor(), at=NOW)


def someone(name: str) -> Episode:
    person = people.add_person(legal_name=name, by=SYSTEM, at=NOW)
    return episodes.open_episode(people.make_client(person, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)


def meets(draft: WeekDraft, group: Group, weekday: int) -> Meets:
    return next(m for m in actions.drafting.week_of(draft).meetings.values() if m.group == group.pk and m.weekday == weekday)


def seen(draft: WeekDraft) -> str:
    before = plan.standing(draft.program, draft.site, draft.holds_from)
    return actions.publishing.fingerprint(before, plan.drafted(draft, before))


def publish(draft: WeekDraft, cast: Cast, at=NOW) -> WeekPublished:
    return actions.publish_week(draft, seen=seen(draft), by=cast.ed.actor(), at=at)


def picture() -> dict[str, Any]:
    """Everything that holds for anybody, by what people would notice."""
    return {
        "meetings": sorted(Meeting.objects.exclude(held_until__lte=FROM).values_list("group__code", "weekday", "starts", "ends", "leader_id", "room_id", "mode", "held_from", "held_until"), key=str),
        "places": sorted(Place.objects.exclude(held_until__lte=FROM).values_list("episode_id", "group_id", "held_from", "held_until"), key=str),
        "visits": sorted(WeeklyVisit.objects.exclude(held_until__lte=FROM).values_list("episode_id", "staff_id", "weekday", "starts", "held_until"), key=str),
        "sessions": sorted(Session.objects.filter(cancelled_at__isnull=True).values_list("pk", "group__code", "meeting_id", "starts_at", "ends_at", "leader_id", "room_id", "mode")),
        "bookings": sorted(Booking.objects.filter(cancelled_at__isnull=True).values_list("pk", "session_id", "episode_id", "seat", "starts_at")),
    }  # fmt: skip


class TestStart:
    def test_one_draft_is_open_and_asked_again_it_is_given_back(self, cast, week, draft):
        again = actions.start_draft(week.program, week.site, FROM + timedelta(weeks=1), by=cast.ed.actor(), at=NOW)
        assert again == draft
        assert Act.objects.filter(verb="week.drafted").count() == 1

    def test_a_day_that_has_begun_is_refused(self, cast, week):
        with pytest.raises(actions.CannotDraft) as no:
            actions.start_draft(week.program, week.site, MONDAY, by=cast.ed.actor(), at=NOW)
        assert no.value.field == "holds_from"

    def test_only_the_director_drafts(self, cast, week):
        for who in (cast.bo, cast.di, cast.pat, cast.ana):
            with pytest.raises(NotYours):
                actions.start_draft(week.program, week.site, FROM, by=who.actor(), at=NOW)

    def test_two_who_begin_at_once_have_one_draft(self, cast, week):
        first = actions.start_draft(week.program, week.site, FROM, by=cast.ed.actor(), at=NOW)
        actions.drop_draft(first, by=cast.ed.actor(), at=NOW)
        second = actions.start_draft(week.program, week.site, FROM, by=cast.ed.actor(), at=NOW)
        assert second != first


class TestChanges:
    def test_a_move_is_a_row_of_the_draft_and_nothing_else_changes(self, cast, week, draft):
        before = picture()
        was = meets(draft, week.recovery, 1)
        step = actions.change_meeting(draft, replace(was, weekday=3, starts=time(14), ends=time(14, 50)), by=cast.ed.actor(), at=NOW)
        assert step.number == 1
        assert "Recovery group: Tuesday 10:00" in step.said and "Thursday 2:00" in step.said
        assert meets(draft, week.recovery, 3).starts == time(14)
        assert picture() == before

    def test_the_same_move_sent_twice_is_one_step(self, cast, week, draft):
        new = replace(meets(draft, week.recovery, 1), weekday=3)
        actions.change_meeting(draft, new, by=cast.ed.actor(), at=NOW)
        assert actions.change_meeting(draft, new, by=cast.ed.actor(), at=NOW) is None
        assert draft.steps.count() == 1

    @pytest.mark.parametrize(
        ("change", "says_"),
        [
            ({"leader": "bo", "weekday": 0}, "Bo would be in two places at once"),
            ({"room": "blue", "weekday": 0}, "Blue room would be used twice at once"),
            ({"leader": "di"}, "Di may not lead groups"),
        ],
    )
    def test_a_hard_rule_is_refused_with_the_mend_and_nothing_is_stored(self, cast, week, draft, change, says_):
        ids = {"bo": cast.bo.staff.pk, "di": cast.di.staff.pk, "blue": week.blue.pk}
        new = replace(meets(draft, week.recovery, 1), **{k: ids.get(v, v) for k, v in change.items()})
        with pytest.raises(actions.CannotDraft) as no:
            actions.change_meeting(draft, new, by=cast.ed.actor(), at=NOW)
        assert says_ in no.value.sentence and "Choose" in no.value.sentence
        assert not draft.steps.exists()

    def test_the_end_comes_after_the_beginning(self, cast, week, draft):
        with pytest.raises(actions.CannotDraft) as no:
            actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), ends=time(9)), by=cast.ed.actor(), at=NOW)
        assert no.value.field == "ends"

    def test_people_twice_at_once_are_refused(self, cast, week, draft):
        with pytest.raises(actions.CannotDraft, match=r"2 people would be in two places at once|1 person would be in two places"):
            actions.change_meeting(draft, replace(meets(draft, week.skills, 0), starts=time(9, 30), ends=time(11), leader=cast.cy.staff.pk, room=week.green.pk), by=cast.ed.actor(), at=NOW)

    def test_a_soft_rule_is_told_with_its_price_and_may_be_saved(self, cast, week, draft):
        before = actions.drafting.week_of(draft)
        after = plan.with_meeting(before, replace(meets(draft, week.skills, 4), held=False))
        proposal = actions.propose(draft, before, after)
        told = says.tell(proposal.new, proposal.world)
        short = next(t for t in told if t.conflict.code == "short")
        assert "2 people: 6 h 10 min" in short.sentence and "9 h is needed" in short.sentence
        assert short.price.startswith("Price: ") and not short.hard
        assert actions.change_meeting(draft, after.meetings[meets(draft, week.skills, 4).meeting], by=cast.ed.actor(), at=NOW)

    def test_the_law_of_the_state_caps_a_group(self, cast, week, draft):
        with trail.act("test.state", by=SYSTEM, at=NOW, about=week.site):
            week.site.state = "VA"
            week.site.save()
            Group.objects.filter(pk=week.process.pk).update(most=40)
        crowd = [someone(f"P{n}") for n in range(11)]
        before = actions.drafting.week_of(draft)
        after = plan.with_places(before, [(e.pk, week.process.pk) for e in crowd])
        hard = {c.code for c in actions.propose(draft, before, after).hard}
        assert hard == {"over_cap"}
        told = says.tell(actions.propose(draft, before, after).hard, worlds.world(week.program, week.site, FROM, after))
        assert "at most 10 are allowed (Virginia MH-IOP)" in told[0].sentence

    def test_places_and_visits_are_rows_too(self, cast, week, draft):
        ed = cast.ed.actor()
        actions.change_places(draft, cast.ana.episode, [week.recovery], [week.process], by=ed, at=NOW)
        new = Sees(plan.UUID(int=7), None, cast.ana.episode.pk, "individual", cast.bo.staff.pk, week.office.pk, "in_person", 3, time(13), time(13, 50))
        actions.change_visit(draft, new.key, new, by=ed, at=NOW)
        now = actions.drafting.week_of(draft)
        assert (cast.ana.episode.pk, week.recovery.pk) in now.places and (cast.ana.episode.pk, week.process.pk) not in now.places
        assert now.visits[new.key].starts == time(13)
        assert [s.kind for s in draft.steps.all()] == ["place", "visit"]

    def test_what_is_drafted_for_somebody_stands_in_their_trail(self, cast, week, draft):
        ed = cast.ed.actor()
        new = Sees(plan.UUID(int=7), None, cast.ana.episode.pk, "individual", cast.bo.staff.pk, week.office.pk, "in_person", 3, time(13), time(13, 50))
        actions.change_visit(draft, new.key, new, by=ed, at=NOW)
        actions.change_visit(draft, new.key, None, by=ed, at=NOW)
        actions.change_places(draft, cast.ana.episode, [week.recovery], by=ed, at=NOW)
        assert Act.objects.filter(verb="week.draft_changed", client_uid=cast.ana.client.uid).count() == 3

    def test_a_visit_by_somebody_without_the_role_is_refused(self, cast, week, draft):
        new = Sees(plan.UUID(int=7), None, cast.ana.episode.pk, "medication", cast.bo.staff.pk, week.office.pk, "in_person", 3, time(13), time(13, 50))
        with pytest.raises(actions.CannotDraft, match="may not give this visit"):
            actions.change_visit(draft, new.key, new, by=cast.ed.actor(), at=NOW)

    def test_a_full_group_takes_nobody(self, cast, week, draft):
        for name in ("One", "Two"):
            timetable.join_group(someone(name), week.evening_process, MONDAY, by=cast.ed.actor(), at=NOW)
        with pytest.raises(actions.CannotDraft, match="it takes 2"):
            actions.change_places(draft, cast.ana.episode, [week.evening_process], by=cast.ed.actor(), at=NOW)

    def test_a_step_is_taken_back_and_the_whole_draft_given_up(self, cast, week, draft):
        ed = cast.ed.actor()
        step = actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), weekday=3), by=ed, at=NOW)
        actions.undo_step(step, by=ed, at=NOW)
        actions.undo_step(step, by=ed, at=NOW)
        assert meets(draft, week.recovery, 1)
        assert Act.objects.filter(verb="week.draft_step_undone").count() == 2
        actions.drop_draft(draft, by=ed, at=NOW)
        with pytest.raises(actions.CannotDraft, match="given up"):
            actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), weekday=3), by=ed, at=NOW)

    def test_a_step_under_another_goes_only_when_the_rest_can_stand(self, cast, week, draft):
        ed = cast.ed.actor()
        first = actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), room=week.blue.pk), by=ed, at=NOW)
        actions.change_meeting(draft, replace(meets(draft, week.skills, 0), weekday=1, room=week.green.pk), by=ed, at=NOW)
        with pytest.raises(actions.CannotDraft, match="Green room would be used twice"):
            actions.undo_step(first, by=ed, at=NOW)
        assert DraftStep.objects.get(pk=first.pk).undone_at is None


def hour(week: week_.Week, cast: Cast, **change: Any) -> Meets:
    """Recovery on Thursday at two, with Cy in the green room."""
    new = Meets(0, week.recovery.pk, 3, time(14), time(14, 50), cast.cy.staff.pk, week.green.pk, "in_person", adds=True)
    return replace(new, **change)


class TestNewHours:
    def test_it_is_in_the_draft_and_holds_nowhere_before_it_is_published(self, cast, week, draft):
        before = picture()
        step = actions.add_meeting(draft, hour(week, cast), by=cast.ed.actor(), at=NOW)
        assert "Recovery group: new hour, Thursday 2:00" in step.said
        assert meets(draft, week.recovery, 3).adds
        assert picture() == before
        timetable.publish(week.program, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
        facts = timetable_facts.template_facts(week.site, MONDAY)
        assert picture() == before
        assert len([1 for (code, _n) in facts.rows.hours if code == str(week.recovery.uid)]) == 1
        found = reads.board(reads.Scope(week.program, week.site), FROM, draft=draft)
        assert next(h for h in found.hours if h.of.adds).changed == "New in this draft"

    @pytest.mark.parametrize(
        ("change", "says_"),
        [
            ({"weekday": 0, "starts": time(9, 30), "ends": time(10, 20), "leader": "bo"}, "Bo would be in two places at once"),
            ({"weekday": 0, "starts": time(9), "ends": time(9, 50), "room": "blue"}, "Blue room would be used twice"),
            ({"weekday": 1, "starts": time(10, 30), "ends": time(11, 20), "leader": None, "room": None}, "would meet twice at once"),
            ({"leader": "di"}, "Di may not lead groups"),
            ({"ends": time(13)}, "must end after it begins"),
            ({"group": -1}, "not part of the week any more"),
        ],
    )
    def test_the_same_rules_as_for_a_move(self, cast, week, draft, change, says_):
        ids = {"bo": cast.bo.staff.pk, "di": cast.di.staff.pk, "blue": week.blue.pk}
        many = Meeting.objects.count()
        with pytest.raises(actions.CannotDraft, match=says_):
            actions.add_meeting(draft, hour(week, cast, **{k: ids.get(v, v) for k, v in change.items()}), by=cast.ed.actor(), at=NOW)
        assert not draft.steps.exists()
        assert Meeting.objects.count() == many

    def test_sent_twice_it_is_one_hour(self, cast, week, draft):
        actions.add_meeting(draft, hour(week, cast), by=cast.ed.actor(), at=NOW)
        with pytest.raises(actions.CannotDraft, match="twice at once"):
            actions.add_meeting(draft, hour(week, cast), by=cast.ed.actor(), at=NOW)
        assert draft.steps.count() == 1

    @pytest.mark.parametrize("who", ["bo", "di", "pat", "ana", "gus"])
    def test_only_the_director(self, cast, week, draft, who):
        with pytest.raises(NotYours):
            actions.add_meeting(draft, hour(week, cast), by=getattr(cast, who).actor(), at=NOW)

    def test_moved_dropped_and_taken_back_like_any_other(self, cast, week, draft):
        ed = cast.ed.actor()
        first = actions.add_meeting(draft, hour(week, cast), by=ed, at=NOW)
        actions.change_meeting(draft, replace(meets(draft, week.recovery, 3), weekday=4, starts=time(15), ends=time(15, 50)), by=ed, at=NOW)
        moved = meets(draft, week.recovery, 4)
        assert moved.adds
        last = actions.change_meeting(draft, replace(moved, held=False), by=ed, at=NOW)
        base = plan.standing(week.program, week.site, FROM)
        assert not plan.differ(base, actions.drafting.week_of(draft))
        actions.undo_step(last, by=ed, at=NOW)
        assert plan.differ(base, actions.drafting.week_of(draft)).meetings
        actions.undo_step(first, by=ed, at=NOW)  # without the hour, moving it counts for nothing
        assert not plan.differ(base, actions.drafting.week_of(draft))

    def test_published_with_its_sessions_and_seats_and_taken_back(self, cast, week, draft):
        ed = cast.ed.actor()
        timetable.join_group(cast.max.episode, week.recovery, MONDAY, by=ed, at=NOW, confirmed=True)
        before = picture()
        actions.add_meeting(draft, hour(week, cast), by=ed, at=NOW)
        published = publish(draft, cast, NOW + timedelta(hours=1))
        made = Session.objects.filter(group=week.recovery, starts_at__week_day=5, cancelled_at__isnull=True).order_by("starts_at")
        assert words.local(made[0].starts_at, week.site).date() == FROM + timedelta(days=3)
        assert made.count() >= 3
        assert {b.episode for b in Booking.objects.filter(session__in=made, cancelled_at__isnull=True)} == {cast.max.episode}
        assert {a.episode_id or a.staff_id for a in published.affected.all()} == {cast.max.episode.pk, cast.cy.staff.pk}
        row = Meeting.objects.get(group=week.recovery, weekday=3)
        assert (row.held_from, row.held_until) == (FROM, None)
        actions.unpublish_week(published, by=ed, at=NOW + timedelta(hours=2))
        now = picture()
        assert (now["meetings"], now["places"]) == (before["meetings"], before["places"])
        assert not Session.objects.filter(meeting=row, cancelled_at__isnull=True).exists()
        draft.refresh_from_db()
        assert draft.is_open and meets(draft, week.recovery, 3).adds
        again = publish(draft, cast, NOW + timedelta(hours=3))
        assert Session.objects.filter(meeting=row, cancelled_at__isnull=True).exists()
        assert again.pk != published.pk

    def test_an_hour_that_was_taken_back_stands_in_nobodys_way(self, cast, week, draft):
        actions.add_meeting(draft, hour(week, cast), by=cast.ed.actor(), at=NOW)
        actions.unpublish_week(publish(draft, cast, NOW + timedelta(hours=1)), by=cast.ed.actor(), at=NOW + timedelta(hours=2))
        found = worlds.elsewhere(week.program, another_site(cast), MONDAY, [cast.cy.staff.pk], [], [])[0][cast.cy.staff.pk]
        assert {h.weekday for h in found if h.what == "Recovery group"} == {1}
        hours = timetable_facts.template_facts(week.site, MONDAY).rows.hours
        assert {row.weekday for (code, _n), row in hours.items() if code.startswith(str(week.recovery.uid))} == {1}

    def test_the_engine_reads_it_and_builds_with_it(self, cast, week, draft):
        actions.add_meeting(draft, hour(week, cast, leader=None), by=cast.ed.actor(), at=NOW)
        base = plan.standing(week.program, week.site, FROM)
        after = actions.drafting.week_of(draft)
        first, now = engine.reading(draft, plan.differ(base, after))
        recovery = {g.code: g for g in now.facts.groups}[str(week.recovery.uid)]
        assert len(recovery.patterns[0]) == 2
        assert len(first.week.meetings_of[recovery.code]) == 1
        led = replace(meets(draft, week.recovery, 3), leader=cast.cy.staff.pk, room=week.green.pk)
        actions.change_meeting(draft, led, by=cast.ed.actor(), at=NOW)
        assert engine.breaches(draft, base, actions.drafting.week_of(draft)) == []
        _first, now = engine.reading(draft, plan.differ(base, actions.drafting.week_of(draft)))
        assert engine.read(draft, engine.write(now.week), actions.drafting.week_of(draft)) == actions.drafting.week_of(draft)

    def test_it_runs_through_the_weeks_of_the_others(self, cast, week, draft):
        with trail.act("test.weeks", by=SYSTEM, at=NOW, about=week.recovery):
            Meeting.objects.filter(group=week.recovery).update(week_until=8, held_from=MONDAY)
        actions.add_meeting(draft, hour(week, cast), by=cast.ed.actor(), at=NOW)
        row = Meeting.objects.get(group=week.recovery, weekday=3)
        assert (row.week_from, row.week_until, row.weeks_from) == (1, 8, MONDAY)


def another_site(cast: Cast) -> Site:
    """Another site, to look from."""
    with trail.act("test.site", by=SYSTEM, at=NOW, about=cast.ed.staff):
        return Site.objects.get_or_create(code="north", defaults={"name": "North", "time_zone": "America/Chicago"})[0]


class TestPublish:
    def test_a_moved_meeting_holds_from_the_day_with_its_sessions_and_seats(self, cast, week, draft):
        was = meets(draft, week.process, 4)
        actions.change_meeting(draft, replace(was, weekday=3), by=cast.ed.actor(), at=NOW)
        published = publish(draft, cast)
        first_week = Session.objects.filter(group=week.process, starts_at__date=date(2026, 11, 6), cancelled_at__isnull=True)
        assert first_week.count() == 1  # before the day nothing moves
        days = [reads_day(s) for s in Session.objects.filter(group=week.process, cancelled_at__isnull=True, starts_at__date__gte=FROM).order_by("starts_at")]
        assert days[:6] == [0, 2, 3, 0, 2, 3]
        moved = Session.objects.filter(group=week.process, cancelled_at__isnull=True, starts_at__date=date(2026, 11, 12)).get()
        assert moved.bookings.filter(cancelled_at__isnull=True).count() == 2
        assert {a.episode_id for a in published.affected.all() if a.episode_id} == {cast.ana.episode.pk, cast.max.episode.pk}
        assert {a.staff_id for a in published.affected.all() if a.staff_id} == {cast.bo.staff.pk}
        assert WeekDraft.objects.get(pk=draft.pk).published_at == NOW

    def test_two_leaders_change_places_in_one_act(self, cast, week, draft):
        """At one hour both: no order of single changes would do."""
        ed = cast.ed.actor()
        with trail.act("test.moved", by=SYSTEM, at=NOW, about=week.recovery):
            Meeting.objects.filter(group=week.recovery).update(held_until=MONDAY)
            Meeting.objects.create(group=week.recovery, weekday=0, starts=time(9), ends=time(9, 50), leader=cast.cy.staff, room=week.green)
        timetable.publish(week.morning, MONDAY, MONDAY + timedelta(weeks=4), by=ed, at=NOW)
        one, other = meets(draft, week.process, 0), meets(draft, week.recovery, 0)
        before = actions.drafting.week_of(draft)
        after = plan.with_meeting(
            plan.with_meeting(before, replace(one, leader=other.leader, room=other.room)), replace(other, leader=one.leader, room=one.room)
        )
        with trail.act("week.draft_changed", by=ed, at=NOW, about=draft):
            actions.drafting.step_of_diff(draft, "meeting", "swap", plan.differ(before, after), by=ed, at=NOW)
        same = {s.pk for s in Session.objects.filter(group=week.process, starts_at__date__gte=FROM)}
        publish(draft, cast)
        found = Session.objects.filter(group=week.process, starts_at__date__gte=FROM, cancelled_at__isnull=True, starts_at__week_day=2)
        assert {s.leader_id for s in found} == {cast.cy.staff.pk} and {s.room_id for s in found} == {week.green.pk}
        assert {s.pk for s in Session.objects.filter(group=week.process, starts_at__date__gte=FROM, pk__in=same, cancelled_at__isnull=True)} == same

    def test_who_goes_on_a_day_to_come_moves_along_until_then_and_is_told(self, cast, week, draft):
        going = FROM + timedelta(days=8)
        timetable.end_all(cast.ana.episode, going, by=SYSTEM, at=NOW)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=NOW, why="Discharged")
        actions.change_meeting(draft, replace(meets(draft, week.process, 4), weekday=3), by=cast.ed.actor(), at=NOW)
        published = publish(draft, cast, NOW + timedelta(hours=1))
        ahead = Booking.objects.filter(episode=cast.ana.episode, session__group=week.process, cancelled_at__isnull=True, starts_at__date__gte=FROM)
        assert [words.local(b.starts_at, week.site).date() - FROM for b in ahead.order_by("starts_at")] == [timedelta(days=n) for n in (0, 2, 3, 7)]
        assert published.affected.filter(episode=cast.ana.episode).exists()

    def test_places_and_visits_follow(self, cast, week, draft):
        ed = cast.ed.actor()
        visit = timetable.add_visit(cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=MONDAY, site=week.site, by=ed, at=NOW)
        actions.change_places(draft, cast.ana.episode, [week.recovery], [week.process], by=ed, at=NOW)
        was = actions.drafting.week_of(draft).visits[visit.uid]
        actions.change_visit(draft, visit.uid, replace(was, weekday=3, starts=time(15), ends=time(15, 50)), by=ed, at=NOW)
        publish(draft, cast)
        ahead = Booking.objects.filter(episode=cast.ana.episode, cancelled_at__isnull=True, starts_at__date__gte=FROM, starts_at__date__lt=FROM + timedelta(weeks=1))
        assert sorted((b.session.group.code if b.session.group else "visit", reads_day(b.session)) for b in ahead.select_related("session__group", "session__site")) == [
            ("recovery", 1), ("skills", 0), ("skills", 2), ("skills", 4), ("visit", 3),
        ]  # fmt: skip

    def test_what_was_not_looked_at_is_not_published(self, cast, week, draft):
        actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), weekday=3), by=cast.ed.actor(), at=NOW)
        looked_at = seen(draft)
        timetable.join_group(cast.ana.episode, week.recovery, MONDAY, by=cast.di.actor(), at=NOW)
        before = picture()
        with pytest.raises(actions.CannotPublishWeek, match="changed since you looked"):
            actions.publish_week(draft, seen=looked_at, by=cast.ed.actor(), at=NOW)
        assert picture() == before
        assert not WeekPublished.objects.exists()

    def test_published_twice_is_refused_in_words(self, cast, week, draft):
        actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), weekday=3), by=cast.ed.actor(), at=NOW)
        publish(draft, cast)
        with pytest.raises(actions.CannotPublishWeek, match="published in the meantime"):
            publish(draft, cast)

    def test_an_unchanged_draft_has_nothing_to_publish(self, cast, draft):
        with pytest.raises(actions.CannotPublishWeek, match="nothing to publish"):
            publish(draft, cast)

    def test_a_day_that_has_come_is_refused(self, cast, week, draft):
        actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), weekday=3), by=cast.ed.actor(), at=NOW)
        with pytest.raises(actions.CannotPublishWeek, match="has come"):
            publish(draft, cast, NOW + timedelta(weeks=1))

    def test_an_hour_booked_once_refuses_the_whole_week_with_who_and_when(self, cast, week, draft):
        """Only the dated sessions know of a single visit: the database says no, and nothing is half stored."""
        ed = cast.ed.actor()
        there, on = ZoneInfo(week.site.time_zone), FROM + timedelta(days=3)
        timetable.book_once(
            cast.max.episode, "individual", cast.cy.staff, datetime.combine(on, time(10), there), datetime.combine(on, time(10, 50), there),
            by=ed, at=NOW, site=week.site,
        )  # fmt: skip
        actions.change_meeting(draft, replace(meets(draft, week.recovery, 1), weekday=3), by=ed, at=NOW)
        before = picture()
        with pytest.raises(actions.CannotPublishWeek, match="Cy leads Individual then"):
            publish(draft, cast)
        assert picture() == before
        assert WeekDraft.objects.get(pk=draft.pk).is_open

def reads_day(session: Session) -> int:
    return words.local(session.starts_at, session.site).weekday()


class TestUndo:
    @pytest.fixture
    def published(self, cast, week, draft) -> WeekPublished:
        ed = cast.ed.actor()
        visit = timetable.add_visit(cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=MONDAY, site=week.site, by=ed, at=NOW)
        self.before = picture()
        actions.change_meeting(draft, replace(meets(draft, week.process, 4), weekday=3), by=ed, at=NOW)
        actions.change_meeting(draft, replace(meets(draft, week.skills, 0), room=week.green.pk), by=ed, at=NOW)
        actions.change_places(draft, cast.ana.episode, [week.recovery], [week.process], by=ed, at=NOW)
        was = actions.drafting.week_of(draft).visits[visit.uid]
        actions.change_visit(draft, visit.uid, replace(was, weekday=3, starts=time(15), ends=time(15, 50)), by=ed, at=NOW)
        return publish(draft, cast, NOW + timedelta(hours=1))

    def test_everything_is_as_it_was(self, cast, week, draft, published):
        assert picture() != self.before
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=2))
        now = picture()
        for what, rows in self.before.items():
            # Publishing also went on eight weeks ahead: sessions that stand beside those of before stay.
            assert set(rows) <= set(now[what]) if what in ("sessions", "bookings") else rows == now[what], what
        horizon = max(row[3] for row in self.before["sessions"] if row[1])
        assert [r for r in now["sessions"] if r[3] <= horizon and r[1]] == [r for r in self.before["sessions"] if r[1]]
        assert [r for r in now["bookings"] if r[4] <= horizon] == [r for r in self.before["bookings"] if r[4] <= horizon]

    def test_the_draft_is_open_again_and_can_be_published_again(self, cast, draft, published):
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=2))
        draft.refresh_from_db()
        assert draft.is_open
        after = picture()
        again = publish(draft, cast, NOW + timedelta(hours=3))
        assert again.pk != published.pk
        actions.unpublish_week(again, by=cast.ed.actor(), at=NOW + timedelta(hours=4))
        assert picture() == after

    def test_taken_back_twice_is_taken_back_once(self, cast, published):
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=2))
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        published.refresh_from_db()
        assert published.undone_at == NOW + timedelta(hours=2)

    def test_what_has_begun_is_not_taken_back(self, cast, published):
        with pytest.raises(actions.CannotUndo, match="has begun"):
            actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(weeks=1, hours=8))

    def test_a_newcomer_since_then_sits_in_the_restored_hours(self, cast, week, published):
        new = someone("New")
        timetable.join_group(new, week.process, FROM, by=cast.ed.actor(), at=NOW + timedelta(hours=2))
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        days = {reads_day(b.session) for b in Booking.objects.filter(episode=new, cancelled_at__isnull=True).select_related("session__site")}
        assert days == {0, 2, 4}

    def test_who_was_discharged_since_then_gets_no_place_and_no_hour_back(self, cast, week, published):
        at, on = NOW + timedelta(hours=2), MONDAY + timedelta(days=1)
        timetable.end_all(cast.ana.episode, on, by=cast.ed.actor(), at=at)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=at, why="Discharged")
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        assert not Place.objects.filter(episode=cast.ana.episode, held_until__isnull=True).exists()
        assert not WeeklyVisit.objects.filter(episode=cast.ana.episode, held_until__isnull=True).exists()
        later = datetime.combine(FROM, time(0), ZoneInfo(week.site.time_zone))
        assert not Booking.objects.filter(episode=cast.ana.episode, cancelled_at__isnull=True, starts_at__gte=later).exists()

    def test_who_goes_on_a_day_to_come_has_their_hours_until_then(self, cast, week, published):
        """Discharged after the week was published, to go in its second week."""
        at, going = NOW + timedelta(hours=2), FROM + timedelta(days=8)
        timetable.end_all(cast.ana.episode, going, by=SYSTEM, at=at)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=at, why="Discharged")
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        place = Place.objects.get(episode=cast.ana.episode, group=week.process)
        assert place.held_until == going
        ahead = Booking.objects.filter(episode=cast.ana.episode, cancelled_at__isnull=True, starts_at__date__gte=FROM).select_related("session__site", "session__group")
        days = [words.local(b.starts_at, week.site).date() for b in ahead.order_by("starts_at")]
        assert max(days) == FROM + timedelta(days=7)
        assert [d for b, d in zip(ahead.order_by("starts_at"), days, strict=True) if b.session.group == week.process] == [
            FROM, FROM + timedelta(days=2), FROM + timedelta(days=4), FROM + timedelta(days=7),
        ]  # fmt: skip
        visits = Session.objects.filter(visit__episode=cast.ana.episode, cancelled_at__isnull=True, starts_at__date__gte=FROM)
        assert [words.local(s.starts_at, week.site).date() for s in visits] == [FROM + timedelta(days=1)]

    def test_the_hour_of_somebody_who_has_gone_takes_nobodys_time(self, cast, week, published):
        at = NOW + timedelta(hours=2)
        timetable.end_all(cast.ana.episode, MONDAY + timedelta(days=1), by=SYSTEM, at=at)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=at, why="Discharged")
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        assert not Session.objects.filter(visit__episode=cast.ana.episode, cancelled_at__isnull=True, starts_at__date__gte=FROM).exists()

    def test_who_left_the_group_since_then_stays_out_of_it(self, cast, week, published):
        place = Place.objects.get(episode=cast.ana.episode, group=week.process)
        timetable.leave_group(place, MONDAY + timedelta(days=1), by=cast.ed.actor(), at=NOW + timedelta(hours=2))
        actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        place.refresh_from_db()
        assert place.held_until == MONDAY + timedelta(days=1)
        ahead = datetime.combine(FROM, time(0), ZoneInfo(week.site.time_zone))
        assert not Booking.objects.filter(place=place, cancelled_at__isnull=True, starts_at__gte=ahead).exists()

    def test_a_room_taken_since_then_says_so_and_changes_nothing(self, cast, week, published):
        there, on = ZoneInfo(week.site.time_zone), FROM + timedelta(days=4)
        timetable.book_once(
            cast.max.episode, "individual", cast.bo.staff, datetime.combine(on, time(9), there), datetime.combine(on, time(9, 50), there),
            by=cast.ed.actor(), at=NOW + timedelta(hours=2), site=week.site,
        )  # fmt: skip
        before = picture()
        with pytest.raises(actions.CannotUndo, match="is booked at one of these hours by now"):
            actions.unpublish_week(published, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        assert picture() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_one_is_refused_in_words_and_nothing_is_stored_twice(cast):
    made = week_.load(cast)
    timetable.publish(made.program, MONDAY, MONDAY + timedelta(weeks=4), by=cast.ed.actor(), at=NOW)
    draft = actions.start_draft(made.program, made.site, FROM, by=cast.ed.actor(), at=NOW)
    actions.change_meeting(draft, replace(meets(draft, made.recovery, 1), weekday=3), by=cast.ed.actor(), at=NOW)
    looked_at, ed, told, gate = seen(draft), cast.ed.actor(), [], threading.Barrier(2)

    def press() -> None:
        try:
            gate.wait()
            actions.publish_week(WeekDraft.objects.get(pk=draft.pk), seen=looked_at, by=ed, at=NOW)
            told.append("published")
        except actions.CannotPublishWeek as no:
            told.append(str(no.sentence))
        finally:
            connections.close_all()

    hands = [threading.Thread(target=press) for _n in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(told) == ["This draft was published in the meantime. Open the board to see the week.", "published"]
    assert WeekPublished.objects.count() == 1
    assert Meeting.objects.filter(group=made.recovery, held_until__isnull=True).count() == 1


class TestGoals:
    def test_dated_and_the_newest_that_holds_counts(self, cast, week):
        order = ["continuity", "needs", "disturbance", "shape", "economy"]
        actions.set_goals(week.program, order, {"shape.gap": 9}, FROM, by=cast.ed.actor(), at=NOW)
        assert goals.of(week.program, MONDAY).order[0] == "needs"
        held = goals.of(week.program, FROM)
        assert held.order[0] == "continuity" and held.weights["shape.gap"] == 9 and held.weights["needs.days"] == 8

    @pytest.mark.parametrize(("order", "weights", "field"), [(["needs"] * 5, {}, "order"), (["needs", "continuity", "disturbance", "shape", "economy"], {"shape.gap": -1}, "shape.gap")])
    def test_refused_with_the_field(self, cast, week, order, weights, field):
        with pytest.raises(actions.CannotWeigh) as no:
            actions.set_goals(week.program, order, weights, FROM, by=cast.ed.actor(), at=NOW)
        assert no.value.field == field


def test_a_closed_day_is_told(cast, week, draft):
    program.close_day(week.site, FROM + timedelta(days=1), "Snow", by=cast.ed.actor(), at=NOW)
    now = actions.drafting.week_of(draft)
    world = worlds.world(week.program, week.site, FROM, now)
    told = [t.sentence for t in says.tell(checks.conflicts(world, now), world)]
    assert any("the site is closed: Snow" in s for s in told)


def test_a_room_for_video_is_said_once():
    assert says.by_video("Video room 4") == "Video room 4"
    assert says.by_video("Call 4") == "By video, Call 4"
    assert says.by_video("") == "By video"
