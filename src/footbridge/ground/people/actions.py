"""Verbs about people. Each happens inside an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from footbridge.engines import minors
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail
from footbridge.kit.access import Actor, accounts

from . import rules, support
from .models import Away, Client, ContactChoice, Credential, Person, ReferralSource, RoleHeld, Staff, Supporter
from .words import LegalBasis, Scope, SignedHow, Signer


class CannotGrant(access.Refusal):
    """The supporter cannot be given this."""


class CannotInvitePerson(access.Refusal):
    """They cannot get an account (again)."""


class CannotGoAway(access.Refusal):
    """Somebody must be there when alarms come."""


class CannotHire(access.Refusal):
    """The staff member or role cannot be recorded so."""


def add_person(
    *,
    legal_name: str,
    by: Actor,
    at: datetime,
    name_used: str = "",
    pronouns: str = "",
    born_on: date | None = None,
    phone: str = "",
    email: str = "",
    language: str = "en",
    address: str = "",
    user: Any = None,
) -> Person:
    """Somebody becomes known by name. `name_used` is the legal name's first word when not given."""
    access.require(by, rules.KEEP_PEOPLE)
    person = Person(
        legal_name=legal_name.strip(), name_used=(name_used or legal_name.split()[0]).strip(), pronouns=pronouns, born_on=born_on,
        phone=phone, email=email.lower(), language=language, address=address, user=user, created_at=at,
    )  # fmt: skip
    with trail.act("person.added", by=by, at=at, about=person):
        person.save()
    return person


def add_staff_person(*, legal_name: str, email: str, user: Any, by: Actor, at: datetime, name_used: str = "", phone: str = "") -> Person:
    """A person who is about to be hired, with the account they were invited to."""
    access.require(by, rules.HIRE)
    if Person.objects.filter(user=user).exists():
        raise CannotHire(_("Somebody here was invited with this email already. Everybody needs an address of their own."), field="email")
    person = Person(
        legal_name=legal_name.strip(), name_used=(name_used or legal_name.split()[0]).strip(), email=email.lower(), phone=phone,
        user=user, created_at=at,
    )  # fmt: skip
    with trail.act("person.added", by=by, at=at, about=person):
        person.save()
    return person


def correct_person(person: Person, *, by: Actor, at: datetime, why: str = "", **fields: Any) -> Person:
    """Correct names or contact data. Only the named fields change; before and after stay in the trail."""
    access.require(by, rules.KEEP_PEOPLE)
    allowed = {"legal_name", "name_used", "pronouns", "born_on", "phone", "email", "language", "address"}
    if set(fields) - allowed:
        raise ValueError(f"not a person's field: {sorted(set(fields) - allowed)}")
    with trail.act("person.corrected", by=by, at=at, about=person, client=getattr(person, "client", None), why=why):
        for name, value in fields.items():
            setattr(person, name, value)
        person.save(update_fields=list(fields))
    return person


def link_account(person: Person, user: Any, *, by: Actor, at: datetime) -> Person:
    """The account somebody signs in with becomes this person's."""
    with trail.act("person.account_linked", by=by, at=at, about=person, client=getattr(person, "client", None)):
        person.user = user
        person.save(update_fields=["user"])
    return person


