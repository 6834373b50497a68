"""Questions about the assessment: what is written, what is carried in, what lacks; and the diagnoses that hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor

from . import sections
from .carried import AlreadyKnown, Carried
from .models import AssessmentSignature, Diagnosis, PrincipalDiagnosis, SectionEntry
from .sections import Question, Section

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Here:
    """One section of one episode, named by an address."""

    episode: Episode
    section: Section

    @property
    def episode_id(self) -> int:
        return self.episode.pk


def here(actor: Actor, uid: UUID, section: str) -> Here | None:
    episode, found = episodes.episode(actor, uid), sections.section(section)
    return Here(episode, found) if episode and found else None


def newest(episode: Episode) -> dict[str, SectionEntry]:
    """The entry that holds, by section."""
    rows = episode.assessment_entries.select_related("by__person").order_by("section", "-number").distinct("section")
    return {row.section: row for row in rows}


def versions(episode: Episode, section: str) -> QuerySet[SectionEntry]:
    """Every version of a section, the newest first."""
    return episode.assessment_entries.filter(section=section).select_related("by__person").order_by("-number")


def is_settled(answer: Mapping[str, Any] | None) -> bool:
    """Answered, or said to be not known."""
    return bool(answer) and bool(answer.get("value") or answer.get("not_known"))  # type: ignore[union-attr]


def in_words(question: Question, answer: Mapping[str, Any]) -> str:
    if answer.get("not_known"):
        return _("Not known")
    value = answer.get("value") or ""
    if question.kind == "one":
        return question.answers.get(str(value), str(value))
    if question.kind == "any":
        return "; ".join(question.answers.get(one, one) for one in value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the page shows it. `state` is written, unknown, carried (nobody has confirmed it yet) or open."""

    question: Question
    state: str
    words: str
    source: str
    newer: Carried | None = None


@dataclass(frozen=True, slots=True)
class SectionShown:
    section: Section
    entry: SectionEntry | None
    lines: list[Line]
    lacking: int
    changed_since_signed: bool

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.state == "open"]

    @property
    def said_lines(self) -> list[Line]:
        return [line for line in self.lines if line.state != "open"]


def shown(
    known: AlreadyKnown, entries: Mapping[str, SectionEntry], signed: AssessmentSignature | None
) -> list[SectionShown]:
    """Every section in order, with what is written or else carried in."""
    return [_section(section, entries.get(section.code), known, signed) for section in sections.sections()]


def _section(
    section: Section, entry: SectionEntry | None, known: AlreadyKnown, signed: AssessmentSignature | None
) -> SectionShown:
    lines = [_line(question, entry, known) for question in section.questions]
    lacking = sum(line.question.needed and line.state in ("open", "carried") for line in lines)
    changed = bool(signed) and entry is not None and signed.entries.get(section.code) != entry.number  # type: ignore[union-attr]
    return SectionShown(section, entry, lines, lacking, changed)


def _line(question: Question, entry: SectionEntry | None, known: AlreadyKnown) -> Line:
    answer = entry.answers.get(question.code) if entry else None
    found = known.of(question)
    if answer is not None and is_settled(answer):
        state = "unknown" if answer.get("not_known") else "written"
        # Said elsewhere since, and different: shown beside, never put in its place.
        later = (
            found
            if entry and found and found.on and found.on > entry.at.date() and found.value != answer.get("value")
            else None
        )
        return Line(question, state, in_words(question, answer), str(answer.get("source", "")), later)
    if entry is None and found is not None:
        return Line(question, "carried", found.value, found.source)
    return Line(question, "open", "", "")


def lacking(entries: Mapping[str, SectionEntry]) -> list[tuple[Section, list[Question]]]:
    """What must be answered, or said to be not known, before the whole can be signed."""
    found = []
    for section in sections.sections():
        entry = entries.get(section.code)
        answers: Answers = entry.answers if entry else {}
        missing = [
            question for question in section.questions if question.needed and not is_settled(answers.get(question.code))
        ]
        if missing:
            found.append((section, missing))
    return found


