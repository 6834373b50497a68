"""One call on one page: script, safe contact, danger, urgency, who pays, free hours. Saved once, booked or not."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.inquiry import promises, rules
from footbridge.care.inquiry import reads as inquiries
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.inquiry.words import AGREES, TRIAGE_TONES
from footbridge.care.placement import reads as placement
from footbridge.care.safety.models import Alarm
from footbridge.care.timetable import reads as sessions
from footbridge.kit import access, trail, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web.forms import national

from . import clocks, keeping, slots
from .forms import CallForm

_CALLS = UUID("0c1f5f0e-6a0b-4c0e-8f0d-7d1a4f1f9b52")  # names a call whose form came without its key


@access.page(rules.ANSWER)
def new(request: Request) -> HttpResponse:
    """Somebody calls, or stands at the desk."""
    return _call(request, None)


def _open(actor: Actor, uid: UUID) -> Inquiry | None:
    return inquiries.inquiry(actor, uid)


@access.page(rules.ANSWER, of=_open)
def call(request: Request, inquiry: Inquiry) -> HttpResponse:
    """We call somebody who asked. What they told already is filled in."""
    if request.method == "GET":
        trail.looked(inquiry.episode.client if inquiry.episode else inquiry, by=request.actor, at=request.at, what="call")
        if inquiry.episode_id is not None or hasattr(inquiry, "closed"):
            return web.done(request, "inquiry:show", uid=inquiry.uid)
    return _call(request, inquiry)


def _call(request: Request, inquiry: Inquiry | None) -> HttpResponse:
    if request.method == "POST" and (done := _done_before(request, inquiry)):
        return done
    at_site = promises.calendar()
    every = slots.free(request.at, at_site)
    likely = _likely(request, inquiry)
    form = web.form(request, CallForm, inquiry=inquiry, slots=every, likely=likely)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keeping.keep(inquiry, **form.said(), by=request.actor, at=request.at, today=at_site.today(request.at))
            if kept.danger:
                return web.done(request, "front_desk:danger", uid=kept.inquiry.uid)
            says = _("The call is written down.")
            if kept.booking is not None:
                says = _("Booked: %(when)s with %(name)s.") % {"when": sessions.when(kept.booking.session), "name": kept.booking.session.leader.person.name_used}
            elif inquiry is None:
                says = _("The request is written down.")
            return web.done(request, "inquiry:show", says, uid=kept.inquiry.uid)
        except (*keeping.REFUSALS, keeping.CannotKeepCall) as refusal:
            web.refused(form, refusal)
    heard = _hear(request, inquiry, form)
    lang = form["language"].value() or "en"
    context: dict[str, Any] = {
        "form": form, "inquiry": inquiry, "lang": lang, "zone": at_site.zone, "slots": _shown(form, every, at_site), "likely": likely,
        "tracks": list(placement.tracks_with_places()[:8]), "hours": int(slots.headline().total_seconds() // 3600), "name": form["name_used"].value() or "", "incoming": inquiry is None,
        "heard": heard, "phone": form["phone"].value() or "", "may_open": request.actor.has("intake", "director"),
        "may_say": inquiry is None or inquiry.may_say_who_we_are, "may_leave": inquiry is None or inquiry.may_leave_message,
    }  # fmt: skip
    if inquiry is not None:
        context |= {
            "phone": national(inquiry.phone) if inquiry.phone else "", "agrees": dict(AGREES)[inquiry.person_agrees],
            "triage_tone": TRIAGE_TONES[inquiry.triage], "clocks": _clocks(inquiry, request, at_site),
        }  # fmt: skip
    return web.show(request, "desks/front_desk/call.html", context)


def _hear(request: Request, inquiry: Inquiry | None, form: CallForm) -> Alarm | None:
    """What was sent could not be kept. Danger in it is told all the same, and what to do first stands on the page."""
    if request.method != "POST" or not form.in_danger:
        return None
    key = form.cleaned_data.get("form_key") or uuid5(_CALLS, form.reach())
    return keeping.hear(inquiry, str(key), form.reach(), str(request.POST.get("note", "")).strip()[:200], by=request.actor, at=request.at)


def _done_before(request: Request, inquiry: Inquiry | None) -> HttpResponse | None:
    """An impatient click finds what the first one did. Danger that is told only with the second is heard."""
    if request.POST.get("danger") == "yes":
        known = inquiries.sent_as(request.actor, request.POST.get("form_key", "")) if inquiry is None else None
        if known is None:
            return None
        if not keeping.in_danger(known):
            keeping.hear(known, "", "", str(request.POST.get("note", "")).strip()[:200], by=request.actor, at=request.at)
        return web.done(request, "front_desk:danger", uid=known.uid)
    if inquiry is None:
        known = inquiries.sent_as(request.actor, request.POST.get("form_key", ""))
        return web.done(request, "inquiry:show", uid=known.uid) if known else None
    here = keeping.booked(inquiry.episode) if inquiry.episode else None
    same = here is not None and request.POST.get("appointment") == f"{here.session.leader.uid}|{here.starts_at.astimezone(UTC).isoformat()}"
    return web.done(request, "inquiry:show", uid=inquiry.uid) if same else None


@access.page(rules.ANSWER, of=_open)
def danger(request: Request, inquiry: Inquiry) -> HttpResponse:
    """The alarm is raised: what to do while they are on the line."""
    alarm = inquiries.alarms(inquiry).select_related("owner__person").first()
    phone = national(inquiry.phone) if inquiry.phone else inquiry.asker_contact
    context = {"inquiry": inquiry, "alarm": alarm, "phone": phone, "zone": promises.calendar().zone, "may_open": request.actor.has("intake", "director")}
    return web.show(request, "desks/front_desk/danger.html", context)


def _likely(request: Request, inquiry: Inquiry | None) -> list[Any]:
    """Who may be the same person: of the request, or of what was just typed."""
    if inquiry is not None and inquiry.episode_id is not None:
        return []
    if inquiry is not None and request.method == "GET":
        return inquiries.possible_duplicates(request.actor, inquiry)[:3]
    if request.method != "POST":
        return []
    probe = CallForm(request.POST, inquiry=inquiry, slots=[])
    probe.is_valid()
    typed = probe.cleaned_data
    if not typed.get("name_used"):
        return []
    asked = inquiry or Inquiry()
    compared = Inquiry(
        pk=asked.pk, name_used=typed["name_used"], legal_name=typed.get("legal_name", ""), born_on=typed.get("born_on"), phone=typed.get("phone", ""),
        email=typed.get("email", ""),
    )  # fmt: skip
    return inquiries.possible_duplicates(request.actor, compared)[:3]


def _clocks(inquiry: Inquiry, request: Request, at_site: promises.Calendar) -> list[dict[str, Any]]:
    return [
        {"one": one, "says": clocks.SAYS[one.state(request.at)], "tone": clocks.TONES[one.state(request.at)]} for one in clocks.of(inquiry, at_site)
    ]


def _shown(form: CallForm, every: list[slots.Slot], at_site: promises.Calendar) -> int:
    """Puts the offered hours into words on the form, with the one that is chosen; answers how many there are."""
    field: Any = form.fields["appointment"]
    offered = slots.offered(every, form["part_of_day"].value() or "", at_site)
    chosen = form["appointment"].value()
    offered = [one for one in every if one in offered or one.code == chosen]
    words = {one.code: date_format(one.starts_at.astimezone(at_site.zone), "D, M j, g:i a") for one in offered}
    field.choices = [("", _("No appointment yet")), *words.items()]
    field.widget.choices = field.choices
    field.widget.notes = {
        one.code: " · ".join(
            [one.staff.person.name_used, one.room.name if one.room else str(_("by video")), *([str(_("within the promise"))] if one.soon else [])]
        )
        for one in offered
    }
    return len(offered)
