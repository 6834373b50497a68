"""Asking for a call: for oneself, for somebody one cares about, or as a professional. And the thank-you page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from footbridge.care.inquiry import actions, danger_words, promises, reads
from footbridge.care.inquiry.words import ForWhom, Triage
from footbridge.ground.program import crisis_lines
from footbridge.kit import access, web
from footbridge.kit.access import Request

from .. import limits
from ..forms import ReferForm, RequestForm, RequestForOtherForm
from .guide import carried


@access.open_page("Anybody may ask for help.")
def ask(request: Request) -> HttpResponse:
    return _ask(request, RequestForm, ForWhom.SELF, "desks/public/request.html")


@access.open_page("Anybody may ask for help for somebody they care about.")
def ask_for_other(request: Request) -> HttpResponse:
    return _ask(request, RequestForOtherForm, ForWhom.OTHER, "desks/public/request.html")


@access.open_page("Professionals refer people without an account here.")
def refer(request: Request) -> HttpResponse:
    form = ReferForm(request.POST) if request.method == "POST" else ReferForm()
    if form.is_bound and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name not in ("soon", "website")}
        soon = form.cleaned_data["soon"]
        given |= {"for_whom": ForWhom.PROFESSIONAL, "danger": soon == "danger"}
        if soon in (Triage.PRIORITY, Triage.URGENT):
            given |= {"triage": soon, "triage_reason": _("The referrer asked for it.")}
        answer = _send(request, form, given)
        if answer is not None:
            return answer
    return web.show(request, "desks/public/refer.html", {"form": form}, status=_status(form))


@access.open_page("The thank-you page of whoever just sent a request; it names nobody and shows for a day.")
def sent(request: Request, uid: UUID) -> HttpResponse:
    inquiry = reads.just_sent(uid, request.at)
    if inquiry is None:
        raise Http404
    context: dict[str, Any] = {
        "inquiry": inquiry,
        "due": reads.answer_due(inquiry),
        "zone": promises.calendar().zone,
        "crisis": inquiry.triage == Triage.CRISIS,
        "other": inquiry.for_whom != ForWhom.SELF,
        "professional": inquiry.for_whom == ForWhom.PROFESSIONAL,
        "emergency": crisis_lines.line("emergency"),
        "lifeline": crisis_lines.line("lifeline"),
    }
    return web.show(request, "desks/public/sent.html", context)


def _ask(request: Request, kind: type[RequestForm], for_whom: str, template: str) -> HttpResponse:
    """A post with a form key is the request itself; a post without one brings the guide's answers along."""
    answers, other = carried(request), for_whom == ForWhom.OTHER
    is_sent = request.method == "POST" and "form_key" in request.POST
    form = kind(request.POST, answers=answers, other=other) if is_sent else kind(answers=answers, other=other)
    if is_sent and form.is_valid():
        given = {
            name: value
            for name, value in form.cleaned_data.items()
            if name not in ("send_answers", "website", "for") and not name.startswith("a_")
        }
        given |= {"for_whom": for_whom, "guide_answers": answers if form.cleaned_data.get("send_answers") else {}}
        answer = _send(request, form, given)
        if answer is not None:
            return answer
    return web.show(request, template, {"form": form, "other": other, "answers": answers}, status=_status(form))


def _send(request: Request, form: Any, given: dict[str, Any]) -> HttpResponse | None:
    """Receive the request; None when it was refused and the form says why. Danger is never held up by a limit."""
    danger = given["danger"] or danger_words.found(given.get("wishes", ""))
    if not danger and form.is_machine():
        return HttpResponseRedirect(reverse("home"), status=303)
    if not danger and limits.too_many(request):
        form.add_error(None, _("We got many requests from here. Please call us, or try again in an hour."))
        form.too_many = True
        return None
    try:
        inquiry = actions.receive(by=request.actor, at=request.at, **given)
    except actions.CannotReceive as refusal:
        web.refused(form, refusal)
        return None
    return HttpResponseRedirect(reverse("public:sent", kwargs={"uid": inquiry.uid}), status=303)


def _status(form: Any) -> int | None:
    return 429 if getattr(form, "too_many", False) else None
