from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

OWN_AS_CLIENT = Rule("timetable.feed_own", _("Take one's own appointments into a calendar by a secret address, and end it"), roles=("client",))
OWN_AS_STAFF = Rule(
    "timetable.feed_work", _("Take the hours one leads into a calendar by a secret address, and end it"),
    roles=("therapist", "prescriber", "intake", "director"),
)  # fmt: skip
