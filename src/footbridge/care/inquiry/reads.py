"""Questions about requests: who asked, who waits, and which promise is broken first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from rapidfuzz import fuzz, process

from footbridge.care.safety.models import Alarm
from footbridge.data import parsed
from footbridge.engines import same_person
from footbridge.ground.people import reads as people
from footbridge.ground.people.models import Client
from footbridge.kit.access import SYSTEM, Actor

from . import promises
from .models import ContactAttempt, Inquiry, InquiryClosed, NotThisClient, Waiting
from .words import Outcome, Step, Triage

SENT_SHOWN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands at an instant: its step, the promise that runs, and whether it is broken."""

    step: str
    promise: str = ""
    due_at: datetime | None = None
    breached: bool = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """A client who may be the same person, and what speaks for it."""

    client: Client
    same_birth_date: bool
    same_phone: bool
    same_email: bool
    name_score: int
    score: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def is_strong(self) -> bool:
        return self.score >= same_person.STRONG_FROM


def inquiry(actor: Actor, uid: UUID) -> Inquiry | None:
    """The request by its outside name, with what its page and standing need."""
    return (
        with_standing(Inquiry.objects.visible_to(actor))
        .select_related("source", "episode__client__person", "closed__by__person")
        .filter(uid=uid)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A request beside a client it looks like, named by an address."""

    inquiry: Inquiry
    client: Client


def compared(actor: Actor, uid: UUID, client: UUID) -> Compared | None:
    asked, found = inquiry(actor, uid), people.client(actor, client)
    return Compared(asked, found) if asked and found else None


def just_sent(uid: UUID, at: datetime) -> Inquiry | None:
    """The request for its own thank-you page, for a day. Who holds the address sent it; the page names nobody."""
    return Inquiry.objects.filter(uid=uid, received_at__gt=at - SENT_SHOWN_FOR).first()


def alarms(inquiry: Inquiry) -> QuerySet[Alarm]:
    """What this request raised, the newest first."""
    return Alarm.objects.filter(source_kind="inquiry", source_key__startswith=str(inquiry.uid)).order_by("-id")


def sent_as(actor: Actor, form_key: str) -> Inquiry | None:
    """The request that an impatient click has written already."""
    try:
        return Inquiry.objects.visible_to(actor).filter(form_key=UUID(form_key)).first()
    except ValueError:
        return None


def with_standing(inquiries: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """Adds what `standing` reads: is_closed, last_try_at, last_try_by, reached_at, waits_on, waits_for, waits_since."""
    tries = ContactAttempt.objects.filter(inquiry=OuterRef("pk")).order_by("-at", "-id")
    waits = Waiting.objects.filter(inquiry=OuterRef("pk"), ended_at__isnull=True)
    return inquiries.annotate(
        is_closed=Exists(InquiryClosed.objects.filter(inquiry=OuterRef("pk"))),
        last_try_at=Subquery(tries.values("at")[:1]),
        last_try_by=Subquery(tries.values("by__person__name_used")[:1]),
        reached_at=Subquery(tries.filter(outcome=Outcome.REACHED).values("at")[:1]),
        waits_on=Subquery(waits.values("next_on")[:1]),
        waits_for=Subquery(waits.values("next_action")[:1]),
        waits_since=Subquery(waits.values("since")[:1]),
    )


def unfinished(actor: Actor) -> QuerySet[Inquiry]:
    """Requests that are neither taken up nor closed."""
    return with_standing(Inquiry.objects.visible_to(actor)).filter(  # type: ignore[misc]
        is_closed=False, episode__isnull=True
    )


def breached_count(at: datetime) -> int:
    """How many people who asked wait longer than we promised, before their request is taken up."""
    at_site = promises.calendar()
    return sum(standing(one, at, at_site).breached for one in unfinished(SYSTEM))


def standing(inquiry: Inquiry, at: datetime, at_site: promises.Calendar) -> Standing:
    """The step and the promise of a request that was loaded by `with_standing`. Promises: data/promises.yaml."""
    if inquiry.is_closed:  # type: ignore[attr-defined]
        return Standing(Step.CLOSED)
    if inquiry.episode_id is not None:
        return Standing(Step.TAKEN_UP)
    waits_on = inquiry.waits_on  # type: ignore[attr-defined]
    reached_at, last_try_at = inquiry.reached_at, inquiry.last_try_at  # type: ignore[attr-defined]
    if waits_on is not None:
        asked = interim_due(inquiry.triage, inquiry.waits_since, last_try_at, at_site)  # type: ignore[attr-defined]
        due = promises.end_of_day(waits_on, at_site)
        return running(Step.WAITING, "interim", asked, at) if asked < due else running(Step.WAITING, "next", due, at)
    if reached_at is not None:
        return running(Step.CONTACTED, "decide", promises.due("decide", inquiry.triage, reached_at, at_site), at)
    if last_try_at is not None:
        return running(Step.TRYING, "again", promises.due("again", inquiry.triage, last_try_at, at_site), at)
    return running(Step.NEW, "answer", promises.due("answer", inquiry.triage, inquiry.received_at, at_site), at)


def interim_due(triage: str, since: datetime, last_try_at: datetime | None, at_site: promises.Calendar) -> datetime:
    """By when somebody on the waiting list must hear from us again: so many days after the last contact, or after they came on it."""
    last = max(since, last_try_at or since)
    return promises.end_of_day(at_site.today(last) + timedelta(days=parsed("promises")["interim"][triage]), at_site)


def waiting(actor: Actor) -> QuerySet[Waiting]:
    """Who waits now, with the request, its last contact and the track they wait for."""
    tries = ContactAttempt.objects.filter(inquiry=OuterRef("inquiry")).order_by("-at", "-id")
    return (
        Waiting.objects.filter(ended_at__isnull=True, inquiry__in=Inquiry.objects.visible_to(actor))
        .select_related("inquiry", "track").annotate(last_try_at=Subquery(tries.values("at")[:1])).order_by("since", "id")
    )  # fmt: skip


def running(step: str, promise: str, due_at: datetime, at: datetime) -> Standing:
    return Standing(step, promise, due_at, due_at < at)


def urgency_order(found: Standing, inquiry: Inquiry) -> tuple[int, float, int]:
    """Sorts what must be answered first: broken promises, the oldest before, then what falls due next.
    A crisis leads its kind.
    """
    due_at = found.due_at.timestamp() if found.due_at else float("inf")
    return (0 if found.breached else 1, due_at, list(Triage.values).index(inquiry.triage))


def answer_due(inquiry: Inquiry) -> datetime:
    """By when a person answers: what the thank-you page promises."""
    return promises.due("answer", inquiry.triage, inquiry.received_at, promises.calendar())


def client_numbered(actor: Actor, number: str) -> Client | None:
    """The client with this record number, or the one into whom that record was merged."""
    return Client.objects.visible_to(actor).filter(people.number_is(number, of=""), merged_into__isnull=True).select_related("person").first()


def possible_duplicates(actor: Actor, inquiry: Inquiry) -> list[Likeness]:
    """Clients who may be this person, the likeliest first: same birth date, phone or email, or a name that is nearly the same. Those
    whom somebody compared and kept apart from this request, and records merged into another, are left out.
    """
    clients = Client.objects.visible_to(actor).filter(merged_into__isnull=True).exclude(pk__in=NotThisClient.objects.filter(inquiry=inquiry.pk).values("client_id"))
    same = Q(pk__in=[])
    for field in ("born_on", "phone", "email"):
        if getattr(inquiry, field):
            same |= Q(**{f"person__{field}": getattr(inquiry, field)})
    names = dict(clients.values_list("pk", "person__legal_name"))
    wanted = inquiry.legal_name or inquiry.name_used
    by_name = process.extract(
        wanted, names, scorer=fuzz.token_sort_ratio, processor=str.casefold, score_cutoff=same_person.NAME_ALIKE, limit=8
    )
    given = same_person.names(inquiry.legal_name, inquiry.name_used)
    asked = same_person.Facts(given, inquiry.born_on, inquiry.phone, inquiry.email)
    found = []
    for client in clients.filter(same | Q(pk__in=[key for _name, _score, key in by_name])).select_related("person")[:40]:
        like = same_person.likeness(asked, people.facts_of(client.person))
        if like.worth_showing or "same_phone" in like.reasons or "same_email" in like.reasons:
            found.append(
                Likeness(
                    client=client,
                    same_birth_date="same_birth_date" in like.reasons,
                    same_phone="same_phone" in like.reasons,
                    same_email="same_email" in like.reasons,
                    name_score=like.name_score if like.name_score >= same_person.NAME_ALIKE else 0,
                    score=like.score,
                    reasons=like.reasons,
                )
            )
    return sorted(found, key=lambda one: (-one.score, one.client.pk))


def same_person_asked(actor: Actor, inquiry: Inquiry) -> QuerySet[Inquiry]:
    """Other requests with the same phone, email, or name and birth date."""
    same = Q(pk__in=[])
    if inquiry.phone:
        same |= Q(phone=inquiry.phone)
    if inquiry.email:
        same |= Q(email=inquiry.email)
    if inquiry.born_on:
        same |= Q(born_on=inquiry.born_on, name_used__iexact=inquiry.name_used)
    return Inquiry.objects.visible_to(actor).filter(same).exclude(pk=inquiry.pk).order_by("-received_at")


def first_in_line(rows: Iterable[tuple[Standing, Inquiry]]) -> list[tuple[Standing, Inquiry]]:
    return sorted(rows, key=lambda row: urgency_order(*row))
