from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor, Rule


def leads(actor: Actor, session: Any) -> bool:
    """The session is the actor's own to hold. `session` is a session, or has one."""
    session = getattr(session, "session", session)
    return actor.staff_id is not None and session.leader_id == actor.staff_id


def leads_or_answers(actor: Actor, session: Any) -> bool:
    return actor.has("director") or leads(actor, session)


SEE_SESSION = Rule(
    "sessions.see",
    _("See who came to a session and what was written: its leader, and the director"),
    roles=("therapist", "prescriber", "intake", "director"),
    when=leads_or_answers,
)
HOLD_SESSION = Rule(
    "sessions.hold",
    _("Take attendance and write and sign the notes of one's own session"),
    roles=("therapist", "prescriber", "intake"),
    when=leads,
)
SAY_NOT_HELD = Rule(
    "sessions.not_held",
    _("Say that a session was not held: its leader, and the director"),
    roles=("therapist", "prescriber", "intake", "director"),
    when=leads_or_answers,
)
