from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor, Rule

from . import visibility


def in_care(actor: Actor, about: Any) -> bool:
    """The actor is on the case: `about` is an episode, or belongs to one, that they may see."""
    from .models import Episode

    episode_id = about.pk if isinstance(about, Episode) else getattr(about, "episode_id", None)
    return episode_id is not None and visibility.sees_episode(actor, episode_id)


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


CLINICIANS = frozenset({"therapist", "prescriber"})


def treats(actor: Actor, about: Any) -> bool:
    """Whether `actor` is, as a clinician, on the care team of what `about` belongs to, or broke the glass for it.

    `about` is an episode, a client, or a row of either. Another role of the same person (a therapist who also helps at
    the front desk) opens nothing here.
    """
    from footbridge.ground.people.models import Client

    from .models import Episode

    as_clinician = replace(actor, roles=actor.roles & CLINICIANS)
    if not as_clinician.roles or about is None:
        return False
    if isinstance(about, Episode):
        return visibility.sees_episode(as_clinician, about.pk)
    if isinstance(about, Client):
        return visibility.sees_client(as_clinician, about.pk)
    if getattr(about, "episode_id", None):
        return visibility.sees_episode(as_clinician, about.episode_id)
    return visibility.sees_client(as_clinician, about.client_id)


def on_the_case(*offices: str) -> Callable[[Actor, Any], bool]:
    """A condition for rules: somebody of these offices, or a clinician who treats the client."""

    def holds(actor: Actor, about: Any) -> bool:
        return actor.has(*offices) or treats(actor, about)

    return holds


def treats_the_person(actor: Actor, about: Any) -> bool:
    """For what follows a person from one episode to the next (alarms, safety plans, scores): intake and the director answer for
    everybody, a clinician for whoever they treat in any episode. `about` is a client, or has one, or has an episode."""
    if actor.has("intake", "director"):
        return True
    client = getattr(getattr(about, "episode", None), "client", None) or getattr(about, "client", None) or about
    if client is None or client._meta.label_lower != "ground.client":
        return False
    return treats(actor, client)


def own(actor: Actor, about: Any) -> bool:
    """The client's own record: `about` is a client, has one, or has an episode."""
    if about is None or actor.client_id is None:
        return False
    if getattr(about, "_meta", None) is not None and about._meta.label_lower == "ground.client":
        return bool(about.pk == actor.client_id)
    client_id = getattr(about, "client_id", None) or getattr(getattr(about, "episode", None), "client_id", None)
    return bool(client_id == actor.client_id)
