"""Verbs of practice: give a skill, log it, comment on it, check in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from footbridge.care.inquiry import danger_words
from footbridge.care.plan.models import Objective
from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.care.safety.words import AlarmKind, Urgency
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .models import Assignment, CheckIn, PracticeComment, PracticeLog
from .skills import shelf


class CannotAssign(access.Refusal):
    """The skill cannot be given."""


class CannotLog(access.Refusal):
    """The practice cannot be logged so."""


class CannotCheckIn(access.Refusal):
    """The check-in cannot be stored so."""


def assign(
    episode: Episode, *, skill: str, by: Actor, at: datetime, times_a_week: int = 3, instructions: str = "", objective: Objective | None = None
) -> Assignment:
    """Give a skill to practice, `times_a_week` times. One skill is given once until it ends."""
    access.require(by, rules.ASSIGN, episode)
    if skill not in shelf():
        raise CannotAssign(_("Choose a skill from the list."), field="skill")
    if not 1 <= times_a_week <= 21:
        raise CannotAssign(_("Say how many times a week, from 1 to 21."), field="times_a_week")
    with trail.act("practice.assigned", by=by, at=at, about=episode, client=episode.client, detail={"skill": skill}):
        if Assignment.objects.filter(episode=episode, skill=skill, ended_at__isnull=True).exists():
            raise CannotAssign(_("This skill is given already. End it first, or choose another."), field="skill")
        return Assignment.objects.create(
            episode=episode, skill=skill, instructions=instructions.strip(), times_a_week=times_a_week, objective=objective,
            by=Staff.objects.get(pk=by.as_staff), at=at,
        )  # fmt: skip


def end(assignment: Assignment, *, by: Actor, at: datetime) -> Assignment:
    access.require(by, rules.ASSIGN, assignment.episode)
    with trail.act("practice.ended", by=by, at=at, about=assignment, client=assignment.episode.client):
        if assignment.ended_at is None:
            assignment.ended_at = at
            assignment.save(update_fields=["ended_at"])
    return assignment


def log(
    assignment: Assignment,
    *,
    practised_on: date,
    today: date,
    by: Actor,
    at: datetime,
    before: int | None = None,
    after: int | None = None,
    note: str = "",
    form_key: UUID | None = None,
) -> PracticeLog:
    """The client practised. Distress runs 0 to 10, before and after, when they want to say. `today` is the day at their site.

    The same form sent twice is one log.
    """
    access.require(by, rules.LOG_OWN, assignment.episode)
    if practised_on > today:
        raise CannotLog(_("Choose today or a day before."), field="practised_on")
    for name, value in (("before", before), ("after", after)):
        if value is not None and not 0 <= value <= 10:
            raise CannotLog(_("Choose a number from 0 to 10."), field=name)
    with trail.act("practice.logged", by=by, at=at, about=assignment, client=assignment.episode.client):
        if assignment.ended_at is not None:
            raise CannotLog(_("This practice has ended. Ask your therapist for a new one."))
        if form_key:
            known = PracticeLog.objects.filter(form_key=form_key).first()
            if known:
                return known
        return PracticeLog.objects.create(
            assignment=assignment, before=before, after=after, note=note.strip(), practised_on=practised_on, at=at, form_key=form_key
        )


def comment(practice: PracticeLog, text: str, *, by: Actor, at: datetime) -> PracticeComment:
    """A line from the therapist that the client reads."""
    episode = practice.assignment.episode
    access.require(by, rules.ASSIGN, episode)
    if not text.strip():
        raise CannotLog(_("Write a line, or leave it."), field="text")
    with trail.act("practice.commented", by=by, at=at, about=practice, client=episode.client):
        return PracticeComment.objects.create(log=practice, by=Staff.objects.get(pk=by.as_staff), text=text.strip(), at=at)


def check_in(
    episode: Episode,
    *,
    on: date,
    mood: int,
    by: Actor,
    at: datetime,
    urge: int | None = None,
    feelings: list[str] | None = None,
    slept_hours: Decimal | None = None,
    took_medication: str = "",
    note: str = "",
) -> CheckIn:
    """One check-in a day; a second one that day corrects the first, and the trail keeps both."""
    access.require(by, rules.LOG_OWN, episode)
    if not 0 <= mood <= 10:
        raise CannotCheckIn(_("Choose a number from 0 to 10."), field="mood")
    if urge is not None and not 0 <= urge <= 10:
        raise CannotCheckIn(_("Choose a number from 0 to 10."), field="urge")
    if feelings and len(feelings) > 3:
        raise CannotCheckIn(_("Choose up to three feelings."), field="feelings")
    with trail.act("practice.checked_in", by=by, at=at, about=episode, client=episode.client):
        row, _made = CheckIn.objects.update_or_create(
            episode=episode,
            on=on,
            defaults={
                "mood": mood, "urge": urge, "feelings": feelings or [], "slept_hours": slept_hours,
                "took_medication": took_medication, "note": note.strip(), "at": at,
            },
        )  # fmt: skip
    return row


def hear_danger(episode: Episode, note: str, *, by: Actor, at: datetime) -> Alarm | None:
    """What the client writes between sessions is read by staff later; words of danger are told now, to whoever has alarms of this
    person in hand. They are told also when the rest cannot be kept: nothing else of the form may hold them up, nor the end of the stay.

    Told while an alarm of it is open, it is one alarm; told after that was closed, it is another. None without such words.
    """
    access.require(by, rules.LOG_OWN, episode)
    if not danger_words.found(note):
        return None
    with translation.override("en"):  # staff read it
        reason = _("Written between sessions: “%(note)s”") % {"note": " ".join(note.split())[:260]}
    return safety.tell(
        source_kind="practice", source=str(episode.uid), is_news=True, kind=AlarmKind.ANSWER, urgency=Urgency.NOW, reason=reason,
        client=episode.client, by=by, at=at,
    )  # fmt: skip
