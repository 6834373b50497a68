"""The words of a screen: facts that say whether an IOP is possible and safe."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Known(models.TextChoices):
    """Not known is an answer."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    PARTLY = "partly", _("Partly")
    UNKNOWN = "unknown", _("Not known")


class Fact(models.TextChoices):
    """What a screen asks about. The safety ones open the level-of-care engine's gates."""

    STRUCTURE_NEEDED = "structure_needed", _("Needs more structure than weekly visits")
    HOME_STABLE = "home_stable", _("Has a stable place to live")
    HOME_SUPPORTIVE = "home_supportive", _("Someone at home or nearby supports treatment")
    HOME_SAFE = "home_safe", _("Is safe at home")
    MEDICALLY_STABLE = "medically_stable", _("Medically stable enough to live at home")
    WITHDRAWAL_RISK = "withdrawal_risk", _("May go through withdrawal")
    SELF_CARE = "self_care", _("Can look after food, sleep and medication")
    FUNCTIONING = "functioning", _("Work, school or family life has broken down")
    SAFE_NOW = "safe_now", _("Can keep themselves safe between visits")
    STEPPING_DOWN = "stepping_down", _("Comes from hospital, residential or day treatment")
    TRIED_OUTPATIENT = "tried_outpatient", _("Has tried weekly therapy without enough relief")
    AVAILABLE = "available", _("Can come three days a week or more")
    TRANSPORT = "transport", _("Can get here, or has a private place for video")
    SUBSTANCE_USE = "substance_use", _("Alcohol or drug use is part of the picture")


class HowTaken(models.TextChoices):
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")
    IN_PERSON = "in_person", _("In person")
