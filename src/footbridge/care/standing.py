"""Where episodes stand, gathered for many at once. It looks at every stage, so it stands above the last of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from footbridge.engines import standing as engine
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import zone

from .aftercare import reads as aftercare

CAME = ("present", "late", "left_early")


def standings(episodes: Iterable[Episode], at: datetime) -> dict[int, engine.Standing]:
    """The standing of each episode at `at`, by its id. The number of queries does not grow with the episodes."""
    rows = list(episodes)
    ids = [row.pk for row in rows]
    here = zone()

    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(here).date() if moment else None

    told = _gathered(ids)
    found: dict[int, engine.Standing] = {}
    for row in rows:
        one = told[row.pk]
        signed = (one["client_signed"], one["clinician_signed"])
        signed_on = day(max(signed)) if all(signed) else None
        review_on = day(one["reviewed"])
        facts = engine.EpisodeFacts(
            inquired_on=day(one["received"] or row.opened_at),
            contacted_on=day((one["contacted"] or one["taken_up"]) if one["received"] else row.opened_at),
            screened_on=day(one["screened"]),
            placed_on=day(one["decided"]),
            placed_level=one["level"] or "",
            admitted_on=one["starts_on"],
            plan_signed_on=signed_on,
            timetable_published_on=day(one["booked"]),
            first_attended_on=day(one["first_came"]),
            last_attended_on=day(one["last_came"]),
            reviewed_on=review_on,
            discharged_on=one["left_on"],
            aftercare_ended_on=_aftercare_end(one["left_on"]),
            review_due_on=engine.review_due(signed_on, review_on, one["review_every_days"]) if signed_on else None,
        )
        found[row.pk] = engine.standing(facts, at.astimezone(here).date())
    return found


def standing(episode: Episode, at: datetime) -> engine.Standing:
    return standings([episode], at)[episode.pk]


# Ten small questions of as many tables. Asked one by one through the models they cost more than the rest of a chart.
_FACTS = """
SELECT e.id AS episode, inquiry.*, decision.*, admission.starts_on, signature.*, came.*, discharge.left_on,
  (SELECT min(s.at) FROM care_screen s WHERE s.episode_id = e.id) AS screened,
  (SELECT min(b.booked_at) FROM care_booking b WHERE b.episode_id = e.id AND b.cancelled_at IS NULL) AS booked,
  (SELECT max(r.at) FROM care_planreview r WHERE r.episode_id = e.id) AS reviewed
FROM unnest(%s::bigint[]) AS e(id)
LEFT JOIN LATERAL (
  SELECT i.received_at AS received, i.taken_up_at AS taken_up,
    (SELECT min(t.at) FROM care_contactattempt t WHERE t.inquiry_id = i.id) AS contacted
  FROM care_inquiry i WHERE i.episode_id = e.id
) inquiry ON true
LEFT JOIN LATERAL (
  SELECT d.at AS decided, d.actual AS level FROM care_decision d WHERE d.episode_id = e.id ORDER BY d.at LIMIT 1
) decision ON true
LEFT JOIN care_admission admission ON admission.episode_id = e.id
LEFT JOIN LATERAL (
  SELECT min(g.at) FILTER (WHERE g.capacity = 'client') AS client_signed,
    min(g.at) FILTER (WHERE g.capacity = 'clinician') AS clinician_signed,
    (array_agg(p.review_every_days ORDER BY g.at DESC))[1] AS review_every_days
  FROM care_plansignature g JOIN care_plan p ON p.id = g.plan_id
  WHERE p.episode_id = e.id AND g.capacity IN ('client', 'clinician')
) signature ON true
LEFT JOIN LATERAL (
  SELECT min(b.starts_at) AS first_came, max(b.starts_at) AS last_came
  FROM care_booking b JOIN care_attendance a ON a.booking_id = b.id WHERE b.episode_id = e.id AND a.came = ANY(%s)
) came ON true
LEFT JOIN LATERAL (
  SELECT t.effective_on AS left_on FROM care_transition t WHERE t.episode_id = e.id AND t.kind = 'discharge' LIMIT 1
) discharge ON true
"""


def _gathered(ids: list[int]) -> dict[int, dict[str, Any]]:
    """The dates and moments of each episode, by its id. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [ids, list(CAME)])
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def _aftercare_end(discharged: date | None) -> date | None:
    """Aftercare ends three weeks after the last contact was due."""
    return discharged + timedelta(days=max(aftercare.days()) + 21) if discharged else None
