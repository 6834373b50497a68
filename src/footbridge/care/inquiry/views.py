"""One request for help: who asked, how to reach them safely, what was tried, and what comes next."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form, national

from . import actions, forms, guide_words, promises, reads, rules
from .models import Inquiry
from .words import ALIKE, ASKED_BY, STEP_TONES, TRIAGE_TONES, ForWhom, Step


@access.page(rules.SEE_INQUIRIES, of=reads.inquiry)
def show(request: Request, inquiry: Inquiry) -> HttpResponse:
    trail.looked(
        inquiry.episode.client if inquiry.episode else inquiry, by=request.actor, at=request.at, what="inquiry"
    )
    form = web.form(request, forms.AttemptForm, initial={"channel": inquiry.channel}, inquiry=inquiry)
    return _page(request, inquiry, "show", form)


@access.page(rules.ANSWER, of=reads.inquiry)
def attempts(request: Request, inquiry: Inquiry) -> HttpResponse:
    """Log a try to reach the person."""
    form = web.form(request, forms.AttemptForm, initial={"channel": inquiry.channel}, inquiry=inquiry)
    if request.method == "POST" and form.is_valid():
        try:
            actions.attempt_contact(inquiry, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "inquiry:show", _("The try is logged."), uid=inquiry.uid)
        except actions.CannotAnswer as refusal:
            web.refused(form, refusal)
    return _page(request, inquiry, "show", form)


@access.page(rules.ANSWER, of=reads.inquiry)
def urgency(request: Request, inquiry: Inquiry) -> HttpResponse:
    form = web.form(request, forms.TriageForm, initial={"triage": inquiry.triage, "reason": inquiry.triage_reason})
    if request.method == "POST" and form.is_valid():
        try:
            actions.triage(inquiry, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "inquiry:show", _("The urgency is set."), uid=inquiry.uid)
        except actions.CannotAnswer as refusal:
            web.refused(form, refusal)
    return _page(request, inquiry, "urgency", form)


@access.page(rules.TAKE_UP, of=reads.inquiry)
def episode(request: Request, inquiry: Inquiry) -> HttpResponse:
    """Take the request up: a new client, or one who is known."""
    likely = reads.possible_duplicates(request.actor, inquiry)
    same = request.GET.get("client", "")
    start = {"client": same} if any(str(one.client.uid) == same for one in likely) else {}
    form = web.form(request, forms.TakeUpForm, initial=start, inquiry=inquiry, likely=likely)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_up(inquiry, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(
                request, "inquiry:show", _("Taken up. The next step is the screening talk."), uid=inquiry.uid
            )
        except actions.CannotTakeUp as refusal:
            web.refused(form, refusal)
    return _page(request, inquiry, "episode", form, likely=likely)


@access.page(rules.TAKE_UP, of=reads.compared)
def apart(request: Request, compared: reads.Compared) -> HttpResponse:
    """This request is not from that client."""
    if request.method != "POST":
        raise Http404
    try:
        actions.not_this_client(compared.inquiry, compared.client, by=request.actor, at=request.at)
    except actions.CannotAnswer as refusal:
        return web.done(request, "inquiry:show", str(refusal), uid=compared.inquiry.uid)
    return web.done(request, "inquiry:show", _("Kept apart. They are two people."), uid=compared.inquiry.uid)


@access.page(rules.ANSWER, of=reads.inquiry)
def waiting(request: Request, inquiry: Inquiry) -> HttpResponse:
    """The place on the waiting list: made, changed, or given up with a reason (`end` in the post)."""
    if request.method == "POST" and "end" in request.POST:
        off = web.form(request, forms.OffTheListForm)
        if off.is_valid():
            try:
                actions.stop_waiting(inquiry, **off.cleaned_data, by=request.actor, at=request.at)
                return web.done(request, "inquiry:show", _("Off the waiting list."), uid=inquiry.uid)
            except actions.CannotWait as refusal:
                return web.done(request, "inquiry:show", str(refusal), uid=inquiry.uid)
    else:
        off = forms.OffTheListForm()
    here = inquiry.waiting.filter(ended_at__isnull=True).first()
    known = {name: getattr(here, name) for name in ("track", "reason", "next_action", "next_on")} | {"waits_because": here.because} if here else {}
    ends = request.method == "POST" and "end" in request.POST
    form = forms.WaitForm(initial=known) if ends else web.form(request, forms.WaitForm, initial=known)
    if request.method == "POST" and not ends and form.is_valid():
        try:
            given = form.cleaned_data
            actions.wait(inquiry, because=given.pop("waits_because"), **given, by=request.actor, at=request.at)
            return web.done(request, "inquiry:show", _("On the waiting list, with a next day."), uid=inquiry.uid)
        except actions.CannotWait as refusal:
            web.refused(form, refusal)
    return _page(request, inquiry, "waiting", form, here=here, off=off)


@access.page(rules.ANSWER, of=reads.inquiry)
def closing(request: Request, inquiry: Inquiry) -> HttpResponse:
    known = partial(reads.client_numbered, request.actor)
    form = web.form(request, forms.CloseForm, known=known, likely=reads.possible_duplicates(request.actor, inquiry)[:3])
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(inquiry, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "front_desk:list", _("The request is closed."))
        except actions.CannotClose as refusal:
            web.refused(form, refusal)
    return _page(request, inquiry, "closing", form)


def _page(request: Request, inquiry: Inquiry, page: str, form: Form, **more: Any) -> HttpResponse:
    at_site = promises.calendar()
    standing = reads.standing(inquiry, request.at, at_site)
    is_open = standing.step not in (Step.TAKEN_UP, Step.CLOSED)
    likely = reads.possible_duplicates(request.actor, inquiry)[:3] if page == "show" and is_open else []
    context = {
        "inquiry": inquiry,
        "standing": standing,
        "alike": [(one, [ALIKE[reason] for reason in one.reasons]) for one in likely],
        "step_label": Step(standing.step).label,
        "step_tone": STEP_TONES[Step(standing.step)],
        "triage_tone": TRIAGE_TONES[inquiry.triage],
        "safe_tone": "info" if inquiry.may_leave_message and inquiry.may_say_who_we_are else "warn",
        "agrees": _agrees(inquiry),
        "asked_by": ASKED_BY[ForWhom(inquiry.for_whom)],
        "phone": national(inquiry.phone) if inquiry.phone else "",
        "received": date_format(inquiry.received_at.astimezone(at_site.zone), "M j, Y, g:i a"),
        "born": date_format(inquiry.born_on, "M j, Y") if inquiry.born_on else "",
        "zone": at_site.zone,
        "attempts": inquiry.attempts.select_related("by__person"),
        "open": is_open,
        "others": reads.same_person_asked(request.actor, inquiry)[:5] if page == "show" else (),
        "told": guide_words.told(inquiry.guide_answers, inquiry.for_whom != ForWhom.SELF),
        "form": form,
        **more,
    }
    return web.show(request, f"care/inquiry/{page}.html", context)


def _agrees(inquiry: Inquiry) -> str:
    return {
        "yes": _("The person knows and agrees."),
        "no": _("The person does not agree: do not call them."),
        "unknown": _("We do not know whether the person agrees: talk with the one who asked first."),
    }[inquiry.person_agrees]
