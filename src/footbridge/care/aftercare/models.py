"""How are you now? Contacts due 7, 30 and 90 days after discharge are calculated; what was done is stored."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.words import Channel
from footbridge.kit.row import Row


class FollowUpOutcome(models.TextChoices):
    REACHED = "reached", _("Spoke with the person")
    MESSAGE = "message", _("Left a message, as agreed")
    NOT_REACHED = "not_reached", _("Not reached")
    DECLINED = "declined", _("Does not want further contact")


class FollowUp(Row):
    """One contact tried or made after discharge, for the contact that was due on `due_day` (days after discharge)."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="follow_ups")
    due_day = models.PositiveSmallIntegerField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    outcome = models.CharField(max_length=12, choices=FollowUpOutcome.choices)
    in_care = models.CharField(max_length=8, choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))], default="unknown")
    doing = models.CharField(
        max_length=8, choices=[("better", _("Better")), ("same", _("About the same")), ("worse", _("Worse")), ("unknown", _("Not known"))], default="unknown"
    )
    wants_to_return = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["at"]
