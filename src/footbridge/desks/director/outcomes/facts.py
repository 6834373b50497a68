"""The cohort and its scores, gathered by the database: two queries, one row for each episode and measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from footbridge.care.measures import course_rules
from footbridge.data import parsed
from footbridge.engines import scoring
from footbridge.ground.instruments import shelf
from footbridge.ground.instruments.models import InstrumentEdition
from footbridge.ground.program.days import zone

# Conditions by the head of an ICD-10-CM code of a problem of the plan.
CONDITIONS = {"mood": ("F3",), "anxiety": ("F40", "F41", "F42"), "trauma": ("F43",), "substance_use": ("F1",), "eating": ("F50",)}
AFTER = ("followup", "aftercare")  # asked after treatment: no part of its outcome

COMPLETED, LEFT, HERE = "completed", "left", "here"


@dataclass(frozen=True, slots=True)
class Filters:
    """Admissions that started from a day until a day (both inclusive), of a program, a track, a condition."""

    first: date
    last: date
    program: UUID | None = None
    track: UUID | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """One admission. `weeks` are the weeks from its first day to its end or today."""

    episode: int
    group: str
    starts_on: date
    ends_on: date
    discharged: bool

    @property
    def weeks(self) -> int:
        return max(1, ((self.ends_on - self.starts_on).days + 6) // 7)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one measure knows of one episode. `first` is the score at intake; `last` a later one."""

    first: Decimal | None
    last: Decimal | None
    weeks_with: int
    at_discharge: bool


@dataclass(frozen=True, slots=True)
class Measure:
    code: str
    form: scoring.Definition
    rule: scoring.ChangeRule
    by_episode: dict[int, Measured]


def cohort(filters: Filters, today: date) -> list[Stay]:
    """Every admission of the filters, whatever became of it."""
    where, words = ["a.starts_on BETWEEN %s AND %s"], [today, filters.first, min(filters.last, today)]
    if filters.program:
        where.append("p.uid = %s")
        words.append(filters.program)  # type: ignore[arg-type]
    if filters.track:
        where.append("t.uid = %s")
        words.append(filters.track)  # type: ignore[arg-type]
    if filters.condition in CONDITIONS:
        where.append(
            "EXISTS (SELECT 1 FROM care_plan pl JOIN care_problem pr ON pr.plan_id = pl.id"
            " WHERE pl.episode_id = a.episode_id AND upper(pr.icd10) LIKE ANY(%s))"
        )
        words.append([f"{head}%" for head in CONDITIONS[filters.condition]])  # type: ignore[arg-type]
    found = _rows(
        "SELECT a.episode_id, a.starts_on, d.effective_on, d.reason, LEAST(d.effective_on, %s::date)"  # noqa: S608 - conditions are ours, words are parameters
        " FROM care_admission a JOIN ground_track t ON t.id = a.track_id JOIN ground_program p ON p.id = t.program_id"
        " LEFT JOIN care_transition d ON d.episode_id = a.episode_id AND d.kind = 'discharge'"
        f" WHERE {' AND '.join(where)} ORDER BY a.episode_id",
        words,
    )
    stays = []
    for episode, starts_on, left_on, reason, ends_on in found:
        gone = left_on is not None and left_on <= today
        group = HERE if not gone else COMPLETED if reason == "completed" else LEFT
        stays.append(Stay(episode, group, starts_on, max(starts_on, ends_on), gone))
    return stays


def measures(stays: list[Stay]) -> list[Measure]:
    """Every measure whose change rule is known and that anybody of the cohort answered, weekly ones first. Only the newest edition's
    name counts: editions are not mixed."""
    editions: dict[int, tuple[str, str]] = {}
    forms: dict[str, scoring.Definition] = {}
    stored = list(InstrumentEdition.objects.order_by("loaded_at", "id"))
    built = shelf.definitions(stored)
    for one in stored:
        form = built[one.pk]
        if form.change_rule() is not None:
            forms[one.code] = form
            editions[one.pk] = (one.code, one.edition)
    wanted = [(pk, forms[code].change_rule().score) for pk, (code, edition) in editions.items() if edition == forms[code].edition]  # type: ignore[union-attr]
    if not wanted or not stays:
        return []
    span, window = course_rules.rules(), parsed("outcomes")["at_discharge"]
    rows = _rows(
        """
        WITH stay AS (
          SELECT * FROM unnest(%s::int[], %s::date[], %s::date[], %s::bool[]) AS s(episode, starts_on, ends_on, gone)
        ), point AS (
          SELECT stay.*, sheet.instrument_id, score.value, sheet.id, (sheet.finished_at AT TIME ZONE %s)::date AS at
          FROM stay JOIN ground_sheet sheet ON sheet.episode_id = stay.episode
          JOIN ground_score score ON score.sheet_id = sheet.id
          JOIN unnest(%s::int[], %s::text[]) AS w(instrument, score) ON w.instrument = sheet.instrument_id AND w.score = score.score
          WHERE sheet.finished_at IS NOT NULL AND sheet.withdrawn_at IS NULL AND sheet.occasion <> ALL(%s) AND score.value IS NOT NULL
        )
        SELECT episode, instrument_id,
          (array_agg(value ORDER BY at, id) FILTER (WHERE at BETWEEN starts_on - %s AND starts_on + %s))[1],
          (array_agg(at ORDER BY at, id) FILTER (WHERE at BETWEEN starts_on - %s AND starts_on + %s))[1],
          (array_agg(value ORDER BY at DESC, id DESC) FILTER (WHERE NOT gone OR at <= ends_on + %s))[1],
          max(at) FILTER (WHERE NOT gone OR at <= ends_on + %s),
          count(DISTINCT (at - starts_on) / 7) FILTER (WHERE at >= starts_on AND at < GREATEST(ends_on, starts_on + 1)),
          bool_or(gone AND at BETWEEN ends_on - %s AND ends_on + %s)
        FROM point GROUP BY episode, instrument_id, starts_on
        """,
        [
            [s.episode for s in stays], [s.starts_on for s in stays], [s.ends_on for s in stays], [s.discharged for s in stays], str(zone()),
            [pk for pk, _score in wanted], [score for _pk, score in wanted], list(AFTER),
            *[span.baseline_before_days, span.baseline_after_days] * 2, window["after_days"], window["after_days"],
            window["before_days"], window["after_days"],
        ],
    )  # fmt: skip
    found: dict[str, dict[int, Measured]] = {}
    for episode, pk, first, first_on, last, last_on, weeks, discharged in rows:
        later = last if first_on is None or last_on is None or last_on > first_on else None
        found.setdefault(editions[pk][0], {})[episode] = Measured(first, later, weeks, bool(discharged))
    order = {"phq9": 0, "gad7": 1}
    return [
        Measure(code, forms[code], forms[code].change_rule(), held)  # type: ignore[arg-type]
        for code, held in sorted(found.items(), key=lambda pair: (order.get(pair[0], 9), pair[0]))
    ]


def _rows(sql: str, words: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, words)
        return cursor.fetchall()
