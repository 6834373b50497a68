"""The words of medication."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occasion(models.TextChoices):
    ADMISSION = "admission", _("At admission")
    TRANSITION = "transition", _("At a change of level")
    DISCHARGE = "discharge", _("At discharge")
    VISIT = "visit", _("At a visit")


class ListAnswer(models.TextChoices):
    """An empty list is a statement somebody made, never a blank."""

    LISTED = "listed", _("Listed")
    NONE = "none", _("None, as the client says")
    UNKNOWN = "unknown", _("Not known yet")


class Reconciled(models.TextChoices):
    CONTINUE = "continue", _("Continue")
    CHANGE = "change", _("Change")
    STOP = "stop", _("Stop")
    CLARIFY = "clarify", _("Clarify with the prescriber outside")
