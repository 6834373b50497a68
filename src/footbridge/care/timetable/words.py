"""The words of the timetable."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionKind(models.TextChoices):
    """"Session" is therapy."""

    GROUP = "group", _("Group")
    INDIVIDUAL = "individual", _("Individual")
    FAMILY = "family", _("Family")
    MEDICATION = "medication", _("Medication visit")


class CancelledBecause(models.TextChoices):
    CLOSED = "closed", _("The site is closed")
    STAFF_AWAY = "staff_away", _("The leader is away")
    CLIENT = "client", _("The client cancelled")
    ENDED = "ended", _("The episode ended")
    CHANGED = "changed", _("The timetable changed")
