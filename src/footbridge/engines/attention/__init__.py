"""Who needs someone first, and who is ready, stuck or worse. Every place in the order has a reason that can be said.

The order of needs is fixed and tested: an open alarm, red, an overdue alert, yellow, measures late, review due, ready to step down,
nothing. Within one need the longest overdue stands first, then the name, so that two people are never in two orders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TypeVar

from footbridge.engines.progress import Direction, change
from footbridge.engines.scoring.definition import ChangeRule, Points
from footbridge.engines.sentence import Sentence, render


class Need(IntEnum):
    """In the order of the list: the smaller, the sooner."""

    ALARM_NOW = 0
    ALARM_TODAY = 1
    ALARM_SOON = 2
    RED = 3
    ALERT_OVERDUE = 4
    YELLOW = 5
    MEASURES_LATE = 6
    REVIEW_DUE = 7
    READY = 8
    NOTHING = 9


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of one person. Days are those by which something is or was due; None where nothing is.

    `alarm` is the urgency of the gravest open alarm ("now", "today", "soon") or empty; `alert` the color of the gravest open course
    alert. `measures_late` counts questionnaires past their day. `ready` is the verdict of `huddle`.
    """

    alarm: str = ""
    alarm_due_on: date | None = None
    alert: str = ""
    alert_due_on: date | None = None
    measures_late: int = 0
    measures_due_on: date | None = None
    review_due_on: date | None = None
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """The need that decides the place, with its day, and every need there is as a sentence, gravest first."""

    need: Need
    due_on: date | None
    reasons: tuple[Sentence, ...] = ()


def attention(facts: Situation, today: date) -> Attention:
    """What somebody must look at first for this person. An alert that is past its day is a need of its own: a yellow one stands
    before those still in time, a red one stands with the red."""
    found: list[tuple[Need, date | None, Sentence]] = []
    if facts.alarm:
        need = {"now": Need.ALARM_NOW, "today": Need.ALARM_TODAY}.get(facts.alarm, Need.ALARM_SOON)
        found.append((need, facts.alarm_due_on, Sentence(f"need.alarm_{need.name.rsplit('_', 1)[1].lower()}")))
    overdue = facts.alert_due_on is not None and facts.alert_due_on < today
    if facts.alert == "red":
        found.append((Need.RED, facts.alert_due_on, Sentence("need.red")))
    if facts.alert and overdue and facts.alert_due_on is not None:
        days = (today - facts.alert_due_on).days
        found.append((Need.ALERT_OVERDUE, facts.alert_due_on, Sentence("need.alert_overdue", {"on": facts.alert_due_on, "days": days})))
    elif facts.alert == "yellow":
        found.append((Need.YELLOW, facts.alert_due_on, Sentence("need.yellow")))
    if facts.measures_late:
        found.append((Need.MEASURES_LATE, facts.measures_due_on, Sentence("need.measures_late", {"count": facts.measures_late})))
    if facts.review_due_on is not None and facts.review_due_on <= today:
        days = (today - facts.review_due_on).days
        code = "need.review_late" if days else "need.review_today"
        found.append((Need.REVIEW_DUE, facts.review_due_on, Sentence(code, {"on": facts.review_due_on, "days": days})))
    if facts.ready:
        found.append((Need.READY, None, Sentence("need.ready")))
    if not found:
        return Attention(Need.NOTHING, None)
    found.sort(key=lambda one: one[0])
    return Attention(found[0][0], found[0][1], tuple(said for _need, _due, said in found))


_Who = TypeVar("_Who")


def in_order(people: Iterable[tuple[_Who, Attention, str]]) -> list[tuple[_Who, Attention]]:
    """(who, attention, name) in the order of the list. Total and stable: need, then the earliest due day, then the number of needs
    (more first), then the name."""
    rows = sorted(people, key=lambda row: (row[1].need, row[1].due_on or date.max, -len(row[1].reasons), row[2].casefold()))
    return [(who, found) for who, found, _name in rows]


# ------------------------------------------------------------------ the huddle


