"""What a score sets off when it is saved. Critical answers do not wait for a total; these rules need one.

Nothing fires from a form that could not be scored or from a draft definition. Wording that waits for a person withholds
bands, never a warning. A rule marked K is general knowledge: it fires, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from footbridge.engines.scoring.definition import Definition, Points, TriggerRule
from footbridge.engines.scoring.score import Result, Unscorable


@dataclass(frozen=True, slots=True)
class Trigger:
    """One rule that a score has reached. `severity` is high, same_day or session; `sentence` is for staff, never for
    the client; `mark` is V or V2 for a verified rule, K for general knowledge."""

    code: str
    score: str
    value: Points
    severity: str
    action: str
    sentence: str
    ack_minutes: int | None
    source: str
    mark: str


def triggers(definition: Definition, *scored: Result) -> tuple[Trigger, ...]:
    """What these scores set off, gravest first: `triggers(d, score(d, answers))` or `triggers(d, *score_all(d, a))`."""
    if definition.is_draft:
        return ()
    fired = []
    for rule in definition.score_triggers:
        for result in scored:
            if isinstance(result, Unscorable) or result.score != rule.score:
                continue
            if _is_reached(definition, rule, result.value):
                fired.append(
                    Trigger(
                        rule.code,
                        rule.score,
                        result.value,
                        rule.severity,
                        rule.action,
                        rule.says,
                        rule.ack_minutes,
                        rule.source,
                        rule.mark,
                    )
                )
    return tuple(sorted(fired, key=lambda t: _GRAVITY.index(t.severity)))


_GRAVITY = ("high", "same_day", "session")


def _is_reached(definition: Definition, rule: TriggerRule, value: Points) -> bool:
    if rule.band:
        bands = rule.bands_of(definition)
        band = bands.band(value) if bands else None
        if band is None or band.code != rule.band:
            return False
    if rule.start is not None and value < rule.start:
        return False
    if rule.above is not None and value <= rule.above:
        return False
    return rule.below is None or value < rule.below