def invite_to_portal(person: Person, *, by: Actor, at: datetime, email: str = "") -> tuple[Any, str]:
    """An account of their own for a client or somebody close to them: (the account, the secret part of its link).
    `email` corrects the address on record.

    Inviting again makes a new link; the older one stops working. Raises CannotInvitePerson without an email of their own,
    when they sign in already, or when the address belongs to somebody else here. An account in use is not moved to another
    address: whoever gets the link would read what is its owner's.
    """
    access.require(by, rules.KEEP_PEOPLE)
    address = email.strip().lower() or person.email
    if not address:
        raise CannotInvitePerson(_("There is no email of theirs on record. Add it first: they sign in with it."))
    if Person.objects.filter(user__email=address).exclude(pk=person.pk).exists():
        raise CannotInvitePerson(_("Somebody else signs in with this email. Everybody needs an address of their own."))
    if person.user is not None and person.user.has_usable_password() and person.user.email != address:
        raise CannotInvitePerson(_("They sign in already, with another email. An account in use cannot be moved to a new address here."), field="email")
    with trail.act("person.invited", by=by, at=at, about=person, client=getattr(person, "client", None)):
        if address != person.email:
            correct_person(person, email=address, by=by, at=at)
        try:
            user, token = accounts.invite(address, by, at, language=person.language)
        except accounts.CannotInvite as refusal:
            raise CannotInvitePerson(str(refusal)) from None
        person.user = user
        person.save(update_fields=["user"])
    return user, token


def choose_contact(
    person: Person, *, channel: str, by: Actor, at: datetime, may_leave_message: bool = False, may_say_who_we_are: bool = False, best_times: str = ""
) -> ContactChoice:
    """How this person wants to be reached, from now."""
    choice = ContactChoice(
        person=person, channel=channel, may_leave_message=may_leave_message, may_say_who_we_are=may_say_who_we_are, best_times=best_times, chosen_at=at
    )
    with trail.act("person.contact_chosen", by=by, at=at, about=person, client=getattr(person, "client", None)):
        choice.save()
    return choice


def make_client(person: Person, *, by: Actor, at: datetime) -> Client:
    """The person gets a record number and becomes a client. A person who is one already stays that one."""
    access.require(by, rules.KEEP_PEOPLE)
    known = Client.objects.filter(person=person).first()
    if known:
        return known
    client = Client(person=person, since=at)
    with trail.act("client.made", by=by, at=at, about=client, client=client):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('ground_client', 'id'))")
            client.id = cursor.fetchone()[0]
        client.number = f"R{client.id:06d}"
        client.save(force_insert=True)
    return client


def hire(person: Person, *, title: str, started_on: date, by: Actor, at: datetime, supervisor: Staff | None = None) -> Staff:
    access.require(by, rules.HIRE)
    if Staff.objects.filter(person=person).exists():
        raise CannotHire(_("%(name)s is already on the staff list.") % {"name": person.name_used})
    staff = Staff(person=person, title=title, started_on=started_on, supervisor=supervisor)
    with trail.act("staff.hired", by=by, at=at, about=staff):
        staff.save()
    return staff


def give_role(staff: Staff, role: str, *, held_from: date, by: Actor, at: datetime, held_until: date | None = None) -> RoleHeld:
    """From a day on the staff member holds a role. Somebody else gives it: who keeps accounts does not open charts to themselves."""
    access.require(by, rules.HIRE)
    if by.staff_id is not None and by.staff_id == staff.pk:
        raise CannotHire(_("You cannot give yourself a role. Ask another director or administrator."), field="role")
    held = RoleHeld(staff=staff, role=role, held_from=held_from, held_until=held_until)
    with trail.act("staff.role_given", by=by, at=at, about=staff, detail={"role": role}):
        if RoleHeld.objects.filter(staff=staff, role=role, held_until__isnull=True).exists():
            raise CannotHire(_("%(name)s holds this role already.") % {"name": staff.person.name_used}, field="role")
        held.save()
    return held


def end_role(held: RoleHeld, *, until: date, by: Actor, at: datetime) -> RoleHeld:
    """The role is held no more from `until` on. One given by mistake ends on the day it began: it opens nothing from then on.

    An end is never moved to a later day: that would give the role anew, to oneself as well, without anybody giving it.
    """
    access.require(by, rules.HIRE)
    if until < held.held_from:
        raise CannotHire(_("A role ends on the day it began, or later."), field="until")
    with trail.act("staff.role_ended", by=by, at=at, about=held.staff, detail={"role": held.role}):
        held.refresh_from_db(fields=["held_until"])
        if held.held_until is not None and until > held.held_until:
            raise CannotHire(_("This role ends sooner already. Give it anew if they are to hold it longer."), field="until")
        held.held_until = until
        held.save(update_fields=["held_until"])
    return held


