"""Verbs of a hand-off: begin it, do the next thing, agree to what may be told, hand it on, end it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from footbridge.care.inquiry import actions as inquiries
from footbridge.care.inquiry import promises
from footbridge.care.inquiry import reads as requests
from footbridge.care.inquiry.models import Inquiry, InquiryClosed
from footbridge.care.placement import reads as placement
from footbridge.care.safety.words import Urgency
from footbridge.engines.disclosure import DataClass
from footbridge.engines.minors import Signer
from footbridge.ground.consent import actions as consent
from footbridge.ground.consent.models import ToldWhat
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import support
from footbridge.ground.people.models import Staff
from footbridge.ground.program.words import Level
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from ..models import Arrival, Transition
from . import clocks, reads, rules
from .models import HandOff, HandOffAgreed, HandOffStep
from .words import ARRIVED, NEXT, CameFrom, EndedHow, Step, WhyNotHere

SIGNED_MOST = 120  # letters of both names
TELLABLE = (DataClass.DIRECTORY, DataClass.SCHEDULE, DataClass.BILLING, DataClass.CLINICAL, DataClass.SCREENING, DataClass.SAFETY)


class CannotHandOver(access.Refusal):
    """Danger comes first, or nobody knows where to."""


class CannotStep(access.Refusal):
    """The hand-off has ended, a name or a time is missing, or the person did not agree."""


class CannotEnd(access.Refusal):
    """Nobody said that they arrived, or what stood in the way is not written down."""


def hand_over(
    subject: Inquiry | Episode,
    *,
    level: str,
    why: str,
    by: Actor,
    at: datetime,
    program: OtherProgram | None = None,
    to_name: str = "",
    to_phone: str = "",
    words: str = "",
    owner: Staff | None = None,
) -> HandOff:
    """Begin a hand-off for a request or an episode, to a program of the list or to a place named here. A request is closed by it; an
    episode stays open until the person has arrived. Begun twice to the same place it is one."""
    access.require(by, rules.HAND_OVER, subject)
    level, why = Level(level).value, WhyNotHere(why).value
    episode = subject if isinstance(subject, Episode) else subject.episode
    inquiry = subject if isinstance(subject, Inquiry) else Inquiry.objects.filter(episode=episode).first()
    to_name, to_phone = (program.name, program.phone) if program else (to_name.strip(), to_phone.strip())
    for field, said, ask in (
        ("to_name", to_name, _("Choose a program, or write where the person goes.")),
        ("to_phone", to_phone, _("Write the phone number there: a hand-off begins with a call.")),
    ):
        if not said:
            raise CannotHandOver(ask, field=field)
    if why == WhyNotHere.OTHER and not words.strip():
        raise CannotHandOver(_("Say why in a few words."), field="words")
    at_site = promises.calendar()
    with trail.act(
        "hand_off.begun", by=by, at=at, about=subject, client=episode.client if episode else None, detail={"to": to_name, "level": level}
    ):
        known = HandOff.objects.open().filter(**({"episode": episode} if episode else {"inquiry": inquiry})).first()
        if known is not None:
            if known.to_name == to_name:
                return known
            raise CannotHandOver(_("There is an open hand-off to %(place)s. End that one first.") % {"place": known.to_name})
        _danger_first(inquiry, episode, level)
        moved = _transition_of(episode)
        if episode is not None and episode.ended_at is not None and moved is None:
            raise CannotHandOver(_("This episode of care has ended. A new request begins a new one."))
        staff = Staff.objects.get(pk=by.as_staff)
        triage = inquiry.triage if inquiry else "standard"
        made = HandOff.objects.create(
            inquiry=inquiry, episode=episode, client=episode.client if episode else None, transition=moved, came_from=_came_from(episode, moved),
            level=level, why=why, words=words.strip(), program=program, to_name=to_name, to_phone=to_phone, owner=owner or staff,
            next_action=str(NEXT["open"]), next_at=clocks.first_call(triage, at, at_site, level), by=staff, at=at,
        )  # fmt: skip
        if episode is None and inquiry is not None:
            _close(inquiry, to_name, to_phone, by=by, at=at)
        if moved is not None and moved.next_visit_at is not None:
            step(made, kind=Step.APPOINTMENT, appointment_at=moved.next_visit_at, by=by, at=at)
    return made


def step(
    hand_off: HandOff,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    with_name: str = "",
    on_the_line: bool = False,
    appointment_at: datetime | None = None,
    note: str = "",
    next_action: str = "",
    next_on: date | None = None,
) -> HandOffStep:
    """Write down what was done, and what comes next by when. Without a next day the clock of the step sets it.

    Nothing about the person is said there unless they agreed, or are on the line themselves.
    """
    access.require(by, rules.KEEP_HAND_OFF, hand_off)
    kind = Step(kind).value
    at_site = promises.calendar()
    if kind == Step.SPOKE_THERE and not with_name.strip():
        raise CannotStep(_("Write whom you spoke with there: a warm hand-off has a name on both ends."), field="with_name")
    if kind == Step.APPOINTMENT and appointment_at is None:
        raise CannotStep(_("Write the day and time of the appointment."), field="appointment_at")
    if kind == Step.NOTE and not note.strip():
        raise CannotStep(_("Write what was done."), field="note")
    if next_on is not None and next_on < at_site.today(at):
        raise CannotStep(_("The next day lies in the past. Choose today or a later day."), field="next_on")
    with trail.act("hand_off.step", by=by, at=at, about=hand_off, client=hand_off.client, detail={"kind": kind}):
        _open_now(hand_off, CannotStep)
        told = kind == Step.LETTER or (kind == Step.SPOKE_THERE and not on_the_line)
        may = reads.tellable(hand_off, at_site.today(at)) if told else None
        if may is not None and DataClass.DIRECTORY not in may.classes:
            raise CannotStep(
                may.withheld.get(DataClass.DIRECTORY)
                or _("They have not agreed that we tell this place about them. Take their agreement first, or call together with them on the line."),
                field="kind",
            )
        last = hand_off.steps.order_by("-at", "-id").first()
        words = (kind, with_name.strip(), on_the_line, appointment_at, note.strip())
        if last is not None and (at - last.at).total_seconds() < 60 and last.by_id == by.staff_id and words == _said(last):
            return last  # an impatient click
        if may is not None and hand_off.client is not None:
            consent.tell(
                hand_off.client, reads.whom(hand_off), may.classes, what=ToldWhat.LETTER if kind == Step.LETTER else ToldWhat.TALK,
                to_name=": ".join(filter(None, (hand_off.to_name, with_name.strip()))), by=by, at=at,
            )  # fmt: skip
        made = HandOffStep.objects.create(
            hand_off=hand_off, kind=kind, with_name=words[1], on_the_line=on_the_line, appointment_at=appointment_at, note=words[4],
            by=Staff.objects.get(pk=by.as_staff), at=at,
        )  # fmt: skip
        due = clocks.closing(next_on, at_site) if next_on else clocks.after_step(kind, at, at_site, appointment_at, level=hand_off.level)
        action = next_action.strip() or str(NEXT.get(kind, ""))
        if due is not None and not next_on and kind != Step.APPOINTMENT:
            due = _not_past_the_appointment(hand_off, due, at, at_site)
        if due is not None:
            hand_off.next_at = due
        if action and (due is not None or next_action.strip()):
            hand_off.next_action = action
        hand_off.save(update_fields=["next_at", "next_action"])
    return made


def _said(row: HandOffStep) -> tuple[Any, ...]:
    return row.kind, row.with_name, row.on_the_line, row.appointment_at, row.note


def agree(
    hand_off: HandOff, *, data_classes: Iterable[str], signed_name: str, how: str, by: Actor, at: datetime, parent_signed_name: str = ""
) -> HandOffAgreed:
    """The person lets us tell the other program these classes of data. Of a client it becomes a consent among their papers. Of a minor who
    may not agree alone, a parent signs too."""
    access.require(by, rules.KEEP_HAND_OFF, hand_off)
    classes = sorted({DataClass.DIRECTORY.value, *(DataClass(one).value for one in data_classes)})
    if set(classes) - {one.value for one in TELLABLE}:
        raise CannotStep(_("This needs a consent of its own, on the papers of the client."), field="data_classes")
    if not signed_name.strip():
        raise CannotStep(_("Write the name as signed or said."), field="signed_name")
    today = promises.calendar().today(at)
    signed = _signed(hand_off, today, signed_name.strip(), parent_signed_name.strip())
    with trail.act("hand_off.agreed", by=by, at=at, about=hand_off, client=hand_off.client, detail={"classes": classes}):
        _open_now(hand_off, CannotStep)
        same = reads.agreed(hand_off, today)
        if same is not None and (same.data_classes, same.signed_name, same.how) == (classes, signed, how):
            return same
        staff = Staff.objects.get(pk=by.as_staff)
        given = None
        if hand_off.client is not None:
            given = consent.give(
                hand_off.client, kind="disclosure", signed_name=signed_name.strip(), how=how, recipient=hand_off.to_name, purpose=str(reads.PURPOSE),
                data_classes=classes, witnessed_by=staff, parent_signed_name=parent_signed_name, expires_on=clocks.agreement_ends(today), by=by, at=at,
            )  # fmt: skip
        return HandOffAgreed.objects.create(hand_off=hand_off, consent=given, data_classes=classes, signed_name=signed, how=how, by=staff, at=at)


def _signed(hand_off: HandOff, today: date, name: str, parent: str) -> str:
    """The names under the agreement. Raises CannotStep where the law of the state asks for a parent's too."""
    who = support.standing_of(reads.born_on(hand_off), today)
    if Signer.PARENT in who.discloses and not parent:
        why = " ".join(support.said(one) for one in who.reasons)
        raise CannotStep(_("They are a minor, and a parent must sign too. %(why)s") % {"why": why}, field="parent_signed_name")
    name = name.replace(";", ",")  # what stands after a semicolon is the parent's
    both = f"{name}; {parent}" if parent else name
    if len(both) > SIGNED_MOST:
        raise CannotStep(_("The names are too long together. Shorten the parent's."), field="parent_signed_name")
    return both


