"""Evidence that measures are used in care (Joint Commission CTS.03.01.09 EP 1 to 3): per client, which standardized tool, whether its
scores were analyzed, whether they were used in a plan review, each with its day, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.measures.models import CourseAlertClosed
from footbridge.care.placement.models import Admission
from footbridge.care.reviews.models import PlanReview
from footbridge.care.reviews.reads import Due
from footbridge.ground.instruments import lines
from footbridge.ground.program.days import day_of

STALE = timedelta(days=14)  # a weekly measure that is older than two weeks no longer monitors


@dataclass(frozen=True, slots=True)
class Line:
    """One admission. `tools` are (name, number of scores, last day); `analyzed` and `used` are days with what was done."""

    admission: Admission
    tools: list[tuple[str, int, date]]
    analyzed: list[tuple[date, str]]
    used: list[tuple[date, str]]
    gaps: list[str]

    @property
    def is_whole(self) -> bool:
        return not self.gaps


def admissions(first: date, last: date, track: str = "") -> QuerySet[Admission]:
    """Everybody in the program at any time of the period, by name."""
    found = Admission.objects.filter(starts_on__lte=last).filter(Q(episode__ended_at__isnull=True) | Q(episode__ended_at__date__gte=first))
    if track:
        found = found.filter(track__uid=track)
    return found.select_related("episode__client__person", "track").order_by("episode__client__person__name_used", "pk")


def lines_of(found: Sequence[Admission], due: dict[int, Due], at: datetime) -> list[Line]:
    """The evidence of these admissions: five queries, however many."""
    ids = [one.episode_id for one in found]
    today = day_of(at)
    scores = lines.of_episodes(ids, {one.episode_id: one.starts_on for one in found})
    reviews: dict[int, list[PlanReview]] = {}
    for review in PlanReview.objects.filter(episode__in=ids).order_by("at"):
        reviews.setdefault(review.episode_id, []).append(review)
    decided: dict[int, list[tuple[date, str]]] = {}
    for row in CourseAlertClosed.objects.filter(alert__episode__in=ids).select_related("alert").order_by("at"):
        decided.setdefault(row.alert.episode_id, []).append((day_of(row.at), str(row.get_action_display())))
    return [_line(one, scores.get(one.episode_id, []), reviews.get(one.episode_id, []), decided.get(one.episode_id, []), due.get(one.episode_id), today) for one in found]


def _line(
    one: Admission, scores: list[lines.ScoreLine], reviews: list[PlanReview], decided: list[tuple[date, str]], due: Due | None, today: date
) -> Line:
    tools = [(line.name, len(line.scored), line.latest.on) for line in scores if line.scored]
    used, compared = [], []
    for review in reviews:
        seen: list[dict[str, Any]] = review.scores_seen.get("scores", [])
        if seen:
            used.append((day_of(review.at), ", ".join(str(score["title"]) for score in seen)))
            if any(score.get("change") for score in seen):
                compared.append((day_of(review.at), _("change from the first score, in the review")))
    analyzed = sorted([*((on, _("course alert: %(action)s") % {"action": action}) for on, action in decided), *compared])
    gaps = []
    ended = one.episode.ended_at
    end = day_of(ended) if ended else today
    if not tools:
        gaps.append(_("EP 1: no score of a standardized tool"))
    elif max(on for _name, _n, on in tools) < end - STALE:
        gaps.append(_("EP 1: last score on %(day)s") % {"day": date_format(max(on for _name, _n, on in tools), "M j, Y")})
    if tools and max(n for _name, n, _on in tools) < 2 and (end - one.starts_on).days > 14:
        gaps.append(_("EP 2: one score only, nothing to compare"))
    elif tools and not analyzed and (end - one.starts_on).days > 30:
        gaps.append(_("EP 2: no change looked at in a review or an alert"))
    if due is not None and due.due_on < today:
        gaps.append(_("EP 3: review due on %(day)s") % {"day": date_format(due.due_on, "M j, Y")})
    if reviews and not used:
        gaps.append(_("EP 3: reviewed, no scores on the page"))
    elif not reviews and (end - one.starts_on).days > 30:
        gaps.append(_("EP 3: no plan review"))
    return Line(one, tools, analyzed, used, gaps)
