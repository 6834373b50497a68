"""The words of the treatment plan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capacity(models.TextChoices):
    CLIENT = "client", _("Client")
    CLINICIAN = "clinician", _("Clinician")
    SUPERVISOR = "supervisor", _("Supervisor")
    PHYSICIAN = "physician", _("Physician")
    PRESCRIBER = "prescriber", _("Prescriber")


class ServiceKind(models.TextChoices):
    GROUP = "group", _("Group therapy")
    INDIVIDUAL = "individual", _("Individual therapy")
    FAMILY = "family", _("Family session")
    MEDICATION = "medication", _("Medication visit")
    SKILLS = "skills", _("Skills group")
    EDUCATION = "education", _("Education")
    PEER = "peer", _("Peer support")
    PRACTICE = "practice", _("Practice between sessions")


class TargetWay(models.TextChoices):
    AT_MOST = "at_most", _("or lower")
    AT_LEAST = "at_least", _("or higher")


class CertificationKind(models.TextChoices):
    INITIAL = "initial", _("Certification at admission")
    RECERTIFICATION = "recertification", _("Recertification")
