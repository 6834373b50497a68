"""The words for who asks for help and what we promised."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ForWhom(models.TextChoices):
    SELF = "self", _("For me")
    OTHER = "other", _("For someone I care about")
    PROFESSIONAL = "professional", _("I am a professional referring someone")


class Triage(models.TextChoices):
    CRISIS = "crisis", _("Crisis")
    URGENT = "urgent", _("Urgent")
    PRIORITY = "priority", _("Priority")
    STANDARD = "standard", _("Standard")


class Outcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    MESSAGE = "message", _("Left a message")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG = "wrong", _("Wrong number or address")


class ClosedBecause(models.TextChoices):
    REFERRED_OUT = "referred_out", _("Referred to other care")
    DECLINED = "declined", _("The person decided against it")
    NOT_REACHED = "not_reached", _("Could not be reached")
    DUPLICATE = "duplicate", _("Already known")
    NOT_COVERED = "not_covered", _("Cost or coverage")
