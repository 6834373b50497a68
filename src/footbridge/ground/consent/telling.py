"""May this leave the house, for this reader? One door for everything that does: the disclosure engine answers, from the papers of the
client, their age and the law of the state. Letters, reports, files and bills all ask here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from footbridge.engines import disclosure, minors
from footbridge.engines.disclosure import DataClass, Purpose, Recipient, Verdict
from footbridge.ground.people import support
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of
from footbridge.kit.web.sources import sourced

from . import reads
from .elements import SHARES
from .models import Consent, ConsentKind, CourtOrder

# 42 CFR 2.32(a)(2): the short form of the notice that goes along. [K] Re-read before relying on it.
NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."

_KINDS: dict[ConsentKind, disclosure.ConsentKind] = {
    ConsentKind.TPO: disclosure.ConsentKind.TPO, ConsentKind.DISCLOSURE: disclosure.ConsentKind.NAMED,
    ConsentKind.COUNSELING_NOTES: disclosure.ConsentKind.COUNSELING_NOTES, ConsentKind.LEGAL: disclosure.ConsentKind.LEGAL,
}  # fmt: skip
_BY_THE_GENERAL_ONE = frozenset({Recipient.TREATING_PROVIDER, Recipient.PAYER})
_OUTSIDE_COURT = frozenset(Purpose) - {Purpose.LEGAL}


@dataclass(frozen=True, slots=True)
class Whom:
    """Who receives it, and what for. `name`: the person or office a consent must name."""

    recipient: Recipient
    purpose: Purpose
    name: str = ""


def as_engine(row: Consent) -> disclosure.Consent:
    """A consent among the papers, for the engine. The general one opens for whole kinds of readers, every other for the one it names."""
    general = row.kind == ConsentKind.TPO
    known = {one.value for one in DataClass}
    revoked = getattr(row, "revoked", None)
    signers = {minors.Signer.CLIENT, *([minors.Signer.PARENT] if row.parent_signed_name.strip() else [])}
    return disclosure.Consent(
        str(row.uid), _KINDS[ConsentKind(row.kind)], _BY_THE_GENERAL_ONE if general else frozenset(Recipient), day_of(row.signed_at),
        frozenset() if general else frozenset(DataClass(one) for one in row.data_classes if one in known),
        frozenset({Purpose.LEGAL}) if row.kind == ConsentKind.LEGAL else _OUTSIDE_COURT,
        frozenset() if general else frozenset({_same(row.recipient)}), row.expires_on, day_of(revoked.at) if revoked else None, frozenset(signers),
        row.signed_how != "spoken",
    )  # fmt: skip


def verdict(
    client: Client, data_class: DataClass, whom: Whom, on: date, *, given: Iterable[Consent] | None = None, where: support.Here | None = None
) -> Verdict:
    """The answer for one class of data today. `given` is what `of_clients` said; `where` one for many people."""
    rows = reads.in_force(client, on).filter(kind__in=SHARES).select_related("revoked") if given is None else given
    held = [order_as_engine(one) for one in orders(client, on)] if whom.purpose is Purpose.LEGAL else []
    return by_papers((as_engine(one) for one in rows), data_class, whom, on, _standing(client, on, where), held)


def by_papers(
    given: Iterable[disclosure.Consent], data_class: DataClass, whom: Whom, on: date, minor: minors.Standing, held: Iterable[disclosure.CourtOrder] = ()
) -> Verdict:
    """The same where the agreement stands elsewhere than among a client's papers."""
    return disclosure.may_disclose(data_class, whom.recipient, whom.purpose, given, on, part2=support.part2(), name=_same(whom.name), minor=minor, orders=held)


def orders(client: Client, on: date) -> QuerySet[CourtOrder]:
    """Orders of a court that hold on the day."""
    return client.court_orders.filter(ended_at__isnull=True, ordered_on__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on))


def order_as_engine(row: CourtOrder) -> disclosure.CourtOrder:
    known = {one.value for one in DataClass}
    classes = frozenset(DataClass(one) for one in row.data_classes if one in known)
    return disclosure.CourtOrder(str(row.uid), frozenset({_same(row.recipient)}), classes, row.ordered_on, row.until)


def of_clients(clients: Iterable[int]) -> dict[int, list[Consent]]:
    """What each of these clients lets us share, without what ended with their treatment. One question to the database."""
    found: dict[int, list[Consent]] = {}
    for row in reads.not_over(Consent.objects.filter(client__in=list(clients), kind__in=SHARES)).select_related("revoked"):
        found.setdefault(row.client_id, []).append(row)
    return found


def _standing(client: Client, on: date, where: support.Here | None) -> minors.Standing:
    return minors.standing(support.asked(client, on, where=where), support.table())


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


# ------------------------------------------------------------------ a file that somebody takes along


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a file may be made for today. `ground` says what lets us; empty for the client and for the team."""

    code: str
    label: str
    whom: Whom
    consent: Consent | None = None
    ground: Any = ""

    @property
    def is_general(self) -> bool:
        """A kind of reader, not a named one."""
        return self.consent is not None and self.consent.kind == ConsentKind.TPO


def readers(client: Client, classes: Iterable[DataClass], on: date) -> list[Reader]:
    """For whom a file with these classes of data may be made: the client, the team, and everybody a consent in force lets us tell it."""
    found = [
        Reader("client", _("The client themself"), Whom(Recipient.CLIENT, Purpose.ACCESS)), Reader("team", _("Our own team"), Whom(Recipient.OWN_TEAM, Purpose.TREATMENT)),
    ]  # fmt: skip
    asked, given = list(classes), list(reads.in_force(client, on).filter(kind__in=SHARES).select_related("revoked"))
    for row in given:
        if row.kind == ConsentKind.TPO:
            found += [
                Reader(f"{row.uid}:{one.value}", label, Whom(one, purpose, label), row, row.get_kind_display())
                for one, purpose, label in (
                    (Recipient.TREATING_PROVIDER, Purpose.TREATMENT, _("Somebody who treats them")), (Recipient.PAYER, Purpose.PAYMENT, _("Their health plan")),
                )
            ]  # fmt: skip
        else:
            legal = row.kind == ConsentKind.LEGAL
            whom = Whom(Recipient.COURT, Purpose.LEGAL, row.recipient) if legal else Whom(Recipient.OTHER, Purpose.OTHER, row.recipient)
            found.append(Reader(str(row.uid), row.recipient, whom, row, row.get_kind_display()))
    for order in orders(client, on):
        said = _("Order of the court: %(court)s, %(number)s") % {"court": order.court, "number": order.number}
        found.append(Reader(str(order.uid), order.recipient, Whom(Recipient.COURT, Purpose.LEGAL, order.recipient), None, said))
    where = support.Here()
    return [
        one for one in found
        if all(verdict(client, data, one.whom, on, given=[one.consent] if one.consent else [], where=where).allowed for data in asked)
    ]  # fmt: skip


def refused(said: Verdict) -> str:
    """Why it may not be told, for staff."""
    return sourced(disclosure.english(said.reason))


def account(client: Client) -> Any:
    """What was told about a client to others, the newest first: to whom, what, when, and on which consent (42 CFR 2.25, 45 CFR 164.528)."""
    return client.told.select_related("consent", "order", "by__person")
