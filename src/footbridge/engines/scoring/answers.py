"""The four things an item can be: answered, unanswered, not asked, declined. They are never mixed up, and none of
them is zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from footbridge.engines.scoring.definition import Definition, Gate


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
    return Answer(State.ANSWERED, value)


def given(values: Mapping[str, object]) -> dict[str, Answer]:
    """Answers from plain values ({"1": "2", "2": None}); blanks become unanswered."""
    return {item: value if isinstance(value, Answer) else answered(value) for item, value in values.items()}


def settle(definition: Definition, answers: Answers) -> dict[str, Answer]:
    """The state of every item of the form once its gates are applied.

    A gate closes only by an answer: while the gating item is blank, its items stay unanswered, never "not asked". An
    answer that was given although the gate is closed (paper!) is kept: throwing away a "yes" is worse than keeping an
    odd one. "Not asked" is believed only where a gate can say so.
    """
    settled: dict[str, Answer] = {}
    for item in definition.items:
        answer = answers.get(item.code, UNANSWERED)
        gate = definition.gate_of(item.code)
        if answer.state is State.ANSWERED:
            settled[item.code] = answer
        elif gate is not None and gate_is_closed(gate, settled.get(gate.item, answers.get(gate.item, UNANSWERED))):
            settled[item.code] = NOT_ASKED
        elif answer.state is State.NOT_ASKED:
            settled[item.code] = UNANSWERED
        else:
            settled[item.code] = answer
    return settled


def gate_is_closed(gate: Gate, answer: Answer) -> bool:
    """True when the gating item was answered with something else, or was itself not asked."""
    if answer.state is State.NOT_ASKED:
        return True
    return answer.state is State.ANSWERED and str(answer.value) not in gate.answers


def still_to_ask(definition: Definition, answers: Answers) -> tuple[str, ...]:
    """Codes of items that a person would still be asked now, in order of the form."""
    return tuple(code for code, answer in settle(definition, answers).items() if answer.state is State.UNANSWERED)
