"""Answers that do not fit together. A check asks people to look again; it never changes an answer or a score."""

from __future__ import annotations

from dataclasses import dataclass

from footbridge.engines.scoring.answers import Answer, Answers, State, settle
from footbridge.engines.scoring.definition import CheckRule, Definition, Points


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A check that these answers break. `items` are those to look at again, in order of the form."""

    code: str
    items: tuple[str, ...]
    sentence: str


def checks(definition: Definition, answers: Answers, *, language: str | None = None) -> tuple[Inconsistency, ...]:
    """Every check broken by what was answered, in the order of the definition.

    A blank, a declined or a not-asked item breaks nothing, and neither does an answer that carries no points or is none
    of the choices. The sentence is in `language` where the wording has it, else in English.
    """
    settled = settle(definition, answers)
    wording = definition.wordings.get(language) if language else None
    broken = []
    for rule in definition.checks:
        if _is_broken(definition, rule, settled):
            sentence = (wording.checks.get(rule.code) if wording else None) or rule.says
            broken.append(Inconsistency(rule.code, rule.items, sentence))
    return tuple(broken)


def _is_broken(definition: Definition, rule: CheckRule, settled: dict[str, Answer]) -> bool:
    def points(code: str) -> Points | None:
        item, answer = definition.item(code), settled[code]
        if item is None or answer.state is not State.ANSWERED or not item.is_valid(answer.value):
            return None
        return item.points(answer.value)

    if rule.not_above is not None:
        more, less = rule.not_above
        left, right = points(more), points(less)
        return left is not None and right is not None and left > right
    for code, low, high in rule.when:
        value = points(code)
        if value is None or (low is not None and value < low) or (high is not None and value > high):
            return False
    return True
