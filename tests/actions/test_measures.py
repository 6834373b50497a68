"""Measures: answers, alarms, scores, course."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from uuid import uuid4

import pytest

from footbridge.care.measures import actions, reads
from footbridge.care.measures.models import CourseAlert
from footbridge.care.placement.models import Admission, Assessment, Decision
from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.engines import scoring
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, InstrumentEdition, Score, Sheet
from footbridge.ground.program.models import Program, Track
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act

DAY = timedelta(days=1)


@pytest.fixture
def loaded(cast, at):
    instruments.load_definitions(by=SYSTEM, at=at)
    return cast


def given(cast, at, codes=("phq9", "gad7"), how="portal", who="ana", **words):
    member = getattr(cast, who)
    return instruments.give(
        member.client,
        list(codes),
        how=how,
        occasion="weekly",
        episode=member.episode,
        by=cast.ed.actor(),
        at=at,
        **words,
    )


def admit(cast, at, starts_on: date, weeks: int = 8) -> Admission:
    with trail.act("test.admitted", by=SYSTEM, at=at, about=cast.ana.episode):
        program = Program.objects.create(code="iop", name="IOP", weeks=weeks, minutes_a_week=540)
        track = Track.objects.create(
            program=program, code="am", name="Morning", part_of_day="morning", mode="in_person"
        )
        assessed = Assessment.objects.create(
            episode=cast.ana.episode, by=cast.ivy.staff, facts={}, advice={}, rules_edition="test", at=at
        )
        decided = Decision.objects.create(
            assessment=assessed,
            episode=cast.ana.episode,
            by=cast.ivy.staff,
            indicated="iop",
            actual="iop",
            reasons="fits",
            at=at,
        )
        return Admission.objects.create(
            episode=cast.ana.episode, decision=decided, track=track, starts_on=starts_on, by=cast.ivy.staff, at=at
        )


def fill(cast, at, code, total, who="ana"):
    """A finished sheet with this total, item 9 zero."""
    [sheet], _token = given(cast, at, [code], who=who)
    items = [i for i in shelf.definition(sheet).scores[0].items if (code, i) != ("phq9", "9")]
    left = total
    values = {}
    for item in items:
        values[item] = min(3, left)
        left -= values[item]
    assert left == 0
    if code == "phq9":
        values["9"] = 0
    by = getattr(cast, who).actor()
    actions.answer_all(sheet, values, by=by, at=at)
    actions.finish(sheet, by=by, at=at)
    return sheet


# -- definitions and giving


def test_definitions_load_once_a_content(loaded, at):
    assert {"phq9", "gad7", "cssrs_screener"} <= set(InstrumentEdition.objects.values_list("code", flat=True))
    assert instruments.load_definitions(by=SYSTEM, at=at) == []
    with pytest.raises(NotYours):
        instruments.load_definitions(by=loaded.bo.actor(), at=at)


def test_a_link_is_kept_only_as_its_hash(loaded, at):
    sheets, token = given(loaded, at, how="link")
    assert [s.instrument.code for s in sheets] == ["phq9", "gad7"]
    assert len({s.bundle for s in sheets}) == 1
    assert sheets[0].token_hash == hashlib.sha256(token.encode()).hexdigest()
    act = Act.objects.get(verb="sheets.given")
    assert token not in str(act.detail) and token not in str(list(act.changes.values("after")))
    assert shelf.sheet_by_token(token, at) == sheets[0]
    assert shelf.sheet_by_token(token, at + 8 * DAY) is None
    assert shelf.sheet_by_token("x" + token, at) is None


def test_the_same_bundle_is_given_once(loaded, at):
    bundle = uuid4()
    first, token = given(loaded, at, how="link", bundle=bundle)
    again, none = given(loaded, at, how="link", bundle=bundle)
    assert first == again and token and none is None and Sheet.objects.count() == 2


def test_a_new_link_ends_the_old_one(loaded, at):
    [sheet], token = given(loaded, at, ["phq9"], how="link")
    new = instruments.renew_link(sheet, by=loaded.bo.actor(), at=at)
    assert shelf.sheet_by_token(token, at) is None and shelf.sheet_by_token(new, at) == sheet


@pytest.mark.parametrize(
    "words, field", [({"codes": ["nope"]}, "codes"), ({"codes": []}, "codes"), ({"how": "pigeon"}, "how")]
)
def test_giving_is_refused(loaded, at, words, field):
    with pytest.raises(instruments.CannotGive) as refusal:
        given(loaded, at, **words)
    assert refusal.value.field == field and not Sheet.objects.exists()


def test_only_the_care_team_gives(loaded, at):
    for who in ("cy", "di", "ana", "gus", "bea"):
        with pytest.raises(NotYours):
            instruments.give(
                loaded.ana.client, ["phq9"], how="portal", occasion="trigger", by=getattr(loaded, who).actor(), at=at
            )


# -- answers and alarms


def ways(cast, at, how):
    """The sheet and who answers it in this way."""
    [sheet], _token = given(cast, at, ["phq9"], how=how)
    return sheet, {
        "link": actions.by_link(sheet),
        "portal": cast.ana.actor(),
        "paper": cast.bo.actor(),
        "interview": cast.ivy.actor(),
    }[how]


@pytest.mark.parametrize("how", ["link", "portal", "paper", "interview"])
def test_item_9_raises_the_alarm_on_the_answer_even_when_the_form_is_left(loaded, at, how):
    sheet, by = ways(loaded, at, how)
    taken = actions.answer(sheet, "9", "2", by=by, at=at)
    alarm = Alarm.objects.get()
    assert taken.alarm == alarm and taken.critical.action == "cssrs_now"
    assert (alarm.client, alarm.owner, alarm.urgency) == (loaded.ana.client, loaded.bo.staff, "today")
    assert alarm.reason == "PHQ-9, question 9: More than half the days"
    sheet.refresh_from_db()
    assert sheet.finished_at is None and sheet.started_at == at
    assert sheet.entered_by == (None if how in ("link", "portal") else by_staff(by))


def by_staff(actor):
    from footbridge.ground.people.models import Staff

    return Staff.objects.get(pk=actor.staff_id)


def test_answer_and_alarm_stand_or_fall_together(loaded, at, monkeypatch):
    sheet, by = ways(loaded, at, "portal")

    def broken(**_words):
        raise RuntimeError("no alarm today")

    monkeypatch.setattr(safety, "raise_alarm", broken)
    with pytest.raises(RuntimeError):
        actions.answer(sheet, "9", "1", by=by, at=at)
    assert not Answer.objects.exists() and not Alarm.objects.exists()


def test_the_same_answer_again_raises_no_second_alarm(loaded, at):
    sheet, by = ways(loaded, at, "portal")
    for minute in range(3):
        taken = actions.answer(sheet, "9", "1", by=by, at=at + timedelta(minutes=minute))
        assert taken.critical is not None
    assert Alarm.objects.count() == 1 and Answer.objects.count() == 1


def test_a_changed_answer_keeps_the_old_one_and_the_alarm_stays(loaded, at):
    sheet, by = ways(loaded, at, "portal")
    actions.answer(sheet, "9", "3", by=by, at=at)
    actions.answer(sheet, "9", "0", by=by, at=at)
    assert shelf.answers(sheet)["9"] == scoring.answered("0")
    assert list(Answer.objects.order_by("id").values_list("value", flat=True)) == ["3", "0"]
    assert Alarm.objects.filter(closed__isnull=True).count() == 1


def test_after_a_closed_alarm_a_new_dangerous_answer_raises_another(loaded, at):
    sheet, by = ways(loaded, at, "portal")
    alarm = actions.answer(sheet, "9", "1", by=by, at=at).alarm
    safety.close(alarm, "mistake", "Tapped the wrong line, says Ana.", by=loaded.bo.actor(), at=at)
    assert actions.answer(sheet, "9", "1", by=by, at=at).alarm == alarm  # told again, nothing new
    actions.answer(sheet, "9", "0", by=by, at=at)
    assert actions.answer(sheet, "9", "2", by=by, at=at).alarm != alarm


def test_declined_is_an_answer_and_blank_has_no_row(loaded, at):
    sheet, by = ways(loaded, at, "portal")
    actions.answer(sheet, "1", None, by=by, at=at)
    assert shelf.answers(sheet) == {"1": scoring.DECLINED}
    assert not Alarm.objects.exists()


@pytest.mark.parametrize("item, value", [("99", "1"), ("1", "7"), ("1", True), ("1", "")])
def test_an_unknown_answer_is_refused(loaded, at, item, value):
    sheet, by = ways(loaded, at, "portal")
    with pytest.raises(actions.CannotAnswer):
        actions.answer(sheet, item, value, by=by, at=at)
    assert not Answer.objects.exists()


def test_a_finished_withdrawn_or_expired_sheet_takes_no_answer(loaded, at):
    done = fill(loaded, at, "gad7", 3)
    [back], _ = given(loaded, at, ["gad7"])
    actions.withdraw(back, why="wrong person", by=loaded.bo.actor(), at=at)
    [late], _ = given(loaded, at, ["gad7"], how="link")
    for sheet, when in ((done, at), (back, at), (late, at + 8 * DAY)):
        with pytest.raises(actions.CannotAnswer):
            actions.answer(sheet, "1", "1", by=actions.by_link(sheet), at=when)
    with pytest.raises(actions.CannotWithdraw):
        actions.withdraw(done, why="too late", by=loaded.bo.actor(), at=at)


@pytest.mark.parametrize("who", ["max", "cy", "gus", "flo", "di", "bea"])
def test_nobody_else_answers(loaded, at, who):
    [sheet], _ = given(loaded, at, ["phq9"])
    with pytest.raises(NotYours):
        actions.answer(sheet, "1", "1", by=getattr(loaded, who).actor(), at=at)


# -- the suicide screen


def screen(cast, at, **answers):
    [sheet], _ = given(cast, at, ["cssrs_screener"], how="interview")
    values = {name.removeprefix("q"): value for name, value in answers.items()}
    actions.answer_all(sheet, values, by=cast.bo.actor(), at=at)
    return sheet


def test_a_screen_makes_one_alarm_as_urgent_as_its_gravest_answer(loaded, at):
    [sheet], _ = given(loaded, at, ["cssrs_screener"], how="interview")
    urgencies = []
    for item in ("1", "2", "3", "4"):
        actions.answer(sheet, item, "yes", by=loaded.bo.actor(), at=at)
        urgencies.append(Alarm.objects.get().urgency)
    assert urgencies == ["soon", "soon", "today", "now"]
    assert Alarm.objects.get().due_at == at + timedelta(minutes=15)


@pytest.mark.parametrize(
    "answers, level, urgency",
    [
        ({"q1": "no", "q2": "no", "q6": "no"}, "none", None),
        ({"q1": "yes", "q2": "no", "q6": "no"}, "low", "soon"),
        ({"q1": "yes", "q2": "yes", "q3": "yes", "q4": "no", "q5": "no", "q6": "no"}, "moderate", "today"),
        ({"q1": "no", "q2": "no", "q6": "yes", "q6_recent": "yes"}, "high", "now"),
    ],
)
def test_triage_stands_among_the_scores(loaded, at, answers, level, urgency):
    sheet = screen(loaded, at, **answers)
    actions.finish(sheet, by=loaded.bo.actor(), at=at)
    assert Score.objects.get(sheet=sheet, score="triage").band == level
    assert list(Alarm.objects.values_list("urgency", flat=True)) == ([urgency] if urgency else [])


def test_a_blank_is_never_a_no(loaded, at):
    sheet = screen(loaded, at, q1="no", q6="no")
    actions.finish(sheet, by=loaded.bo.actor(), at=at)
    score = Score.objects.get(sheet=sheet, score="triage")
    assert score.value is None and score.band == "" and "A blank is not a No" in score.reason
    assert Alarm.objects.get().urgency == "today"


def test_a_screen_left_in_the_middle_raises_an_alarm(loaded, at):
    screen(loaded, at, q1="no")
    assert actions.finish_left(at + timedelta(minutes=30)) == 0
    assert actions.finish_left(at + timedelta(minutes=61)) == 1
    assert "left in the middle" in Alarm.objects.get().reason
    assert actions.finish_left(at + timedelta(minutes=90)) == 0


# -- scores


def test_what_is_stored_is_what_the_engine_says(loaded, at):
    [sheet], _ = given(loaded, at, ["phq9"])
    values = {str(n): n % 4 for n in range(1, 9)}  # item 9 left blank
    actions.answer_all(sheet, values, by=loaded.ana.actor(), at=at)
    stored = {s.score: s for s in actions.finish(sheet, by=loaded.ana.actor(), at=at)}
    expected = scoring.score(
        shelf.definition(sheet), scoring.given({k: str(v) for k, v in values.items()}), "total", language="en"
    )
    assert isinstance(expected, scoring.Scored) and expected.prorated
    total = stored["total"]
    assert (total.value, total.answered, total.items, total.prorated) == (expected.value, 8, 9, True)
    assert total.band == expected.band.label


def test_an_unscorable_form_has_a_reason_and_no_band(loaded, at):
    [sheet], _ = given(loaded, at, ["gad7"])
    actions.answer_all(sheet, {"1": 3, "2": None}, by=loaded.ana.actor(), at=at)
    [score] = actions.finish(sheet, by=loaded.ana.actor(), at=at)
    assert score.value is None and score.band == "" and score.reason


def test_finishing_twice_scores_once_and_nothing_is_refused(loaded, at):
    sheet = fill(loaded, at, "gad7", 9)
    assert actions.finish(sheet, by=loaded.ana.actor(), at=at + DAY) == list(sheet.scores.all())
    assert Score.objects.count() == 1 and Act.objects.filter(verb="sheet.finished").count() == 2
    [blank], _ = given(loaded, at, ["gad7"])
    with pytest.raises(actions.CannotFinish):
        actions.finish(blank, by=loaded.ana.actor(), at=at)


def test_a_form_answered_to_the_end_and_left_is_scored(loaded, at):
    [sheet], _ = given(loaded, at, ["gad7"])
    actions.answer_all(sheet, {str(n): 1 for n in range(1, 8)}, by=loaded.ana.actor(), at=at)
    assert actions.finish_left(at + timedelta(hours=2)) == 1
    assert Score.objects.get().value == 7


# -- course


def weekly(cast, at, code, totals):
    for week, total in enumerate(totals):
        fill(cast, at + week * 7 * DAY, code, total)


def test_yellow_needs_two_slow_readings(loaded, at):
    admit(loaded, at, at.date())
    weekly(loaded, at, "phq9", [15, 15, 14, 14])
    assert not CourseAlert.objects.exists()
    fill(loaded, at + 28 * DAY, "phq9", 14)
    alert = CourseAlert.objects.get()
    assert (alert.color, alert.owner, alert.due_on) == ("yellow", loaded.bo.staff, (at + 35 * DAY).date())
    assert alert.reason.startswith("PHQ-9: Improvement by week 4: 7 %")
    fill(loaded, at + 35 * DAY, "phq9", 14)
    assert CourseAlert.objects.count() == 1  # the open one stands for it


def test_red_comes_at_once_even_over_yellow(loaded, at):
    admit(loaded, at, at.date())
    weekly(loaded, at, "phq9", [10, 16])
    alert = CourseAlert.objects.get()
    assert alert.color == "red" and "Worse by 6" in alert.reason
    assert alert.due_on == (at + 9 * DAY).date()


def test_a_closed_alert_is_quiet_for_two_weeks(loaded, at):
    admit(loaded, at, at.date())
    weekly(loaded, at, "phq9", [15, 15, 14, 14, 14])
    alert = CourseAlert.objects.get()
    for action, note, field in (("nothing", "we talked about it", "action"), ("plan_review", "ok", "note")):
        with pytest.raises(actions.CannotCloseAlert) as refusal:
            actions.close_course_alert(alert, action=action, note=note, by=loaded.bo.actor(), at=at)
        assert refusal.value.field == field
    with pytest.raises(NotYours):
        actions.close_course_alert(alert, action="no_change", note="not my client at all", by=loaded.cy.actor(), at=at)
    when = at + 29 * DAY
    actions.close_course_alert(
        alert, action="plan_review", note="Added behavioral activation.", by=loaded.bo.actor(), at=when
    )
    with pytest.raises(actions.CannotCloseAlert):
        actions.close_course_alert(alert, action="plan_review", note="A second time.", by=loaded.bo.actor(), at=when)
    fill(loaded, at + 35 * DAY, "phq9", 14)
    assert CourseAlert.objects.count() == 1
    fill(loaded, at + 49 * DAY, "phq9", 14)
    assert CourseAlert.objects.count() == 2


def test_before_admission_there_is_no_course(loaded, at):
    weekly(loaded, at, "phq9", [5, 20])
    assert not CourseAlert.objects.exists()


def test_the_course_in_words_and_drawing(loaded, at):
    admit(loaded, at, at.date())
    weekly(loaded, at, "phq9", [15, 12, 9])
    weekly(loaded, at, "gad7", [10])
    phq, gad = reads.course(loaded.ana.episode)
    assert phq.sentence == "Went from 15 to 9: better, and more than chance would do (at least 6 points)."
    assert phq.series.band == (9.0, 21.0) and (10.0, "Moderate") in phq.series.cuts
    assert phq.svg.startswith("<svg") and gad.series.band is None
    mine, worry = reads.course(loaded.ana.episode, for_client=True)
    assert mine.sentence == "Your score fell from 15 to 9. That is better, and more than chance would do."
    assert mine.series.cuts == [] and "Moderate" not in mine.svg and mine.title == "Mood (PHQ-9)"
    assert worry.sentence == "Your first score is 10. After the next one you can see a change."


def test_the_two_measures_together(loaded, at):
    admit(loaded, at, at.date())
    weekly(loaded, at, "phq9", [15, 9])
    assert reads.recovery(reads.course(loaded.ana.episode)) is None  # nothing of the other one yet
    weekly(loaded, at, "gad7", [12, 5])
    together = reads.recovery(reads.course(loaded.ana.episode))
    assert together.reliable_recovery is True and together.bases[0].threshold == 6


def test_every_sentence_of_the_engine_has_words():
    from footbridge.care.measures import words
    from footbridge.engines import progress

    assert set(words.SAID) == set(progress.codes())
    names = "first latest points threshold cutoff week percent baseline expected count before after case_a case_b error low high n source"
    for code in progress.codes():
        params = dict.fromkeys(names.split(), 1)
        assert "%(" not in words.said(progress.Sentence(code, params))
