"""How many places each track will have in the coming weeks.

Many made-up futures from the same facts: people in care leave after stays like those of others before them, some drop
out, new people come at random around their usual number and wait when a track is full. What is told is the middle and
the interval in which eight of ten futures lie. Stays, drop-outs and admissions come from the program's own records;
nothing is assumed here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class TrackNow:
    """A track today. `days_in_care` has an entry for each person in it: days since admission. `admissions_a_week` is
    the number usual. `waiting` people are admitted as places become free.
    """

    code: str
    places: int
    days_in_care: tuple[int, ...] = ()
    waiting: int = 0
    admissions_a_week: float = 0.0


@dataclass(frozen=True, slots=True)
class Stays:
    """How long people stay: `lengths` in days of stays that ended as planned, `drop_out_a_week` the share of people in
    care who leave early in a week (0 to 1)."""

    lengths: tuple[int, ...]
    drop_out_a_week: float = 0.0


@dataclass(frozen=True, slots=True)
class Reach:
    """The middle of all futures, and the values below and above which one in ten lies."""

    middle: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """A track at the end of a week, 1 being the coming one. `admitted` are the people who came in during it."""

    week: int
    free: Reach
    waiting: Reach
    admitted: Reach


@dataclass(frozen=True, slots=True)
class TrackAhead:
    code: str
    places: int
    weeks: tuple[WeekAhead, ...]


def forecast(
    tracks: Sequence[TrackNow], stays: Mapping[str, Stays], *, weeks: int = 8, runs: int = 1000, seed: int = 0
) -> tuple[TrackAhead, ...]:
    """Free places and people waiting by track and week. `stays` by track; "" for tracks without their own. The same
    seed gives the same numbers. Raises ValueError when a track has no stays to learn from.
    """
    out = []
    for track in tracks:
        known = stays.get(track.code) or stays.get("")
        if known is None or not known.lengths or min(known.lengths) < 1:
            raise ValueError(f"{track.code}: give the lengths of stays that ended, in days, each at least 1")
        if not 0 <= known.drop_out_a_week <= 1:
            raise ValueError(f"{track.code}: drop_out_a_week is a share between 0 and 1")
        rng = Random(f"{seed}-{track.code}")  # noqa: S311  (no secret: the same seed must give the same futures)
        futures = [_future(track, known, weeks, rng) for _ in range(runs)]
        ahead = tuple(WeekAhead(n + 1, *(_reach([f[n][k] for f in futures]) for k in range(3))) for n in range(weeks))
        out.append(TrackAhead(track.code, track.places, ahead))
    return tuple(out)


def _future(track: TrackNow, stays: Stays, weeks: int, rng: Random) -> list[tuple[int, int, int]]:
    """One future: free places, people waiting and people admitted at the end of each week."""
    left = [_left(days, stays, rng) for days in track.days_in_care]
    waiting = track.waiting
    out = []
    for _ in range(weeks):
        left = [days - 7 for days in left if days > 7 and rng.random() >= stays.drop_out_a_week]
        waiting += _poisson(track.admissions_a_week, rng)
        admitted = max(0, min(waiting, track.places - len(left)))
        waiting -= admitted
        left += [rng.choice(stays.lengths) for _ in range(admitted)]
        out.append((max(0, track.places - len(left)), waiting, admitted))
    return out


def _left(days: int, stays: Stays, rng: Random) -> int:
    """Days that somebody still stays: like the others who stayed at least as long. Longer than all: a week at most."""
    longer = [length for length in stays.lengths if length > days]
    return rng.choice(longer) - days if longer else rng.randint(1, 7)


def _poisson(mean: float, rng: Random) -> int:
    if mean <= 0:
        return 0
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def _reach(values: list[int]) -> Reach:
    order = sorted(values)
    last = len(order) - 1
    return Reach(order[round(last * 0.5)], order[round(last * 0.1)], order[round(last * 0.9)])
