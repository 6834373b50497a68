"""Who may know that a client exists, asked of the one place that answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Client
from footbridge.kit.access import PUBLIC, SYSTEM

SEES = {
    "ana": {"ana"}, "bo": {"ana"}, "cy": {"max"}, "pat": {"ana"}, "flo": {"ana"}, "gus": set(), "max": {"max"},
    "di": {"ana", "max"}, "ivy": {"ana", "max"}, "ed": {"ana", "max"}, "bea": {"ana", "max"},
}  # fmt: skip


def seen(cast, actor) -> set[str]:
    clients = {row.pk: name for name, row in (("ana", cast.ana.client), ("max", cast.max.client))}
    known = {clients[pk] for pk in Client.objects.visible_to(actor).values_list("pk", flat=True)}
    of_episodes = {clients[pk] for pk in Episode.objects.visible_to(actor).values_list("client_id", flat=True)}
    assert known == of_episodes
    return known


@pytest.mark.parametrize("name", SEES)
def test_each_of_the_cast_knows_of_their_own_people(cast, name):
    assert seen(cast, getattr(cast, name).actor()) == SEES[name]


def test_a_visitor_knows_nobody_and_the_clock_everybody(cast):
    assert seen(cast, PUBLIC) == set()
    assert seen(cast, SYSTEM) == {"ana", "max"}


def test_somebody_with_several_ways_to_know_sees_them_all_once(cast):
    """A therapist who is a client here too, and stands by somebody."""
    both = replace(cast.cy.actor(), client_id=cast.ana.client.pk, roles=frozenset({"therapist", "client"}))
    assert seen(cast, both) == {"ana", "max"}
    both = replace(both, person_id=cast.flo.person.pk, roles=frozenset({"therapist", "client", "supporter"}))
    assert Episode.objects.visible_to(both).count() == 2
    assert Client.objects.visible_to(both).filter(uid=cast.ana.client.uid).exists()


def test_a_way_to_know_ends(cast, at):
    for member in cast.ana.episode.team.filter(staff=cast.bo.staff):
        episodes.leave_team(member, by=SYSTEM, at=at)
    assert seen(cast, cast.bo.actor()) == set()
    for grant in cast.ana.client.supporters.all():
        people.end_supporter(grant, on=date(2026, 1, 2), by=SYSTEM, at=at, why="test")
    assert seen(cast, replace(cast.flo.actor(), roles=frozenset({"supporter"}))) == set()


def test_a_broken_glass_opens_one_chart_for_some_hours(cast):
    now = timezone.now()
    episodes.break_glass(cast.max.episode, cast.bo.staff, "Covers for Cy in an emergency", by=cast.bo.actor(), at=now)
    assert seen(cast, cast.bo.actor()) == {"ana", "max"}
    episodes.break_glass(
        cast.ana.episode, cast.cy.staff, "Covered for Bo long ago", by=cast.cy.actor(), at=datetime(2026, 1, 5, tzinfo=UTC)
    )
    assert seen(cast, cast.cy.actor()) == {"max"}


def test_a_client_before_the_first_episode_knows_of_themselves(cast, at):
    client = people.make_client(cast.gus.person, by=SYSTEM, at=at)
    actor = cast.gus.actor()
    assert list(Client.objects.visible_to(actor)) == [client]
    assert not Episode.objects.visible_to(actor).exists()


def test_while_a_page_is_looked_at_the_same_question_is_asked_once(cast, django_assert_num_queries):
    from footbridge.ground.episodes.rules import in_care, treats
    from footbridge.ground.episodes.visibility import remembered

    bo, gus = cast.bo.actor(), cast.gus.actor()
    with remembered():
        with django_assert_num_queries(1):
            assert treats(bo, cast.ana.episode) and treats(bo, cast.ana.episode) and in_care(bo, cast.ana.episode)
        assert not treats(gus, cast.ana.episode) and not in_care(gus, cast.ana.episode)  # nobody is taken for another
        assert not treats(bo, cast.max.episode)
    with django_assert_num_queries(2):  # a deed asks every time: it may change the answer
        assert treats(bo, cast.ana.episode) and treats(bo, cast.ana.episode)
