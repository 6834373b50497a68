"""Mend a published week: proposals, the one act, and taking it back."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from footbridge.care.timetable import actions, facts, proposals, reads
from footbridge.care.timetable.actions import mending
from footbridge.care.timetable.models import Booking, MendedSession, Mending, Session
from footbridge.care.timetable.proposals import Asked, Plan
from footbridge.engines.timetabling import check
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Away
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found does not hang on how busy the machine is."""
    monkeypatch.setattr(proposals, "SECONDS", 12.0)

EARLY = NOW - timedelta(hours=2)  # Monday, 7:00 in Chicago: nothing has begun
TONIGHT = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)  # midnight in Chicago


def someone(name: str) -> Episode:
    person = people.add_person(legal_name=name, by=SYSTEM, at=NOW)
    return episodes.open_episode(people.make_client(person, by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    loaded = week_.load(cast)
    actions.publish(loaded.program, MONDAY, MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=NOW - timedelta(days=1))
    for episode in (cast.ana.episode, *(someone(f"Person {n}") for n in range(3))):
        for group in (loaded.process, loaded.skills):
            actions.join_group(episode, group, MONDAY, by=cast.di.actor(), at=NOW - timedelta(days=1))
    return loaded


def out_today(cast: Cast) -> Asked:
    return Asked("staff_out", EARLY, TONIGHT, staff=cast.bo.staff)


def rows() -> dict[str, Any]:
    """Everything that a mending may change, to compare before and after."""
    return {
        "sessions": list(Session.objects.order_by("pk").values_list("pk", "leader", "room", "starts_at", "ends_at", "cancelled_at", "cancelled_because")),
        "bookings": list(Booking.objects.order_by("pk").values_list("pk", "session", "seat", "starts_at", "ends_at", "cancelled_at", "cancelled_because")),
    }


class TestPropose:
    def test_a_colleague_who_is_free_covers_and_nobody_loses_anything(self, cast, week):
        best = proposals.propose(out_today(cast), at=EARLY)[0]
        assert best.restored
        assert {c.now["leader"] for c in best.plan.changes} <= {str(cast.cy.staff.uid), str(cast.ivy.staff.uid)}
        assert len(best.plan.changes) == 2
        assert all(len(best.people[c.session]) == 4 for c in best.plan.changes)

    def test_other_ways_stand_beside_the_best(self, cast, week):
        found = proposals.propose(out_today(cast), at=EARLY)
        assert any(all(c.cancels for c in way.plan.changes) for way in found)
        assert [w.score for w in found][1:] == sorted(w.score for w in found[1:])

    def test_nothing_breaks_for_somebody_who_leads_nothing_then(self, cast, week):
        assert proposals.propose(Asked("staff_out", EARLY, TONIGHT, staff=cast.pat.staff), at=EARLY) == ()

    def test_what_has_begun_stays(self, cast, week):
        at = NOW + timedelta(minutes=10)  # 9:10, the process group has begun
        best = proposals.propose(Asked("staff_out", at, TONIGHT, staff=cast.bo.staff), at=at)[0]
        changed = {(s.group, s.starts_at) for s in Session.objects.filter(uid__in=[c.session for c in best.plan.changes])}
        assert (week.skills, NOW + timedelta(hours=1)) in changed
        assert (week.process, NOW) not in changed

    def test_several_days_over_two_weeks_are_one_plan(self, cast, week):
        asked = Asked("staff_out", EARLY, EARLY + timedelta(days=9), staff=cast.bo.staff)
        best = proposals.propose(asked, at=EARLY)[0]
        assert len(best.plan.changes) == 8  # Monday, Wednesday, Friday, Monday, two hours each
        assert Plan.unpacked(best.plan.packed()) == best.plan

    def test_a_lost_room_gives_another_room(self, cast, week):
        best = proposals.propose(Asked("room_lost", EARLY, TONIGHT, room=week.blue), at=EARLY)[0]
        assert {c.now["room"] for c in best.plan.changes} == {str(week.green.uid)}

    @pytest.mark.parametrize("what", ["staff_out", "room_lost"])
    def test_without_a_solver_whoever_is_free_and_whatever_room_is_free_is_found_too(self, cast, week, monkeypatch, what):
        monkeypatch.setattr("footbridge.engines.timetabling.repairing.solver_missing", lambda: True)
        asked = out_today(cast) if what == "staff_out" else Asked("room_lost", EARLY, TONIGHT, room=week.blue)
        best = proposals.propose(asked, at=EARLY)[0]
        assert best.restored
        assert not any(c.cancels for c in best.plan.changes)
        actions.mend(asked, best.plan, by=cast.di.actor(), at=EARLY)
        assert not proposals.broken(asked, EARLY).exists()

    def test_a_session_that_cannot_be_held_moves_or_falls_out(self, cast, week):
        session = week.skills.sessions.order_by("starts_at").first()
        found = proposals.propose(Asked("session_cancelled", EARLY, TONIGHT, session=session), at=EARLY)
        assert all({c.session for c in way.plan.changes} >= {str(session.uid)} for way in found)

    def test_a_client_who_does_not_come_any_more_gives_the_seats_back(self, cast, week):
        asked = Asked("client_left", EARLY, EARLY + timedelta(days=6), episode=cast.ana.episode)
        best = proposals.propose(asked, at=EARLY)[0]
        assert len(best.plan.left) == 6
        assert best.plan.changes == ()


class TestMend:
    def test_sessions_absence_and_act_in_one(self, cast, week):
        asked = out_today(cast)
        best = proposals.propose(asked, at=EARLY)[0]
        made = actions.mend(asked, best.plan, cover=cast.cy.staff, by=cast.di.actor(), at=EARLY)
        leaders = {s.leader_id for s in Session.objects.filter(group__in=[week.process, week.skills], starts_at__lt=TONIGHT)}
        assert cast.bo.staff.pk not in leaders
        away = Away.objects.get(staff=cast.bo.staff)
        assert (away.from_on, away.until_on, away.cover) == (MONDAY, MONDAY + timedelta(days=1), cast.cy.staff)
        assert made.away == away
        act = Act.objects.get(verb="timetable.mended")
        assert act.by_label == "Di"
        found = facts.dated_facts(week.site, MONDAY, at=EARLY)
        assert check(facts.allowed(found.facts, found.week), found.week) == ()

    def test_pressed_twice_it_is_done_once(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        first = actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        before = rows()
        assert actions.mend(asked, plan, by=cast.di.actor(), at=EARLY) == first
        assert (rows(), Mending.objects.count()) == (before, 1)

    def test_cancelled_sessions_cancel_their_seats(self, cast, week):
        asked = out_today(cast)
        plan = next(w.plan for w in proposals.propose(asked, at=EARLY) if all(c.cancels for c in w.plan.changes))
        actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        today = Session.objects.filter(group__in=[week.process, week.skills], starts_at__lt=TONIGHT)
        assert {s.cancelled_because for s in today} == {"staff_away"}
        assert set(Booking.objects.filter(session__in=today).values_list("cancelled_because", flat=True)) == {"staff_away"}

    def test_a_therapist_reports_themselves_out_and_nobody_else(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        with pytest.raises(NotYours):
            actions.mend(asked, plan, by=cast.cy.actor(), at=EARLY)
        with pytest.raises(NotYours):
            actions.mend(asked, plan, by=cast.bea.actor(), at=EARLY)
        assert actions.mend(asked, plan, by=cast.bo.actor(), at=EARLY).staff == cast.bo.staff

    def test_somebody_joined_since_so_it_is_proposed_again(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        actions.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=EARLY)
        before = rows()
        with pytest.raises(actions.CannotMend, match="has changed since"):
            actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        assert rows() == before
        assert not Mending.objects.exists()
        assert not Away.objects.exists()

    def test_a_session_added_since_is_not_forgotten(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        begin = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
        actions.book_once(cast.ana.episode, "individual", cast.bo.staff, begin, begin + timedelta(minutes=50), by=cast.di.actor(), at=EARLY)
        with pytest.raises(actions.CannotMend, match="added since"):
            actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)

    def test_what_has_begun_meanwhile_is_refused(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        with pytest.raises(actions.CannotMend, match="has begun meanwhile"):
            actions.mend(asked, plan, by=cast.di.actor(), at=NOW + timedelta(minutes=1))

    def test_a_cover_who_was_booked_since_is_refused_in_words(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        cover = people_by_uid(plan.changes[0].now["leader"])
        begin = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
        actions.book_once(cast.max.episode, "individual", cover, begin, begin + timedelta(minutes=50), by=cast.di.actor(), at=EARLY)
        before = rows()
        with pytest.raises(actions.CannotMend, match=r"Morning process group on .*: .* leads .* then\."):
            actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        assert rows() == before

    def test_a_forged_plan_that_breaks_a_rule_is_refused(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        forged = replace(plan, changes=tuple(replace(c, now={**c.now, "leader": str(cast.bea.staff.uid)}) for c in plan.changes))
        with pytest.raises(actions.CannotMend, match="break a rule"):
            actions.mend(asked, forged, by=cast.di.actor(), at=EARLY)

    def test_two_rooms_change_places(self, cast, week):
        """Neither stands in the way of the other."""
        process, skills = (g.sessions.order_by("starts_at").first() for g in (week.process, week.skills))
        asked = Asked("session_cancelled", EARLY, TONIGHT, session=process)
        was = {s.pk: proposals.state(s) for s in (process, skills)}
        times = [{"starts_at": "2026-11-02T16:00:00+00:00", "ends_at": "2026-11-02T16:50:00+00:00"}, {"starts_at": "2026-11-02T15:00:00+00:00", "ends_at": "2026-11-02T15:50:00+00:00"}]
        people_ = proposals.booked([process, skills])
        changes = tuple(
            proposals.Change(str(s.uid), was[s.pk], {**was[s.pk], **moved}, proposals.fingerprint(people_[s.pk])) for s, moved in zip((process, skills), times, strict=True)
        )
        actions.mend(asked, Plan("5f3cbb0e-5f4b-4f4f-9f3e-111111111111", changes), by=cast.ed.actor(), at=EARLY)
        process.refresh_from_db()
        assert process.starts_at.hour == 16
        assert set(process.bookings.values_list("starts_at", flat=True)) == {process.starts_at}


def people_by_uid(uid: str) -> Any:
    from footbridge.ground.people.models import Staff

    return Staff.objects.get(uid=uid)


class TestPublishAfterwards:
    def test_the_night_leaves_what_was_mended_as_it_is(self, cast, week):
        asked = Asked("staff_out", EARLY, EARLY + timedelta(days=5), staff=cast.bo.staff)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        before = rows()
        done = actions.publish(week.program, MONDAY, MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=EARLY)
        assert (done.made, done.cancelled) == (0, 0)
        assert rows() == before

    @pytest.mark.parametrize("way", ["cancel", "move"])
    def test_also_what_was_cancelled_or_moved(self, cast, week, way):
        session = week.recovery.sessions.order_by("starts_at").first()
        for episode in Episode.objects.exclude(pk=cast.max.episode.pk):
            actions.join_group(episode, week.recovery, MONDAY, by=cast.di.actor(), at=EARLY, confirmed=True)
        asked = Asked("session_cancelled", EARLY, EARLY + timedelta(days=3), session=session)
        was = proposals.state(session)
        then = {"starts_at": "2026-11-03T20:00:00+00:00", "ends_at": "2026-11-03T20:50:00+00:00"} if way == "move" else {"cancelled": "changed"}
        who = proposals.fingerprint(proposals.booked([session])[session.pk])
        plan = Plan("5f3cbb0e-5f4b-4f4f-9f3e-222222222222", (proposals.Change(str(session.uid), was, {**was, **then}, who),))
        actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        before = rows()
        actions.publish(week.program, MONDAY, MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=EARLY)
        assert rows() == before


class TestUndo:
    @pytest.mark.parametrize("way", [0, -1])
    def test_exactly_as_it_was(self, cast, week, way):
        before = rows()
        asked = out_today(cast)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[way].plan, cover=cast.cy.staff, by=cast.di.actor(), at=EARLY)
        assert rows() != before
        actions.undo(made, by=cast.di.actor(), at=EARLY + timedelta(minutes=5))
        after = rows()
        taken = after["bookings"][len(before["bookings"]) :]  # seats of the other group: on record, and given back
        assert all(row[5] is not None for row in taken)
        assert {**after, "bookings": after["bookings"][: len(before["bookings"])]} == before
        assert not Away.objects.filter(from_on__lte=MONDAY, until_on__gt=MONDAY).exists()
        assert Act.objects.filter(verb="timetable.mending_undone").count() == 1
        assert actions.undo(made, by=cast.di.actor(), at=EARLY + timedelta(minutes=6)).undone_at == EARLY + timedelta(minutes=5)

    def test_a_seat_given_back_is_the_same_seat_again(self, cast, week):
        before = rows()
        asked = Asked("client_left", EARLY, EARLY + timedelta(days=6), episode=cast.ana.episode)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, by=cast.di.actor(), at=EARLY)
        assert made.seats.count() == 6
        actions.undo(made, by=cast.di.actor(), at=EARLY)
        assert rows() == before

    def test_not_when_something_of_it_has_begun(self, cast, week):
        asked = out_today(cast)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, by=cast.di.actor(), at=EARLY)
        with pytest.raises(actions.CannotUndo, match="has begun"):
            actions.undo(made, by=cast.di.actor(), at=NOW + timedelta(minutes=1))

    def test_not_when_it_was_changed_again(self, cast, week):
        asked = out_today(cast)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, by=cast.di.actor(), at=EARLY)
        actions.cancel_session(made.sessions.first().session, "changed", by=cast.ed.actor(), at=EARLY)
        with pytest.raises(actions.CannotUndo, match="changed again"):
            actions.undo(made, by=cast.di.actor(), at=EARLY)

    def test_not_by_a_stranger(self, cast, week):
        asked = out_today(cast)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, by=cast.di.actor(), at=EARLY)
        with pytest.raises(NotYours):
            actions.undo(made, by=cast.cy.actor(), at=EARLY)


    def all_cancelled(self, cast) -> Mending:
        asked = out_today(cast)
        plan = next(w.plan for w in proposals.propose(asked, at=EARLY) if all(c.cancels for c in w.plan.changes))
        return actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)

    def test_a_page_of_before_does_not_do_it_again_unseen(self, cast, week):
        asked = out_today(cast)
        plan = proposals.propose(asked, at=EARLY)[0].plan
        actions.undo(actions.mend(asked, plan, by=cast.di.actor(), at=EARLY), by=cast.di.actor(), at=EARLY)
        with pytest.raises(actions.CannotMend, match="done, and taken back"):
            actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)
        assert Mending.objects.count() == 1

    @pytest.mark.parametrize(("days", "seats"), [(0, 0), (1, 2)])
    def test_who_was_discharged_since_has_a_seat_until_the_day_on_which_they_go(self, cast, week, days, seats):
        made = self.all_cancelled(cast)
        actions.end_all(cast.ana.episode, MONDAY + timedelta(days=days), by=SYSTEM, at=EARLY)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=NOW, why="Discharged")
        actions.undo(made, by=cast.di.actor(), at=EARLY + timedelta(minutes=5))
        live = Booking.objects.filter(cancelled_at__isnull=True, session__in=made.sessions.values("session"))
        assert live.filter(episode=cast.ana.episode).count() == seats
        assert live.exclude(episode=cast.ana.episode).count() == 6
        assert (cast.ana.episode in set(reads.touched(made))) is bool(seats)

    def test_whoever_joined_since_sits_in_what_is_held_again(self, cast, week):
        made = self.all_cancelled(cast)
        actions.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=EARLY + timedelta(minutes=1))
        actions.undo(made, by=cast.di.actor(), at=EARLY + timedelta(minutes=5))
        session = made.sessions.get(session__group=week.process).session
        assert session.bookings.filter(episode=cast.max.episode, cancelled_at__isnull=True).exists()

    def test_who_left_the_group_since_gets_no_seat(self, cast, week):
        made = self.all_cancelled(cast)
        place = cast.ana.episode.places.get(group=week.process)
        actions.leave_group(place, MONDAY, by=cast.di.actor(), at=EARLY)
        actions.undo(made, by=cast.di.actor(), at=EARLY + timedelta(minutes=5))
        live = Booking.objects.filter(cancelled_at__isnull=True, episode=cast.ana.episode, session__in=made.sessions.values("session"))
        assert [b.session.group for b in live] == [week.skills]

    def test_where_somebody_sits_by_now_it_is_the_next_seat_and_nobody_in_what_is_not_held(self, cast, week):
        asked = Asked("client_left", EARLY, EARLY + timedelta(days=6), episode=cast.ana.episode)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, by=cast.di.actor(), at=EARLY)
        actions.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=EARLY)
        gone = week.skills.sessions.order_by("starts_at").first()
        actions.cancel_session(gone, "changed", by=cast.ed.actor(), at=EARLY)
        actions.undo(made, by=cast.di.actor(), at=EARLY + timedelta(minutes=5))
        live = Booking.objects.filter(episode=cast.ana.episode, cancelled_at__isnull=True, starts_at__lt=EARLY + timedelta(days=6))
        assert live.count() == 5
        assert not live.filter(session=gone).exists()
        process = week.process.sessions.order_by("starts_at").first()
        assert process.bookings.filter(cancelled_at__isnull=True).values("seat").distinct().count() == 5

    def test_an_absence_on_a_day_to_come_never_takes_effect(self, cast, week):
        asked = Asked("staff_out", EARLY + timedelta(days=2), EARLY + timedelta(days=3), staff=cast.bo.staff)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, cover=cast.cy.staff, by=cast.di.actor(), at=EARLY)
        assert made.away is not None
        actions.undo(made, by=cast.di.actor(), at=EARLY)
        assert not Away.objects.filter(until_on__gt=MONDAY).exists()

    def test_an_absence_that_was_on_record_before_stays(self, cast, week):
        known = people.go_away(cast.bo.staff, from_on=MONDAY, until_on=MONDAY + timedelta(days=1), cover=cast.cy.staff, by=cast.ed.actor(), at=EARLY - timedelta(days=3))
        asked = out_today(cast)
        made = actions.mend(asked, proposals.propose(asked, at=EARLY)[0].plan, cover=cast.cy.staff, by=cast.di.actor(), at=EARLY)
        assert made.away == known
        actions.undo(made, by=cast.di.actor(), at=EARLY)
        known.refresh_from_db()
        assert (known.from_on, known.until_on) == (MONDAY, MONDAY + timedelta(days=1))


