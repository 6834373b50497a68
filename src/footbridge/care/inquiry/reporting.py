"""May whoever sent somebody be told that they are a client here? The disclosure engine answers, from the papers of the client."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from footbridge.engines import disclosure
from footbridge.engines.disclosure import DataClass, Purpose, Recipient
from footbridge.ground.consent import telling
from footbridge.ground.consent.models import Consent
from footbridge.ground.people.support import Here

from .models import Inquiry

# Whom the law sees in a kind of source.
RECIPIENTS = {
    "hospital": Recipient.TREATING_PROVIDER, "therapist": Recipient.TREATING_PROVIDER, "primary_care": Recipient.TREATING_PROVIDER, "court": Recipient.COURT,
    "school": Recipient.SCHOOL, "employer": Recipient.EMPLOYER, "payer": Recipient.PAYER,
}  # fmt: skip
PURPOSES = {Recipient.TREATING_PROVIDER: Purpose.TREATMENT, Recipient.PAYER: Purpose.PAYMENT, Recipient.COURT: Purpose.LEGAL}
TOLD = (DataClass.DIRECTORY,)  # that they are, or were, a client: nothing more is ever reported


def whom(inquiry: Inquiry) -> telling.Whom:
    """Whoever sent them, as the law sees them."""
    source = inquiry.source
    recipient = RECIPIENTS.get(source.kind if source else "", Recipient.OTHER)
    return telling.Whom(recipient, PURPOSES.get(recipient, Purpose.OTHER), source.name if source else "")


def verdict(inquiry: Inquiry, on: date, *, given: Iterable[Consent] | None = None, where: Here | None = None) -> disclosure.Verdict:
    """May we tell the source that this person is, or was, a client here? Of somebody who has no papers with us: no."""
    if inquiry.episode is None:
        return disclosure.may_disclose(DataClass.DIRECTORY, whom(inquiry).recipient, whom(inquiry).purpose, (), on)
    return telling.verdict(inquiry.episode.client, DataClass.DIRECTORY, whom(inquiry), on, given=given, where=where)
