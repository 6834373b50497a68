"""Answers that somebody must know about: single critical answers, and the triage of the C-SSRS screener.

The triage goes by a rule that is data (data/suicide_triage.yaml: Columbia, and the VA variant). In each, a blank is never a
No. A draft definition still fires: unverified wording may withhold a band, never a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from footbridge.engines.scoring.answers import Answers, State, settle
from footbridge.engines.scoring.definition import Definition


@dataclass(frozen=True, slots=True)
class Critical:
    """One answer that fires by itself. `severity` is high, same_day or session."""

    item: str
    value: str
    severity: str
    action: str
    ack_minutes: int | None


def critical(definition: Definition, item: str, value: object) -> Critical | None:
    """What this one answer sets off, before any total is known; the gravest rule wins."""
    fired = [r for r in definition.critical if r.item == item and r.fired_by(value)]
    if not fired:
        return None
    rule = min(fired, key=lambda r: _GRAVITY.index(r.severity))
    return Critical(item, str(value), rule.severity, rule.action, rule.ack_minutes)


def criticals(definition: Definition, answers: Answers) -> tuple[Critical, ...]:
    """Every critical answer of a form so far, gravest first; works on a form that was abandoned."""
    heard = {rule.item for rule in definition.critical}
    fired = (critical(definition, code, answers[code].value) for code in heard if _is_answered(answers, code))
    return tuple(sorted((c for c in fired if c is not None), key=lambda c: (_GRAVITY.index(c.severity), c.item)))


def _is_answered(answers: Answers, code: str) -> bool:
    answer = answers.get(code)
    return answer is not None and answer.state is State.ANSWERED


def critical_outside(definition: Definition, value: object, score_id: str | None = None) -> Critical | None:
    """What a total typed in from outside sets off; the gravest rule wins. None for a number out of its range."""
    outside = definition.outside_score(score_id)
    number = outside.number(value) if outside is not None else None
    if outside is None or number is None:
        return None
    fired = [r for r in outside.critical if r.fired_by(number)]
    if not fired:
        return None
    rule = min(fired, key=lambda r: _GRAVITY.index(r.severity))
    return Critical(outside.id, str(value), rule.severity, rule.action, rule.ack_minutes)


_GRAVITY = ("high", "same_day", "session")


class Risk(StrEnum):
    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    ELEVATED = "elevated"
    HIGH = "high"


class Urgency(StrEnum):
    """How soon a clinician must be with the person."""

    NONE = "none"
    SESSION = "session"
    SAME_DAY = "same_day"
    SAME_HOUR = "same_hour"


@dataclass(frozen=True, slots=True)
class Triage:
    """A finished verdict. `because` names the parts answered yes; `missing` items could not have made it lower."""

    risk: Risk
    urgency: Urgency
    because: tuple[str, ...]
    rule: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncompleteTriage:
    """Not answerable yet: `missing` (item codes, declined ones too) must be asked. `at_least` is what is already
    known.
    """

    at_least: Risk
    urgency: Urgency
    missing: tuple[str, ...]
    declined: tuple[str, ...]
    because: tuple[str, ...]
    rule: str

    @property
    def sentence(self) -> str:
        return f"Not complete: ask item {', '.join(self.missing)}. A blank is not a No."


TriageVerdict = Triage | IncompleteTriage

PARTS = ("wish", "thoughts", "method", "intent", "plan", "behavior", "behavior_recent")


@dataclass(frozen=True, slots=True)
class TriageRule:
    """Which level each part answered yes gives, and how soon somebody must be there. Data, with its source."""

    code: str
    levels: Mapping[str, Risk]
    urgency: Mapping[str, Urgency]
    name: str = ""
    says: str = ""
    source: str = ""
    mark: str = ""


def triage_rules(table: Mapping[str, Any]) -> dict[str, TriageRule]:
    """The rules of data/suicide_triage.yaml by code, the default first. Raises ValueError for a rule that leaves a part out."""
    soon = {part: Urgency(said) for part, said in table["urgency"].items()}
    found = {}
    for one in table["rules"]:
        levels = {part: Risk(said) for part, said in one["levels"].items()}
        if set(levels) != set(PARTS) or set(soon) != set(PARTS):
            raise ValueError(f"{one['code']}: name a level and a time for each of {', '.join(PARTS)}")
        found[one["code"]] = TriageRule(one["code"], levels, soon, one["name"], one["says"], one["source"], one["mark"])
    return found


def triage(definition: Definition, answers: Answers, rule: TriageRule) -> TriageVerdict:
    """Risk by the C-SSRS screener. Raises ValueError for a form without triage roles.

    Where the form asks about recent behavior only (no item of its own for the past three months), a yes is recent behavior.
    """
    roles = definition.triage
    if roles is None:
        raise ValueError(f"{definition.id} cannot be triaged")
    settled = settle(definition, answers)

    def heard(code: str) -> bool | None:
        answer = settled[code]
        if answer.state is State.NOT_ASKED:
            return False
        if answer.state is not State.ANSWERED:
            return None
        return {"yes": True, "no": False}.get(answer.value.lower()) if isinstance(answer.value, str) else None

    items = {name: getattr(roles, name) for name in PARTS if name not in ("behavior", "behavior_recent")}
    if roles.behavior_recent is None:
        items["behavior_recent"] = roles.behavior
    else:
        items["behavior"] = roles.behavior
    yes = {name for name, code in items.items() if heard(code) is True}
    blank = [code for code in items.values() if heard(code) is None]
    if roles.behavior_recent is not None:
        recent = heard(roles.behavior_recent)
        if recent is True:
            yes |= {"behavior", "behavior_recent"}
        elif recent is None and "behavior" in yes:
            blank.append(roles.behavior_recent)

    risk = max((rule.levels[name] for name in yes), key=_RISKS.index, default=Risk.NONE)
    urgency = max((rule.urgency[name] for name in yes), key=_URGENCIES.index, default=Urgency.NONE)
    because = tuple(name for name in PARTS if name in yes)
    # The gravest there is cannot become graver by what is missing.
    if not blank or urgency is Urgency.SAME_HOUR:
        return Triage(risk, urgency, because, rule.code, tuple(blank))
    declined = tuple(code for code in blank if settled[code].state is State.DECLINED)
    return IncompleteTriage(risk, urgency, tuple(blank), declined, because, rule.code)


_RISKS = (Risk.NONE, Risk.LOW, Risk.MODERATE, Risk.ELEVATED, Risk.HIGH)
_URGENCIES = (Urgency.NONE, Urgency.SESSION, Urgency.SAME_DAY, Urgency.SAME_HOUR)
