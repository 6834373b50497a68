"""What was decided for somebody in danger, before they left."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Decided(models.TextChoices):
    STAYED = "stayed", _("Stayed with them until somebody took over")
    EMERGENCY = "emergency", _("Emergency services called")
    HOSPITAL = "hospital", _("Taken to a hospital or crisis center to be seen")
    HIGHER_CARE = "higher_care", _("Moved to a higher level of care")
    SAME_DAY = "same_day", _("Safety plan gone over; comes back the same day")
    PLANNED = "planned", _("Safety plan gone over; the next contact is agreed")
    NO_DANGER = "no_danger", _("Assessed in full: no danger now")
    NOT_REACHED = "not_reached", _("Left or not reached; a welfare check was asked for")
