from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care
from footbridge.kit.access import Rule

SEE_DAY = Rule("clinician.see_day", _("See one's own day: sessions, unsigned notes, alarms, reviews due"), roles=("therapist",))
SEE_CASELOAD = Rule("clinician.see_caseload", _("See the list of one's own clients"), roles=("therapist", "prescriber", "director"))
SEE_HISTORY = Rule(
    "clinician.see_history", _("See who did what in a chart, and who opened it"), roles=("therapist", "director"), when=in_care
)
