"""Pages of a hand-off: find the program, begin, work it, end it; its two papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.inquiry import promises
from footbridge.care.inquiry import reads as inquiries
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.inquiry.words import AGREES
from footbridge.care.safety import reads as safety
from footbridge.engines.disclosure import DataClass
from footbridge.ground.elsewhere import rules as elsewhere_rules
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program import crisis_lines
from footbridge.ground.program.models import Site
from footbridge.kit import access, paper, trail, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web import files

from . import actions, clocks, forms, letter, reads, rules, take_along
from .models import HandOff
from .words import ENDED_TONES

ROWS = 50
REFUSALS = (actions.CannotHandOver, actions.CannotStep, actions.CannotEnd)


@access.page(rules.SEE_HAND_OFFS)
def listing(request: Request) -> HttpResponse:
    """Who is on the way to another program; what is due first stands first."""
    show = request.GET.get("show", "open")
    show = show if show in ("open", "mine", "ended") else "open"
    actor = request.actor.within(rules.SEE_HAND_OFFS.roles)
    page = Paginator(reads.listed(actor, show), ROWS).get_page(request.GET.get("page", "1"))
    rows = [
        {"one": one, "name": reads.name_of(one), "late": one.ended_at is None and one.next_at < request.at, "tone": ENDED_TONES.get(one.ended_how, "neutral")}
        for one in page
    ]
    context = {
        "rows": rows, "page": page, "show": show, "kept": f"show={show}&", "zone": promises.calendar().zone, "late": reads.late(actor, request.at),
        "filters": [("open", _("Open")), ("mine", _("In my hands")), ("ended", _("Ended"))],
    }  # fmt: skip
    return web.show(request, "care/hand_offs/list.html", context)


def _request(actor: Actor, uid: UUID) -> Inquiry | None:
    return inquiries.inquiry(actor, uid)


@access.page(rules.HAND_OVER, of=_request)
def from_request(request: Request, inquiry: Inquiry) -> HttpResponse:
    return _begin(request, inquiry)


@access.page(rules.HAND_OVER, of=episodes.episode)
def from_episode(request: Request, episode: Episode) -> HttpResponse:
    return _begin(request, episode)


def _begin(request: Request, subject: Inquiry | Episode) -> HttpResponse:
    """Where the person could go, the nearest fitting first, and the form that begins the hand-off."""
    episode = subject if isinstance(subject, Episode) else subject.episode
    known = reads.open_of(episode or subject)
    if known is not None:
        return web.done(request, "hand_offs:show", uid=known.uid)
    at_site = promises.calendar()
    today = at_site.today(request.at)
    need = reads.needed(subject, today)
    site = Site.objects.order_by("id").first()
    start = {
        "level": need.level, "condition": need.conditions[0] if need.conditions else "", "population": need.population, "payer": need.payer,
        "mode": need.mode, "site": site.code if site else None,
    }  # fmt: skip
    # Both forms of the page ask for a level: each label must find its own.
    asked = forms.NeedForm(request.GET if "level" in request.GET else None, initial=start, auto_id="need_%s")
    if asked.is_bound and asked.is_valid():
        given = asked.cleaned_data
        conditions = need.conditions if given["condition"] in need.conditions else tuple(filter(None, [given["condition"]]))
        need = replace(need, level=given["level"], conditions=conditions, population=given["population"], payer=given["payer"], mode=given["mode"])
        site = given["site"] or site
    found = reads.choices(need, site, today)
    moved = episode.transitions.exclude(next_provider="").filter(hand_off__isnull=True).first() if episode else None
    begin: dict[str, Any] = {"level": need.level}
    if moved is not None:
        same = next((one for one in found if one.program.name.casefold() == moved.next_provider.casefold()), None)
        begin |= {"to": str(same.program.uid)} if same else {"to": forms.ELSEWHERE, "to_name": moved.next_provider}
        begin |= {"why": "step"}
    form = web.form(request, forms.HandOverForm, initial=begin, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.hand_over(subject, **form.said(), by=request.actor, at=request.at)
            return web.done(request, "hand_offs:show", _("The hand-off has begun. It stays open until they have arrived."), uid=made.uid)
        except actions.CannotHandOver as refusal:
            web.refused(form, refusal)
    elif request.method == "GET" and episode is not None:
        trail.looked(episode.client, by=request.actor, at=request.at, what="hand-off")
    context = {
        "form": form, "asked": asked, "found": found, "none_fits": bool(found) and not any(one.possible for one in found),
        "name": episode.client.person.name_used if episode else getattr(subject, "name_used", ""), "episode": episode,
        "inquiry": subject if isinstance(subject, Inquiry) else None, "may_keep": access.may(request.actor, elsewhere_rules.KEEP_ELSEWHERE),
    }  # fmt: skip
    return web.show(request, "care/hand_offs/begin.html", context)


@access.page(rules.SEE_HAND_OFF, of=reads.hand_off)
def show(request: Request, row: HandOff) -> HttpResponse:
    """One hand-off: who, where, what is due, what was done; the form writes down the next thing."""
    form = web.form(request, forms.StepForm)
    may = access.may(request.actor, rules.KEEP_HAND_OFF, row)
    if request.method == "POST":
        access.require(request.actor, rules.KEEP_HAND_OFF, row)
        if form.is_valid():
            try:
                actions.step(row, **form.cleaned_data, by=request.actor, at=request.at)
                return web.done(request, "hand_offs:show", _("Written down."), uid=row.uid)
            except actions.CannotStep as refusal:
                web.refused(form, refusal)
    else:
        trail.looked(row.client or row, by=request.actor, at=request.at, what="hand-off")
    return _page(request, row, "show", form, may=may)


@access.page(rules.KEEP_HAND_OFF, of=reads.hand_off)
def agree(request: Request, row: HandOff) -> HttpResponse:
    """What they let us tell there; or that they take it back (`back` in the post)."""
    if request.method == "POST" and "back" in request.POST:
        actions.take_back(row, by=request.actor, at=request.at)
        return web.done(request, "hand_offs:show", _("Taken back. Nothing more is told there."), uid=row.uid)
    form = web.form(request, forms.AgreeForm, initial={"signed_name": reads.reach(row).name if row.episode is None else row.episode.client.person.legal_name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree(row, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "hand_offs:show", _("Written down. The letter says this much and no more."), uid=row.uid)
        except actions.CannotStep as refusal:
            web.refused(form, refusal)
    return _page(request, row, "agree", form, ends=clocks.agreement_ends(promises.calendar().today(request.at)))


@access.page(rules.KEEP_HAND_OFF, of=reads.hand_off)
def owner(request: Request, row: HandOff) -> HttpResponse:
    staff = reads.can_own(promises.calendar().today(request.at), row)
    form = web.form(request, forms.OwnerForm, initial={"owner": row.owner.uid}, staff=staff)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_on(row, form.cleaned_data["owner"], by=request.actor, at=request.at)
            return web.done(request, "hand_offs:show", _("Handed on."), uid=row.uid)
        except actions.CannotStep as refusal:
            web.refused(form, refusal)
    return _page(request, row, "owner", form)


@access.page(rules.KEEP_HAND_OFF, of=reads.hand_off)
def end(request: Request, row: HandOff) -> HttpResponse:
    form = web.form(request, forms.EndForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(row, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "hand_offs:show", _("The hand-off has ended."), uid=row.uid)
        except actions.CannotEnd as refusal:
            web.refused(form, refusal)
    return _page(request, row, "end", form)


@access.page(rules.SEE_HAND_OFF, of=reads.hand_off)
def letter_there(request: Request, row: HandOff) -> HttpResponse:
    """The letter to the other program. Without the person's agreement there is none."""
    if row.ended_at is not None:
        return web.done(request, "hand_offs:show", _("This hand-off has ended: nothing more is told there."), uid=row.uid)
    today = promises.calendar().today(request.at)
    agreed, may = reads.agreed(row, today), reads.tellable(row, today)
    if agreed is None or DataClass.DIRECTORY not in may.classes:
        why = may.withheld.get(DataClass.DIRECTORY) or _("There is no letter without their agreement. Take it first.")
        return web.done(request, "hand_offs:show", why, uid=row.uid)
    trail.looked(row.client or row, by=request.actor, at=request.at, what=f"hand-off letter: {', '.join(sorted(may.classes))}")
    return files.hand_out(paper.pdf(letter.there(row, agreed, may.classes, by=request.actor.name, at=request.at), made_at=request.at), "letter.pdf")


