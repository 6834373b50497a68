"""The order of a caseload, and who is ready, stuck or worse: every place has a reason, and the order is one order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.engines.attention import (
    Attention,
    Line,
    Need,
    Situation,
    Standing,
    attention,
    codes,
    english,
    huddle,
    in_order,
)
from footbridge.engines.scoring import ChangeRule

TODAY = date(2026, 11, 16)
PHQ9 = ChangeRule("total", Decimal(6), "JT", "test", "K", case_from=Decimal(10), remission_below=Decimal(5), severe_from=Decimal(20))
GAD7 = ChangeRule("total", Decimal(4), "JT", "test", "K", case_from=Decimal(8))


def days(n: int) -> date:
    return TODAY + timedelta(n)


@pytest.mark.parametrize(
    ("facts", "need"),
    [
        (Situation(alarm="now", alert="red"), Need.ALARM_NOW),
        (Situation(alarm="today"), Need.ALARM_TODAY),
        (Situation(alarm="soon"), Need.ALARM_SOON),
        (Situation(alert="red", alert_due_on=days(2)), Need.RED),
        (Situation(alert="red", alert_due_on=days(-2)), Need.RED),
        (Situation(alert="yellow", alert_due_on=days(-1)), Need.ALERT_OVERDUE),
        (Situation(alert="yellow", alert_due_on=TODAY), Need.YELLOW),
        (Situation(measures_late=2, review_due_on=TODAY), Need.MEASURES_LATE),
        (Situation(review_due_on=TODAY, ready=True), Need.REVIEW_DUE),
        (Situation(review_due_on=days(1)), Need.NOTHING),
        (Situation(ready=True), Need.READY),
        (Situation(), Need.NOTHING),
    ],
)
def test_what_comes_first_for_one_person(facts: Situation, need: Need):
    assert attention(facts, TODAY).need is need


situations = st.builds(
    Situation,
    alarm=st.sampled_from(["", "soon", "today", "now"]),
    alarm_due_on=st.none() | st.dates(days(-9), days(9)),
    alert=st.sampled_from(["", "yellow", "red"]),
    alert_due_on=st.none() | st.dates(days(-9), days(9)),
    measures_late=st.integers(0, 3),
    measures_due_on=st.none() | st.dates(days(-9), days(0)),
    review_due_on=st.none() | st.dates(days(-40), days(9)),
    ready=st.booleans(),
)


@given(situations)
def test_whoever_needs_somebody_is_told_why(facts: Situation):
    found = attention(facts, TODAY)
    assert bool(found.reasons) == (found.need is not Need.NOTHING)
    assert all(reason.code in codes() and english(reason) for reason in found.reasons)


@given(situations)
def test_more_trouble_never_stands_lower(facts: Situation):
    graver = Situation(**{**{f: getattr(facts, f) for f in facts.__slots__}, "alarm": "now"})
    assert attention(graver, TODAY).need <= attention(facts, TODAY).need


@given(st.lists(st.tuples(situations, st.text(max_size=3)), max_size=12), st.randoms())
def test_there_is_one_order_whatever_the_order_they_come_in(people, chance):
    rows = [(n, attention(facts, TODAY), f"{name}{n}") for n, (facts, name) in enumerate(people)]
    mixed = rows[:]
    chance.shuffle(mixed)
    assert in_order(mixed) == in_order(rows)
    needs = [found.need for _who, found in in_order(rows)]
    assert needs == sorted(needs)


def test_within_a_need_the_longest_overdue_stands_first():
    rows = [("b", Attention(Need.YELLOW, days(3)), "b"), ("a", Attention(Need.YELLOW, days(1)), "z"), ("c", Attention(Need.YELLOW, None), "a")]
    assert [who for who, _found in in_order(rows)] == ["a", "b", "c"]


def scores(*values: int, rule: ChangeRule = PHQ9, name: str = "PHQ-9") -> Line:
    return Line(name, tuple(Decimal(v) for v in values), rule)


@pytest.mark.parametrize(
    ("lines", "more", "standing"),
    [
        ([scores(18, 9, 8)], {"week": 6}, Standing.READY),
        ([scores(18, 12, 9)], {"week": 6}, Standing.ON_THE_WAY),  # below the line once
        ([scores(18, 9, 8)], {"week": 6, "in_danger": True}, Standing.ON_THE_WAY),
        ([scores(18, 9, 8), scores(16, 15, rule=GAD7, name="GAD-7")], {"week": 6}, Standing.ON_THE_WAY),
        ([scores(15, 14, 13)], {"week": 3}, Standing.ON_THE_WAY),
        ([scores(15, 14, 13)], {"week": 4}, Standing.STUCK),
        ([scores(18, 9, 8)], {"week": 6, "alert": "yellow"}, Standing.STUCK),
        ([scores(10, 16)], {"week": 2}, Standing.WORSE),
        ([scores(18, 9, 8)], {"week": 6, "alert": "red"}, Standing.WORSE),
        ([scores(15)], {"week": 6}, Standing.UNKNOWN),
        ([], {"week": 1}, Standing.UNKNOWN),
        ([scores(3, 4, 4)], {"week": 6}, Standing.READY),  # never a case: not held back
    ],
)
def test_ready_stuck_worse(lines, more, standing):
    found = huddle(lines, **more)
    assert found.standing is standing
    assert found.reasons and all(english(reason) for reason in found.reasons)


@given(st.lists(st.lists(st.integers(0, 27), max_size=6), max_size=3), st.integers(0, 12), st.sampled_from(["", "yellow", "red"]), st.booleans())
def test_nobody_in_danger_or_with_an_open_alert_is_ready(values, week, alert, danger):
    found = huddle([scores(*one) for one in values], week=week, alert=alert, in_danger=danger)
    assert found.reasons
    if danger or alert:
        assert found.standing is not Standing.READY
