"""Questions about medication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor

from .models import Allergy, DrugTest, ListStatement, Medication, ReconciledItem, Reconciliation
from .words import ListAnswer, Reconciled


def taken_on(client: Client, on: date) -> QuerySet[Medication]:
    """What is taken on a day (the last day is exclusive), by name. What begins later is on the list too."""
    holds = Q(taken_until__isnull=True) | Q(taken_until__gt=on)
    return client.medications.filter(holds).select_related("recorded_by__person").order_by("name", "id")


def stopped_by(client: Client, on: date) -> QuerySet[Medication]:
    """What was taken and ended, last ended first."""
    return client.medications.filter(taken_until__lte=on).order_by("-taken_until", "name", "id")


def every(client: Client) -> list[Medication]:
    """Every row with a first day, in the order of time: what a time axis can show."""
    return list(client.medications.filter(taken_from__isnull=False).order_by("taken_from", "id"))


def allergies(client: Client) -> QuerySet[Allergy]:
    return (
        client.allergies.filter(withdrawn_at__isnull=True).select_related("recorded_by__person").order_by("substance")
    )


def statement(client: Client, about: str) -> ListStatement | None:
    """What was said last about the whole list: "medication" or "allergy"."""
    return client.list_statements.filter(about=about).select_related("by__person").first()


def reconciliations(client: Client) -> QuerySet[Reconciliation]:
    return client.reconciliations.select_related("by__person").prefetch_related("items__medication")


def decided_and_open(client: Client, on: date) -> list[ReconciledItem]:
    """What was decided when the list was gone through last, and does not show on it yet: stopped or changed, and still taken as before; or
    to be cleared up with somebody outside."""
    last = client.reconciliations.order_by("-at", "-id").first()
    if last is None:
        return []
    held = Q(medication__taken_until__isnull=True) | Q(medication__taken_until__gt=on)
    found = last.items.filter(held).exclude(decision=Reconciled.CONTINUE)
    return list(found.select_related("medication", "reconciliation__by__person").order_by("medication__name", "pk"))


@dataclass(frozen=True, slots=True)
class ListState:
    """How a list stands. `answer` is listed, none or unknown; an empty list nobody spoke about is unknown."""

    answer: str
    said: ListStatement | None

    @property
    def label(self) -> str:
        return str(ListAnswer(self.answer).label)


def state(client: Client, about: str, on: date) -> ListState:
    rows = taken_on(client, on) if about == "medication" else allergies(client)
    said = statement(client, about)
    if rows.exists():
        return ListState(ListAnswer.LISTED, said)
    return ListState(ListAnswer.NONE if said and said.answer == ListAnswer.NONE else ListAnswer.UNKNOWN, said)


@dataclass(frozen=True, slots=True)
class OnList:
    """A medicine with the episode whose page it is changed on."""

    episode: Episode
    row: Medication

    @property
    def client_id(self) -> int:
        return self.episode.client_id


@dataclass(frozen=True, slots=True)
class OnAllergies:
    """An allergy with the episode whose page it is withdrawn on."""

    episode: Episode
    row: Allergy

    @property
    def client_id(self) -> int:
        return self.episode.client_id


def medication(actor: Actor, uid: UUID, row: UUID) -> OnList | None:
    episode = episodes.episode(actor, uid)
    found = episode and Medication.objects.select_related("client").filter(uid=row, client_id=episode.client_id).first()
    return OnList(episode, found) if episode and found else None


def allergy(actor: Actor, uid: UUID, row: UUID) -> OnAllergies | None:
    episode = episodes.episode(actor, uid)
    found = episode and Allergy.objects.select_related("client").filter(uid=row, client_id=episode.client_id).first()
    return OnAllergies(episode, found) if episode and found else None


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the two lists of a client: "medication" or "allergy"."""

    episode: Episode
    about: str

    @property
    def client_id(self) -> int:
        return self.episode.client_id


def listed(actor: Actor, uid: UUID, about: str) -> Listed | None:
    episode = episodes.episode(actor, uid)
    return Listed(episode, about) if episode and about in ("medication", "allergy") else None


def drug_test(actor: Actor, uid: UUID, row: UUID) -> DrugTest | None:
    episode = episodes.episode(actor, uid)
    return DrugTest.objects.select_related("episode__client__person").filter(uid=row, episode=episode).first() if episode else None
