"""Verbs of the first stage: a request is received, sorted, answered, taken up, kept waiting, or closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from footbridge.care.safety.actions import tell
from footbridge.care.safety.models import Alarm
from footbridge.care.safety.words import AlarmKind, Urgency
from footbridge.engines.level_of_care import guide
from footbridge.ground.consent import actions as consents
from footbridge.ground.consent.models import Consent, ToldWhat
from footbridge.ground.coverage import actions as coverage
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people import actions as people
from footbridge.ground.people import reads as people_reads
from footbridge.ground.people.models import Client, ReferralSource, Staff
from footbridge.ground.people.words import Channel
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Track
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import danger_words, promises, reporting, rules
from .models import ContactAttempt, Inquiry, InquiryClosed, NotThisClient, ReportBack, Waiting
from .words import ClosedBecause, ForWhom, Milestone, OffTheList, Outcome, Triage, WaitsBecause

CALL = "call"  # the source of an alarm heard on a call whose request is not written yet


class CannotReceive(access.Refusal):
    """Nobody could be reached with what was written."""


class CannotAnswer(access.Refusal):
    """The request is finished, or something about the deed is missing."""


class CannotTakeUp(access.Refusal):
    """The request is finished, or the person is in care already."""


class CannotClose(access.Refusal):
    """The request is finished, or it is not said where the person goes."""


class CannotReport(access.Refusal):
    """No consent covers it, or it is not said to whom."""


class CannotWait(access.Refusal):
    """The place on the waiting list has no next day, or the request is finished."""


def receive(
    *,
    for_whom: str,
    name_used: str,
    channel: str,
    by: Actor,
    at: datetime,
    legal_name: str = "",
    born_on: date | None = None,
    phone: str = "",
    email: str = "",
    language: str = "en",
    may_leave_message: bool = False,
    may_say_who_we_are: bool = False,
    best_times: str = "",
    wishes: str = "",
    part_of_day: str = "",
    payer_kind: str = "",
    payer: str = "",
    member_number: str = "",
    asker_name: str = "",
    asker_relation: str = "",
    asker_contact: str = "",
    person_agrees: str = "unknown",
    guide_answers: Mapping[str, str] | None = None,
    source: ReferralSource | None = None,
    source_name: str = "",
    source_kind: str = "",
    triage: str = Triage.STANDARD,
    triage_reason: str = "",
    danger: bool = False,
    form_key: UUID | None = None,
) -> Inquiry:
    """Somebody asks for help. Anybody may; `by` is access.PUBLIC for a visitor, or who took the call.

    `danger` is what the asker ticked. Danger, typed or ticked, makes the request a crisis and raises an alarm in
    the same
    transaction. The same `form_key` twice is one request. `source` or `source_name` with `source_kind` says who
    sent the person.
    """
    if form_key is not None:
        known = Inquiry.objects.filter(form_key=form_key).first()
        if known:
            return known
    _can_be_reached(for_whom, channel, phone, email, asker_contact)
    answers = guide.settle(guide_answers or {})
    typed = danger_words.found(f"{wishes} {best_times}")
    told = guide.dangers(answers)
    urgency = None
    if danger or typed:
        urgency = Urgency.NOW
        triage, triage_reason = Triage.CRISIS, _("The request says somebody may be in danger now.")
    elif told:
        urgency = Urgency.TODAY
        if triage not in (Triage.CRISIS, Triage.URGENT):
            triage, triage_reason = Triage.URGENT, _("An answer in the guide showed danger.")
    inquiry = Inquiry(
        for_whom=for_whom,
        asker_name=asker_name.strip(),
        asker_relation=asker_relation.strip(),
        asker_contact=asker_contact.strip(),
        person_agrees="yes" if for_whom == ForWhom.SELF else person_agrees,
        name_used=name_used.strip(),
        legal_name=legal_name.strip(),
        born_on=born_on,
        phone=phone,
        email=email.lower(),
        language=language,
        channel=channel,
        may_leave_message=may_leave_message,
        may_say_who_we_are=may_say_who_we_are,
        best_times=best_times.strip(),
        wishes=wishes.strip(),
        part_of_day=part_of_day,
        payer_kind=payer_kind,
        payer=payer.strip(),
        member_number=member_number.strip(),
        guide_answers=answers,
        source=source,
        triage=triage,
        triage_reason=triage_reason,
        received_at=at,
        form_key=form_key,
    )
    try:
        with trail.act(
            "inquiry.received", by=by, at=at, about=inquiry, detail={"triage": triage, "for_whom": for_whom}
        ):
            if source is None and source_name.strip():
                inquiry.source = people.add_source(name=source_name, kind=source_kind or "other", by=by, at=at)
            inquiry.save()
            _take_over_alarms(inquiry)
            if urgency:
                _alarm(inquiry, urgency, _("Request for help: %(why)s") % {"why": triage_reason}, by=by, at=at)
    except IntegrityError:
        # Two taps at the same instant: the other one wrote it.
        known = Inquiry.objects.filter(form_key=form_key).first() if form_key else None
        if known is None:
            raise
        return known
    return inquiry


def triage(inquiry: Inquiry, *, triage: str, reason: str, by: Actor, at: datetime) -> Inquiry:
    """How soon this request must be answered. What becomes a crisis raises an alarm, one at a time."""
    access.require(by, rules.ANSWER, inquiry)
    if not reason.strip():
        raise CannotAnswer(_("Say in a few words why this urgency fits."), field="reason")
    with trail.act("inquiry.triaged", by=by, at=at, about=inquiry, why=reason.strip(), detail={"triage": triage}):
        _still_open(inquiry, CannotAnswer)
        is_news = inquiry.triage != Triage.CRISIS
        inquiry.triage, inquiry.triage_reason = triage, reason.strip()
        inquiry.save(update_fields=["triage", "triage_reason"])
        if triage == Triage.CRISIS:
            _alarm(
                inquiry,
                Urgency.NOW,
                _("Request for help sorted as a crisis: %(why)s") % {"why": reason.strip()},
                is_news=is_news,
                by=by,
                at=at,
            )
    return inquiry


def hear_danger(inquiry: Inquiry, *, reason: str, by: Actor, at: datetime) -> None:
    """Danger was heard now: an alarm stands after this, also when the request was taken up or closed meanwhile, and when an alarm of
    it was closed before."""
    access.require(by, rules.ANSWER, inquiry)
    _alarm(inquiry, Urgency.NOW, _("Request for help sorted as a crisis: %(why)s") % {"why": reason.strip()}, by=by, at=at)


def hear_danger_of_nobody_yet(form_key: str, *, contact: str, reason: str, by: Actor, at: datetime) -> Alarm:
    """Danger was heard on a call whose request cannot be written yet. The alarm becomes the request's when it is (`receive` with the same
    `form_key`)."""
    access.require(by, rules.ANSWER)
    tell(
        contact=contact or _("Somebody on the phone; nothing was written down yet"), client=None, kind=AlarmKind.GUIDE, urgency=Urgency.NOW,
        reason=_("Request for help sorted as a crisis: %(why)s") % {"why": reason.strip()}, source_kind=CALL, source=form_key, is_news=True, by=by, at=at,
    )  # fmt: skip
    return Alarm.objects.select_related("owner__person").filter(source_kind=CALL, source_key__startswith=form_key, closed__isnull=True).latest("id")


def _take_over_alarms(inquiry: Inquiry) -> None:
    """What was heard before the request could be written is told by the request from now on."""
    if inquiry.form_key is None:
        return
    for alarm in Alarm.objects.filter(source_kind=CALL, source_key__startswith=str(inquiry.form_key)):
        alarm.source_kind, alarm.source_key = "inquiry", alarm.source_key.replace(str(inquiry.form_key), str(inquiry.uid), 1)
        alarm.contact = _reach(inquiry) or alarm.contact
        alarm.save(update_fields=["source_kind", "source_key", "contact"])


# What a call may put right. Everything else of a request stays as it was received.
CORRECTABLE = frozenset({
    "name_used", "legal_name", "born_on", "phone", "email", "language", "channel", "may_leave_message", "may_say_who_we_are", "best_times", "wishes",
    "part_of_day", "payer_kind", "payer", "member_number", "asker_name", "asker_relation", "asker_contact", "person_agrees",
})  # fmt: skip


def correct(inquiry: Inquiry, *, by: Actor, at: datetime, **told: Any) -> Inquiry:
    """What was said on the call puts the request right. Nothing changed: nothing is written."""
    access.require(by, rules.ANSWER, inquiry)
    if strange := set(told) - CORRECTABLE:
        raise ValueError(f"not corrected by a call: {sorted(strange)}")
    said = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
    new = {name: value for name, value in said.items() if getattr(inquiry, name) != value}
    if not new:
        return inquiry
    reach = {name: new.get(name, getattr(inquiry, name)) for name in ("channel", "phone", "email", "asker_contact")}
    _can_be_reached(inquiry.for_whom, **reach)
    typed = danger_words.found(str(new.get("wishes", "")))
    with trail.act("inquiry.corrected", by=by, at=at, about=inquiry, detail={"fields": sorted(new)}):
        _still_open(inquiry, CannotAnswer)
        for name, value in new.items():
            setattr(inquiry, name, value)
        inquiry.save(update_fields=sorted(new))
        if typed:
            triage(inquiry, triage=Triage.CRISIS, reason=_("What they said on the call speaks of danger."), by=by, at=at)
    return inquiry


def attempt_contact(
    inquiry: Inquiry, *, channel: str, outcome: str, by: Actor, at: datetime, note: str = ""
) -> ContactAttempt:
    """Log a call, text or email and what came of it. A message left against the person's wish needs a reason.

    The same outcome by the same person on the same channel within a minute is one attempt (an impatient click).
    """
    access.require(by, rules.ANSWER, inquiry)
    if outcome == Outcome.MESSAGE and not inquiry.may_leave_message and not note.strip():
        raise CannotAnswer(_("They asked us not to leave messages. Write why one was left."), field="note")
    with trail.act(
        "inquiry.contact_attempted", by=by, at=at, about=inquiry, detail={"channel": channel, "outcome": outcome}
    ):
        _still_open(inquiry, CannotAnswer)
        last = inquiry.attempts.order_by("-at", "-id").first()
        same = last is not None and (last.by_id, last.channel, last.outcome) == (by.staff_id, channel, outcome)
        if same and last is not None and (at - last.at).total_seconds() < 60:
            return last
        return ContactAttempt.objects.create(
            inquiry=inquiry, by=_staff(by), channel=channel, outcome=outcome, note=note.strip(), at=at
        )


def take_up(
    inquiry: Inquiry,
    *,
    by: Actor,
    at: datetime,
    legal_name: str = "",
    born_on: date | None = None,
    client: Client | None = None,
) -> Episode:
    """The person becomes a client (or is found to be `client`) with an open episode; how they want to be reached is
    carried over.

    Intake staff who take a request up join the care team as its intake clinician. A second click answers with the
    same episode.
    """
    access.require(by, rules.TAKE_UP, inquiry)
    if client is not None:
        client = people_reads.stands_for(client)  # merged meanwhile: the record that stands now
    name = (legal_name or inquiry.legal_name).strip()
    if client is None and not name:
        raise CannotTakeUp(_("Write the person's legal name. Papers and the health plan need it."), field="legal_name")
    with transaction.atomic():
        here = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        if here.episode is not None:
            inquiry.refresh_from_db()
            return here.episode
        _still_open(here, CannotTakeUp)
        if client is None:
            person = people.add_person(
                legal_name=name,
                name_used=here.name_used,
                born_on=born_on or here.born_on,
                phone=here.phone,
                email=here.email,
                language=here.language,
                by=by,
                at=at,
            )
            client = people.make_client(person, by=by, at=at)
        else:
            _fill_gaps(client, here, born_on, by=by, at=at)
        with trail.act("inquiry.taken_up", by=by, at=at, about=here, client=client):
            try:
                episode = episodes.open_episode(client, by=by, at=at)
            except episodes.CannotOpenEpisode as refusal:
                raise CannotTakeUp(
                    _("%(name)s is in care already. Close this request as “already known” and go on in their chart.")
                    % {"name": client.person.name_used},
                    field="client",
                ) from refusal
            people.choose_contact(
                client.person,
                channel=here.channel,
                may_leave_message=here.may_leave_message,
                may_say_who_we_are=here.may_say_who_we_are,
                best_times=here.best_times,
                by=by,
                at=at,
            )
            if by.has("intake") and by.staff_id:
                episodes.join_team(episode, _staff(by), TeamRole.INTAKE, by=by, at=at)
            Waiting.objects.filter(inquiry=here, ended_at__isnull=True).update(ended_at=at, ended_because=OffTheList.TAKEN_UP)
            if here.payer_kind and not client.coverages.exists():
                coverage.record(
                    client, kind=here.payer_kind, payer=here.payer, member_number=here.member_number, covered_from=day_of(at), by=by, at=at
                )
            here.episode, here.taken_up_at = episode, at
            here.save(update_fields=["episode", "taken_up_at"])
            # Danger the request told of is danger of this person: their care team sees it, and no visit ends over it.
            _alarms(here).filter(client__isnull=True).update(client=client)
    inquiry.refresh_from_db()
    return episode


def not_this_client(inquiry: Inquiry, client: Client, *, by: Actor, at: datetime) -> NotThisClient:
    """Somebody compared: this request is not from that client. They are not offered again for it."""
    access.require(by, rules.TAKE_UP, inquiry)
    with trail.act("inquiry.kept_apart", by=by, at=at, about=inquiry, detail={"client": client.number}):
        _still_open(inquiry, CannotAnswer)
        same = NotThisClient.objects.filter(inquiry=inquiry, client=client).first()
        return same or NotThisClient.objects.create(inquiry=inquiry, client=client, by=_staff(by), at=at)


def close(
    inquiry: Inquiry, *, because: str, by: Actor, at: datetime, note: str = "", referred_to: str = "", client: Client | None = None
) -> InquiryClosed:
    """The request ends without an episode here. Referred out needs to say where to:
    nobody is sent away into nothing. Already known may say as which `client`, and must while an alarm of the request is open: the
    alarm becomes theirs.
    """
    access.require(by, rules.ANSWER, inquiry)
    if because == ClosedBecause.REFERRED_OUT and not referred_to.strip():
        raise CannotClose(
            _("Write where the person goes now, with a phone number if you have one."), field="referred_to"
        )
    if because == ClosedBecause.NOT_REACHED and not inquiry.attempts.exists():
        raise CannotClose(_("No try to reach them is logged yet. Log one first."), field="because")
    client = people_reads.stands_for(client) if client is not None and because == ClosedBecause.DUPLICATE else None
    if because == ClosedBecause.DUPLICATE and client is None and _alarms(inquiry).filter(client__isnull=True, closed__isnull=True).exists():
        raise CannotClose(
            _("Danger was told with this request and its alarm is open. Say whose record it is, so that their care team sees it, or see to the alarm first."),
            field="client",
        )
    with trail.act("inquiry.closed", by=by, at=at, about=inquiry, client=client, detail={"because": because}):
        _still_open(inquiry, CannotClose)
        if client is not None:
            _alarms(inquiry).filter(client__isnull=True).update(client=client)
        Waiting.objects.filter(inquiry=inquiry, ended_at__isnull=True).update(ended_at=at, ended_because=OffTheList.CLOSED)
        return InquiryClosed.objects.create(
            inquiry=inquiry, by=_staff(by), because=because, note=note.strip(), referred_to=referred_to.strip(), client=client, at=at
        )


# What a request that is opened again brings along, so that nobody is asked twice.
_CARRIED = (
    "for_whom", "asker_name", "asker_relation", "asker_contact", "name_used", "legal_name", "born_on", "phone", "email", "language", "channel",
    "may_leave_message", "may_say_who_we_are", "best_times", "wishes", "part_of_day", "guide_answers", "source", "payer_kind", "payer",
    "member_number",
)  # fmt: skip


def ask_again(inquiry: Inquiry, *, why: str, by: Actor, at: datetime) -> Inquiry:
    """Somebody whose request was closed comes back: a new request with all that is known. The old one stays as it was."""
    access.require(by, rules.ANSWER, inquiry)
    with trail.act("inquiry.asked_again", by=by, at=at, about=inquiry, why=why.strip()):
        if not InquiryClosed.objects.filter(inquiry=inquiry).exists():
            raise CannotAnswer(_("This request is still open. Go on with it."))
        known = Inquiry.objects.filter(form_key=inquiry.uid).first()
        if known is not None:
            return known  # opened again before
        told = {name: getattr(inquiry, name) for name in _CARRIED}
        return receive(
            **told, person_agrees=inquiry.person_agrees, triage=inquiry.triage, triage_reason=why.strip()[:200], form_key=inquiry.uid, by=by, at=at
        )


def report_back(
    inquiry: Inquiry, *, milestone: str, how: str, to_whom: str, by: Actor, at: datetime, note: str = ""
) -> ReportBack:
    """What came of it was told to whoever sent the person. Refused without a consent that covers it; told once."""
    access.require(by, rules.ANSWER, inquiry)
    milestone = Milestone(milestone).value
    if not to_whom.strip():
        raise CannotReport(_("Write to whom it was told there."), field="to_whom")
    with trail.act(
        "inquiry.reported_back", by=by, at=at, about=inquiry, client=inquiry.episode.client if inquiry.episode else None, detail={"milestone": milestone}
    ):
        verdict = reporting.verdict(inquiry, day_of(at))
        if not verdict.allowed or not (verdict.consent or verdict.order):
            raise CannotReport(_("No consent covers this. Say only the neutral sentence, and ask the client for a consent that names the source."))
        same = ReportBack.objects.filter(inquiry=inquiry, milestone=milestone).first()
        if same is not None:
            return same
        if inquiry.episode is not None and inquiry.source is not None:
            consents.tell(
                inquiry.episode.client, reporting.whom(inquiry), reporting.TOLD, what=ToldWhat.REPORT, to_name=f"{inquiry.source.name}: {to_whom.strip()}", by=by, at=at
            )
        return ReportBack.objects.create(
            inquiry=inquiry, milestone=milestone, consent=Consent.objects.get(uid=verdict.consent) if verdict.consent else None, how=how, to_whom=to_whom.strip(), note=note.strip(),
            by=_staff(by), at=at,
        )  # fmt: skip


def wait(
    inquiry: Inquiry,
    *,
    next_action: str,
    next_on: date,
    by: Actor,
    at: datetime,
    because: str = WaitsBecause.OTHER,
    reason: str = "",
    track: Track | None = None,
) -> Waiting:
    """A place on the waiting list, always with the next thing we do and its day.
    A newer place takes over from the one before.
    """
    access.require(by, rules.ANSWER, inquiry)
    if next_on < promises.calendar().today(at):
        raise CannotWait(_("The next day lies in the past. Choose today or a later day."), field="next_on")
    because = WaitsBecause(because).value
    if because == WaitsBecause.OTHER and not reason.strip():
        raise CannotWait(_("Say in a few words why they wait."), field="reason")
    if inquiry.triage == Triage.CRISIS:
        raise CannotWait(_("A crisis does not wait on a list. See to the person now; when it is over, set the urgency anew."))
    with trail.act("inquiry.waiting", by=by, at=at, about=inquiry, detail={"next_on": next_on.isoformat()}):
        _still_open(inquiry, CannotWait)
        before = Waiting.objects.filter(inquiry=inquiry, ended_at__isnull=True).first()
        words = (reason.strip(), next_action.strip(), next_on, track.pk if track else None)
        if before and (before.reason, before.next_action, before.next_on, before.track_id, before.because) == (*words, because):
            return before
        since = before.since if before else at
        Waiting.objects.filter(inquiry=inquiry, ended_at__isnull=True).update(ended_at=at, ended_because=OffTheList.CHANGED)
        return Waiting.objects.create(
            inquiry=inquiry, track=track, because=because, reason=words[0], next_action=words[1], next_on=next_on, since=since
        )


def stop_waiting(
    inquiry: Inquiry, *, because: str, by: Actor, at: datetime, note: str = ""
) -> Waiting:
    """Off the waiting list with a reason, back among the requests to answer."""
    access.require(by, rules.ANSWER, inquiry)
    because = OffTheList(because).value
    with trail.act("inquiry.waiting_ended", by=by, at=at, about=inquiry):
        here = Waiting.objects.filter(inquiry=inquiry, ended_at__isnull=True).first()
        if here is None:
            raise CannotWait(_("This request is not on the waiting list."))
        here.ended_at, here.ended_because, here.ended_note = at, because, note.strip()
        here.save(update_fields=["ended_at", "ended_because", "ended_note"])
        return here


def _staff(by: Actor) -> Staff:
    return Staff.objects.get(pk=by.staff_id or 0)


def _still_open(inquiry: Inquiry, refusal: type[access.Refusal]) -> None:
    if InquiryClosed.objects.filter(inquiry=inquiry).exists():
        raise refusal(_("This request is closed."))
    if Inquiry.objects.filter(pk=inquiry.pk, episode__isnull=False).exists():
        raise refusal(_("This request was taken up. Go on in the person's chart."))


def _can_be_reached(for_whom: str, channel: str, phone: str, email: str, asker_contact: str) -> None:
    if for_whom != ForWhom.SELF and asker_contact.strip():
        return
    if channel == Channel.MAIL and not email:
        raise CannotReceive(_("Leave an email address, so that we can write to you."), field="email")
    if channel != Channel.MAIL and not phone:
        raise CannotReceive(_("Leave a phone number, so that we can reach you."), field="phone")


def _reach(inquiry: Inquiry) -> str:
    reach = [inquiry.name_used, inquiry.phone or inquiry.email, inquiry.asker_name, inquiry.asker_contact]
    return " · ".join(word for word in reach if word)


def _alarms(inquiry: Inquiry) -> QuerySet[Alarm]:
    return Alarm.objects.filter(source_kind="inquiry", source_key__startswith=str(inquiry.uid))


def _known_as(inquiry: Inquiry) -> Client | None:
    """Whose danger it is that this request tells of: of whom it was taken up for, or was closed as known for."""
    if inquiry.episode is not None:
        return inquiry.episode.client
    closed = InquiryClosed.objects.select_related("client").filter(inquiry=inquiry, client__isnull=False).first()
    return people_reads.stands_for(closed.client) if closed is not None and closed.client is not None else None


def _alarm(inquiry: Inquiry, urgency: str, reason: str, *, by: Actor, at: datetime, is_news: bool = True) -> None:
    tell(
        contact=_reach(inquiry),
        client=_known_as(inquiry),
        kind=AlarmKind.GUIDE,
        urgency=urgency,
        reason=reason,
        source_kind="inquiry",
        source=str(inquiry.uid),
        is_news=is_news,
        by=by,
        at=at,
    )


def _fill_gaps(client: Client, inquiry: Inquiry, born_on: date | None, *, by: Actor, at: datetime) -> None:
    """What the chart does not know yet is taken from the request; nothing that stands there is changed."""
    person = client.person
    told: dict[str, Any] = {"phone": inquiry.phone, "email": inquiry.email, "born_on": born_on or inquiry.born_on}
    gaps = {name: value for name, value in told.items() if value and not getattr(person, name)}
    if gaps:
        people.correct_person(person, by=by, at=at, why="request for help taken up", **gaps)
