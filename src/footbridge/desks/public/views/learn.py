"""What care is: the levels, a week of the program, costs, for families, questions for the insurer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from footbridge.ground.program import levels
from footbridge.kit import access, web

from .. import reads
from ..forms import WorksheetForm
from ..words import LEVELS, PER
from ..worksheet import dollars, estimate


@access.open_page("General facts about kinds of care.")
def what(request: HttpRequest) -> HttpResponse:
    return web.show(request, "desks/public/what.html", {"levels": reads.all_levels()})


@access.open_page("The program's timetable without anybody's name.")
def week(request: HttpRequest) -> HttpResponse:
    return web.show(request, "desks/public/week.html", {"shown": reads.track_weeks(request.GET.get("site", ""))})


@access.open_page("General prices, and a worksheet that keeps nothing.")
def costs(request: HttpRequest) -> HttpResponse:
    form = WorksheetForm(request.POST) if request.method == "POST" else WorksheetForm()
    context: dict[str, Any] = {
        "levels": [(level, PER[level.facts.cost.per] if level.facts.cost else "") for level in reads.all_levels()],
        "form": form,
    }
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        cost = levels.level(given["care"]).cost
        low, high = (given["price"],) * 2 if given["price"] else (cost.low, cost.high) if cost else (0, 0)
        found = estimate(
            weeks=given["weeks"],
            days_a_week=given["days_a_week"],
            price_low=low,
            price_high=high,
            percent=given["percent"],
            deductible_left=given["deductible_left"] or 0,
            most=given["most"],
        )
        ends = {
            f"{name}_end": {
                step: dollars(getattr(end, step)) for step in ("bill", "deductible", "rest", "share", "you_pay")
            }
            for name, end in (("low", found.low), ("high", found.high))
        }
        context |= {"estimate": found, "given": given, "low": low, "high": high, "care": LEVELS[given["care"]], **ends}
    return web.show(request, "desks/public/costs.html", context)


@access.open_page("Advice for families: the same for everybody.")
def families(request: HttpRequest) -> HttpResponse:
    return web.show(request, "desks/public/families.html")


@access.open_page("Questions to ask a health plan: the same for everybody.")
def insurer(request: HttpRequest) -> HttpResponse:
    return web.show(request, "desks/public/insurer.html")
