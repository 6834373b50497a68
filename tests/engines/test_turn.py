"""Whose turn it is: by need, then by fit, then by time; and nobody is passed over for ever."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footbridge.engines.turn import Waits, turns

STEPS = ("crisis", "urgent", "priority", "standard")


def order(*people: Waits, after: int = 21) -> list[str]:
    return [one.waits.code for one in turns(people, STEPS, after)]


def test_need_before_fit_before_time():
    assert order(Waits("old", "standard", 20, True), Waits("need", "urgent", 0, False)) == ["need", "old"]
    assert order(Waits("old", "standard", 20, False), Waits("fits", "standard", 1, True)) == ["fits", "old"]
    assert order(Waits("new", "standard", 1, True), Waits("old", "standard", 9, True)) == ["old", "new"]


def test_waiting_lifts_step_by_step_and_never_to_a_crisis():
    assert [turns([Waits("a", "standard", days)], STEPS, 21)[0].step for days in (0, 20, 21, 42, 400)] == ["standard", "standard", "priority", "urgent", "urgent"]
    assert turns([Waits("a", "crisis", 0)], STEPS, 21)[0].step == "crisis"


def test_everybody_is_told_why():
    said = turns([Waits("a", "standard", 30, True), Waits("b", "urgent", 2)], STEPS, 21)
    assert [[s.code for s in one.reasons] for one in said] == [["turn.need", "turn.days"], ["turn.lifted", "turn.place", "turn.days"]]
    assert [one.number for one in said] == [1, 2]


def test_nonsense_is_refused():
    with pytest.raises(ValueError):
        turns([Waits("a", "whenever", 0)], STEPS, 21)
    with pytest.raises(ValueError):
        turns([], STEPS, 0)


facts = st.tuples(st.sampled_from(STEPS), st.integers(0, 400), st.sampled_from([True, False, None]))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(facts, max_size=6), st.integers(1, 60))
def test_one_more_day_or_more_need_never_costs_a_place(known, after):
    people = [Waits(str(code), *one) for code, one in enumerate(known)]
    found = {one.waits.code: one.number for one in turns(people, STEPS, after)}
    assert sorted(found.values()) == list(range(1, len(people) + 1))
    for at, one in enumerate(people):
        for better in (Waits(one.code, one.urgency, one.days + 1, one.place), Waits(one.code, STEPS[max(0, STEPS.index(one.urgency) - 1)], one.days, one.place)):
            changed = [*people[:at], better, *people[at + 1 :]]
            assert {o.waits.code: o.number for o in turns(changed, STEPS, after)}[one.code] <= found[one.code]
