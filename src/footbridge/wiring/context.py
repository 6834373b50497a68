"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from footbridge.care.safety import reads as safety
from footbridge.care.safety.rules import SEE_ALARMS
from footbridge.ground.people.words import RoleName
from footbridge.ground.program.models import Organisation
from footbridge.kit import access
from footbridge.kit.access import STAFF_ROLES, Request

from . import watch

# (label, url name, icon, roles): the left side of the staff pages, in the order of a day.
STAFF_NAV = [
    (_("My day"), "clinician:day", "home", {"therapist"}),
    (_("My visits"), "prescriber:day", "home", {"prescriber"}),
    (_("Program"), "director:home", "home", {"director"}),
    (_("Intake"), "front_desk:list", "door", {"front_desk", "intake", "director"}),
    (_("Hand-offs"), "hand_offs:list", "arrow-right", {"front_desk", "intake", "director", "therapist"}),
    (_("Alarms"), "safety:alarms", "bell", {"therapist", "intake", "prescriber", "director"}),
    (_("Incidents"), "safety:incidents", "warn", {"therapist", "intake", "prescriber", "front_desk", "director"}),
    (_("My clients"), "clinician:caseload", "person", {"therapist", "prescriber"}),
    (_("Clients"), "clinician:caseload", "person", {"director"}),
    (_("Huddle"), "clinician:huddle", "group", {"therapist", "prescriber", "director"}),
    (_("Outcomes"), "director:outcomes", "chart", {"director"}),
    (_("Timetable"), "timetable:week", "calendar", {"therapist", "front_desk", "intake", "director", "prescriber"}),
    (_("Days and hours"), "biller:days", "clock", {"biller", "director"}),
    (_("Signatures"), "plan:waiting", "check-circle", {"therapist", "prescriber", "director", "biller"}),
    (_("Aftercare"), "aftercare:due", "phone", {"therapist", "front_desk", "director"}),
    (_("Messages out"), "notices:list", "mail", {"front_desk", "director"}),
    (_("Instruments"), "instruments:list", "list", {"director", "admin", "therapist", "prescriber", "intake"}),
    (_("Level-of-care rules"), "placement:rules", "shield", {"director"}),
    (_("People and roles"), "director:people", "group", {"director", "admin"}),
    (_("Sign-in and security"), "mfa_index", "lock", STAFF_ROLES),
]
# g and a letter: the way to the pages that are opened most.
KEYS = {
    "clinician:day": "h", "prescriber:day": "h", "director:home": "h", "front_desk:list": "i", "safety:alarms": "a", "clinician:caseload": "c",
    "clinician:huddle": "u", "timetable:week": "t", "biller:days": "b", "plan:waiting": "s", "aftercare:due": "f",
}  # fmt: skip
PORTAL_NAV = [
    (_("Today"), "client:today", "home"),
    (_("My week"), "client:week", "calendar"),
    (_("Questions"), "client:questions", "list"),
    (_("Safety plan"), "client:safety_plan", "shield"),
    (_("Progress"), "client:progress", "chart"),
]


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def page(request: Request) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    nav: list[dict[str, Any]] = []
    if actor is not None and actor.is_staff:
        for label, name, icon, roles in STAFF_NAV:
            url = _url(name)
            if url and actor.roles & roles and all(item["url"] != url for item in nav):
                count = _open_alarms(request) if name == "safety:alarms" else 0
                nav.append({"label": label, "url": url, "current": request.path.startswith(url), "key": KEYS.get(name, ""), "icon": icon, "count": count})
    elif actor is not None and actor.has("client"):
        for label, name, icon in PORTAL_NAV:
            url = _url(name)
            if url:
                nav.append({"label": label, "url": url, "current": request.path == url, "key": "", "icon": icon})
    still = watch.still_since(request.at) if actor is not None and actor.is_staff else None
    held = ", ".join(str(label) for value, label in RoleName.choices if actor is not None and value in actor.roles)
    return {
        "actor": actor, "actor_roles": held, "site_name": _site_name(request), "nav": nav, "organisation": _organisation(request),
        "still_since": still, "may_see_alarms": bool(still) and actor is not None and access.may(actor, SEE_ALARMS), "at": getattr(request, "at", None),
    }  # fmt: skip


def _open_alarms(request: Request) -> int:
    """How many open alarms this person sees, asked once a request."""
    if not hasattr(request, "_open_alarms"):
        request._open_alarms = safety.open_for(request.actor)  # type: ignore[attr-defined]
    return request._open_alarms  # type: ignore[attr-defined]


def _site_name(request: Request) -> str:
    """What the browser's tab says: the neutral name, so that a glance at a screen tells nothing."""
    organisation = _organisation(request)
    return organisation.neutral_name if organisation else "Footbridge"


def _organisation(request: Request) -> Organisation | None:
    if not hasattr(request, "_organisation"):
        request._organisation = Organisation.objects.first()  # type: ignore[attr-defined]
    return request._organisation  # type: ignore[attr-defined]
