"""Where an episode stands on a day, computed from dated facts. Nothing is stored that somebody must remember to
refresh.

Facts dated after the day are not seen, so the same facts answer for any day in the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from enum import StrEnum

from footbridge.engines.sentence import Sentence, render


class Stage(StrEnum):
    """In the order of care. `none` is a person about whom nothing is on record by that day."""

    NONE = "none"
    INQUIRY = "inquiry"
    SCREENING = "screening"
    PLACEMENT = "placement"
    ADMISSION = "admission"
    PLAN = "plan"
    TIMETABLE = "timetable"
    FIRST_DAY = "first_day"
    IN_CARE = "in_care"
    REVIEW = "review"
    ON_HOLD = "on_hold"
    AFTERCARE = "aftercare"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause. `until` is exclusive; None while it lasts."""

    start: date
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """What happened, each with its day; None while it has not. `review_due_on` and `follow_up_due_on` are the next
    ones due, computed by whoever knows the clocks; unlike the others they may lie ahead."""

    inquired_on: date | None = None
    contacted_on: date | None = None
    inquiry_closed_on: date | None = None
    screened_on: date | None = None
    placed_on: date | None = None
    placed_level: str = ""
    admitted_on: date | None = None
    plan_signed_on: date | None = None
    timetable_published_on: date | None = None
    first_attended_on: date | None = None
    last_attended_on: date | None = None
    reviewed_on: date | None = None
    holds: tuple[Hold, ...] = ()
    discharged_on: date | None = None
    aftercare_ended_on: date | None = None
    review_due_on: date | None = None
    follow_up_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class StandingRules:
    """`away_days`: in care but not seen for so many days is said in the sentence."""

    away_days: int = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """`since` is the day the stage began. `next_due` is a day by which something is due, `overdue` when it has passed.
    `done` are the steps of the way that are behind (for the steps bar)."""

    stage: Stage
    since: date | None
    sentence: Sentence
    next_due: date | None = None
    overdue: bool = False
    done: tuple[Stage, ...] = field(default=())


def standing(facts: EpisodeFacts, on: date, rules: StandingRules | None = None) -> Standing:
    """Where the episode stands at the end of day `on`."""
    rules = rules or StandingRules()
    seen = _as_of(facts, on)
    done = _done(seen)
    if seen.aftercare_ended_on:
        return Standing(Stage.CLOSED, seen.aftercare_ended_on, _say("closed", on=seen.aftercare_ended_on), done=done)
    if seen.discharged_on:
        return _aftercare(seen, on, done)
    if seen.inquiry_closed_on and not seen.admitted_on:
        return Standing(
            Stage.CLOSED, seen.inquiry_closed_on, _say("inquiry_closed", on=seen.inquiry_closed_on), done=done
        )
    if hold := _hold_on(seen, on):
        said = (
            _say("on_hold_until", since=hold.start, until=hold.until)
            if hold.until
            else _say("on_hold", since=hold.start)
        )
        return Standing(Stage.ON_HOLD, hold.start, said, next_due=hold.until, done=done)
    if seen.first_attended_on:
        return _in_care(seen, on, rules, done)
    return _before_care(seen, on, done)


def _before_care(seen: EpisodeFacts, on: date, done: tuple[Stage, ...]) -> Standing:
    def at(stage: Stage, since: date | None, code: str) -> Standing:
        days = (on - since).days if since else 0
        return Standing(stage, since, _say(code, since=since, days=days, level=seen.placed_level), done=done)

    if seen.timetable_published_on and seen.plan_signed_on:
        return at(Stage.FIRST_DAY, max(seen.timetable_published_on, seen.plan_signed_on), "first_day")
    if seen.plan_signed_on:
        return at(Stage.TIMETABLE, seen.plan_signed_on, "timetable")
    if seen.admitted_on:
        return at(Stage.PLAN, seen.admitted_on, "plan")
    if seen.placed_on:
        return at(Stage.ADMISSION, seen.placed_on, "admission")
    if seen.screened_on:
        return at(Stage.PLACEMENT, seen.screened_on, "placement")
    if seen.contacted_on:
        return at(Stage.SCREENING, seen.contacted_on, "screening")
    if seen.inquired_on:
        return at(Stage.INQUIRY, seen.inquired_on, "inquiry")
    return Standing(Stage.NONE, None, _say("none"))


