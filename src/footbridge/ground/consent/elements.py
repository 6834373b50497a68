"""What a written consent must hold (42 CFR 2.31), and what it says beside what was chosen. Who signs for a minor: engines/minors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.engines.disclosure import DataClass
from footbridge.engines.minors import Signer
from footbridge.ground.people import support
from footbridge.ground.people.models import Client

from .models import Consent, ConsentKind, ExpiresWhen

SHARES = frozenset({ConsentKind.TPO, ConsentKind.DISCLOSURE, ConsentKind.COUNSELING_NOTES, ConsentKind.LEGAL})
NAMED = SHARES - {ConsentKind.TPO}
NOTES = DataClass.COUNSELING_NOTES.value
CLASS_WORDS = {
    DataClass.DIRECTORY: gettext_lazy("That they are a client here"),
    DataClass.SCHEDULE: gettext_lazy("Days and times"),
    DataClass.BILLING: gettext_lazy("Coverage and bills"),
    DataClass.CLINICAL: gettext_lazy("Diagnosis, plan, progress and medication"),
    DataClass.SCREENING: gettext_lazy("Screening answers"),
    DataClass.SAFETY: gettext_lazy("Risk and safety plan"),
}

# What every consent to share says, in the words the client reads. The first four of every kind, the others of the general one.
REVOKE = gettext_lazy("I can take this back at any time, here, in writing or by telling the team. What was shared before stays shared.")
WHO_SHARES = gettext_lazy("%(program)s shares it.")
PROTECTED = gettext_lazy("Whoever receives it may not use it in a court case against me.")
AGAIN = gettext_lazy("Whoever receives it may share it again under the health privacy law (HIPAA), but not for a court case against me.")
WITHOUT = gettext_lazy("I can say no. Then the program cannot bill my health plan, and I may have to pay myself.")


@dataclass(frozen=True, slots=True)
class Missing:
    field: str
    sentence: str


def missing(client: Client, on: date, *, kind: str, recipient: str, purpose: str, data_classes: list[str], signed: str, parent: str) -> Missing | None:
    """The first thing a consent lacks, with what to do. The end is filled in by the verb."""
    if kind in SHARES and not recipient.strip():
        return Missing("recipient", _("Write who may receive it."))
    if kind in SHARES and not purpose.strip():
        return Missing("purpose", _("Write what it is for."))
    if kind in (ConsentKind.DISCLOSURE, ConsentKind.LEGAL) and not data_classes:
        return Missing("data_classes", _("Choose what may be shared."))
    if kind == ConsentKind.COUNSELING_NOTES and set(data_classes) - {NOTES}:
        return Missing("data_classes", _("Counseling notes stand alone: this consent cannot cover anything else. (42 CFR 2.31(b))"))
    if kind in (ConsentKind.TPO, ConsentKind.DISCLOSURE, ConsentKind.LEGAL) and NOTES in data_classes:
        return Missing("data_classes", _("Counseling notes need a consent of their own. (42 CFR 2.31(b))"))
    if not signed.strip():
        return Missing("signed_name", _("Write the name as it was signed."))
    who = support.standing(client, on)
    needed = who.discloses if kind in SHARES else who.signs
    if Signer.PARENT in needed and not parent.strip():
        why = " ".join(support.said(one) for one in who.reasons)
        return Missing("parent_signed_name", _("The client is a minor, and a parent must sign too. %(why)s") % {"why": why})
    return None


def ends(kind: str, expires_on: date | None, expires_when: str) -> str:
    """What ends a consent that shares: its day, or this. The general one may hold until it is taken back; others end with treatment."""
    if expires_on is not None or kind not in SHARES:
        return ""
    if expires_when == ExpiresWhen.NONE and kind != ConsentKind.TPO:
        return ExpiresWhen.END_OF_TREATMENT
    return expires_when or (ExpiresWhen.NONE if kind == ConsentKind.TPO else ExpiresWhen.END_OF_TREATMENT)


def classes_said(consent: Consent) -> list[str]:
    """What may be shared, in words. The general consent names no class: everything that care, payment and running the program need."""
    return words_of(consent.data_classes)


def words_of(classes: Iterable[str]) -> list[str]:
    known = {**CLASS_WORDS, DataClass.COUNSELING_NOTES: _("Substance use counseling notes")}
    return [str(known.get(DataClass(one), one)) if one in set(DataClass) else one for one in classes]


def says(consent: Consent, program: str) -> list[Any]:
    """The standing sentences of a consent to share, as the client reads them and as a copy of it carries them."""
    if consent.kind not in SHARES:
        return [REVOKE]
    rest = {ConsentKind.TPO: [AGAIN, WITHOUT], ConsentKind.LEGAL: []}.get(ConsentKind(consent.kind), [PROTECTED])
    return [WHO_SHARES % {"program": program}, REVOKE, *rest]
