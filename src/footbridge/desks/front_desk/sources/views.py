"""Who sends people here, what came of it, and what is due to be told them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from footbridge.care.inquiry import actions as inquiries
from footbridge.care.inquiry import promises
from footbridge.care.inquiry import reads as inquiry_reads
from footbridge.care.inquiry import rules as inquiry_rules
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.inquiry.words import REPORTED_HOW
from footbridge.ground.consent import telling
from footbridge.ground.program.models import Organisation
from footbridge.kit import access, paper, trail, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web import files
from footbridge.kit.web.forms import Form, RadioCards

from .. import rules
from . import reports

ROWS = 50
YEAR = timedelta(days=365)
NEUTRAL = gettext_lazy("Thank you for your call. We cannot say whether anybody is or was a client here. If somebody asks us to tell you, we will.")


class ReportForm(Form):
    how = forms.ChoiceField(label=gettext_lazy("How was it told?"), choices=REPORTED_HOW, widget=RadioCards(columns=True))
    to_whom = forms.CharField(label=gettext_lazy("To whom there"), max_length=120)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


@access.page(rules.SEE_LIST)
def sources(request: Request) -> HttpResponse:
    at_site = promises.calendar()
    found = reports.events(request.actor, request.at, at_site)
    show = request.GET.get("show", "due")
    shown = [one for one in found if (one.told is not None) == (show == "told")]
    page = Paginator(shown, ROWS).get_page(request.GET.get("page", "1"))
    context: dict[str, Any] = {
        "page": page, "rows": list(page), "show": show, "kept": f"show={show}&", "zone": at_site.zone, "at": request.at,
        "senders": reports.senders(request.actor, found, request.at - YEAR)[:ROWS], "neutral": NEUTRAL,
        "late": sum(one.told is None and one.may and one.due_at < request.at for one in found),
    }  # fmt: skip
    return web.show(request, "desks/front_desk/sources/list.html", context)


def _sent(actor: Actor, uid: UUID, milestone: str) -> tuple[Inquiry, str] | None:
    asked = inquiry_reads.inquiry(actor, uid)
    return (asked, milestone) if asked is not None and asked.source is not None else None


def _event(request: Request, sent: tuple[Inquiry, str]) -> reports.Event:
    """The thing to tell, as it stands now; nothing to tell is not found."""
    found = reports.event(request.actor, sent[0], sent[1], request.at)
    if found is None:
        raise Http404
    return found


@access.page(inquiry_rules.ANSWER, of=_sent)
def report(request: Request, sent: tuple[Inquiry, str]) -> HttpResponse:
    """One thing to tell: may we, what the letter says, and that it was told."""
    event = _event(request, sent)
    form = web.form(request, ReportForm)
    if request.method == "POST" and form.is_valid():
        try:
            inquiries.report_back(event.inquiry, milestone=event.milestone, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "front_desk:sources", _("Written down."))
        except inquiries.CannotReport as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(event.inquiry.episode.client if event.inquiry.episode else event.inquiry, by=request.actor, at=request.at, what="report back")
    context = {"event": event, "inquiry": event.inquiry, "form": form, "neutral": NEUTRAL, "zone": promises.calendar().zone, "episode": event.inquiry.episode}
    return web.show(request, "desks/front_desk/sources/report.html", context)


@access.page(inquiry_rules.ANSWER, of=_sent)
def letter(request: Request, sent: tuple[Inquiry, str]) -> HttpResponse:
    """What came of it on paper; without a consent the neutral answer, which names nobody."""
    event = _event(request, sent)
    inquiry, source = event.inquiry, event.inquiry.source
    trail.looked(inquiry.episode.client if inquiry.episode else inquiry, by=request.actor, at=request.at, what=f"report back: {event.milestone}, {'told' if event.may else 'neutral'}")
    with override("en"):
        organisation = Organisation.objects.first()
        name = inquiry.episode.client.person.legal_name if inquiry.episode else ""
        blocks: list[paper.Block] = [paper.Text(NEUTRAL)]
        foot = ""
        if event.may:
            foot = telling.NOTICE
            blocks = [
                paper.Text(_("Thank you for sending %(name)s to us. %(what)s") % {"name": name, "what": event.words}, strong=True),
                paper.Text(_("They agreed that we tell you this and no more. They may take it back at any time.")), paper.Text(foot, strong=True),
            ]  # fmt: skip
        document = paper.Document(
            _("Report"), blocks, lead=" · ".join([source.name if source else "", date_format(request.at.astimezone(promises.calendar().zone), "M j, Y")]),
            facts=[(_("From"), ", ".join([organisation.name, organisation.phone]) if organisation else request.actor.name)], foot=foot, language="en",
        )  # fmt: skip
    return files.hand_out(paper.pdf(document, made_at=request.at), "report.pdf")
