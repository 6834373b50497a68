"""The headline promise: how many people came for a first visit within the promised hours of deciding to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

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


def first_visit(episode: int) -> datetime | None:
    """When this episode came first, to whatever it was."""
    return next(iter(_first(episode)), None)


def _first(episode: Any) -> Any:
    """The start of the first visit of `episode` (its id, or an expression), as a query of one row. A correction of attendance is a newer row; the
    newest holds. From the earliest booking on, until one was kept: read person by person it takes a tenth of what all attendance takes."""
    newest = Attendance.objects.filter(booking=OuterRef("booking")).order_by("-pk").values("pk")[:1]
    kept = Attendance.objects.filter(booking__episode=episode, came__in=CAME, pk=Subquery(newest))
    return kept.order_by("booking__starts_at").values_list("booking__starts_at", flat=True)[:1]


# The last figure, and what it was worked out from: it stands on the first page of two desks and reads everybody of three months.
_last: tuple[tuple[Any, ...], Headline] | None = None


def headline(at: datetime, days: int = DAYS) -> Headline:
    """Decided to come is the moment a request is taken up. Worked out again when somebody came or was taken up since, and at the
    latest after ten minutes, by which more of the people may be past their hours."""
    global _last
    newest = Attendance.objects.order_by("-pk").values_list("pk", flat=True).first()
    taken = Inquiry.objects.filter(taken_up_at__lte=at).aggregate(newest=Max("taken_up_at"))["newest"]
    key = (connection.settings_dict["NAME"], days, newest, taken, int(at.timestamp()) // 600)
    if _last is None or _last[0] != key:
        _last = key, _worked_out(at, days)
    return _last[1]


def _worked_out(at: datetime, days: int) -> Headline:
    rule = parsed("promises")["headline"]
    within = timedelta(hours=rule["first_visit_within_hours"])
    decided = Inquiry.objects.filter(taken_up_at__gt=at - timedelta(days=days), taken_up_at__lte=at - within, episode__isnull=False)
    took = list(decided.values_list("taken_up_at", Subquery(_first(OuterRef("episode")))))
    spans = [(came - since).total_seconds() / 3600 for since, came in took if came is not None and since is not None]
    soon = sum(span <= within.total_seconds() / 3600 for span in spans)
    return Headline(rule["first_visit_within_hours"], days, rate(soon, len(took)), median(spans) if spans else None, rule["source"], rule["mark"])
