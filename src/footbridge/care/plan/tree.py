"""A plan as it is handed in: plain values, before there are rows. A library entry and a whole draft have this shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class InterventionSketch:
    """`kind` is a ServiceKind; minutes are of one session; `who` is the person or the office that does it."""

    kind: str
    what: str
    amount_minutes: int
    times_a_week: int
    weeks: int
    who: str
    invited: str = ""  # to a family session, beside the client


@dataclass(frozen=True, slots=True)
class ObjectiveSketch:
    """`measure` is an instrument's code when a score tells, else empty; `target_score` is of its main score."""

    text: str
    measure: str = ""
    target: str = ""
    target_on: date | None = None
    interventions: tuple[InterventionSketch, ...] = ()
    target_score: Decimal | None = None
    target_way: str = "at_most"


@dataclass(frozen=True, slots=True)
class GoalSketch:
    own_words: str
    measurable: str = ""
    objectives: tuple[ObjectiveSketch, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemSketch:
    title: str
    icd10: str = ""
    evidence: str = ""
    goals: tuple[GoalSketch, ...] = ()
