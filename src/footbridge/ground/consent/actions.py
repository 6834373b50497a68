"""Consent given and taken back. A consent is never changed; a new one stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from footbridge.engines.disclosure import DataClass
from footbridge.ground.people.models import Client, Staff
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import elements, rules, telling
from .models import Consent, ConsentKind, ConsentRevoked, CourtOrder, Told, ToldWhat


class CannotConsent(access.Refusal):
    """The consent lacks what it must hold."""


class CannotRevoke(access.Refusal):
    """It was taken back before."""


class CannotTell(access.Refusal):
    """No consent covers it."""


class CannotKeepOrder(access.Refusal):
    """Something the order must say is missing, or nobody who knows the law has read it."""


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


def tell(
    client: Client, whom: telling.Whom, classes: Iterable[DataClass], *, what: str, to_name: str, by: Actor, at: datetime, detail: str = ""
) -> list[Told]:
    """Something about the client is told to somebody outside, and stands in their account: a row for each consent, or order of a court, it rests on. Raises
    CannotTell, with why, when the verdict on any part of it is no."""
    access.require(by, rules.TELL, client)
    resting: dict[tuple[str, str], list[str]] = {}
    for one in sorted(set(classes)):
        verdict = telling.verdict(client, one, whom, day_of(at))
        if not verdict.allowed or not (verdict.consent or verdict.order):
            raise CannotTell(telling.refused(verdict))
        resting.setdefault((verdict.consent, verdict.order), []).append(one.value)
    what, to_name = ToldWhat(what).value, to_name.strip()[:160]
    told = []
    for (consent, order), values in resting.items():
        row = Told(
            client=client, consent=Consent.objects.get(uid=consent) if consent else None, order=CourtOrder.objects.get(uid=order) if order else None,
            what=what, detail=detail.strip()[:160], to_name=to_name, data_classes=values, by_id=by.as_staff, at=at,
        )  # fmt: skip
        with trail.act("consent.told", by=by, at=at, about=row, client=client, detail={"to": to_name, "what": what, "classes": values}):
            row.save()
        told.append(row)
    return told


def keep_order(
    client: Client,
    *,
    court: str,
    number: str,
    recipient: str,
    data_classes: Iterable[str],
    ordered_on: date,
    read_by: str,
    today: date,
    by: Actor,
    at: datetime,
    until: date | None = None,
) -> CourtOrder:
    """An order of a court is written down, after somebody who knows the law has read it. The same order again is one."""
    access.require(by, rules.KEEP_ORDERS, client)
    words = {"court": court.strip(), "number": number.strip(), "recipient": recipient.strip(), "read_by": read_by.strip()}
    asks = {
        "court": _("Write which court it is."), "number": _("Write the number of the order, as it stands on the paper."),
        "recipient": _("Write who may receive it, as the order says."), "read_by": _("Write who read the order and knows the law. Until then nothing is told."),
    }  # fmt: skip
    for name, text in words.items():
        if not text:
            raise CannotKeepOrder(asks[name], field=name)
    classes = sorted({DataClass(one).value for one in data_classes})
    if not classes:
        raise CannotKeepOrder(_("Choose what the order names."), field="data_classes")
    if ordered_on > today:
        raise CannotKeepOrder(_("The day of the order must be today or before."), field="ordered_on")
    if until is not None and until <= ordered_on:
        raise CannotKeepOrder(_("The end must come after the start."), field="until")
    with trail.act("consent.order_kept", by=by, at=at, about=client, client=client, detail={"court": words["court"], "number": words["number"]}):
        known: CourtOrder | None = client.court_orders.filter(court=words["court"], number=words["number"]).first()
        return known or CourtOrder.objects.create(
            client=client, **words, data_classes=classes, ordered_on=ordered_on, until=until, by_id=by.as_staff, at=at
        )


def end_order(order: CourtOrder, *, why: str, by: Actor, at: datetime) -> CourtOrder:
    """It holds no more: vacated, carried out, or written down by mistake."""
    access.require(by, rules.KEEP_ORDERS, order.client)
    if not why.strip():
        raise CannotKeepOrder(_("Say why it holds no more."), field="why")
    with trail.act("consent.order_ended", by=by, at=at, about=order, client=order.client, why=why.strip()):
        order.refresh_from_db()
        if order.ended_at is None:
            order.ended_at, order.ended_why = at, why.strip()[:200]
            order.save(update_fields=["ended_at", "ended_why"])
    return order
