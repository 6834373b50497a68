"""The words for the program: its levels, tracks, groups and rooms."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Level(models.TextChoices):
    """Levels of care, least intensive first. Hours and costs of each stand in data/levels.yaml."""

    OUTPATIENT = "outpatient", _("Outpatient")
    IOP = "iop", _("Intensive outpatient")
    PHP = "php", _("Partial hospitalization")
    RESIDENTIAL = "residential", _("Residential")
    INPATIENT = "inpatient", _("Inpatient")
    WITHDRAWAL = "withdrawal", _("Withdrawal management")
    CRISIS = "crisis", _("Crisis care")


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    HYBRID = "hybrid", _("In person and by video")


class PartOfDay(models.TextChoices):
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")
    DAY = "day", _("All day")


class RoomKind(models.TextChoices):
    GROUP = "group", _("Group room")
    OFFICE = "office", _("Office")
    VIDEO = "video", _("Video room")


class Population(models.TextChoices):
    ADULT = "adult", _("Adults")
    YOUNG_ADULT = "young_adult", _("Young adults")
    ADOLESCENT = "adolescent", _("Adolescents")


class HourConvention(models.TextChoices):
    CLOCK = "clock_including_breaks", _("Clock minutes, breaks up to 30 minutes included")
    THERAPEUTIC = "therapeutic_minutes", _("Therapeutic minutes")
    FIFTY = "fifty_minute_hour", _("Fifty minutes count as an hour")
