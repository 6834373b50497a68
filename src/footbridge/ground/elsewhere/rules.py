from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE_ELSEWHERE = Rule(
    "elsewhere.see", _("See the list of other programs people can be sent to"),
    roles=("front_desk", "intake", "therapist", "prescriber", "director"),
)  # fmt: skip
KEEP_ELSEWHERE = Rule("elsewhere.keep", _("Keep the list of other programs: add, change, check again, end"), roles=("front_desk", "intake", "director"))
