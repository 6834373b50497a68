"""Does somebody go on at their level, or move? The same ratings and gates as at admission, asked again at each review.

Shape, in own words after public summaries of continued-stay and transfer criteria [K]: go on while there is progress and goals
are open, or no progress yet and the person works at it, or something new came up that can be treated here; move when goals are
met, when a changed plan did not help, when this level cannot help, or when the need has become another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from footbridge.engines.level_of_care.advise import (
    Advice,
    NotEnough,
    PlacementFacts,
    PlacementRules,
    Verdict,
    advise,
)
from footbridge.engines.sentence import Sentence, render

CONTINUE, CHANGE, STEP_UP, STEP_DOWN, DISCHARGE, ASSESS = "continue", "change", "step_up", "step_down", "discharge", "assess_now"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StayFacts:
    """`now`: ratings and safety of today. The others are yes, partly, no or unknown:
    `goals_met`; `progressing`; `working`: takes part and works at the goals; `plan_changed`: the plan was changed because there
    was no progress; `can_progress_here`: nothing makes progress at this level impossible; `new_problem` came up, and it is
    `treatable_here`.
    """

    level: str
    now: PlacementFacts
    goals_met: str = UNKNOWN
    progressing: str = UNKNOWN
    working: str = UNKNOWN
    plan_changed: str = UNKNOWN
    can_progress_here: str = UNKNOWN
    new_problem: str = "no"
    treatable_here: str = UNKNOWN
    before: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stay:
    """`verdict`: continue, change (the plan), step_up, step_down, discharge or assess_now. `to` is the level pointed to."""

    verdict: str
    to: str
    reasons: tuple[Sentence, ...]
    missing: tuple[str, ...] = ()
    advice: Verdict | None = None


def review_stay(facts: StayFacts, rules: PlacementRules) -> Stay:
    """Go on, change or move. Raises ValueError for a level, dimension or safety answer the rules do not know."""
    if facts.level not in rules.levels:
        raise ValueError(f"{facts.level} is not a level")
    verdict = advise(facts.now, rules)
    moved = _moved(facts)
    if isinstance(verdict, NotEnough):
        if rules.rank(verdict.at_least) > rules.rank(facts.level):
            return Stay(STEP_UP, verdict.at_least, (*verdict.reasons, *moved), verdict.missing, verdict)
        if verdict.assess_now:
            return Stay(ASSESS, facts.level, (Sentence("stay.assess", {}),), verdict.missing, verdict)
        return Stay(CONTINUE, facts.level, (Sentence("stay.not_rated", {}), *moved), verdict.missing, verdict)
    if rules.rank(verdict.level) > rules.rank(facts.level):
        return Stay(STEP_UP, verdict.level, (*verdict.reasons, *moved), verdict.missing, verdict)
    return _here(facts, rules, verdict, moved)


def _here(facts: StayFacts, rules: PlacementRules, verdict: Advice, moved: tuple[Sentence, ...]) -> Stay:
    less = rules.rank(verdict.level) < rules.rank(facts.level)

    def stay(code: str, to: str, *reasons: Sentence) -> Stay:
        return Stay(code, to, (*reasons, *moved), (), verdict)

    if facts.new_problem == "yes":
        if facts.treatable_here == "no":
            return stay(CHANGE, facts.level, Sentence("stay.new_not_here", {}))
        return stay(CONTINUE, facts.level, Sentence("stay.new_here", {}))
    if facts.goals_met == "yes":
        if less:
            return stay(STEP_DOWN, verdict.level, Sentence("stay.goals_met", {}), *verdict.reasons)
        if facts.level == rules.levels[0]:
            return stay(DISCHARGE, facts.level, Sentence("stay.goals_met", {}))
        return stay(CONTINUE, facts.level, Sentence("stay.goals_met_need_stays", {"level": facts.level}), *verdict.reasons)
    if facts.can_progress_here == "no":
        return stay(CHANGE, facts.level, Sentence("stay.cannot_here", {}))
    if facts.progressing in ("yes", "partly"):
        if less:
            return stay(STEP_DOWN, verdict.level, Sentence("stay.progress_and_less", {"level": verdict.level}), *verdict.reasons)
        return stay(CONTINUE, facts.level, Sentence("stay.progress", {}))
    if facts.progressing == "no":
        if facts.plan_changed == "yes":
            return stay(CHANGE, facts.level, Sentence("stay.plan_did_not_help", {}))
        if facts.working in ("yes", "partly"):
            return stay(CHANGE, facts.level, Sentence("stay.working", {}))
        return stay(CHANGE, facts.level, Sentence("stay.not_working", {}))
    missing = tuple(name for name in ("goals_met", "progressing") if getattr(facts, name) == UNKNOWN)
    return Stay(CONTINUE, facts.level, (Sentence("stay.progress_not_known", {}), *moved), missing, verdict)


def _moved(facts: StayFacts) -> tuple[Sentence, ...]:
    """What rose or fell since the ratings before, dimension by dimension."""
    out = []
    for name, was in facts.before.items():
        now = facts.now.ratings.get(name)
        if now is not None and now.value != was:
            code = "stay.rose" if now.value > was else "stay.fell"
            out.append(Sentence(code, {"dimension": name, "was": was, "now": now.value}))
    return tuple(out)


_ENGLISH = {
    "stay.assess": "A safety question has no answer today. Ask first.",
    "stay.not_rated": "Not every dimension is rated today, so nothing is pointed to yet.",
    "stay.new_here": "Something new came up that can be treated at this level.",
    "stay.new_not_here": "Something new came up that cannot be treated here: look for the place that can.",
    "stay.goals_met": "The goals of this level are met.",
    "stay.goals_met_need_stays": "The goals are met, yet the ratings of today still ask for {level}: set new goals or rate again.",
    "stay.cannot_here": "Progress is not possible at this level: look for the level or program where it is.",
    "stay.progress": "There is progress, and goals are still open.",
    "stay.progress_and_less": "There is progress, and what is left needs no more than {level}.",
    "stay.plan_did_not_help": "A changed plan did not help: another level or program is due to be weighed.",
    "stay.working": "No progress yet, and the person works at it: change the plan and go on.",
    "stay.not_working": "No progress, and little part taken: talk about what stands in the way and change the plan.",
    "stay.progress_not_known": "Nobody has said whether there is progress.",
    "stay.rose": "{dimension} rose from {was} to {now}.",
    "stay.fell": "{dimension} fell from {was} to {now}.",
}


def english_stay(sentence: Sentence) -> str:
    """The sentence in plain English; pages put names in the place of codes. Raises KeyError for one of another engine."""
    return render(sentence, _ENGLISH)
