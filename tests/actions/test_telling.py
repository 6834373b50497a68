"""What leaves the house: the same verdict for letters, reports, files and bills, and an account of what was told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.care.transitions.hand_offs import actions as hand_offs
from footbridge.care.transitions.hand_offs import letter
from footbridge.care.transitions.hand_offs import reads as hand_off_reads
from footbridge.engines.disclosure import DataClass, Purpose, Recipient
from footbridge.ground.consent import actions, telling
from footbridge.ground.consent.models import Told
from footbridge.ground.people import actions as people
from footbridge.ground.people import support
from footbridge.ground.program.models import Program
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.actions.test_hand_offs import agreed, asked, begun
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)
LAKE = telling.Whom(Recipient.TREATING_PROVIDER, Purpose.TREATMENT, "Lakeside  day Program")
PLAN = telling.Whom(Recipient.PAYER, Purpose.PAYMENT)
COURT = telling.Whom(Recipient.COURT, Purpose.LEGAL, "County court")


def give(cast: Cast, kind: str = "disclosure", **more: object):
    words = {"recipient": "Lakeside Day Program", "purpose": "To go on with care", "signed_name": "Ana Soto", "how": "paper", **more}
    if kind == "disclosure":
        words.setdefault("data_classes", ["directory", "clinical"])
    return actions.give(cast.ana.client, kind=kind, by=cast.di.actor(), at=NOW, **words)


def ask(cast: Cast, data: str, whom: telling.Whom, on: date = TODAY) -> bool:
    return telling.verdict(cast.ana.client, DataClass(data), whom, on).allowed


def minor(cast: Cast) -> None:
    people.correct_person(cast.ana.client.person, born_on=date(2012, 5, 1), by=cast.di.actor(), at=NOW)


class TestVerdict:
    def test_a_named_consent_opens_what_it_names_for_whom_it_names(self, cast: Cast) -> None:
        assert not ask(cast, "clinical", LAKE)
        give(cast)
        assert ask(cast, "clinical", LAKE) and not ask(cast, "safety", LAKE)
        assert not ask(cast, "clinical", telling.Whom(Recipient.TREATING_PROVIDER, Purpose.TREATMENT, "Another program"))
        assert not ask(cast, "clinical", telling.Whom(Recipient.COURT, Purpose.LEGAL, "Lakeside Day Program"))

    def test_the_general_one_opens_for_those_who_treat_and_pay_and_never_for_a_court(self, cast: Cast) -> None:
        give(cast, "tpo")
        assert ask(cast, "billing", PLAN) and ask(cast, "clinical", LAKE)
        assert not ask(cast, "directory", COURT) and not ask(cast, "counseling_notes", LAKE) and not ask(cast, "group_membership", PLAN)

    def test_a_court_needs_the_consent_of_its_own_kind(self, cast: Cast) -> None:
        give(cast, recipient="County court")
        assert not ask(cast, "directory", COURT)
        give(cast, "legal", recipient="County court", data_classes=["directory"])
        assert ask(cast, "directory", COURT) and not ask(cast, "clinical", COURT)

    def test_taken_back_or_run_out_it_opens_nothing(self, cast: Cast) -> None:
        given = give(cast, expires_on=TODAY + timedelta(days=10))
        assert ask(cast, "clinical", LAKE) and not ask(cast, "clinical", LAKE, TODAY + timedelta(days=10))
        actions.revoke(given, by=cast.di.actor(), at=NOW)
        assert not ask(cast, "clinical", LAKE)

    def test_of_a_minor_nothing_is_told_that_a_parent_did_not_sign_too(self, cast: Cast) -> None:
        """Signed before the birth date was known; the verdict is asked anew when something leaves."""
        give(cast)
        minor(cast)
        said = telling.verdict(cast.ana.client, DataClass.CLINICAL, LAKE, TODAY)
        assert not said.allowed and "must have signed" in telling.refused(said)
        give(cast, parent_signed_name="Flo Soto")
        assert ask(cast, "clinical", LAKE)

    def test_where_adolescents_come_an_unknown_age_is_no_adult(self, cast: Cast) -> None:
        people.correct_person(cast.ana.client.person, born_on=None, by=cast.di.actor(), at=NOW)
        give(cast)
        assert ask(cast, "clinical", LAKE)
        way.track()
        with trail.act("program.changed", by=SYSTEM, at=NOW, about=Program.objects.get()):
            Program.objects.update(population="adolescent")
        assert not ask(cast, "clinical", LAKE)
        with pytest.raises(actions.CannotConsent, match="Write the birth date first") as refused:
            give(cast)
        assert refused.value.field == "parent_signed_name"

    def test_many_at_once_are_answered_alike(self, cast: Cast, django_assert_num_queries) -> None:
        give(cast)
        given = telling.of_clients([cast.ana.client.pk, cast.max.client.pk])
        assert cast.ana.client.person.born_on
        where = support.Here()
        assert where.state == ""
        with django_assert_num_queries(1):  # the clock of the site, which a request knows
            said = telling.verdict(cast.ana.client, DataClass.CLINICAL, LAKE, TODAY, given=given[cast.ana.client.pk], where=where)
        assert said.allowed and cast.max.client.pk not in given


class TestTold:
    def test_what_is_told_stands_in_the_account_with_its_consent(self, cast: Cast) -> None:
        given = give(cast)
        (row,) = actions.tell(
            cast.ana.client, LAKE, [DataClass.CLINICAL, DataClass.DIRECTORY], what="letter", to_name="Lakeside: Sam", by=cast.ivy.actor(), at=NOW
        )
        assert (row.consent, row.data_classes, row.to_name) == (given, ["clinical", "directory"], "Lakeside: Sam")
        assert Act.objects.filter(verb="consent.told", client_uid=cast.ana.client.uid, detail__to="Lakeside: Sam").exists()
        assert list(telling.account(cast.ana.client)) == [row]

    def test_one_class_too_many_and_nothing_is_told(self, cast: Cast) -> None:
        give(cast)
        with pytest.raises(actions.CannotTell, match="No consent covers this"):
            actions.tell(cast.ana.client, LAKE, [DataClass.CLINICAL, DataClass.SAFETY], what="letter", to_name="Lakeside", by=cast.ivy.actor(), at=NOW)
        assert not Told.objects.exists()

    @pytest.mark.parametrize("who", ["ana", "bea", "gus"])
    def test_others_tell_nothing(self, cast: Cast, who: str) -> None:
        give(cast)
        with pytest.raises(NotYours):
            actions.tell(cast.ana.client, LAKE, [DataClass.CLINICAL], what="letter", to_name="Lakeside", by=getattr(cast, who).actor(), at=NOW)

    def test_readers_of_a_file_are_the_client_the_team_and_whom_a_consent_opens_all_of_it(self, cast: Cast) -> None:
        def names(*classes: str) -> list[str]:
            return [one.label for one in telling.readers(cast.ana.client, map(DataClass, classes), TODAY)]

        assert names("clinical") == ["The client themself", "Our own team"]
        give(cast)
        give(cast, "legal", recipient="County court", data_classes=["clinical"])
        assert sorted(names("clinical")) == ["County court", "Lakeside Day Program", "Our own team", "The client themself"]
        assert names("clinical", "safety") == ["The client themself", "Our own team"]
        assert names("counseling_notes") == []


class TestHandOffs:
    def test_a_letter_to_another_program_stands_in_the_account(self, cast: Cast) -> None:
        row = begun(cast, cast.ana.episode)
        agreed(cast, row, "directory", "clinical")
        hand_offs.step(row, kind="letter", by=cast.ivy.actor(), at=NOW)
        told = Told.objects.get()
        assert (told.what, told.to_name, told.data_classes) == ("letter", "Lakeside Day Program", ["clinical", "directory"])

    @pytest.mark.parametrize("client", [True, False])
    def test_what_was_agreed_by_voice_is_kept_and_opens_no_letter(self, cast: Cast, client: bool) -> None:
        """42 CFR 2.31(a): a consent is in writing. By voice is enough to call there together."""
        row, ivy = begun(cast, cast.ana.episode if client else asked()), cast.ivy.actor()
        hand_offs.agree(row, data_classes=["directory", "clinical"], signed_name="Ana", how="spoken", by=ivy, at=NOW)
        may = hand_off_reads.tellable(row, TODAY)
        assert may.classes == frozenset() and all("by voice" in why for why in may.withheld.values())
        for step in ({"kind": "letter"}, {"kind": "spoke_there", "with_name": "Sam"}):
            with pytest.raises(hand_offs.CannotStep, match="in writing"):
                hand_offs.step(row, **step, by=ivy, at=NOW)
        assert hand_offs.step(row, kind="spoke_there", with_name="Sam", on_the_line=True, by=ivy, at=NOW).on_the_line
        hand_offs.agree(row, data_classes=["directory", "clinical"], signed_name="Ana", how="paper", by=ivy, at=NOW)
        assert DataClass.CLINICAL in hand_off_reads.tellable(row, TODAY).classes

    def test_together_on_the_line_nothing_is_told_by_us(self, cast: Cast) -> None:
        row = begun(cast, cast.ana.episode)
        hand_offs.step(row, kind="spoke_there", with_name="Sam", on_the_line=True, by=cast.ivy.actor(), at=NOW)
        assert not Told.objects.exists()

    @pytest.mark.parametrize("client", [True, False])
    def test_a_birth_date_learned_later_closes_what_a_parent_did_not_sign(self, cast: Cast, client: bool) -> None:
        row = begun(cast, cast.ana.episode if client else asked())
        agreed(cast, row)
        if client:
            minor(cast)
        else:
            from footbridge.care.inquiry.models import Inquiry

            with trail.act("inquiry.corrected", by=cast.di.actor(), at=NOW, about=row.inquiry):
                Inquiry.objects.filter(pk=row.inquiry_id).update(born_on=date(2012, 5, 1))
        row = hand_off_reads.hand_off(cast.ivy.actor(), row.uid)
        assert row is not None
        may = hand_off_reads.tellable(row, TODAY)
        assert may.classes == frozenset() and "must have signed" in may.withheld[DataClass.DIRECTORY]
        with pytest.raises(hand_offs.CannotStep, match="must have signed"):
            hand_offs.step(row, kind="letter", by=cast.ivy.actor(), at=NOW)
        hand_offs.agree(row, data_classes=["directory"], signed_name="Ana", parent_signed_name="Flo", how="paper", by=cast.ivy.actor(), at=NOW)
        assert hand_off_reads.tellable(row, TODAY).classes == {DataClass.DIRECTORY}

    def test_the_letter_does_not_tell_who_asked_for_them_unless_there_is_no_other_way(self, cast: Cast) -> None:
        mother = {"for_whom": "other", "asker_name": "Flora Moss", "asker_relation": "Mother", "asker_contact": "555-010-0188"}
        row = begun(cast, asked(**mother))
        agreed(cast, row)
        assert "Flora" not in written(row)
        other = hand_offs.hand_over(
            asked("Ray", phone="", channel="call", **mother), level="php", why="level", to_name="Lakeside", to_phone="312 555 0160", by=cast.ivy.actor(), at=NOW
        )
        agreed(cast, other)
        assert "Reach them through" in written(other) and "Flora Moss" in written(other)


def written(row) -> str:
    given, may = hand_off_reads.agreed(row, TODAY), hand_off_reads.tellable(row, TODAY)
    assert given is not None
    return str(letter.there(row, given, may.classes, by="Ivy", at=NOW))


class TestOrdersOfACourt:
    def kept(self, cast: Cast, **more):
        words = {
            "court": "County court", "number": "26-114", "recipient": "County court", "data_classes": ["directory"], "ordered_on": TODAY, "read_by": "Our lawyer",
            "today": TODAY, **more,
        }  # fmt: skip
        return actions.keep_order(cast.ana.client, **words, by=cast.ed.actor(), at=NOW)

    def test_it_opens_what_it_names_for_whom_it_names_until_it_ends(self, cast: Cast) -> None:
        order = self.kept(cast, until=TODAY + timedelta(days=30))
        assert self.kept(cast) == order
        assert ask(cast, "directory", COURT) and not ask(cast, "clinical", COURT) and not ask(cast, "directory", COURT, TODAY + timedelta(days=30))
        assert not ask(cast, "directory", telling.Whom(Recipient.COURT, Purpose.LEGAL, "Another court"))
        assert not ask(cast, "directory", telling.Whom(Recipient.TREATING_PROVIDER, Purpose.TREATMENT, "County court"))
        (row,) = actions.tell(cast.ana.client, COURT, [DataClass.DIRECTORY], what="report", to_name="County court", by=cast.di.actor(), at=NOW)
        assert (row.order, row.consent) == (order, None)
        assert "County court" in [one.label for one in telling.readers(cast.ana.client, [DataClass.DIRECTORY], TODAY)]
        actions.end_order(order, why="Vacated", by=cast.ed.actor(), at=NOW)
        assert not ask(cast, "directory", COURT)

    @pytest.mark.parametrize("field", ["court", "number", "recipient", "read_by", "data_classes", "ordered_on", "until"])
    def test_what_is_missing_is_named(self, cast: Cast, field: str) -> None:
        wrong = {"data_classes": [], "ordered_on": TODAY + timedelta(days=1), "until": TODAY}
        with pytest.raises(actions.CannotKeepOrder) as refused:
            self.kept(cast, **{field: wrong.get(field, " ")})
        assert refused.value.field == field and not cast.ana.client.court_orders.exists()

    @pytest.mark.parametrize("who", ["di", "ivy", "bo", "bea", "ana", "gus"])
    def test_only_the_director_writes_one_down(self, cast: Cast, who: str) -> None:
        order = self.kept(cast)
        with pytest.raises(NotYours):
            actions.keep_order(
                cast.ana.client, court="X", number="1", recipient="X", data_classes=["directory"], ordered_on=TODAY, read_by="X", today=TODAY,
                by=getattr(cast, who).actor(), at=NOW,
            )  # fmt: skip
        with pytest.raises(NotYours):
            actions.end_order(order, why="X", by=getattr(cast, who).actor(), at=NOW)
