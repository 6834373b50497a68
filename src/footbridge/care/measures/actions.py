"""Verbs of measures: take an answer, finish a sheet, close a course alert. Only here are answers written.

A critical answer raises its alarm in the transaction that stores it, whoever answers and in whatever way, finished or
not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils import translation
from django.utils.translation import gettext as _

from footbridge.care.placement.models import Admission
from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.care.safety.words import AlarmKind
from footbridge.data import parsed
from footbridge.engines import progress, scoring
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, GivenHow, Score, Sheet
from footbridge.ground.program.days import day_of, zone
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from . import reads, rules, words
from .models import CourseAlert, CourseAlertClosed

NOTE_AT_LEAST = 10
WEEKS = UUID("5d1c1f0e-6a55-4a7e-9a35-3f2b6f0c7f11")  # names the bundle of an episode's week, so that it is given once


class CannotAnswer(access.Refusal):
    """The answer cannot be taken."""


class CannotFinish(access.Refusal):
    """The sheet cannot be finished."""


class CannotWithdraw(access.Refusal):
    """The sheet cannot be taken back."""


class CannotCloseAlert(access.Refusal):
    """A course alert ends only with a documented action."""


@dataclass(frozen=True)
class Taken:
    """What became of the answers: the gravest critical one among them, and the alarm that stands for this sheet."""

    critical: scoring.Critical | None = None
    alarm: Alarm | None = None


def by_link(sheet: Sheet) -> Actor:
    """Who answers through a link without signing in: the person it was given to, and nobody more."""
    person = sheet.client.person
    return Actor(
        person_id=person.pk, client_id=sheet.client_id, name=f"{person.name_used} (link)", roles=frozenset({"client"})
    )


def answer(sheet: Sheet, item: str, value: object | None, *, by: Actor, at: datetime) -> Taken:
    """Take one answer and keep it at once. `value` is the code of a choice (or a number); None means the person
    declined."""
    return answer_all(sheet, {item: value}, by=by, at=at)


def answer_all(sheet: Sheet, given: Mapping[str, object | None], *, by: Actor, at: datetime) -> Taken:
    """Take several answers in one act (a paper form). An item left out stays blank; None is "declined".

    Raises CannotAnswer, and nothing is stored, when an item or a code is unknown or the sheet is closed.
    """
    access.require(by, rules.ANSWER, sheet.client)
    form = shelf.definition(sheet)
    for code, value in given.items():
        item = form.item(code)
        if item is None:
            raise CannotAnswer(_("There is no question “%(code)s” on this form.") % {"code": code})
        if value is not None and not item.is_valid(value):
            raise CannotAnswer(_("Choose one of the answers."), field=f"item_{code}")
    fired = [scoring.critical(form, code, value) for code, value in given.items() if value is not None]
    graves = sorted((one for one in fired if one is not None), key=lambda one: _GRAVITY.index(one.severity))
    with trail.act("sheet.answered", by=by, at=at, about=sheet, client=sheet.client, detail={"items": list(given)}):
        _must_be_open(sheet, by, at)
        held = shelf.answers(sheet)
        fresh = {
            code: value
            for code, value in given.items()
            if held.get(code) != (scoring.DECLINED if value is None else scoring.answered(str(value)))
        }
        Answer.objects.bulk_create(
            Answer(sheet=sheet, item=code, value=None if value is None else str(value), declined=value is None, at=at)
            for code, value in fresh.items()
        )
        if sheet.started_at is None:
            sheet.started_at = at
            sheet.entered_by_id = by.staff_id
            sheet.save(update_fields=["started_at", "entered_by"])
        alarm = _alarm(sheet, form, graves[0], is_fresh=graves[0].item in fresh, by=by, at=at) if graves else None
    return Taken(graves[0] if graves else None, alarm)


_GRAVITY = ("high", "same_day", "session")


def _must_be_open(sheet: Sheet, by: Actor, at: datetime) -> None:
    """Called with the sheet locked by the act."""
    sheet.refresh_from_db(fields=["finished_at", "withdrawn_at", "expires_at", "started_at"])
    if sheet.finished_at is not None:
        raise CannotAnswer(_("These questions are finished. Thank you."))
    if sheet.withdrawn_at is not None:
        raise CannotAnswer(_("These questions were taken back. You need not answer them."))
    if sheet.expires_at is not None and sheet.expires_at <= at and not by.is_staff:
        raise CannotAnswer(_("These questions have run out. Ask your care team for new ones."))


def _alarm(
    sheet: Sheet, form: scoring.Definition, critical: scoring.Critical, *, is_fresh: bool, by: Actor, at: datetime
) -> Alarm:
    """One alarm a sheet: raised by the first critical answer, made more urgent by a graver one."""
    urgency = words.URGENCY_OF[critical.severity]
    with translation.override("en"):  # staff read it, in whatever language the person answered
        reason = _("%(form)s, question %(item)s: %(said)s") % {
            "form": form.name,
            "item": critical.item.replace("_", " "),
            "said": _choice(form, critical),
        }
    return _raise(sheet, form, urgency, reason, is_fresh=is_fresh, by=by, at=at)


def _raise(
    sheet: Sheet, form: scoring.Definition, urgency: str, reason: str, *, is_fresh: bool, by: Actor, at: datetime
) -> Alarm:
    kind = AlarmKind.SUICIDE_SCREEN if form.triage else AlarmKind.ANSWER
    key = str(sheet.uid)
    known = Alarm.objects.filter(source_kind="sheet", source_key__startswith=key).order_by("-id").first()
    if known is not None and hasattr(known, "closed"):
        if not is_fresh:
            return known
        key, known = f"{key}:{Alarm.objects.filter(source_kind='sheet', source_key__startswith=key).count()}", None
    if known is None:
        return safety.raise_alarm(
            client=sheet.client,
            kind=kind,
            urgency=urgency,
            reason=reason,
            source_kind="sheet",
            source_key=key,
            by=by,
            at=at,
        )
    if words.GRAVEST.index(urgency) <= words.GRAVEST.index(known.urgency):
        return safety.heighten(known, urgency=urgency, reason=reason, by=by, at=at)
    return known


def _choice(form: scoring.Definition, critical: scoring.Critical) -> str:
    item = form.item(critical.item)
    wording = form.wordings.get("en")
    return (
        wording.choices.get(item.choice_set, {}).get(critical.value, critical.value)
        if wording and item
        else critical.value
    )


def finish(sheet: Sheet, *, by: Actor, at: datetime) -> list[Score]:
    """No more answers: score it, triage it, look at the course. Finished twice (an impatient click) it is finished
    once.

    Blanks stay blanks: where the instrument has no rule for them there is no score, and a suicide screen with blanks
    raises an alarm
    because a blank is never a No.
    """
    access.require(by, rules.ANSWER, sheet.client)
    form = shelf.definition(sheet)
    with trail.act("sheet.finished", by=by, at=at, about=sheet, client=sheet.client):
        sheet.refresh_from_db(fields=["finished_at", "withdrawn_at", "started_at"])
        if sheet.finished_at is not None:
            return list(sheet.scores.order_by("id"))
        if sheet.withdrawn_at is not None:
            raise CannotFinish(_("These questions were taken back. You need not answer them."))
        answers = shelf.answers(sheet)
        if not answers:
            raise CannotFinish(_("No question is answered yet."))
        sheet.finished_at = at
        sheet.save(update_fields=["finished_at"])
        scores = [_score(sheet, result, at) for result in scoring.score_all(form, answers, language=sheet.language)]
        if form.triage is not None:
            scores.append(_triage(sheet, form, answers, by=by, at=at))
        Score.objects.bulk_create(scores)
        _look_at_course(sheet, form, by=by, at=at)
    return list(sheet.scores.order_by("id"))


def _score(sheet: Sheet, result: scoring.Result, at: datetime) -> Score:
    if isinstance(result, scoring.Unscorable):
        return Score(
            sheet=sheet, score=result.score, answered=result.answered, items=result.of, reason=result.sentence, at=at
        )
    return Score(
        sheet=sheet,
        score=result.score,
        value=result.value,
        answered=result.answered,
        items=result.of,
        prorated=result.prorated,
        band=result.band.label if result.band else "",
        reason=result.outcome,
        at=at,
    )


_LEVEL = {"none": 0, "low": 1, "moderate": 2, "elevated": 3, "high": 3}


def _triage(sheet: Sheet, form: scoring.Definition, answers: scoring.Answers, *, by: Actor, at: datetime) -> Score:
    """The verdict of a suicide screen, kept like a score, and its alarm. Rule: Columbia (engines.scoring.safety)."""
    verdict = scoring.triage(form, answers)
    urgency = words.URGENCY_OF_TRIAGE[verdict.urgency]
    answered = sum(1 for a in answers.values() if a.state is scoring.State.ANSWERED)
    score = Score(sheet=sheet, score=shelf.TRIAGE, answered=answered, items=len(form.items), at=at)
    with translation.override("en"):
        if isinstance(verdict, scoring.IncompleteTriage):
            score.reason = verdict.sentence
            urgency = urgency if urgency in ("now", "today") else "today"
            reason = _("%(form)s is not complete: question %(items)s. A blank is not a No.") % {
                "form": form.name,
                "items": ", ".join(verdict.missing).replace("_", " "),
            }
        else:
            score.value, score.band, score.reason = (
                Decimal(_LEVEL[verdict.risk]),
                verdict.risk,
                ", ".join(verdict.because),
            )
            reason = _("%(form)s: %(risk)s risk (%(because)s)") % {
                "form": form.name,
                "risk": verdict.risk,
                "because": ", ".join(verdict.because),
            }
    if urgency:
        _raise(sheet, form, urgency, reason, is_fresh=False, by=by, at=at)
    return score


def _look_at_course(sheet: Sheet, form: scoring.Definition, *, by: Actor, at: datetime) -> None:
    """Raise a course alert when the fixed rules say so. Called inside the act that finished the sheet."""
    episode = sheet.episode
    if episode is None or form.change_rule() is None:
        return
    found = reads.course_of(episode, sheet.instrument.code)
    if not isinstance(found, progress.Course) or found.color is progress.Color.GREEN:
        return
    color = str(found.color)
    set_by = parsed("measures")["course_alerts"]
    of_this = CourseAlert.objects.filter(episode=episode, sheet__instrument__code=sheet.instrument.code)
    as_grave = of_this.filter(color__in=["red"] if color == "red" else ["red", "yellow"])
    if (
        as_grave.filter(closed__isnull=True).exists()
        or as_grave.filter(closed__at__gte=at - timedelta(days=set_by["quiet_days"])).exists()
    ):
        return
    with translation.override("en"):
        reason = f"{form.name}: {words.said(found.reasons[0])}"[:300]
    owner = episodes.member(episode, "primary") or safety.first_owner(episode.client, at)
    alert = CourseAlert(
        episode=episode,
        sheet=sheet,
        color=color,
        reason=reason,
        owner=owner,
        raised_at=at,
        due_on=day_of(at) + timedelta(days=set_by["due_days"][color]),
    )
    with trail.act("course.alerted", by=by, at=at, about=alert, client=episode.client, detail={"color": color}):
        alert.save()


def close_course_alert(alert: CourseAlert, *, action: str, note: str, by: Actor, at: datetime) -> CourseAlertClosed:
    """End a course alert with what was decided and why, "no change" included."""
    access.require(by, rules.CLOSE_ALERT, alert.episode)
    choices = dict(CourseAlertClosed._meta.get_field("action").choices or [])
    if action not in choices:
        raise CannotCloseAlert(_("Choose what was decided."), field="action")
    if len(note.strip()) < NOTE_AT_LEAST:
        raise CannotCloseAlert(_("Write what was decided and why, in a sentence."), field="note")
    if by.staff_id is None:
        raise access.NotYours("staff only")
    with trail.act(
        "course.alert_closed", by=by, at=at, about=alert, client=alert.episode.client, detail={"action": action}
    ):
        if CourseAlertClosed.objects.filter(alert=alert).exists():
            raise CannotCloseAlert(_("This was closed before."))
        return CourseAlertClosed.objects.create(alert=alert, action=action, note=note.strip(), by_id=by.staff_id, at=at)


def withdraw(sheet: Sheet, *, why: str, by: Actor, at: datetime) -> Sheet:
    """Take a sheet back: wrong form, wrong person. Answers already given stay in the record; an alarm they raised
    stays open."""
    from footbridge.ground.instruments.rules import GIVE

    access.require(by, GIVE, sheet.client)
    if not why.strip():
        raise CannotWithdraw(_("Say in a few words why."), field="why")
    with trail.act("sheet.withdrawn", by=by, at=at, about=sheet, client=sheet.client, why=why.strip()):
        sheet.refresh_from_db(fields=["finished_at", "withdrawn_at"])
        if sheet.finished_at is not None:
            raise CannotWithdraw(_("These questions are finished. A finished form is kept."))
        if sheet.withdrawn_at is None:
            sheet.withdrawn_at = at
            sheet.save(update_fields=["withdrawn_at"])
    return sheet


def give_weekly(at: datetime, *, but_not: frozenset[int] = frozenset(), by: Actor = SYSTEM) -> int:
    """Give this week's questionnaires to everybody admitted whose episode is open. Once an ISO week, however often it
    runs.

    `but_not` holds episode ids to leave out (those already discharged: a later stage knows). Returns how many bundles
    were given.
    Schedule: data/measures.yaml.
    """
    plan = parsed("measures")["weekly"]
    here = at.astimezone(zone())
    today = here.date()
    codes = [code for code in plan["codes"] if shelf.current(code) is not None]
    if here.hour < plan["from_hour"] or not codes:
        return 0
    given = 0
    admitted = Admission.objects.filter(episode__ended_at=None, starts_on__lte=today).exclude(episode_id__in=but_not)
    for admission in admitted.select_related("episode__client__person").order_by("id"):
        is_first_week = admission.starts_on.isocalendar()[:2] == today.isocalendar()[:2]
        if today.isoweekday() < plan["weekday"] and not is_first_week:
            continue
        episode = admission.episode
        year, week, _day = today.isocalendar()
        bundle = uuid5(WEEKS, f"{episode.uid}:{year}-{week}")
        recent = at - timedelta(days=plan["not_within_days"])
        if (
            Sheet.objects.filter(bundle=bundle).exists()
            or Sheet.objects.filter(client=episode.client, instrument__code__in=codes, finished_at__gt=recent).exists()
        ):
            continue
        how = GivenHow.LINK if consents.has(episode.client, "messages", today) else GivenHow.PORTAL
        instruments.give(
            episode.client,
            codes,
            how=how,
            occasion="weekly",
            by=by,
            at=at,
            episode=episode,
            due_on=today,
            expires_at=at + timedelta(days=plan["open_days"]),
            bundle=bundle,
        )
        given += 1
    return given


def finish_left(at: datetime, *, by: Actor = SYSTEM) -> int:
    """Sheets left alone: one answered to the end is finished and scored; a suicide screen left in the middle raises
    an alarm.

    Returns how many sheets something was done about. Safe to run again.
    """
    quiet = at - timedelta(minutes=parsed("measures")["left_alone"]["minutes"])
    left = (
        Sheet.objects.filter(finished_at=None, withdrawn_at=None, started_at__lte=quiet)
        .exclude(answers__at__gt=quiet)
        .select_related("instrument", "client__person", "episode__client")
    )
    done = 0
    for sheet in left:
        form = shelf.definition(sheet)
        answers = shelf.answers(sheet)
        if not scoring.still_to_ask(form, answers):
            finish(sheet, by=by, at=at)
            done += 1
        elif (
            form.triage is not None
            and not Alarm.objects.filter(source_kind="sheet", source_key=str(sheet.uid)).exists()
        ):
            with translation.override("en"):
                reason = _("%(form)s was begun and left in the middle. A blank is not a No.") % {"form": form.name}
            _raise(sheet, form, "today", reason, is_fresh=False, by=by, at=at)
            done += 1
    return done
