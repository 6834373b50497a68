"""Who may report, and who may read what was reported: its author and the director."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor, Rule

STAFF = ("front_desk", "intake", "therapist", "prescriber", "director")


def _author_or_director(actor: Actor, about: Any) -> bool:
    return actor.has("director") or (about is not None and actor.staff_id is not None and about.by_id == actor.staff_id)


REPORT = Rule("safety.report_incident", _("Report an incident, and see the incidents they reported; the director sees all"), roles=STAFF)
SEE_INCIDENT = Rule("safety.see_incident", _("Read an incident and add to it: its author and the director"), roles=STAFF, when=_author_or_director)
CLOSE_INCIDENT = Rule("safety.close_incident", _("Set deadlines of an incident, and close it with findings"), roles=("director",))
LOG_REPORT = Rule("safety.log_report", _("Log a mandated report, and see those they logged; the director sees all"), roles=STAFF)
SEE_REPORT = Rule("safety.see_report", _("Read a mandated report and add to it: its author and the director"), roles=STAFF, when=_author_or_director)


def _of_clock(actor: Actor, about: Any) -> bool:
    return about is not None and _author_or_director(actor, about.incident or about.report)


MEET_CLOCK = Rule("safety.meet_clock", _("Say that a deadline of an incident or report was met: its author and the director"), roles=STAFF, when=_of_clock)
