"""Those who stand by a client: granted, changed, ended; what a birthday, a law or a court closes by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions, support
from footbridge.ground.people.models import Client, Supporter
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program

DAY = date(2026, 11, 2)


def grant(cast, at, person=None, **words):
    given = {"relation": "sibling", "scope": ["schedule"], "granted_from": at.date(), "by": cast.ivy.actor(), "at": at}
    return actions.grant_supporter(cast.ana.client, person or cast.gus.person, **{**given, **words})


def minor(cast, at, born_on=date(2011, 5, 17)):
    actions.correct_person(cast.ana.person, born_on=born_on, by=SYSTEM, at=at)
    cast.ana.client.refresh_from_db()
    cast.ana.client.person.refresh_from_db()


def opens(row: Supporter, on: date = DAY) -> set[str]:
    return set(support.access(Supporter.objects.select_related("client__person").get(pk=row.pk), on).classes)


class TestGranting:
    def test_row_act_who_and_when(self, cast, at):
        row = grant(cast, at, scope=["schedule", "plan"], signed_name="Ana Soto", signed_how="paper")
        assert (row.scope, row.signed_by, row.granted_by, row.granted_at) == (["plan", "schedule"], ["client"], cast.ivy.staff, at)
        assert Act.objects.get(verb="supporter.granted", about_uid=row.uid).client_uid == cast.ana.client.uid
        assert grant(cast, at, scope=["schedule", "plan"], signed_name="Ana Soto") == row

    def test_said_by_voice_is_not_signed(self, cast, at):
        """42 CFR 2.31(a): in writing. What was written down so before opens nothing either."""
        with pytest.raises(actions.CannotGrant, match="in writing") as refusal:
            grant(cast, at, signed_name="Ana Soto", signed_how="spoken")
        assert refusal.value.field == "signed_how"
        row = grant(cast, at, signed_name="Ana Soto")
        assert opens(row) == {"schedule"}
        with trail.act("test.changed", by=SYSTEM, at=at, about=row):
            Supporter.objects.filter(pk=row.pk).update(signed_how="spoken")
        assert opens(row) == set()

    def test_the_client_does_it_themselves(self, cast, at):
        row = grant(cast, at, by=cast.ana.actor(), signed_name="Ana Soto")
        assert (row.granted_by, row.signed_how) == (None, "portal")

    @pytest.mark.parametrize("who", ["cy", "pat", "bea", "max", "flo", "gus"])
    def test_not_by_others_a_therapist_of_others_included(self, cast, at, who):
        with pytest.raises(NotYours):
            grant(cast, at, by=getattr(cast, who).actor())
        with pytest.raises(NotYours):
            actions.person_close(cast.ana.client, legal_name="Mo", by=getattr(cast, who).actor(), at=at)
        row = grant(cast, at)
        for deed in (
            lambda by: actions.end_supporter(row, on=DAY, by=by, at=at),
            lambda by: actions.change_supporter(row, scope=["plan"], signed_name="x", by=by, at=at),
        ):
            with pytest.raises(NotYours):
                deed(getattr(cast, who).actor())

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"scope": []}, "scope"),
            ({"scope": ["everything"]}, "scope"),
            ({"scope": ["notes"]}, "scope"),
            ({"granted_until": DAY}, "granted_until"),
            ({"denied_by_court": ["plan"], "scope": ["plan"]}, "court_order"),
            ({"signed_name": ""}, "signed_name"),
            ({"legal_basis": "parent_of_minor"}, "legal_basis"),  # of an adult
            ({"legal_basis": "guardian", "scope": ["substance"]}, "scope"),
        ],
    )
    def test_refused_and_nothing_is_stored(self, cast, at, words, field):
        before = Supporter.objects.count()
        with pytest.raises(actions.CannotGrant) as refusal:
            grant(cast, at, **words)
        assert refusal.value.field == field and Supporter.objects.count() == before

    def test_nobody_supports_themselves(self, cast, at):
        with pytest.raises(actions.CannotGrant):
            grant(cast, at, cast.ana.person)

    def test_a_parent_of_a_minor_without_the_minor_is_refused_with_why(self, cast, at):
        minor(cast, at)
        with pytest.raises(actions.CannotGrant, match="Has not signed") as refusal:
            grant(cast, at, legal_basis="parent_of_minor", relation="parent", parent_signed_name="Flo Soto")
        assert refusal.value.field == "signed_name"
        with pytest.raises(actions.CannotGrant) as refusal:
            grant(cast, at, relation="parent", signed_name="Ana Soto")
        assert refusal.value.field == "parent_signed_name"
        row = grant(cast, at, legal_basis="parent_of_minor", relation="parent", signed_name="Ana Soto", parent_signed_name="Flo Soto")
        assert opens(row) == {"schedule"}

    def test_a_court_order_is_kept_and_closes(self, cast, at):
        row = grant(cast, at, scope=["schedule", "plan"], denied_by_court=["plan"], court_order="Cook County, 2026-09-01, 26 D 1")
        assert opens(row) == {"schedule"}


class TestTime:
    def test_eighteen_tonight_in_the_zone_of_the_site(self, cast, at):
        """At midnight in Chicago, not at midnight in Greenwich."""
        program.load(cast)
        minor(cast, at, date(2008, 11, 3))
        row = grant(
            cast, at, cast.flo.person, legal_basis="parent_of_minor", relation="parent", signed_name="Ana Soto", parent_signed_name="Flo Soto",
            scope=["schedule", "plan"],
        )  # fmt: skip
        for old in cast.ana.client.supporters.exclude(pk=row.pk):
            actions.end_supporter(old, on=DAY, by=SYSTEM, at=at)
        evening = datetime(2026, 11, 3, 5, 59, tzinfo=UTC)  # 23:59 on the second in Chicago
        assert cast.flo.actor(evening).supports == {cast.ana.client.pk}
        after = cast.flo.actor(evening + timedelta(minutes=1))
        assert after.supports == frozenset() and not after.has("supporter")
        assert not Client.objects.visible_to(after).exists() and not Episode.objects.visible_to(after).exists()

    def test_what_the_minor_signed_with_a_parent_holds_for_the_adult_until_taken_back(self, cast, at):
        minor(cast, at, date(2008, 11, 3))
        row = grant(cast, at, relation="friend", signed_name="Ana Soto", parent_signed_name="Flo Soto")
        assert opens(row, date(2027, 1, 1)) == {"schedule"}

    def test_a_state_that_is_not_known_is_no_state(self, cast, at):
        program.load(cast)
        assert support.state() == ""
        site = program.Site.objects.get()
        site.state = "ca"
        with trail.act("test.changed", by=SYSTEM, at=at, about=site):
            site.save(update_fields=["state"])
        assert support.state() == "CA"
        minor(cast, at)
        assert opens(grant(cast, at, relation="friend", signed_name="Ana Soto")) == {"schedule"}  # alone, from 12 on


class TestChanging:
    def test_less_needs_no_signature_and_more_does(self, cast, at):
        row = grant(cast, at, scope=["schedule", "plan"])
        actions.change_supporter(row, scope=["schedule"], by=cast.ana.actor(), at=at)
        assert opens(row) == {"schedule"}
        assert Act.objects.filter(verb="supporter.changed", about_uid=row.uid).count() == 1
        for words in ({"scope": ["schedule", "plan"]}, {"scope": ["schedule", "safety"], "granted_until": None}):
            with pytest.raises(actions.CannotGrant) as refusal:
                actions.change_supporter(row, **words, by=cast.ana.actor(), at=at)
            assert refusal.value.field == "signed_name"
        assert opens(row) == {"schedule"}
        actions.change_supporter(row, scope=["schedule", "substance"], signed_name="Ana Soto", by=cast.ana.actor(), at=at)
        assert opens(row) == {"schedule", "substance"}

    def test_longer_is_more(self, cast, at):
        row = grant(cast, at, granted_until=DAY + timedelta(10))
        with pytest.raises(actions.CannotGrant):
            actions.change_supporter(row, scope=["schedule"], granted_until=None, by=cast.ana.actor(), at=at)
        actions.change_supporter(row, scope=["schedule"], granted_until=DAY + timedelta(5), by=cast.ana.actor(), at=at)
        row.refresh_from_db()
        assert row.granted_until == DAY + timedelta(5) and row.signed_by == ["client"]

    def test_what_ended_is_not_changed_back(self, cast, at):
        row = grant(cast, at)
        actions.end_supporter(row, on=DAY, by=cast.ana.actor(), at=at)
        with pytest.raises(actions.CannotGrant, match="ended"):
            actions.change_supporter(row, scope=["schedule"], signed_name="Ana Soto", by=cast.ana.actor(), at=at)

    def test_a_minor_cannot_give_more_alone_where_a_parent_must_agree(self, cast, at):
        minor(cast, at)
        row = grant(cast, at, signed_name="Ana Soto", parent_signed_name="Flo Soto")
        with pytest.raises(actions.CannotGrant, match="A parent"):
            actions.change_supporter(row, scope=["schedule", "plan"], signed_name="Ana Soto", by=cast.ana.actor(), at=at)
        assert opens(row) == {"schedule"}
        actions.end_supporter(row, on=DAY, by=cast.ana.actor(), at=at)  # and take back alone they can
        assert opens(row) == set()

    def test_what_rests_on_a_court_is_not_the_clients_to_end(self, cast, at):
        row = grant(cast, at, legal_basis="guardian", relation="guardian")
        with pytest.raises(actions.CannotGrant, match="law or a court"):
            actions.end_supporter(row, on=DAY, by=cast.ana.actor(), at=at)
        actions.end_supporter(row, on=DAY, by=cast.ivy.actor(), at=at, why="Letter of the court")
        assert Supporter.objects.get(pk=row.pk).ended_because == "Letter of the court"

    def test_ending_twice_moves_nothing(self, cast, at):
        row = grant(cast, at)
        actions.end_supporter(row, on=DAY, by=cast.ana.actor(), at=at, why="first")
        actions.end_supporter(row, on=DAY + timedelta(3), by=cast.ivy.actor(), at=at, why="second")
        row.refresh_from_db()
        assert (row.granted_until, row.ended_because) == (DAY, "first")


class TestWhoTheyAre:
    def test_the_same_name_and_address_is_the_same_person_another_name_is_not(self, cast, at):
        def close(name, email=""):
            return actions.person_close(cast.ana.client, legal_name=name, email=email, by=cast.ana.actor(), at=at)

        assert close("flo  SOTO", "Flo@example.org") == cast.flo.person
        other = close("Bo Lindquist", "bo@example.org")  # nobody learns that a therapist signs in with it
        assert other != cast.bo.person and other.name_used == "Bo"
        assert close("Flo Soto") == cast.flo.person  # known to stand by Ana
        assert close("Mo Diaz") != close("Mo Diaz")
