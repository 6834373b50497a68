"""The words of the level-of-care decision. Dimensions are neutral; criteria texts of others are never shipped."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    """Six neutral dimensions; a site that holds a criteria licence maps its own edition to them."""

    WITHDRAWAL = "withdrawal", _("Intoxication and withdrawal")
    MEDICAL = "medical", _("Physical health")
    MENTAL = "mental", _("Mood, thinking and behavior")
    READINESS = "readiness", _("Readiness for change")
    RETURN = "return", _("Risk of return to use or of getting worse")
    SURROUNDINGS = "surroundings", _("Home and surroundings")


class Difference(models.TextChoices):
    """Why the actual level differs from the indicated one."""

    NONE = "none", _("No difference")
    AVAILABILITY = "availability", _("The indicated level is not available")
    PREFERENCE = "preference", _("The client's preference")
    PAYER = "payer", _("The payer's decision")
    DISTANCE = "distance", _("Distance or transport")
    LEGAL = "legal", _("Court or legal reason")
    JUDGEMENT = "judgement", _("Clinical judgement")


class Variant(models.TextChoices):
    """How a level is given. It changes nothing about how much is needed."""

    VIDEO = "video", _("By video")
    STEP_DOWN = "step_down", _("Step-down: fewer days, on the way out")
    CO_OCCURRING = "co_occurring", _("For both conditions at once")


EDITIONS = [
    ("neutral", _("Neutral names")), ("asam3", _("ASAM, 3rd edition")), ("asam4", _("ASAM, 4th edition (adults)")), ("mental_health", _("General mental health")),
]  # fmt: skip
