from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.care.sessions.rules import leads_or_answers
from footbridge.ground.episodes.rules import in_care
from footbridge.kit.access import Rule

SEE_DAY = Rule("clinician.see_day", _("See one's own day: sessions, unsigned notes, alarms, reviews due"), roles=("therapist",))
SEE_CASELOAD = Rule("clinician.see_caseload", _("See the list of one's own clients"), roles=("therapist", "prescriber", "director"))
SEE_HISTORY = Rule(
    "clinician.see_history", _("See who did what in a chart, and who opened it"), roles=("therapist", "director"), when=in_care
)
SEE_BEFORE = Rule(
    "clinician.see_before",
    _("See before a session how its people are: scores, change, what is not answered, alarms"),
    roles=("therapist", "prescriber", "intake", "director"),
    when=leads_or_answers,
)
SEE_HUDDLE = Rule(
    "clinician.see_huddle", _("See who is ready for a step down, stuck or worse, among the people in one's care"), roles=("therapist", "prescriber", "director")
)
