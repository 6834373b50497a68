"""Answers that somebody must know about: single critical answers, and the triage of the C-SSRS screener.

Triage rules: Columbia (thoughts only: low; method, or behavior long ago: moderate; intent, plan or behavior in three
months: high) and the VA variant (any of method, intent, plan, recent behavior: elevated). In both, a blank is never a
No. A draft definition still fires: unverified wording may withhold a band, never a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from footbridge.engines.scoring.answers import Answers, State, settle
from footbridge.engines.scoring.definition import Definition, TriageRoles


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
    fired = (critical(definition, code, a.value) for code, a in answers.items() if a.state is State.ANSWERED)
    return tuple(sorted((c for c in fired if c is not None), key=lambda c: (_GRAVITY.index(c.severity), c.item)))


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

_COLUMBIA = (Risk.NONE, Risk.LOW, Risk.MODERATE, Risk.HIGH)
_URGENCY = (Urgency.NONE, Urgency.SESSION, Urgency.SAME_DAY, Urgency.SAME_HOUR)


def triage(definition: Definition, answers: Answers, rule: str = "columbia") -> TriageVerdict:
    """Risk by the C-SSRS screener. `rule` is "columbia" or "va". Raises ValueError for a form without triage roles or
    an unknown rule.
    """
    roles = definition.triage
    if roles is None or rule not in ("columbia", "va"):
        raise ValueError(f"{definition.id} cannot be triaged by {rule!r}")
    settled = settle(definition, answers)

    def heard(code: str) -> bool | None:
        answer = settled[code]
        if answer.state is State.NOT_ASKED:
            return False
        if answer.state is not State.ANSWERED:
            return None
        return {"yes": True, "no": False}.get(str(answer.value).lower())

    weights = _weights(roles)
    yes = {name for name, (code, _) in weights.items() if heard(code) is True}
    blank = [code for _, (code, _) in weights.items() if heard(code) is None]
    if roles.behavior_recent is not None and heard(roles.behavior) is True:
        recent = heard(roles.behavior_recent)
        if recent is True:
            yes.add("behavior_recent")
        elif recent is None:
            blank.append(roles.behavior_recent)
    elif roles.behavior_recent is not None and heard(roles.behavior_recent) is True:
        yes |= {"behavior", "behavior_recent"}

    level = max((3 if name == "behavior_recent" else weights[name][1] for name in yes), default=0)
    because = tuple(name for name in (*weights, "behavior_recent") if name in yes)
    settled_high = level == 3
    if settled_high or not blank:
        return Triage(_risk(rule, level, yes), _URGENCY[level], because, rule, tuple(blank))
    declined = tuple(code for code in blank if settled[code].state is State.DECLINED)
    return IncompleteTriage(_risk(rule, level, yes), _URGENCY[level], tuple(blank), declined, because, rule)


def _weights(roles: TriageRoles) -> dict[str, tuple[str, int]]:
    """Part → (item, gravity 1 low … 3 high). Without a separate "past 3 months" item the form asks about recent
    behavior only: high.
    """
    return {
        "wish": (roles.wish, 1),
        "thoughts": (roles.thoughts, 1),
        "method": (roles.method, 2),
        "intent": (roles.intent, 3),
        "plan": (roles.plan, 3),
        "behavior": (roles.behavior, 2 if roles.behavior_recent is not None else 3),
    }


def _risk(rule: str, level: int, yes: set[str]) -> Risk:
    if rule == "columbia":
        return _COLUMBIA[level]
    # VA: one step only. Behavior long ago alone is not "elevated"; it stays low and is talked about in session or the
    # same day.
    if yes & {"method", "intent", "plan", "behavior_recent"} or level == 3:
        return Risk.ELEVATED
    return Risk.LOW if yes else Risk.NONE
