from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care, own
from footbridge.kit.access import Rule

SEE_PRACTICE = Rule("practice.see", _("See what a client in their care practices between sessions"), roles=("therapist", "prescriber", "director"), when=in_care)
ASSIGN = Rule("practice.assign", _("Give a client in their care a skill to practice, comment on it, and end it"), roles=("therapist",), when=in_care)
LOG_OWN = Rule("practice.log_own", _("Log one's own practice and daily check-in"), roles=("client",), when=own)
