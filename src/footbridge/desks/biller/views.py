"""The biller's list of days. It shows minutes and reasons, and no note."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from footbridge.care.timetable import words
from footbridge.ground.program.days import day_of
from footbridge.kit import access, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form, forms

from . import reads, rules

PAGE = 50


class PickForm(Form):
    on = forms.DateField(label=_("Week of"), required=False)
    only = forms.BooleanField(label=_("Only people with sessions on this day"), required=False)


def _picked(request: Request) -> tuple[PickForm, date, date | None]:
    """The form of the address, the Monday of the day asked for, and that day itself if only it is wanted."""
    form = PickForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    on = given.get("on") or day_of(request.at)
    return form, on - timedelta(days=on.weekday()), on if given.get("only") else None


@access.page(rules.SEE_DAYS)
def days(request: Request) -> HttpResponse:
    form, monday, only = _picked(request)
    page = Paginator(reads.clients(request.actor, monday, only), PAGE).get_page(request.GET.get("page"))
    found = reads.weeks(page.object_list, monday, request.at)
    clean = sum(1 for week in found if week.met and all(day.clean for day in week.days))
    beside = {
        name: f"{request.path}?{urlencode({'on': (monday + timedelta(days=step)).isoformat()})}"
        for name, step in (("before", -7), ("after", 7))
    } | {"now": request.path}
    context = {
        "form": form, "found": found, "page": page, "monday": monday, "clean": clean, "beside": beside, "caption": words.day(monday),
        "query": urlencode({"on": (only or monday).isoformat(), **({"only": "on"} if only else {})}),
    }  # fmt: skip
    return web.show(request, "desks/biller/days.html", context, status=200)


@access.page(rules.SEE_DAYS)
def file(request: Request) -> HttpResponse:
    """The list as a CSV file. Cells that a spreadsheet would take for a formula are made text."""
    _form, monday, only = _picked(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="days-{monday.isoformat()}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(reads.HEAD)
    for row in reads.table(reads.weeks(reads.clients(request.actor, monday, only), monday, request.at)):
        writer.writerow(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t" and cell else cell for cell in row]
        )
    return answer
