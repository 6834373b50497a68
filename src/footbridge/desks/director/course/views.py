"""The director's page about the course: by what it is judged in each program, and a model made anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from footbridge.care.measures import course_rules, growth
from footbridge.care.measures import program as measures
from footbridge.care.measures import rules as measures_rules
from footbridge.care.transitions import reads as transitions
from footbridge.ground.program.models import Program
from footbridge.kit import access, web
from footbridge.kit.access import Actor, Request

from .. import rules

TROUBLE = {
    "not_converged": gettext_lazy("The calculation did not settle."),
    "too_long": gettext_lazy("The calculation took too long and was given up."),
    "not_finite": gettext_lazy("The calculation gave numbers that cannot be used."),
    "no_spread": gettext_lazy("All first scores, or all weeks, are the same."),
}


@access.page(rules.SEE_OUTCOMES)
def show(request: Request) -> HttpResponse:
    context: dict[str, Any] = {
        "programs": [(of, [_said(one) for one in of.measures]) for of in measures.standings(request.at)],
        "rules": course_rules.rules(),
        "may_fit": access.may(request.actor, measures_rules.FIT_GROWTH),
    }
    return web.show(request, "desks/director/course.html", context)


def _said(one: measures.Standing) -> dict[str, Any]:
    return {"of": one, "trouble": TROUBLE.get(one.last.trouble, "")}


def _program(actor: Actor, uid: UUID) -> Program | None:
    return Program.objects.filter(uid=uid, admits=True).first()


@access.page(measures_rules.FIT_GROWTH, of=_program)
@require_POST
def fit(request: Request, program: Program) -> HttpResponse:
    """The worker fits; this only asks."""
    try:
        growth.ask_for_fit(program, ends=transitions.ends(), by=request.actor, at=request.at)
    except growth.CannotFit as refusal:
        messages.warning(request, str(refusal))
        return web.done(request, "course:show", "")
    return web.done(request, "course:show", _("Asked for. The new model stands here in a few minutes."))
