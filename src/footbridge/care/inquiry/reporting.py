"""May whoever sent somebody be told that they are a client here? The disclosure engine answers, from the consents of the client."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from footbridge.engines import disclosure
from footbridge.engines.disclosure import DataClass, Purpose, Recipient
from footbridge.ground.consent import reads as consents
from footbridge.ground.consent.models import Consent
from footbridge.ground.program.days import day_of

from .models import Inquiry

# Whom the law sees in a kind of source.
RECIPIENTS = {
    "hospital": Recipient.TREATING_PROVIDER, "therapist": Recipient.TREATING_PROVIDER, "primary_care": Recipient.TREATING_PROVIDER, "court": Recipient.COURT,
    "school": Recipient.SCHOOL, "employer": Recipient.EMPLOYER, "payer": Recipient.PAYER,
}  # fmt: skip
PURPOSES = {Recipient.TREATING_PROVIDER: Purpose.TREATMENT, Recipient.PAYER: Purpose.PAYMENT, Recipient.COURT: Purpose.LEGAL}


def verdict(inquiry: Inquiry, given: Iterable[Consent], on: date) -> disclosure.Verdict:
    """May we tell the source that this person is, or was, a client here? The disclosure engine answers."""
    source = inquiry.source
    recipient = RECIPIENTS.get(source.kind if source else "", Recipient.OTHER)
    name = source.name.casefold() if source else ""
    return disclosure.may_disclose(
        DataClass.DIRECTORY, recipient, PURPOSES.get(recipient, Purpose.OTHER), [_as_engine(one) for one in given], on, name=name
    )


def _as_engine(row: Consent) -> disclosure.Consent:
    revoked = getattr(row, "revoked", None)
    is_tpo = row.kind == "tpo"
    to = frozenset({Recipient.TREATING_PROVIDER, Recipient.PAYER}) if is_tpo else frozenset(Recipient)
    named: frozenset[str] = frozenset() if is_tpo else frozenset({row.recipient.casefold()})
    known = {one.value for one in DataClass}
    classes = frozenset(DataClass(one) for one in row.data_classes if one in known and not is_tpo)
    kind = disclosure.ConsentKind.TPO if is_tpo else disclosure.ConsentKind.NAMED
    return disclosure.Consent(
        str(row.uid), kind, to, day_of(row.signed_at), classes, frozenset(Purpose) - {Purpose.LEGAL}, named, row.expires_on,
        day_of(revoked.at) if revoked else None,
    )  # fmt: skip


def of(inquiry: Inquiry, on: date) -> disclosure.Verdict:
    """The same for one request, with its consents loaded."""
    return verdict(inquiry, consents_of([inquiry.episode.client_id]) if inquiry.episode else [], on)


def consents_of(clients: Iterable[int]) -> QuerySet[Consent]:
    """What these clients let us share, without what ended with their treatment."""
    return consents.not_over(Consent.objects.filter(client__in=clients, kind__in=["disclosure", "tpo"])).select_related("revoked")
