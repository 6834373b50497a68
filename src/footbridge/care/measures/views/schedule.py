"""Which questions are asked when, of whom, and where that comes from; and by which rule a suicide screen is read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.engines import due
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.program import actions as programs
from footbridge.ground.program import reads as program_reads
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Program
from footbridge.ground.program.rules import CHOOSE_SUICIDE_RULE
from footbridge.kit import access, web
from footbridge.kit.access import Request

from .. import rules, schedule, words
from ..forms import RuleForm


@access.page(rules.SEE_SCHEDULE)
def schedules(request: Request) -> HttpResponse:
    """The schedule of each program that admits. Its director chooses how suicide screens are read."""
    admitting = list(program_reads.admitting())
    may_choose = access.may(request.actor, CHOOSE_SUICIDE_RULE)
    known = list(shelf.triage_rules().values())
    bound: RuleForm | None = None
    chosen = next((one for one in admitting if str(one.uid) == request.POST.get("program")), None)
    if request.method == "POST":
        access.require(request.actor, CHOOSE_SUICIDE_RULE)
        if chosen is None:
            raise access.NotYours("program")
        bound = web.form(request, RuleForm, choices=known, prefix=chosen.code)
        if bound.is_valid():
            try:
                programs.choose_suicide_rule(chosen, bound.cleaned_data["rule"], by=request.actor, at=request.at)
                return web.done(request, "measures:schedules", _("From now on screens are read by this rule."))
            except programs.CannotChoose as refusal:
                web.refused(bound, refusal)
    forms = schedule.usable()
    shown = [_program(one, forms, request) for one in admitting]
    for one in shown:
        here: Program = one["program"]
        one["rule"] = next((rule for rule in known if rule.code == here.suicide_rule), known[0])
        if may_choose:
            one["form"] = bound if bound is not None and here == chosen else _form(here, known)
    status = 422 if bound is not None and bound.errors else 200
    return web.show(request, "care/measures/schedules.html", {"programs": shown}, status=status)


def _form(program: Program, known: list[Any]) -> RuleForm:
    return RuleForm(initial={"rule": program.suicide_rule}, choices=known, prefix=program.code)


def _program(program: Program, forms: schedule.Shelf, request: Request) -> dict[str, Any]:
    lines = schedule.lines(program, day_of(request.at), forms)
    left_out = sorted({code for line in schedule.told(program, day_of(request.at)) for code in line.ask} - set(forms.forms))
    return {
        "program": program,
        "is_own": bool(program.measures),
        "lines": [{"line": line, "event": _event(line), "asks": [forms.name(code) for code in line.ask]} for line in lines],
        "left_out": left_out,
    }


def _event(line: due.Asking) -> str:
    return str(words.EVENTS[line.event]) % {"days": line.every_days or line.day}
