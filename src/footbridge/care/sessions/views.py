"""The screen of a session: who came on the left, what was written on the right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.care.safety.rules import RECORD_DISPOSITION
from footbridge.care.timetable import reads as timetable
from footbridge.care.timetable import words as timetable_words
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.episodes.rules import CLINICIANS, in_care
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, reads, rules
from .forms import MARKS, AmendForm, AttendanceForm, NoteForm, NotHeldForm, PartForm, SignNote
from .models import SessionNote

REFUSALS = (actions.CannotNote, actions.CannotSign, actions.timetable.CannotCancel)


def _context(request: Request, session: Session, **more: Any) -> dict[str, Any]:
    """What every page of a session shows: the roster with who came, the note, what is missing, who signed."""
    line, people, note = timetable.line(session), reads.roster(session), reads.note(session)
    signatures = list(note.signatures.all()) if note else []
    begun = session.starts_at <= request.at
    form = more.pop("attendance", None) or AttendanceForm(people=people, starts=line.starts, ends=line.ends)
    holds = access.may(request.actor, rules.HOLD_SESSION, session)
    danger = reads.in_danger(people) if begun and session.cancelled_at is None else {}
    held = reads.held_back(session) if signatures else {}
    gated = [
        (p, danger[p.booking.pk], access.may(request.actor, RECORD_DISPOSITION, p.booking.episode.client))
        for p in people
        if p.booking.pk in danger and (not signatures or (p.booking.pk in held and held[p.booking.pk].signed_at is None))
    ]
    return {
        "gated": gated, "gated_here": {p.booking.pk for p, _gate, _may in gated},
        "waits": [p for p in people if p.booking.pk in held and held[p.booking.pk].signed_at is None],
        "session": session, "line": line, "people": people, "note": note, "signatures": signatures,
        "signed": [(s, timetable_words.local(s.at, session.site)) for s in signatures], "begun": begun,
        "open": begun and not signatures and holds and session.cancelled_at is None, "over": session.ends_at <= request.at,
        "attendance": form, "rows": form.rows(), "marks": MARKS, "missing": reads.missing(session, danger if session.kind == "group" else ()) if begun else [],
        "gave_back": reads.gave_back(session), "holds": holds, "is_group": session.kind == "group",
        "may_say_not_held": access.may(request.actor, rules.SAY_NOT_HELD, session) and session.cancelled_at is None and not any(p.came for p in people),
        **more,
    }  # fmt: skip


def _note_start(session: Session) -> tuple[dict[str, Any], Any]:
    """What the group part begins with (the next lesson of the curriculum when nothing is written), and its lessons."""
    note = reads.note(session)
    taught = session.group.curriculum if session.group else None
    coming = None if note else reads.next_lesson(session)
    start = {
        "lesson": note.lesson.uid if note and note.lesson else coming.uid if coming else None,
        "topic": note.topic if note else "", "text": note.text if note else "",
    }  # fmt: skip
    return start, taught.lessons.all() if taught else None


@access.page(rules.SEE_SESSION, of=reads.session)
def show(request: Request, session: Session) -> HttpResponse:
    """The whole session; its form is the group part. A visit of one person shows that person's part at once."""
    if session.kind != "group" and request.method == "GET" and len(seats := reads.seated(session)) == 1:
        return redirect("sessions:person", uid=session.uid, person=seats[0].uid)
    start, lessons = _note_start(session)
    form = web.form(request, NoteForm, initial=start, lessons=lessons)
    if request.method == "POST":
        access.require(request.actor, rules.HOLD_SESSION, session)
        if form.is_valid():
            try:
                actions.write_note(session, by=request.actor, at=request.at, **form.cleaned_data)
                return web.done(request, "sessions:show", _("The group part is kept."), uid=session.uid)
            except REFUSALS as refusal:
                web.refused(form, refusal)
    return web.show(request, "care/sessions/show.html", _context(request, session, form=form))


@access.page(rules.HOLD_SESSION, of=reads.session)
@require_POST
def attendance(request: Request, session: Session) -> HttpResponse:
    line = timetable.line(session)
    form = AttendanceForm(request.POST, people=reads.roster(session), starts=line.starts, ends=line.ends)
    if form.is_valid():
        try:
            rows = actions.take_attendance(
                session, form.entries("present" if request.POST.get("rest") else ""), by=request.actor, at=request.at
            )
            said = (
                _("Attendance is kept: %(n)d written down.") % {"n": len(rows)}
                if rows
                else _("Attendance stood like this already.")
            )
            return web.done(request, "sessions:show", said, uid=session.uid)
        except REFUSALS as refusal:
            refusal.field = f"minutes-{refusal.field}" if getattr(refusal, "field", None) else None
            web.refused(form, refusal)
    if session.kind != "group" and (seats := reads.seated(session)):
        return _person_page(request, seats[0], attendance=form)
    start, lessons = _note_start(session)
    context = _context(request, session, form=NoteForm(initial=start, lessons=lessons), attendance=form)
    return web.show(request, "care/sessions/show.html", context, status=422)


@access.page(rules.SEE_SESSION, of=reads.seat)
def person(request: Request, booking: Booking) -> HttpResponse:
    return _person_page(request, booking)


