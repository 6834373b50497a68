"""Sections and questions as data (data/assessment.yaml), read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from footbridge.data import parsed


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `sources` are what is known already: each a tuple of places, of which the first that says something counts."""

    code: str
    ask: str
    kind: str  # long, line, one, any
    answers: Mapping[str, str]
    help: str
    needed: bool
    sources: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: str
    lead: str
    questions: tuple[Question, ...]


@cache
def sections() -> tuple[Section, ...]:
    return tuple(
        Section(
            raw["code"],
            raw["title"],
            raw.get("lead", ""),
            tuple(
                Question(
                    asked["code"],
                    asked["ask"],
                    asked["kind"],
                    dict(asked.get("answers", {})),
                    asked.get("help", ""),
                    bool(asked.get("needed")),
                    tuple((entry,) if isinstance(entry, str) else tuple(entry) for entry in asked.get("from", ())),
                )
                for asked in raw["questions"]
            ),
        )
        for raw in parsed("assessment")["sections"]
    )


def section(code: str) -> Section | None:
    return next((one for one in sections() if one.code == code), None)


def edition() -> str:
    return str(parsed("assessment")["edition"])


def due_on(admitted_on: date) -> date:
    """By which day the assessment is complete and signed."""
    return admitted_on + timedelta(days=int(parsed("assessment")["due"]["days"]))
