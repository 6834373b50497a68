from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, reads, rules
from .forms import ArrivalForm, DischargeForm, RelapsePlanForm, StepForm
from .models import Transition


@access.page(rules.SEE_TRANSITIONS, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="transitions")
    discharged = reads.discharge_of(episode)
    context = {
        "episode": episode, "transitions": reads.transitions(episode), "plan": reads.relapse_plan(episode), "discharged": discharged,
        "may_move": access.may(request.actor, rules.MOVE, episode) and discharged is None,
        "may_confirm": access.may(request.actor, rules.MOVE, episode),
        "may_write": access.may(request.actor, rules.WRITE_RELAPSE_PLAN, episode),
    }  # fmt: skip
    return web.show(request, "care/transitions/show.html", context)


@access.page(rules.MOVE, of=episodes.episode)
def step(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, StepForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.step(episode, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "transitions:show", _("The step is recorded."), uid=episode.uid)
        except actions.CannotMove as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/transitions/form.html", {"form": form, "episode": episode, "title": _("Step up or down"), "submit": _("Record the step")})


@access.page(rules.MOVE, of=episodes.episode)
def discharge(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, DischargeForm, initial={"to_level": "outpatient"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.discharge(episode, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "transitions:show", _("Discharged. Follow-up contacts are on the aftercare list."), uid=episode.uid)
        except actions.CannotMove as refusal:
            web.refused(form, refusal)
    context = {"form": form, "episode": episode, "title": _("Discharge"), "submit": _("Discharge"), "plan": reads.relapse_plan(episode)}
    return web.show(request, "care/transitions/form.html", context)


@access.page(rules.WRITE_RELAPSE_PLAN, of=episodes.episode)
def relapse_plan(request: Request, episode: Episode) -> HttpResponse:
    last = reads.relapse_plan(episode)
    names = ("triggers", "early_signs", "what_i_do", "people", "risky_dates")
    form = web.form(request, RelapsePlanForm, initial={name: getattr(last, name) for name in names} if last else {})
    mine = request.actor.has("client")
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_relapse_plan(episode, by=request.actor, at=request.at, **form.cleaned_data)
            if mine:
                return web.done(request, "client:relapse_plan", _("Your plan is saved."))
            return web.done(request, "transitions:show", _("The plan is saved."), uid=episode.uid)
        except actions.CannotWritePlan as refusal:
            web.refused(form, refusal)
    template = "care/transitions/relapse_plan_own.html" if mine else "care/transitions/form.html"
    context = {"form": form, "episode": episode, "title": _("Relapse-prevention plan"), "submit": _("Save this version")}
    return web.show(request, template, context)


@access.page(rules.MOVE, of=reads.transition)
def arrival(request: Request, transition: Transition) -> HttpResponse:
    form = web.form(request, ArrivalForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_arrival(transition, by=request.actor, at=request.at, **form.cleaned_data)
            return web.done(request, "transitions:show", _("The hand-off is closed."), uid=transition.episode.uid)
        except actions.CannotMove as refusal:
            web.refused(form, refusal)
    context = {"form": form, "episode": transition.episode, "title": _("Arrived at the next place of care"), "submit": _("Close the hand-off")}
    return web.show(request, "care/transitions/form.html", context)
