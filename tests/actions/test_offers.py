"""An offer is found, checked again, taken whole or not at all; moves need a yes; a wish that cannot be met is explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.facts.words import Names
from footbridge.care.timetable.finding import actions, offered, whynot
from footbridge.care.timetable.models import Booking, Place, WeeklyVisit
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import TeamRole
from footbridge.ground.people import actions as people
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program as week_
from tests.actions import way
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 9)


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    made = week_.load(cast)
    timetable.publish_ahead(at=NOW)
    return made


def others(cast: Cast, week: week_.Week, n: int, *groups) -> list:
    """So many people with a place already."""
    made = []
    for k in range(n):
        client = people.make_client(people.add_person(legal_name=f"Person {k}", by=SYSTEM, at=NOW), by=SYSTEM, at=NOW)
        episode = episodes.open_episode(client, by=SYSTEM, at=NOW)
        episodes.join_team(episode, cast.cy.staff, TeamRole.PRIMARY, by=SYSTEM, at=NOW)
        for group in groups or (week.process, week.skills):
            timetable.join_group(episode, group, MONDAY, by=cast.di.actor(), at=NOW, confirmed=True)
        made.append(episode)
    return made


def found(cast: Cast, episode=None):
    episode = episode or cast.ana.episode
    gathered = offered.facts_for(episode, MONDAY)
    return gathered, Names.of(cast.di.actor(), gathered.rows)


def best(cast: Cast) -> offered.Offer:
    gathered, names = found(cast)
    return offered.offers(gathered, cast.ana.episode, MONDAY, names)[0]


class TestOffers:
    def test_the_best_first_in_words_and_nobody_moves(self, cast, week):
        others(cast, week, 3)
        way.screened(cast, free_hours=[(d, time(8), time(20)) for d in range(5)])
        gathered, names = found(cast)
        offers = offered.offers(gathered, cast.ana.episode, MONDAY, names)
        assert offers and all(not o.moved for o in offers)
        first = offers[0]
        assert any(line.startswith("Morning process group: Monday, Wednesday, Friday, 9:00") for line in first.lines)
        assert any(line.startswith("Individual") and "Bo" in line for line in first.lines)
        assert "Nobody else moves." in first.reasons

    def test_nothing_is_written_by_asking(self, cast, week):
        before = Act.objects.count(), Place.objects.count()
        best(cast)
        assert (Act.objects.count(), Place.objects.count()) == before

    def test_without_the_solver_first_come_and_it_says_so(self, cast, week, monkeypatch):
        from footbridge.engines.timetabling import placing

        monkeypatch.setattr(placing, "solver_missing", lambda: True)
        others(cast, week, 3)
        offer = best(cast)
        assert offer.solver_was_missing and offer.lines


class TestTaking:
    def test_all_of_it_at_once(self, cast, week):
        others(cast, week, 3)
        offer = best(cast)
        actions.take(cast.ana.episode, offer.changes, offer.on, by=cast.di.actor(), at=NOW)
        held = set(Place.objects.filter(episode=cast.ana.episode, held_until__isnull=True).values_list("group__code", flat=True))
        assert {"process", "skills"} <= held
        assert WeeklyVisit.objects.filter(episode=cast.ana.episode, kind="individual", staff=cast.bo.staff).count() == 1
        assert Booking.objects.filter(episode=cast.ana.episode, cancelled_at__isnull=True).count() > 10
        act = Act.objects.get(verb="offer.taken")
        assert act.client_uid == cast.ana.client.uid and act.detail == {"moved": []}

    def test_checked_again_a_group_that_filled_up_is_not_overbooked(self, cast, week):
        others(cast, week, 3)
        with trail.act("test", by=SYSTEM, at=NOW, about=week.process):
            week.process.most = 4
            week.process.save()
        offer = best(cast)
        timetable.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=NOW, confirmed=True)
        before = Place.objects.count(), WeeklyVisit.objects.count()
        with pytest.raises(actions.CannotTake) as refused:
            actions.take(cast.ana.episode, offer.changes, offer.on, by=cast.di.actor(), at=NOW)
        assert "does not hold any more" in str(refused.value)
        assert (Place.objects.count(), WeeklyVisit.objects.count()) == before
        assert not Act.objects.filter(verb="offer.taken").exists()

    def test_the_database_has_the_last_word(self, cast, week, monkeypatch):
        """Even if every check of ours were blind, a therapist is not booked twice; and nothing of the offer stays."""
        others(cast, week, 3)
        offer = best(cast)
        visit = offer.changes[0].visits[0]
        clash = WeeklyVisit.objects.count()
        timetable.add_visit(
            cast.max.episode, "individual", cast.bo.staff, visit.weekday, offered.at_clock(visit.start), offered.at_clock(visit.end), held_from=MONDAY,
            site=week.site, by=cast.di.actor(), at=NOW, confirmed=True,
        )  # fmt: skip
        monkeypatch.setattr(actions, "_holds", lambda *a, **k: None)
        with pytest.raises(actions.CannotTake):
            actions.take(cast.ana.episode, offer.changes, offer.on, by=cast.di.actor(), at=NOW)
        assert WeeklyVisit.objects.count() == clash + 1
        assert not Place.objects.filter(episode=cast.ana.episode).exists()

    def test_strangers_may_not(self, cast, week):
        offer = best(cast)
        for who in (cast.cy, cast.gus, cast.ana, cast.bea):
            with pytest.raises(NotYours):
                actions.take(cast.ana.episode, offer.changes, offer.on, by=who.actor(), at=NOW)

    def test_a_word_that_was_changed_or_is_for_another_is_not_read(self, cast, week):
        offer = best(cast)
        assert offered.unpack(offer.token, cast.ana.episode) == (offer.on, offer.changes)
        assert offered.unpack(offer.token, cast.max.episode) is None
        assert offered.unpack(offer.token[:-2] + "xx", cast.ana.episode) is None
        assert offered.unpack("", cast.ana.episode) is None


def swapped(cast: Cast, week: week_.Week) -> tuple[offered.Change, ...]:
    """Max gives Ana his seat in the last process group."""
    return (
        offered.Change(str(cast.ana.episode.uid), join=(str(week.process.uid),)),
        offered.Change(str(cast.max.episode.uid), leave=(str(week.process.uid),), join=(str(week.evening_process.uid),)),
    )


class TestMoving:
    @pytest.fixture
    def full(self, cast, week):
        others(cast, week, 2, week.process)
        others_ = timetable.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=NOW, confirmed=True)
        with trail.act("test", by=SYSTEM, at=NOW, about=week.process):
            week.process.most = 3
            week.process.save()
        return others_

    def test_nobody_is_moved_who_did_not_agree(self, cast, week, full):
        with pytest.raises(actions.CannotTake) as refused:
            actions.take(cast.ana.episode, swapped(cast, week), MONDAY, by=cast.di.actor(), at=NOW)
        assert "Max" in str(refused.value) and refused.value.field == "agreed"

    def test_who_agreed_moves_in_the_same_act_and_is_told(self, cast, week, full, monkeypatch):
        monkeypatch.setattr(actions, "_holds", lambda *a, **k: None)
        actions.take(cast.ana.episode, swapped(cast, week), MONDAY, agreed={str(cast.max.episode.uid)}, by=cast.di.actor(), at=NOW)
        assert Place.objects.filter(episode=cast.ana.episode, group=week.process, held_until__isnull=True).exists()
        assert Place.objects.get(episode=cast.max.episode, group=week.process).held_until == MONDAY
        assert Place.objects.filter(episode=cast.max.episode, group=week.evening_process, held_until__isnull=True).exists()
        assert Act.objects.get(verb="week.changed").client_uid == cast.max.client.uid

    def test_a_therapist_moves_nobody_elses_client(self, cast, week, full):
        with pytest.raises(NotYours):
            actions.take(cast.ana.episode, swapped(cast, week), MONDAY, agreed={str(cast.max.episode.uid)}, by=cast.bo.actor(), at=NOW)

    def test_the_changes_applied_are_the_week_they_came_from(self, cast, week, full):
        gathered = offered.at_site(week.site, MONDAY, [cast.ana.episode, cast.max.episode])
        after = offered.applied(gathered, swapped(cast, week))
        assert offered._change(gathered, after, str(cast.max.episode.uid)) == replace(
            swapped(cast, week)[1], visits=offered._change(gathered, after, str(cast.max.episode.uid)).visits
        )
        assert offered.applied(gathered, (offered.Change("nobody", join=(str(week.process.uid),)),)) is None


class TestWhyNot:
    def test_evenings_that_are_full(self, cast, week):
        others(cast, week, 2, week.evening_process)
        gathered, names = found(cast)
        told = whynot.ask(gathered, cast.ana.episode, names, part="evening", wants=["process"])
        assert not told.possible and told.rules and told.how == "solver"
        assert any("Evening process group" in one for one in (*told.rules, *told.changes))
        assert "Person" not in str(told)

    def test_what_is_possible_is_said_to_be(self, cast, week):
        others(cast, week, 3)
        gathered, names = found(cast)
        told = whynot.ask(gathered, cast.ana.episode, names, wants=["individual"])
        assert told.possible and not told.rules


def test_a_place_given_up_before_it_began_takes_no_seat(cast, week):
    with trail.act("test", by=SYSTEM, at=NOW, about=week.process):
        week.process.most = 3
        week.process.save()
    others(cast, week, 2, week.process)
    held = timetable.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=NOW)
    with pytest.raises(timetable.CannotJoin):
        timetable.join_group(cast.ana.episode, week.process, date(2026, 11, 4), by=cast.di.actor(), at=NOW)
    timetable.leave_group(held, date(2026, 11, 4), by=cast.di.actor(), at=NOW)
    assert timetable.join_group(cast.ana.episode, week.process, date(2026, 11, 4), by=cast.di.actor(), at=NOW)


def test_who_is_placed_twice_in_a_row_changes_only_what_differs(cast, week):
    others(cast, week, 3)
    offer = best(cast)
    actions.take(cast.ana.episode, offer.changes, offer.on, by=cast.di.actor(), at=NOW)
    places = Place.objects.filter(episode=cast.ana.episode).count()
    gathered, names = found(cast)
    again = [o for o in offered.offers(gathered, cast.ana.episode, MONDAY, names) if o.lines == offer.lines]
    assert again == []
    assert Place.objects.filter(episode=cast.ana.episode).count() == places
    assert timedelta(0) == MONDAY - offer.on
