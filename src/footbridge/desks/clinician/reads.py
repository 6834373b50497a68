"""Who needs someone first, and what stands on the chart's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q

from footbridge.care.measures import schedule
from footbridge.care.plan.models import Objective
from footbridge.care.reviews import reads as reviews
from footbridge.care.sessions import reads as sessions
from footbridge.care.sessions.models import NotePart
from footbridge.care.standing import standings
from footbridge.care.timetable.models import Session
from footbridge.engines import attention
from footbridge.engines.standing import Stage, Standing
from footbridge.ground.episodes.models import CareTeamMember, Episode, EpisodeQuerySet
from footbridge.ground.episodes.rules import CLINICIANS
from footbridge.ground.people.reads import number_is
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Track
from footbridge.kit.access import Actor
from footbridge.kit.web import shapes

from . import people, words

PAGE = 50
WHOLE = 120  # up to so many people everything decides the order


@dataclass(frozen=True, slots=True)
class Line:
    """One client on the list: why they stand where they stand (`reasons`, gravest first), and their facts."""

    episode: Episode
    standing: Standing
    stage: str
    sentence: str
    known: people.Known
    reasons: list[str]


def mine(actor: Actor) -> EpisodeQuerySet:
    """The open episodes of the actor's own care team; the director's are all."""
    found = Episode.objects.visible_to(actor).open()
    if actor.staff_id and not actor.has("director"):
        found = found.filter(Exists(CareTeamMember.objects.filter(episode=OuterRef("pk"), staff_id=actor.staff_id, left_at__isnull=True)))
    return found


def caseload(actor: Actor, at: datetime, *, words_sought: str = "", number: str = "1") -> tuple[list[Line], Page[Any]]:
    """The actor's open clients, those who need someone first on top, a page of fifty at a time.

    Clinicians see the people of their own care team. The order is of all of them, not of a page. Somebody with more than
    `WHOLE` people (the director) has them ordered by alarms, alerts and reviews; what is late and who is ready is then looked up for
    the people of the page only: a list must not get slower with every client of the house.
    """
    found = mine(actor)
    if words_sought:
        found = found.filter(
            Q(client__person__name_used__icontains=words_sought)
            | Q(client__person__legal_name__icontains=words_sought)
            | number_is(words_sought)
        )
    names = {pk: (client, name) for pk, client, name in found.values_list("pk", "client_id", "client__person__name_used")}
    today = day_of(at)
    due = {one.episode.pk: one for one in reviews.due(actor, today, ahead=0) if one.episode.pk in names}
    everybody: dict[int, people.Known] = {}
    if len(names) <= WHOLE:
        episodes = list(Episode.objects.filter(pk__in=list(names)).select_related("client__person"))
        everybody = people.known(episodes, at, due)
        rows = [(pk, everybody[pk].attention, names[pk][1]) for pk in names]
    else:
        alarms, alerts = people.alarms_of(client for client, _name in names.values()), people.alerts_of(names)
        rows = [
            (pk, attention.attention(people.situation(alarms.get(client), alerts.get(pk), due.get(pk), today), today), name)
            for pk, (client, name) in names.items()
        ]
    page = Paginator([pk for pk, _why in attention.in_order(rows)], PAGE).get_page(number)
    shown = list(page.object_list)
    by_id = Episode.objects.select_related("client__person").in_bulk(shown)
    here = [by_id[pk] for pk in shown if pk in by_id]
    facts = everybody or people.known(here, at, due)
    standing = standings(here, at)
    return [
        Line(
            episode=row, standing=standing[row.pk], stage=str(words.STAGES[standing[row.pk].stage]), sentence=words.said(standing[row.pk].sentence),
            known=facts[row.pk], reasons=[words.said(reason) for reason in facts[row.pk].attention.reasons],
        )
        for row in here
    ], page  # fmt: skip


# ------------------------------------------------------------------ the huddle


@dataclass(frozen=True, slots=True)
class HuddleLine:
    episode: Episode
    known: people.Known
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class HuddlePart:
    code: str
    title: Any
    about: Any
    lines: list[HuddleLine]

    @property
    def more(self) -> int:
        """How many the page leaves out."""
        return max(0, len(self.lines) - 100)


def huddle(actor: Actor, at: datetime, *, track: UUID | None = None) -> tuple[list[HuddlePart], int]:
    """Everybody in the program among the actor's people, by where they stand: worse first, then stuck, then ready. The second is
    how many are on the way and need no talk."""
    found = mine(actor).filter(admission__isnull=False).select_related("client__person")
    if track is not None:
        found = found.filter(admission__track__uid=track)
    episodes = list(found.order_by("client__person__name_used", "pk"))
    today = day_of(at)
    due = {one.episode.pk: one for one in reviews.due(actor, today, ahead=0)}
    facts = people.known(episodes, at, due, windows=False)
    parts: dict[attention.Standing, list[HuddleLine]] = {}
    for one in episodes:
        verdict = facts[one.pk].verdict
        parts.setdefault(verdict.standing, []).append(HuddleLine(one, facts[one.pk], [words.said(reason) for reason in verdict.reasons]))
    order = (attention.Standing.WORSE, attention.Standing.STUCK, attention.Standing.READY, attention.Standing.UNKNOWN)
    told = [HuddlePart(str(code), *words.STANDINGS[code], parts.get(code, [])) for code in order]
    return told, len(parts.get(attention.Standing.ON_THE_WAY, []))


def tracks(actor: Actor) -> list[Track]:
    """The tracks the actor's people are in."""
    ids = mine(actor).filter(admission__isnull=False).values("admission__track")
    return list(Track.objects.filter(pk__in=ids).order_by("name"))


