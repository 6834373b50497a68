"""What the people of a program show together: their readings, and how good the alerts about them were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.db.models.functions import TruncDate

from footbridge.care.placement.models import Admission
from footbridge.engines import progress, scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import shelf
from footbridge.ground.instruments.models import InstrumentEdition, Score
from footbridge.ground.program.days import zone
from footbridge.kit.access import Actor

from . import course_rules
from .models import CourseAlert

AFTER_TREATMENT = ("followup", "aftercare")  # occasions that are not part of the course


@dataclass(frozen=True, slots=True)
class Line:
    """The readings of one measure in one episode, oldest first. `edition` is the one most lately used."""

    episode_id: int
    code: str
    edition: InstrumentEdition
    rule: scoring.ChangeRule
    starts_on: date
    readings: tuple[progress.Reading, ...]


def lines(
    episodes: Iterable[int], *, ends: Mapping[int, date] | None = None, codes: Iterable[str] | None = None
) -> list[Line]:
    """The lines of these episodes for every measure whose change rule is known: three queries, however many episodes.

    A reading after the end of treatment (`ends`, by episode) or asked in aftercare is not part of the course.
    """
    starts = dict(Admission.objects.filter(episode__in=list(episodes)).values_list("episode_id", "starts_on"))
    editions = {
        one.pk: (one, rule)
        for one in InstrumentEdition.objects.all()
        if (rule := shelf.definition(one).change_rule()) is not None
        if codes is None or one.code in codes
    }
    if not starts or not editions:
        return []
    wanted = Q()
    for name in {rule.score for _one, rule in editions.values()}:
        wanted |= Q(
            score=name, sheet__instrument_id__in=[pk for pk, (_, rule) in editions.items() if rule.score == name]
        )
    rows = (
        Score.objects.filter(wanted, sheet__episode__in=list(starts), sheet__withdrawn_at=None, value__isnull=False)
        .exclude(sheet__occasion__in=AFTER_TREATMENT)
        .annotate(on=TruncDate("sheet__finished_at", tzinfo=zone()))
        .order_by("sheet__finished_at", "id")
        .values_list("sheet__episode_id", "sheet__instrument_id", "on", "value")
    )
    found: dict[tuple[int, str], tuple[int, list[progress.Reading]]] = {}
    for episode, edition, on, value in rows.iterator(chunk_size=5000):
        if ends is not None and episode in ends and on > ends[episode]:
            continue
        key = (episode, editions[edition][0].code)
        readings = found[key][1] if key in found else []
        readings.append(progress.Reading(on, value))
        found[key] = (edition, readings)
    return [
        Line(episode, code, editions[edition][0], editions[edition][1], starts[episode], tuple(readings))
        for (episode, code), (edition, readings) in found.items()
    ]


@dataclass(frozen=True, slots=True)
class AlertPrecision:
    """`everything` and `months` as the engine counts them; `not_yet` are alerts about people whose treatment goes on;
    `uncounted` are finished courses without a first score near the start and a later one."""

    everything: progress.Precision
    months: list[progress.Precision]
    not_yet: int
    uncounted: int


def alert_precision(actor: Actor, ends: Mapping[int, date]) -> AlertPrecision:
    """How good the course alerts were, judged at the end: off track found, missed, false alarms, rightly quiet.

    `ends`: episode id to the day treatment ended, for the episodes to judge (a later stage knows discharges:
    `dict(Transition.objects.filter(kind="discharge", ...).values_list("episode_id", "effective_on"))`). Only episodes of
    the actor's own care count, for a director all. Five queries, however many episodes.
    """
    seen = Episode.objects.visible_to(actor.within({"therapist", "prescriber", "director", "system"}))
    ours = list(seen.filter(pk__in=list(ends)).values_list("pk", flat=True))
    rules = course_rules.rules()
    alerts: dict[tuple[int, str], datetime] = {}
    raised = CourseAlert.objects.filter(episode__in=ours).order_by("-raised_at")
    for episode, code, at in raised.values_list("episode_id", "sheet__instrument__code", "raised_at"):
        alerts[episode, code] = at  # newest first, so the first alert stays
    finished: list[tuple[progress.FinishedCourse, scoring.ChangeRule]] = []
    uncounted = 0
    here = zone()
    for line in lines(ours, ends=ends):
        first = progress.baseline(line.readings, line.starts_on, rules)
        last = line.readings[-1]
        if first is None or last.on <= first.on:
            uncounted += 1
            continue
        alerted = alerts.get((line.episode_id, line.code))
        course = progress.FinishedCourse(
            ended_on=ends[line.episode_id],
            first=first.value,
            last=last.value,
            last_on=last.on,
            alerted_on=alerted.astimezone(here).date() if alerted else None,
        )
        finished.append((course, line.rule))
    everything, months = progress.precision(finished)
    not_yet = (
        CourseAlert.objects.filter(episode__in=seen.filter(ended_at__isnull=True)).exclude(episode__in=ours).count()
    )
    return AlertPrecision(everything, months, not_yet, uncounted)
