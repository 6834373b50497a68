from __future__ import annotations

from django.http import HttpResponse

from footbridge.kit import access, web
from footbridge.kit.access import Request

from . import reads, rules


@access.page(rules.FIND)
def find(request: Request) -> HttpResponse:
    """A page of its own, and (posted with `part`) the lines for the box that opens over any page. A name is posted: addresses
    stay in histories and logs."""
    sought = request.POST.get("q", "").replace("\0", "").strip()[:80]
    context = {"sought": sought, "people": reads.people(request.actor, sought), "pages": reads.pages(request.actor, sought)}
    template = "finding/_found.html" if "part" in request.POST else "finding/find.html"
    return web.show(request, template, context)


@access.page(rules.FIND)
def keys(request: Request) -> HttpResponse:
    """Every key, printed; and the switch that turns single letters off."""
    return web.show(request, "finding/keys.html", {"off": request.COOKIES.get("keys") == "off"})
