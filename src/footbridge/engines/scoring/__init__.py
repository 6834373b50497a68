"""Instruments scored exactly: answers in, a verdict with its reasons out. No Django, no clock, no files."""

from footbridge.engines.scoring.answers import (
    DECLINED,
    NOT_ASKED,
    UNANSWERED,
    Answer,
    Answers,
    State,
    answered,
    given,
    settle,
    still_to_ask,
)
from footbridge.engines.scoring.definition import Band, BandSet, ChangeRule, Definition, Item, LicenceClass, Wording
from footbridge.engines.scoring.loading import DefinitionError, definition
from footbridge.engines.scoring.safety import (
    Critical,
    IncompleteTriage,
    Risk,
    Triage,
    TriageVerdict,
    Urgency,
    critical,
    criticals,
    triage,
)
from footbridge.engines.scoring.score import Result, Scored, Unscorable, score, score_all

__all__ = [
    "DECLINED",
    "NOT_ASKED",
    "UNANSWERED",
    "Answer",
    "Answers",
    "Band",
    "BandSet",
    "ChangeRule",
    "Critical",
    "Definition",
    "DefinitionError",
    "IncompleteTriage",
    "Item",
    "LicenceClass",
    "Result",
    "Risk",
    "Scored",
    "State",
    "Triage",
    "TriageVerdict",
    "Unscorable",
    "Urgency",
    "Wording",
    "answered",
    "critical",
    "criticals",
    "definition",
    "given",
    "score",
    "score_all",
    "settle",
    "still_to_ask",
    "triage",
]
