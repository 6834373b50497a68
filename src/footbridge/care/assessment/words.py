"""The words of the assessment and of diagnoses."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndedHow(models.TextChoices):
    """Why a diagnosis holds no more."""

    RESOLVED = "resolved", _("Resolved")
    RULED_OUT = "ruled_out", _("Ruled out")
    CHANGED = "changed", _("Replaced by another diagnosis")
    MISTAKE = "mistake", _("Entered by mistake")
