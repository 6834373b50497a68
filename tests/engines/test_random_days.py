"""Tests come on days that cannot be foreseen, and never further apart than the schedule allows."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.engines import random_days

FIRST = date(2026, 11, 2)
SEEDS = st.integers(0, 2**62)
GAPS = st.tuples(st.integers(1, 30), st.integers(0, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(SEEDS, GAPS)
def test_every_gap_lies_between_the_least_and_the_most(seed, gap) -> None:
    least, most = gap
    found = list(islice(random_days.days(seed, FIRST, least, most), 30))
    assert FIRST <= found[0] < FIRST + timedelta(days=most)
    assert all(least <= (b - a).days <= most for a, b in pairwise(found))


@given(SEEDS, GAPS)
def test_the_same_seed_gives_the_same_days(seed, gap) -> None:
    one, two = (list(islice(random_days.days(seed, FIRST, *gap), 10)) for _ in range(2))
    assert one == two


@given(SEEDS, GAPS, st.lists(st.integers(0, 200), max_size=12))
def test_the_next_is_never_later_than_the_most_days_after_the_last(seed, gap, offsets) -> None:
    least, most = gap
    tested = [FIRST + timedelta(days=n) for n in offsets]
    found = random_days.next_day(seed, FIRST, least, most, tested)
    if tested:
        assert least <= (found - max(tested)).days <= most
    else:
        assert FIRST <= found < FIRST + timedelta(days=most)


def test_gaps_differ_so_that_nobody_can_count_ahead() -> None:
    found = list(islice(random_days.days(7, FIRST, 2, 7), 40))
    assert len({(b - a).days for a, b in pairwise(found)}) == 6  # every length from 2 to 7 comes up


@pytest.mark.parametrize(("least", "most"), [(0, 3), (4, 3), (-1, -1)])
def test_a_gap_that_cannot_be_is_refused(least, most) -> None:
    with pytest.raises(ValueError):
        next(random_days.days(1, FIRST, least, most))
    with pytest.raises(ValueError):
        random_days.next_day(1, FIRST, least, most, [FIRST])
