"""The words for what another program takes and does."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from footbridge.ground.coverage.models import PayerKind
from footbridge.ground.program.words import Mode


class Condition(models.TextChoices):
    """What a program treats. The codes are those of our own groups, where we have one."""

    GENERAL = "general", _("Most conditions")
    MOOD = "mood", _("Depression and bipolar")
    ANXIETY = "anxiety", _("Anxiety")
    TRAUMA = "trauma", _("Trauma")
    SUBSTANCE = "substance_use", _("Alcohol and drug use")
    DUAL = "dual", _("Mental health and substance use together")
    EATING = "eating", _("Eating disorders")
    PSYCHOSIS = "psychosis", _("Psychosis")
    PERINATAL = "perinatal", _("Pregnancy and the time after birth")


class Speaks(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    SIGN = "ase", _("American Sign Language")
    INTERPRETER = "interpreter", _("Other languages by interpreter")


PAYERS = [choice for choice in PayerKind.choices if choice[0] != PayerKind.NOT_KNOWN]
MODES = [choice for choice in Mode.choices if choice[0] != Mode.HYBRID]
