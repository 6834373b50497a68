from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.episodes.rules import treats
from footbridge.kit.access import Actor, Rule

WHO = ("front_desk", "intake", "therapist", "prescriber", "director")
DOERS = ("front_desk", "intake", "therapist", "director")


def _on_it(actor: Actor, about: Any) -> bool:
    """`about` is a request, an episode, or a hand-off of one. The front desk answers until somebody is admitted; then the team does."""
    if actor.has("intake", "director"):
        return True
    episode = about if isinstance(about, Episode) else about.episode
    if actor.has("front_desk") and (episode is None or not hasattr(episode, "admission")):
        return True
    return episode is not None and treats(actor, episode)


SEE_HAND_OFFS = Rule("hand_off.list", _("See who is on the way to another program, and what is due for them"), roles=WHO)
SEE_HAND_OFF = Rule(
    "hand_off.see", _("Read a hand-off and its letter: the desk until they are admitted, then their own care team"), roles=WHO, when=_on_it
)
HAND_OVER = Rule(
    "hand_off.open", _("Hand somebody over to another program: at the desk until they are admitted, then their own care team"), roles=DOERS, when=_on_it
)
KEEP_HAND_OFF = Rule(
    "hand_off.keep", _("Call, write and note for a hand-off, and end it: at the desk until they are admitted, then their own care team"),
    roles=DOERS, when=_on_it,
)  # fmt: skip