class Standing(StrEnum):
    WORSE = "worse"
    STUCK = "stuck"
    READY = "ready"
    ON_THE_WAY = "on_the_way"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of one person: scores in the order of time, the first is the one change is counted from."""

    name: str
    scores: tuple[Points, ...]
    rule: ChangeRule


@dataclass(frozen=True, slots=True)
class HuddleRules:
    """An expert rule [K] that a program sets itself. `stuck_from_week`: before it nobody is stuck; `last`: so many last scores must
    agree before somebody is ready."""

    stuck_from_week: int = 4
    last: int = 2
    source: str = "Expert rule: set by the program's clinical lead"


@dataclass(frozen=True, slots=True)
class Verdict:
    standing: Standing
    reasons: tuple[Sentence, ...]


def huddle(
    lines: Iterable[Line], *, week: int, alert: str = "", in_danger: bool = False, rules: HuddleRules | None = None
) -> Verdict:
    """Ready to step down, stuck, worse, on the way, or not known, and why, a sentence each.

    Worse: any measure reliably worse, or a red alert. Ready: every measure's last scores below the line of a case (or in remission),
    and no open alarm or alert; one who was never a case on a measure is not held back by it. Stuck: from week four on, at least
    two scores, a measure is still a case and no measure is better by more than chance; or a yellow alert. An open alarm keeps anybody
    from being ready. This is advice for a meeting, never a decision.
    """
    rules = rules or HuddleRules()
    known = [line for line in lines if len(line.scores) > 1]
    worse, cases, well, better = [], [], [], []
    for line in known:
        moved = change(line.scores[0], line.scores[-1], line.rule)
        numbers: dict[str, object] = {"measure": line.name, "first": line.scores[0], "latest": line.scores[-1], "threshold": line.rule.reliable}
        if moved.direction is Direction.WORSE:
            worse.append(Sentence("huddle.worse", numbers))
        elif moved.direction is Direction.IMPROVED:
            better.append(Sentence("huddle.better", numbers))
        mark = _case_line(line.rule)
        if mark is None:
            continue
        last = line.scores[-rules.last :]
        numbers = {**numbers, "case": mark, "count": len(last)}
        if all(not _is_case(score, line.rule, mark) for score in last) and len(last) == rules.last:
            well.append(Sentence("huddle.well", numbers))
        elif _is_case(line.scores[-1], line.rule, mark):
            cases.append(Sentence("huddle.case", numbers))
        else:
            cases.append(Sentence("huddle.once", numbers))
    danger = (Sentence("huddle.danger"),) if in_danger else ()
    if worse or alert == "red":
        return Verdict(Standing.WORSE, (*danger, *worse, *((Sentence("huddle.red"),) if alert == "red" else ()), *cases))
    if not known:
        return Verdict(Standing.UNKNOWN, (*danger, Sentence("huddle.few")))
    if alert == "yellow":
        return Verdict(Standing.STUCK, (*danger, Sentence("huddle.yellow"), *cases))
    if cases and not better and week >= rules.stuck_from_week:
        return Verdict(Standing.STUCK, (*danger, *cases, Sentence("huddle.no_change", {"week": week})))
    if well and not cases and not danger:
        return Verdict(Standing.READY, (*well, *better))
    return Verdict(Standing.ON_THE_WAY, (*danger, *better, *cases, *well))


def _case_line(rule: ChangeRule) -> Decimal | None:
    return rule.case_from if rule.case_from is not None else rule.remission_below


def _is_case(score: Points, rule: ChangeRule, line: Points) -> bool:
    return score >= line if rule.lower_is_better else score <= line


_ENGLISH = {
    "need.alarm_now": "An alarm is open: now.",
    "need.alarm_today": "An alarm is open: today.",
    "need.alarm_soon": "An alarm is open.",
    "need.red": "Scores are red.",
    "need.alert_overdue": "The alert was to be decided by {on}, {days} days ago.",
    "need.yellow": "Scores are yellow.",
    "need.measures_late": "{count} questionnaires late.",
    "need.review_late": "The plan review was due on {on}, {days} days ago.",
    "need.review_today": "The plan review is due today.",
    "need.ready": "Ready to talk about a step down.",
    "huddle.worse": "{measure} rose or fell from {first} to {latest}: worse by more than chance (at least {threshold}).",
    "huddle.better": "{measure} from {first} to {latest}: better by more than chance.",
    "huddle.well": "{measure} below {case} in the last {count} scores.",
    "huddle.case": "{measure} is {latest}, still at or above {case}.",
    "huddle.once": "{measure} is {latest}, below {case} once so far.",
    "huddle.red": "An open red alert.",
    "huddle.yellow": "An open yellow alert.",
    "huddle.no_change": "Week {week}, and no measure is better by more than chance.",
    "huddle.danger": "An open alarm.",
    "huddle.few": "Fewer than two scores.",
}


def codes() -> tuple[str, ...]:
    return tuple(_ENGLISH)


def english(sentence: Sentence) -> str:
    return render(sentence, _ENGLISH)
