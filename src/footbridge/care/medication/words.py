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


class CheckOutcome(models.TextChoices):
    DONE = "done", _("Done")
    DECLINED = "declined", _("The client declined")
    NOT_NEEDED = "not_needed", _("Not needed now")


class Collected(models.TextChoices):
    YES = "yes", _("Collected")
    DECLINED = "declined", _("The client declined")
    NOT_ABLE = "not_able", _("Could not give one")
    NOT_ASKED = "not_asked", _("Not asked that day")


class ResultKind(models.TextChoices):
    """Two kinds of result that are never mixed."""

    PRESUMPTIVE = "presumptive", _("Presumptive (screening test)")
    DEFINITIVE = "definitive", _("Definitive (confirmed in a laboratory)")


class Found(models.TextChoices):
    """Neutral words: a substance is detected or not. Nobody is clean or dirty."""

    NOT_DETECTED = "not_detected", _("Not detected")
    DETECTED = "detected", _("Detected")
    INVALID = "invalid", _("No valid result")
