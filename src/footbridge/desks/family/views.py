"""The supporter's desk: only what was granted, only while it is granted. Nothing else exists for them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.measures import reads as measures
from footbridge.care.medication import reads as medication
from footbridge.care.plan import reads as plans
from footbridge.care.safety import reads as safety
from footbridge.care.timetable import reads as timetable
from footbridge.ground.coverage import reads as coverage
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.people.words import Scope
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import reads, rules, withheld


@access.page(rules.SEE_GRANTED)
def home(request: Request) -> HttpResponse:
    return web.show(request, "desks/family/home.html", {"grants": reads.stands_by(request.actor, day_of(request.at))})


@access.page(rules.SEE_GRANTED)
def person(request: Request, uid: UUID) -> HttpResponse:
    today = day_of(request.at)
    close = reads.close(request.actor, uid, today)
    if close is None:
        raise Http404
    client, may = close.client, close.may
    episode = episodes.latest(client)
    trail.looked(client, by=request.actor, at=request.at, what="family: " + ", ".join(sorted(may)))
    safety_plan = safety.current_plan(client) if Scope.SAFETY in may else None
    context = {"close": close, "client": client, "may": may, "today": today, "safety_plan": safety_plan, "steps": safety.steps(safety_plan) if safety_plan else []}
    if episode is not None:
        monday = today - timedelta(days=today.weekday())
        if Scope.SCHEDULE in may and (week := timetable.week_for_client(episode, monday)):
            context["week"] = withheld.week(week, may, _("Session"))
        if Scope.MESSAGES in may:
            context["team"] = reads.team(episode)
        if Scope.PLAN in may and (plan := plans.in_force(episode)):
            context["plan"], context["plan_is_part"] = withheld.plan(plan, may)
        if Scope.PROGRESS in may:
            context["course"] = withheld.course(measures.course(episode, for_client=True), may)
        if Scope.NOTES in may:
            context["notes"] = reads.notes(episode)
    if Scope.MEDICATION in may:
        context["medicines"] = withheld.medicines(medication.taken_on(client, today), may)
        context["allergies"] = [one for one in medication.allergies(client) if withheld.is_open(may, one.substance, one.reaction)]
    if Scope.BILLING in may:
        context["coverage"] = coverage.on(client, today)
    return web.show(request, "desks/family/person.html", context)
