"""Questions about screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.engines import scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import reads as instruments
from footbridge.ground.instruments.models import Sheet
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of
from footbridge.ground.program.words import Weekday

from .models import Screen
from .words import Fact, Known

# How the facts stand together on a page, gravest first.
SECTIONS: tuple[tuple[str, tuple[Fact, ...]], ...] = (
    ("safety", (Fact.SAFE_NOW, Fact.MEDICALLY_STABLE, Fact.WITHDRAWAL_RISK, Fact.SUBSTANCE_USE, Fact.SELF_CARE)),
    ("life", (Fact.HOME_STABLE, Fact.HOME_SUPPORTIVE, Fact.HOME_SAFE, Fact.FUNCTIONING)),
    ("fit", (Fact.STRUCTURE_NEEDED, Fact.STEPPING_DOWN, Fact.TRIED_OUTPATIENT, Fact.AVAILABLE, Fact.TRANSPORT)),
)
# For most facts "yes" is good news; for these it is a worry.
WORRYING_YES = frozenset({Fact.WITHDRAWAL_RISK, Fact.FUNCTIONING, Fact.SUBSTANCE_USE})


SAID_IN_GUIDE = _("Said in the online guide")
# What an answer in the public guide says about a fact. A start that names its origin; the talk confirms or corrects it.
FROM_GUIDE: Mapping[tuple[str, str], tuple[tuple[Fact, Known], ...]] = {
    ("between", "yes"): ((Fact.SAFE_NOW, Known.YES),),
    ("between", "with_help"): ((Fact.SAFE_NOW, Known.PARTLY),),
    ("between", "no"): ((Fact.SAFE_NOW, Known.NO),),
    ("trouble", "substances"): ((Fact.SUBSTANCE_USE, Known.YES),),
    ("trouble", "both"): ((Fact.SUBSTANCE_USE, Known.YES),),
    ("stopping", "nothing"): ((Fact.SUBSTANCE_USE, Known.YES), (Fact.WITHDRAWAL_RISK, Known.NO)),
    ("stopping", "every_day"): ((Fact.SUBSTANCE_USE, Known.YES), (Fact.WITHDRAWAL_RISK, Known.PARTLY)),
    ("stopping", "sick"): ((Fact.SUBSTANCE_USE, Known.YES), (Fact.WITHDRAWAL_RISK, Known.YES)),
    ("stopping", "severe"): ((Fact.SUBSTANCE_USE, Known.YES), (Fact.WITHDRAWAL_RISK, Known.YES)),
    ("stopping", "not_using"): ((Fact.WITHDRAWAL_RISK, Known.NO),),
    ("health", "none"): ((Fact.MEDICALLY_STABLE, Known.YES),),
    ("health", "managed"): ((Fact.MEDICALLY_STABLE, Known.YES),),
    ("health", "daily_care"): ((Fact.MEDICALLY_STABLE, Known.PARTLY),),
    ("health", "getting_worse"): ((Fact.MEDICALLY_STABLE, Known.NO),),
    ("daily", "fine"): ((Fact.FUNCTIONING, Known.NO),),
    ("daily", "some_days"): ((Fact.FUNCTIONING, Known.PARTLY),),
    ("daily", "most_days"): ((Fact.FUNCTIONING, Known.YES),),
    ("daily", "not_at_all"): ((Fact.FUNCTIONING, Known.YES), (Fact.SELF_CARE, Known.NO)),
    ("home", "good"): ((Fact.HOME_STABLE, Known.YES), (Fact.HOME_SUPPORTIVE, Known.YES), (Fact.HOME_SAFE, Known.YES)),
    ("home", "alone"): ((Fact.HOME_STABLE, Known.YES), (Fact.HOME_SUPPORTIVE, Known.NO)),
    ("home", "hard"): ((Fact.HOME_SUPPORTIVE, Known.NO),),
    ("home", "no_place"): ((Fact.HOME_STABLE, Known.NO),),
    ("home", "hurt"): ((Fact.HOME_SAFE, Known.NO),),
    ("before", "not_enough"): ((Fact.TRIED_OUTPATIENT, Known.YES),),
    ("before", "none"): ((Fact.TRIED_OUTPATIENT, Known.NO),),
    ("before", "left_hospital"): ((Fact.STEPPING_DOWN, Known.YES),),
    ("time", "yes"): ((Fact.AVAILABLE, Known.YES),),
    ("time", "some"): ((Fact.AVAILABLE, Known.PARTLY),),
    ("time", "no"): ((Fact.AVAILABLE, Known.NO),),
}


def latest(episode: Episode) -> Screen | None:
    """The screen that holds: the newest."""
    return episode.screens.select_related("by__person").prefetch_related("facts", "free_hours").first()


def answers(screen: Screen) -> dict[str, tuple[str, str]]:
    """Fact → (answer, note)."""
    return {row.fact: (row.answer, row.note) for row in screen.facts.all()}


def hours(screen: Screen) -> list[tuple[int, time, time]]:
    """The free hours of the week: (weekday, from, until), in order."""
    return sorted((row.weekday, row.starts, row.ends) for row in screen.free_hours.all())


def free_hours(episode: Episode) -> list[tuple[int, time, time]]:
    """The free hours that hold for the episode; empty when nobody asked yet."""
    screen = latest(episode)
    return hours(screen) if screen else []


@dataclass(frozen=True, slots=True)
class Said:
    """One answered question as a page shows it."""

    label: Any
    answer: Any
    note: str
    known: bool
    tone: str


def said(screen: Screen) -> list[tuple[str, list[Said]]]:
    """The answers in the sections of the page; questions nobody asked are left out."""
    given = answers(screen)
    return [(section, [_said(fact, *given[fact]) for fact in facts if fact in given]) for section, facts in SECTIONS]


def _said(fact: Fact, answer: str, note: str) -> Said:
    known = Known(answer)
    if known == Known.UNKNOWN:
        tone = "neutral"
    elif fact in WORRYING_YES:
        tone = {Known.YES: "warn", Known.NO: "good"}.get(known, "info")
    elif fact in (Fact.STRUCTURE_NEEDED, Fact.STEPPING_DOWN, Fact.TRIED_OUTPATIENT):
        tone = "info"
    elif fact == Fact.SAFE_NOW and known != Known.YES:
        tone = "now"
    else:
        tone = {Known.YES: "good", Known.NO: "warn"}.get(known, "info")
    return Said(fact.label, known.label, note, known != Known.UNKNOWN, tone)


def week(screen: Screen) -> list[tuple[Any, list[tuple[time, time]]]]:
    """Free hours by day, the seven days of the week in order."""
    given = hours(screen)
    return [(day.label, [(starts, ends) for weekday, starts, ends in given if weekday == day]) for day in Weekday]


def start(episode: Episode) -> dict[str, Any]:
    """What a new screen starts from, so that nothing is asked twice: the screen before, or else the request."""
    before = latest(episode)
    if before is not None:
        words = ("concerns", "strengths", "history", "prefers_mode", "prefers_part_of_day", "money")
        return {**{name: getattr(before, name) for name in words}, "facts": answers(before), "hours": hours(before)}
    inquiry = getattr(episode, "inquiry", None)
    if inquiry is None:
        return {"facts": {}, "hours": []}
    facts: dict[str, tuple[str, str]] = {}
    for question, answer in inquiry.guide_answers.items():
        for fact, known in FROM_GUIDE.get((question, str(answer)), ()):
            facts[fact.value] = (known.value, str(SAID_IN_GUIDE))
    return {"concerns": inquiry.wishes, "prefers_part_of_day": inquiry.part_of_day, "facts": facts, "hours": []}


# ------------------------------------------------------------------ questionnaires of the screening

SUICIDE_SCREENS = ("cssrs_screener", "cssrs_since_last_contact")
ASKED_AT_SCREENING = ("cssrs_screener", "phq9", "gad7")

_RISK = {
    "none": (
        "good",
        _("Suicide screen: no risk found"),
        _("Nothing was answered yes. Ask again when something changes."),
    ),
    "low": ("info", _("Suicide screen: low risk"), _("Talk about it today and write a safety plan together.")),
    "moderate": (
        "warn",
        _("Suicide screen: moderate risk"),
        _("A clinician assesses today, and a safety plan is written."),
    ),
    "elevated": ("now", _("Suicide screen: elevated risk"), _("A clinician is with the person now and assesses.")),
    "high": ("now", _("Suicide screen: high risk"), _("Somebody stays with the person. A clinician assesses now.")),
    "unknown": ("warn", _("Suicide screen: not complete"), _("Ask the open questions. A blank is not a No.")),
}
_BECAUSE = {
    "wish": _("wish to be dead"),
    "thoughts": _("thoughts of killing oneself"),
    "method": _("thought about how"),
    "intent": _("some intention to act"),
    "plan": _("a plan"),
    "behavior": _("something done or begun"),
    "behavior_recent": _("something done in the past three months"),
}


@dataclass(frozen=True, slots=True)
class SuicideScreen:
    """The last suicide screen. `risk` is none, low, moderate, elevated or high; "unknown" while questions are open."""

    risk: str
    at: datetime
    because: list[Any]
    open_items: tuple[str, ...]
    tone: str
    title: Any
    sentence: Any


def suicide_screen(client: Client) -> SuicideScreen | None:
    """The newest suicide screen that has an answer, sorted by the published triage rule; None when nobody asked yet."""
    sheet = (
        Sheet.objects.filter(client=client, instrument__code__in=SUICIDE_SCREENS, withdrawn_at__isnull=True)
        .filter(Q(finished_at__isnull=False) | Q(answers__isnull=False))
        .select_related("instrument").defer("instrument__definition")
        .order_by("-given_at", "-id")
        .first()
    )
    if sheet is None:
        return None
    verdict = scoring.triage(
        instruments.definition(sheet), instruments.answers(sheet), instruments.triage_rule(sheet.episode)
    )
    risk = str(verdict.risk) if isinstance(verdict, scoring.Triage) else "unknown"
    tone, title, sentence = _RISK[risk]
    if risk == "unknown" and "high" in str(getattr(verdict, "at_least", "")):
        tone = "now"
    return SuicideScreen(
        risk,
        sheet.finished_at or sheet.started_at or sheet.given_at,
        [_BECAUSE[part] for part in verdict.because],
        verdict.missing,
        tone,
        title,
        sentence,
    )


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire of the screening, and how far it is."""

    code: str
    title: Any
    status: Any
    tone: str
    result: str
    on: date | None


def questionnaires(client: Client) -> list[Questionnaire]:
    """Where the questionnaires of the screening stand: not given, given, answered with a score."""
    scores = instruments.latest_scores(client, ASKED_AT_SCREENING)
    waiting = {sheet.instrument.code: sheet for sheet in instruments.open_sheets(client)}
    rows = []
    for code in ASKED_AT_SCREENING:
        edition = instruments.current(code)
        title = edition.title if edition else code.upper()
        point = scores.get(code)
        if code in SUICIDE_SCREENS and (asked := suicide_screen(client)) is not None:
            rows.append(Questionnaire(code, title, asked.title, asked.tone, "", day_of(asked.at)))
        elif point is not None:
            value = "" if point.value is None or code in SUICIDE_SCREENS else f"{point.value.normalize():f}"
            result = " · ".join(part for part in (value, point.band or point.reason) if part)
            rows.append(Questionnaire(code, title, _("Answered"), "good", result, point.on))
        elif code in waiting:
            rows.append(
                Questionnaire(code, title, _("Given, not answered yet"), "info", "", waiting[code].given_at.date())
            )
        else:
            rows.append(Questionnaire(code, title, _("Not given yet"), "neutral", "", None))
    return rows
