"""What somebody has agreed to on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from footbridge.ground.people.models import Client, ContactChoice
from footbridge.ground.people.reads import contact_choice

from . import elements
from .models import Consent, ExpiresWhen


def in_force(client: Client, on: date) -> QuerySet[Consent]:
    """Consents given, not taken back, not run out. One that ends with treatment has ended when no episode is open any more."""
    found = client.consents.filter(revoked__isnull=True).filter(Q(expires_on__isnull=True) | Q(expires_on__gt=on))
    if client.episodes.filter(ended_at__isnull=True).exists():
        return found
    over = client.episodes.aggregate(last=Max("ended_at"))["last"]
    return found.exclude(expires_when=ExpiresWhen.END_OF_TREATMENT, signed_at__lte=over) if over else found


def not_over(rows: QuerySet[Consent]) -> QuerySet[Consent]:
    """Of consents of many clients: without those that ended with a treatment which is over."""
    theirs = Client.objects.filter(pk=OuterRef("client"))
    ended = Exists(theirs.filter(episodes__ended_at__gte=OuterRef("signed_at"))) & ~Exists(theirs.filter(episodes__isnull=False, episodes__ended_at__isnull=True))
    return rows.exclude(Q(expires_when=ExpiresWhen.END_OF_TREATMENT) & ended)


@dataclass(frozen=True, slots=True)
class Whole:
    """A consent with all that it says: for the client, and as the copy that goes along with what is shared (42 CFR 2.32)."""

    consent: Consent
    classes: list[str]
    says: list[Any]


def whole(consent: Consent, program: str) -> Whole:
    return Whole(consent, elements.classes_said(consent), elements.says(consent, program))


def has(client: Client, kind: str, on: date) -> bool:
    return in_force(client, on).filter(kind=kind).exists()


def channel(client: Client, on: date) -> str | None:
    """How a link may be sent to the client: "mail" or "text". None without an agreement to messages, or when they asked to be
    called after they gave it: what they said last holds."""
    return _channel(in_force(client, on).filter(kind="messages").first(), contact_choice(client.person))


def _channel(agreed: Consent | None, chosen: ContactChoice | None) -> str | None:
    if agreed is None:
        return None
    if chosen is not None and chosen.channel in ("mail", "text"):
        return chosen.channel
    return None if chosen is not None and chosen.chosen_at >= agreed.signed_at else "mail"


def channels(clients: Iterable[Client], on: date) -> dict[int, str | None]:
    """`channel` of many clients, by client id: three questions to the database, however many they are."""
    known = list(clients)
    agreed: dict[int, Consent] = {}
    given = Consent.objects.filter(client__in=known, kind="messages", revoked__isnull=True)
    treated = Client.objects.filter(pk__in=[c.pk for c in known]).annotate(
        open=Count("episodes", filter=Q(episodes__ended_at__isnull=True)), last=Max("episodes__ended_at")
    )
    over = {pk: last for pk, open_, last in treated.values_list("pk", "open", "last") if not open_ and last is not None}
    for one in given.filter(Q(expires_on__isnull=True) | Q(expires_on__gt=on)):
        ended = one.client_id in over and one.expires_when == ExpiresWhen.END_OF_TREATMENT and one.signed_at <= over[one.client_id]
        if not ended:
            agreed.setdefault(one.client_id, one)
    chosen: dict[int, ContactChoice] = {}
    for choice in ContactChoice.objects.filter(person__in=[c.person_id for c in known]):
        chosen.setdefault(choice.person_id, choice)
    return {c.pk: _channel(agreed.get(c.pk), chosen.get(c.person_id)) for c in known}
