"""Which level of care is advised, and why. The clinician decides; this says what the facts point to.

Shape: safety gates first; then the least intensive level that safely meets the highest need (never an average). Every
dimension carries a written reason. A safety question without an answer never ends in a level: the verdict is to
assess now. Rules are data (data/levels.yaml), reviewed by the program's medical director.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from footbridge.engines.sentence import Sentence, render

UNKNOWN = "unknown"
HIGHEST_RATING = 4


@dataclass(frozen=True, slots=True)
class PlacementRules:
    """`levels` from least to most intensive; `dimensions` gives the least level for each rating; `safety` for each
    answer.
    """

    edition: str
    levels: tuple[str, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    safety: Mapping[str, Mapping[str, str]]
    source: str = ""
    mark: str = ""

    def rank(self, level: str) -> int:
        return self.levels.index(level)


@dataclass(frozen=True, slots=True)
class Rating:
    """0 none, 1 mild, 2 moderate, 3 serious, 4 severe; with the reason in the clinician's words."""

    value: int
    reason: str


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """`safety`: answer by fact (yes, partly, no, unknown; for suicide_triage its result). What is not there is
    unknown.
    """

    ratings: Mapping[str, Rating] = field(default_factory=dict)
    safety: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advice:
    """`reasons` are what asks for this level, safety first. `missing` is filled only when danger did not let us wait
    for the rest.
    """

    level: str
    reasons: tuple[Sentence, ...]
    what_would_change: tuple[Sentence, ...]
    missing: tuple[str, ...] = ()
    edition: str = ""


@dataclass(frozen=True, slots=True)
class NotEnough:
    """No level can be advised. `assess_now` is true while a safety answer is missing. `at_least` is what is known to
    be needed.
    """

    missing: tuple[str, ...]
    assess_now: bool
    at_least: str
    reasons: tuple[Sentence, ...] = ()
    edition: str = ""


Verdict = Advice | NotEnough


def advise(facts: PlacementFacts, rules: PlacementRules) -> Verdict:
    """The advised level. Raises ValueError for a rating outside 0 to 4 or for a dimension or safety answer the rules
    do not know.
    """
    floors, open_safety = _safety_floors(facts, rules)
    rated, open_ratings = _rating_floors(facts, rules)
    floors += rated
    top = max((level for level, _ in floors), key=rules.rank, default=rules.levels[0])
    reasons = tuple(reason for level, reason in floors if level == top and level != rules.levels[0])
    missing = (*open_safety, *open_ratings)
    if top == rules.levels[-1]:  # danger does not wait for the rest of the form
        return Advice(top, reasons, (), missing, rules.edition)
    if missing:
        return NotEnough(missing, bool(open_safety), top, reasons, rules.edition)
    if not reasons:
        reasons = (Sentence("reason.nothing_more", {"level": top}),)
    return Advice(top, reasons, _what_would_change(facts, rules, floors, top), (), rules.edition)


def placement_rules(parsed: Mapping[str, Any]) -> PlacementRules:
    """Rules from a parsed levels.yaml. Raises ValueError when a level is named that is not in the list."""
    levels = tuple(entry["code"] for entry in sorted(parsed["levels"], key=lambda e: e["rank"]))
    dimensions = {name: tuple(row) for name, row in parsed["dimensions"].items()}
    safety = {name: {str(answer): level for answer, level in row.items()} for name, row in parsed["safety"].items()}
    for name, row in dimensions.items():
        if len(row) != HIGHEST_RATING + 1 or any(level not in levels for level in row):
            raise ValueError(f"dimension {name}: five known levels are needed, for ratings 0 to 4")
        ranks = [levels.index(level) for level in row]
        if ranks != sorted(ranks):
            raise ValueError(f"dimension {name}: a higher rating must not ask for a lower level")
    for name, answers in safety.items():
        if unknown := [level for level in answers.values() if level not in levels]:
            raise ValueError(f"safety {name}: {unknown[0]} is not a level")
    return PlacementRules(
        str(parsed["edition"]), levels, dimensions, safety, str(parsed.get("source", "")), str(parsed.get("mark", ""))
    )


def _safety_floors(facts: PlacementFacts, rules: PlacementRules) -> tuple[list[tuple[str, Sentence]], list[str]]:
    floors: list[tuple[str, Sentence]] = []
    missing: list[str] = []
    for name, answers in rules.safety.items():
        answer = facts.safety.get(name, UNKNOWN)
        if answer == UNKNOWN:
            missing.append(name)
        elif answer not in answers:
            raise ValueError(f"{answer!r} is not an answer to {name}")
        else:
            level = answers[answer]
            floors.append((level, Sentence("reason.safety", {"fact": name, "answer": answer, "level": level})))
    return floors, missing


def _rating_floors(facts: PlacementFacts, rules: PlacementRules) -> tuple[list[tuple[str, Sentence]], list[str]]:
    if strangers := sorted(set(facts.ratings) - set(rules.dimensions)):
        raise ValueError(f"{strangers[0]} is not a dimension")
    floors: list[tuple[str, Sentence]] = []
    missing: list[str] = []
    for name, row in rules.dimensions.items():
        rating = facts.ratings.get(name)
        if rating is None:
            missing.append(name)
            continue
        if not 0 <= rating.value <= HIGHEST_RATING:
            raise ValueError(f"{name}: a rating is a number from 0 to {HIGHEST_RATING}")
        if not rating.reason.strip():
            missing.append(f"{name}.reason")
        level = row[rating.value]
        params = {"dimension": name, "rating": rating.value, "why": rating.reason.strip(), "level": level}
        floors.append((level, Sentence("reason.dimension", params)))
    return floors, missing


def _what_would_change(
    facts: PlacementFacts, rules: PlacementRules, floors: list[tuple[str, Sentence]], top: str
) -> tuple[Sentence, ...]:
    out: list[Sentence] = []
    drivers = tuple(_about(reason) for level, reason in floors if level == top)
    below = max((level for level, _ in floors if level != top), key=rules.rank, default=None)
    if rules.rank(top) > 0:
        lower = below or rules.levels[0]
        out.append(Sentence("change.down", {"drivers": drivers, "level": lower}))
    for name, row in rules.dimensions.items():
        value = facts.ratings[name].value
        if value < HIGHEST_RATING and rules.rank(row[value + 1]) > rules.rank(top):
            out.append(Sentence("change.up", {"dimension": name, "rating": value + 1, "level": row[value + 1]}))
    for name, answers in rules.safety.items():
        higher = [(a, level) for a, level in answers.items() if rules.rank(level) > rules.rank(top)]
        if higher:
            answer, level = max(higher, key=lambda pair: rules.rank(pair[1]))
            out.append(Sentence("change.safety", {"fact": name, "answer": answer, "level": level}))
    return tuple(out)


def _about(reason: Sentence) -> object:
    return reason.params.get("dimension", reason.params.get("fact"))


_ENGLISH = {
    "reason.safety": "{fact} is {answer}: at least {level}.",
    "reason.dimension": "{dimension} is rated {rating} ({why}): at least {level}.",
    "reason.nothing_more": "No need and no risk asks for more than {level}.",
    "change.down": "If {drivers} eased, {level} would be enough.",
    "change.up": "If {dimension} rose to {rating}, {level} would be needed.",
    "change.safety": "If {fact} became {answer}, {level} would be needed.",
}


def english(sentence: Sentence) -> str:
    """The sentence in plain English with the codes in it; pages put names in their place."""
    return render(sentence, _ENGLISH)
