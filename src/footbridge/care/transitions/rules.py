from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import in_care, own
from footbridge.kit.access import Actor, Rule

SEE_TRANSITIONS = Rule(
    "transitions.see", _("See the changes of level, the discharge and the relapse-prevention plan of a client in their care"),
    roles=("therapist", "prescriber", "director"), when=in_care,
)  # fmt: skip
MOVE = Rule("transitions.move", _("Step a client in their care up or down, and discharge them"), roles=("therapist", "director"), when=in_care)


def _therapist_or_self(actor: Actor, about: Any) -> bool:
    return own(actor, about) or in_care(actor, about)


WRITE_RELAPSE_PLAN = Rule(
    "transitions.write_relapse_plan", _("Write the relapse-prevention plan, with the client or as the client"),
    roles=("therapist", "director", "client"), when=_therapist_or_self,
)  # fmt: skip
