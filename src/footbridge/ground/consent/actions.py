"""Consent given and taken back. A consent is never changed; a new one stands beside it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client, Staff
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import elements, rules
from .models import Consent, ConsentKind, ConsentRevoked


class CannotConsent(access.Refusal):
    """The consent lacks what it must hold."""


class CannotRevoke(access.Refusal):
    """It was taken back before."""


def give(
    client: Client,
    *,
    kind: str,
    signed_name: str,
    how: str,
    by: Actor,
    at: datetime,
    wording: str = "2026-11",
    recipient: str = "",
    purpose: str = "",
    data_classes: list[str] | None = None,
    witnessed_by: Staff | None = None,
    expires_on: date | None = None,
    expires_when: str = "",
    parent_signed_name: str = "",
) -> Consent:
    """The client agrees. Raises CannotConsent when an element that 42 CFR 2.31 asks for is missing, or a parent's name where the law of the
    state asks for one. A consent to share that names no end ends with treatment."""
    if not (by.has("client") and by.client_id == client.pk):
        access.require(by, rules.TAKE_CONSENT, client)
    classes = list(data_classes or ([elements.NOTES] if kind == ConsentKind.COUNSELING_NOTES else []))
    lacks = elements.missing(
        client, day_of(at), kind=kind, recipient=recipient, purpose=purpose, data_classes=classes, signed=signed_name, parent=parent_signed_name
    )
    if lacks is not None:
        raise CannotConsent(lacks.sentence, field=lacks.field)
    if expires_on is not None and expires_on <= day_of(at):
        raise CannotConsent(_("The last day must lie ahead."), field="expires_on")
    consent = Consent(
        client=client, kind=kind, wording=wording, recipient=recipient, purpose=purpose, data_classes=classes,
        signed_name=signed_name, signed_at=at, signed_how=how, witnessed_by=witnessed_by, expires_on=expires_on,
        expires_when=elements.ends(kind, expires_on, expires_when), parent_signed_name=parent_signed_name.strip(),
    )  # fmt: skip
    with trail.act("consent.given", by=by, at=at, about=consent, client=client, detail={"kind": kind}):
        consent.save()
    return consent


def revoke(consent: Consent, *, by: Actor, at: datetime, how: str = "") -> ConsentRevoked:
    """Stops future use; what was shared in reliance on it is not undone (42 CFR 2.31)."""
    if not (by.has("client") and by.client_id == consent.client_id):
        access.require(by, rules.TAKE_CONSENT, consent.client)
    with trail.act("consent.revoked", by=by, at=at, about=consent, client=consent.client):
        if ConsentRevoked.objects.filter(consent=consent).exists():
            raise CannotRevoke(_("This consent was taken back before."))
        return ConsentRevoked.objects.create(consent=consent, at=at, how=how)
