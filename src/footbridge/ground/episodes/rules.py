from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor, Rule


def in_care(actor: Actor, about: Any) -> bool:
    """The actor is on the case: `about` is an episode, or belongs to one, that they may see."""
    from .models import Episode

    episode_id = about.pk if isinstance(about, Episode) else getattr(about, "episode_id", None)
    return episode_id is not None and Episode.objects.visible_to(actor).filter(pk=episode_id).exists()


OPEN_EPISODE = Rule("episode.open", _("Open an episode of care for somebody who asks for help"), roles=("front_desk", "intake", "director"))
END_EPISODE = Rule("episode.end", _("End an episode of care"), roles=("therapist", "intake", "front_desk", "director"), when=in_care)
SET_TEAM = Rule("episode.set_team", _("Say who is on a client's care team"), roles=("intake", "director"))
SEE_EPISODE = Rule(
    "episode.see", _("Open the chart of a client in one's own care"), roles=("therapist", "prescriber", "intake", "director"),
    when=in_care,
)  # fmt: skip
BREAK_GLASS = Rule(
    "episode.break_glass", _("In an emergency, open a chart that is not one's own, with a reason that the director reads"),
    roles=("therapist", "prescriber", "intake"),
)  # fmt: skip


def treats(actor: Actor, about: Any) -> bool:
    """Whether `actor` is on the care team of this client (or broke the glass), or answers for everybody as intake or director.

    `about` is a client, or has one, or has an episode. Desk roles held beside a clinical one open nothing here.
    """
    if actor.has("intake", "director"):
        return True
    client = getattr(getattr(about, "episode", None), "client", None) or getattr(about, "client", None) or about
    if client is None or client._meta.label_lower != "ground.client":
        return False
    treating = replace(actor, roles=actor.roles & {"therapist", "prescriber"})
    return type(client).objects.visible_to(treating).filter(pk=client.pk).exists()


def own(actor: Actor, about: Any) -> bool:
    """The client's own record: `about` is a client, has one, or has an episode."""
    if about is None or actor.client_id is None:
        return False
    if getattr(about, "_meta", None) is not None and about._meta.label_lower == "ground.client":
        return bool(about.pk == actor.client_id)
    client_id = getattr(about, "client_id", None) or getattr(getattr(about, "episode", None), "client_id", None)
    return bool(client_id == actor.client_id)
