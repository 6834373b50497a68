from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor, Rule

OPEN_EPISODE = Rule("episode.open", _("Open an episode of care for somebody who asks for help"), roles=("front_desk", "intake", "director"))
END_EPISODE = Rule("episode.end", _("End an episode of care"), roles=("therapist", "intake", "front_desk", "director"))
SET_TEAM = Rule("episode.set_team", _("Say who is on a client's care team"), roles=("intake", "director"))
SEE_EPISODE = Rule(
    "episode.see", _("Open the chart of a client in one's own care"), roles=("therapist", "prescriber", "intake", "director")
)
BREAK_GLASS = Rule(
    "episode.break_glass", _("In an emergency, open a chart that is not one's own, with a reason that the director reads"),
    roles=("therapist", "prescriber", "intake"),
)  # fmt: skip


def own(actor: Actor, about: Any) -> bool:
    """The client's own record: `about` is a client, or has one."""
    client_id = getattr(about, "client_id", None) or getattr(about, "pk", None)
    return actor.client_id is not None and client_id == actor.client_id
