"""The desk's list: every request on its way in, the broken promise first; and the papers of one client."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.timesince import timesince

from footbridge.care.inquiry import promises
from footbridge.care.inquiry import reads as inquiries
from footbridge.care.inquiry.models import Inquiry, InquiryClosed
from footbridge.care.inquiry.words import TRIAGE_TONES, Step
from footbridge.care.placement.models import Admission, Decision
from footbridge.care.screening.models import Screen
from footbridge.data import parsed
from footbridge.ground.consent import gates
from footbridge.ground.consent import reads as consents
from footbridge.ground.consent.models import Consent
from footbridge.ground.coverage.models import BenefitCheck, Coverage, PayerKind
from footbridge.ground.episodes.models import CareTeamMember, Episode
from footbridge.ground.people.models import Client
from footbridge.ground.program import levels
from footbridge.ground.program.models import Program
from footbridge.ground.program.words import Mode
from footbridge.kit.access import Actor

from .words import NEXT, TONES, DeskStep

PAGE = 50  # rows; of finished requests only the last fifty are listed
# What each filter holds. "open" is everything somebody still has to do something about.
FILTERS = ("open", "new", "contacted", "waiting", "taken_up", "screened", "placed", "admitted", "closed")
_SHOWS = {
    "new": (DeskStep.NEW, DeskStep.TRYING),
    "contacted": (DeskStep.CONTACTED,),
    "waiting": (DeskStep.WAITING,),
    "taken_up": (DeskStep.TAKEN_UP,),
    "screened": (DeskStep.SCREENED,),
    "placed": (DeskStep.PLACED,),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    inquiry: Inquiry
    standing: inquiries.Standing
    label: Any
    tone: str
    triage_tone: str
    asked: str
    owner: str
    next: Any

    @property
    def can_call(self) -> bool:
        return self.standing.step in (Step.NEW, Step.TRYING, Step.CONTACTED, Step.WAITING)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list, how many each filter of unfinished requests holds, and how many promises are broken in this one."""

    rows: list[Row]
    page: Page[Any]
    counts: dict[str, int]
    broken: int


def listed(actor: Actor, at: datetime, show: str = "open", number: Any = 1) -> Listed:
    """A page of a filter. Every unfinished request is judged, for the order; only those of the page are put into words."""
    at_site = promises.calendar()
    judged = [(_standing(one, at, at_site), one) for one in on_the_way(actor)]
    counts = _count([standing for standing, _one in judged])
    if show in ("admitted", "closed"):
        finished = Paginator(_finished(actor, show)[:PAGE], PAGE).get_page(number)
        return Listed([_row(_standing(one, at, at_site), one, at) for one in finished], finished, counts, 0)
    wanted = [row for row in judged if show == "open" or row[0].step in _SHOWS[show]]
    page = Paginator(inquiries.first_in_line(wanted), PAGE).get_page(number)
    broken = sum(standing.breached for standing, _one in wanted)
    return Listed([_row(standing, one, at) for standing, one in page], page, counts, broken)


def on_the_way(actor: Actor) -> QuerySet[Inquiry]:
    """Requests neither closed nor admitted, nor ended before a first day."""
    unfinished = _with_way(actor).filter(is_closed=False, is_admitted=False)  # type: ignore[misc]
    return unfinished.exclude(episode__ended_at__isnull=False)


def last_request(actor: Actor, at: datetime) -> str:
    """How long ago the last request came, in words; empty when there was none."""
    last = Inquiry.objects.visible_to(actor).order_by("-received_at").values_list("received_at", flat=True).first()
    return timesince(last, at) if last else ""


def _with_way(actor: Actor) -> QuerySet[Inquiry]:
    of_episode = {"episode": OuterRef("episode")}
    intake = CareTeamMember.objects.filter(**of_episode, role="intake", left_at__isnull=True)
    return inquiries.with_standing(Inquiry.objects.visible_to(actor)).annotate(
        screened_at=Subquery(Screen.objects.filter(**of_episode).order_by("at").values("at")[:1]),
        decided_at=Subquery(Decision.objects.filter(**of_episode).order_by("at").values("at")[:1]),
        is_admitted=Exists(Admission.objects.filter(**of_episode)),
        in_hand_of=Subquery(intake.order_by("-joined_at").values("staff__person__name_used")[:1]),
    )


def _finished(actor: Actor, show: str) -> QuerySet[Inquiry]:
    found = _with_way(actor)
    if show == "admitted":
        return found.filter(is_admitted=True).order_by("-taken_up_at")  # type: ignore[misc]
    closed_at = InquiryClosed.objects.filter(inquiry=OuterRef("pk")).values("at")
    return found.filter(Q(is_closed=True)).annotate(closed_at=Subquery(closed_at)).order_by("-closed_at")


