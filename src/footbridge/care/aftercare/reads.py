"""Which contacts are due. Due days are rule data; when a contact is due is calculated from the day of discharge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.db.models import Prefetch

from footbridge.care.transitions.models import Transition, TransitionKind
from footbridge.data import parsed
from footbridge.ground.episodes.models import Episode
from footbridge.kit.access import Actor

from .models import FollowUp, FollowUpOutcome

SETTLED = {FollowUpOutcome.REACHED, FollowUpOutcome.MESSAGE, FollowUpOutcome.DECLINED}
ATTEMPTS = 3


@cache
def _rule() -> tuple[tuple[int, ...], str]:
    raw = parsed("followups")
    return tuple(int(row["day"]) for row in raw["contacts"]), str(raw["source"])


def days() -> tuple[int, ...]:
    """Days after discharge on which a contact is due (data/followups.yaml)."""
    return _rule()[0]


def source() -> str:
    return _rule()[1]


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact of one person: due, and what was done about it."""

    episode: Episode
    due_day: int
    due_on: date
    tries: tuple[FollowUp, ...]
    declined: bool

    @property
    def settled(self) -> bool:
        """Made, or tried often enough that a letter takes its place."""
        return any(one.outcome in SETTLED for one in self.tries) or len(self.tries) >= ATTEMPTS or self.declined

    def overdue_days(self, today: date) -> int:
        return max(0, (today - self.due_on).days) if not self.settled else 0


def _contacts(discharge: Transition) -> list[Contact]:
    tried = list(discharge.episode.follow_ups.all())
    declined = any(one.outcome == FollowUpOutcome.DECLINED for one in tried)
    return [
        Contact(
            discharge.episode, day, discharge.effective_on + timedelta(days=day),
            tuple(one for one in tried if one.due_day == day), declined,
        )
        for day in days()
    ]  # fmt: skip


def contacts(episode: Episode) -> list[Contact]:
    """All follow-up contacts of one episode, earliest first; none before the discharge."""
    discharge = (
        Transition.objects.filter(episode=episode, kind=TransitionKind.DISCHARGE)
        .select_related("episode__client__person")
        .prefetch_related("episode__follow_ups__by__person")
        .first()
    )
    return _contacts(discharge) if discharge else []


def due(actor: Actor, today: date, ahead: int = 7) -> list[Contact]:
    """Contacts to make until `ahead` days from today among the people `actor` may know, longest overdue first.

    People who died are not on the list; people who were discharged longer ago than the last contact and three weeks are not either.
    """
    first, last = min(days()), max(days()) + 21
    discharges = (
        Transition.objects.filter(
            kind=TransitionKind.DISCHARGE,
            episode__in=Episode.objects.visible_to(actor),
            effective_on__gte=today - timedelta(days=last),
            effective_on__lte=today + timedelta(days=ahead - first),
        )
        .exclude(reason="died")
        .select_related("episode__client__person")
        .prefetch_related(Prefetch("episode__follow_ups", FollowUp.objects.select_related("by__person")))
    )
    found = [one for discharge in discharges for one in _contacts(discharge)]
    return sorted((one for one in found if not one.settled and one.due_on <= today + timedelta(days=ahead)), key=lambda one: one.due_on)
