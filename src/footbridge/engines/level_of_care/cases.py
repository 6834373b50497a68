"""A case as plain data in, advice with its reasons as plain data out: what `footbridge placement advise` reads and writes.

docs/formats.md describes a case. Nothing is guessed: what is not in the case is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footbridge.engines.level_of_care.advise import (
    HIGHEST_RATING,
    UNKNOWN,
    Advice,
    PlacementFacts,
    PlacementRules,
    Rating,
    Verdict,
    advise,
    english,
)
from footbridge.engines.level_of_care.eligibility import Payer, eligibility
from footbridge.engines.level_of_care.stay import Stay, StayFacts, english_stay, review_stay
from footbridge.engines.sentence import Sentence

POPULATIONS = ("adult", "adolescent")
ANSWERS = ("yes", "partly", "no", UNKNOWN)
NAMES = frozenset({"id", "about", "population", "ratings", "safety", "known", "wish", "payer", "payer_facts", "stay"})
STAY = (
    "goals_met", "progressing", "working", "plan_changed", "can_progress_here", "new_problem", "treatable_here",
)  # fmt: skip


class CaseTrouble(ValueError):
    """What in a case cannot be read. `field` is the path to mend, `message` how."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f"{field}: {message}" if field else message)


def advise_case(case: Mapping[str, Any], rules: PlacementRules, payers: Mapping[str, Payer]) -> dict[str, Any]:
    """Advice for one case, with a sentence for each reason. Raises CaseTrouble."""
    facts = _facts(case, rules)
    out = _said(advise(facts, rules))
    if payer_code := case.get("payer"):
        if payer_code not in payers:
            raise CaseTrouble("payer", f"{payer_code!r} is none of {', '.join(payers)}")
        known = dict(facts.safety) | dict(facts.known) | _answers(case, "payer_facts", None)
        found = eligibility(payers[payer_code], known)
        out["eligibility"] = {
            "payer": found.payer.code,
            "state": found.state.value,
            "tests": [
                {"fact": t.test.fact, "state": t.state.value, "says": t.test.says, "source": t.test.source, "mark": t.test.mark}
                for t in found.tests
            ],
        }
    if "stay" in case:
        out["stay"] = _stay_said(review_stay(_stay(case["stay"], facts, rules), rules))
    return out


def _facts(case: Mapping[str, Any], rules: PlacementRules) -> PlacementFacts:
    if strange := sorted(set(case) - NAMES):
        raise CaseTrouble(strange[0], f"is not a part of a case; the parts are {', '.join(sorted(NAMES))}")
    ratings: dict[str, Rating] = {}
    for name, given in _object(case, "ratings").items():
        where = f"ratings.{name}"
        if name not in rules.dimensions:
            raise CaseTrouble(where, f"is not a dimension; the dimensions are {', '.join(rules.dimensions)}")
        if not isinstance(given, Mapping) or set(given) - {"rating", "reason"} or "rating" not in given:
            raise CaseTrouble(where, 'must be {"rating": 0 to 4, "reason": "..."}')
        value, reason = given["rating"], given.get("reason", "")
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST_RATING:
            raise CaseTrouble(f"{where}.rating", f"must be a whole number from 0 to {HIGHEST_RATING}")
        if not isinstance(reason, str):
            raise CaseTrouble(f"{where}.reason", "must be text")
        ratings[name] = Rating(value, reason)
    safety = _answers(case, "safety", None)
    for name, answer in safety.items():
        if name not in rules.safety:
            raise CaseTrouble(f"safety.{name}", f"is not a safety question; they are {', '.join(rules.safety)}")
        if answer != UNKNOWN and answer not in rules.safety[name]:
            raise CaseTrouble(f"safety.{name}", f"{answer!r} is none of {', '.join((*rules.safety[name], UNKNOWN))}")
    wish, population = case.get("wish", ""), case.get("population", "adult")
    if wish and wish not in rules.levels:
        raise CaseTrouble("wish", f"{wish!r} is none of {', '.join(rules.levels)}")
    if population not in POPULATIONS:
        raise CaseTrouble("population", f"{population!r} is none of {', '.join(POPULATIONS)}")
    return PlacementFacts(ratings, safety, _answers(case, "known", ANSWERS), wish, population)


def _object(case: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = case.get(name, {})
    if not isinstance(found, Mapping):
        raise CaseTrouble(name, "must be an object: {...}")
    return found


def _answers(case: Mapping[str, Any], name: str, allowed: tuple[str, ...] | None) -> dict[str, str]:
    found = {}
    for fact, answer in _object(case, name).items():
        if not isinstance(answer, str) or (allowed and answer not in allowed):
            raise CaseTrouble(f"{name}.{fact}", f"must be one of {', '.join(allowed)}" if allowed else "must be text")
        found[str(fact)] = answer
    return found


def _stay(given: Any, now: PlacementFacts, rules: PlacementRules) -> StayFacts:
    if not isinstance(given, Mapping):
        raise CaseTrouble("stay", "must be an object: {...}")
    if strange := sorted(set(given) - {"level", "before", *STAY}):
        raise CaseTrouble(f"stay.{strange[0]}", f"is not a part of a stay; the parts are level, before, {', '.join(STAY)}")
    level = given.get("level")
    if level not in rules.levels:
        raise CaseTrouble("stay.level", f"must be one of {', '.join(rules.levels)}")
    answers = _answers({"stay": {k: v for k, v in given.items() if k in STAY}}, "stay", ANSWERS)
    before = given.get("before", {})
    if not isinstance(before, Mapping) or any(
        name not in rules.dimensions or isinstance(v, bool) or not isinstance(v, int) or not 0 <= v <= HIGHEST_RATING
        for name, v in before.items()
    ):
        raise CaseTrouble("stay.before", f"must give a rating from 0 to {HIGHEST_RATING} by dimension")
    return StayFacts(level, now, **answers, before=dict(before))


def _said(verdict: Verdict) -> dict[str, Any]:
    out: dict[str, Any] = {"rules": verdict.edition}
    if isinstance(verdict, Advice):
        out |= {"verdict": "advice", "level": verdict.level}
    else:
        out |= {"verdict": "assess_now" if verdict.assess_now else "not_enough", "at_least": verdict.at_least}
    out["reasons"] = [_sentence(s) for s in verdict.reasons]
    out["by_dimension"] = [_sentence(s) for s in verdict.by_dimension]
    if isinstance(verdict, Advice):
        out["would_change"] = [_sentence(s) for s in verdict.what_would_change]
        out["fit"] = [_sentence(s) for s in verdict.fit]
    return out | {"missing": list(verdict.missing), "open_points": list(verdict.open_points)}


def _stay_said(stay: Stay) -> dict[str, Any]:
    return {
        "verdict": stay.verdict,
        "to": stay.to,
        "reasons": [_sentence(s) for s in stay.reasons],
        "missing": list(stay.missing),
    }


def _sentence(sentence: Sentence) -> str:
    return english_stay(sentence) if sentence.code.startswith("stay.") else english(sentence)
