"""Two records of one person become one without loss; or they are kept apart."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from footbridge.care.assessment import actions as assessment
from footbridge.care.measures import reads as measures_reads
from footbridge.care.plan import reads as plan_reads
from footbridge.care.safety import actions as safety
from footbridge.care.safety import reads as safety_reads
from footbridge.care.safety.models import SafetyPlan
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable import reads as timetable_reads
from footbridge.desks.clinician.reads import episode_by_number as by_number
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes import reads as episodes_read
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people import merging, reads
from footbridge.ground.people.models import Client, ClientMerge, KeptApart
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act, Change
from footbridge.wiring.finding import reads as finding
from tests import cast as cast_
from tests import program
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=1)
WHY = "Same face, same card."


def second(name: str = "Anna Soto", *, born_on: date | None = date(1994, 5, 17), phone: str = "", is_open: bool = False) -> Client:
    """The record somebody made of Ana a second time, with a past of its own."""
    person = people.add_person(legal_name=name, born_on=born_on, phone=phone, address="1 Elm Street", by=SYSTEM, at=NOW)
    client = people.make_client(person, by=SYSTEM, at=NOW)
    episode = episodes.open_episode(client, by=SYSTEM, at=NOW)
    coverage.record(client, kind="medicaid", payer="State plan", covered_from=date(2026, 1, 1), by=SYSTEM, at=NOW)
    if not is_open:
        episodes.end_episode(episode, by=SYSTEM, at=LATER, why="made twice")
    return client


def merge(cast: Cast, other: Client, who: str = "ed", at=LATER) -> ClientMerge:
    return merging.merge_clients(cast.ana.client, other, why=WHY, by=getattr(cast, who).actor(at), at=at)


def test_everything_of_the_second_is_reachable_under_the_first(cast: Cast) -> None:
    other = second()
    episode = other.episodes.get()
    assessment.diagnose(episode, code="F33.1", by=cast.ed.actor(), at=NOW)
    safety.raise_alarm(client=other, kind="staff", urgency="today", reason="Look.", source_kind="test", source_key="9", by=cast.ed.actor(), at=NOW)
    done = merge(cast, other)
    assert {one.pk for one in cast.ana.client.episodes.all()} == {cast.ana.episode.pk, episode.pk}
    assert cast.ana.client.coverages.get().payer == "State plan" and cast.ana.client.alarms.get().reason == "Look."
    assert cast.ana.client.diagnoses.get().code == "F33.1"
    for relation in Client._meta.related_objects:
        if relation.related_model not in (ClientMerge, KeptApart):
            assert not relation.related_model._base_manager.filter(**{relation.field.name: other}).exists()
    assert done.moved["rows"]["ground_episode.client_id"] == [episode.pk]
    cast.ana.person.refresh_from_db()
    assert cast.ana.person.address == "1 Elm Street" and done.moved["filled"] == {"address": "1 Elm Street"}
    assert Client.objects.filter(pk=other.pk).exists()  # nothing is deleted


@pytest.mark.parametrize("ended_under", ["kept", "merged"])
def test_whoever_was_shut_out_under_one_record_is_not_let_in_by_the_other(cast: Cast, ended_under: str) -> None:
    other = second()
    flo, day = cast.flo.person, NOW.date()
    theirs = people.grant_supporter(other, flo, relation="parent", scope=["plan"], granted_from=day, by=SYSTEM, at=NOW)
    mine = cast.ana.client.supporters.get()
    friend = people.grant_supporter(other, cast.gus.person, relation="friend", scope=["plan"], granted_from=day, by=SYSTEM, at=NOW)
    people.end_supporter(mine if ended_under == "kept" else theirs, on=day, by=SYSTEM, at=LATER)
    merge(cast, other)
    assert cast.flo.actor(LATER).supports == frozenset() and not cast.flo.actor(LATER).has("supporter")
    assert cast.gus.actor(LATER).supports == {cast.ana.client.pk}  # whom nobody shut out stays
    friend.refresh_from_db()
    assert friend.client_id == cast.ana.client.pk and friend.granted_until is None


def test_the_old_number_finds_the_person_and_the_trail_keeps_before_and_after(cast: Cast) -> None:
    other = second()
    episode = other.episodes.get()
    merge(cast, other)
    assert reads.stands_for(other) == cast.ana.client
    assert set(Episode.objects.filter(reads.number_is(other.number))) == {cast.ana.episode, episode}
    assert set(reads.uids_of(cast.ana.client)) == {cast.ana.client.uid, other.uid}
    for verb, client in (("client.merged", cast.ana.client), ("client.merged_away", other)):
        assert Act.objects.filter(verb=verb, client_uid=client.uid, why=WHY, by_label="Ed").exists()
    change = Change.objects.get(table_name="ground_episode", row_id=episode.pk, act__verb="client.merged")
    assert (change.before["client_id"], change.after["client_id"]) == (other.pk, cast.ana.client.pk)


def test_versions_of_a_safety_plan_run_on_by_their_day(cast: Cast) -> None:
    other = second()
    plans = {}
    for who, client, at in (("a", cast.ana.client, NOW), ("b", other, NOW + timedelta(minutes=5)), ("c", cast.ana.client, NOW + timedelta(minutes=9))):
        with trail.act("test.written", by=SYSTEM, at=at, about=client, client=client):
            plans[who] = SafetyPlan.objects.create(
                client=client, version=client.safety_plans.count() + 1, written_with=cast.ed.staff, written_at=at
            )
    done = merge(cast, other)
    assert list(SafetyPlan.objects.filter(client=cast.ana.client).order_by("version").values_list("pk", "version")) == [
        (plans["a"].pk, 1), (plans["b"].pk, 2), (plans["c"].pk, 3),
    ]  # fmt: skip
    assert done.moved["versions"]["care_safetyplan"] == [[plans["b"].pk, 1, 2], [plans["c"].pk, 2, 3]]


def test_merging_again_is_one_merge_and_moves_what_came_since(cast: Cast) -> None:
    other = second()
    done = merge(cast, other)
    assert merge(cast, other) == done and ClientMerge.objects.count() == 1
    late = coverage.record(other, kind="self_pay", covered_from=date(2026, 11, 1), by=SYSTEM, at=LATER)
    merge(cast, other)
    late.refresh_from_db()
    done.refresh_from_db()
    assert late.client == cast.ana.client and done.moved["later"][0]["rows"] == {"ground_coverage.client_id": [late.pk]}


def test_an_episode_opened_twice_by_mistake_ends_in_the_same_act_and_stays_to_be_read(cast: Cast) -> None:
    other = second(is_open=True)
    twice = other.episodes.get()
    merging.merge_clients(cast.ana.client, other, why=WHY, end_episode=True, by=cast.ivy.actor(LATER), at=LATER)
    twice.refresh_from_db()
    assert twice.ended_at == LATER and twice.client == cast.ana.client
    assert cast.ana.client.episodes.get(ended_at__isnull=True) == cast.ana.episode
    assert Act.objects.filter(verb="episode.ended", why=WHY).exists()


def test_the_stay_that_goes_on_is_the_one_that_pages_show_though_the_one_opened_by_mistake_began_later(cast: Cast) -> None:
    merging.merge_clients(cast.ana.client, second(is_open=True), why=WHY, end_episode=True, by=cast.ivy.actor(LATER), at=LATER)
    assert Episode.objects.order_by("-pk").first().ended_at == LATER
    client, ana = cast.ana.client, cast.ana.actor()
    shown = [episodes_read.latest(client), safety_reads.episode_of(client), measures_reads.own_episode(ana), plan_reads.own_episode(ana), by_number(client.number)]
    assert shown == [cast.ana.episode] * 5
    assert str(cast.ana.episode.uid) in finding.people(cast.ed.actor(), "Ana")[0].href


def test_a_chain_of_merges_leads_to_the_last(cast: Cast) -> None:
    first, then = second("Ana Sotto"), second("Anna Soto")
    merging.merge_clients(then, first, why=WHY, by=cast.ivy.actor(), at=LATER)
    merge(cast, then)
    assert reads.stands_for(first) == cast.ana.client == reads.stands_for(then)


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_pair_crosswise_one_wins_and_nothing_is_lost() -> None:
    cast = cast_.build()
    other = second()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def run(kept: Client, merged: Client) -> None:
        try:
            gate.wait()
            merging.merge_clients(kept, merged, why=WHY, by=cast.ed.actor(LATER), at=LATER)
            outcomes.append("merged")
        except merging.CannotMerge:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((cast.ana.client, other), (other, cast.ana.client))]
    [one.start() for one in threads]
    [one.join() for one in threads]
    assert sorted(outcomes) == ["merged", "refused"]
    kept = ClientMerge.objects.get().kept
    assert kept.episodes.count() == 2


def test_what_a_merge_refuses(cast: Cast) -> None:
    both_open = second("Ana S", is_open=True)
    with pytest.raises(merging.CannotMerge, match="open episode"):
        merge(cast, both_open)
    with pytest.raises(merging.CannotMerge, match="same record"):
        merge(cast, cast.ana.client)
    with pytest.raises(merging.CannotMerge, match="how you know"):
        merging.merge_clients(cast.ana.client, second(), why=" ", by=cast.ed.actor(), at=LATER)
    episodes.end_episode(cast.max.episode, by=SYSTEM, at=LATER, why="test")
    with pytest.raises(merging.CannotMerge, match="signs in"):
        merge(cast, cast.max.client)
    gone = second()
    merge(cast, gone)
    with pytest.raises(merging.CannotMerge, match="merged into another"):
        merging.merge_clients(gone, second("Ana Sotto"), why=WHY, by=cast.ed.actor(), at=LATER)
    assert ClientMerge.objects.count() == 1


@pytest.mark.parametrize("who", ["bo", "di", "bea", "pat", "ana", "flo", "gus"])
def test_others_merge_and_part_nobody(cast: Cast, who: str) -> None:
    other = second()
    with pytest.raises(NotYours):
        merge(cast, other, who)
    with pytest.raises(NotYours):
        merging.keep_apart(cast.ana.client, other, by=getattr(cast, who).actor(), at=LATER)


def test_doubles_are_found_with_reasons_and_kept_apart_for_good(cast: Cast) -> None:
    other = second()
    second("Zoe Quill", born_on=date(1961, 1, 1))
    (pair,) = reads.doubles(cast.ed.actor())
    assert (pair.one, pair.other) == (cast.ana.client, other)
    assert pair.likeness.reasons == ("alike_name", "same_birth_date") and pair.likeness.score == 75
    apart = merging.keep_apart(other, cast.ana.client, by=cast.ivy.actor(), at=LATER)
    assert merging.keep_apart(cast.ana.client, other, by=cast.ed.actor(), at=LATER) == apart
    assert reads.doubles(cast.ed.actor()) == [] and Act.objects.filter(verb="client.kept_apart").exists()


class TestPaired:
    """Two records of which the timetable knows something together."""

    def pair(self, cast: Cast, other: Client, kind: str = "apart"):
        return timetable.pair(cast.ana.episode, other.number, kind, "A quarrel.", by=cast.ed.actor(), at=NOW)

    @pytest.mark.parametrize("kind", ["apart", "together"])
    def test_what_holds_about_both_says_that_they_are_two_and_no_more(self, cast: Cast, kind: str) -> None:
        other = second()
        self.pair(cast, other, kind)
        for who in ("ed", "ivy"):
            with pytest.raises(merging.CannotMerge, match="two people") as no:
                merge(cast, other, who)
            assert "quarrel" not in no.value.sentence and "meet" not in no.value.sentence
        assert not ClientMerge.objects.exists()

    def test_one_that_has_ended_stays_on_record(self, cast: Cast) -> None:
        other = second()
        pairing = self.pair(cast, other)
        timetable.end_pairing(pairing, by=cast.ed.actor(), at=NOW)
        merge(cast, other)
        pairing.refresh_from_db()
        assert pairing.one_id == pairing.other_id == cast.ana.client.pk
        assert timetable_reads.pairings(cast.ana.episode) == []

    def test_what_was_said_of_the_second_holds_for_the_first(self, cast: Cast) -> None:
        other = second()
        row = timetable.pair(cast.max.episode, other.number, "apart", "A quarrel.", by=cast.ed.actor(), at=NOW)
        merge(cast, other)
        row.refresh_from_db()
        assert row.other == cast.ana.client and timetable_reads.pairings(cast.ana.episode) == [row]

    def test_both_paired_with_the_same_person_one_ends_first(self, cast: Cast) -> None:
        other = second()
        twice = timetable.pair(cast.max.episode, other.number, "apart", "A quarrel.", by=cast.ed.actor(), at=NOW)
        timetable.pair(cast.max.episode, cast.ana.client.number, "apart", "The same.", by=cast.ed.actor(), at=NOW)
        with pytest.raises(merging.CannotMerge, match="paired with the same person"):
            merge(cast, other)
        timetable.end_pairing(twice, by=cast.ed.actor(), at=NOW)
        merge(cast, other)
        assert len(timetable_reads.pairings(cast.ana.episode)) == 1


def test_who_was_opened_twice_sits_in_a_group_once(cast: Cast) -> None:
    from footbridge.wiring import reactions

    week = program.load(cast)
    timetable.publish(week.program, program.MONDAY, program.MONDAY + timedelta(weeks=2), by=cast.ed.actor(), at=NOW)
    other = second(is_open=True)
    for episode in (cast.ana.episode, other.episodes.get()):
        timetable.join_group(episode, week.process, program.MONDAY, by=cast.ed.actor(), at=NOW)
    twice = other.episodes.get()
    merging.merge_clients(cast.ana.client, other, why=WHY, end_episode=True, by=cast.ed.actor(LATER), at=LATER)
    act = Act.objects.get(verb="client.merged")
    for _again in range(2):
        reactions.give_places_back.func(client=str(act.about_uid), ended_at=LATER.isoformat())
    today = timezone.localdate()
    assert not twice.places.filter(held_until__isnull=True).exists() and cast.ana.episode.places.filter(held_until__isnull=True).exists()
    assert not twice.bookings.filter(cancelled_at__isnull=True, starts_at__date__gt=today).exists()
    assert Act.objects.filter(verb="timetable.ended").count() == 1
