import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from benchmarks.timetable.instances import instance

from footbridge.engines.timetabling import building, check, prices, solve, write
from footbridge.engines.timetabling.facts import LEVELS
from footbridge.engines.timetabling.fit import Fit
from footbridge.engines.timetabling.greedy import by_demand, first_come
from footbridge.engines.timetabling.model import Model, everything
from footbridge.engines.timetabling.price import by_level

from .tiny import every_week, tiny

SMALL = instance("small", 1)


@pytest.mark.parametrize("seed", range(4))
def test_the_model_finds_what_trying_everything_finds(seed):
    facts = tiny(seed)
    best, _ = min(every_week(facts), key=lambda found: found[0])
    fit = Fit(facts)
    model = Model(facts, fit, by_demand(facts, fit), everything(facts))
    found = model.solve(work=20, seconds=20)
    assert found is not None and found.proven
    assert by_level(facts, prices(facts, found.week)) == best
    assert found.values == best, "the model counts what the price list counts"
    assert check(facts, found.week) == ()


def test_a_tiny_week_is_proven():
    facts = tiny(1)
    answer = solve(facts, seconds=20)
    best, _ = min(every_week(facts), key=lambda found: found[0])
    assert answer.proven and answer.gap == 0.0
    assert answer.prices == answer.bounds == best


@pytest.mark.parametrize("seed", range(3))
def test_another_order_of_the_goals_is_another_best_week(seed):
    facts = replace(tiny(seed), order=("economy", "shape", "needs", "continuity", "disturbance"))
    best, _ = min(every_week(facts), key=lambda found: found[0])
    found = Model(facts, Fit(facts), by_demand(facts), everything(facts)).solve(work=20, seconds=20)
    assert found is not None and found.values == best


def test_a_built_week_breaks_no_rule_and_beats_first_come():
    answer = solve(SMALL, seconds=900, rounds=4, seed=3)
    assert check(SMALL, answer.week) == ()
    assert answer.how == "solver"
    assert answer.prices[0] < by_level(SMALL, prices(SMALL, by_demand(SMALL)))[0]
    assert answer.prices < by_level(SMALL, prices(SMALL, first_come(SMALL)))
    assert all(bound <= price for bound, price in zip(answer.bounds, answer.prices, strict=True))
    assert answer.order == LEVELS
    assert sum(p.price for p in answer.unmet) == sum(answer.prices)


def test_the_same_seed_takes_the_same_steps_in_another_process():
    code = (
        "import json; from benchmarks.timetable.instances import instance; from footbridge.engines.timetabling import *;"
        "print(json.dumps(write(solve(instance('small', 1), seconds=900, rounds=2, seed=5).week)))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert json.loads(other.stdout) == write(solve(SMALL, seconds=900, rounds=2, seed=5).week)


def test_progress_is_told_and_stop_is_heard():
    told = []
    answer = solve(SMALL, seconds=900, progress=told.append, stop=lambda: bool(told))
    assert told and answer.rounds <= 4
    assert check(SMALL, answer.week) == ()


def test_without_a_solver_the_week_is_by_hand_and_says_so(monkeypatch):
    monkeypatch.setattr(building, "solver_missing", lambda: "OR-tools is not installed")
    answer = solve(SMALL, seconds=5)
    assert (answer.how, answer.why_greedy) == ("greedy", "OR-tools is not installed")
    assert check(SMALL, answer.week) == ()


@pytest.mark.parametrize("hand", [first_come, by_demand])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_weeks_by_hand_break_no_rule(hand, seed):
    facts = instance("small", seed)
    assert check(facts, hand(facts)) == ()


def test_what_was_promised_stays():
    week = by_demand(SMALL)
    group = week.meetings[0].group
    kept = type(week).of(week.meetings_of[group], [(group, c) for c in week.members_of[group]], week.visits[:3])
    facts = replace(SMALL, kept=kept)
    answer = solve(facts, seconds=900, rounds=3)
    assert check(facts, answer.week) == ()
    assert set(kept.meetings) <= set(answer.week.meetings)


def test_each_site_is_a_problem_of_its_own():
    facts = instance("large", 1)
    parts = building.by_site(facts)
    assert len(parts) == 5
    assert sum(len(p.clients) for p in parts) == 600
    week = building.whole(by_demand(p) for p in parts[:2])
    assert check(facts, week) == ()
