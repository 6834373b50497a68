"""A plan is gone over again after so many days or so many hours of treatment, whichever comes first (IL: 30 d / 27 h)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.data import parsed
from footbridge.engines import review_clock

START = date(2026, 11, 2)


def test_days_alone() -> None:
    found = review_clock.due(START, 30, None, [(START + timedelta(days=n), 180) for n in range(1, 25)])
    assert (found.on, found.by_hours) == (START + timedelta(days=30), False)


def test_twenty_seven_hours_of_three_a_day_are_full_on_the_ninth_day_of_care() -> None:
    attended = [(START + timedelta(days=n), 180) for n in (0, 1, 2, 3, 7, 8, 9, 10, 14, 15)]
    found = review_clock.due(START, 30, 27, attended)
    assert found.by_hours and found.on == START + timedelta(days=15)  # the day of the signature itself does not count


def test_hours_that_are_full_on_the_last_day_change_nothing() -> None:
    found = review_clock.due(START, 30, 3, [(START + timedelta(days=30), 180)])
    assert (found.on, found.by_hours) == (START + timedelta(days=30), False)


def test_the_rule_of_the_state_or_the_common_one() -> None:
    every = review_clock.rules(parsed("review_clocks"))
    assert (review_clock.rule_for(every, "IL").every_days, review_clock.rule_for(every, "IL").every_hours) == (30, 27)
    assert review_clock.rule_for(every, "ZZ").code == review_clock.rule_for(every, "").code == "common"
    assert all(rule.source and rule.mark in {"V", "V2", "K"} for rule in every)
    with pytest.raises(ValueError):
        review_clock.rule_for([], "IL")


ATTENDED = st.lists(st.tuples(st.integers(-5, 60).map(lambda n: START + timedelta(days=n)), st.integers(0, 400)), max_size=40)


@given(st.integers(1, 90), st.none() | st.integers(1, 100), ATTENDED)
def test_never_later_than_the_days_and_never_before_the_start(days, hours, attended) -> None:
    found = review_clock.due(START, days, hours, attended)
    assert START < found.on <= START + timedelta(days=days)
    if found.by_hours:
        assert sum(m for day, m in attended if START < day <= found.on) >= hours * 60


@given(st.integers(1, 90), st.integers(1, 100), ATTENDED, st.tuples(st.integers(1, 60), st.integers(1, 400)))
def test_more_treatment_never_makes_it_later(days, hours, attended, more) -> None:
    before = review_clock.due(START, days, hours, attended)
    after = review_clock.due(START, days, hours, [*attended, (START + timedelta(days=more[0]), more[1])])
    assert after.on <= before.on
