"""Who may know that a client and their episode exist.

One place, asked by every query that reaches a person's data. Roles alone open nothing but the front of the way:
a clinician sees the people of their own care team, a supporter the person who granted it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Now

from footbridge.kit.access import Actor

if TYPE_CHECKING:
    from footbridge.ground.people.models import ClientQuerySet

    from .models import EpisodeQuerySet


def episodes_visible_to(episodes: EpisodeQuerySet, actor: Actor) -> EpisodeQuerySet:
    from .models import BreakGlass, CareTeamMember, Episode

    if actor.is_system or actor.has("director"):
        return episodes
    # Desks that prepare and bill care know who the clients are; what they may open is decided by each rule.
    if actor.has("front_desk", "intake", "biller"):
        return episodes
    # One set of numbers from narrow tables, not a condition asked of every episode: the cost is that of one's own people.
    ways: list[Any] = []
    if actor.staff_id and actor.has("therapist", "prescriber"):
        ways.append(CareTeamMember.objects.filter(staff_id=actor.staff_id, left_at__isnull=True).values("episode_id"))
        ways.append(BreakGlass.objects.filter(staff_id=actor.staff_id, from_at__lte=Now(), until_at__gt=Now()).values("episode_id"))
    if actor.has("client") and actor.client_id:
        ways.append(Episode.objects.filter(client_id=actor.client_id).values("pk"))
    if actor.has("supporter") and actor.supports:
        ways.append(Episode.objects.filter(client_id__in=actor.supports).values("pk"))
    return episodes.filter(pk__in=_any(ways)) if ways else episodes.none()


def _any(ways: list[Any]) -> Any:
    first, *rest = ways
    return first.union(*rest, all=True) if rest else first


def clients_visible_to(clients: ClientQuerySet, actor: Actor) -> ClientQuerySet:
    from .models import Episode

    if actor.is_system or actor.has("director", "front_desk", "intake", "biller"):
        return clients
    ways: list[Any] = [Episode.objects.visible_to(actor).values("client_id")]
    if actor.has("client") and actor.client_id:
        ways.append(clients.model.objects.filter(pk=actor.client_id).values("pk"))  # before their first episode
    return clients.filter(pk__in=_any(ways))


# ------------------------------------------------------------------ one person's, asked again and again

_answers: ContextVar[dict[tuple[Any, ...], bool] | None] = ContextVar("answers", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """While the block runs, the same question about the same person is asked of the database once. Only for pages that are
    looked at: a deed may change who may know, and asks anew."""
    kept = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(kept)


def sees_episode(actor: Actor, episode_id: int) -> bool:
    from .models import Episode

    return _asked(actor, "episode", episode_id, lambda: Episode.objects.visible_to(actor).filter(pk=episode_id).exists())


def sees_client(actor: Actor, client_id: int) -> bool:
    """Whether the actor may know of any episode of this client."""
    from .models import Episode

    return _asked(actor, "client", client_id, lambda: Episode.objects.visible_to(actor).filter(client_id=client_id).exists())


def _asked(actor: Actor, kind: str, pk: int, ask: Callable[[], bool]) -> bool:
    answers = _answers.get()
    if answers is None:
        return ask()
    key = (actor, kind, pk)
    if key not in answers:
        answers[key] = ask()
    return answers[key]