def take_back(hand_off: HandOff, *, by: Actor, at: datetime) -> None:
    """The person no longer agrees. What was told before is not undone."""
    access.require(by, rules.KEEP_HAND_OFF, hand_off)
    with trail.act("hand_off.agreement_taken_back", by=by, at=at, about=hand_off, client=hand_off.client):
        for row in hand_off.agreed.filter(taken_back_at__isnull=True).select_related("consent__revoked"):
            if row.consent is not None and not hasattr(row.consent, "revoked"):
                consent.revoke(row.consent, by=by, at=at, how=_("Said during the hand-off"))
            row.taken_back_at = at
            row.save(update_fields=["taken_back_at"])


def hand_on(hand_off: HandOff, owner: Staff, *, by: Actor, at: datetime) -> HandOff:
    """Somebody else answers for it from now on."""
    access.require(by, rules.KEEP_HAND_OFF, hand_off)
    with trail.act("hand_off.handed_on", by=by, at=at, about=hand_off, client=hand_off.client, detail={"to": str(owner.uid)}):
        _open_now(hand_off, CannotStep)
        if not reads.can_own(promises.calendar().today(at), hand_off).filter(pk=owner.pk).exists():
            raise CannotStep(_("%(name)s may not open this hand-off. Choose somebody else.") % {"name": owner.person.name_used}, field="owner")
        hand_off.owner = owner
        hand_off.save(update_fields=["owner"])
    return hand_off


