"""The page of placement: facts, ratings and advice, decision, admission. One deed a post."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.screening import reads as screening
from footbridge.care.screening.forms import TITLES
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, advice, forms, reads, rules
from .anchors import RATINGS


@access.page(rules.SEE_PLACEMENT, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    actor = request.actor
    deed = next((str(value) for name, value in request.POST.items() if name.endswith("-deed")), "")  # each form has a prefix
    assessment, decision, admission = reads.newest(episode), reads.decision(episode), reads.admission(episode)
    page: dict[str, Any] = {"episode": episode, "assessment": assessment, "decision": decision, "admission": admission}

    open_yet = episode.ended_at is None
    if open_yet and access.may(actor, rules.ASSESS, episode):
        form = page["ratings_form"] = _ratings(request, assessment, deed)
        if form.is_bound and form.is_valid():
            try:
                actions.assess(episode, form.ratings, wish=form.cleaned_data["wish"], by=actor, at=request.at)
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
        "rated": _rated(assessment),
        "suicide": screening.suicide_screen(episode.client),
        "sheets": screening.questionnaires(episode.client),
        "screen": screen,
        "sections": [(TITLES[name], said) for name, said in screening.said(screen)] if screen else [],
        "danger": reads.in_danger(episode.client),
        "earlier": list(reads.decisions(episode)[1:]),
        "team": episodes.team(episode),
        "not_here": decision is not None and not reads.given_here(decision.actual),
        "may_hand_over": open_yet and admission is None and access.may(actor, rules.DECIDE, episode),
    }
    return web.show(request, "care/placement/show.html", page)


@access.page(rules.READ_RULES)
def rules_page(request: Request) -> HttpResponse:
    """The rules in words, with their sources, and who signed them. A clinical lead signs here."""
    page: dict[str, Any] = {"rules": reads.rules_in_words(), "payers": reads.payers_in_words(), "signed": reads.rules_signed()}
    if access.may(request.actor, rules.SIGN_RULES):
        form = page["form"] = web.form(request, forms.SignRulesForm, initial={"digest": advice.digest()}, signing=request)
        if form.is_bound and form.is_valid():
            try:
                actions.sign_rules(form.cleaned_data["digest"], note=form.cleaned_data["note"], by=request.actor, at=request.at)
                return web.done(request, "placement:rules", _("Signed."))
            except actions.CannotSignRules as refusal:
                web.refused(form, refusal)
    return web.show(request, "care/placement/rules.html", page)


def _ratings(request: Request, assessment: Any, deed: str) -> forms.RatingsForm:
    start = forms.RatingsForm.start(reads.ratings(assessment), reads.wish(assessment))
    if request.method == "POST" and deed != "assess":
        return forms.RatingsForm(initial=start, prefix="rate")
    return web.form(request, forms.RatingsForm, initial=start, prefix="rate")


def _decision(request: Request, assessment: Any, deed: str) -> forms.DecisionForm:
    start = {"indicated": assessment.advised_level, "actual": assessment.advised_level}
    return forms.DecisionForm(request.POST if deed == "decide" else None, initial=start, prefix="decide")


def _admission(request: Request, decision: Any, deed: str) -> forms.AdmissionForm:
    return forms.AdmissionForm(
        request.POST if deed == "admit" else None, prefix="admit", level=decision.actual, client=decision.episode.client, on=day_of(request.at)
    )


def _rated(assessment: Any) -> list[tuple[Any, Any, str]]:
    words = dict(RATINGS)
    return (
        [(row.get_dimension_display(), words[row.rating], row.reason) for row in assessment.ratings.all()]
        if assessment
        else []
    )
