"""Verbs of the assessment: a section is written, the whole is signed, a diagnosis is made, corrected, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from footbridge.ground.consent import gates
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import carried, codes, reads, rules, sections
from .models import AssessmentSignature, Diagnosis, DiagnosisEnded, PrincipalDiagnosis, SectionEntry
from .words import EndedHow


class CannotWrite(access.Refusal):
    """The section cannot be kept as it is."""


class Overtaken(CannotWrite):
    """Somebody else kept the section meanwhile. `theirs` is their version; nothing was written."""

    theirs: SectionEntry


class CannotSign(access.Refusal):
    """Something is still open, or it changed while it was read."""


class CannotDiagnose(access.Refusal):
    """The code, a day, or the state of the diagnosis does not allow it."""


def write(
    episode: Episode,
    section: str,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    based_on: int,
    by: Actor,
    at: datetime,
) -> SectionEntry:
    """Keep the next version of a section. `answers` maps a question to {"value": text or list of codes, "not_known": bool}.

    `based_on` is the number of the version the author saw (0: none). When a newer one stands by now, `Overtaken` carries it and nothing
    is written. Where an answer is what was carried in, or stood there before with a source, the source stays with it.
    """
    access.require(by, rules.WRITE_ASSESSMENT, episode)
    asked = sections.section(section)
    if asked is None:
        raise CannotWrite(_("There is no such section."))
    if episode.ended_at is not None:
        raise CannotWrite(_("This episode of care has ended. Its assessment stays as it is."))
    given = _settled(asked, answers)
    me = Staff.objects.select_related("person").get(pk=by.as_staff)
    with trail.act(
        "assessment.section_written", by=by, at=at, about=episode, client=episode.client, detail={"section": section}
    ):
        last = reads.versions(episode, section).first()
        kept = _with_sources(asked, given, last, episode, at)
        if last is not None and _said(last.answers) == _said(kept):
            return last  # an impatient click, or nothing changed
        if (last.number if last else 0) != based_on:
            overtaken = Overtaken(
                _(
                    "%(name)s kept this section while you were writing. Everything you typed is still here. Where the two differ, "
                    "their words stand under yours: take from them what belongs, then keep again."
                )
                % {"name": last.by.person.name_used if last else ""}
            )
            overtaken.theirs = last  # type: ignore[assignment]
            raise overtaken
        if not kept:
            raise CannotWrite(_("Answer at least one question, or say that it is not known."))
        return SectionEntry.objects.create(
            episode=episode,
            section=section,
            number=(last.number if last else 0) + 1,
            edition=sections.edition(),
            answers=kept,
            by=me,
            signed_as=_signed_as(me),
            at=at,
        )


def sign(episode: Episode, *, seen: Mapping[str, int], how: str, by: Actor, at: datetime) -> AssessmentSignature:
    """Sign the whole, as `seen` ({section: number}). `how` is "password" or "second_factor", proved just now."""
    access.require(by, rules.SIGN_ASSESSMENT, episode)
    me = Staff.objects.select_related("person").get(pk=by.as_staff)
    unsigned = gates.missing(episode.client, gates.GateStep.ASSESSMENT, day_of(at), program=gates.admitting())
    if unsigned:
        raise CannotSign(gates.says(unsigned))
    with trail.act("assessment.signed", by=by, at=at, about=episode, client=episode.client, detail={"how": how}):
        entries = reads.newest(episode)
        now = reads.numbers(entries)
        last = reads.signed(episode)
        if last is not None and last.entries == now and last.by_id == me.pk:
            return last
        if now != dict(seen):
            raise CannotSign(_("A section was changed while you were reading. Read it again, then sign."))
        open_yet = reads.lacking(entries)
        if open_yet:
            raise CannotSign(
                _("Not complete yet: %(sections)s.")
                % {"sections": ", ".join(section.title for section, _missing in open_yet)}
            )
        return AssessmentSignature.objects.create(
            episode=episode,
            number=(last.number if last else 0) + 1,
            entries=now,
            by=me,
            signed_as=_signed_as(me),
            how=how,
            at=at,
        )


# ------------------------------------------------------------------ diagnoses


def diagnose(
    episode: Episode,
    *,
    code: str,
    by: Actor,
    at: datetime,
    specifiers: str = "",
    onset_on: date | None = None,
    onset_words: str = "",
    principal: bool = False,
) -> Diagnosis:
    """Record a diagnosis by its ICD-10-CM code. The same code that holds already is that one row. The first one is the principal one."""
    access.require(by, rules.DIAGNOSE, episode)
    found = codes.find(code)
    if found is None:
        raise CannotDiagnose(
            _("This code is not in the table of %(edition)s. Search by words.") % {"edition": codes.EDITION},
            field="code",
        )
    _past(onset_on, at)
    with trail.act(
        "diagnosis.made", by=by, at=at, about=episode.client, client=episode.client, detail={"code": found.code}
    ):
        row = reads.current(episode.client).filter(code=found.code).first()
        if row is None:
            row = Diagnosis.objects.create(
                client=episode.client,
                episode=episode,
                code=found.code,
                name=found.name,
                table_edition=codes.EDITION,
                specifiers=specifiers.strip(),
                onset_on=onset_on,
                onset_words=onset_words.strip(),
                by_id=by.as_staff,
                at=at,
            )
        if principal or reads.principal(episode) is None:
            _choose(episode, row, by, at)
        return row


def correct_diagnosis(
    diagnosis: Diagnosis,
    episode: Episode,
    *,
    by: Actor,
    at: datetime,
    specifiers: str = "",
    onset_on: date | None = None,
    onset_words: str = "",
) -> Diagnosis:
    """A newer row with other specifiers or another beginning; the older stays behind it."""
    access.require(by, rules.DIAGNOSE, episode)
    _past(onset_on, at)
    with trail.act(
        "diagnosis.corrected", by=by, at=at, about=diagnosis, client=diagnosis.client, detail={"code": diagnosis.code}
    ):
        _holds(diagnosis)
        if (diagnosis.specifiers, diagnosis.onset_on, diagnosis.onset_words) == (
            specifiers.strip(),
            onset_on,
            onset_words.strip(),
        ):
            return diagnosis
        newer = Diagnosis.objects.create(
            client=diagnosis.client,
            episode=episode,
            code=diagnosis.code,
            name=diagnosis.name,
            table_edition=diagnosis.table_edition,
            specifiers=specifiers.strip(),
            onset_on=onset_on,
            onset_words=onset_words.strip(),
            replaces=diagnosis,
            by_id=by.as_staff,
            at=at,
        )
        main = reads.principal(episode)
        if main and main.diagnosis_id == diagnosis.pk:
            _choose(episode, newer, by, at)
        return newer


def make_principal(diagnosis: Diagnosis, episode: Episode, *, by: Actor, at: datetime) -> PrincipalDiagnosis:
    """From now on this episode is mainly about this diagnosis."""
    access.require(by, rules.DIAGNOSE, episode)
    with trail.act(
        "diagnosis.made_principal", by=by, at=at, about=episode, client=episode.client, detail={"code": diagnosis.code}
    ):
        if diagnosis.client_id != episode.client_id:
            raise CannotDiagnose(_("This diagnosis belongs to somebody else."))
        _holds(diagnosis)
        return _choose(episode, diagnosis, by, at)


def end_diagnosis(
    diagnosis: Diagnosis, episode: Episode, *, how: str, ended_on: date, by: Actor, at: datetime, note: str = ""
) -> DiagnosisEnded:
    """The diagnosis holds no more from `ended_on`. The principal one is ended only after another was chosen, or as the last."""
    access.require(by, rules.DIAGNOSE, episode)
    how = EndedHow(how).value
    with trail.act(
        "diagnosis.ended",
        by=by,
        at=at,
        about=diagnosis,
        client=diagnosis.client,
        detail={"code": diagnosis.code, "how": how},
    ):
        before = DiagnosisEnded.objects.filter(diagnosis=diagnosis).first()
        if before is not None:
            return before
        _holds(diagnosis)
        if ended_on > day_of(at):
            raise CannotDiagnose(_("This day has not come yet."), field="ended_on")
        if diagnosis.onset_on and ended_on < diagnosis.onset_on:
            raise CannotDiagnose(_("It cannot end before it began."), field="ended_on")
        main = reads.principal(episode)
        if (
            main
            and main.diagnosis_id == diagnosis.pk
            and reads.current(episode.client).exclude(pk=diagnosis.pk).exists()
        ):
            raise CannotDiagnose(
                _("This is the principal diagnosis. Choose another as the principal one first."), field="how"
            )
        return DiagnosisEnded.objects.create(
            diagnosis=diagnosis, how=how, ended_on=ended_on, note=note.strip(), by_id=by.as_staff, at=at
        )


# ------------------------------------------------------------------ parts of the above


def _choose(episode: Episode, diagnosis: Diagnosis, by: Actor, at: datetime) -> PrincipalDiagnosis:
    last = reads.principal(episode)
    if last is not None and last.diagnosis_id == diagnosis.pk:
        return last
    return PrincipalDiagnosis.objects.create(episode=episode, diagnosis=diagnosis, by_id=by.as_staff, at=at)


def _holds(diagnosis: Diagnosis) -> None:
    if not reads.current(diagnosis.client).filter(pk=diagnosis.pk).exists():
        raise CannotDiagnose(_("This diagnosis was ended or corrected meanwhile. Look at the list again."))


def _past(onset_on: date | None, at: datetime) -> None:
    if onset_on is not None and onset_on > day_of(at):
        raise CannotDiagnose(_("This day has not come yet."), field="onset_on")


def _signed_as(staff: Staff) -> str:
    return ", ".join(part for part in (staff.person.legal_name, staff.title) if part)


def _settled(section: sections.Section, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Only questions of the section, only choices they offer, blanks left out."""
    kept: dict[str, dict[str, Any]] = {}
    for question in section.questions:
        answer = answers.get(question.code) or {}
        value, not_known = answer.get("value") or "", bool(answer.get("not_known"))
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
        if value and not_known:
            raise CannotWrite(
                _("“%(ask)s” has an answer and is marked Not known. Keep one of them.") % {"ask": question.ask},
                field=f"q_{question.code}",
            )
        offered = question.answers
        if value and (
            (question.kind == "one" and value not in offered)
            or (question.kind == "any" and not set(value) <= set(offered))
        ):
            raise CannotWrite(
                _("“%(ask)s”: choose one of the answers.") % {"ask": question.ask}, field=f"q_{question.code}"
            )
        if not_known:
            kept[question.code] = {"not_known": True}
        elif value:
            kept[question.code] = {"value": value if isinstance(value, str) else sorted(value)}
    return kept


def _with_sources(
    section: sections.Section,
    given: dict[str, dict[str, Any]],
    last: SectionEntry | None,
    episode: Episode,
    at: datetime,
) -> dict[str, dict[str, Any]]:
    known = carried.carried(episode, day_of(at))
    kept: dict[str, dict[str, Any]] = {}
    for question in section.questions:
        answer = given.get(question.code)
        if answer is None:
            continue
        before = last.answers.get(question.code, {}) if last else {}
        found = known.of(question)
        source = ""
        if before.get("source") and before.get("value") == answer.get("value"):
            source = before["source"]
        elif found is not None and carried.is_same(answer.get("value"), found):
            source = found.source
        kept[question.code] = {**answer, "source": source} if source else answer
    return kept


def _said(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {code: (answer.get("value"), bool(answer.get("not_known"))) for code, answer in answers.items()}