def end(
    hand_off: HandOff,
    *,
    how: str,
    by: Actor,
    at: datetime,
    with_name: str = "",
    arrived_on: date | None = None,
    note: str = "",
    lines_given: bool = False,
) -> HandOff:
    """It ends when somebody says that they arrived. Otherwise what stood in the way is written down: their own words, or the tries.

    Nobody is let go without the crisis lines. Who comes back to us is asked nothing twice: their request is opened again.
    """
    access.require(by, rules.KEEP_HAND_OFF, hand_off)
    how = EndedHow(how).value
    today = promises.calendar().today(at)
    if how in ARRIVED:
        if not with_name.strip():
            raise CannotEnd(_("Write who confirmed that they arrived, and where."), field="with_name")
        if arrived_on is None or arrived_on > today:
            raise CannotEnd(_("Write the day they arrived: today or before."), field="arrived_on")
    if how in (EndedHow.DECLINED, EndedHow.DIED, EndedHow.BACK) and not note.strip():
        raise CannotEnd(_("Write what was said, and by whom."), field="note")
    if how == EndedHow.DECLINED and not lines_given and not hand_off.steps.filter(kind=Step.LINES).exists():
        raise CannotEnd(_("Give them the crisis lines first, and say that the door stays open. Then tick it here."), field="lines_given")
    with trail.act("hand_off.ended", by=by, at=at, about=hand_off, client=hand_off.client, why=note.strip(), detail={"how": how}):
        if hand_off.ended_at is None and HandOff.objects.filter(pk=hand_off.pk, ended_how=how).exists():
            hand_off.refresh_from_db()
            return hand_off
        _open_now(hand_off, CannotEnd)
        if how == EndedHow.NOT_REACHED:
            _tried_enough(hand_off)
        staff = Staff.objects.get(pk=by.as_staff)
        if lines_given:
            HandOffStep.objects.create(hand_off=hand_off, kind=Step.LINES, by=staff, at=at)
        hand_off.ended_at, hand_off.ended_how, hand_off.ended_by = at, how, staff
        hand_off.ended_with, hand_off.ended_note = with_name.strip(), note.strip()
        hand_off.arrived_on = arrived_on if how in ARRIVED else None
        hand_off.save(update_fields=["ended_at", "ended_how", "ended_by", "ended_with", "ended_note", "arrived_on"])
        _what_follows(hand_off, staff, by=by, at=at)
    return hand_off


