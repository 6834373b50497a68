"""When the next thing of a hand-off is due: data/hand_offs.yaml."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from footbridge.care.inquiry import promises
from footbridge.data import parsed

from .words import Step

_AFTER = {
    Step.TRIED_THERE: "tried", Step.TRIED_PERSON: "tried", Step.SPOKE_THERE: "spoke", Step.SPOKE_PERSON: "spoke", Step.LETTER: "letter",
}  # fmt: skip


def first_call(triage: str, since: datetime, at_site: promises.Calendar, level: str = "") -> datetime:
    known = parsed("hand_offs")
    if level in known["at_once"]["levels"]:
        triage = known["at_once"]["first_call"]
    return promises.after(known["first_call"][triage], since, at_site)


def after_step(
    kind: str, at: datetime, at_site: promises.Calendar, appointment_at: datetime | None = None, *, level: str = ""
) -> datetime | None:
    """None: the step sets no new day."""
    at_once = parsed("hand_offs")["at_once"]
    if level in at_once["levels"] and kind in _AFTER:
        return at + timedelta(minutes=at_once["next_minutes"])
    days = parsed("hand_offs")["next_after"]
    if kind == Step.APPOINTMENT and appointment_at is not None:
        since = max(at, at_site.hours_of(at_site.today(appointment_at))[1])
        return promises.after({"working_days": days["appointment"]}, since, at_site)
    if kind in _AFTER:
        return promises.after({"working_days": days[_AFTER[Step(kind)]]}, at, at_site)
    return None


def closing(day: date, at_site: promises.Calendar) -> datetime:
    """A day somebody named: by the end of its office hours."""
    return at_site.hours_of(day)[1]


def agreement_ends(today: date) -> date:
    """The day from which what the person agreed to today holds no more."""
    return today + timedelta(days=parsed("hand_offs")["agreement_days"])


def not_reached() -> tuple[int, int]:
    """(tries, on so many different days) before somebody counts as not reached."""
    needed = parsed("hand_offs")["not_reached"]
    return needed["tries"], needed["days"]
