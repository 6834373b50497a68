"""Small cells hidden so that nobody can compute them from what is still shown.

A table of counts has rows (what came of it) and columns (groups of people); a total column and a total row stand beside it. A cell of
1 to `least - 1` people is hidden. One hidden cell in a line with a total is no secret, so others are hidden with it, as few people as
possible, until the reader of the table, who knows every sum, must still think it possible that the cell holds `least` or more.

How far a hidden cell can move is a flow: raising it by one means lowering another cell of its row, raising one of that one's column,
and so on around. The table is a network of lines (nodes) and hidden cells (arcs), with totals counted negatively, and the room of
a cell is the greatest flow around it. What must be hidden with it is the cheapest way around.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from math import inf

TOTAL = "total"
Cell = tuple[str, str]  # (row, column); TOTAL names the row or column of sums
Counts = Mapping[Cell, int]
_Node = tuple[str, str]  # ("r", row) or ("c", column)


def hidden_cells(
    counts: Counts, rows: Sequence[str], columns: Sequence[str], least: int = 5, also: Iterable[Cell] = ()
) -> frozenset[Cell]:
    """Which cells of the table, its totals included, must not be shown. `counts` holds the inner cells; `also` are cells that
    stay hidden because another table hides them; the first row is what the table is about and hidden last. The whole table is hidden when fewer than `least` people are in it.

    Zeros are shown, but for those in the line of a group that is itself too small. Raises ValueError when a count is negative.
    """
    full = _with_totals(counts, rows, columns)
    everything = frozenset(full)
    if full[TOTAL, TOTAL] < least:
        return everything
    need = {cell: least - value for cell, value in full.items() if 0 < value < least}
    for column in columns:  # of a group too small to be named nothing is said, not even where nobody is
        if 0 < full[TOTAL, column] < least:
            need.update({(row, column): max(1, need.get((row, column), 1)) for row in rows})
    for cell in also:
        need[cell] = max(1, need.get(cell, 1))
    hidden = set(need)
    for cell in sorted(need, key=lambda c: (full[c], c)):
        while True:
            room, left = _room(full, hidden, cell)
            if room >= need[cell]:
                break
            lacks = need[cell] - room
            way = _cheapest_way(full, hidden, cell, lacks, left, rows[0]) or _cheapest_way(full, hidden, cell, 1, left, rows[0])
            if not way:
                return everything - {(TOTAL, TOTAL)}
            hidden.update(way)
    return frozenset(hidden)


def hidden_together(tables: Sequence[tuple[Counts, Sequence[str]]], columns: Sequence[str], least: int = 5) -> list[frozenset[Cell]]:
    """The same for several tables of the same people that share rows by name: what one hides, none shows.

    `tables` are (counts, rows) pairs; the answer is one set of cells for each, in order.
    """
    found = [hidden_cells(counts, rows, columns, least) for counts, rows in tables]
    while True:
        shared = frozenset().union(*found)
        again = [
            hidden_cells(counts, rows, columns, least, also={c for c in shared if c[0] in rows or c[0] == TOTAL} - {(TOTAL, TOTAL)})
            for counts, rows in tables
        ]
        again = [new | old for new, old in zip(again, found, strict=True)]
        if again == found:
            return found
        found = again


def put_together(sizes: Mapping[str, int], least: int = 5) -> list[tuple[str, ...]]:
    """Groups in their order, those too small joined with the smallest other until each holds `least` people or is empty.

    One group stays when there are too few people for two.
    """
    groups: list[tuple[tuple[str, ...], int]] = [((name,), size) for name, size in sizes.items()]
    while len(groups) > 1 and (small := [g for g in groups if 0 < g[1] < least]):
        one = min(small, key=lambda g: g[1])
        others = [g for g in groups if g is not one]
        other = min(others, key=lambda g: (g[1] == 0, g[1]))  # joined with nobody it would be as small as before
        first, second = sorted((one, other), key=groups.index)
        groups[groups.index(first)] = (first[0] + second[0], one[1] + other[1])
        groups.remove(second)
    return [names for names, _size in groups]


def _with_totals(counts: Counts, rows: Sequence[str], columns: Sequence[str]) -> dict[Cell, int]:
    full = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    if any(value < 0 for value in full.values()):
        raise ValueError("counts must not be negative")
    for row in rows:
        full[row, TOTAL] = sum(full[row, column] for column in columns)
    for column in (*columns, TOTAL):
        full[TOTAL, column] = sum(full[row, column] for row in rows)
    return full


def _arcs(cell: Cell, value: int) -> tuple[tuple[_Node, _Node, float], tuple[_Node, _Node, float]]:
    """A hidden cell as two arcs: more of it leads from its row to its column, less of it back. A total counts against its line, so
    it goes the other way. A cell that is not empty keeps at least one person: readers know that zeros are shown."""
    row, column = ("r", cell[0]), ("c", cell[1])
    down = float(max(0, value - 1))
    if (cell[0] == TOTAL) != (cell[1] == TOTAL):
        return (row, column, down), (column, row, inf)
    return (row, column, inf), (column, row, down)


def _ends(cell: Cell) -> tuple[_Node, _Node]:
    """Where the flow that lets this cell grow begins and ends: from the far line back to the near one."""
    row, column = ("r", cell[0]), ("c", cell[1])
    return (row, column) if (cell[0] == TOTAL) != (cell[1] == TOTAL) else (column, row)


_Left = dict[_Node, dict[_Node, float]]  # what each arc between two lines can still carry


def _room(full: Counts, hidden: set[Cell], cell: Cell) -> tuple[float, _Left]:
    """By how much the cell can be more than it is, seen by somebody who knows everything that is shown: the greatest flow; and what
    is left of the arcs after it."""
    start, goal = _ends(cell)
    caps: _Left = {}
    for other in hidden:
        if other != cell:
            for a, b, cap in _arcs(other, full[other]):
                caps.setdefault(a, {})
                caps.setdefault(b, {})
                caps[a][b] = caps[a].get(b, 0) + cap
    total = 0.0
    while True:
        before: dict[_Node, _Node] = {start: start}
        queue = deque([start])
        while queue and goal not in before:
            here = queue.popleft()
            for there, cap in caps.get(here, {}).items():
                if cap > 0 and there not in before:
                    before[there] = here
                    queue.append(there)
        if goal not in before:
            return total, caps
        steps = []
        spot = goal
        while spot != start:
            steps.append((before[spot], spot))
            spot = before[spot]
        most = min(caps[a][b] for a, b in steps)
        if most == inf:
            return inf, caps
        for a, b in steps:
            caps[a][b] -= most
            caps[b][a] = caps[b].get(a, 0) + most
        total += most


def _cheapest_way(full: Counts, hidden: set[Cell], cell: Cell, need: float, left: _Left, dear: str) -> list[Cell] | None:
    """Cells that together let this one grow by `need` more: the way around with the fewest people newly hidden; None without one.
    What is hidden already carries what `left` says.

    Totals are dear, and so is the row `dear`, what the table is about; sizes of groups are never given up: they stand on every table
    of the page.
    """
    start, goal = _ends(cell)
    arcs: dict[_Node, list[tuple[_Node, Cell | None, float]]] = {}
    for a, onward in left.items():
        arcs[a] = [(b, None, 0.0) for b, cap in onward.items() if cap >= need]
    for other, value in full.items():
        if other in hidden or other == (TOTAL, TOTAL) or value == 0 or other[0] == TOTAL:
            continue
        price = (1 + value) * (4 if other[0] == dear else 1) + (1e6 if other[1] == TOTAL else 0)
        for a, b, cap in _arcs(other, value):
            if cap >= need:
                arcs.setdefault(a, []).append((b, other, price))
    best: dict[_Node, float] = {start: 0.0}
    came: dict[_Node, tuple[_Node, Cell | None]] = {}
    queue: list[tuple[float, _Node]] = [(0.0, start)]
    while queue:
        cost, here = heapq.heappop(queue)
        if here == goal:
            way: list[Cell] = []
            while here != start:
                here, used = came[here]
                if used is not None:
                    way.append(used)
            return way
        if cost > best[here]:
            continue
        for there, used, price in arcs.get(here, []):
            if cost + price < best.get(there, inf):
                best[there] = cost + price
                came[there] = (here, used)
                heapq.heappush(queue, (cost + price, there))
    return None
