"""Which contacts are due. Due days are rule data; when a contact is due is calculated from the day of discharge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery

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


def waiting(actor: Actor, today: date, ahead: int = 7) -> list[tuple[date, int, int]]:
    """Contacts to make until `ahead` days from today among the people `actor` may know, longest overdue first, as
    (due on, due day, number of the discharge). `settled` says in Python what is asked of the database here.

    People who died are not on the list; people who were discharged longer ago than the last contact and three weeks are not either.
    """
    discharges = Transition.objects.filter(
        kind=TransitionKind.DISCHARGE,
        episode__in=Episode.objects.visible_to(actor),
        effective_on__gte=today - timedelta(days=max(days()) + 21),
    ).exclude(reason="died")
    tries = FollowUp.objects.filter(episode=OuterRef("episode")).order_by()
    found: list[tuple[date, int, int]] = []
    for day in days():
        of_day = tries.filter(due_day=day)
        open_ones = discharges.filter(
            ~Exists(of_day.filter(outcome__in=SETTLED)),
            ~Exists(tries.filter(outcome=FollowUpOutcome.DECLINED)),
            effective_on__lte=today + timedelta(days=ahead - day),
        ).annotate(tried=Subquery(of_day.values("due_day").annotate(n=Count("pk")).values("n")))
        found += [
            (left_on + timedelta(days=day), day, pk)
            for pk, left_on, tried in open_ones.order_by().values_list("pk", "effective_on", "tried")
            if (tried or 0) < ATTEMPTS
        ]
    return sorted(found)


def waited_for(keys: Sequence[tuple[date, int, int]]) -> list[Contact]:
    """The contacts of some of `waiting`, in the same order, with their people and tries."""
    discharges = (
        Transition.objects.filter(pk__in={pk for _due, _day, pk in keys})
        .select_related("episode__client__person")
        .prefetch_related(Prefetch("episode__follow_ups", FollowUp.objects.select_related("by__person")))
    )
    of = {(row.pk, one.due_day): one for row in discharges for one in _contacts(row)}
    return [of[pk, day] for _due, day, pk in keys]


def due(actor: Actor, today: date, ahead: int = 7) -> list[Contact]:
    """All of `waiting` with their people and tries."""
    return waited_for(waiting(actor, today, ahead))
