"""Talk about means, and offer naloxone. Each is a new version; nothing is written over."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from ..rules import COUNSEL
from .models import MeansCounselling, NaloxoneOffer
from .words import Access, NaloxoneAnswer

HAVE_A_KIT = (NaloxoneAnswer.GIVEN, NaloxoneAnswer.HAS_IT)


class CannotCounsel(access.Refusal):
    """Something that keeps the person safe is missing."""


def counsel(
    client: Client, *, firearms: str, medication: str, other: str, form_key: UUID, by: Actor, at: datetime, details: str = "",
    storage_plan: str = "", holder: str = "", talked_with: str = "", follow_up_on: date | None = None,
) -> MeansCounselling:  # fmt: skip
    """What is within reach, where it will be kept, and who holds it. Rule source: SAF-16.

    Where something is within reach, a storage plan and a day to ask again are needed.
    """
    access.require(by, COUNSEL, client)
    for name, value in (("firearms", firearms), ("medication", medication), ("other", other)):
        if value not in Access.values:
            raise CannotCounsel(_("Choose an answer. “Not known” is one."), field=name)
    if Access.YES in (firearms, medication, other):
        if not storage_plan.strip():
            raise CannotCounsel(_("Write where it will be kept until this is over."), field="storage_plan")
        if follow_up_on is None:
            raise CannotCounsel(_("Choose the day on which you ask again."), field="follow_up_on")
    if follow_up_on is not None and follow_up_on < day_of(at):
        raise CannotCounsel(_("Choose today or a later day."), field="follow_up_on")
    with trail.act("means.counselled", by=by, at=at, about=client, client=client):
        known = MeansCounselling.objects.filter(form_key=form_key, client=client).first()
        if known:
            return known
        return MeansCounselling.objects.create(
            client=client, version=_next(client.means_counselling), firearms=firearms, medication=medication, other=other,
            details=details.strip(), storage_plan=storage_plan.strip(), holder=holder.strip()[:160], talked_with=talked_with.strip()[:160],
            follow_up_on=follow_up_on, form_key=form_key, by_id=by.as_staff, at=at,
        )  # fmt: skip


def offer_naloxone(
    client: Client, *, answer: str, shown_how: bool, form_key: UUID, by: Actor, at: datetime, expires_on: date | None = None,
    follow_up_on: date | None = None, note: str = "",
) -> NaloxoneOffer:  # fmt: skip
    """Naloxone was offered: given, there already, declined; whether they were shown how; until when the kit is good. Rule source:
    SAF-15."""
    access.require(by, COUNSEL, client)
    if answer not in NaloxoneAnswer.values:
        raise CannotCounsel(_("Choose what they said."), field="answer")
    if answer not in HAVE_A_KIT and expires_on is not None:
        raise CannotCounsel(_("Only a kit they have runs out. Leave this empty."), field="expires_on")
    if answer == NaloxoneAnswer.GIVEN and expires_on is None:
        raise CannotCounsel(_("Read the date on the box you gave."), field="expires_on")
    if expires_on is not None and expires_on <= day_of(at):
        raise CannotCounsel(_("This kit has run out. Give a new one."), field="expires_on")
    if answer == NaloxoneAnswer.OFFERED and follow_up_on is None:
        raise CannotCounsel(_("Choose the day on which you ask again."), field="follow_up_on")
    if follow_up_on is not None and follow_up_on < day_of(at):
        raise CannotCounsel(_("Choose today or a later day."), field="follow_up_on")
    with trail.act("naloxone.offered", by=by, at=at, about=client, client=client, detail={"answer": answer}):
        known = NaloxoneOffer.objects.filter(form_key=form_key, client=client).first()
        if known:
            return known
        return NaloxoneOffer.objects.create(
            client=client, version=_next(client.naloxone_offers), answer=answer, shown_how=shown_how, expires_on=expires_on,
            follow_up_on=follow_up_on, note=note.strip()[:300], form_key=form_key, by_id=by.as_staff, at=at,
        )  # fmt: skip


def _next(versions: object) -> int:
    return (versions.aggregate(n=Max("version"))["n"] or 0) + 1  # type: ignore[attr-defined]
