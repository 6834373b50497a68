"""Questions about requests: who asked, who waits, and which promise is broken first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from rapidfuzz import fuzz, process

from footbridge.ground.people.models import Client
from footbridge.kit.access import SYSTEM, Actor

from . import promises
from .models import ContactAttempt, Inquiry, InquiryClosed, Waiting
from .words import Outcome, Step, Triage

SENT_SHOWN_FOR = timedelta(hours=24)
LIKE_ENOUGH = 85  # rapidfuzz token_sort_ratio, 0-100


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


def inquiry(actor: Actor, uid: UUID) -> Inquiry | None:
    """The request by its outside name, with what its page and standing need."""
    return (
        with_standing(Inquiry.objects.visible_to(actor))
        .select_related("source", "episode__client__person", "closed__by__person")
        .filter(uid=uid)
        .first()
    )


def just_sent(uid: UUID, at: datetime) -> Inquiry | None:
    """The request for its own thank-you page, for a day. Who holds the address sent it; the page names nobody."""
    return Inquiry.objects.filter(uid=uid, received_at__gt=at - SENT_SHOWN_FOR).first()


def with_standing(inquiries: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """Adds what `standing` reads: is_closed, last_try_at, last_try_by, reached_at, waits_on, waits_for."""
    tries = ContactAttempt.objects.filter(inquiry=OuterRef("pk")).order_by("-at", "-id")
    waits = Waiting.objects.filter(inquiry=OuterRef("pk"), ended_at__isnull=True)
    return inquiries.annotate(
        is_closed=Exists(InquiryClosed.objects.filter(inquiry=OuterRef("pk"))),
        last_try_at=Subquery(tries.values("at")[:1]),
        last_try_by=Subquery(tries.values("by__person__name_used")[:1]),
        reached_at=Subquery(tries.filter(outcome=Outcome.REACHED).values("at")[:1]),
        waits_on=Subquery(waits.values("next_on")[:1]),
        waits_for=Subquery(waits.values("next_action")[:1]),
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
        return running(Step.WAITING, "next", promises.end_of_day(waits_on, at_site), at)
    if reached_at is not None:
        return running(Step.CONTACTED, "decide", promises.due("decide", inquiry.triage, reached_at, at_site), at)
    if last_try_at is not None:
        return running(Step.TRYING, "again", promises.due("again", inquiry.triage, last_try_at, at_site), at)
    return running(Step.NEW, "answer", promises.due("answer", inquiry.triage, inquiry.received_at, at_site), at)


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


def possible_duplicates(actor: Actor, inquiry: Inquiry) -> list[Likeness]:
    """Clients who may be this person: same birth date, phone or email, or a name that is nearly the same.
    The likeliest first.
    """
    clients = Client.objects.visible_to(actor)
    same = Q(pk__in=[])
    for field in ("born_on", "phone", "email"):
        if getattr(inquiry, field):
            same |= Q(**{f"person__{field}": getattr(inquiry, field)})
    names = dict(clients.values_list("pk", "person__legal_name"))
    wanted = inquiry.legal_name or inquiry.name_used
    by_name = process.extract(
        wanted, names, scorer=fuzz.token_sort_ratio, processor=str.casefold, score_cutoff=LIKE_ENOUGH, limit=8
    )
    scores = {key: round(score) for _name, score, key in by_name}
    found = [
        Likeness(
            client=client,
            same_birth_date=bool(inquiry.born_on) and client.person.born_on == inquiry.born_on,
            same_phone=bool(inquiry.phone) and client.person.phone == inquiry.phone,
            same_email=bool(inquiry.email) and client.person.email == inquiry.email,
            name_score=scores.get(client.pk, 0),
        )
        for client in clients.filter(same | Q(pk__in=scores)).select_related("person")[:40]
    ]
    # A birth date alone is shared by many; it counts only with something else.
    real = [one for one in found if one.same_phone or one.same_email or one.name_score]
    return sorted(
        real, key=lambda one: -(one.name_score + 100 * (one.same_birth_date + one.same_phone + one.same_email))
    )


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
