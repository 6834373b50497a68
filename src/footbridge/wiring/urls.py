"""Every address, in the order of care."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

# Where somebody stands in the program before any stage: the desks, one per kind of person.
DESKS = ["public", "client", "family", "clinician", "prescriber", "front_desk", "director", "biller"]
STAGES = [
    "safety", "inquiry", "screening", "assessment", "placement", "plan", "medication", "timetable",
    "sessions", "practice", "measures", "reviews", "transitions", "aftercare",
]  # fmt: skip
KIT = ["access", "web"]


def _room(module: str, prefix: str = "") -> list[URLPattern | URLResolver]:
    return [path(prefix, include(module))] if find_spec(module) else []


urlpatterns: list[URLPattern | URLResolver] = [
    *(entry for name in KIT for entry in _room(f"footbridge.kit.{name}.urls")),
    *(entry for name in DESKS for entry in _room(f"footbridge.desks.{name}.urls")),
    *_room("footbridge.desks.director.shelf.urls"),
    *_room("footbridge.desks.director.course.urls"),
    *_room("footbridge.desks.clinician.outside.urls"),
    *(entry for name in STAGES for entry in _room(f"footbridge.care.{name}.urls")),
    *_room("footbridge.care.timetable.feeds.urls"),
    *_room("footbridge.care.timetable.printing.urls"),
    *_room("footbridge.care.transitions.hand_offs.urls"),
    *_room("footbridge.care.timetable.finding.urls"),
    *_room("footbridge.desks.front_desk.seats.urls"),
    *_room("footbridge.lanes.notices.urls"),
    *_room("footbridge.wiring.finding.urls"),
]
