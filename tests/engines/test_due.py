"""What is asked when: windows that follow from the schedule, the stay and the answers, and are never stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.engines.due import Answered, Asking, Event, State, Stay, Who, asking, due, in_force, windows

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def at(days: int, hour: int = 12) -> datetime:
    return datetime.combine(on(days), time(hour), UTC)


def answer(days: int, code: str = "phq9", hour: int = 12) -> Answered:
    return Answered(code, at(days, hour), on(days))


WEEKLY = Asking("weekly", Event.WEEKLY, ("phq9", "gad7"), due_days=2)
INTAKE = Asking("intake", Event.INTAKE, ("phq9", "pc_ptsd5"), due_days=3, early_days=7)
MONTHLY = Asking("monthly", Event.EVERY, ("who5",), every_days=30, due_days=3)
DANGER = Asking("danger", Event.TRIGGER, ("since",), who=Who.STAFF, also_counts=("screener",))
LATER = Asking("later", Event.AFTER_DISCHARGE, ("phq9",), day=30, open_days=14, due_days=7)
REPEAT = {"phq9": 7, "gad7": 7, "who5": 14}


def told(line, stay, answers, day, code="phq9", repeat=REPEAT):
    found = windows([line], stay, answers, on(day), min_repeat_days=repeat)
    return [(w.opens_on, str(w.state)) for w in found if w.instrument == code]


def test_a_week_opens_on_its_first_group_day_and_closes_when_the_next_one_opens():
    stay = Stay(MONDAY, group_days=(on(2), on(4), on(8), on(11)))  # Wed, Fri; Tue, Fri
    assert told(WEEKLY, stay, [], 1) == [(on(2), "coming"), (on(8), "coming")]
    assert told(WEEKLY, stay, [], 2)[0] == (on(2), "due")
    assert told(WEEKLY, stay, [], 5)[0] == (on(2), "late")
    assert told(WEEKLY, stay, [], 8)[:2] == [(on(2), "missed"), (on(8), "due")]


def test_without_group_days_a_week_opens_on_its_monday_and_the_first_on_the_first_day():
    assert told(WEEKLY, Stay(on(3)), [], 7) == [(on(3), "missed"), (on(7), "due"), (on(14), "coming")]


def test_an_early_answer_counts_for_the_window_that_opens_after_it():
    stay = Stay(MONDAY)
    assert told(WEEKLY, stay, [answer(5)], 7)[:2] == [(on(0), "answered"), (on(7), "answered")]
    # Four days before is too early; a week must lie between two answers, so it opens on Thursday.
    assert told(WEEKLY, stay, [answer(3)], 7)[:2] == [(on(0), "answered"), (on(10), "coming")]
    assert told(WEEKLY, stay, [answer(3)], 10)[1] == (on(10), "due")


def test_a_window_that_would_open_after_its_end_is_not_asked():
    assert told(WEEKLY, Stay(MONDAY), [answer(2)], 8, repeat={"phq9": 21}) == [(on(0), "answered")]


def test_an_answer_before_the_first_day_counts_for_intake_for_a_week():
    assert told(INTAKE, Stay(MONDAY), [answer(-7)], 0) == [(on(0), "answered")]
    assert told(INTAKE, Stay(MONDAY), [answer(-8)], 0) == [(on(0), "due")]


def test_every_thirty_days_until_the_discharge():
    stay = Stay(MONDAY, ends_on=on(61))
    assert [w[0] for w in told(MONTHLY, stay, [], 200, "who5")] == [on(30), on(60)]
    assert told(MONTHLY, stay, [], 31, "who5") == [(on(30), "due")]


def test_after_the_discharge_nothing_weekly_and_a_question_thirty_days_later():
    stay = Stay(MONDAY, ends_on=on(14))
    assert [w[0] for w in told(WEEKLY, stay, [], 60)] == [on(0), on(7)]
    assert told(LATER, stay, [], 44) == [(on(44), "due")]
    assert told(LATER, stay, [answer(41)], 44) == [(on(44), "answered")]


def test_a_danger_is_answered_only_by_what_was_asked_after_it():
    stay = Stay(MONDAY, triggers=((at(5, 15), on(5)),))
    before, after = answer(5, "since", 9), answer(5, "since", 16)
    assert told(DANGER, stay, [before], 5, "since") == [(on(5), "due")]
    assert told(DANGER, stay, [before, after], 5, "since") == [(on(5), "answered")]
    assert told(DANGER, stay, [answer(5, "screener", 16)], 5, "since") == [(on(5), "answered")]
    assert told(DANGER, stay, [], 6, "since") == [(on(5), "late")]


def test_lines_hold_for_their_tracks_and_conditions():
    line = Asking("su", Event.WEEKLY, ("bam_iop",), tracks=frozenset({"evening"}), focus=frozenset({"substance_use"}))
    assert line.applies("evening", frozenset({"substance_use", "mood"}))
    assert not line.applies("morning", frozenset({"substance_use"}))
    assert not line.applies("evening", frozenset({"mood"}))


def test_two_windows_of_one_form_ask_for_it_once():
    found = due(windows([INTAKE, WEEKLY], Stay(MONDAY), [], on(1)))
    assert sorted(one.instrument for one in found) == ["gad7", "pc_ptsd5", "phq9"]
    [phq9] = [one for one in found if one.instrument == "phq9"]
    assert set(phq9.codes) == {"intake", "weekly"}


def test_of_one_code_the_newest_line_that_has_begun_holds():
    old = asking({"code": "weekly", "event": "weekly", "ask": ["phq2"], "effective_from": "2026-01-01"})
    new = asking({"code": "weekly", "event": "weekly", "ask": ["phq9"], "effective_from": "2026-03-10"})
    assert [line.ask for line in in_force([old, new], on(0))] == [("phq2",)]
    assert [line.ask for line in in_force([new, old], on(8))] == [("phq9",)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "x", "event": "weekly", "ask": []},
        {"code": "x", "event": "weekly", "ask": ["a"], "due_days": 7},
        {"code": "x", "event": "every", "ask": ["a"]},
        {"code": "x", "event": "sometimes", "ask": ["a"]},
    ],
)
def test_a_line_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError):
        asking(wrong)


# -- properties

lines = st.lists(st.sampled_from([WEEKLY, INTAKE, MONTHLY, DANGER, LATER]), min_size=1, max_size=5, unique=True)
days = st.integers(min_value=-10, max_value=120)
given_answers = st.lists(
    st.builds(answer, days, st.sampled_from(["phq9", "gad7", "pc_ptsd5", "who5", "since", "screener"])), max_size=25
)
stays = st.builds(
    lambda start, length, groups, triggers: Stay(
        on(start),
        ends_on=None if length is None else on(start + length),
        group_days=tuple(sorted(on(g) for g in groups)),
        triggers=tuple((at(t), on(t)) for t in sorted(triggers)),
    ),
    st.integers(0, 10),
    st.none() | st.integers(0, 90),
    st.sets(st.integers(0, 100), max_size=40),
    st.sets(st.integers(0, 90), max_size=3),
)


@given(lines, stays, given_answers, days)
def test_never_due_twice_and_never_sooner_than_the_form_allows(asked, stay, answers, day):
    known = [a for a in answers if a.on <= on(day)]
    found = due(windows(asked, stay, known, on(day), min_repeat_days=REPEAT))
    assert len({one.instrument for one in found}) == len(found)
    for one in found:
        assert one.opens_on <= on(day) < one.closes_on
        if one.codes != ("danger",):
            last = max((a.on for a in known if a.instrument == one.instrument), default=date.min)
            assert (on(day) - last).days >= REPEAT.get(one.instrument, 0)


@given(lines, stays, given_answers, days)
def test_who_answers_what_is_due_is_asked_nothing_more_today(asked, stay, answers, day):
    known = [a for a in answers if a.on <= on(day)]
    found = due(windows(asked, stay, known, on(day), min_repeat_days=REPEAT))
    late = [Answered(one.instrument, at(day, 23), on(day)) for one in found]
    assert due(windows(asked, stay, [*known, *late], on(day), min_repeat_days=REPEAT)) == ()


@given(lines, stays, given_answers, days)
def test_a_window_answered_stays_answered(asked, stay, answers, day):
    def answered_by(last):
        known = [a for a in answers if a.on <= on(last)]
        found = windows(asked, stay, known, on(last), min_repeat_days=REPEAT)
        return {(w.code, w.instrument, w.closes_on) for w in found if w.state is State.ANSWERED}

    settled = {key for key in answered_by(day) if key[0] != "weekly" or key[2] <= on(day)}
    assert settled <= answered_by(day + 1)
