from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care
from footbridge.kit.access import Actor, Rule


def own_session(actor: Actor, session: Any) -> bool:
    return actor.has("director", "front_desk") or session.leader_id == actor.staff_id


SEE_TIMETABLE = Rule(
    "timetable.see",
    _("See the week of the program: which group meets when, where, with whom, and how many places are free"),
    roles=("front_desk", "intake", "therapist", "prescriber", "director"),
)
PUBLISH = Rule("timetable.publish", _("Publish the dated timetable of the program"), roles=("director",))
SEE_CLIENT_WEEK = Rule(
    "timetable.see_client_week",
    _("See when a client comes, to which groups and visits"),
    roles=("front_desk", "intake", "therapist", "prescriber", "director"),
    when=in_care,
)
BOOK = Rule(
    "timetable.book",
    _("Give a client places in groups and hours with staff, and end them"),
    roles=("front_desk", "intake", "therapist", "prescriber", "director"),
    when=in_care,
)
CANCEL_SESSION = Rule(
    "timetable.cancel_session",
    _("Cancel a session for everybody: the leader their own, the front desk and the director any"),
    roles=("front_desk", "therapist", "prescriber", "director"),
    when=own_session,
)