def _standing(inquiry: Inquiry, at: datetime, at_site: promises.Calendar) -> inquiries.Standing:
    """The request's own standing, and past it the steps to the first day."""
    own = inquiries.standing(inquiry, at, at_site)
    if own.step != Step.TAKEN_UP:
        return own
    found: Any = inquiry
    if found.is_admitted:
        return inquiries.Standing(DeskStep.ADMITTED)
    since, step, promise = found.taken_up_at, DeskStep.TAKEN_UP, "screen"
    if found.screened_at:
        since, step, promise = found.screened_at, DeskStep.SCREENED, "place"
    if found.decided_at:
        since, step, promise = found.decided_at, DeskStep.PLACED, "start"
    return inquiries.running(step, promise, promises.due(promise, inquiry.triage, since, at_site), at)


def _row(standing: inquiries.Standing, inquiry: Inquiry, at: datetime) -> Row:
    found = inquiry
    waits_for = getattr(found, "waits_for", "") if standing.promise == "next" else ""
    return Row(
        inquiry=inquiry,
        standing=standing,
        label=DeskStep(standing.step).label,
        tone=TONES[standing.step],
        triage_tone=TRIAGE_TONES[inquiry.triage],
        asked=timesince(inquiry.received_at, at, depth=1),
        owner=getattr(found, "in_hand_of", None) or getattr(found, "last_try_by", None) or "",
        next=waits_for or _next(standing, found),
    )


def _next(standing: inquiries.Standing, inquiry: Inquiry) -> Any:
    words = NEXT.get(standing.promise, "")
    return f"{words} · {getattr(inquiry, 'waits_for', '')}" if standing.promise == "interim" else words


def _count(judged: list[inquiries.Standing]) -> dict[str, int]:
    steps = Counter(standing.step for standing in judged)
    return {"open": len(judged)} | {name: sum(steps[step] for step in of) for name, of in _SHOWS.items()}


# ------------------------------------------------------------------ papers


@dataclass(frozen=True, slots=True)
class Papers:
    coverages: list[Coverage]
    checks: list[tuple[BenefitCheck, str]]
    consents: list[Consent]
    costs: Costs | None


@dataclass(frozen=True, slots=True)
class Costs:
    """What care costs in general, for somebody who pays it: a published range, never our price. `steps`: (sentence, source, mark)."""

    week: str
    whole: str
    days: int
    weeks: int
    says: str
    steps: list[tuple[str, str, str]]


def papers(episode: Episode) -> Papers:
    """What is recorded about who pays and what the client agreed to, newest first."""
    client = episode.client
    checks = BenefitCheck.objects.filter(coverage__client=client).select_related("coverage", "checked_by__person")
    return Papers(
        list(client.coverages.order_by("-covered_from", "-id")),
        [(check, _dollars(check.copay_cents)) for check in checks[:20]],
        list(client.consents.select_related("revoked", "witnessed_by__person")),
        _costs() if pays_alone(client) else None,
    )


def pays_alone(client: Client) -> bool:
    newest = client.coverages.order_by("-covered_from", "-id").first()
    return newest is not None and newest.kind == PayerKind.SELF_PAY


def _costs() -> Costs | None:
    """For the days of an ordinary week and the weeks of the longest program here. Rule source: data/levels.yaml and self_pay.yaml."""
    told, cost = parsed("self_pay"), levels.level("iop").cost
    weeks = Program.objects.filter(admits=True, level="iop").aggregate(most=Max("weeks"))["most"]
    if cost is None or not weeks:
        return None
    days = told["days_a_week"]
    low, high = cost.low * days, cost.high * days
    return Costs(
        week=f"${low:,}–${high:,}", whole=f"${low * weeks:,}–${high * weeks:,}", days=days, weeks=weeks, says=f"{cost.source}: {cost.mark}",
        steps=[(one["say"], one["source"], one["mark"]) for one in told["steps"]],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A consent the checklist asks for, and whether it is signed."""

    gate: gates.Gate
    signed: bool


def checklist(episode: Episode, today: date) -> list[Asked]:
    """The gates that are on for the program of this person, in the order of the steps."""
    admission = Admission.objects.filter(episode=episode).select_related("track__program").first()
    program = admission.track.program if admission else gates.admitting()
    given = set(consents.in_force(episode.client, today).values_list("kind", flat=True))
    by_video = admission is None or admission.track.mode != Mode.IN_PERSON
    return [Asked(one, one.kind in given) for one in gates.gates(program, today) if one.on and (by_video or not one.by_video)]


def _dollars(cents: int | None) -> str:
    return "" if cents is None else f"${cents // 100:,}.{cents % 100:02d}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records that may be of one person: what helps to tell, nothing clinical."""

    client: Client
    episodes: list[Episode]
    coverages: list[str]
    signs_in: bool

    @property
    def is_open(self) -> bool:
        return any(episode.ended_at is None for episode in self.episodes)


def side(client: Client) -> Side:
    return Side(
        client,
        list(client.episodes.order_by("-opened_at")),
        [" ".join(part for part in (one.get_kind_display(), one.payer) if part) for one in client.coverages.order_by("-covered_from", "-id")],
        client.person.user_id is not None,
    )
