"""Words for reports about things that happened and for reports the law asks for. Types of incidents stand in data/incidents.yaml."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Concern(models.TextChoices):
    CHILD = "child", _("A child may be abused or neglected")
    ELDER = "elder", _("An older adult may be abused, neglected or exploited")
    DEPENDENT = "dependent", _("A dependent adult may be abused or neglected")
    THREAT = "threat", _("A threat to somebody who can be named")
    OTHER = "other", _("Something else the law may ask to report")


class ReportDecision(models.TextChoices):
    REPORTED = "reported", _("Reported")
    WILL_REPORT = "will_report", _("Will be reported; not done yet")
    NOT_REPORTED = "not_reported", _("Not reported; the reasons are below")


class Route(models.TextChoices):
    """By which way the law lets a program for substance use speak (42 CFR Part 2). Rule source: SAF-13."""

    NOT_PART2 = "not_part2", _("Not a record of substance use treatment")
    CHILD_ABUSE = "child_abuse", _("State law on child abuse: the first report only")
    EMERGENCY = "emergency", _("Medical emergency")
    CRIME = "crime", _("Crime or threat on the premises or against staff: limited facts to the police")
    COURT = "court", _("Court order")
    CONSENT = "consent", _("The person agreed in writing")
    NO_NAME = "no_name", _("Nothing in it says that somebody is treated here")
    UNSURE = "unsure", _("Not sure yet; counsel or the director is asked")


class EntryKind(models.TextChoices):
    CALL = "call", _("Called")
    WRITTEN = "written", _("Written report sent by hand")
    ANSWER = "answer", _("They answered")
    NOTE = "note", _("Note")