# ------------------------------------------------------------------ before a session


@dataclass(frozen=True, slots=True)
class Before:
    """One person of the roster, before the session."""

    name: str
    pronouns: str
    episode: Episode
    known: people.Known
    unanswered: list[str]
    objective: str
    may_open: bool


def before(session: Session, actor: Actor, at: datetime) -> list[Before]:
    """How the people of a session are: scores and change, what is not answered, alarms, and what their plan works on. The number of
    queries does not depend on how many come."""
    roster = sessions.roster(session)
    episodes = [one.booking.episode for one in roster]
    ids = [one.pk for one in episodes]
    facts = people.known(episodes, at, {}, windows=False)
    unanswered = schedule.unanswered(episodes, at)
    focus = _focus(ids)
    open_to = set(Episode.objects.visible_to(actor.within(CLINICIANS | {"director"})).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Before(
            one.name, one.pronouns, one.booking.episode, facts[one.booking.episode_id], unanswered.get(one.booking.episode_id, []),
            focus.get(one.booking.episode_id, ""), one.booking.episode_id in open_to,
        )
        for one in roster
    ]  # fmt: skip


def _focus(episodes: list[int]) -> dict[int, str]:
    """What each works on: the objective of the last note, else the first objective of the newest plan that both signed."""
    found: dict[int, str] = {}
    signed = Objective.objects.filter(goal__problem__plan__episode__in=episodes, goal__problem__plan__signatures__capacity="client")
    for episode, text in signed.order_by(
        "goal__problem__plan__version", "-goal__problem__place", "-goal__place", "-place"
    ).values_list("goal__problem__plan__episode_id", "text"):
        found[episode] = text  # the last one is the first of the newest version
    noted = NotePart.objects.filter(booking__episode__in=episodes, objective__isnull=False).order_by("booking__starts_at")
    found.update(noted.values_list("booking__episode_id", "objective__text"))
    return found


def episode_by_number(number: str) -> Episode | None:
    """The open or last episode of a record number; used only by the exception, which writes down that it was asked."""
    return Episode.objects.filter(number_is(number)).select_related("client__person").present_first().first()


def steps_of(standing: Standing) -> list[shapes.Step]:
    """The way through care as steps, for the bar at the head of a chart."""
    order = [
        Stage.INQUIRY, Stage.SCREENING, Stage.PLACEMENT, Stage.ADMISSION, Stage.PLAN, Stage.TIMETABLE, Stage.FIRST_DAY, Stage.IN_CARE, Stage.AFTERCARE,
    ]  # fmt: skip
    here = Stage.IN_CARE if standing.stage in (Stage.REVIEW, Stage.ON_HOLD) else standing.stage
    return [
        shapes.Step(words.STAGES[stage], "current" if stage == here else "done" if stage in standing.done else "next") for stage in order
    ]
