"""Our own first wording for common conditions. A start, not a paste: gaps in [brackets] are filled before signing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from footbridge.data import parsed

from .tree import GoalSketch, InterventionSketch, ObjectiveSketch, ProblemSketch

GAP = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    name: str
    problem: ProblemSketch


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the order of data/plan_library.yaml."""
    return tuple(Entry(raw["code"], raw["name"], _problem(raw["problem"])) for raw in parsed("plan_library"))


def problems(codes: list[str]) -> tuple[ProblemSketch, ...]:
    return tuple(entry.problem for entry in entries() if entry.code in codes)


def gaps(text: str) -> list[str]:
    """The gaps left in a text, with their brackets."""
    return GAP.findall(text)


def _problem(raw: dict[str, Any]) -> ProblemSketch:
    return ProblemSketch(raw["title"], "", raw["evidence"], tuple(_goal(goal) for goal in raw["goals"]))


def _goal(raw: dict[str, Any]) -> GoalSketch:
    return GoalSketch(
        raw["own_words"], raw["measurable"], tuple(_objective(objective) for objective in raw["objectives"])
    )


def _objective(raw: dict[str, Any]) -> ObjectiveSketch:
    doings = tuple(InterventionSketch(**doing) for doing in raw["interventions"])
    return ObjectiveSketch(raw["text"], raw.get("measure", ""), raw.get("target", ""), None, doings)
