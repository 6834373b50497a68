"""What does not wait for a decision: answers of the screening talk, and levels the ratings point to, that somebody must act on now.

Data: `alarms` in data/levels.yaml. Which stage hears which of the two is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

URGENCIES = ("now", "today", "soon")  # most pressing first


@dataclass(frozen=True, slots=True)
class Dangers:
    """`answers`: (fact, answer) → urgency, in the order of the file. `levels`: level → urgency."""

    answers: Mapping[tuple[str, str], str]
    levels: Mapping[str, str]

    def told(self, facts: Mapping[str, str]) -> list[tuple[str, str]]:
        """The facts whose answer is a danger, with the urgency; the most pressing first."""
        found = [(fact, urgency) for (fact, answer), urgency in self.answers.items() if facts.get(fact) == answer]
        return sorted(found, key=lambda one: URGENCIES.index(one[1]))


def dangers(parsed: Mapping[str, Any]) -> Dangers:
    """From a parsed levels.yaml. Raises ValueError for a fact, answer, level or urgency the file does not know."""
    levels = {one["code"] for one in parsed["levels"]}
    answers: dict[tuple[str, str], str] = {}
    asked: dict[str, str] = {}
    for one in parsed.get("alarms", ()):
        if one["urgency"] not in URGENCIES:
            raise ValueError(f"alarms: {one['urgency']} is none of {', '.join(URGENCIES)}")
        if "level" in one:
            if one["level"] not in levels:
                raise ValueError(f"alarms: {one['level']} is not a level")
            asked[one["level"]] = one["urgency"]
        else:
            fact, answer = one["fact"], str(one["answer"])
            if answer not in {str(known) for known in parsed["safety"].get(fact, ())}:
                raise ValueError(f"alarms: {answer!r} is no answer to the safety question {fact}")
            answers[fact, answer] = one["urgency"]
    return Dangers(answers, asked)
