"""Who needs someone first, and what stands on the chart's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q

from footbridge.care.measures.models import CourseAlert
from footbridge.care.safety.models import Alarm
from footbridge.care.standing import standings
from footbridge.engines.standing import Stage, Standing
from footbridge.ground.episodes.models import CareTeamMember, Episode
from footbridge.ground.instruments.models import Score
from footbridge.kit.access import Actor
from footbridge.kit.web import shapes

from . import words

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One client on the list. `need` sorts: the smaller, the sooner somebody should look."""

    episode: Episode
    standing: Standing
    stage: str
    sentence: str
    alarm: Alarm | None
    course: CourseAlert | None
    scores: dict[str, list[float | None]]
    need: int


def caseload(actor: Actor, at: datetime, *, words_sought: str = "", number: str = "1") -> tuple[list[Line], Page[Episode]]:
    """The actor's open clients, those who need someone first on top within a page of fifty.

    Clinicians see the people of their own care team; the director, who sees everybody, pages by name.
    """
    mine = Episode.objects.visible_to(actor).open().select_related("client__person")
    if actor.staff_id and not actor.has("director"):
        mine = mine.filter(Exists(CareTeamMember.objects.filter(episode=OuterRef("pk"), staff_id=actor.staff_id, left_at__isnull=True)))
    if words_sought:
        mine = mine.filter(
            Q(client__person__name_used__icontains=words_sought)
            | Q(client__person__legal_name__icontains=words_sought)
            | Q(client__number__iexact=words_sought)
        )
    page = Paginator(mine.order_by("client__person__name_used", "pk"), PAGE).get_page(number)
    return sorted(_lines(list(page.object_list), at), key=lambda line: line.need), page


def _lines(episodes: list[Episode], at: datetime) -> list[Line]:
    standing = standings(episodes, at)
    clients = [row.client_id for row in episodes]
    alarms: dict[int, Alarm] = {}
    for alarm in Alarm.objects.filter(client__in=clients, closed__isnull=True).order_by("-due_at"):
        alarms[alarm.client_id or 0] = alarm
    courses: dict[int, CourseAlert] = {}
    for course in CourseAlert.objects.filter(episode__in=episodes, closed__isnull=True).order_by("-color", "due_on"):
        courses[course.episode_id] = course
    scores: dict[int, dict[str, list[float | None]]] = {}
    rows = Score.objects.filter(sheet__episode__in=episodes, score="total", sheet__instrument__code__in=["phq9", "gad7"])
    for row in rows.select_related("sheet__instrument").order_by("sheet__finished_at"):
        of = scores.setdefault(row.sheet.episode_id or 0, {}).setdefault(row.sheet.instrument.title, [])
        of.append(None if row.value is None else float(row.value))
    return [
        Line(
            episode=row, standing=standing[row.pk], stage=str(words.STAGES[standing[row.pk].stage]),
            sentence=words.said(standing[row.pk].sentence), alarm=alarms.get(row.client_id), course=courses.get(row.pk),
            scores=scores.get(row.pk, {}), need=_need(alarms.get(row.client_id), courses.get(row.pk), standing[row.pk]),
        )
        for row in episodes
    ]  # fmt: skip


def _need(alarm: Alarm | None, course: CourseAlert | None, standing: Standing) -> int:
    if alarm:
        return {"now": 0, "today": 1, "soon": 2}[alarm.urgency]
    if course:
        return 3 if course.color == "red" else 4
    if standing.overdue:
        return 5
    if standing.sentence.code == "standing.in_care_away":
        return 6
    return 7 if standing.stage is Stage.REVIEW else 8


def episode_by_number(number: str) -> Episode | None:
    """The open or last episode of a record number; used only by the exception, which writes down that it was asked."""
    return Episode.objects.filter(client__number__iexact=number.strip()).select_related("client__person").order_by("-opened_at").first()


def steps_of(standing: Standing) -> list[shapes.Step]:
    """The way through care as steps, for the bar at the head of a chart."""
    order = [
        Stage.INQUIRY, Stage.SCREENING, Stage.PLACEMENT, Stage.ADMISSION, Stage.PLAN, Stage.TIMETABLE, Stage.FIRST_DAY, Stage.IN_CARE, Stage.AFTERCARE,
    ]  # fmt: skip
    here = Stage.IN_CARE if standing.stage in (Stage.REVIEW, Stage.ON_HOLD) else standing.stage
    return [
        shapes.Step(words.STAGES[stage], "current" if stage == here else "done" if stage in standing.done else "next") for stage in order
    ]