def _what_follows(hand_off: HandOff, staff: Staff, *, by: Actor, at: datetime) -> None:
    episode, moved = hand_off.episode, hand_off.transition
    if moved is not None and hand_off.ended_how in ARRIVED and not Arrival.objects.filter(transition=moved).exists():
        Arrival.objects.create(transition=moved, confirmed_with=hand_off.ended_with, by=staff, at=at)
    if episode is not None and episode.ended_at is None and moved is None and not hasattr(episode, "admission"):
        if hand_off.ended_how != EndedHow.BACK:
            # They never were in treatment here: with the hand-off ends what we had open for them.
            episodes.end_episode(episode, by=SYSTEM, at=at, why=str(hand_off.get_ended_how_display()))
    elif episode is None and hand_off.ended_how == EndedHow.BACK and hand_off.inquiry is not None:
        inquiries.ask_again(hand_off.inquiry, why=hand_off.ended_note, by=by, at=at)


def _danger_first(inquiry: Inquiry | None, episode: Episode | None, level: str) -> None:
    if level in placement.SAFE_PLACES:
        return
    danger = placement.in_danger(episode.client, met_by=level) if episode else None
    if danger is None and inquiry is not None:
        danger = requests.alarms(inquiry).filter(urgency=Urgency.NOW, closed__isnull=True).first()
    if danger is not None:
        raise CannotHandOver(
            _("There is an open alarm with the urgency “now”: %(reason)s. See to the person and close the alarm first, or hand over to crisis or inpatient care.")
            % {"reason": danger.reason.rstrip(".")}
        )


def _transition_of(episode: Episode | None) -> Transition | None:
    """The move this hand-off belongs to: the newest that leads to another place and has none yet."""
    if episode is None:
        return None
    found: Transition | None = episode.transitions.exclude(next_provider="").filter(hand_off__isnull=True, arrival__isnull=True).first()
    return found


def _came_from(episode: Episode | None, moved: Transition | None) -> str:
    if episode is None:
        return CameFrom.INQUIRY
    if moved is not None or hasattr(episode, "admission"):
        return CameFrom.TRANSITION
    return CameFrom.PLACEMENT if episode.placement_decisions.exists() else CameFrom.SCREENING


def _close(inquiry: Inquiry, to_name: str, to_phone: str, *, by: Actor, at: datetime) -> None:
    if InquiryClosed.objects.filter(inquiry=inquiry, because="referred_out").exists():
        return  # a hand-off that ended without an arrival is begun again to another place
    try:
        inquiries.close(inquiry, because="referred_out", referred_to=f"{to_name}, {to_phone}"[:160], by=by, at=at)
    except inquiries.CannotClose as refusal:
        raise CannotHandOver(refusal.sentence) from refusal


def _open_now(hand_off: HandOff, refusal: Any) -> None:
    if HandOff.objects.filter(pk=hand_off.pk, ended_at__isnull=False).exists():
        raise refusal(_("This hand-off has ended."))


def _tried_enough(hand_off: HandOff) -> None:
    tries, days = clocks.not_reached()
    made = list(hand_off.steps.filter(kind=Step.TRIED_PERSON).values_list("at", flat=True))
    at_site = promises.calendar()
    if len(made) < tries or len({at_site.today(one) for one in made}) < days:
        raise CannotEnd(
            _("Not tried enough yet: %(made)d of %(tries)d tries to reach the person are written down, and they must lie on %(days)d different days.")
            % {"made": len(made), "tries": tries, "days": days},
            field="how",
        )


def _not_past_the_appointment(hand_off: HandOff, due: datetime, at: datetime, at_site: promises.Calendar) -> datetime:
    """While an appointment lies ahead, what is due after it stays due then, and nothing earlier is put off beyond it."""
    ahead = hand_off.steps.filter(kind=Step.APPOINTMENT, appointment_at__gt=at).order_by("-at", "-id").first()
    if ahead is None:
        return due
    asked = clocks.after_step(Step.APPOINTMENT, at, at_site, ahead.appointment_at)
    return min(due, asked) if asked else due


