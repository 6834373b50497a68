"""The headline promise: how many people came for a first visit within the promised hours of deciding to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Min, OuterRef, Subquery

from footbridge.care.inquiry.models import Inquiry
from footbridge.data import parsed
from footbridge.engines.outcomes.rates import Rate, rate

from .models import Attendance

DAYS = 90
CAME = ("present", "late", "left_early")


@dataclass(frozen=True, slots=True)
class Headline:
    """Of those who decided to come in the last `days` days and whose hours are over. `median_hours` is over those who came."""

    hours: int
    days: int
    rate: Rate
    median_hours: float | None
    source: str
    mark: str

    @property
    def percent(self) -> int | None:
        return None if self.rate.share is None else round(self.rate.share * 100)

    @property
    def low(self) -> int:
        return round(self.rate.low * 100)

    @property
    def high(self) -> int:
        return round(self.rate.high * 100)


def first_visits(episodes: list[int]) -> dict[int, datetime]:
    """When each of these episodes came first, to whatever it was. A correction of attendance is a newer row; the newest holds."""
    newest = Attendance.objects.filter(booking=OuterRef("booking")).order_by("-pk").values("pk")[:1]
    rows = Attendance.objects.filter(booking__episode__in=episodes, came__in=CAME, pk=Subquery(newest))
    return dict(rows.values_list("booking__episode").annotate(Min("booking__starts_at")))


def headline(at: datetime, days: int = DAYS) -> Headline:
    """Decided to come is the moment a request is taken up. Two queries."""
    rule = parsed("promises")["headline"]
    within = timedelta(hours=rule["first_visit_within_hours"])
    decided = Inquiry.objects.filter(taken_up_at__gt=at - timedelta(days=days), taken_up_at__lte=at - within)
    took = {episode: since for episode, since in decided.values_list("episode_id", "taken_up_at") if episode is not None and since is not None}
    came = first_visits(list(took))
    spans = [(came[episode] - since).total_seconds() / 3600 for episode, since in took.items() if episode in came]
    soon = sum(span <= within.total_seconds() / 3600 for span in spans)
    return Headline(rule["first_visit_within_hours"], days, rate(soon, len(took)), median(spans) if spans else None, rule["source"], rule["mark"])