@access.page(rules.SEE_HAND_OFF, of=reads.hand_off)
def page_for_them(request: Request, row: HandOff) -> HttpResponse:
    """The page they take along, in their language."""
    trail.looked(row.client or row, by=request.actor, at=request.at, what="hand-off page for the person")
    return files.hand_out(paper.pdf(take_along.for_them(row, at=request.at), made_at=request.at), "next.pdf")


def _page(request: Request, row: HandOff, page: str, form: Any, **more: Any) -> HttpResponse:
    at_site = promises.calendar()
    who = reads.reach(row)
    context = {
        "row": row, "who": who, "form": form, "zone": at_site.zone, "late": row.ended_at is None and row.next_at < request.at,
        "agreed": reads.agreed(row, at_site.today(request.at)), "steps": list(row.steps.select_related("by__person")),
        "agrees": dict(AGREES).get(who.agrees, ""), "speaks": reads.language_said(who.language), "appointment_at": reads.appointment(row),
        "plan": safety.current_plan(row.client) if row.client else None, "lines": crisis_lines.lines()[:3],
        "ended_tone": ENDED_TONES.get(row.ended_how, "neutral"), "episode": row.episode, **more,
    }  # fmt: skip
    if context["agreed"]:
        may = reads.tellable(row, at_site.today(request.at))
        context["told"] = [forms.TELLS[one] for one in forms.TELLS if one in may.classes]
        reasons = dict.fromkeys(may.withheld.values())  # said once, however much it keeps back
        context["withheld"] = [(why, [forms.TELLS[one] for one in forms.TELLS if may.withheld.get(DataClass(one)) == why]) for why in reasons]
    return web.show(request, f"care/hand_offs/{page}.html", context)
