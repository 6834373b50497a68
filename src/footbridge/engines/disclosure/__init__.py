"""May this information go to this recipient for this purpose today? The default is no.

Covers the basics of 42 CFR Part 2 (as revised 2024) and HIPAA. In a Part 2 program even being a client is protected,
so every class of data is. What the engine knows:

- the client sees their own record, except notes a clinician keeps apart;
- the team inside the program, for treatment and operations, needs no consent; counseling notes stay with their author;
- what was agreed by voice opens nothing of a Part 2 program: a consent is in writing, on paper or electronic (2.31(a));
- counseling notes, psychotherapy notes, group membership and legal proceedings each need a consent that names them; a
general consent
  never opens them, and a Part 2 consent for counseling notes may not be combined with another (2.31);
- an order of a court under subpart E opens, for a legal proceeding, what it names for whom it names, and nothing else;
- medical emergencies and first reports of child abuse are allowed without consent, limited and documented (2.51,
2.12(c)(6));
- a minor's records are told only when everybody signed whom the law of the state and 42 CFR 2.14 ask: the minor, and a parent where
  the minor may not consent alone. A parent sees by law alone only outside Part 2, and only what a minor may not consent to alone;
- without Part 2 data, HIPAA allows treatment, payment and operations without consent; family needs one.

Nothing here is legal advice; each verdict names its rule with a mark (K: re-read before relying on it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from footbridge.engines import minors
from footbridge.engines.sentence import Sentence, render


class DataClass(StrEnum):
    DIRECTORY = "directory"  # name, contact, that the person is a client
    SCHEDULE = "schedule"
    BILLING = "billing"
    CLINICAL = "clinical"  # diagnosis, plan, progress, medication, results
    SCREENING = "screening"
    SAFETY = "safety"  # risk screens, safety plan
    GROUP_MEMBERSHIP = "group_membership"
    COUNSELING_NOTES = "counseling_notes"  # SUD counseling notes, kept apart (2.11)
    PSYCHOTHERAPY_NOTES = "psychotherapy_notes"  # kept apart (45 CFR 164.501)


class Recipient(StrEnum):
    CLIENT = "client"
    AUTHOR = "author"  # of the notes in question
    OWN_TEAM = "own_team"
    TREATING_PROVIDER = "treating_provider"
    PAYER = "payer"
    SUPPORTER = "supporter"  # family and friends
    OTHER_CLIENT = "other_client"
    EMERGENCY = "emergency"
    CHILD_PROTECTION = "child_protection"
    COURT = "court"
    EMPLOYER = "employer"
    SCHOOL = "school"
    OTHER = "other"


class Purpose(StrEnum):
    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    ACCESS = "access"  # the client's own
    SUPPORT = "support"  # family involvement
    EMERGENCY = "emergency"
    CHILD_ABUSE_REPORT = "child_abuse_report"
    LEGAL = "legal"
    OTHER = "other"


TPO = frozenset({Purpose.TREATMENT, Purpose.PAYMENT, Purpose.OPERATIONS})
KEPT_APART = frozenset({DataClass.COUNSELING_NOTES, DataClass.PSYCHOTHERAPY_NOTES})
MUST_BE_NAMED = KEPT_APART | {DataClass.GROUP_MEMBERSHIP}
_NEVER_BY_LAW = MUST_BE_NAMED | {DataClass.SCREENING}


class ConsentKind(StrEnum):
    TPO = "tpo"  # one consent for treatment, payment and operations; recipients may be a class
    NAMED = "named"  # names recipient, data and purpose
    COUNSELING_NOTES = "counseling_notes"  # separate by rule
    LEGAL = "legal"  # separate by rule


@dataclass(frozen=True, slots=True)
class Consent:
    """A signed consent. `signed_by`: the client, a parent, or both. `recipients` holds kinds of recipients; `named` the persons or offices it is bound to (empty:
    the whole kind).

    `signed_on` inclusive; `until` exclusive (None: none or end of treatment); `revoked_on`: from that day on it opens
    nothing.
    """

    id: str
    kind: ConsentKind
    recipients: frozenset[Recipient]
    signed_on: date
    data_classes: frozenset[DataClass] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    named: frozenset[str] = frozenset()
    until: date | None = None
    revoked_on: date | None = None
    signed_by: frozenset[minors.Signer] = minors.CLIENT_ALONE
    written: bool = True  # on paper or electronic; False: said by voice

    def in_force(self, on: date) -> bool:
        return (
            self.signed_on <= on
            and (self.until is None or on < self.until)
            and (self.revoked_on is None or on < self.revoked_on)
        )


@dataclass(frozen=True, slots=True)
class CourtOrder:
    """An order of a court under 42 CFR part 2, subpart E: it lets exactly the named reader have exactly the named classes. `until` exclusive."""

    id: str
    named: frozenset[str]
    data_classes: frozenset[DataClass]
    ordered_on: date
    until: date | None = None

    def opens(self, asked: _Asked) -> bool:
        holds = self.ordered_on <= asked.on and (self.until is None or asked.on < self.until)
        return holds and asked.name in self.named and asked.data_class in self.data_classes


class Notice(StrEnum):
    """What must go with the information."""

    NONE = "none"
    PART2 = (
        "part2"  # notice against re-disclosure, with a copy of the consent or a clear explanation of its scope (2.32)
    )
    DOCUMENT = "document"  # write down who, what, when and why


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` always says why. `consent`, or `order` of a court, is the one relied on; `account` whether it belongs in the accounting of
    disclosures.
    """

    allowed: bool
    reason: Sentence
    notice: Notice = Notice.NONE
    consent: str = ""
    attach_consent: bool = False
    account: bool = False
    order: str = ""


