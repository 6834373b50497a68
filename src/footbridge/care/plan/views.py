"""Pages of the plan: read it, write the draft row by row, sign it, lay versions side by side. No JavaScript needed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from footbridge.care.placement import reads as placement
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Person
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form

from . import actions, forms, library, reads, rules
from .models import Plan
from .words import Capacity


def _minutes(episode: Episode) -> int | None:
    """The least minutes a week of the program the person is admitted to."""
    admission = placement.admission(episode)
    return admission.track.program.minutes_a_week if admission else None


@access.page(rules.SEE_PLAN, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="plan")
    every = list(reads.plans(episode))
    in_force, newest = reads.in_force(episode), every[0] if every else None
    asked = request.GET.get("version", "")
    shown = next((plan for plan in every if str(plan.version) == asked), None) or newest
    signed = {signature.capacity for signature in newest.signatures.all()} if newest else set()
    return web.show(
        request,
        "care/plan/show.html",
        {
            "episode": episode,
            "plan": shown,
            "newest": newest,
            "in_force": in_force,
            "versions": every,
            "lacking": reads.lacking(newest) if newest and not signed else [],
            "is_draft": newest is not None and not signed,
            "waits_for_client": Capacity.CLINICIAN in signed and Capacity.CLIENT not in signed,
            "may_write": access.may(request.actor, rules.WRITE_PLAN, episode) and episode.ended_at is None,
            "may_sign": access.may(request.actor, rules.SIGN_PLAN, episode)
            or access.may(request.actor, rules.SIGN_AS_PRESCRIBER, episode),
            "program_minutes": _minutes(episode),
        },
    )


@access.page(rules.WRITE_PLAN, of=episodes.episode)
def start(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.StartForm)
    if request.method == "POST" and form.is_valid():
        problems = library.problems(form.cleaned_data["start_from"])
        try:
            actions.draft(episode, problems, strengths=form.cleaned_data["strengths"], by=request.actor, at=request.at)
            return web.done(
                request, "plan:edit", _("Draft begun. Fill in the gaps together with the client."), uid=episode.uid
            )
        except actions.CannotDraft as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/plan/start.html", {"episode": episode, "form": form})


@access.page(rules.WRITE_PLAN, of=episodes.episode)
def revise(request: Request, episode: Episode) -> HttpResponse:
    newest = reads.newest(episode)
    if request.method != "POST" or newest is None:
        raise Http404
    try:
        actions.revise(newest, by=request.actor, at=request.at)
    except actions.CannotDraft as refusal:
        messages.warning(request, str(refusal))
        return web.done(request, "plan:show", uid=episode.uid)
    return web.done(
        request, "plan:edit", _("The next version is open. The one before stays as it was."), uid=episode.uid
    )


def _editor(request: Request, episode: Episode, **page: Any) -> HttpResponse:
    plan = reads.open_draft(episode)
    if plan is None:
        raise Http404
    page = {
        "episode": episode,
        "plan": plan,
        "lacking": reads.lacking(plan),
        "program_minutes": _minutes(episode),
        **page,
    }
    return web.show(request, "care/plan/edit.html", page)


@access.page(rules.WRITE_PLAN, of=episodes.episode)
def edit(request: Request, episode: Episode) -> HttpResponse:
    plan = reads.open_draft(episode)
    if plan is None:
        return web.done(request, "plan:show", uid=episode.uid)
    if request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="plan")
    start = {"strengths": plan.strengths, "review_every_days": plan.review_every_days}
    form = web.form(request, forms.FrontForm, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_front(plan, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "plan:edit", _("Kept."), uid=episode.uid)
        except actions.CannotChange as refusal:
            web.refused(form, refusal)
    return _editor(request, episode, front=form)


def _back(spot: reads.Spot, anchor: Any) -> str:
    return f"{reverse('plan:edit', kwargs={'uid': spot.episode.uid})}#n-{anchor}"


@access.page(rules.WRITE_PLAN, of=reads.spot)
def node(request: Request, spot: reads.Spot) -> HttpResponse:
    """Edit one row, in its place in the tree."""
    if spot.kind == "plan":
        raise Http404
    kind = forms.NODE_FORMS[spot.kind]
    form = web.form(request, kind, initial={name: getattr(spot.node, name) for name in kind.base_fields})
    if request.method == "POST" and form.is_valid():
        verb = getattr(actions, f"edit_{spot.kind}")
        return _keep(request, spot, form, lambda: verb(spot.node, **form.cleaned_data, by=request.actor, at=request.at))
    return _editor(request, spot.episode, form=form, editing=spot.node.uid, kind=spot.kind)


@access.page(rules.WRITE_PLAN, of=reads.spot)
def add(request: Request, spot: reads.Spot) -> HttpResponse:
    """Add a row under this one, in its place in the tree."""
    child = reads.CHILD.get(spot.kind)
    if child is None:
        raise Http404
    form = web.form(request, forms.NODE_FORMS[child])
    if request.method == "POST" and form.is_valid():
        verb = getattr(actions, f"add_{child}")
        return _keep(request, spot, form, lambda: verb(spot.node, **form.cleaned_data, by=request.actor, at=request.at))
    return _editor(request, spot.episode, form=form, adding_to=spot.node.uid, kind=child)


def _keep(request: Request, spot: reads.Spot, form: Form, do: Any) -> HttpResponse:
    try:
        kept = do()
        return web.done(request, _back(spot, kept.uid), _("Kept."))
    except actions.CannotChange as refusal:
        web.refused(form, refusal)
    if reads.open_draft(spot.episode) is None:  # signed meanwhile: nothing is left to edit
        messages.warning(request, " ".join(str(said) for said in form.non_field_errors()))
        return web.done(request, "plan:show", uid=spot.episode.uid)
    here = {"adding_to": spot.node.uid} if request.path.endswith("/add/") else {"editing": spot.node.uid}
    kind = reads.CHILD[spot.kind] if "adding_to" in here else spot.kind
    return _editor(request, spot.episode, form=form, kind=kind, **here)


@access.page(rules.WRITE_PLAN, of=reads.spot)
def remove(request: Request, spot: reads.Spot) -> HttpResponse:
    if request.method != "POST" or isinstance(spot.node, Plan):
        raise Http404
    try:
        actions.remove(spot.node, by=request.actor, at=request.at)
    except actions.CannotChange as refusal:
        messages.warning(request, str(refusal))
        return web.done(request, "plan:show", uid=spot.episode.uid)
    return web.done(request, "plan:edit", _("Taken out of the draft."), uid=spot.episode.uid)


def _how(form: forms.SignPlanForm) -> str:
    return "password" if "password" in form.fields else "second_factor"


@access.page(rules.SEE_PLAN, of=episodes.episode)
def sign(request: Request, episode: Episode) -> HttpResponse:
    """The clinician signs with their password; or records that the client signed on paper."""
    actor, plan = request.actor, reads.newest(episode)
    as_clinician = access.may(actor, rules.SIGN_PLAN, episode)
    if plan is None or not (as_clinician or access.may(actor, rules.SIGN_AS_PRESCRIBER, episode)):
        raise Http404
    signed = {signature.capacity for signature in plan.signatures.all()}
    mine = Capacity.CLINICIAN if as_clinician else Capacity.PHYSICIAN
    on_paper = request.method == "POST" and "paper" in request.POST
    form = forms.SignPlanForm(request.POST if request.method == "POST" and not on_paper else None, signing=request)
    paper = forms.PaperForm(request.POST if on_paper else None)
    try:
        if on_paper and as_clinician and paper.is_valid():
            actions.sign(plan, episode.client.person, Capacity.CLIENT, "paper", by=actor, at=request.at)
            return web.done(request, "plan:show", _("Kept: the client signed on paper."), uid=episode.uid)
        if form.is_bound and form.is_valid():
            actions.sign(plan, _myself(actor.person_id), mine, _how(form), by=actor, at=request.at)
            return web.done(request, "plan:show", _("Signed."), uid=episode.uid)
    except actions.CannotSign as refusal:
        web.refused(paper if on_paper else form, refusal)
    page = {
        "episode": episode,
        "plan": plan,
        "form": form,
        "paper": paper,
        "lacking": reads.lacking(plan),
        "mine": mine.label,
        "signed_by_me": mine in signed,
        "waits_for_client": as_clinician and Capacity.CLINICIAN in signed and Capacity.CLIENT not in signed,
        "program_minutes": _minutes(episode),
    }
    return web.show(request, "care/plan/sign.html", page)


def _myself(person_id: int | None) -> Person:
    return Person.objects.get(pk=person_id or 0)


@access.page(rules.SEE_PLAN, of=episodes.episode)
def versions(request: Request, episode: Episode) -> HttpResponse:
    """Two versions side by side; without a choice the newest and the one before."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="plan")
    every = list(reads.plans(episode))
    by_number = {str(plan.version): plan for plan in every}
    newer = by_number.get(request.GET.get("newer", "")) or (every[0] if every else None)
    older = by_number.get(request.GET.get("older", "")) or (every[1] if len(every) > 1 else None)
    if newer is None:
        raise Http404
    if older is not None and older.version > newer.version:
        older, newer = newer, older
    lines = reads.compare(older, newer) if older is not None else []
    return web.show(
        request,
        "care/plan/versions.html",
        {
            "episode": episode,
            "versions": every,
            "older": older,
            "newer": newer,
            "lines": lines,
            "changed": sum(line.change != "same" for line in lines),
        },
    )


@access.page(rules.SIGN_OWN_PLAN, of=reads.own_episode)
def client_sign(request: Request, episode: Episode) -> HttpResponse:
    """The client reads the plan and signs it with their password."""
    plan = reads.to_sign(episode)
    form = forms.SignPlanForm(request.POST if request.method == "POST" else None, signing=request)
    if plan is not None and request.method == "POST" and form.is_valid():
        try:
            actions.sign(plan, episode.client.person, Capacity.CLIENT, _how(form), by=request.actor, at=request.at)
            return web.done(request, "plan:client_sign", _("Thank you. Your plan is signed."))
        except actions.CannotSign as refusal:
            web.refused(form, refusal)
    return web.show(
        request,
        "care/plan/client_sign.html",
        {"plan": plan, "in_force": reads.in_force(episode), "form": form if plan is not None else None},
    )
