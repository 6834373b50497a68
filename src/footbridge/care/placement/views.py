"""The page of placement: facts, ratings and advice, decision, admission. One deed a post."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.screening import reads as screening
from footbridge.care.screening.forms import TITLES
from footbridge.ground.consent import gates
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, advice, evidence, forms, reads, rules
from .anchors import RATINGS
from .words import EDITIONS


@access.page(rules.SEE_PLACEMENT, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    actor = request.actor
    deed = next((str(value) for name, value in request.POST.items() if name.endswith("-deed")), "")  # each form has a prefix
    assessment, decision, admission = reads.newest(episode), reads.decision(episode), reads.admission(episode)
    page: dict[str, Any] = {"episode": episode, "assessment": assessment, "decision": decision, "admission": admission}

    open_yet = episode.ended_at is None
    if open_yet and access.may(actor, rules.ASSESS, episode):
        form = page["ratings_form"] = _ratings(request, episode, assessment, deed)
        if form.is_bound and form.is_valid():
            try:
                actions.assess(
                    episode, form.ratings, wish=form.cleaned_data["wish"], criteria=form.cleaned_data["criteria"] or "neutral", rests_on=form.rests_on, by=actor, at=request.at
                )
                return web.done(request, "placement:show", _("Ratings kept."), uid=episode.uid)
            except actions.CannotAssess as refusal:
                web.refused(form, refusal)
    if open_yet and assessment is not None and access.may(actor, rules.DECIDE, episode):
        deciding = page["decision_form"] = _decision(request, assessment, deed)
        if deciding.is_bound and deciding.is_valid():
            data = {name: value for name, value in deciding.cleaned_data.items() if name != "deed"}
            try:
                actions.decide(episode, assessment, **data, by=actor, at=request.at)
                return web.done(request, "placement:show", _("Decision kept."), uid=episode.uid)
            except actions.CannotDecide as refusal:
                web.refused(deciding, refusal)
    if open_yet and decision is not None and admission is None and access.may(actor, rules.ADMIT, episode):
        admitting = page["admission_form"] = _admission(request, decision, deed)
        if admitting.is_bound and admitting.is_valid():
            data = {name: value for name, value in admitting.cleaned_data.items() if name != "deed"}
            try:
                actions.admit(episode, decision, **data, by=actor, at=request.at)
                return web.done(request, "placement:show", _("Admitted."), uid=episode.uid)
            except actions.CannotAdmit as refusal:
                web.refused(admitting, refusal)
    if request.method == "GET":
        trail.looked(episode.client, by=actor, at=request.at, what="placement")
    screen = screening.latest(episode)
    page |= {
        "advice": reads.shown(assessment) if assessment else None,
        "rules_signed": reads.rules_signed(),
        "rated": _rated(episode, assessment),
        "outside": reads.outside_results(episode),
        "may_record": open_yet and access.may(actor, rules.RECORD_OUTSIDE, episode),
        "suicide": screening.suicide_screen(episode.client),
        "sheets": screening.questionnaires(episode.client),
        "screen": screen,
        "sections": [(TITLES[name], said) for name, said in screening.said(screen)] if screen else [],
        "danger": reads.in_danger(episode.client),
        "earlier": list(reads.decisions(episode)[1:]),
        "team": episodes.team(episode),
        "not_here": decision is not None and not reads.given_here(decision.actual),
        "unsigned": _unsigned(episode, decision, request) if "admission_form" in page else [],
        "may_hand_over": open_yet and admission is None and access.may(actor, rules.DECIDE, episode),
    }
    return web.show(request, "care/placement/show.html", page)


@access.page(rules.READ_RULES)
def rules_page(request: Request) -> HttpResponse:
    """The rules in words, with their sources, and who signed them. A clinical lead signs here."""
    page: dict[str, Any] = {"costs": reads.costs_in_words(), "variants": reads.variants_in_words(), "rules": reads.rules_in_words(), "payers": reads.payers_in_words(), "signed": reads.rules_signed()}
    page["may_attach"] = access.may(request.actor, rules.ATTACH_LICENCE)
    if access.may(request.actor, rules.SIGN_RULES):
        form = page["form"] = web.form(request, forms.SignRulesForm, initial={"digest": advice.digest()}, signing=request)
        if form.is_bound and form.is_valid():
            try:
                actions.sign_rules(form.cleaned_data["digest"], note=form.cleaned_data["note"], by=request.actor, at=request.at)
                return web.done(request, "placement:rules", _("Signed."))
            except actions.CannotSignRules as refusal:
                web.refused(form, refusal)
    return web.show(request, "care/placement/rules.html", page)


def _unsigned(episode: Episode, decision: Any, request: Request) -> list[gates.Gate]:
    """What must be signed before this person can be admitted; what only some tracks ask is said by the refusal."""
    return gates.missing(episode.client, gates.GateStep.ADMISSION, day_of(request.at), program=gates.admitting())


def _ratings(request: Request, episode: Episode, assessment: Any, deed: str) -> forms.RatingsForm:
    start = forms.RatingsForm.start(reads.ratings(assessment), reads.wish(assessment))
    edition = request.GET.get("names") or (assessment.criteria if assessment else "neutral")
    more: dict[str, Any] = {"known": evidence.of(episode), "criteria": edition if edition in dict(EDITIONS) else "neutral", "prefix": "rate"}
    if assessment is not None:
        start |= {f"rests_{row.dimension}": [one["code"] for one in row.evidence] for row in assessment.ratings.all()}
    if request.method == "POST" and deed != "assess":
        return forms.RatingsForm(initial=start, **more)
    return web.form(request, forms.RatingsForm, initial=start, **more)


def _decision(request: Request, assessment: Any, deed: str) -> forms.DecisionForm:
    start = {"indicated": assessment.advised_level, "actual": assessment.advised_level}
    return forms.DecisionForm(request.POST if deed == "decide" else None, initial=start, prefix="decide")


def _admission(request: Request, decision: Any, deed: str) -> forms.AdmissionForm:
    return forms.AdmissionForm(
        request.POST if deed == "admit" else None, prefix="admit", level=decision.actual, client=decision.episode.client, on=day_of(request.at)
    )


def _rated(episode: Episode, assessment: Any) -> list[dict[str, Any]]:
    words = dict(RATINGS)
    return [
        {
            "name": reads.dimension_name(row.dimension, assessment.criteria), "rating": words[row.rating], "reason": row.reason,
            "evidence": evidence.shown(episode, row.evidence),
        }
        for row in (assessment.ratings.all() if assessment else ())
    ]  # fmt: skip


@access.page(rules.RECORD_OUTSIDE, of=episodes.episode)
def outside(request: Request, episode: Episode) -> HttpResponse:
    """Record what licensed criteria gave: a score within its range, a level, or met or not."""
    form = web.form(request, forms.OutsideForm, initial={"on": day_of(request.at), "reviewer": request.actor.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_outside(episode, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "placement:show", _("Recorded. It stands beside the advice."), uid=episode.uid)
        except actions.CannotRecord as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/placement/outside.html", {"form": form, "episode": episode, "licences": reads.licences()})


@access.page(rules.ATTACH_LICENCE)
def licences(request: Request) -> HttpResponse:
    """Which criteria of others the site is licensed for, and where its own copy is."""
    form = web.form(request, forms.LicenceForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.attach_licence(**form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "placement:licences", _("Kept. Staff see where the copy is."))
        except actions.CannotRecord as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/placement/licences.html", {"form": form, "licences": reads.licences(), "today": day_of(request.at)})
