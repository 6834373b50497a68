"""The order and the prices of the soft goals are the program's to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from footbridge.engines.timetabling.facts import LEVELS, WEIGHTS
from footbridge.ground.program.models import Program
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import rules
from ..models import WeekGoals
from ..words import GOALS

MOST = 1000


class CannotWeigh(access.Refusal):
    """The order is not one of all levels, or a price is out of reach."""


def set_goals(
    program: Program, order: Sequence[str], weights: Mapping[str, int], holds_from: date, *, by: Actor, at: datetime
) -> WeekGoals:
    """From a day on, the goals count in this order and cost this. Earlier weeks keep theirs."""
    access.require(by, rules.DRAFT, program)
    if sorted(order) != sorted(LEVELS):
        raise CannotWeigh(_("Give each of the goals a place of its own, from 1 to %(n)d.") % {"n": len(LEVELS)}, field="order")
    for goal, price in weights.items():
        if goal not in WEIGHTS or not 0 <= price <= MOST:
            said = {"goal": GOALS.get(goal, goal), "most": MOST}
            raise CannotWeigh(_("“%(goal)s”: enter a price from 0 to %(most)d.") % said, field=goal)
    row = WeekGoals(
        program=program, order=list(order), weights={g: p for g, p in weights.items() if p != WEIGHTS[g]}, holds_from=holds_from,
        by_id=by.as_staff, at=at,
    )  # fmt: skip
    with trail.act("week.goals_set", by=by, at=at, about=program, detail={"from": holds_from.isoformat()}):
        row.save()
    return row
