from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse

from footbridge.care.placement.models import Admission
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web import files

from .. import rules
from ..outcomes import evidence as period
from ..outcomes.facts import Filters
from ..outcomes.views import ROWS, _asked, _query
from . import evidence


def _found(request: Request) -> tuple[Any, Filters, QuerySet[Admission]]:
    form, filters = _asked(request)
    found = period.admissions(filters.first, filters.last, str(filters.track) if filters.track else "")
    return form, filters, found.filter(track__program__uid=filters.program) if filters.program else found


@access.page(rules.SEE_OUTCOMES)
def show(request: Request) -> HttpResponse:
    """Who was screened, assessed, and has level and mitigation written down; fifty to a page."""
    form, filters, found = _found(request)
    shown = Paginator(found, ROWS).get_page(request.GET.get("page", "1"))
    lines = evidence.lines_of(list(shown.object_list))
    context = {"form": form, "filters": filters, "lines": lines, "page": shown, "query": _query(request), "whole": sum(line.is_whole for line in lines)}
    return web.show(request, "desks/director/suicide_goal.html", context, status=200)


@access.page(rules.SEE_OUTCOMES)
def as_csv(request: Request) -> HttpResponse:
    """All lines of the period. It names people: taking it along is looking into each chart."""
    _form, _filters, found = _found(request)
    rows = []
    for line in evidence.lines_of(list(found)):
        client = line.admission.episode.client
        trail.looked(client, by=request.actor, at=request.at, what="evidence file")
        rows.append(
            [
                client.number, client.person.name_used, line.admission.track.name, line.admission.starts_on.isoformat(),
                "; ".join(f"{on.isoformat()} {tool}: {result}" for on, tool, result in line.screens),
                "; ".join(f"{day_of(one.at).isoformat()} {one.by.person.name_used}" for one in line.assessed),
                "; ".join(f"{one.level}: {one.mitigation}" for one in line.assessed),
                "; ".join(line.gaps),
            ]
        )  # fmt: skip
    head = ["record", "name", "track", "started", "EP2 screened", "EP3 assessed", "EP4 level and mitigation", "gaps"]
    return files.hand_out(files.table(head, rows), "npsg-15-01-01.csv")
