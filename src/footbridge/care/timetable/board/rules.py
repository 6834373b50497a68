from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

DRAFT = Rule(
    "timetable.draft",
    _("Draft a new week beside the published one, build it, publish it and take it back; say in which order its goals count"),
    roles=("director",),
)
