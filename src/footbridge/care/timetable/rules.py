from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care, on_the_case
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


def may_mend(actor: Actor, about: Any) -> bool:
    """The front desk and the director for everybody; everybody for themselves and the sessions they lead. `about` is what happened, or a
    mending; None asks whether there is anything somebody could mend."""
    if about is None or actor.has("director", "front_desk"):
        return True
    if actor.staff_id is None:
        return False
    if about.what == "staff_out":
        return bool(about.staff is not None and about.staff.pk == actor.staff_id)
    return bool(about.what == "session_cancelled" and about.session is not None and about.session.leader_id == actor.staff_id)


MEND = Rule(
    "timetable.mend",
    _("Mend the published week when something happens: the front desk and the director any, staff when they are out or cannot hold a session"),
    roles=("front_desk", "director", "therapist", "prescriber", "intake"),
    when=may_mend,
)
SEE_PAIRS = Rule(
    "timetable.see_pairs",
    _("See and say whom a client must not meet, or who support each other: the care team and the director"),
    roles=("therapist", "prescriber", "director"),
    when=on_the_case("director"),
)
