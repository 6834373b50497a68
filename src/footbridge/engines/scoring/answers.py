"""The four things an item can be: answered, unanswered, not asked, declined. They are never mixed up, and none of
them is zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from footbridge.engines.scoring.definition import Definition, Gate, Item


class State(StrEnum):
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Answer:
    state: State
    value: object = None


UNANSWERED = Answer(State.UNANSWERED)
NOT_ASKED = Answer(State.NOT_ASKED)
DECLINED = Answer(State.DECLINED)

Answers = Mapping[str, Answer]


def answered(value: object) -> Answer:
    """An answer given: the code of the choice, or a number. A blank is not an answer."""
    if value is None or value == "":
        return UNANSWERED
    if type(value) is str and len(value) < 4:  # codes of choices: a file has a million of them and few are different
        known = _known.get(value)
        if known is None and len(_known) < 1000:
            known = _known[value] = Answer(State.ANSWERED, value)
        if known is not None:
            return known
    return Answer(State.ANSWERED, value)


_known: dict[str, Answer] = {}


def given(values: Mapping[str, object]) -> dict[str, Answer]:
    """Answers from plain values ({"1": "2", "2": None}); blanks become unanswered."""
    return {item: value if isinstance(value, Answer) else answered(value) for item, value in values.items()}


def settle(definition: Definition, answers: Answers) -> dict[str, Answer]:
    """The state of every item of the form once its gates are applied.

    A gate closes only by an answer that is one of its choices: while the gating item is blank, its items stay
    unanswered, never "not asked". An answer that was given although the gate is closed (paper!) is kept: throwing away a
    "yes" is worse than keeping an odd one. "Not asked" is believed only where a gate can say so, or where an alternative
    was answered.
    """
    settled: dict[str, Answer] = {}
    for item in definition.items:
        answer = answers.get(item.code, UNANSWERED)
        if answer.state is State.ANSWERED:
            settled[item.code] = answer
        elif _is_spared(definition, item, settled, answers):
            settled[item.code] = NOT_ASKED
        elif answer.state is State.NOT_ASKED:
            settled[item.code] = UNANSWERED
        else:
            settled[item.code] = answer
    return settled


def _is_spared(definition: Definition, item: Item, settled: Answers, answers: Answers) -> bool:
    """The gate of an item is closed, or one of its alternatives was answered."""
    gate = definition.gate_of(item.code)
    if gate is not None and gate_is_closed(definition, gate, settled):
        return True
    for code in item.alternative_to:
        answer, other = answers.get(code, UNANSWERED), definition.item(code)
        if answer.state is State.ANSWERED and other is not None and other.is_valid(answer.value):
            return True
    return False


def gate_is_closed(definition: Definition, gate: Gate, answers: Answers) -> bool:
    """True when every item that could open the gate was answered with another of its choices, or was itself not
    asked."""
    for code, opening in gate.opened_by:
        answer, item = answers.get(code, UNANSWERED), definition.item(code)
        if answer.state is State.NOT_ASKED:
            continue
        if answer.state is not State.ANSWERED or item is None or not item.is_valid(answer.value):
            return False
        if _as_written(item, answer.value) in opening:
            return False
    return True


def _as_written(item: Item, value: object) -> str:
    """An answer as a gate names it: "03" and 3.0 days are the 3 of the file."""
    if item.kind != "number":
        return str(value)
    return format(Decimal(str(value)).normalize(), "f")


def still_to_ask(definition: Definition, answers: Answers) -> tuple[str, ...]:
    """Codes of items that a person would still be asked now, in order of the form."""
    return tuple(code for code, answer in settle(definition, answers).items() if answer.state is State.UNANSWERED)
