from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE_PROGRAM = Rule("director.see_program", _("See the whole program: census, promises, alarms, reviews, unsigned notes"), roles=("director",))
READ_GLASS = Rule("director.read_glass", _("Read who opened a chart that was not theirs, and why"), roles=("director",))
SEE_OUTCOMES = Rule("director.see_outcomes", _("See the outcomes of the program, how good its alerts are, and the evidence that measures are used"), roles=("director",))
