"""The first page, the way home for each role, and help now."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from footbridge.ground.program import crisis_lines, local_lines
from footbridge.kit import access, web
from footbridge.kit.access import Request

# Where each role's day begins; the first that somebody holds wins.
HOMES = (
    ("therapist", "clinician:day"),
    ("prescriber", "prescriber:day"),
    ("director", "director:home"),
    ("front_desk", "front_desk:list"),
    ("intake", "front_desk:list"),
    ("biller", "biller:days"),
    ("admin", "director:people"),
    ("client", "client:today"),
    ("supporter", "family:home"),
)
DOORS = ("me", "someone")


@access.open_page("The first page: visitors choose a door, people who sign in are led to their own first page.")
def home(request: Request) -> HttpResponse:
    actor = request.actor
    for role, name in HOMES:
        if actor.has(role):
            try:
                return HttpResponseRedirect(reverse(name))
            except NoReverseMatch:
                continue
    return web.show(request, "desks/public/start.html", {"door": ""})


@access.open_page("What is behind a door: the guide, what care is, a request. It is the same for everybody.")
def door(request: Request, who: str) -> HttpResponse:
    if who not in DOORS:
        raise Http404
    return web.show(request, "desks/public/door.html", {"other": who == "someone"})


@access.open_page("Help in danger must never need an account.")
def help_now(request: Request) -> HttpResponse:
    return web.show(request, "desks/public/help.html", {"lines": crisis_lines.lines(), "local_lines": local_lines.kept()})


@access.open_page("How to hide a visit: the people who need it have no account.")
def how_to_hide(request: Request) -> HttpResponse:
    return web.show(request, "desks/public/how_to_hide.html")
