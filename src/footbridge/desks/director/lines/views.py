"""The crisis lines: the national table with its day of review, and the county's and town's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from footbridge.data import parsed
from footbridge.ground.program import crisis_lines, local_lines, rules
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import LocalLine
from footbridge.kit import access, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form


class LineForm(Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("Like: County mobile crisis team"))
    call = forms.CharField(label=gettext_lazy("Number to call"), required=False, max_length=32)
    text = forms.CharField(label=gettext_lazy("Number to text"), required=False, max_length=32)
    about = forms.CharField(label=gettext_lazy("For whom, and when it answers"), max_length=120)
    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), required=False, max_length=80)
    about_es = forms.CharField(label=gettext_lazy("For whom and when, in Spanish"), required=False, max_length=120)


@access.page(rules.KEEP_LINES)
def show(request: Request) -> HttpResponse:
    form = web.form(request, LineForm)
    if request.method == "POST" and form.is_valid():
        try:
            local_lines.add(**form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "director:lines", _("Kept. The help page shows it."))
        except local_lines.CannotKeep as refusal:
            web.refused(form, refusal)
    today = day_of(request.at)
    own: list[tuple[LocalLine, Any]] = [(line, line.checked_on + local_lines.good_for()) for line in local_lines.kept()]
    context = {
        "form": form, "own": own, "national": crisis_lines.lines(), "today": today, "warning": crisis_lines.warning(today),
        "reviewed_on": crisis_lines.reviewed_on(), "expires_on": crisis_lines.expires_on(), "was_checked": crisis_lines.was_checked(),
        "reviewed_by": parsed("crisis_lines")["reviewed_by"],
    }  # fmt: skip
    return web.show(request, "desks/director/lines.html", context)


@access.page(rules.KEEP_LINES, of=local_lines.line)
@require_POST
def checked(request: Request, line: LocalLine) -> HttpResponse:
    local_lines.check_again(line, by=request.actor, at=request.at)
    return web.done(request, "director:lines", _("Checked today."))


@access.page(rules.KEEP_LINES, of=local_lines.line)
@require_POST
def ended(request: Request, line: LocalLine) -> HttpResponse:
    local_lines.end(line, by=request.actor, at=request.at)
    return web.done(request, "director:lines", _("The help page no longer shows it."))
