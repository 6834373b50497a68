"""Verbs of transition: the relapse-prevention plan, a step, the discharge, the arrival at the next place of care."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.safety.dispositions import reads as dispositions
from footbridge.care.timetable import actions as timetable
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from . import reads, rules
from .hand_offs.models import HandOff
from .models import Arrival, DischargeReason, RelapsePreventionPlan, Transition, TransitionKind

GONE = {DischargeReason.LEFT, DischargeReason.DIED, DischargeReason.INCARCERATED}
# Reasons behind which a drug test might stand.
BY_THE_PROGRAM = {DischargeReason.ENDED_BY_PROGRAM, DischargeReason.OTHER}
SAID_AT_LEAST = 20  # letters
# Somebody who walks away or dies cannot be asked to write a plan first.
WITHOUT_PLAN = {DischargeReason.LEFT, DischargeReason.DIED, DischargeReason.INCARCERATED, DischargeReason.OTHER}


class CannotMove(access.Refusal):
    """The change of level cannot be recorded so."""


class CannotWritePlan(access.Refusal):
    """The relapse-prevention plan lacks something."""


def write_relapse_plan(
    episode: Episode, *, triggers: str, early_signs: str, what_i_do: str, by: Actor, at: datetime, people: str = "", risky_dates: str = ""
) -> RelapsePreventionPlan:
    """The next version, in the client's words. Earlier versions stay."""
    access.require(by, rules.WRITE_RELAPSE_PLAN, episode)
    for name, text in (("triggers", triggers), ("early_signs", early_signs), ("what_i_do", what_i_do)):
        if not text.strip():
            raise CannotWritePlan(_("Write at least one line here, in the client's own words."), field=name)
    with trail.act("relapse_plan.written", by=by, at=at, about=episode, client=episode.client):
        last = episode.relapse_plans.first()
        return RelapsePreventionPlan.objects.create(
            episode=episode, version=last.version + 1 if last else 1, triggers=triggers.strip(), early_signs=early_signs.strip(),
            what_i_do=what_i_do.strip(), people=people.strip(), risky_dates=risky_dates.strip(),
            written_with=Staff.objects.filter(pk=by.staff_id or 0).first(), at=at,
        )  # fmt: skip


def _level(episode: Episode) -> str:
    """The actual level now: the last step's, or the placement decision's."""
    step = episode.transitions.first()
    if step:
        return step.to_level
    decision = episode.placement_decisions.first()
    return decision.actual if decision else "iop"


def step(
    episode: Episode, *, kind: str, to_level: str, why: str, effective_on: date, by: Actor, at: datetime, next_provider: str = ""
) -> Transition:
    """Step up or down. The program goes on until a discharge says otherwise."""
    access.require(by, rules.MOVE, episode)
    if kind == TransitionKind.DISCHARGE:
        raise ValueError("a discharge has its own verb")
    if not why.strip():
        raise CannotMove(_("Say why, in a sentence the client could read."), field="why")
    with trail.act("transition.stepped", by=by, at=at, about=episode, client=episode.client, detail={"to": to_level}):
        _still_here(episode)
        from_level = _level(episode)
        if to_level == from_level:
            raise CannotMove(_("That is the level the client is at now."), field="to_level")
        return Transition.objects.create(
            episode=episode, kind=kind, from_level=from_level, to_level=to_level, why=why.strip(), effective_on=effective_on,
            next_provider=next_provider.strip(), by=Staff.objects.get(pk=by.as_staff), at=at,
        )  # fmt: skip


def discharge(
    episode: Episode,
    *,
    reason: str,
    to_level: str,
    why: str,
    summary: str,
    effective_on: date,
    by: Actor,
    at: datetime,
    next_provider: str = "",
    next_visit_at: datetime | None = None,
    beside_test: str = "",
) -> Transition:
    """End treatment here. Later bookings are cancelled, the episode ends, aftercare begins.

    Nobody is sent away in danger: what was decided is written down first, unless the person is gone already. A drug test is never the sole reason (ASAM): when the program ends care within 30 days of one that found something or was
    declined, what else speaks for it is asked and kept. A planned discharge needs a relapse-prevention plan; the safety plan and this one stay open to the client.
    """
    access.require(by, rules.MOVE, episode)
    if not why.strip():
        raise CannotMove(_("Say why, in a sentence the client could read."), field="why")
    if not summary.strip():
        raise CannotMove(_("Write the discharge summary: why the person came, what was done, how they are now."), field="summary")
    with trail.act("transition.discharged", by=by, at=at, about=episode, client=episode.client, detail={"reason": reason}):
        _still_here(episode)
        if reason not in GONE and dispositions.gate(episode.client) is not None:
            raise CannotMove(_("%(name)s may be in danger. Write down what was decided first, on the page Safety.") % {"name": episode.client.person.name_used})
        tested = reason in BY_THE_PROGRAM and reads.test_that_might_be_the_reason(episode, effective_on)
        if tested and len(beside_test.strip()) < SAID_AT_LEAST:
            raise CannotMove(
                _("A drug test of %(day)s found something or was declined. A test alone is no reason to end care: say what else speaks for it.")
                % {"day": date_format(tested.on, "DATE_FORMAT")},
                field="beside_test",
            )
        if reason not in WITHOUT_PLAN and not episode.relapse_plans.exists():
            raise CannotMove(_("Write the relapse-prevention plan with the client first."), field="reason")
        made = Transition.objects.create(
            episode=episode, kind=TransitionKind.DISCHARGE, from_level=_level(episode), to_level=to_level, reason=reason, why=why.strip(),
            summary=summary.strip(), beside_test=beside_test.strip() if tested else "", effective_on=effective_on, next_provider=next_provider.strip(), next_visit_at=next_visit_at,
            by=Staff.objects.get(pk=by.as_staff), at=at,
        )  # fmt: skip
        # What follows from leaving is the program's own doing, whoever signs the discharge.
        timetable.end_all(episode, effective_on + timedelta(days=1), by=SYSTEM, at=at)
        episodes.end_episode(episode, by=SYSTEM, at=at, why=why.strip())
        return made


def _still_here(episode: Episode) -> None:
    if episode.transitions.filter(kind=TransitionKind.DISCHARGE).exists():
        raise CannotMove(_("This client was discharged already. A return starts with a new request."))


def confirm_arrival(transition: Transition, *, confirmed_with: str, by: Actor, at: datetime) -> Arrival:
    """The hand-off is closed when the next place says the person has arrived."""
    access.require(by, rules.MOVE, transition.episode)
    if not confirmed_with.strip():
        raise CannotMove(_("Say who confirmed it, and where."), field="confirmed_with")
    with trail.act("transition.arrived", by=by, at=at, about=transition, client=transition.episode.client):
        known = Arrival.objects.filter(transition=transition).first()
        if known:
            return known
        staff = Staff.objects.get(pk=by.as_staff)
        # A hand-off that is under way ends with it: nobody calls for somebody who is there.
        HandOff.objects.open().filter(transition=transition).update(
            ended_at=at, ended_how="arrived", ended_by=staff, ended_with=confirmed_with.strip(), arrived_on=day_of(at)
        )
        return Arrival.objects.create(transition=transition, confirmed_with=confirmed_with.strip(), by=staff, at=at)
