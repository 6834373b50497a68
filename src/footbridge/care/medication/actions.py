"""Verbs of medication. A change of dose ends one row and starts another: the list remembers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import monitoring, reads, rules
from .models import (
    Allergy,
    CheckDone,
    DrugTest,
    DrugTestResult,
    ListStatement,
    Medication,
    RandomTesting,
    ReconciledItem,
    Reconciliation,
)
from .words import CheckOutcome, Collected, Found, ListAnswer, Occasion, Reconciled, ResultKind


class CannotRecord(access.Refusal):
    """The row cannot be kept as it is."""


class CannotState(access.Refusal):
    """The statement contradicts the list."""


class CannotTest(access.Refusal):
    """The schedule or the test cannot be kept so."""


class CannotReconcile(access.Refusal):
    """Not every row was gone through, or nobody was asked."""


def add(
    client: Client,
    *,
    name: str,
    by: Actor,
    at: datetime,
    dose: str = "",
    how_often: str = "",
    route: str = "",
    why: str = "",
    prescribed_by: str = "",
    prescribed_here: bool = False,
    moud: bool = False,
    rxnorm: str = "",
    taken_from: date | None = None,
) -> Medication:
    """Put a medicine on the list. Refused when the same one with the same dose is on it already."""
    access.require(by, rules.KEEP_MEDICATION, client)
    fields = _clean(
        name=name,
        dose=dose,
        how_often=how_often,
        route=route,
        why=why,
        prescribed_by=prescribed_by,
        rxnorm=rxnorm,
    )
    if not fields["name"]:
        raise CannotRecord(_("Give the name of the medicine."), field="name")
    with trail.act("medication.added", by=by, at=at, about=client, client=client, detail={"name": fields["name"]}):
        here = reads.taken_on(client, taken_from or day_of(at))
        if here.filter(
            name__iexact=fields["name"], dose__iexact=fields["dose"], how_often__iexact=fields["how_often"]
        ).exists():
            raise CannotRecord(_("This medicine is on the list already, with this dose."), field="name")
        return Medication.objects.create(
            client=client,
            prescribed_here=prescribed_here,
            moud=moud,
            taken_from=taken_from,
            recorded_by_id=by.as_staff,
            recorded_at=at,
            **fields,
        )


def change(
    medication: Medication,
    *,
    on: date,
    by: Actor,
    at: datetime,
    because: str = "",
    dose: str | None = None,
    how_often: str | None = None,
    route: str | None = None,
    why: str | None = None,
    prescribed_by: str | None = None,
) -> Medication:
    """From `on` it is taken differently: the row ends that day and a new one begins. What is left out stays."""
    access.require(by, rules.KEEP_MEDICATION, medication)
    said = {"dose": dose, "how_often": how_often, "route": route, "why": why, "prescribed_by": prescribed_by}
    fields = {name: getattr(medication, name) if value is None else value.strip() for name, value in said.items()}
    with trail.act("medication.changed", by=by, at=at, about=medication, client=medication.client, why=because):
        medication.refresh_from_db()
        _still_taken(medication, on)
        if all(getattr(medication, name) == value for name, value in fields.items()):
            raise CannotRecord(_("Nothing is different. Change the dose or how often."), field="dose")
        medication.taken_until = on
        medication.stopped_because = (because.strip() or _("Changed"))[:160]
        medication.save(update_fields=["taken_until", "stopped_because"])
        return Medication.objects.create(
            client=medication.client,
            name=medication.name,
            rxnorm=medication.rxnorm,
            prescribed_here=medication.prescribed_here,
            moud=medication.moud,
            taken_from=on,
            recorded_by_id=by.as_staff,
            recorded_at=at,
            **fields,
        )


def stop(medication: Medication, *, on: date, because: str, by: Actor, at: datetime) -> Medication:
    """It is not taken any more from `on`. The reason is kept: it is asked for again at every change."""
    access.require(by, rules.KEEP_MEDICATION, medication)
    if not because.strip():
        raise CannotRecord(_("Say why it is stopped."), field="because")
    with trail.act("medication.stopped", by=by, at=at, about=medication, client=medication.client, why=because.strip()):
        medication.refresh_from_db()
        _still_taken(medication, on)
        medication.taken_until = on
        medication.stopped_because = because.strip()[:160]
        medication.save(update_fields=["taken_until", "stopped_because"])
    return medication


def _still_taken(medication: Medication, on: date) -> None:
    if medication.taken_until is not None and medication.taken_until <= on:
        raise CannotRecord(_("This row ended already."), field="on")
    if medication.taken_from is not None and on < medication.taken_from:
        raise CannotRecord(_("That is before its first day."), field="on")


def add_allergy(client: Client, *, substance: str, by: Actor, at: datetime, reaction: str = "") -> Allergy:
    """Put an allergy on the list. The same substance twice is one row."""
    access.require(by, rules.KEEP_MEDICATION, client)
    if not substance.strip():
        raise CannotRecord(_("Name what the person reacts to."), field="substance")
    with trail.act("allergy.added", by=by, at=at, about=client, client=client):
        same = reads.allergies(client).filter(substance__iexact=substance.strip()).first()
        return same or Allergy.objects.create(
            client=client,
            substance=substance.strip(),
            reaction=reaction.strip(),
            recorded_by_id=by.as_staff,
            recorded_at=at,
        )


def withdraw_allergy(allergy: Allergy, *, because: str, by: Actor, at: datetime) -> Allergy:
    """It turned out not to be one. The row stays, withdrawn, and the reason stands on the trail."""
    access.require(by, rules.KEEP_MEDICATION, allergy)
    if not because.strip():
        raise CannotRecord(_("Say why it is taken off the list."), field="because")
    with trail.act("allergy.withdrawn", by=by, at=at, about=allergy, client=allergy.client, why=because.strip()):
        if allergy.withdrawn_at is None:
            allergy.withdrawn_at = at
            allergy.save(update_fields=["withdrawn_at"])
    return allergy


def state_list(client: Client, *, about: str, answer: str, by: Actor, at: datetime) -> ListStatement:
    """Say how a whole list stands: `about` is "medication" or "allergy", `answer` listed, none or unknown.

    "None" is refused while something is listed, "listed" while nothing is.
    """
    access.require(by, rules.KEEP_MEDICATION, client)
    answer = ListAnswer(answer).value
    rows = reads.taken_on(client, day_of(at)) if about == "medication" else reads.allergies(client)
    with trail.act("list.stated", by=by, at=at, about=client, client=client, detail={"list": about, "answer": answer}):
        if answer == ListAnswer.NONE and rows.exists():
            raise CannotState(_("The list is not empty. End or withdraw its rows first."), field="answer")
        if answer == ListAnswer.LISTED and not rows.exists():
            raise CannotState(_("The list is empty. Add a row, or say that there is none."), field="answer")
        return ListStatement.objects.create(client=client, about=about, answer=answer, by_id=by.as_staff, at=at)


def reconcile(
    episode: Episode,
    *,
    occasion: str,
    sources: str,
    items: Mapping[Medication, tuple[str, str]],
    by: Actor,
    at: datetime,
    note: str = "",
) -> Reconciliation:
    """The whole list gone through with the client. `items`: each medicine taken now → (`Reconciled`, note).

    It records what was decided; a dose is changed and a medicine stopped by their own verbs. Refused while a medicine
    is left out, or while the list is empty and nobody has said "none".
    """
    access.require(by, rules.KEEP_MEDICATION, episode)
    if not sources.strip():
        raise CannotReconcile(_("Say who and what was asked, like: client, bottles, pharmacy."), field="sources")
    client = episode.client
    with trail.act(
        "medication.reconciled",
        by=by,
        at=at,
        about=episode,
        client=client,
        detail={"occasion": Occasion(occasion).value},
    ):
        taken = list(reads.taken_on(client, day_of(at)))
        left = [medication.name for medication in taken if medication not in items]
        if left:
            raise CannotReconcile(_("Not gone through yet: %(names)s.") % {"names": ", ".join(left)})
        if not taken and reads.state(client, "medication", day_of(at)).answer == ListAnswer.UNKNOWN:
            raise CannotReconcile(
                _("The list is empty and nobody has said that there is none. Say so first, or add what is taken.")
            )
        done = Reconciliation.objects.create(
            client=client,
            episode=episode,
            occasion=occasion,
            sources=sources.strip(),
            note=note.strip(),
            by_id=by.as_staff,
            at=at,
        )
        ReconciledItem.objects.bulk_create(
            ReconciledItem(
                reconciliation=done,
                medication=medication,
                decision=Reconciled(items[medication][0]).value,
                note=items[medication][1],
            )
            for medication in taken
        )
    return done


# ------------------------------------------------------------------ checks and tests


def record_check(
    episode: Episode, *, code: str, outcome: str, on: date, by: Actor, at: datetime, result: str = ""
) -> CheckDone:
    """A check that a medicine asks for was done, declined or is not needed now. The same on the same day is one row."""
    access.require(by, rules.KEEP_MEDICATION, episode)
    if code not in {check.code for check in monitoring.checks()}:
        raise CannotRecord(_("Choose a check from the list."), field="code")
    if on > day_of(at):
        raise CannotRecord(_("That day has not come yet."), field="on")
    outcome = CheckOutcome(outcome).value
    if outcome == CheckOutcome.NOT_NEEDED and not result.strip():
        raise CannotRecord(_("Say why it is not needed."), field="result")
    with trail.act("check.recorded", by=by, at=at, about=episode, client=episode.client, detail={"check": code}):
        fields = {"check_code": code, "outcome": outcome, "on": on, "result": result.strip()}
        same = episode.checks.filter(**fields).first()
        return same or CheckDone.objects.create(episode=episode, by_id=by.as_staff, at=at, **fields)


def start_testing(
    episode: Episode, *, first_on: date, least_days: int, most_days: int, by: Actor, at: datetime, seed: int | None = None
) -> RandomTesting:
    """Drug tests on days nobody can foresee, never more than `most_days` apart. A new schedule ends the one before."""
    access.require(by, rules.PLAN_TESTS, episode)
    if least_days < 1:
        raise CannotTest(_("Enter a number of 1 or more."), field="least_days")
    if most_days < least_days:
        raise CannotTest(_("The most days between two tests are not fewer than the least."), field="most_days")
    with trail.act("testing.planned", by=by, at=at, about=episode, client=episode.client):
        if episode.ended_at is not None:
            raise CannotTest(_("This episode of care has ended."))
        before = monitoring.open_testing(episode)
        if before is not None:
            if (before.first_on, before.least_days, before.most_days) == (first_on, least_days, most_days):
                return before
            before.ended_at = at
            before.save(update_fields=["ended_at"])
        return RandomTesting.objects.create(
            episode=episode,
            first_on=first_on,
            least_days=least_days,
            most_days=most_days,
            seed=secrets.randbits(62) if seed is None else seed,
            by_id=by.as_staff,
            at=at,
        )


def end_testing(schedule: RandomTesting, *, by: Actor, at: datetime) -> RandomTesting:
    access.require(by, rules.PLAN_TESTS, schedule.episode)
    with trail.act("testing.ended", by=by, at=at, about=schedule, client=schedule.episode.client):
        if schedule.ended_at is None:
            schedule.ended_at = at
            schedule.save(update_fields=["ended_at"])
    return schedule


def record_test(
    episode: Episode, *, on: date, collected: str, by: Actor, at: datetime, note: str = "", form_key: UUID | None = None
) -> DrugTest:
    """A urine test on a day: collected, or not and why. No consequence follows from it here."""
    access.require(by, rules.KEEP_MEDICATION, episode)
    if on > day_of(at):
        raise CannotTest(_("That day has not come yet."), field="on")
    with trail.act("drug_test.recorded", by=by, at=at, about=episode, client=episode.client):
        same = DrugTest.objects.filter(form_key=form_key, episode=episode).first() if form_key else None
        return same or DrugTest.objects.create(
            episode=episode,
            on=on,
            collected=Collected(collected).value,
            note=note.strip(),
            form_key=form_key,
            by_id=by.as_staff,
            at=at,
        )


def record_result(
    test: DrugTest, *, kind: str, substance: str, found: str, by: Actor, at: datetime, explained: str = ""
) -> DrugTestResult:
    """What the test found of one substance. Presumptive and definitive are two rows, also when they differ."""
    access.require(by, rules.KEEP_MEDICATION, test.episode)
    if not substance.strip():
        raise CannotTest(_("Name the substance."), field="substance")
    with trail.act("drug_test.result", by=by, at=at, about=test, client=test.episode.client):
        if test.collected != Collected.YES:
            raise CannotTest(_("Nothing was collected that day, so there is no result."))
        fields = {"kind": ResultKind(kind).value, "found": Found(found).value, "explained": explained.strip()}
        same = test.results.filter(substance__iexact=substance.strip(), **fields).first()
        return same or DrugTestResult.objects.create(
            test=test, substance=substance.strip(), by_id=by.as_staff, at=at, **fields
        )


def _clean(**fields: str) -> dict[str, Any]:
    return {name: value.strip() for name, value in fields.items()}
