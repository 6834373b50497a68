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


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each text of the library that speaks about the person, and what it looks like with its gaps filled."""
    texts = [
        text
        for entry in entries()
        for text in (
            entry.problem.evidence,
            *(part for goal in entry.problem.goals for part in (goal.own_words, goal.measurable)),
            *(one.text for goal in entry.problem.goals for one in goal.objectives),
        )
        if len(GAP.sub("", text)) >= _LEAST
    ]
    return tuple(
        (text, re.compile(".{1,120}?".join(re.escape(part) for part in GAP.split(text)), re.DOTALL)) for text in texts
    )


_LEAST = 25  # letters outside the gaps below which a text says nothing of where it came from


def untouched(text: str) -> bool:
    """Whether a text is still the library's own, its gaps filled or not: a paste rather than a start."""
    return any(pattern.fullmatch(text.strip()) for _text, pattern in _patterns())
