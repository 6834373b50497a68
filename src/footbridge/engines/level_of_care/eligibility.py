"""Whether a payer's own tests are met. A test nobody has answered is asked for; it is never taken as met.

Eligibility stands beside the advice and never changes it: what a person needs and what a payer pays are two questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

UNKNOWN = "unknown"


class State(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Test:
    fact: str
    says: str
    good: frozenset[str]
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Payer:
    code: str
    name: str
    level: str
    effective_from: str
    source: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Found:
    test: Test
    answer: str
    state: State


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`state`: met when every test is; not met when one is not; else not known."""

    payer: Payer
    state: State
    tests: tuple[Found, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """Facts to ask for."""
        return tuple(found.test.fact for found in self.tests if found.state is State.NOT_KNOWN)


def payers(parsed: Mapping[str, Any]) -> dict[str, Payer]:
    """Payers by code from a parsed eligibility.yaml. Raises ValueError for a test without a good answer or a source."""
    found: dict[str, Payer] = {}
    for one in parsed["payers"]:
        tests = []
        for line in one["tests"]:
            test = Test(line["fact"], line["says"], frozenset(map(str, line["good"])), line.get("source", ""), line.get("mark", ""))
            if not test.good or not test.source or not test.mark:
                raise ValueError(f"{one['code']}, {test.fact}: a test needs good answers, a source and a mark")
            tests.append(test)
        found[one["code"]] = Payer(
            one["code"], one["name"], one["level"], str(one["effective_from"]), one["source"], tuple(tests)
        )
    return found


def eligibility(payer: Payer, facts: Mapping[str, str]) -> Eligibility:
    """Each test of the payer against the facts."""
    found = []
    for test in payer.tests:
        answer = facts.get(test.fact, UNKNOWN)
        state = State.NOT_KNOWN if answer in (UNKNOWN, "") else State.MET if answer in test.good else State.NOT_MET
        found.append(Found(test, answer, state))
    states = {one.state for one in found}
    whole = State.NOT_MET if State.NOT_MET in states else State.NOT_KNOWN if State.NOT_KNOWN in states else State.MET
    return Eligibility(payer, whole, tuple(found))
