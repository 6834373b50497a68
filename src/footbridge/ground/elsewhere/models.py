from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from footbridge.ground.program.words import Level, Population
from footbridge.kit.row import Row

from .words import MODES, PAYERS, Condition, Speaks


def _some(choices: Any, **kw: Any) -> Any:
    return ArrayField(models.CharField(max_length=16, choices=choices), default=list, blank=True, **kw)


class OtherProgram(Row):
    """A program of somebody else that people may be sent to. An empty list is "not known", never "none".

    It is called again before it is too old, like a crisis line; one that is gone is ended, never deleted.
    """

    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=32)
    contact = models.CharField(max_length=120, blank=True, default="", help_text="Whom we ask for there")
    email = models.EmailField(blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    about = models.CharField(max_length=300, blank=True, default="")
    levels = ArrayField(models.CharField(max_length=12, choices=Level.choices))
    conditions = _some(Condition.choices)
    populations = _some(Population.choices)
    languages = _some(Speaks.choices)
    payers = _some(PAYERS)
    modes = _some(MODES)
    sliding_fee = models.BooleanField(null=True, help_text="Takes people without insurance for little or no money; empty: not known")
    # Miles by site code, as somebody here measured them. A site that is not there: not known.
    miles = models.JSONField(default=dict, blank=True)
    wait_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Days until somebody can start, as they said last")
    checked_on = models.DateField()
    checked_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(ended_at__isnull=True), name="other_program_once"),
            models.CheckConstraint(name="other_program_can_be_called", condition=~Q(phone="")),
            models.CheckConstraint(name="other_program_gives_a_level", condition=Q(levels__len__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name
