"""Outlines: a bound for every week, and a plan that becomes one."""

import time
from dataclasses import replace

import pytest
from benchmarks.timetable.instances import instance

from footbridge.engines.timetabling import check, prices, solve
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.outlining import Part, fill, parts, sorts
from footbridge.engines.timetabling.price import by_level

from .tiny import every_week, tiny

SMALL = instance("small", 1)


@pytest.mark.parametrize("seed", range(6))
def test_no_week_is_better_than_the_outline_says(seed):
    facts = tiny(seed)
    best, _ = min(every_week(facts), key=lambda found: found[0])
    bound = 0
    for part in parts(facts, Fit(facts)):
        found = Part(part).outline(by_demand(part), 5, 20)
        assert found is not None
        bound += found.bound
    assert bound <= best[0]


def test_parts_share_no_group_and_nobody_is_left_out():
    found = parts(SMALL, Fit(SMALL))
    assert [len(p.clients) for p in found] == [12, 12]
    assert {c.code for p in found for c in p.clients} == set(SMALL.client)
    assert {g.code for p in found for g in p.groups} == set(SMALL.group)


def test_groups_of_one_sort_differ_in_name_only():
    found = sorts(SMALL)
    assert sorted(g.code for same in found.values() for g in same) == sorted(SMALL.group)
    for same in found.values():
        assert len({replace(g, code="", topic="") for g in same}) == 1


def test_what_was_promised_stays_in_an_outline_and_in_the_week_made_of_it():
    week = by_demand(SMALL)
    group = week.meetings[0].group
    kept = type(week).of(week.meetings_of[group], [(group, c) for c in week.members_of[group]], week.visits[:2])
    facts = replace(SMALL, kept=kept)
    fit = Fit(facts)
    made = [Part(p) for p in parts(facts, fit)]
    found = [(p, p.outline(week, 0.4, 20, bounds=False)) for p in made]
    filled = fill(facts, fit, week, [(p, o) for p, o in found if o is not None])
    assert check(facts, filled) == ()
    assert set(kept.meetings) <= set(filled.meetings)
    assert set(kept.members) <= set(filled.members)


def test_the_needs_of_a_small_week_are_proven():
    answer = solve(SMALL, seconds=900, rounds=1, seed=1)
    assert answer.prices[0] == answer.bounds[0] == 54, "the known best, found by the whole model in minutes"
    assert check(SMALL, answer.week) == ()
    assert answer.prices == by_level(SMALL, prices(SMALL, answer.week))


def test_one_thread_and_two_take_the_same_steps():
    one, two = (solve(SMALL, seconds=900, rounds=3, seed=4, workers=n) for n in (1, 2))
    assert one.week == two.week


def test_stop_is_heard_while_the_solver_works():
    began = time.monotonic()
    cpu = time.process_time()
    facts = instance("medium", 1)
    answer = solve(facts, seconds=600, stop=lambda: time.process_time() - cpu > 3)
    assert time.process_time() - cpu < 12, time.monotonic() - began
    assert check(facts, answer.week) == ()
