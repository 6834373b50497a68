from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

KEEP_PROGRAM = Rule(
    "program.keep",
    _("Load the program file, name the organization, and say who leads which group"),
    roles=("director", "admin"),
)
CLOSE_DAY = Rule(
    "program.close_day", _("Close a site for a day, as on a day of snow, and open it again while nothing of it has begun"), roles=("director", "front_desk")
)
SEE_PROGRAM = Rule(
    "program.see",
    _("See the tracks, groups and hours of a program"),
    roles=("director", "front_desk", "intake", "therapist", "prescriber", "biller", "admin"),
)
CHOOSE_SUICIDE_RULE = Rule(
    "program.choose_suicide_rule", _("Choose by which rule the suicide screens of a program are read"), roles=("director",)
)
KEEP_LINES = Rule("program.keep_lines", _("Keep the crisis lines of the county and the town, and look at them again"), roles=("director",))
KEEP_HOURS = Rule(
    "program.keep_hours", _("Enter when staff work, how much, and which groups they may lead; the timetable is planned by it"), roles=("director",)
)
