"""Whose turn it is on the waiting list: by need, then by fit, then by time. Everybody is told why they stand where they stand.

Waiting itself becomes need: whoever waits longer than `lifts_after_days` counts one step more urgent, again and again, so that
nobody is passed over for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from footbridge.engines.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Waits:
    """`urgency` is one of the steps the list is ranked by. `place`: a place that fits is free now; None: nobody knows."""

    code: str
    urgency: str
    days: int
    place: bool | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """`number` counts from 1. `step` is the urgency that counts, after waiting has lifted it."""

    waits: Waits
    number: int
    step: str
    reasons: tuple[Sentence, ...]


def turns(people: Iterable[Waits], steps: Sequence[str], lifts_after_days: int) -> list[Turn]:
    """`steps` from most to least urgent; the list never lifts to the first of them: a crisis is not made by waiting.
    Raises ValueError for an urgency that is not a step."""
    if lifts_after_days < 1:
        raise ValueError("lifts_after_days must be at least 1")
    judged = [(one, _lifted(one, steps, lifts_after_days)) for one in people]
    order = sorted(judged, key=lambda pair: (pair[1], {True: 0, None: 1, False: 2}[pair[0].place], -pair[0].days, pair[0].code))
    return [
        Turn(one, number, steps[step], tuple(_why(one, steps[step], lifts_after_days))) for number, (one, step) in enumerate(order, start=1)
    ]


def _lifted(one: Waits, steps: Sequence[str], after: int) -> int:
    own = steps.index(one.urgency)
    return min(own, max(1, own - max(0, one.days) // after)) if own else 0


def _why(one: Waits, step: str, after: int) -> Iterable[Sentence]:
    if step == one.urgency:
        yield Sentence("turn.need", {"step": step})
    else:
        yield Sentence("turn.lifted", {"step": step, "own": one.urgency, "days": one.days, "after": after})
    if one.place is not None:
        yield Sentence("turn.place" if one.place else "turn.no_place")
    yield Sentence("turn.days", {"days": one.days})
