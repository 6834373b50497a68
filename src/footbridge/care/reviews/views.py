from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.measures import reads as measures
from footbridge.care.plan import reads as plans
from footbridge.care.plan.models import Objective
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, reads, rules, stay
from .forms import ReviewForm


@access.page(rules.SEE_REVIEWS, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="reviews")
    due = reads.next_due(episode)
    context = {
        "episode": episode, "reviews": reads.reviews(episode), "due": due, "late": due.late_days(day_of(request.at)) if due else 0,
        "may_review": access.may(request.actor, rules.REVIEW, episode) and episode.ended_at is None and due is not None,
    }  # fmt: skip
    return web.show(request, "care/reviews/show.html", context)


@access.page(rules.REVIEW, of=episodes.episode)
def new(request: Request, episode: Episode) -> HttpResponse:
    plan = plans.in_force(episode)
    objectives = list(Objective.objects.filter(goal__problem__plan=plan).order_by("goal__problem__place", "goal__place", "place")) if plan else []
    scores = reads.latest_scores(episode)
    initial = {"seen": " ".join(score["sheet"] for score in scores)}
    lacking = reads.without_score(episode, plan, scores, request.at)
    form = web.form(request, ReviewForm, initial=initial, objectives=objectives, scores=scores, lacking=lacking, signing=request)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            actions.review(
                episode, decision=words["decision"], progress=words["progress"], reasons=words["reasons"], objectives=form.states(),
                seen=words["seen"].split(), without_scores=words.get("without_scores", ""), missing=form.missing(), by=request.actor, at=request.at,
            )  # fmt: skip
            return web.done(request, "reviews:show", _("The review is signed."), uid=episode.uid)
        except actions.CannotReview as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="review")
    found = stay.ask(episode, request.at, list(form.states().values()) if form.is_bound and form.is_valid() else ())
    context = {
        "stay": found, "stay_says": stay.in_words(found) if found else [], "stay_verdict": stay.verdict_said(found) if found else "",
        "episode": episode, "form": form, "plan": plan, "scores": scores, "course": measures.course(episode),
    }  # fmt: skip
    return web.show(request, "care/reviews/new.html", context)
