"""The words for who came and what was written."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Came(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Came late")
    LEFT_EARLY = "left_early", _("Left early")
    ABSENT = "absent", _("Did not attend")
    EXCUSED = "excused", _("Excused")


class Participation(models.TextChoices):
    ACTIVE = "active", _("Took an active part")
    SOME = "some", _("Took some part")
    LISTENED = "listened", _("Mostly listened")
    NEEDED_SUPPORT = "needed_support", _("Needed support to stay")