def numbers(entries: Mapping[str, SectionEntry]) -> dict[str, int]:
    """{section: number of its version}: what a signature stands under."""
    return {section: entry.number for section, entry in sorted(entries.items())}


def signatures(episode: Episode) -> QuerySet[AssessmentSignature]:
    return episode.assessment_signatures.select_related("by__person").order_by("-number")


def signed(episode: Episode) -> AssessmentSignature | None:
    return signatures(episode).first()


@dataclass(frozen=True, slots=True)
class Gist:
    """The little that the pages after this one show: where the assessment stands, and what it says."""

    signed: AssessmentSignature | None
    begun: bool
    lines: list[tuple[str, str]]
    diagnoses: list[Held]


# (section, question) that placement and plan read first.
GIST = (
    ("concerns", "in_their_words"),
    ("goals", "goals"),
    ("strengths", "strengths"),
    ("supports", "who"),
    ("together", "formulation"),
)


def gist(episode: Episode) -> Gist:
    entries = newest(episode)
    lines = []
    for code, asked in GIST:
        section, entry = sections.section(code), entries.get(code)
        question = next((q for q in section.questions if q.code == asked), None) if section else None
        answer = entry.answers.get(asked) if entry else None
        if question and answer and answer.get("value"):
            lines.append((question.ask, in_words(question, answer)))
    return Gist(signed(episode), bool(entries), lines, held(episode))


# ------------------------------------------------------------------ diagnoses


@dataclass(frozen=True, slots=True)
class Held:
    """A diagnosis that holds, and whether this episode is mainly about it."""

    diagnosis: Diagnosis
    principal: bool

    @property
    def words(self) -> str:
        one = self.diagnosis
        return f"{one.code} {one.name}" + (f" ({one.specifiers})" if one.specifiers else "")


def principal(episode: Episode) -> PrincipalDiagnosis | None:
    return episode.principal_diagnoses.select_related("diagnosis").first()


def current(client: Client) -> QuerySet[Diagnosis]:
    """Diagnoses that hold: neither ended nor corrected by a newer row."""
    return Diagnosis.objects.filter(client=client, ended__isnull=True, replaced_by__isnull=True).select_related(
        "by__person"
    )


def past(client: Client) -> QuerySet[Diagnosis]:
    return (
        Diagnosis.objects.filter(Q(ended__isnull=False) | Q(replaced_by__isnull=False), client=client)
        .select_related("by__person", "ended__by__person", "replaced_by")
        .order_by("-at", "-id")
    )


def held(episode: Episode) -> list[Held]:
    """The diagnoses that hold, the principal one first."""
    chosen = principal(episode)
    main = chosen.diagnosis_id if chosen else None
    rows = [Held(one, one.pk == main) for one in current(episode.client)]
    return sorted(rows, key=lambda row: not row.principal)


def codes_of(episode: Episode) -> list[tuple[str, str]]:
    """(code, words) of the diagnoses that hold: what a plan's problem offers."""
    return [(row.diagnosis.code, row.words) for row in held(episode)]


@dataclass(frozen=True, slots=True)
class Named:
    """One diagnosis of one episode, named by an address."""

    episode: Episode
    diagnosis: Diagnosis

    @property
    def episode_id(self) -> int:
        return self.episode.pk


def named(actor: Actor, uid: UUID, diagnosis: UUID) -> Named | None:
    episode = episodes.episode(actor, uid)
    found = (
        Diagnosis.objects.filter(client=episode.client, uid=diagnosis).select_related("by__person").first()
        if episode
        else None
    )
    return Named(episode, found) if episode and found else None


def says(answers: Answers, question: str) -> tuple[Any, bool]:
    """What an answer says, its source aside."""
    answer = answers.get(question) or {}
    return answer.get("value") or "", bool(answer.get("not_known"))


def due_on(admitted_on: date | None, signature: AssessmentSignature | None) -> date | None:
    """The day by which it must be signed; None when it is, or nobody is admitted yet."""
    return sections.due_on(admitted_on) if admitted_on and signature is None else None
