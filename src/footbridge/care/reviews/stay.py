"""Go on or move: the same engine as at admission, asked at each review with the newest ratings, safety answers and how far the
objectives have come. It advises; whoever signs the review decides."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from footbridge.care.placement import advice
from footbridge.care.placement import reads as placement
from footbridge.engines.level_of_care import PlacementFacts, Rating, Stay, StayFacts, english_stay, review_stay
from footbridge.engines.sentence import Sentence
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of


def ask(episode: Episode, at: Any, states: Collection[str] = ()) -> Stay | None:
    """None while nobody has rated. `states` are those of the objectives (met, better, same, worse, dropped); empty: not said yet."""
    newest = placement.newest(episode)
    decision = placement.decision(episode)
    if newest is None or decision is None:
        return None
    first = episode.placement_assessments.order_by("at", "id").prefetch_related("ratings").first()
    before = {name: value for name, (value, _why) in placement.ratings(first).items()} if first and first.pk != newest.pk else {}
    rules, safety = advice.rules(), placement.safety_facts(episode)
    now = PlacementFacts(
        {name: Rating(value, why) for name, (value, why) in placement.ratings(newest).items()},
        {name: answer for name, answer in safety.items() if name in rules.safety}, {name: answer for name, answer in safety.items() if name not in rules.safety},
        population=placement.population(episode.client, day_of(at)),
    )  # fmt: skip
    said = [state for state in states if state != "dropped"]
    met = "unknown" if not said else "yes" if all(one == "met" for one in said) else "no"
    moved = sum(one in ("met", "better") for one in said)
    progressing = "unknown" if not said else "yes" if moved == len(said) else "partly" if moved else "no"
    step = episode.transitions.first()
    return review_stay(StayFacts(step.to_level if step else decision.actual, now, goals_met=met, progressing=progressing, before=before), rules)


def kept(stay: Stay | None) -> dict[str, Any]:
    """As it is stored with the review."""
    return {"verdict": stay.verdict, "to": stay.to, "says": in_words(stay)} if stay else {}


def in_words(stay: Stay) -> list[str]:
    return [_said(one) for one in stay.reasons]


def verdict_said(stay: Stay) -> str:
    words = {
        "continue": _("Go on at this level"), "change": _("Change the plan"), "step_up": _("More care is needed: %(level)s"),
        "step_down": _("Less would be enough: %(level)s"), "discharge": _("Treatment could end"), "assess_now": _("Ask the safety questions first"),
    }  # fmt: skip
    return words[stay.verdict] % {"level": advice.level(stay.to)} if "%(" in words[stay.verdict] else words[stay.verdict]


def _said(sentence: Sentence) -> str:
    if not sentence.code.startswith("stay."):
        return advice.say({"code": sentence.code, "params": dict(sentence.params)})
    params = {
        name: advice.about(str(value)) if name == "dimension" else advice.level(str(value)) if name == "level" else value
        for name, value in sentence.params.items()
    }
    return english_stay(Sentence(sentence.code, params))