def add_credential(
    staff: Staff, *, kind: str, valid_from: date, by: Actor, at: datetime, number: str = "", state: str = "", provisional: bool = False, valid_until: date | None = None
) -> Credential:
    access.require(by, rules.HIRE)
    credential = Credential(
        staff=staff, kind=kind, number=number, state=state, provisional=provisional, valid_from=valid_from, valid_until=valid_until
    )
    with trail.act("staff.credential_added", by=by, at=at, about=staff):
        credential.save()
    return credential


def supervise(staff: Staff, supervisor: Staff | None, *, by: Actor, at: datetime) -> Staff:
    access.require(by, rules.HIRE)
    above = supervisor
    while above is not None:
        if above.pk == staff.pk:
            raise CannotHire(_("Two people cannot supervise each other."), field="supervisor")
        above = above.supervisor
    with trail.act("staff.supervisor_set", by=by, at=at, about=staff):
        staff.supervisor = supervisor
        staff.save(update_fields=["supervisor"])
    return staff


def grant_supporter(
    client: Client,
    person: Person,
    *,
    relation: str,
    scope: Sequence[str],
    granted_from: date,
    by: Actor,
    at: datetime,
    legal_basis: str = "consent",
    granted_until: date | None = None,
    emergency_contact: bool = False,
    signed_name: str | None = None,
    parent_signed_name: str = "",
    signed_how: str = "paper",
    denied_by_court: Sequence[str] = (),
    court_order: str = "",
) -> Supporter:
    """Somebody who stands by the client may see the named classes of data, from a day until a day: the client lets them, or the law.

    `signed_name` is the client's signature; with the client's consent as the basis it is their legal name when not given.
    Granted is only what would open: what a rule of the state, an age or a missing signature keeps closed is refused with why.
    The same grant twice is one.
    """
    _may_grant(client, by)
    if client.person_id == person.pk:
        raise CannotGrant(_("A person cannot be their own supporter."))
    if signed_name is None:
        signed_name = client.person.legal_name if legal_basis == LegalBasis.CONSENT else ""
    supporter = Supporter(
        client=client, person=person, relation=relation, legal_basis=legal_basis, granted_from=granted_from, emergency_contact=emergency_contact,
        granted_by_id=by.staff_id, granted_at=at,
    )  # fmt: skip
    _take_terms(supporter, scope, granted_until, signed_name, parent_signed_name, signed_how, denied_by_court, court_order, by)
    _must_open(supporter, at)
    same = {"person": person, "relation": relation, "legal_basis": legal_basis, "scope": supporter.scope, "granted_from": granted_from}
    with trail.act("supporter.granted", by=by, at=at, about=supporter, client=client, detail={"scope": supporter.scope}):
        known = client.supporters.filter(**same, granted_until=granted_until).first()
        if known is not None:
            return known
        supporter.save()
    return supporter


def person_close(client: Client, *, legal_name: str, phone: str = "", email: str = "", language: str = "en", by: Actor, at: datetime) -> Person:
    """Somebody close to a client, by name: the person known under the same name and address, or a new one. Another name under a known
    address is another person: nobody learns here whose address that is."""
    _may_grant(client, by)
    name, address = " ".join(legal_name.split()), email.strip().lower()
    if address:
        known = Person.objects.filter(email=address, legal_name__iexact=name).exclude(pk=client.person_id).first()
    else:
        known = Person.objects.filter(supports__client=client, legal_name__iexact=name).first()
    if known is not None:
        return known
    person = Person(legal_name=name, name_used=name.split()[0], phone=phone, email=address, language=language, created_at=at)
    with trail.act("person.added", by=by, at=at, about=person, client=client):
        person.save()
    return person


