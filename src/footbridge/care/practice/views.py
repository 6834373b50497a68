"""The therapist's side of practice. The client's own side is the portal's (desks.client)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, reads, rules
from .forms import AssignForm, CommentForm
from .models import Assignment, PracticeLog
from .skills import shelf


@access.page(rules.SEE_PRACTICE, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    may_assign = access.may(request.actor, rules.ASSIGN, episode) and episode.ended_at is None
    form = web.form(request, AssignForm)
    if request.method == "POST":
        access.require(request.actor, rules.ASSIGN, episode)
        if form.is_valid():
            try:
                actions.assign(episode, by=request.actor, at=request.at, **form.cleaned_data)
                return web.done(request, "practice:show", _("The skill is given. The client sees it on their page."), uid=episode.uid)
            except actions.CannotAssign as refusal:
                web.refused(form, refusal)
    else:
        trail.looked(episode.client, by=request.actor, at=request.at, what="practice")
    today = day_of(request.at)
    given = [
        {"row": row, "skill": shelf().get(row.skill), "this_week": reads.times_this_week(row, today)}
        for row in reads.assignments(episode)
    ]
    context = {
        "episode": episode, "form": form, "given": given, "may_assign": may_assign,
        "check_ins": reads.check_ins(episode, 14, today),
    }  # fmt: skip
    return web.show(request, "care/practice/show.html", context)


@access.page(rules.ASSIGN, of=reads.assignment)
@require_POST
def end(request: Request, assignment: Assignment) -> HttpResponse:
    actions.end(assignment, by=request.actor, at=request.at)
    return web.done(request, "practice:show", _("The practice has ended."), uid=assignment.episode.uid)


@access.page(rules.ASSIGN, of=reads.practice_log)
def comment(request: Request, log: PracticeLog) -> HttpResponse:
    form = web.form(request, CommentForm)
    if request.method == "POST" and form.is_valid():
        actions.comment(log, form.cleaned_data["text"], by=request.actor, at=request.at)
        return web.done(request, "practice:show", _("The client sees your line now."), uid=log.assignment.episode.uid)
    return web.show(request, "care/practice/comment.html", {"form": form, "episode": log.assignment.episode, "log": log})
