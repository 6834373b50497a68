"""In which order a program wants the soft goals of its week, and what each costs: dated, so that an old week is judged by its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from footbridge.engines.timetabling.facts import LEVELS, WEIGHTS
from footbridge.ground.program.models import Program

from .models import WeekGoals


@dataclass(frozen=True)
class Goals:
    order: tuple[str, ...]
    weights: Mapping[str, int]
    row: WeekGoals | None = None


def of(program: Program, on: date) -> Goals:
    """What holds on a day; the engine's own where the program said nothing."""
    row = WeekGoals.objects.filter(program=program, holds_from__lte=on).select_related("by__person").first()
    if row is None:
        return Goals(LEVELS, WEIGHTS)
    order = tuple(level for level in row.order if level in LEVELS)
    return Goals(
        order + tuple(level for level in LEVELS if level not in order),
        {**WEIGHTS, **{goal: int(price) for goal, price in row.weights.items() if goal in WEIGHTS}},
        row,
    )
