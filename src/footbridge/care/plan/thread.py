"""The golden thread: for each objective of a plan, where its score stands and everything that was done for it.

A revision copies objectives word for word. What was done for the same words in an older version counts for them too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import lines
from footbridge.ground.instruments.lines import ScoreLine
from footbridge.ground.program.days import day_of

from . import clock
from .models import Objective, Plan
from .words import Capacity, TargetWay


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done for an objective on a day. `address` is (url name, uid of the episode or the session)."""

    on: date
    what: str
    detail: str
    address: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the measure of an objective stands now. `reached` None: no target score is set, or nothing is scored."""

    name: str
    said: str
    on: date | None
    target: str
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Strand:
    """One objective with what was done for it, newest first. `quiet_days` is set when nothing was for too long."""

    objective: Objective
    deeds: tuple[Deed, ...]
    stand: Stand | None
    quiet_days: int | None


def _key(objective: Objective) -> str:
    return " ".join(objective.text.split()).casefold()


def strands(plan: Plan, today: date) -> dict[int, Strand]:
    """The thread of every objective of `plan` (fetched with its tree), by the objective's id. Six queries at most.

    A gap is said only of a plan that a clinician and the client have signed, and while the episode is open.
    """
    mine = [one for problem in plan.problems.all() for goal in problem.goals.all() for one in goal.objectives.all()]
    same: dict[str, list[int]] = defaultdict(list)
    for one in Objective.objects.filter(goal__problem__plan__episode=plan.episode_id):
        same[_key(one)].append(one.pk)
    deeds = _deeds(plan.episode, [pk for alike in same.values() for pk in alike])
    measured = {line.code: line for line in lines.of_episode(plan.episode_id)} if any(o.measure for o in mine) else {}
    began = _began(plan)
    found = {}
    for one in mine:
        done = [deed for pk in same[_key(one)] for deed in deeds.get(pk, [])]
        line = measured.get(one.measure)
        if line is not None and began is not None:
            done += [
                Deed(reading.on, _("%(name)s answered") % {"name": line.name}, "", ("measures:show", str(plan.episode.uid)))
                for reading in line.readings
                if reading.on >= began
            ]
        done.sort(key=lambda deed: deed.on, reverse=True)
        quiet = None
        if began is not None and plan.episode.ended_at is None:
            days = (today - max([deed.on for deed in done] + [began])).days
            quiet = days if days >= clock.gap_days() else None
        found[one.pk] = Strand(one, tuple(done), _stand(one, line), quiet)
    return found


def tie(plan: Plan, today: date) -> list[Strand]:
    """Give every objective of the fetched tree its `strand`, for the page. Returns those with a gap."""
    found = strands(plan, today)
    for problem in plan.problems.all():
        for goal in problem.goals.all():
            for one in goal.objectives.all():
                one.strand = found[one.pk]  # type: ignore[attr-defined]
    return [strand for strand in found.values() if strand.quiet_days is not None]


def _began(plan: Plan) -> date | None:
    """The day the version came into force; None before that."""
    signed = {one.capacity: one.at for one in plan.signatures.all()}
    if Capacity.CLIENT not in signed or Capacity.CLINICIAN not in signed:
        return None
    return day_of(max(signed[Capacity.CLIENT], signed[Capacity.CLINICIAN]))


def _deeds(episode: Episode, objectives: list[int]) -> dict[int, list[Deed]]:
    """What the later stages tied to these objectives of the episode, by the objective's id. Three queries.

    Read from the objective's own side: this stage knows nothing of theirs. The ids are named one by one: asked with a subquery over
    plans, the database guessed thousands of objectives and went through every note of the program.
    """
    here = str(episode.uid)
    found: dict[int, list[Deed]] = defaultdict(list)
    parts = _rows("note_parts").filter(objective__in=objectives)
    for part in parts.select_related("booking__session__group", "booking__session__site"):
        session = part.booking.session
        title = session.group.name if session.group else session.get_kind_display()
        detail = part.get_participation_display() if part.participation else ""
        found[part.objective_id].append(
            Deed(day_of(session.starts_at, session.site), title, detail, ("sessions:show", str(session.uid)))
        )
    tasks = _rows("assignments").filter(objective__in=objectives)
    for task in tasks.prefetch_related("logs"):
        found[task.objective_id].append(Deed(day_of(task.at), _("A skill given to practice"), "", ("practice:show", here)))
        logs = list(task.logs.all())
        if logs:
            last = max(log.practised_on for log in logs)
            detail = _("%(n)d times so far") % {"n": len(logs)} if len(logs) > 1 else _("once so far")
            found[task.objective_id].append(Deed(last, _("Practiced by the client"), detail, ("practice:show", here)))
    states = _rows("progress").filter(objective__in=objectives)
    for state in states.select_related("review"):
        found[state.objective_id].append(
            Deed(day_of(state.review.at), _("Reviewed"), state.get_state_display(), ("reviews:show", here))
        )
    return found


def _rows(name: str) -> Any:
    """All rows of the table that points at objectives under this name."""
    model: Any = Objective._meta.get_field(name).related_model
    return model.objects


def _stand(objective: Objective, line: ScoreLine | None) -> Stand | None:
    if not objective.measure:
        return None
    goal = objective.target_score
    target = ""
    if goal is not None:
        target = f"{lines.plain(goal)} {TargetWay(objective.target_way).label}"
    if line is None:
        return Stand(objective.measure_name, _("no score yet"), None, target, None)
    said = " · ".join(part for part in (line.shown, line.said) if part)
    return Stand(line.name, said, line.latest.on, target, _reached(line.latest.value, goal, objective.target_way))


def _reached(value: Decimal | None, goal: Decimal | None, way: str) -> bool | None:
    if value is None or goal is None:
        return None
    return value >= goal if way == TargetWay.AT_LEAST else value <= goal
