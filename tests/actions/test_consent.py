"""What a written consent must hold (42 CFR 2.31): given complete, ended, taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.ground.consent import actions, elements, reads
from footbridge.ground.consent.models import Consent
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.people import actions as people
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests import program

DAY = date(2026, 11, 2)
SHARE = {"recipient": "Dr. Example", "purpose": "Care after the program", "data_classes": ["schedule"]}


def give(cast, at, kind="disclosure", **words):
    given = {"kind": kind, "signed_name": "Ana Soto", "how": "paper", "by": cast.di.actor(), "at": at}
    return actions.give(cast.ana.client, **{**given, **({} if kind in ("treatment", "messages") else SHARE), **words})


def test_row_act_and_an_end(cast, at):
    row = give(cast, at)
    assert (row.recipient, row.purpose, row.data_classes, row.expires_when) == ("Dr. Example", "Care after the program", ["schedule"], "end_of_treatment")
    assert Act.objects.get(verb="consent.given", about_uid=row.uid).client_uid == cast.ana.client.uid
    assert give(cast, at, "tpo", data_classes=[]).expires_when == "none"
    assert give(cast, at, expires_on=DAY + timedelta(30)).expires_when == ""
    assert give(cast, at, expires_when="none").expires_when == "end_of_treatment"  # only the general one may have none
    assert give(cast, at, "treatment").expires_when == ""


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [
        ("disclosure", {"recipient": " "}, "recipient"),
        ("disclosure", {"purpose": ""}, "purpose"),
        ("disclosure", {"data_classes": []}, "data_classes"),
        ("legal", {"data_classes": []}, "data_classes"),
        ("tpo", {"purpose": ""}, "purpose"),
        ("tpo", {"data_classes": ["counseling_notes"]}, "data_classes"),
        ("disclosure", {"data_classes": ["schedule", "counseling_notes"]}, "data_classes"),
        ("counseling_notes", {"data_classes": ["counseling_notes", "schedule"]}, "data_classes"),
        ("treatment", {"signed_name": " "}, "signed_name"),
        ("disclosure", {"expires_on": DAY}, "expires_on"),
    ],
)
def test_refused_without_an_element_and_nothing_is_stored(cast, at, kind, words, field):
    with pytest.raises(actions.CannotConsent) as refusal:
        give(cast, at, kind, **words)
    assert refusal.value.field == field and not Consent.objects.exists()


def test_counseling_notes_stand_alone(cast, at):
    assert give(cast, at, "counseling_notes", data_classes=None).data_classes == ["counseling_notes"]


@pytest.mark.parametrize("who", ["cy_client", "gus", "flo", "bea", "max"])
def test_not_by_others(cast, at, who):
    who = "max" if who == "cy_client" else who
    with pytest.raises(NotYours):
        give(cast, at, by=getattr(cast, who).actor())


def test_one_that_ends_with_treatment_ends_with_it(cast, at):
    named, general, messages = give(cast, at), give(cast, at, "tpo", data_classes=[]), give(cast, at, "messages")
    assert set(reads.in_force(cast.ana.client, DAY)) == {named, general, messages}
    episodes.end_episode(cast.ana.episode, by=SYSTEM, at=at + timedelta(days=20), why="completed")
    assert set(reads.in_force(cast.ana.client, DAY + timedelta(21))) == {general, messages}


def test_one_given_before_treatment_begins_holds(cast, at):
    person = people.add_person(legal_name="New Person", born_on=date(1990, 1, 1), by=SYSTEM, at=at)
    client = people.make_client(person, by=SYSTEM, at=at)
    row = actions.give(client, kind="disclosure", signed_name="New Person", how="paper", **SHARE, by=cast.di.actor(), at=at)
    assert list(reads.in_force(client, DAY)) == [row]


def minor(cast, at, state=""):
    program.load(cast)
    site = program.Site.objects.get()
    site.state = state
    with trail.act("test.changed", by=SYSTEM, at=at, about=site):
        site.save(update_fields=["state"])
    people.correct_person(cast.ana.person, born_on=date(2011, 1, 1), by=SYSTEM, at=at)
    cast.ana.client.refresh_from_db()
    cast.ana.client.person.refresh_from_db()


@pytest.mark.parametrize("kind", ["treatment", "disclosure"])
def test_a_minor_and_a_parent_sign_both_where_no_rule_says_otherwise(cast, at, kind):
    minor(cast, at, "OH")
    with pytest.raises(actions.CannotConsent, match="We know no rule of OH") as refusal:
        give(cast, at, kind)
    assert refusal.value.field == "parent_signed_name" and not Consent.objects.exists()
    assert give(cast, at, kind, parent_signed_name="Flo Soto").parent_signed_name == "Flo Soto"
    with pytest.raises(actions.CannotConsent) as refusal:
        give(cast, at, kind, signed_name="", parent_signed_name="Flo Soto")
    assert refusal.value.field == "signed_name"


def test_a_minor_who_may_consent_alone_does(cast, at):
    minor(cast, at, "CA")
    assert give(cast, at, "treatment").parent_signed_name == ""


def test_what_it_says_holds_what_the_rule_asks(cast, at):
    def says(row):
        return " ".join(str(one) for one in elements.says(row, "Riverside"))

    general = says(give(cast, at, "tpo", data_classes=[]))
    assert "Riverside shares it" in general and "take this back" in general and "may share it again" in general and "I can say no" in general
    assert "court case" in says(give(cast, at)) and "may share it again" not in says(give(cast, at))
    assert "court case" not in says(give(cast, at, "legal"))
    assert elements.classes_said(give(cast, at, "counseling_notes", data_classes=None)) == ["Substance use counseling notes"]
