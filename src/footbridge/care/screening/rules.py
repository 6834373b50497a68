"""Who may take a screen and read it. Also the question that later stages ask: does this person treat this client?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor, Rule

CLINICIANS = frozenset({"therapist", "prescriber"})


def treats(actor: Actor, about: Any) -> bool:
    """Whether `actor` is on the care team of what `about` belongs to, or broke the glass for it.

    `about` is an episode, a client, or a row of either. Another role of the same person (a therapist who also helps at
    the front desk) opens nothing here.
    """
    as_clinician = replace(actor, roles=actor.roles & CLINICIANS)
    if not as_clinician.roles or about is None:
        return False
    seen = Episode.objects.visible_to(as_clinician)
    if isinstance(about, Episode):
        return seen.filter(pk=about.pk).exists()
    if isinstance(about, Client):
        return seen.filter(client=about).exists()
    if getattr(about, "episode_id", None):
        return seen.filter(pk=about.episode_id).exists()
    return seen.filter(client_id=about.client_id).exists()


def on_the_case(*offices: str) -> Callable[[Actor, Any], bool]:
    """A condition for rules: somebody of these offices, or a clinician who treats the client."""

    def holds(actor: Actor, about: Any) -> bool:
        return actor.has(*offices) or treats(actor, about)

    return holds


TAKE_SCREEN = Rule(
    "screening.take", _("Screen somebody who asks for help, and correct a screen"), roles=("intake", "director")
)
SEE_SCREEN = Rule(
    "screening.see",
    _("Read the screen of somebody who asks for help, or of a client in one's own care"),
    roles=("intake", "director", "therapist", "prescriber"),
    when=on_the_case("intake", "director"),
)