def may_disclose(
    data_class: DataClass,
    recipient: Recipient,
    purpose: Purpose,
    consents: Iterable[Consent],
    on: date,
    *,
    part2: bool = True,
    name: str = "",
    minor: minors.Standing | None = None,
    parents: frozenset[str] = frozenset(),
    orders: Iterable[CourtOrder] = (),
) -> Verdict:
    """The verdict for one class of data on one day. `part2`: whether the data comes from a Part 2 program. `name`:
    who exactly receives it; a consent bound to names opens only for them. `minor`: how the client stands by age and state
    (engines/minors), `parents` the names of those who have the care of a minor. `orders`: of courts, for legal proceedings alone."""
    asked = _Asked(data_class, recipient, purpose, on, name, minor)
    consents = tuple(consents)  # asked more than once
    if recipient is Recipient.CLIENT:
        if data_class in KEPT_APART:
            return _no("client_kept_apart", asked)
        if data_class is DataClass.GROUP_MEMBERSHIP:
            return _no("others_in_group", asked)
        return _yes("own_record", asked)
    if data_class in KEPT_APART and recipient is Recipient.AUTHOR:
        return _yes("author", asked)
    if recipient in (Recipient.OWN_TEAM, Recipient.AUTHOR):
        return _inside(asked)
    if recipient is Recipient.OTHER_CLIENT:
        return _by_consent(asked, consents, part2) or _no("other_client", asked)
    if purpose is Purpose.EMERGENCY:
        return _emergency(asked)
    if purpose is Purpose.CHILD_ABUSE_REPORT:
        return _child_report(asked)
    found = _by_consent(asked, consents, part2) or _by_order(asked, orders)
    if found:
        return found
    by_voice = tuple(replace(one, written=True) for one in consents if not one.written)
    if by_voice and _by_consent(asked, by_voice, part2):
        return _no("not_written", asked)
    if minor is not None and minor.is_minor:
        if recipient is Recipient.SUPPORTER and name in parents and minor.by_law and data_class not in _NEVER_BY_LAW and not part2:
            return Verdict(True, _say("parent_by_law", asked), account=False)
        if _by_consent(replace(asked, minor=None), consents, part2):
            return _no("minor_not_signed", asked)
    if purpose is Purpose.LEGAL or recipient is Recipient.COURT:
        return _no("legal_needs_consent_or_order", asked)
    if data_class in MUST_BE_NAMED:
        return _no("needs_its_own_consent", asked)
    if not part2 and purpose in TPO and recipient in (Recipient.TREATING_PROVIDER, Recipient.PAYER):
        return Verdict(True, _say("hipaa_tpo", asked), account=False)
    return _no("no_consent_part2" if part2 else "no_consent", asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    data_class: DataClass
    recipient: Recipient
    purpose: Purpose
    on: date
    name: str
    minor: minors.Standing | None = None


def _inside(asked: _Asked) -> Verdict:
    if asked.data_class in KEPT_APART:
        return _no("notes_stay_with_author", asked)
    if asked.purpose in TPO or asked.purpose is Purpose.EMERGENCY:
        return _yes("own_team", asked)
    return _no("purpose_outside_care", asked)


def _emergency(asked: _Asked) -> Verdict:
    if asked.recipient not in (Recipient.EMERGENCY, Recipient.TREATING_PROVIDER):
        return _no("emergency_recipient", asked)
    if asked.data_class in MUST_BE_NAMED:
        return _no("emergency_limited", asked)
    return Verdict(True, _say("emergency", asked), Notice.DOCUMENT, account=True)


def _child_report(asked: _Asked) -> Verdict:
    if asked.recipient is not Recipient.CHILD_PROTECTION or asked.data_class in MUST_BE_NAMED:
        return _no("child_report_limited", asked)
    return Verdict(True, _say("child_report", asked), Notice.DOCUMENT, account=True)


def _by_consent(asked: _Asked, consents: Iterable[Consent], part2: bool) -> Verdict | None:
    for consent in sorted(consents, key=lambda c: (c.signed_on, c.id), reverse=True):
        if consent.in_force(asked.on) and _opens(consent, asked, part2):
            notice = Notice.PART2 if part2 else Notice.NONE
            return Verdict(True, _say("consent", asked), notice, consent.id, attach_consent=part2, account=True)
    return None


def _by_order(asked: _Asked, orders: Iterable[CourtOrder]) -> Verdict | None:
    if asked.purpose is not Purpose.LEGAL:
        return None
    for order in sorted(orders, key=lambda one: (one.ordered_on, one.id), reverse=True):
        if order.opens(asked):
            return Verdict(True, _say("court_order", asked), Notice.DOCUMENT, account=True, order=order.id)
    return None


def _opens(consent: Consent, asked: _Asked, part2: bool) -> bool:
    if asked.minor is not None and asked.minor.is_minor and not asked.minor.discloses <= consent.signed_by:
        return False
    if part2 and not consent.written:
        return False
    if asked.recipient not in consent.recipients or (consent.named and asked.name not in consent.named):
        return False
    if asked.purpose is Purpose.LEGAL or asked.recipient is Recipient.COURT:
        return consent.kind is ConsentKind.LEGAL and asked.data_class in consent.data_classes
    if asked.data_class is DataClass.COUNSELING_NOTES:
        # Separate by rule: a consent that covers anything else beside them opens nothing.
        alone = consent.data_classes == {DataClass.COUNSELING_NOTES}
        return consent.kind is ConsentKind.COUNSELING_NOTES and alone and asked.purpose in consent.purposes
    if asked.data_class is DataClass.PSYCHOTHERAPY_NOTES:
        alone = consent.data_classes == {DataClass.PSYCHOTHERAPY_NOTES}
        return consent.kind is ConsentKind.NAMED and alone and asked.purpose in consent.purposes
    match consent.kind:
        case ConsentKind.TPO:
            named = not consent.data_classes or asked.data_class in consent.data_classes
            return asked.data_class not in MUST_BE_NAMED and named and asked.purpose in TPO
        case ConsentKind.NAMED:
            return asked.data_class in consent.data_classes and asked.purpose in consent.purposes
        case _:
            return False


def _yes(code: str, asked: _Asked) -> Verdict:
    return Verdict(True, _say(code, asked))


def _no(code: str, asked: _Asked) -> Verdict:
    return Verdict(False, _say(code, asked))


def _say(code: str, asked: _Asked) -> Sentence:
    params: dict[str, object] = {"data": asked.data_class.value, "recipient": asked.recipient.value, "purpose": asked.purpose.value}
    if code == "minor_not_signed" and asked.minor is not None:
        params["who"] = " and ".join(sorted(one.value for one in asked.minor.discloses))
        params["source"] = "; ".join([*(f"{rule.source} [{rule.mark}]" for rule in asked.minor.rules), "42 CFR 2.14 [K]"])
    return Sentence(f"disclosure.{code}", params)


_ENGLISH = {
    "disclosure.own_record": "It is the client's own record. (45 CFR 164.524) [K]",
    "disclosure.client_kept_apart": "Notes kept apart are not part of the record a client may ask for. "
    "(164.524(a)(1)) [K]",
    "disclosure.others_in_group": "Who else is in a group is not the client's to know. (2.13) [K]",
    "disclosure.author": "The notes are the author's own.",
    "disclosure.notes_stay_with_author": "Notes kept apart stay with their author. (2.11, 164.501) [K]",
    "disclosure.own_team": "The team needs it for care or to run the program. (2.12(c)(3), 164.506) [K]",
    "disclosure.purpose_outside_care": "The team may use it for care and to run the program, not for {purpose}.",
    "disclosure.other_client": "Another client may not know it; being in a group tells of treatment. (2.13) [K]",
    "disclosure.emergency": "A medical emergency; write down who received what, when and why. (2.51) [V]",
    "disclosure.emergency_recipient": "In an emergency only those who treat the person may be told. (2.51) [V]",
    "disclosure.emergency_limited": "Not needed to treat an emergency.",
    "disclosure.child_report": "A first report of child abuse under state law; later records stay protected. "
    "(2.12(c)(6)) [V]",
    "disclosure.child_report_limited": "Only the first report to the child protection office, and never notes kept "
    "apart. [V]",
    "disclosure.consent": "The client's consent covers {data} to {recipient} for {purpose}. (2.31, 2.33) [V]",
    "disclosure.parent_by_law": "A parent who has the care of a minor may see it as the personal representative. (164.502(g)) [K]",
    "disclosure.minor_not_signed": "The client is a minor: {who} must have signed the consent. ({source})",
    "disclosure.legal_needs_consent_or_order": "Legal proceedings need their own consent or a court order. "
    "(2.31(d), subpart E) [K]",
    "disclosure.not_written": "They agreed by voice. Records of this program are shared only on a consent in writing, on paper or electronic. (2.31(a)) [K]",
    "disclosure.court_order": "A court order names {data} for this reader. Tell no more than it names. (2.61 to 2.67) [K]",
    "disclosure.needs_its_own_consent": "{data} needs a consent that names it and nothing else opens it. (2.31(b)) [K]",
    "disclosure.hipaa_tpo": "Allowed for treatment, payment and operations. (164.506) [K]",
    "disclosure.no_consent_part2": "No consent covers this, and the program is protected by 42 CFR Part 2. [V]",
    "disclosure.no_consent": "No consent covers this.",
}


def english(sentence: Sentence) -> str:
    return render(sentence, _ENGLISH)


def codes() -> tuple[str, ...]:
    return tuple(_ENGLISH)
