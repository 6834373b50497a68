"""What is known of many people at once: alarms, alerts, scores, what is late. The number of queries does not grow with the people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from footbridge.care.measures import schedule
from footbridge.care.measures.models import CourseAlert
from footbridge.care.placement.models import Admission
from footbridge.care.reviews.reads import Due
from footbridge.care.safety.models import Alarm
from footbridge.engines import attention, due
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import lines
from footbridge.ground.program.days import day_of


@dataclass(frozen=True, slots=True)
class Known:
    """One person's facts, the verdict for the huddle, and what must be looked at first."""

    alarm: Alarm | None
    alert: CourseAlert | None
    lines: list[lines.ScoreLine]
    late: tuple[due.Window, ...]
    review: Due | None
    admission: Admission | None
    week: int
    verdict: attention.Verdict
    attention: attention.Attention = field(default_factory=lambda: attention.Attention(attention.Need.NOTHING, None))


def alarms_of(clients: Iterable[int]) -> dict[int, Alarm]:
    """The gravest open alarm of each client, the earliest due of its kind."""
    found: dict[int, Alarm] = {}
    for alarm in Alarm.objects.filter(client__in=list(clients), closed__isnull=True).order_by("-due_at"):
        before = found.get(alarm.client_id or 0)
        if before is None or _GRAVE.index(alarm.urgency) <= _GRAVE.index(before.urgency):
            found[alarm.client_id or 0] = alarm
    return found


_GRAVE = ("now", "today", "soon")


def alerts_of(episodes: Iterable[int]) -> dict[int, CourseAlert]:
    """The gravest open course alert of each episode: red before yellow, then the one due first."""
    found: dict[int, CourseAlert] = {}
    rows = CourseAlert.objects.filter(episode__in=list(episodes), closed__isnull=True).order_by("due_on", "pk")
    for alert in rows:
        before = found.get(alert.episode_id)
        if before is None or (before.color != "red" and alert.color == "red"):
            found[alert.episode_id] = alert
    return found


def known(episodes: Sequence[Episode], at: datetime, reviews: dict[int, Due], *, windows: bool = True) -> dict[int, Known]:
    """The facts of these episodes. `reviews` are the reviews that are due, by episode; `windows` False leaves out what is late."""
    ids = [one.pk for one in episodes]
    today = day_of(at)
    alarms, alerts = alarms_of(one.client_id for one in episodes), alerts_of(ids)
    admitted = {row.episode_id: row for row in Admission.objects.filter(episode__in=ids).select_related("track__program")}
    scores = lines.of_episodes(ids, {pk: row.starts_on for pk, row in admitted.items()})
    asked = schedule.of_many(episodes, at) if windows else {}
    found = {}
    for one in episodes:
        alarm, alert, admission = alarms.get(one.client_id), alerts.get(one.pk), admitted.get(one.pk)
        week = max(0, (today - admission.starts_on).days // 7 + 1) if admission else 0
        held = scores.get(one.pk, [])
        verdict = attention.huddle(
            [attention.Line(line.name, tuple(r.value for r in _from_first(line) if r.value is not None), line.rule) for line in held if line.rule is not None],
            week=week, alert=alert.color if alert else "", in_danger=alarm is not None,
        )  # fmt: skip
        late = tuple(w for w in asked.get(one.pk, ()) if w.state is due.State.LATE)
        facts = situation(alarm, alert, reviews.get(one.pk), today, late=late, ready=verdict.standing is attention.Standing.READY)
        found[one.pk] = Known(
            alarm, alert, held, late, reviews.get(one.pk), admission, week, verdict, attention.attention(facts, today)
        )
    return found


def _from_first(line: lines.ScoreLine) -> list[lines.Reading]:
    """The scores from the one change is counted from."""
    scored = line.scored
    return scored[scored.index(line.first) :] if line.first in scored else scored


def situation(
    alarm: Alarm | None, alert: CourseAlert | None, review: Due | None, today: date, *, late: Sequence[due.Window] = (), ready: bool = False
) -> attention.Situation:
    return attention.Situation(
        alarm=alarm.urgency if alarm else "",
        alarm_due_on=day_of(alarm.due_at) if alarm else None,
        alert=alert.color if alert else "",
        alert_due_on=alert.due_on if alert else None,
        measures_late=len({w.instrument for w in late}),
        measures_due_on=min((w.due_on for w in late), default=None),
        review_due_on=review.due_on if review else None,
        ready=ready,
    )