@pytest.mark.parametrize(("days", "moved"), [(1, False), (2, True)])
def test_who_is_discharged_moves_along_until_the_day_on_which_they_go(cast: Cast, week: week_.Week, days: int, moved: bool) -> None:
    """Into the group of Tuesday, for somebody who goes on Monday evening, or on Tuesday evening."""
    actions.end_all(cast.ana.episode, MONDAY + timedelta(days=days), by=SYSTEM, at=EARLY)
    episodes.end_episode(cast.ana.episode, by=SYSTEM, at=NOW, why="Discharged")
    tuesday = week.recovery.sessions.select_related("site", "group").order_by("starts_at").first()
    plan = Plan("5f3cbb0e-5f4b-4f4f-9f3e-333333333333", (), joined=((str(tuesday.uid), str(cast.ana.episode.uid)),))
    with trail.act("test.taken", by=SYSTEM, at=EARLY, about=week.site):
        if moved:
            assert len(mending._take(plan, {str(tuesday.uid): tuesday}, EARLY)) == 1
        else:
            with pytest.raises(actions.CannotMend, match="has ended meanwhile"):
                mending._take(plan, {str(tuesday.uid): tuesday}, EARLY)


def test_who_works_here_no_more_covers_nobody(cast: Cast, week: week_.Week) -> None:
    asked = out_today(cast)
    plan = proposals.propose(asked, at=EARLY)[0].plan
    cover = people_by_uid(plan.changes[0].now["leader"])
    with trail.act("test.left", by=SYSTEM, at=EARLY, about=cover):
        cover.left_on = MONDAY
        cover.save()
    with pytest.raises(actions.CannotMend, match="does not work here then"):
        actions.mend(asked, plan, by=cast.di.actor(), at=EARLY)


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_the_same_moment(cast: Cast, week: week_.Week) -> None:
    """Di and Ed both cover for Bo: one of the two plans is done, the other is told that the week has changed."""
    asked = out_today(cast)
    plans = [proposals.propose(asked, at=EARLY)[0].plan for _n in range(2)]
    said: list[str] = []

    def confirm(who: Any, plan: Plan) -> None:
        try:
            actions.mend(asked, plan, by=who, at=EARLY)
            said.append("done")
        except actions.CannotMend as refusal:
            said.append(str(refusal))
        finally:
            connections.close_all()

    actors = [cast.di.actor(), cast.ed.actor()]
    threads = [threading.Thread(target=confirm, args=(who, plan)) for who, plan in zip(actors, plans, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["The week has changed since this was proposed. Look at the new proposals.", "done"]
    assert Mending.objects.count() == 1
    assert MendedSession.objects.count() == 2


