"""The supporter's desk: only what was granted, only while it is granted. Nothing else exists for them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse

from footbridge.care.measures import reads as measures
from footbridge.care.plan import reads as plans
from footbridge.care.safety import reads as safety
from footbridge.care.timetable import reads as timetable
from footbridge.ground.coverage import reads as coverage
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.people.words import Scope
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import reads, rules


@access.page(rules.SEE_GRANTED)
def home(request: Request) -> HttpResponse:
    return web.show(request, "desks/family/home.html", {"grants": reads.grants(request.actor, day_of(request.at))})


@access.page(rules.SEE_GRANTED)
def person(request: Request, uid: UUID) -> HttpResponse:
    today = day_of(request.at)
    grant = reads.grant(request.actor, uid, today)
    if grant is None:
        raise Http404
    client = grant.client
    episode = episodes.latest(client)
    may = set(grant.scope)
    trail.looked(client, by=request.actor, at=request.at, what="family: " + ", ".join(sorted(may)))
    plan = safety.current_plan(client) if Scope.SAFETY in may else None
    context = {
        "grant": grant, "client": client, "may": may,
        "week": timetable.week_for_client(episode, today - timedelta(days=today.weekday())) if episode and Scope.SCHEDULE in may else None,
        "safety_plan": plan, "steps": safety.steps(plan) if plan else [],
        "plan": plans.in_force(episode) if episode and Scope.PLAN in may else None,
        "course": measures.course(episode, for_client=True) if episode and Scope.PROGRESS in may else [],
        "coverage": coverage.on(client, today) if Scope.BILLING in may else None,
    }  # fmt: skip
    return web.show(request, "desks/family/person.html", context)
