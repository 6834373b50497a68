"""Scores from outside: entered with date and source, heard when somebody must know, taken back when mistaken."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from footbridge.care.safety.models import Alarm
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import outside, reads
from footbridge.ground.instruments.models import OutsideScore, Score
from footbridge.kit import access
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act

ONLY_OUTSIDE = {
    "id": "paid_form", "edition": "1", "name": "Paid form", "measures": "Distress", "verified_by": "a test", "verified_on": "2026-11-22",
    "licence": {"class": "C", "owner": "The Owner", "basis": "Paid license; no text, no scoring table"},
    "outside": [{"id": "total", "name": "Total", "low": 0, "high": 180, "decimals": 0, "lower_is_better": True,
                 "critical": [{"severity": "same_day", "action": "talk_today", "at_least": 150, "mark": "K", "source": "a test"}]},
                {"id": "mean", "name": "Mean", "low": 0, "high": 4, "decimals": 2, "lower_is_better": True}],
}  # fmt: skip


@pytest.fixture
def loaded(cast, at):
    instruments.load_definitions(by=SYSTEM, at=at)
    instruments._load(copy.deepcopy(ONLY_OUTSIDE), by=SYSTEM, at=at)
    return cast


def enter(cast, at, **change):
    words = {
        "code": "paid_form", "score": "total", "value": "92", "on": date(2026, 10, 30), "source": "system",
        "source_note": "OQ Analyst, by Bo", "form_key": uuid4(), "episode": cast.ana.episode, "by": cast.bo.actor(), "at": at,
    } | change  # fmt: skip
    return outside.enter(cast.ana.client, words.pop("code"), **words)


def test_a_score_from_outside_stands_with_its_day_and_source_among_the_others(loaded, at):
    row = enter(loaded, at)
    score = Score.objects.get(sheet=row.sheet)
    assert (score.value, row.source, row.source_note, row.sheet.how) == (92, "system", "OQ Analyst, by Bo", "outside")
    point = reads.latest(loaded.ana.client, "paid_form")
    assert (point.on, point.value, point.is_partial) == (date(2026, 10, 30), 92, False)
    assert Act.objects.get(verb="outside_score.entered").client_uid == loaded.ana.client.uid
    assert enter(loaded, at, score="mean", value="2.25").sheet.scores.get().value == Decimal("2.25")
    assert not Alarm.objects.exists()


def test_a_score_that_is_reckoned_here_may_come_from_elsewhere_too_with_its_band(loaded, at):
    row = enter(loaded, at, code="phq9", value="17", source="paper", source_note="Dr. Example")
    assert row.sheet.scores.get().band == "Moderately severe"
    assert reads.latest(loaded.ana.client, "phq9").value == 17
    assert [one.id for one in outside.enterable(reads.current("phq9"))] == ["total"]  # an algorithm is no number to type
    assert outside.enterable(reads.current("cssrs_screener")) == []


def test_a_number_that_somebody_must_know_raises_its_alarm_at_once(loaded, at):
    row = enter(loaded, at, value="151")
    alarm = Alarm.objects.get()
    assert (alarm.client, alarm.urgency, alarm.source_key) == (loaded.ana.client, "today", str(row.sheet.uid))
    assert alarm.reason == "Paid form: 151, Oct 30, 2026, entered from outside"


@pytest.mark.parametrize(("change", "field"), [
    ({"value": "181"}, "value"), ({"value": "-1"}, "value"), ({"value": "4.5"}, "value"), ({"value": "many"}, "value"), ({"value": "NaN"}, "value"),
    ({"score": "mean", "value": "2.255"}, "value"), ({"score": "other"}, "what"), ({"code": "nothing"}, "what"), ({"code": "cssrs_screener"}, "what"),
    ({"on": date(2026, 11, 3)}, "on"), ({"source": "rumor"}, "source"), ({"source_note": " "}, "source_note"),
])  # fmt: skip
def test_what_cannot_be_entered_names_the_field(loaded, at, change, field):
    with pytest.raises(outside.CannotEnter) as refusal:
        enter(loaded, at, **change)
    assert refusal.value.field == field
    assert not OutsideScore.objects.exists()


def test_an_impatient_click_enters_one_score_and_the_same_score_twice_is_refused(loaded, at):
    key = uuid4()
    assert enter(loaded, at, form_key=key).pk == enter(loaded, at, form_key=key).pk
    with pytest.raises(outside.CannotEnter, match="already entered"):
        enter(loaded, at)
    with pytest.raises(outside.CannotEnter, match="somebody else"):
        outside.enter(
            loaded.max.client, "paid_form", score="total", value="1", on=date(2026, 10, 30), source="paper", source_note="x",
            form_key=key, by=loaded.cy.actor(), at=at,
        )  # fmt: skip
    assert OutsideScore.objects.count() == 1


def test_a_mistaken_one_is_taken_back_with_a_reason_and_stays_in_the_record(loaded, at):
    row = enter(loaded, at)
    with pytest.raises(outside.CannotTakeBack) as refusal:
        outside.take_back(row, why="", by=loaded.bo.actor(), at=at)
    assert refusal.value.field == "why"
    later = at + timedelta(minutes=5)
    outside.take_back(row, why="It is somebody else's.", by=loaded.bo.actor(), at=later)
    outside.take_back(row, why="Twice", by=loaded.bo.actor(), at=later)
    row.refresh_from_db()
    assert (row.taken_back_by, row.taken_back_why) == (loaded.bo.staff, "It is somebody else's.")
    assert reads.latest(loaded.ana.client, "paid_form") is None
    assert Act.objects.filter(verb="outside_score.taken_back").count() == 2
    assert list(reads.outside_scores(loaded.ana.client)) == [row]


def test_who_does_not_treat_the_client_neither_enters_nor_takes_back(loaded, at):
    row = enter(loaded, at)
    for stranger in ("cy", "di", "bea", "ana", "max"):
        actor = getattr(loaded, stranger).actor()
        with pytest.raises(access.NotYours):
            enter(loaded, at, by=actor)
        with pytest.raises(access.NotYours):
            outside.take_back(row, why="x", by=actor, at=at)


def test_a_number_alone_draws_no_band_where_an_item_may_not_have_applied(loaded, at):
    row = enter(loaded, at, code="wsas", value="30", source="paper", source_note="Dr. Example")
    assert row.sheet.scores.get().band == ""


@pytest.mark.parametrize(("value", "alarms"), [("0", 0), ("0.25", 1)])
def test_self_harm_of_the_basis_that_is_typed_in_is_heard_the_same_day(loaded, at, value, alarms):
    enter(loaded, at, code="basis24", score="self_harm", value=value)
    assert [alarm.urgency for alarm in Alarm.objects.all()] == ["today"] * alarms
