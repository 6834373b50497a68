"""What a rating can rest on: answers of the screen, scores, sections of the assessment. A code, what it says, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format

from footbridge.care.assessment import reads as assessment
from footbridge.care.assessment.sections import sections
from footbridge.care.screening import reads as screening
from footbridge.care.screening.words import Fact, Known
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import reads as instruments

from .words import Dimension

# Which answers of the screen speak to which dimension.
FACTS: Mapping[str, tuple[Fact, ...]] = {
    Dimension.WITHDRAWAL: (Fact.WITHDRAWAL_RISK, Fact.SUBSTANCE_USE),
    Dimension.MEDICAL: (Fact.MEDICALLY_STABLE, Fact.SELF_CARE),
    Dimension.MENTAL: (Fact.SAFE_NOW, Fact.FUNCTIONING, Fact.SELF_CARE),
    Dimension.READINESS: (Fact.AVAILABLE, Fact.TRANSPORT, Fact.STRUCTURE_NEEDED),
    Dimension.RETURN: (Fact.STEPPING_DOWN, Fact.TRIED_OUTPATIENT, Fact.STRUCTURE_NEEDED),
    Dimension.SURROUNDINGS: (Fact.HOME_STABLE, Fact.HOME_SUPPORTIVE, Fact.HOME_SAFE),
}
SCORES_SPEAK_TO = frozenset({Dimension.WITHDRAWAL, Dimension.MENTAL, Dimension.RETURN})


@dataclass(frozen=True, slots=True)
class Evidence:
    code: str
    says: str


def of(episode: Episode) -> dict[str, list[Evidence]]:
    """By dimension, what is known that speaks to it."""
    screen = screening.latest(episode)
    answers = screening.answers(screen) if screen else {}
    facts = {
        fact: Evidence(f"fact:{fact}", f"{fact.label}: {Known(answers[fact][0]).label}{f' ({answers[fact][1]})' if answers[fact][1] else ''}")
        for fact in Fact
        if fact in answers and answers[fact][0] != Known.UNKNOWN
    }
    scores = []
    for series in instruments.all_series(episode.client).values():
        last = series[-1]
        value = "" if last.value is None else f"{last.value.normalize():f}"
        said = " · ".join(part for part in (value, str(last.band or "")) if part)
        on = date_format(last.on, "DATE_FORMAT")
        scores.append(Evidence(f"score:{last.sheet.instrument.code}", f"{last.sheet.instrument.title}: {said}, {on}"))
    written = assessment.newest(episode)
    notes = [Evidence(f"section:{one.code}", str(one.title)) for one in sections() if one.code in written]
    return {
        dimension: [*(facts[fact] for fact in FACTS[dimension] if fact in facts), *(scores if dimension in SCORES_SPEAK_TO else []), *notes]
        for dimension in Dimension.values
    }


def where(episode: Episode, code: str) -> str:
    """The page on which it stands."""
    kind, _colon, key = code.partition(":")
    try:
        if kind == "section":
            return reverse("assessment:section", kwargs={"uid": episode.uid, "section": key})
        return reverse("screening:show" if kind == "fact" else "measures:show", kwargs={"uid": episode.uid})
    except NoReverseMatch:
        return ""


def shown(episode: Episode, kept: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"says": str(one["says"]), "url": where(episode, str(one["code"]))} for one in kept]
