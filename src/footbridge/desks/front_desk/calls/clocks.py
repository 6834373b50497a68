"""The three promises of a request as clocks: first answer, screening talk, first visit. Each runs, was kept, or is broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.care.inquiry import promises
from footbridge.care.inquiry.models import Inquiry
from footbridge.care.screening.models import Screen
from footbridge.care.sessions import first_visits
from footbridge.care.timetable.models import Booking

from .slots import headline


@dataclass(frozen=True, slots=True)
class Clock:
    """`due_at` None: it has not begun. `done_at`: when it was kept, late or not; `planned_at`: the appointment that would keep it."""

    label: Any
    due_at: datetime | None
    done_at: datetime | None = None
    planned_at: datetime | None = None
    begins: Any = ""

    def state(self, at: datetime) -> str:
        if self.due_at is None:
            return "waits"
        if self.done_at is not None:
            return "kept" if self.done_at <= self.due_at else "late"
        return "broken" if self.due_at < at else "runs"


TONES = {"waits": "neutral", "kept": "good", "late": "warn", "broken": "warn", "runs": "info"}
SAYS = {"waits": _("Not begun"), "kept": _("Kept"), "late": _("Kept late"), "broken": _("Broken"), "runs": _("Running")}


def of(inquiry: Inquiry, at_site: promises.Calendar) -> list[Clock]:
    """In the order they fall due. Four queries."""
    first_try = inquiry.attempts.order_by("at").values_list("at", flat=True).first()
    answered = min(filter(None, [first_try, inquiry.taken_up_at]), default=None)
    clocks = [Clock(_("First answer"), promises.due("answer", inquiry.triage, inquiry.received_at, at_site), answered)]
    taken, episode = inquiry.taken_up_at, inquiry.episode_id
    if taken is None or episode is None:
        begins = _("begins when the request is taken up")
        return [*clocks, Clock(_("Screening talk"), None, begins=begins), Clock(_("First visit"), None, begins=begins)]
    screened = Screen.objects.filter(episode=episode).order_by("at").values_list("at", flat=True).first()
    came = first_visits.first_visit(episode)
    planned = Booking.objects.filter(episode=episode, cancelled_at__isnull=True).order_by("starts_at").values_list("starts_at", flat=True).first()
    return [
        *clocks,
        Clock(_("Screening talk"), promises.due("screen", inquiry.triage, taken, at_site), screened),
        Clock(_("First visit"), taken + headline(), came, planned),
    ]
