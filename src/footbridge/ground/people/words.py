"""The words for people, their roles and how to reach them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")


class Channel(models.TextChoices):
    CALL = "call", _("Phone call")
    TEXT = "text", _("Text message")
    MAIL = "mail", _("Email")


class RoleName(models.TextChoices):
    FRONT_DESK = "front_desk", _("Front desk")
    INTAKE = "intake", _("Intake")
    THERAPIST = "therapist", _("Therapist")
    PRESCRIBER = "prescriber", _("Prescriber")
    DIRECTOR = "director", _("Program director")
    BILLER = "biller", _("Biller")
    ADMIN = "admin", _("Administrator")


class Relation(models.TextChoices):
    PARENT = "parent", _("Parent")
    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Adult child")
    SIBLING = "sibling", _("Brother or sister")
    FRIEND = "friend", _("Friend")
    GUARDIAN = "guardian", _("Legal guardian")
    OTHER = "other", _("Someone else")


class LegalBasis(models.TextChoices):
    CONSENT = "consent", _("The client's written consent")
    PARENT_OF_MINOR = "parent_of_minor", _("Parent of a minor")
    GUARDIAN = "guardian", _("Court-appointed guardian")
    POWER_OF_ATTORNEY = "poa", _("Power of attorney for health care")


class Scope(models.TextChoices):
    """What a supporter may be granted, one class of data each. The last four only with the client's own signature."""

    SCHEDULE = "schedule", _("The weekly timetable")
    MESSAGES = "messages", _("Whom to call in the care team")
    PLAN = "plan", _("The treatment plan")
    PROGRESS = "progress", _("Progress charts")
    SAFETY = "safety", _("The safety plan")
    MEDICATION = "medication", _("Medicines and allergies")
    BILLING = "billing", _("Coverage and costs")
    SUBSTANCE = "substance", _("Anything about alcohol and drugs")
    SEXUAL = "sexual", _("Anything about sexual health")
    SCREENS = "screens", _("Answers about suicide")
    NOTES = "notes", _("Session notes")


class SignedHow(models.TextChoices):
    PORTAL = "portal", _("In the portal")
    PAPER = "paper", _("On paper")
    SPOKEN = "spoken", _("By voice, with a witness")


class Signer(models.TextChoices):
    """Who agreed to what is granted."""

    CLIENT = "client", _("The client")
    PARENT = "parent", _("A parent")


class SourceKind(models.TextChoices):
    SELF = "self", _("The person")
    FAMILY = "family", _("Family or friend")
    HOSPITAL = "hospital", _("Hospital")
    THERAPIST = "therapist", _("Outpatient therapist")
    PRIMARY_CARE = "primary_care", _("Primary care")
    SCHOOL = "school", _("School or college")
    EMPLOYER = "employer", _("Employer program")
    COURT = "court", _("Court or probation")
    PAYER = "payer", _("Health plan")
    OTHER = "other", _("Other")