def _in_care(seen: EpisodeFacts, on: date, rules: StandingRules, done: tuple[Stage, ...]) -> Standing:
    first, last = seen.first_attended_on, seen.last_attended_on or seen.first_attended_on
    if first is None or last is None:  # unreachable: asked only after the first day
        return Standing(Stage.NONE, None, _say("none"))
    due = seen.review_due_on
    week = (on - first).days // 7 + 1
    if due and due <= on:
        overdue = due < on
        code = "review_overdue" if overdue else "review"
        return Standing(Stage.REVIEW, due, _say(code, due=due, days=(on - due).days), due, overdue, done)
    if not seen.plan_signed_on:
        return Standing(Stage.IN_CARE, first, _say("in_care_without_plan", week=week, since=first), due, done=done)
    away = (on - last).days
    if away >= rules.away_days:
        return Standing(Stage.IN_CARE, first, _say("in_care_away", week=week, last=last, days=away), due, done=done)
    return Standing(Stage.IN_CARE, first, _say("in_care", week=week, since=first), due, done=done)


def _aftercare(seen: EpisodeFacts, on: date, done: tuple[Stage, ...]) -> Standing:
    due = seen.follow_up_due_on
    left = seen.discharged_on
    if due is None:
        return Standing(Stage.AFTERCARE, left, _say("aftercare", since=left), done=done)
    if due < on:
        return Standing(
            Stage.AFTERCARE, left, _say("aftercare_overdue", due=due, days=(on - due).days), due, True, done
        )
    return Standing(Stage.AFTERCARE, left, _say("aftercare_due", due=due, since=left), due, done=done)


def _as_of(facts: EpisodeFacts, on: date) -> EpisodeFacts:
    """The facts as they were known at the end of a day: what happened later has not happened."""
    ahead = {"review_due_on", "follow_up_due_on"}
    later: dict[str, None] = {}
    for f in fields(facts):
        value = getattr(facts, f.name)
        if f.name not in ahead and isinstance(value, date) and value > on:
            later[f.name] = None
    holds = tuple(hold for hold in facts.holds if hold.start <= on)
    changes: Mapping[str, object] = {**later, "holds": holds}
    return replace(facts, **changes)  # type: ignore[arg-type]


def _hold_on(seen: EpisodeFacts, on: date) -> Hold | None:
    lasting = [h for h in seen.holds if h.start <= on and (h.until is None or on < h.until)]
    return max(lasting, key=lambda h: h.start, default=None)


def _done(seen: EpisodeFacts) -> tuple[Stage, ...]:
    steps = (
        (Stage.INQUIRY, seen.contacted_on),
        (Stage.SCREENING, seen.screened_on),
        (Stage.PLACEMENT, seen.placed_on),
        (Stage.ADMISSION, seen.admitted_on),
        (Stage.PLAN, seen.plan_signed_on),
        (Stage.TIMETABLE, seen.timetable_published_on),
        (Stage.FIRST_DAY, seen.first_attended_on),
        (Stage.IN_CARE, seen.discharged_on),
        (Stage.AFTERCARE, seen.aftercare_ended_on),
    )
    return tuple(stage for stage, day in steps if day is not None)


def review_due(plan_signed_on: date, reviewed_on: date | None, every_days: int) -> date:
    """The day the next plan review is due: so many days after the last one, or after the plan was signed."""
    return (reviewed_on or plan_signed_on) + timedelta(days=every_days)


def _say(code: str, **params: object) -> Sentence:
    return Sentence(f"standing.{code}", params)


_ENGLISH = {
    "standing.none": "Nothing on record.",
    "standing.inquiry": "Asked for help on {since}; waiting {days} days for an answer.",
    "standing.inquiry_closed": "The request was closed on {on} without admission.",
    "standing.screening": "Reached on {since}; screening comes next.",
    "standing.placement": "Screened on {since}; the level of care is to be decided.",
    "standing.admission": "Placed ({level}) on {since}; admission comes next.",
    "standing.plan": "Admitted on {since}; the plan is to be signed.",
    "standing.timetable": "Plan signed on {since}; the timetable is to be made.",
    "standing.first_day": "Ready since {since}; the first day comes next.",
    "standing.in_care": "In care since {since}, week {week}.",
    "standing.in_care_without_plan": "In care since {since}, week {week}, and no plan is signed.",
    "standing.in_care_away": "In care, week {week}; last seen on {last}, {days} days ago.",
    "standing.review": "The plan review is due today, {due}.",
    "standing.review_overdue": "The plan review was due on {due}, {days} days ago.",
    "standing.on_hold": "On hold since {since}.",
    "standing.on_hold_until": "On hold since {since}, until {until}.",
    "standing.aftercare": "Discharged on {since}; aftercare.",
    "standing.aftercare_due": "Discharged on {since}; the next contact is due on {due}.",
    "standing.aftercare_overdue": "The aftercare contact was due on {due}, {days} days ago.",
    "standing.closed": "Aftercare ended on {on}.",
}


def english(sentence: Sentence) -> str:
    return render(sentence, _ENGLISH)


def codes() -> tuple[str, ...]:
    return tuple(_ENGLISH)
