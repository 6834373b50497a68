from dataclasses import replace

import pytest
from benchmarks.timetable.instances import instance

from footbridge.engines.timetabling import Stays, TrackNow, check, forecast, relief, waiting
from footbridge.engines.timetabling.greedy import by_demand
from footbridge.engines.timetabling.words import english

SMALL = instance("small", 1)
BUILT = by_demand(SMALL)
NEW = tuple(
    replace(c, code=f"new{n}", groups=frozenset(), urgency=n % 2, waiting_days=10 * n)
    for n, c in enumerate(SMALL.clients[:5])
)
FACTS = replace(SMALL, clients=(*SMALL.clients, *NEW))
PEOPLE = [c.code for c in NEW]


def test_nobody_comes_and_nobody_leaves():
    (ahead,) = forecast([TrackNow("am", 10, (1, 1, 1))], {"am": Stays((400,))}, runs=20)
    assert all((w.free.low, w.free.middle, w.free.high) == (7, 7, 7) for w in ahead.weeks)


def test_all_leave_when_their_stay_ends():
    (ahead,) = forecast([TrackNow("am", 10, (0,) * 8)], {"": Stays((21,))}, runs=20)
    assert [w.free.middle for w in ahead.weeks] == [2, 2, 10, 10, 10, 10, 10, 10]


def test_those_who_wait_come_in_as_places_become_free():
    (ahead,) = forecast([TrackNow("am", 8, (0,) * 8, waiting=3)], {"": Stays((21,))}, runs=20)
    assert [w.waiting.middle for w in ahead.weeks][:3] == [3, 3, 0]
    assert ahead.weeks[2].admitted.middle == 3


def test_many_leave_early_when_many_drop_out():
    few, many = (
        forecast([TrackNow("am", 12, tuple(range(0, 36, 3)))], {"": Stays((42, 56), share)}, runs=300)[0]
        for share in (0.0, 0.2)
    )
    assert many.weeks[3].free.middle > few.weeks[3].free.middle
    assert all(w.free.low <= w.free.middle <= w.free.high for w in many.weeks)


def test_the_number_admitted_is_the_number_that_comes():
    (ahead,) = forecast([TrackNow("am", 1000, admissions_a_week=5)], {"": Stays((700,))}, weeks=1, runs=2000)
    assert ahead.weeks[0].admitted.middle == 5
    assert (ahead.weeks[0].admitted.low, ahead.weeks[0].admitted.high) == (2, 8)


def test_the_same_seed_gives_the_same_futures():
    track, stays = TrackNow("am", 10, (3, 20, 40), 2, 1.5), {"": Stays((28, 42, 56), 0.05)}
    assert forecast([track], stays, runs=50, seed=4) == forecast([track], stays, runs=50, seed=4)


def test_without_stays_there_is_nothing_to_tell():
    with pytest.raises(ValueError, match="lengths of stays"):
        forecast([TrackNow("am", 10)], {})


def test_the_waiting_list_is_by_fit_then_need_then_date():
    found = waiting(FACTS, BUILT, PEOPLE)
    keys = [
        (not c.fits, -FACTS.client[c.client].urgency, c.missing, -FACTS.client[c.client].waiting_days)
        for c in found.candidates
    ]
    assert keys == sorted(keys) and len(keys) == 5
    for c in found.candidates:
        assert check(FACTS, c.offer.week) == () and c.offer.moved == ()
        assert all(english(s) for s in c.reasons)
    assert set(found.together) <= {c.client for c in found.candidates if c.fits}
    for seat in found.seats:
        assert seat.left > 0
        assert all(SMALL.group[seat.group].kind in {n.kind for n in FACTS.client[c].needs} for c in seat.clients)


def test_what_would_let_most_people_in():
    found = relief(FACTS, BUILT, PEOPLE)
    assert [len(r.clients) for r in found] == sorted((len(r.clients) for r in found), reverse=True)
    assert all(english(r.change) for r in found)
