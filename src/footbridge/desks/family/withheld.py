"""What a supporter does not see although it stands in what they see: alcohol and drugs, sexual health, suicide screens.

A plan, a list of medicines or a chart can speak of these. Each part that does is left out unless its class was granted. By code where
there is one, by word where there is none: rather a line too few than one too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from footbridge.care.measures.reads import InstrumentCourse
from footbridge.care.medication.models import Medication
from footbridge.care.plan.models import Plan, Problem
from footbridge.care.plan.reads import texts
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.people.words import Scope
from footbridge.kit.web import shapes

# Measures that ask about alcohol, drugs or craving.
ABOUT_USE = frozenset({
    "ace", "audit", "audit_c", "bam_iop", "bam_r", "ciwa_ar", "cows", "dast10", "dast10_unable", "dsm5_level1", "pacs", "socrates", "socrates_8a", "taps",
})  # fmt: skip
CODES = {Scope.SUBSTANCE: re.compile(r"^(F1[0-9]|T40|T51|Z71\.[45]|Z72\.[02])"), Scope.SEXUAL: re.compile(r"^(F52|F64|F66|Z30|Z31|Z33|Z34|Z70|Z72\.5|B20|A5[0-9]|A6[0-4])")}
WORDS = {
    Scope.SUBSTANCE: re.compile(
        r"alcohol|drink|drunk|sober|abstin|drug|substance|opioid|opiate|heroin|fentanyl|cocaine|stimulant|\bmeth\b|cannabis|marijuana|benzo|overdose|naloxone"
        r"|narcan|buprenorphine|suboxone|sublocade|methadone|naltrexone|vivitrol|acamprosate|disulfiram|varenicline|relapse|recovery|return to use"
        r"|withdrawal sympt|withdrawal manag|\burges?\b|craving|\bAA\b|\bNA\b|12.step|sponsor|bebe|bebida|droga|sustancia|opioide|recaída|recuperación|abstinencia",
        re.IGNORECASE,
    ),
    Scope.SEXUAL: re.compile(r"\bsex|contracep|pregnan|fertil|\bHIV\b|\bSTI\b|\bSTD\b|tenofovir|emtricitabine|embaraz|anticoncep|\bVIH\b", re.IGNORECASE),
    Scope.SCREENS: re.compile(r"suicid|\bkill|self.?harm|hurting myself|C-SSRS|matarme|hacerme daño|autolesi", re.IGNORECASE),
}


def is_open(may: frozenset[str], *said: str, code: str = "") -> bool:
    """Whether words (and a diagnosis code) speak of nothing that was not granted."""
    for scope, words in WORDS.items():
        if scope in may:
            continue
        by_code = CODES.get(scope)
        if (by_code is not None and by_code.match(code)) or any(words.search(text) for text in said):
            return False
    return True


def plan(found: Plan, may: frozenset[str]) -> tuple[Plan, bool]:
    """The plan without the problems that speak of what was not granted, and whether any was left out. Never saved."""
    problems = list(found.problems.all())
    kept = [one for one in problems if is_open(may, *_words(one), code=one.icd10)]
    found._prefetched_objects_cache["problems"] = kept  # type: ignore[attr-defined]
    if not is_open(may, found.strengths):
        found.strengths = ""
    return found, len(kept) < len(problems)


def _words(problem: Problem) -> Iterable[str]:
    yield from texts(problem)
    yield problem.diagnosis  # the code is shown in words, and the words can say what was not granted
    for goal in problem.goals.all():
        yield from texts(goal)
        for objective in goal.objectives.all():
            yield from texts(objective)
            for doing in objective.interventions.all():
                yield from texts(doing)


def course(found: Iterable[InstrumentCourse], may: frozenset[str]) -> list[InstrumentCourse]:
    """The charts without those about alcohol and drugs and without suicide screens, unless granted; no links to files."""
    kept = []
    for one in found:
        if one.code in ABOUT_USE and Scope.SUBSTANCE not in may:
            continue
        form = shelf.definition(one.points[-1].sheet) if one.points else None
        if form is not None and form.triage is not None and Scope.SCREENS not in may:
            continue
        kept.append(replace(one, series=replace(one.series, links=[])))
    return kept


def medicines(found: Iterable[Medication], may: frozenset[str]) -> list[Medication]:
    return [one for one in found if (Scope.SUBSTANCE in may or not one.moud) and is_open(may, one.name, one.why, one.dose, one.how_often)]


def week(found: shapes.Timetable, may: frozenset[str], instead: str) -> shapes.Timetable:
    """The week with a plain word in place of a group's name that speaks of what was not granted."""
    def named(entry: shapes.Entry) -> shapes.Entry:
        return entry if is_open(may, str(entry.title)) else replace(entry, title=instead)

    return replace(found, rows=[replace(row, cells=[[named(entry) for entry in cell] for cell in row.cells]) for row in found.rows])