def change_supporter(
    supporter: Supporter,
    *,
    scope: Sequence[str],
    by: Actor,
    at: datetime,
    granted_until: date | None = None,
    emergency_contact: bool | None = None,
    signed_name: str = "",
    parent_signed_name: str = "",
    signed_how: str = "paper",
    denied_by_court: Sequence[str] | None = None,
    court_order: str | None = None,
) -> Supporter:
    """Less or more than before, or for longer or shorter, from this moment on. What is less needs nobody's signature; what is more
    is agreed to anew by whoever must."""
    _may_grant(supporter.client, by)
    with trail.act("supporter.changed", by=by, at=at, about=supporter, client=supporter.client, detail={"scope": sorted(set(scope))}):
        supporter.refresh_from_db()
        if supporter.granted_until is not None and supporter.granted_until <= day_of(at):
            raise CannotGrant(_("This has ended. Grant it anew."))
        _client_may_end(supporter, by, at)
        later = supporter.granted_until is not None and (granted_until is None or granted_until > supporter.granted_until)
        court = supporter.denied_by_court if denied_by_court is None else sorted(set(denied_by_court))
        is_more = bool(set(scope) - set(supporter.scope)) or later
        if is_more and not signed_name.strip() and not parent_signed_name.strip():
            raise CannotGrant(_("This is more than before. Whoever agrees to it signs again."), field="signed_name")
        kept = (supporter.signed_name, supporter.parent_signed_name, supporter.signed_how, supporter.signed_by)
        _take_terms(
            supporter, scope, granted_until, signed_name, parent_signed_name, signed_how, court,
            supporter.court_order if court_order is None else court_order, by,
        )  # fmt: skip
        if not is_more:
            supporter.signed_name, supporter.parent_signed_name, supporter.signed_how, supporter.signed_by = kept
        if emergency_contact is not None:
            supporter.emergency_contact = emergency_contact
        if is_more:
            _must_open(supporter, at)
        supporter.save()
    return supporter


def _may_grant(client: Client, by: Actor) -> None:
    if not (by.has("client") and by.client_id == client.pk):
        access.require(by, rules.GRANT_SUPPORTER, client)


def _take_terms(
    supporter: Supporter, scope: Sequence[str], until: date | None, signed: str, parent: str, how: str, court: Sequence[str], order: str, by: Actor
) -> None:
    unknown = set(scope) - set(Scope.values)
    if unknown:
        raise CannotGrant(_("Choose from the list what they may see."), field="scope")
    if not scope and not supporter.emergency_contact:
        raise CannotGrant(_("Choose what they may see, or end their access."), field="scope")
    if until is not None and until <= supporter.granted_from:
        raise CannotGrant(_("The last day must come after the first."), field="granted_until")
    if court and not order.strip():
        raise CannotGrant(_("Say which court order this is: court, date, number."), field="court_order")
    if needed := minors.needed(scope):
        raise CannotGrant(
            _("Session notes can speak of anything. Grant these too, or leave the notes out: %(what)s.") % {"what": ", ".join(support.names(needed))},
            field="scope",
        )
    signers = [who for who, name in ((Signer.CLIENT, signed), (Signer.PARENT, parent)) if name.strip()]
    supporter.scope, supporter.granted_until = sorted(set(scope)), until
    supporter.signed_by, supporter.signed_name, supporter.parent_signed_name = [str(one) for one in signers], signed.strip(), parent.strip()
    supporter.signed_how = ("portal" if by.has("client") and by.staff_id is None else how) if signers else ""
    if supporter.signed_how == SignedHow.SPOKEN and support.part2():
        raise CannotGrant(_("What somebody close may see must be agreed to in writing: on paper, or in the portal. (42 CFR 2.31)"), field="signed_how")
    supporter.denied_by_court, supporter.court_order = sorted(set(court)), order.strip()


