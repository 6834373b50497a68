"""Work for the solver is the same work wherever it is done: here, or by processes of its own."""

import time
from concurrent.futures import wait

import pytest
from benchmarks.timetable.instances import instance

from footbridge.engines.timetabling import check
from footbridge.engines.timetabling.building import solve
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.searching import Search, merged, within
from footbridge.engines.timetabling.working import Crew, Here, Known, best_of, close_part, outline


def never():
    return False


@pytest.fixture(scope="module")
def known():
    return Known(instance("small", 3))


def test_a_crew_answers_as_one_would_here_and_in_the_order_of_the_pieces(known):
    here = Here(never)
    crew = Crew([known], never, 2, here)
    try:
        wait(crew.started, timeout=60)
        week = by_demand(known.facts, known.fit)
        pieces = [
            (best_of, 0, (known.facts.clients[0].code, ("needs", "continuity"))),
            (outline, 1, (week, 0.2, 5, False)),
            (best_of, 0, (known.facts.clients[1].code, ("needs",))),
        ]
        until = time.monotonic() + 60
        assert crew(known, pieces, until) == here(known, pieces, until)
    finally:
        crew.close()


def test_a_crew_stops_when_it_is_told_to_and_leaves_no_process(known):
    told = []
    crew = Crew([known], lambda: bool(told), 1, Here(never))
    wait(crew.started, timeout=60)
    processes = [one for pool in crew.pools for one in pool._processes.values()]
    week = by_demand(known.facts, known.fit)
    told.append(True)
    began = time.monotonic()
    crew(known, [(close_part, -1, (week, "needs", {}, 1000.0, 0))], began + 120)
    assert time.monotonic() - began < 30
    crew.close()
    for one in processes:
        one.join(timeout=30)
        assert not one.is_alive()


def test_when_a_process_of_the_crew_is_killed_the_work_is_done_here(known):
    here = Here(never)
    crew = Crew([known], never, 2, here)
    try:
        wait(crew.started, timeout=60)
        for pool in crew.pools:
            for one in pool._processes.values():
                one.kill()
                one.join(timeout=30)
        pieces = [(best_of, n, (client.code, ("needs",))) for n, client in enumerate(known.facts.clients[:2])]
        until = time.monotonic() + 60
        assert crew(known, pieces, until) == here(known, pieces, until)
        assert crew.broken
    finally:
        crew.close()


def test_the_needs_of_a_small_site_are_solved_exactly_with_its_parts_together(known):
    """In seed 3 each of the two tracks could come to less if it had the staff for itself (30 and 18); together 62 is the least."""
    here = Here(never)
    week = by_demand(known.facts, known.fit)
    until = time.monotonic() + 300
    whole, *parts = here(known, [(close_part, n, (week if n < 0 else within(known.parts[n].facts, week), "needs", {}, 60.0, 0)) for n in (-1, 0, 1)], until)
    assert whole.found.proven and whole.found.values == whole.found.bounds == (62,)
    assert sum(one.found.bounds[0] for one in parts) <= 48
    assert not check(known.facts, merged(week, week, whole.found.week, whole))


def test_a_bound_of_a_part_counts_only_while_the_levels_before_sit_at_those_of_the_parts(known):
    search = Search(known, 0, None, Here(never))
    search.begin()
    needs, continuity = search.prices[:2]
    search.least = [{"needs": needs // 2, "continuity": continuity} for _ in search.parts]
    assert search.bounds()[1] == 0  # the needs are above what the parts could have: one may give way for the other
    search.all_least = {"needs": needs}
    assert search.bounds()[:2] == (needs, 0)  # proven, but not by the parts
    search.all_least["continuity"] = 1
    assert search.bounds()[:2] == (needs, min(1, continuity))


def test_a_search_with_processes_gives_an_allowed_week_that_is_no_worse_than_the_first(known):
    first = by_demand(known.facts, known.fit)
    answer = solve(known.facts, seconds=5.0)
    assert not check(known.facts, answer.week) and answer.how == "solver"
    assert answer.prices <= solve(known.facts, seconds=0.0, start=first, workers=1).prices
    assert all(price >= bound for price, bound in zip(answer.prices, answer.bounds, strict=True))
