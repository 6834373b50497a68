from __future__ import annotations

from django.http import HttpResponse

from footbridge.ground.program import reads as program
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Site
from footbridge.kit import access, web
from footbridge.kit.access import Request

from .. import rules
from . import reads


@access.page(rules.SEE_LIST)
def show(request: Request) -> HttpResponse:
    """Who fits which open seat, one site at a time."""
    sites = list(Site.objects.filter(pk__in=program.tracks().filter(site__isnull=False).values("site")).order_by("name"))
    site = next((one for one in sites if one.code == request.GET.get("site")), sites[0] if sites else None)
    wanted = bool(request.GET.get("relief"))
    page = reads.page(request.actor, site, request.at, with_relief=wanted) if site else None
    return web.show(request, "desks/front_desk/seats.html", {"sites": sites, "site": site, "page": page, "wanted": wanted, "today": day_of(request.at)})
