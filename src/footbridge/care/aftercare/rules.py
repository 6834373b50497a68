from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care
from footbridge.kit.access import Rule

SEE_AFTERCARE = Rule(
    "aftercare.see", _("See which follow-up contacts are due after discharge, and what came of them"),
    roles=("therapist", "prescriber", "front_desk", "director"),
)  # fmt: skip
FOLLOW_UP = Rule(
    "aftercare.follow_up", _("Make and record a follow-up contact, and open the door back"), roles=("therapist", "front_desk", "director"), when=in_care
)
