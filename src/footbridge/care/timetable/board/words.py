"""The words of the board."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    MEETING = "meeting", _("Meeting changed")
    PLACE = "place", _("Place changed")
    VISIT = "visit", _("Visit changed")
    BUILT = "built", _("Week built")


LEVELS = {
    "needs": _("Needs met: groups, visits, hours and days"),
    "continuity": _("Own therapist, same groups as before, wishes"),
    "disturbance": _("As few changes for people as possible"),
    "shape": _("Days without gaps, no day for one hour only, no topic twice"),
    "economy": _("Few, well-filled groups and a fair load"),
}

GOALS = {
    "needs.individual": _("An individual hour missing"),
    "needs.process": _("A process group missing"),
    "needs.medication": _("A medication visit missing"),
    "needs.curriculum": _("A curriculum group missing"),
    "needs.education": _("An education group missing"),
    "needs.relapse_prevention": _("A relapse prevention group missing"),
    "needs.family": _("A family hour missing"),
    "needs.skills": _("A skills group missing"),
    "needs.peer": _("A peer group missing"),
    "needs.complementary": _("A complementary group missing"),
    "needs.family_group": _("A family group missing"),
    "needs.multi_family": _("A multi-family group missing"),
    "needs.cut": _("A meeting of somebody's group that is not held"),
    "needs.hours": _("Each 50 minutes missing to the week's minimum"),
    "needs.days": _("Each day missing"),
    "needs.short_day": _("Each day with fewer minutes than the rule asks"),
    "needs.days_off": _("Each stretch without care that is too long"),
    "continuity.primary": _("An individual hour with somebody else"),
    "continuity.process": _("Their process group left"),
    "continuity.group": _("Another group left"),
    "continuity.prefers": _("A wished group missing"),
    "continuity.avoids": _("A group they would rather not have"),
    "continuity.together": _("Two who support each other share no group"),
    "disturbance.person": _("Somebody gets another week"),
    "disturbance.meeting": _("A meeting moves or is not held"),
    "disturbance.leader": _("A meeting gets another leader"),
    "shape.gap": _("Each empty hour between two services"),
    "shape.single": _("A day for one service only"),
    "shape.topic": _("The same topic again on one day"),
    "economy.held": _("Each meeting held"),
    "economy.thin": _("Each seat below a well-filled group"),
    "economy.crowded": _("Each seat above a well-filled group"),
    "economy.load": _("Each hour of the fullest week of staff"),
}


def joined(parts: Iterable[object]) -> str:
    """a, b and c"""
    said = [str(part) for part in parts]
    if len(said) < 2:
        return "".join(said)
    return _now("%(first)s and %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}
