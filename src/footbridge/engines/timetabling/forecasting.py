"""How many places each track will have in the coming weeks.

Many made-up futures from the same facts: people in care leave after stays like those of others before them, some drop
out, new people come at random around their usual number and wait when a track is full. What is told is the middle and
the interval in which eight of ten futures lie. Stays, drop-outs and admissions come from the program's own records;
nothing is assumed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


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
    import numpy as np  # not with the module: the web processes need it on one page only

    out = []
    for track in tracks:
        known = stays.get(track.code) or stays.get("")
        if known is None or not known.lengths or min(known.lengths) < 1:
            raise ValueError(f"{track.code}: give the lengths of stays that ended, in days, each at least 1")
        if not 0 <= known.drop_out_a_week <= 1:
            raise ValueError(f"{track.code}: drop_out_a_week is a share between 0 and 1")
        # No secret: the same seed must give the same futures, on every machine.
        rng = np.random.Generator(np.random.PCG64([seed, *track.code.encode()]))
        futures = _futures(track, known, weeks, runs, rng)
        ahead = tuple(WeekAhead(n + 1, *(_reach(values) for values in week)) for n, week in enumerate(futures))
        out.append(TrackAhead(track.code, track.places, ahead))
    return tuple(out)


def _futures(
    track: TrackNow, stays: Stays, weeks: int, runs: int, rng: np.random.Generator
) -> list[tuple[Whole, Whole, Whole]]:
    """Free places, people waiting and people admitted at the end of each week, each over all futures at once (shape: runs)."""
    import numpy as np

    lengths = np.sort(np.asarray(stays.lengths))
    seats = np.arange(max(track.places, len(track.days_in_care)))
    left = np.zeros((runs, len(seats)), dtype=np.int64)  # days each person still stays, by future; 0: nobody sits there
    for seat, days in enumerate(track.days_in_care):
        left[:, seat] = _left(days, lengths, runs, rng)
    waiting = np.full(runs, track.waiting)
    out = []
    for _ in range(weeks):
        stays_on = (left > 7) & (rng.random(left.shape) >= stays.drop_out_a_week)
        left = -np.sort(-np.where(stays_on, left - 7, 0), axis=1)  # whoever stays moves up: the empty seats stand last
        here = (left > 0).sum(axis=1)
        waiting = waiting + rng.poisson(max(track.admissions_a_week, 0.0), runs)
        admitted = np.clip(np.minimum(waiting, track.places - here), 0, None)
        waiting = waiting - admitted
        new = (seats >= here[:, None]) & (seats < (here + admitted)[:, None])
        left = np.where(new, rng.choice(lengths, left.shape), left)
        out.append((np.clip(track.places - here - admitted, 0, None), waiting, admitted))
    return out


def _left(days: int, lengths: Whole, runs: int, rng: np.random.Generator) -> Whole:
    """Days that somebody still stays: like the others who stayed at least as long. Longer than all: a week at most."""
    longer = lengths[lengths.searchsorted(days, side="right") :]
    return rng.choice(longer, runs) - days if len(longer) else rng.integers(1, 8, runs)


def _reach(values: Whole) -> Reach:
    order = sorted(values.tolist())
    last = len(order) - 1
    return Reach(*(order[round(last * share)] for share in (0.5, 0.1, 0.9)))
