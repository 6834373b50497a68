"""Verbs of a session: who came, what was written, signed, and added after signing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from footbridge.care.plan.models import Objective
from footbridge.care.safety.dispositions import reads as dispositions
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Lesson
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import names, reads, rules
from .models import Attendance, NoteAmendment, NotePart, NoteSignature, PartHeldBack, SessionNote
from .words import Came, Participation


class CannotNote(access.Refusal):
    """It cannot be written so: too early, signed already, somebody named, or minutes that do not fit."""


class CannotSign(access.Refusal):
    """Something is still missing, or it is signed already."""


@dataclass(frozen=True)
class Entry:
    """Who came. `minutes` None: the whole session for those present, none for those who did not come."""

    booking: Booking
    came: str
    minutes: int | None = None
    note: str = ""


def take_attendance(session: Session, entries: Sequence[Entry], *, by: Actor, at: datetime) -> list[Attendance]:
    """Write down who came and for how long. A correction is a newer row; what says the same again is not written twice."""
    access.require(by, rules.HOLD_SESSION, session)
    _open(session, at)
    length = reads.minutes(session)
    before = reads.attendance(session)
    rows = []
    for entry in entries:
        if entry.booking.session_id != session.pk or entry.booking.cancelled_at is not None:
            raise CannotNote(_("Somebody on this list has no seat in this session."))
        minutes = _minutes(entry, length)
        last = before.get(entry.booking.pk)
        if last and (last.came, last.minutes_attended, last.note) == (entry.came, minutes, entry.note):
            continue
        rows.append(
            Attendance(
                booking=entry.booking,
                came=entry.came,
                minutes_attended=minutes,
                note=entry.note,
                by_id=_staff(by),
                at=at,
            )
        )
    with trail.act("attendance.taken", by=by, at=at, about=session, detail={"people": len(rows)}):
        _unsigned(session)
        return list(Attendance.objects.bulk_create(rows))


def _minutes(entry: Entry, length: int) -> int:
    who = {"name": entry.booking.episode.client.person.name_used, "length": length}
    match entry.came:
        case Came.ABSENT | Came.EXCUSED:
            return 0
        case Came.PRESENT:
            minutes = length if entry.minutes is None else entry.minutes
        case _:
            if entry.minutes is None:
                raise CannotNote(
                    _("%(name)s: type the minutes, or the time they came or left, like 9:12.") % who,
                    field=str(entry.booking.uid),
                )
            minutes = entry.minutes
    if not 1 <= minutes <= length:
        raise CannotNote(
            _("%(name)s: this session has %(length)d minutes. Type 1 to %(length)d.") % who,
            field=str(entry.booking.uid),
        )
    return minutes


def write_note(
    session: Session, *, text: str, by: Actor, at: datetime, topic: str = "", lesson: Lesson | None = None
) -> SessionNote:
    """The part written once, for the whole group. Names no member of it. Before signing it can be written over."""
    access.require(by, rules.HOLD_SESSION, session)
    _open(session, at)
    if session.kind == "group":
        named = names.found(f"{topic}\n{text}", reads.names_of(session))
        if named:
            said = ", ".join(booking.episode.client.person.name_used for booking in named)
            raise CannotNote(
                _(
                    "The group part names %(who)s. It stands in everybody's chart: write about a person in their own part."
                )
                % {"who": said},
                field="text",
            )
    if lesson is not None and (session.group is None or lesson.curriculum_id != session.group.curriculum_id):
        raise CannotNote(_("This lesson is not of this group's curriculum."), field="lesson")
    with trail.act("note.written", by=by, at=at, about=session):
        _unsigned(session)
        note = SessionNote.objects.filter(session=session).first() or SessionNote(session=session)
        note.text, note.topic, note.lesson, note.by_id, note.at = text.strip(), topic.strip(), lesson, _staff(by), at
        note.save()
    return note


def write_part(
    booking: Booking,
    *,
    by: Actor,
    at: datetime,
    participation: str = "",
    text: str = "",
    objective: Objective | None = None,
) -> NotePart:
    """What one person's chart says of the session. Names of others are warned about by `reads.others_named`, not refused."""
    session = booking.session
    access.require(by, rules.HOLD_SESSION, session)
    _open(session, at)
    if booking.cancelled_at is not None:
        raise CannotNote(_("They gave their seat back, so there is nothing to write here."))
    if participation and participation not in Participation.values:
        raise CannotNote(_("Choose one of the ways to take part."), field="participation")
    if objective is not None and objective not in reads.objectives(booking.episode):
        raise CannotNote(_("This objective is not in their signed plan."), field="objective")
    with trail.act("note.part_written", by=by, at=at, about=session, client=booking.episode.client):
        if not PartHeldBack.objects.filter(booking=booking, signed_at__isnull=True).exists():
            _unsigned(session)
        note, _new = SessionNote.objects.get_or_create(session=session, defaults={"by_id": _staff(by), "at": at})
        part = NotePart.objects.filter(booking=booking).first() or NotePart(booking=booking, note=note)
        part.participation, part.text, part.objective = participation, text.strip(), objective
        part.by_id, part.at = _staff(by), at
        part.save()
    return part


