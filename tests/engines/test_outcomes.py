"""Rates and means against published numbers; small cells against a reader who tries every table that fits what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from footbridge.engines.outcomes import (
    TOTAL,
    hidden_cells,
    hidden_together,
    mean,
    paired,
    put_together,
    rate,
    t_quantile,
    wilson,
)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I: Wilson score without continuity correction
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(count: int, of: int, low: float, high: float):
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_rate_lies_in_its_interval_and_the_interval_in_0_to_1(a: int, b: int):
    count, of = min(a, b), max(a, b)
    one = rate(count, of)
    assert 0 <= one.low <= (one.share if one.share is not None else one.low) <= one.high <= 1


def test_rates_refuse_what_is_no_rate():
    with pytest.raises(ValueError, match="count"):
        wilson(3, 2)


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_t_as_in_the_tables(freedom: int, t: float):
    assert t_quantile(freedom) == pytest.approx(t, rel=2e-3)


def test_change_of_the_same_people():
    found = paired([(20, 10), (16, 12), (12, 8)])
    assert found is not None and found.n == 3
    assert (found.first.mean, found.last.mean, found.change.mean) == (16, 10, -6)
    assert found.first.sd == 4 and found.effect == pytest.approx(1.5)
    assert paired([(10, 14), (14, 18)], lower_is_better=False).effect > 0
    assert paired([]) is None and mean([]) is None
    alone = paired([(9, 4)])
    assert alone is not None and alone.effect is None and alone.change.low is None


# ------------------------------------------------------------------ small cells

ROWS, COLUMNS = ("better", "same", "worse"), ("completed", "left")


def shown_sums(counts, rows, columns):
    full = dict(counts)
    for row in rows:
        full[row, TOTAL] = sum(counts[row, c] for c in columns)
    for column in (*columns, TOTAL):
        full[TOTAL, column] = sum(full[row, column] for row in rows)
    return full


def reach(counts, rows, columns, hidden, cell):
    """The least and the most a hidden cell can be for a reader who knows all that is shown, and that a blank is no zero: a linear
    program over the hidden cells (scipy, nothing of ours). Such tables are networks, so its ends are whole numbers."""
    full = shown_sums(counts, rows, columns)
    cells = sorted(hidden)
    at = {one: n for n, one in enumerate(cells)}
    lines, sums = [], []

    def line(parts, total):
        found = [0.0] * len(cells)
        fixed = 0.0
        for one, sign in [*((p, 1) for p in parts), (total, -1)]:
            if one in at:
                found[at[one]] += sign
            else:
                fixed += sign * full[one]
        lines.append(found)
        sums.append(-fixed)

    for row in (*rows, TOTAL):
        line([(row, c) for c in columns], (row, TOTAL))
    for column in (*columns, TOTAL):
        line([(r, column) for r in rows], (TOTAL, column))
    bounds = [(min(1, full[one]), None) for one in cells]
    ends = []
    for sign in (1, -1):
        goal = [0.0] * len(cells)
        goal[at[cell]] = sign
        found = linprog(goal, A_eq=lines, b_eq=sums, bounds=bounds)
        ends.append(float("inf") if found.status == 3 else sign * found.fun)
    return ends[0], ends[1]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_nobody_can_compute_a_hidden_cell_from_the_others(numbers):
    """Whatever is counted: a small cell is hidden, and may be `least` or more for all that can be known."""
    least = 3
    counts = {(r, c): numbers[n] for n, (r, c) in enumerate((r, c) for r in ROWS for c in COLUMNS)}
    full = shown_sums(counts, ROWS, COLUMNS)
    hidden = hidden_cells(counts, ROWS, COLUMNS, least)
    small = {cell for cell, value in full.items() if 0 < value < least}
    assert small <= hidden
    if hidden >= {cell for cell in full if cell != (TOTAL, TOTAL)}:
        return  # nothing is shown
    for cell in hidden:
        low, high = reach(counts, ROWS, COLUMNS, hidden, cell)
        assert high > low + 0.5, (cell, full)
        if cell in small:
            assert high >= least - 1e-6, (cell, full)


def test_one_hidden_cell_takes_others_with_it():
    counts = {
        ("better", "completed"): 30, ("same", "completed"): 12, ("worse", "completed"): 2,
        ("better", "left"): 10, ("same", "left"): 20, ("worse", "left"): 9,
    }  # fmt: skip
    hidden = hidden_cells(counts, ROWS, COLUMNS)
    assert ("worse", "completed") in hidden and len(hidden) >= 4
    assert (TOTAL, TOTAL) not in hidden and (TOTAL, "completed") not in hidden and ("better", "completed") not in hidden


def test_nothing_is_hidden_where_nothing_is_small():
    counts = {(r, c): 10 for r in ROWS for c in COLUMNS}
    assert not hidden_cells(counts, ROWS, COLUMNS)
    assert not hidden_cells({**counts, ("worse", "left"): 0}, ROWS, COLUMNS)


def test_a_few_people_are_no_table():
    assert hidden_cells({("better", "completed"): 3}, ROWS, COLUMNS) >= {(TOTAL, TOTAL), ("same", "left")}


def test_tables_that_share_a_row_hide_it_alike():
    groups = ("completed", "left")
    one = ({("better", "completed"): 20, ("worse", "completed"): 8, ("unknown", "completed"): 2, ("better", "left"): 9, ("worse", "left"): 7, ("unknown", "left"): 9}, ("better", "worse", "unknown"))
    two = ({("yes", "completed"): 14, ("no", "completed"): 14, ("unknown", "completed"): 2, ("yes", "left"): 8, ("no", "left"): 8, ("unknown", "left"): 9}, ("yes", "no", "unknown"))
    a, b = hidden_together([one, two], groups)
    assert {cell for cell in a if cell[0] == "unknown"} == {cell for cell in b if cell[0] == "unknown"}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_groups_put_together_are_big_enough_and_lose_nobody(sizes):
    named = {f"g{n}": size for n, size in enumerate(sizes)}
    groups = put_together(named)
    assert sorted(name for group in groups for name in group) == sorted(named)
    for group in groups:
        total = sum(named[name] for name in group)
        assert len(groups) == 1 or total == 0 or total >= 5