def _must_open(supporter: Supporter, at: datetime) -> None:
    """Refuse to grant what would stay closed, with the reason. What a court takes away may be granted: it is shown as withheld."""
    opened = support.access(supporter, max(supporter.granted_from, day_of(at)))
    for why in opened.withheld.values():
        if why.code == "minors.court":
            continue
        who = why.params.get("who", ())
        field = {"minors.not_signed": "signed_name" if "client" in who else "parent_signed_name"}.get(why.code, "scope")  # type: ignore[operator]
        field = "legal_basis" if why.code in ("minors.of_age", "minors.no_birth_date", "minors.adult") else field
        raise CannotGrant(support.said(why), field=field)


def _client_may_end(supporter: Supporter, by: Actor, at: datetime) -> None:
    """A client takes back what rests on their consent. What rests on the law alone is not theirs to end."""
    if by.staff_id is not None or by.is_system or Signer.CLIENT in supporter.signed_by or supporter.legal_basis == LegalBasis.CONSENT:
        return
    if supporter.legal_basis == LegalBasis.PARENT_OF_MINOR and not support.standing(supporter.client, day_of(at)).by_law:
        return
    raise CannotGrant(_("This rests on the law or a court, not on your consent. Talk with your care team about it."))


def end_supporter(supporter: Supporter, *, on: date, by: Actor, at: datetime, why: str = "") -> Supporter:
    """From `on`, nothing is shown to them any more. The client may do this at any time to what rests on their consent."""
    _may_grant(supporter.client, by)
    with trail.act("supporter.ended", by=by, at=at, about=supporter, client=supporter.client, why=why):
        supporter.refresh_from_db()
        _client_may_end(supporter, by, at)
        if supporter.granted_until is not None and supporter.granted_until <= on:
            return supporter  # it ended before: a second click moves nothing
        supporter.granted_until, supporter.ended_because = max(on, supporter.granted_from), why[:160]
        supporter.save(update_fields=["granted_until", "ended_because"])
    return supporter


def add_source(*, name: str, kind: str, by: Actor, at: datetime, phone: str = "", email: str = "") -> ReferralSource:
    """A referral source by name and kind; one that is known is found again."""
    known = ReferralSource.objects.filter(name__iexact=name.strip(), kind=kind).first()
    if known:
        return known
    source = ReferralSource(name=name.strip(), kind=kind, phone=phone, email=email)
    with trail.act("source.added", by=by, at=at, about=source):
        source.save()
    return source


def go_away(staff: Staff, *, from_on: date, until_on: date, cover: Staff | None, by: Actor, at: datetime) -> Away:
    """Somebody is away, from a day until a day (exclusive), and who stands in. Alarms go there from the first day on."""
    access.require(by, rules.GO_AWAY, staff)
    if until_on <= from_on:
        raise CannotGoAway(_("The last day comes after the first."), field="until_on")
    if cover is not None and cover.pk == staff.pk:
        raise CannotGoAway(_("Somebody else must stand in."), field="cover")
    if cover is not None and Away.objects.filter(staff=cover, from_on__lt=until_on, until_on__gt=from_on).exists():
        raise CannotGoAway(_("%(name)s is away in these days too. Choose somebody who is there.") % {"name": cover.person.name_used}, field="cover")
    with trail.act("staff.away", by=by, at=at, about=staff, detail={"from": from_on.isoformat(), "until": until_on.isoformat()}):
        same = Away.objects.filter(staff=staff, from_on=from_on, until_on=until_on, cover=cover).first()
        return same or Away.objects.create(staff=staff, from_on=from_on, until_on=until_on, cover=cover, by_id=by.staff_id, at=at)


def come_back(away: Away, *, on: date, by: Actor, at: datetime) -> Away:
    """Back sooner: the absence ends on this day. One that has not begun never takes effect."""
    access.require(by, rules.GO_AWAY, away.staff)
    with trail.act("staff.back", by=by, at=at, about=away.staff):
        away.until_on = min(away.until_on, on)
        away.from_on = min(away.from_on, away.until_on - timedelta(days=1))  # not begun yet: it lies in the past, unused
        away.save(update_fields=["from_on", "until_on"])
    return away
