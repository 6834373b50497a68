from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from footbridge.ground.elsewhere import actions, reads, rules
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.ground.elsewhere.words import Condition
from footbridge.ground.program.days import day_of
from footbridge.ground.program.words import Level
from footbridge.kit import access, web
from footbridge.kit.access import Request

from . import forms

ROWS = 50


@access.page(rules.SEE_ELSEWHERE)
def listing(request: Request) -> HttpResponse:
    """Other programs by name, with what they give and when somebody called there last."""
    today, levels, treats = day_of(request.at), dict(Level.choices), dict(Condition.choices)
    page = Paginator(reads.kept(), ROWS).get_page(request.GET.get("page", "1"))
    rows = [
        {
            "one": one, "levels": [levels.get(code, code) for code in one.levels], "treats": [treats.get(code, code) for code in one.conditions],
            "stale": reads.is_stale(one, today), "miles": sorted(one.miles.items()),
        }
        for one in page
    ]  # fmt: skip
    context = {"rows": rows, "page": page, "may_keep": access.may(request.actor, rules.KEEP_ELSEWHERE), "to_check": reads.to_check(today)}
    return web.show(request, "desks/front_desk/elsewhere/list.html", context)


@access.page(rules.KEEP_ELSEWHERE)
def add(request: Request) -> HttpResponse:
    form = web.form(request, forms.ProgramForm)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.keep(form.said(), by=request.actor, at=request.at)
            return web.done(request, "front_desk:elsewhere", _("%(name)s is on the list.") % {"name": made.name})
        except actions.CannotKeep as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/front_desk/elsewhere/form.html", {"form": form})


@access.page(rules.KEEP_ELSEWHERE)
def from_file(request: Request) -> HttpResponse:
    form = web.form(request, forms.FileForm)
    if request.method == "POST" and form.is_valid():
        try:
            n = actions.load(form.cleaned_data["file"], by=request.actor, at=request.at)
            return web.done(request, "front_desk:elsewhere", ngettext("%(n)d program read.", "%(n)d programs read.", n) % {"n": n})
        except actions.CannotKeep as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/front_desk/elsewhere/file.html", {"form": form})


@access.page(rules.KEEP_ELSEWHERE, of=reads.other_program)
def change(request: Request, row: OtherProgram) -> HttpResponse:
    form = web.form(request, forms.ProgramForm, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep(form.said(), row=row, by=request.actor, at=request.at)
            return web.done(request, "front_desk:elsewhere", _("Kept, and checked today."))
        except actions.CannotKeep as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/front_desk/elsewhere/form.html", {"form": form, "row": row})


@access.page(rules.KEEP_ELSEWHERE, of=reads.other_program)
@require_POST
def checked(request: Request, row: OtherProgram) -> HttpResponse:
    actions.check_again(row, by=request.actor, at=request.at)
    return web.done(request, "front_desk:elsewhere", _("Checked today."))


@access.page(rules.KEEP_ELSEWHERE, of=reads.other_program)
@require_POST
def ended(request: Request, row: OtherProgram) -> HttpResponse:
    actions.end(row, by=request.actor, at=request.at)
    return web.done(request, "front_desk:elsewhere", _("Off the list. Hand-offs to it stay as they are."))
