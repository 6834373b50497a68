"""The words for danger, and what was done about it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AlarmKind(models.TextChoices):
    ANSWER = "answer", _("An answer that shows danger")
    SCORE = "score", _("A score somebody must know")
    SUICIDE_SCREEN = "suicide_screen", _("Suicide screen")
    GUIDE = "guide", _("Danger named in a request")
    SCREENING = "screening", _("Danger told in the screening talk")
    LEVEL = "level", _("A level of care that does not wait")
    STAFF = "staff", _("Raised by staff")
    UNDELIVERED = "undelivered", _("An alarm could not be delivered")
    WORSENING = "worsening", _("Clearly worse")


class Urgency(models.TextChoices):
    NOW = "now", _("Now")
    TODAY = "today", _("Today")
    SOON = "soon", _("Soon")


class ClosingAction(models.TextChoices):
    ASSESSED_SAFE = "assessed_safe", _("Spoke with the person; assessed; safe with a plan")
    SAFETY_PLAN = "safety_plan", _("Safety plan written or gone over")
    HIGHER_CARE = "higher_care", _("Moved to a higher level of care")
    EMERGENCY = "emergency", _("Emergency services called")
    NOT_REACHED = "not_reached", _("Not reached; handed to emergency contact or welfare check")
    MISTAKE = "mistake", _("Answer was a mistake; confirmed with the person")
    TOLD = "told", _("Told whoever had to know another way; the trouble is reported")


class RiskLevel(models.TextChoices):
    NONE = "none", _("No current risk found")
    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")


class SafetyStep(models.IntegerChoices):
    """The six steps, in the order of the published evidence (Stanley and Brown 2012); wording is ours."""

    SIGNS = 1, _("My warning signs")
    ALONE = 2, _("What I can do on my own")
    PLACES = 3, _("People and places that take my mind off things")
    ASK = 4, _("People I can ask for help")
    PROFESSIONALS = 5, _("Professionals and crisis lines I can call")
    SAFE = 6, _("Making my surroundings safe")