def sign(session: Session, *, by: Actor, at: datetime) -> NoteSignature:
    """Sign the note with every part and the attendance. From here nothing is changed, only added to.

    A visit cannot end while the person is in danger and nobody has written down what was decided (CLINICAL rule `risk_gate`). In a
    group that holds back this person's part only; it is signed alone, later, by `sign_part`.
    The page asks for the password before it calls this. Raises CannotSign with what is missing.
    """
    access.require(by, rules.HOLD_SESSION, session)
    if session.cancelled_at is not None:
        raise CannotSign(_("This session was cancelled."))
    if at < session.ends_at:
        raise CannotSign(_("The session has not ended yet. Sign when it is over."))
    with trail.act("note.signed", by=by, at=at, about=session):
        _unsigned(session, CannotSign)
        people = reads.roster(session)
        danger = reads.in_danger(people)
        if danger and session.kind != "group":
            raise CannotSign(_gated(next(p for p in people if p.booking.pk in danger).name))
        missing = reads.missing(session, danger, people)
        if missing:
            raise CannotSign(" ".join(missing))
        note = SessionNote.objects.get(session=session)
        PartHeldBack.objects.bulk_create(
            PartHeldBack(note=note, booking=p.booking, why=danger[p.booking.pk].reason[:300], at=at)
            for p in people
            if p.booking.pk in danger
        )
        signature = NoteSignature.objects.create(note=note, by_id=_staff(by), digest=reads.digest(note), at=at)
        for one in people:  # in each person's own trail, too
            booking = one.booking
            verb = "note.part_held_back" if booking.pk in danger else "note.part_signed"
            with trail.act(verb, by=by, at=at, about=booking, client=booking.episode.client):
                pass
    return signature


def _gated(name: str) -> str:
    words = _("%(name)s may be in danger. Write down what was decided: then this visit can end.")
    return words % {"name": name}


def sign_part(booking: Booking, *, by: Actor, at: datetime) -> PartHeldBack:
    """Sign the part of one person that was held back when the group was signed, after it was decided what happens."""
    session, client = booking.session, booking.episode.client
    access.require(by, rules.HOLD_SESSION, session)
    with trail.act("note.part_signed", by=by, at=at, about=booking, client=client):
        row = PartHeldBack.objects.filter(booking=booking).first()
        if row is None or row.signed_at is not None:
            raise CannotSign(_("This part is signed already."))
        if dispositions.gate(client) is not None:
            raise CannotSign(_gated(client.person.name_used))
        part = NotePart.objects.filter(booking=booking).select_related("booking", "objective").first()
        if part is None or not (part.participation or part.text):
            raise CannotSign(_("Their part is empty. Write it first."))
        row.signed_by_id, row.signed_at, row.digest = _staff(by), at, reads.digest_of_part(part)
        row.save(update_fields=["signed_by", "signed_at", "digest"])
    return row


def amend(note: SessionNote, text: str, *, by: Actor, at: datetime, part: NotePart | None = None) -> NoteAmendment:
    """Add words after signing. The signed text stays as it is."""
    access.require(by, rules.HOLD_SESSION, note.session)
    if not NoteSignature.objects.filter(note=note).exists():
        raise CannotNote(_("This note is not signed yet. Change it on its page."))
    if not text.strip():
        raise CannotNote(_("Write what is to be added."), field="text")
    if part is not None and part.note_id != note.pk:
        raise CannotNote(_("This part belongs to another session."), field="part")
    if part is None and note.session.kind == "group" and names.found(text, reads.names_of(note.session)):
        raise CannotNote(_("An addition to the group part names nobody. Choose the person it is about."), field="text")
    same = NoteAmendment.objects.filter(note=note, part=part, text=text.strip(), by_id=_staff(by)).first()
    if same is not None:  # an impatient second click
        return same
    client = part.booking.episode.client if part else None
    with trail.act("note.amended", by=by, at=at, about=note, client=client):
        return NoteAmendment.objects.create(note=note, part=part, text=text.strip(), by_id=_staff(by), at=at)


def not_held(session: Session, because: str, *, by: Actor, at: datetime, why: str = "") -> Session:
    """The session turned out not to take place. Refused once somebody is written down as having come."""
    access.require(by, rules.SAY_NOT_HELD, session)
    if reads.attendance(session):
        raise CannotNote(_("Attendance was taken, so the session was held."))
    return timetable.cancel_session(session, because, by=by, at=at, why=why, after_end=True)


def _open(session: Session, at: datetime) -> None:
    """It has begun, and was not cancelled."""
    if session.cancelled_at is not None:
        raise CannotNote(_("This session was cancelled."))
    if at < session.starts_at:
        raise CannotNote(_("This session has not begun. Nothing can be written about it yet."))


def _unsigned(session: Session, refusal: type[access.Refusal] = CannotNote) -> None:
    if NoteSignature.objects.filter(note__session=session).exists():
        raise refusal(_("This note is signed. Add to it with an amendment; the signed text stays."))


def _staff(by: Actor) -> int:
    if by.staff_id is None:
        raise access.NotYours("sessions.hold")
    return Staff.objects.only("pk").get(pk=by.staff_id).pk
