"""Who may know that a client and their episode exist.

One place, asked by every query that reaches a person's data. Roles alone open nothing but the front of the way:
a clinician sees the people of their own care team, a supporter the person who granted it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now, TruncDate

from footbridge.kit.access import Actor

if TYPE_CHECKING:
    from footbridge.ground.people.models import ClientQuerySet

    from .models import EpisodeQuerySet


def episodes_visible_to(episodes: EpisodeQuerySet, actor: Actor) -> EpisodeQuerySet:
    from footbridge.ground.people.models import Supporter

    from .models import BreakGlass, CareTeamMember

    if actor.is_system or actor.has("director"):
        return episodes
    # Desks that prepare and bill care know who the clients are; what they may open is decided by each rule.
    if actor.has("front_desk", "intake", "biller"):
        return episodes
    may = Q(pk__in=[])
    if actor.staff_id and actor.has("therapist", "prescriber"):
        team = CareTeamMember.objects.filter(episode=OuterRef("pk"), staff_id=actor.staff_id, left_at__isnull=True)
        glass = BreakGlass.objects.filter(episode=OuterRef("pk"), staff_id=actor.staff_id, from_at__lte=Now(), until_at__gt=Now())
        may |= Q(Exists(team)) | Q(Exists(glass))
    if actor.has("client") and actor.client_id:
        may |= Q(client_id=actor.client_id)
    if actor.has("supporter") and actor.person_id:
        granted = Supporter.objects.filter(client=OuterRef("client"), person_id=actor.person_id, granted_from__lte=TruncDate(Now())).filter(
            Q(granted_until__isnull=True) | Q(granted_until__gt=TruncDate(Now()))
        )
        may |= Q(Exists(granted))
    return episodes.filter(may)


def clients_visible_to(clients: ClientQuerySet, actor: Actor) -> ClientQuerySet:
    from .models import Episode

    if actor.is_system or actor.has("director", "front_desk", "intake", "biller"):
        return clients
    mine = Episode.objects.visible_to(actor).filter(client=OuterRef("pk"))
    own = Q(pk=actor.client_id) if actor.has("client") and actor.client_id else Q(pk__in=[])
    return clients.filter(Q(Exists(mine)) | own)
