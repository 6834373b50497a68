"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.words import RoleName
from footbridge.ground.program.models import Organisation

# (label, url name, roles): the left side of the staff pages, in the order of a day.
STAFF_NAV = [
    (_("My day"), "clinician:day", {"therapist"}),
    (_("My visits"), "prescriber:day", {"prescriber"}),
    (_("Intake"), "front_desk:list", {"front_desk", "intake", "director"}),
    (_("Alarms"), "safety:alarms", {"therapist", "intake", "prescriber", "director"}),
    (_("My clients"), "clinician:caseload", {"therapist", "prescriber", "director"}),
    (_("Timetable"), "timetable:week", {"therapist", "front_desk", "intake", "director", "prescriber"}),
    (_("Aftercare"), "aftercare:due", {"therapist", "front_desk", "director"}),
    (_("Program"), "director:home", {"director"}),
    (_("People and roles"), "director:people", {"director", "admin"}),
    (_("Days and hours"), "biller:days", {"biller", "director"}),
]
PORTAL_NAV = [
    (_("Today"), "client:today", "home"),
    (_("My week"), "client:week", "calendar"),
    (_("Questions"), "client:questions", "list"),
    (_("My plan"), "client:plan", "target"),
    (_("Safety plan"), "client:safety_plan", "shield"),
    (_("Progress"), "client:progress", "chart"),
]


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def page(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    nav = []
    if actor is not None and actor.is_staff:
        for label, name, roles in STAFF_NAV:
            url = _url(name)
            if url and actor.roles & roles:
                nav.append({"label": label, "url": url, "current": request.path.startswith(url), "key": ""})
    elif actor is not None and actor.has("client"):
        for label, name, icon in PORTAL_NAV:
            url = _url(name)
            if url:
                nav.append({"label": label, "url": url, "current": request.path == url, "key": "", "icon": icon})
    roles = ", ".join(str(label) for value, label in RoleName.choices if actor is not None and value in actor.roles)
    return {"actor": actor, "actor_roles": roles, "site_name": _site_name(request), "nav": nav, "organisation": _organisation(request), "at": getattr(request, "at", None)}


def _site_name(request: HttpRequest) -> str:
    """What the browser's tab says: the neutral name, so that a glance at a screen tells nothing."""
    organisation = _organisation(request)
    return organisation.neutral_name if organisation else "Footbridge"


def _organisation(request: HttpRequest) -> Organisation | None:
    if not hasattr(request, "_organisation"):
        request._organisation = Organisation.objects.first()  # type: ignore[attr-defined]
    return request._organisation  # type: ignore[attr-defined]
