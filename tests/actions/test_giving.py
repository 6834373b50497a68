"""Giving measures: what is due, who is sent a link, the tablet, the second entry, and what a saved score sets off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from footbridge.care.measures import actions, reads, schedule
from footbridge.care.measures.models import SecondEntry, Topic, TopicDone
from footbridge.care.placement.models import Admission, Assessment, Decision
from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.engines import scoring
from footbridge.engines.due import State
from footbridge.ground.consent import actions as consents
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, Score, Sheet
from footbridge.ground.instruments.shelf import definition
from footbridge.ground.people import actions as people
from footbridge.ground.program import actions as programs
from footbridge.ground.program.models import Program
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act

from .test_measures import admit, given, loaded  # noqa: F401

DAY = timedelta(days=1)
LINE = {"source": "test", "effective_from": "2026-01-01"}
WEEKLY = [{"code": "weekly", "event": "weekly", "ask": ["phq9", "gad7"], "due_days": 1, **LINE}]


def set_schedule(lines, at, **fields) -> None:
    program = Program.objects.get()
    with trail.act("test.schedule", by=SYSTEM, at=at, about=program):
        Program.objects.update(measures=lines, **fields)


def agree(cast, at):
    consents.give(cast.ana.client, kind="messages", signed_name="Ana", how="paper", by=cast.bo.actor(), at=at)


def answered(cast, sheet, values, at, by=None):
    actions.answer_all(sheet, values, by=by or cast.ana.actor(at), at=at)


def whole(code):
    newest = shelf.current(code)
    return {item.code: "0" for item in definition(newest).items}


@pytest.fixture
def weekly(loaded, at):  # noqa: F811
    admit(loaded, at, at.date())
    set_schedule(WEEKLY, at)
    return loaded


# -- what is due


def test_what_is_due_is_worked_out_and_nothing_is_stored(weekly, at):
    told = schedule.of(weekly.ana.episode, at)
    assert [(w.instrument, w.state) for w in told if w.opens_on == at.date()] == [("phq9", State.DUE), ("gad7", State.DUE)]
    assert not Sheet.objects.exists()
    assert schedule.unanswered([weekly.ana.episode], at) == {weekly.ana.episode.pk: ["PHQ-9", "GAD-7"]}


def test_the_schedule_that_comes_along_leaves_out_what_is_not_here(loaded, at):  # noqa: F811
    admit(loaded, at, at.date())
    codes = {w.instrument for w in schedule.of(loaded.ana.episode, at)}
    assert {"phq9", "gad7", "cssrs_screener"} <= codes
    assert codes <= set(schedule.usable().forms)


def test_many_stays_cost_as_many_questions_as_one(weekly, at, django_assert_max_num_queries):
    schedule.usable()  # a process reads a definition once
    with django_assert_max_num_queries(9):
        schedule.of_many([weekly.ana.episode, weekly.max.episode], at)


def test_danger_makes_the_suicide_screen_due_for_staff(weekly, at):
    set_schedule([*WEEKLY, {"code": "danger", "event": "trigger", "ask": ["cssrs_screener"], "who": "staff", **LINE}], at)
    [sheet], _token = given(weekly, at, ["phq9"])
    actions.answer(sheet, "9", "2", by=weekly.ana.actor(), at=at)
    later = at + timedelta(minutes=1)
    assert "C-SSRS screener (lifetime and recent)" in schedule.unanswered([weekly.ana.episode], later)[weekly.ana.episode.pk]
    mine = schedule.asked(weekly.ana.episode, [], later)
    assert "cssrs_screener" not in [one.instrument for one in mine.new]  # a clinician asks it
    [screen], _token = given(weekly, later, ["cssrs_screener"], how="interview")
    answered(weekly, screen, {"1": "no", "2": "no", "6": "no"}, later, by=weekly.bo.actor())
    actions.finish(screen, by=weekly.bo.actor(), at=later)
    assert schedule.unanswered([weekly.ana.episode], later)[weekly.ana.episode.pk] == ["PHQ-9", "GAD-7"]


def test_after_the_discharge_only_what_follows_it(weekly, at):
    set_schedule([*WEEKLY, {"code": "later", "event": "after_discharge", "day": 30, "ask": ["phq9"], "due_days": 3, **LINE}], at)
    episodes.end_episode(weekly.ana.episode, by=SYSTEM, at=at + 10 * DAY, why="test")
    assert schedule.unanswered([weekly.ana.episode], at + 25 * DAY)[weekly.ana.episode.pk] == []
    assert schedule.unanswered([weekly.ana.episode], at + 40 * DAY)[weekly.ana.episode.pk] == ["PHQ-9"]


# -- opening what is due, and links


def test_the_client_opens_what_is_due_once(weekly, at):
    sheets = actions.start_due(weekly.ana.episode, by=weekly.ana.actor(), at=at)
    assert [(s.instrument.code, s.how, s.occasion, s.due_on) for s in sheets] == [
        ("phq9", "portal", "weekly", at.date() + DAY),
        ("gad7", "portal", "weekly", at.date() + DAY),
    ]
    assert actions.start_due(weekly.ana.episode, by=weekly.ana.actor(), at=at + timedelta(minutes=1)) == []
    assert Sheet.objects.count() == 2 and Act.objects.filter(verb="questions.opened").exists()
    assert schedule.asked(weekly.ana.episode, reads.due(weekly.ana.client, at), at).count == 2
    for who in ("bo", "max", "gus"):
        with pytest.raises(NotYours):
            actions.start_due(weekly.ana.episode, by=getattr(weekly, who).actor(), at=at)


def test_links_go_only_to_who_agreed_to_them(weekly, at):
    assert actions.give_due(at) == 0 and not Sheet.objects.exists()
    agree(weekly, at)
    assert actions.give_due(at) == 1
    assert actions.give_due(at + timedelta(hours=3)) == 0 and actions.give_due(at + 2 * DAY) == 0
    assert set(Sheet.objects.values_list("how", flat=True)) == {"link"}
    assert actions.give_due(at + 7 * DAY) == 1
    assert len(reads.due(weekly.ana.client, at + 7 * DAY)) == 2  # the first week's have run out


def test_who_asked_to_be_called_is_sent_no_link(weekly, at):
    agree(weekly, at)
    people.choose_contact(weekly.ana.person, channel="call", by=weekly.di.actor(), at=at)
    assert actions.give_due(at) == 0
    people.choose_contact(weekly.ana.person, channel="text", by=weekly.di.actor(), at=at + DAY)
    assert actions.give_due(at + DAY) == 1


def test_no_link_before_the_start_at_night_for_those_who_leave_or_for_what_was_just_answered(loaded, at):  # noqa: F811
    admit(loaded, at, (at + DAY).date())
    set_schedule(WEEKLY, at)
    agree(loaded, at)
    assert actions.give_due(at) == 0
    assert actions.give_due(datetime(2026, 11, 3, 3, 0, tzinfo=timezone.get_default_timezone())) == 0
    assert actions.give_due(at + DAY, but_not=frozenset([loaded.ana.episode.pk])) == 0
    for sheet in given(loaded, at)[0]:
        answered(loaded, sheet, whole(sheet.instrument.code), at)
        actions.finish(sheet, by=loaded.ana.actor(), at=at)
    assert actions.give_due(at + DAY) == 0
    assert actions.give_due(at + 7 * DAY) == 1


# -- the tablet


def test_handing_over_makes_the_open_sheets_the_tablets(weekly, at):
    sheets, token = given(weekly, at, how="link")
    assert [s.how for s in actions.hand_over(sheets[0], by=weekly.bo.actor(), at=at)] == ["tablet", "tablet"]
    assert shelf.sheets_by_token(token, at) == []  # the link opens nothing while the tablet is out
    by = actions.by_tablet(sheets[0])
    assert by.staff_id is None and by.client_id == weekly.ana.client.pk
    taken = actions.answer(sheets[0], "9", "1", by=by, at=at)
    assert taken.alarm.owner == weekly.bo.staff
    for who in ("cy", "ana", "di"):
        with pytest.raises(NotYours):
            actions.hand_over(sheets[0], by=getattr(weekly, who).actor(), at=at)
    for sheet in sheets:
        answered(weekly, sheet, whole(sheet.instrument.code), at, by=by)
        actions.finish(sheet, by=by, at=at)
    with pytest.raises(actions.CannotHandOver):
        actions.hand_over(sheets[0], by=weekly.bo.actor(), at=at)


# -- interview: declined and not known


def test_not_known_is_asked_and_not_answered(weekly, at):
    [sheet], _token = given(weekly, at, ["gad7"], how="interview")
    values = {str(n): "1" for n in range(1, 6)} | {"6": None, "7": actions.NOT_KNOWN}
    answered(weekly, sheet, values, at, by=weekly.bo.actor())
    held = shelf.answers(sheet)
    assert held["6"] == scoring.DECLINED and held["7"] == shelf.NOT_KNOWN != scoring.DECLINED
    assert [row["state"] for row in shelf.answered_rows(sheet)][-2:] == ["declined", "not_known"]
    actions.finish(sheet, by=weekly.bo.actor(), at=at)
    total = Score.objects.get(sheet=sheet, score="total")
    assert total.answered == 5
    with pytest.raises(actions.CannotAnswer):
        actions.answer(given(weekly, at, ["gad7"])[0][0], "1", actions.NOT_KNOWN, by=weekly.ana.actor(), at=at)


# -- the second entry


def on_paper(cast, at, **first):
    [sheet], _token = given(cast, at, ["gad7"], how="paper")
    answered(cast, sheet, {str(n): "1" for n in range(1, 8)} | first, at, by=cast.bo.actor())
    return sheet


def test_two_entries_that_agree_can_be_scored(weekly, at):
    sheet = on_paper(weekly, at)
    entry = actions.enter_again(sheet, {str(n): "1" for n in range(1, 8)}, by=weekly.ed.actor(), at=at)
    assert entry.differing == [] and entry.settled_at == at and entry.by == weekly.ed.staff
    actions.finish(sheet, by=weekly.bo.actor(), at=at)
    assert Score.objects.get(sheet=sheet, score="total").value == 7


def test_differences_are_settled_item_by_item_before_it_is_scored(weekly, at):
    sheet = on_paper(weekly, at, **{"3": None})
    again = {str(n): "1" for n in range(1, 8)} | {"5": "3"}
    del again["7"]
    entry = actions.enter_again(sheet, again, by=weekly.bo.actor(), at=at)
    assert entry.differing == ["3", "5", "7"]
    with pytest.raises(actions.CannotFinish):
        actions.finish(sheet, by=weekly.bo.actor(), at=at)
    with pytest.raises(actions.CannotEnterAgain) as refusal:
        actions.settle(sheet, {"3": "1", "5": "3"}, by=weekly.bo.actor(), at=at)
    assert refusal.value.field == "item_7"
    actions.settle(sheet, {"3": "1", "5": "3", "7": "1"}, by=weekly.bo.actor(), at=at)
    actions.finish(sheet, by=weekly.bo.actor(), at=at)
    assert Score.objects.get(sheet=sheet, score="total").value == 9
    assert SecondEntry.objects.get().settled_by == weekly.bo.staff


def test_a_danger_seen_only_the_second_time_fires(weekly, at):
    [sheet], _token = given(weekly, at, ["phq9"], how="paper")
    answered(weekly, sheet, whole("phq9"), at, by=weekly.bo.actor())
    assert not Alarm.objects.exists()
    actions.enter_again(sheet, whole("phq9") | {"9": "3"}, by=weekly.bo.actor(), at=at)
    assert Alarm.objects.get().client == weekly.ana.client


def test_the_second_entry_is_refused_without_a_first_for_a_wrong_answer_and_to_strangers(weekly, at):
    [sheet], _token = given(weekly, at, ["gad7"], how="paper")
    with pytest.raises(actions.CannotEnterAgain):
        actions.enter_again(sheet, {"1": "1"}, by=weekly.bo.actor(), at=at)
    with pytest.raises(actions.CannotEnterAgain):
        actions.settle(sheet, {}, by=weekly.bo.actor(), at=at)
    sheet = on_paper(weekly, at)
    with pytest.raises(actions.CannotEnterAgain) as refusal:
        actions.enter_again(sheet, {"1": "9"}, by=weekly.bo.actor(), at=at)
    assert refusal.value.field == "item_1"
    with pytest.raises(NotYours):
        actions.enter_again(sheet, {"1": "1"}, by=weekly.cy.actor(), at=at)
    with pytest.raises(NotYours):
        actions.settle(sheet, {}, by=weekly.cy.actor(), at=at)


# -- what a saved score sets off


def with_trigger(monkeypatch, severity):
    from footbridge.engines.scoring import Trigger

    made = Trigger("gad7_high", "total", 7, severity, "prescriber", "Total 7: look at it.", None, "test table", "K")
    monkeypatch.setattr(scoring, "triggers", lambda form, *results: (made,))


def test_a_score_that_can_wait_becomes_something_to_talk_about(weekly, at, monkeypatch):
    with_trigger(monkeypatch, "session")
    sheet = on_paper(weekly, at)
    actions.finish(sheet, by=weekly.bo.actor(), at=at)
    topic = Topic.objects.get()
    assert topic.reason == "GAD-7: Total 7: look at it." and topic.source == "test table [K]" and not Alarm.objects.exists()
    assert [t.pk for t in reads.topics([weekly.ana.client.pk])[weekly.ana.client.pk]] == [topic.pk]
    with pytest.raises(NotYours):
        actions.close_topic(topic, by=weekly.cy.actor(), at=at)
    actions.close_topic(topic, note="Talked about work.", by=weekly.bo.actor(), at=at)
    assert TopicDone.objects.get().by == weekly.bo.staff and not reads.topics([weekly.ana.client.pk])
    with pytest.raises(actions.CannotCloseTopic):
        actions.close_topic(topic, by=weekly.bo.actor(), at=at)


def test_a_grave_score_raises_an_alarm_once(weekly, at, monkeypatch):
    with_trigger(monkeypatch, "same_day")
    sheet = on_paper(weekly, at)
    actions.finish(sheet, by=weekly.bo.actor(), at=at)
    actions.finish(sheet, by=weekly.bo.actor(), at=at)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.urgency, alarm.owner) == ("score", "today", weekly.bo.staff)
    assert reads.alarm_of(sheet) == alarm


def test_a_draft_fires_all_the_same(weekly, at):
    from footbridge.ground.instruments.models import InstrumentEdition

    [sheet], _token = given(weekly, at, ["phq9"])
    edition = sheet.instrument
    draft = {**edition.definition, "verified_by": ""}
    with trail.act("test.draft", by=SYSTEM, at=at, about=edition):
        InstrumentEdition.objects.filter(pk=edition.pk).update(definition=draft, verified=False, digest="draft")
    sheet = Sheet.objects.get(pk=sheet.pk)
    assert shelf.definition(sheet).is_draft
    assert actions.answer(sheet, "9", "1", by=weekly.ana.actor(), at=at).alarm is not None
    answered(weekly, sheet, whole("phq9"), at)
    actions.finish(sheet, by=weekly.ana.actor(), at=at)
    assert Score.objects.get(sheet=sheet, score="total").band == ""


def test_what_goes_wrong_for_one_person_keeps_nobody_else_from_being_asked(weekly, at, monkeypatch):
    agree(weekly, at)
    consents.give(weekly.max.client, kind="messages", signed_name="Max", how="paper", by=weekly.cy.actor(), at=at)
    here, ana = Admission.objects.get(), weekly.ana.episode
    with trail.act("test.admitted", by=SYSTEM, at=at, about=weekly.max.episode):
        assessed = Assessment.objects.create(episode=weekly.max.episode, by=weekly.ivy.staff, facts={}, advice={}, rules_edition="test", at=at)
        decided = Decision.objects.create(
            assessment=assessed, episode=weekly.max.episode, by=weekly.ivy.staff, indicated="iop", actual="iop", reasons="fits", at=at
        )
        Admission.objects.create(episode=weekly.max.episode, decision=decided, track=here.track, starts_on=here.starts_on, by=weekly.ivy.staff, at=at)
    assert ana.pk < weekly.max.episode.pk  # asked first
    give = actions._give_due

    def breaks(episode, *given, **words):
        if episode == ana:
            raise RuntimeError("broken")
        return give(episode, *given, **words)

    monkeypatch.setattr(actions, "_give_due", breaks)
    with pytest.raises(RuntimeError):
        actions.give_due(at)
    assert set(Sheet.objects.values_list("client", flat=True)) == {weekly.max.client.pk}


# -- by which rule a suicide screen is read


def screen(cast, at, values):
    [sheet], _token = given(cast, at, ["cssrs_screener"], how="interview")
    answered(cast, sheet, values, at, by=cast.bo.actor())
    actions.finish(sheet, by=cast.bo.actor(), at=at)
    return Score.objects.get(sheet=sheet, score="triage")


def test_the_director_chooses_the_rule(weekly, at):
    long_ago = {"1": "no", "2": "no", "6": "yes", "6_recent": "no"}
    assert screen(weekly, at, long_ago).band == "moderate"
    programs.choose_suicide_rule(Program.objects.get(), "va", by=weekly.ed.actor(), at=at)
    assert screen(weekly, at, long_ago).band == "low"
    with pytest.raises(programs.CannotChoose):
        programs.choose_suicide_rule(Program.objects.get(), "mine", by=weekly.ed.actor(), at=at)
    with pytest.raises(NotYours):
        programs.choose_suicide_rule(Program.objects.get(), "va", by=weekly.bo.actor(), at=at)


def test_a_screen_left_in_the_middle_becomes_due_today_and_keeps_what_was_said(weekly, at):
    [sheet], _token = given(weekly, at, ["cssrs_screener"])
    actions.answer(sheet, "1", "yes", by=weekly.ana.actor(), at=at)
    assert Alarm.objects.get().urgency == "soon"
    later = at + timedelta(hours=2)
    assert actions.finish_left(later) == 1 and actions.finish_left(later + timedelta(minutes=10)) == 0
    alarm = Alarm.objects.get()
    assert alarm.urgency == "today" and "A blank is not a No" in alarm.reason and "question 1" in alarm.reason
    [row] = reads.open_rows(weekly.ana.client, later)
    assert row.is_incomplete


def test_an_old_answer_is_kept_when_another_is_given(weekly, at):
    [sheet], _token = given(weekly, at, ["gad7"])
    actions.answer(sheet, "1", "1", by=weekly.ana.actor(), at=at)
    actions.answer(sheet, "1", "2", by=weekly.ana.actor(), at=at)
    assert list(Answer.objects.order_by("id").values_list("value", flat=True)) == ["1", "2"]
    assert date(2026, 11, 2) == at.date()


def test_two_entries_that_differ_keep_no_other_screen_from_being_heard(weekly, at):
    paper = on_paper(weekly, at)
    actions.enter_again(paper, {str(n): "2" for n in range(1, 8)}, by=weekly.bo.actor(), at=at)
    [sheet], _token = given(weekly, at, ["cssrs_screener"])
    actions.answer(sheet, "1", "no", by=weekly.ana.actor(), at=at)
    assert actions.finish_left(at + timedelta(hours=2)) == 1
    assert "left in the middle" in Alarm.objects.get().reason
    paper.refresh_from_db()
    assert paper.finished_at is None


def test_a_suicide_screen_typed_in_twice_that_nobody_settles_is_an_alarm(weekly, at):
    [sheet], _token = given(weekly, at, ["cssrs_screener"], how="paper")
    answered(weekly, sheet, {"1": "no", "2": "no", "6": "no"}, at, by=weekly.bo.actor())
    actions.enter_again(sheet, {"1": "no", "2": "no", "6": None}, by=weekly.bo.actor(), at=at)
    assert not Alarm.objects.exists()
    assert actions.finish_left(at + timedelta(hours=2)) == 1 and actions.finish_left(at + timedelta(hours=3)) == 0
    alarm = Alarm.objects.get()
    assert alarm.urgency == "today" and "the two differ" in alarm.reason


def test_a_sheet_that_cannot_be_finished_keeps_none_of_the_others_waiting(weekly, at, monkeypatch):
    [broken], _token = given(weekly, at, ["gad7"])
    answered(weekly, broken, whole("gad7"), at)
    [sheet], _token = given(weekly, at, ["cssrs_screener"])
    actions.answer(sheet, "1", "no", by=weekly.ana.actor(), at=at)

    def breaks(*_given, **_words):
        raise RuntimeError("broken")

    monkeypatch.setattr(actions.scoring, "score_all", breaks)
    with pytest.raises(RuntimeError):
        actions.finish_left(at + timedelta(hours=2))
    assert "left in the middle" in Alarm.objects.get().reason


def test_what_is_graver_than_the_alarm_that_was_closed_is_an_alarm_of_its_own(weekly, at):
    [sheet], _token = given(weekly, at, ["cssrs_screener"])
    actions.answer(sheet, "1", "yes", by=weekly.ana.actor(), at=at)
    safety.close(Alarm.objects.get(), "assessed_safe", "Called at once; safe with a plan.", by=weekly.bo.actor(), at=at)
    assert actions.finish_left(at + timedelta(hours=2)) == 1 and actions.finish_left(at + timedelta(hours=3)) == 0
    assert Alarm.objects.get(closed__isnull=True).urgency == "today"