def _person_page(request: Request, booking: Booking, attendance: AttendanceForm | None = None) -> HttpResponse:
    """One person's part beside the group part, with their objectives and what was written the last time."""
    session = booking.session
    people = reads.roster(session)
    here = next((p for p in people if p.booking.pk == booking.pk), None)
    part = here.part if here else None
    last = reads.last_part(booking)
    start = {
        "participation": part.participation if part else "", "text": part.text if part else "",
        "objective": part.objective.uid if part and part.objective else last.objective.uid if last and last.objective and not part else None,
    }  # fmt: skip
    objectives = reads.objectives(booking.episode)
    if attendance is not None:  # the roster beside it was refused; this form was not posted
        form = PartForm(initial=start, objectives=objectives)
    else:
        form = web.form(request, PartForm, initial=start, objectives=objectives)
        if request.method == "POST":
            access.require(request.actor, rules.HOLD_SESSION, session)
            if form.is_valid():
                try:
                    actions.write_part(booking, by=request.actor, at=request.at, **form.cleaned_data)
                    return _part_done(request, booking, people, form.cleaned_data["text"])
                except REFUSALS as refusal:
                    web.refused(form, refusal)
        else:
            trail.looked(booking.episode.client, by=request.actor, at=request.at, what="session note")
    order = [p.booking.uid for p in people]
    at = order.index(booking.uid) if booking.uid in order else -1
    context = _context(
        request, session, form=form, here=here, last=last, booking=booking, scores=reads.scores(booking.episode, request.at),
        may_see_chart=in_care(request.actor.within(CLINICIANS | {"director"}), booking.episode),
        before=order[at - 1] if at > 0 else None, after=order[at + 1] if 0 <= at < len(order) - 1 else None, attendance=attendance,
    )  # fmt: skip
    context["part_waits"] = context["holds"] and any(p.booking.pk == booking.pk for p in context["waits"])
    return web.show(request, "care/sessions/person.html", context, status=422 if attendance is not None else None)


def _part_done(request: Request, booking: Booking, people: list[reads.Person], text: str) -> HttpResponse:
    """Kept; a warning when it names somebody else of the roster; and on to the next person when asked."""
    session = booking.session
    others = reads.others_named(booking, text)
    if others:
        words = _("This part names %(who)s. A person's part is for their own chart: leave out who else was there.")
        messages.warning(request, words % {"who": ", ".join(others)})
    says = _("Kept: %(name)s.") % {"name": booking.episode.client.person.name_used}
    if request.POST.get("next") and not others:
        later = [p for p in people if p.booking.pk != booking.pk and p.attended and not p.written]
        order = [p.booking.pk for p in people]
        mine = order.index(booking.pk) if booking.pk in order else 0
        following = next((p for p in later if order.index(p.booking.pk) > mine), later[0] if later else None)
        if following:
            return web.done(request, "sessions:person", says, uid=session.uid, person=following.booking.uid)
    if others or session.kind != "group":
        return web.done(request, "sessions:person", says, uid=session.uid, person=booking.uid)
    return web.done(request, "sessions:show", says, uid=session.uid)


@access.page(rules.HOLD_SESSION, of=reads.session)
def signature(request: Request, session: Session) -> HttpResponse:
    """All that is signed, once more, and the password."""
    form = web.form(request, SignNote, signing=request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign(session, by=request.actor, at=request.at)
            return web.done(
                request, "sessions:show", _("Signed. From here the note is only added to."), uid=session.uid
            )
        except REFUSALS as refusal:
            web.refused(form, refusal)
    context = _context(request, session, form=form)
    if request.method == "GET":
        for one in context["people"]:
            trail.looked(one.booking.episode.client, by=request.actor, at=request.at, what="session note")
    return web.show(request, "care/sessions/signature.html", context)


@access.page(rules.HOLD_SESSION, of=reads.seat)
def part_signature(request: Request, booking: Booking) -> HttpResponse:
    """One person's part, held back when the group was signed: once more, and the password."""
    session = booking.session
    form = web.form(request, SignNote, signing=request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_part(booking, by=request.actor, at=request.at)
            return web.done(request, "sessions:person", _("Signed."), uid=session.uid, person=booking.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(booking.episode.client, by=request.actor, at=request.at, what="session note")
    context = _context(request, session, form=form, booking=booking)
    context["here"] = next((p for p in context["people"] if p.booking.pk == booking.pk), None)
    context["waits_here"] = any(p.booking.pk == booking.pk for p in context["waits"])
    return web.show(request, "care/sessions/part_signature.html", context)


@access.page(rules.HOLD_SESSION, of=reads.session)
def amendments(request: Request, session: Session) -> HttpResponse:
    form = web.form(request, AmendForm, people=reads.roster(session))
    if request.method == "POST" and form.is_valid():
        try:
            note = SessionNote.objects.filter(session=session).first()
            if note is None:
                raise actions.CannotNote(_("This note is not signed yet. Change it on its page."))
            actions.amend(
                note, form.cleaned_data["text"], part=form.cleaned_data["part"], by=request.actor, at=request.at
            )
            return web.done(request, "sessions:show", _("Added. The signed text stays."), uid=session.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/sessions/amendments.html", _context(request, session, form=form))


@access.page(rules.SAY_NOT_HELD, of=reads.session)
def not_held(request: Request, session: Session) -> HttpResponse:
    form = web.form(request, NotHeldForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.not_held(session, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "sessions:show", _("Written down: it was not held."), uid=session.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/sessions/not_held.html", _context(request, session, form=form))


@access.page(rules.SEE_SESSION, of=reads.session)
def sign_in_sheet(request: Request, session: Session) -> HttpResponse:
    """For the table at the door: name used and last initial, nothing that says what the group is for."""
    people = [reads.with_initial(b.episode.client.person) for b in reads.seated(session)]
    return web.show(
        request,
        "care/sessions/sign_in_sheet.html",
        {"session": session, "line": timetable.line(session), "people": people},
    )
