"""Pages of the plan: read it, write the draft row by row, sign it, lay versions side by side. No JavaScript needed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from footbridge.care.placement import reads as placement
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Person, Staff
from footbridge.ground.people.reads import supporters
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web.forms import Form

from . import actions, certifications, clock, forms, library, reads, rules, thread
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
    today = day_of(request.at)
    return web.show(
        request,
        "care/plan/show.html",
        {
            "episode": episode,
            "plan": shown,
            "gaps": thread.tie(shown, today) if shown else [],
            "gap_days": clock.gap_days(),
            "certified": certifications.of_episode(episode, today),
            "countersigning": certifications.countersigning(newest, today) if newest and signed else None,
            "untouched": reads.untouched(newest) if newest and not signed else [],
            "reviewed": reads.review_words(shown) if shown else "",
            "may_certify": access.may(request.actor, rules.CERTIFY, episode)
            and episode.ended_at is None
            and bool(certifications.as_physician(Staff.objects.filter(pk=request.actor.staff_id or 0).first(), today)),
            "newest": newest,
            "elsewhere": newest is None and reads.belongs_elsewhere(episode),
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
        "untouched": reads.untouched(plan),
        "clock": clock.rule_of(episode),
        "program_minutes": _minutes(episode),
        "close": [row.person.name_used for row in supporters(episode.client, day_of(request.at))],
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
    start = {name: getattr(plan, name) for name in forms.FrontForm.base_fields}
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


def _how(form: Form) -> str:
    return "password" if "password" in form.fields else "second_factor"


@access.page(rules.SEE_PLAN, of=episodes.episode)
def sign(request: Request, episode: Episode) -> HttpResponse:
    """The clinician signs with their password; or records that the client signed on paper."""
    actor, plan = request.actor, reads.newest(episode)
    as_clinician = access.may(actor, rules.SIGN_PLAN, episode)
    if plan is None or not (as_clinician or access.may(actor, rules.SIGN_AS_PRESCRIBER, episode)):
        raise Http404
    signed = {signature.capacity for signature in plan.signatures.all()}
    mine = Capacity.CLINICIAN if as_clinician else _as_prescriber(actor, day_of(request.at))
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
        "untouched": reads.untouched(plan) if not signed else [],
        "mine": mine.label,
        "signed_by_me": mine in signed,
        "waits_for_client": as_clinician and Capacity.CLINICIAN in signed and Capacity.CLIENT not in signed,
        "program_minutes": _minutes(episode),
    }
    return web.show(request, "care/plan/sign.html", page)


def _as_prescriber(actor: Actor, on: date) -> Capacity:
    """A prescriber signs as the physician with an MD or DO credential, and else as the prescriber."""
    me = Staff.objects.filter(pk=actor.staff_id or 0).first()
    return Capacity.PHYSICIAN if certifications.as_physician(me, on) else Capacity.PRESCRIBER


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
            "said": reads.changes(older, newer) if older is not None else [],
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
    holds = reads.in_force(episode)
    return web.show(
        request,
        "care/plan/client_sign.html",
        {
            "plan": plan,
            "in_force": holds,
            "form": form if plan is not None else None,
            # Nobody should have to find what is new by reading two plans.
            "said": reads.changes(holds, plan) if plan is not None and holds is not None else [],
        },
    )


@access.page(rules.CERTIFY, of=episodes.episode)
def certify(request: Request, episode: Episode) -> HttpResponse:
    """A physician certifies, or recertifies, that this care is needed."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="plan")
    today = day_of(request.at)
    plan = reads.in_force(episode) or reads.newest(episode)
    given = list(episode.certifications.select_related("by__person", "plan"))
    form = web.form(request, forms.CertifyForm, again=bool(given), signing=request)
    physician = certifications.as_physician(Staff.objects.filter(pk=request.actor.staff_id or 0).first(), today)
    if request.method == "POST" and plan is not None and form.is_valid():
        try:
            actions.certify(plan, how=_how(form), by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "plan:show", _("Certified and signed."), uid=episode.uid)
        except actions.CannotCertify as refusal:
            web.refused(form, refusal)
    page = {
        "episode": episode,
        "plan": plan,
        "form": form,
        "given": given,
        "certified": certifications.of_episode(episode, today),
        "rules": certifications.rules(),
        "physician": physician,
        "program_minutes": _minutes(episode),
    }
    return web.show(request, "care/plan/certify.html", page)


@access.page(rules.SIGN_AS_SUPERVISOR, of=reads.to_supervise)
def supervise(request: Request, plan: Plan) -> HttpResponse:
    """The supervisor of who signed as the clinician reads the version and countersigns it."""
    actor, episode = request.actor, plan.episode
    trail.looked(episode.client, by=actor, at=request.at, what="plan")
    form = forms.SignPlanForm(request.POST if request.method == "POST" else None, signing=request)
    if form.is_bound and form.is_valid():
        try:
            actions.sign(plan, _myself(actor.person_id), Capacity.SUPERVISOR, _how(form), by=actor, at=request.at)
            return web.done(request, "plan:waiting", _("Signed."))
        except actions.CannotSign as refusal:
            web.refused(form, refusal)
    done = any(one.capacity == Capacity.SUPERVISOR and one.person_id == actor.person_id for one in plan.signatures.all())
    page = {
        "plan": plan,
        "person": episode.client.person,
        "number": episode.client.number,
        "form": form,
        "signed_by_me": done,
        "program_minutes": _minutes(episode),
    }
    return web.show(request, "care/plan/supervise.html", page)


PAGE = 50


@access.page(rules.SEE_WAITING)
def waiting(request: Request) -> HttpResponse:
    """Plans that wait for one's signature as supervisor; certifications by a physician that are missing, lapsed or due."""
    today, actor = day_of(request.at), request.actor
    found = certifications.asking(actor, today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return web.show(
        request,
        "care/plan/waiting.html",
        {
            "to_countersign": certifications.to_countersign(actor, today),
            "page": page,
            "rules": certifications.rules(),
            "supervises": actor.has("therapist", "prescriber", "director"),
            "may_open": actor.has("director", "prescriber", "therapist"),
        },
    )


# ------------------------------------------------------------------ the client's copy


def _copy(request: Request, plan: Plan, **page: Any) -> HttpResponse:
    """The version in plain words, in the language asked for. What people wrote stands as they wrote it."""
    asked = request.GET.get("in", "")
    language = asked if asked in dict(settings.LANGUAGES) else get_language() or "en"
    with override(language):
        context = {
            "plan": plan,
            "in_language": language,
            "languages": settings.LANGUAGES,
            "reviewed": reads.review_words(plan),
            **page,
        }
        return web.show(request, "care/plan/copy.html", context)


@access.page(rules.SEE_PLAN, of=episodes.episode)
def copy(request: Request, episode: Episode) -> HttpResponse:
    """The client's copy, to print and hand over."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="plan")
    plan = reads.in_force(episode) or reads.newest(episode)
    if plan is None:
        raise Http404
    return _copy(request, plan, episode=episode, holds=reads.in_force(episode) == plan, layout="chart.html")


@access.page(rules.SEE_OWN_PLAN, of=reads.own_episode)
def client_copy(request: Request, episode: Episode) -> HttpResponse:
    plan = reads.for_client(episode).shown
    if plan is None:
        raise Http404
    return _copy(request, plan, holds=reads.in_force(episode) == plan, layout="web/portal.html")
