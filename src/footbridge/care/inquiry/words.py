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


class WaitsBecause(models.TextChoices):
    """Why somebody is on the waiting list. Whether a place is free is looked up when the list is read, never written down."""

    NO_PLACE = "no_place", _("No place is free for them")
    LATER = "later", _("They want to begin later")
    COVERAGE = "coverage", _("Who pays is not settled")
    FIRST = "first", _("Something else comes first")
    OTHER = "other", _("Another reason")


class OffTheList(models.TextChoices):
    """Why somebody waits no longer. The last three are set by what happened, nobody chooses them."""

    PLACE = "place", _("A place is free")
    WISH = "wish", _("They no longer want to wait")
    NEED = "need", _("They need something else, sooner")
    MISTAKE = "mistake", _("Put here by mistake")
    TAKEN_UP = "taken_up", _("Taken up")
    CLOSED = "closed", _("The request was closed")
    CHANGED = "changed", _("The entry was changed")


class Milestone(models.TextChoices):
    """What whoever sent somebody would want to know."""

    OUTCOME = "outcome", _("What came of it")
    DISCHARGE = "discharge", _("Treatment has ended")


REPORTED_HOW = [("letter", _("By letter")), ("phone", _("By phone")), ("fax", _("By fax"))]


class Step(models.TextChoices):
    """Where a request stands. Calculated from its rows, never stored."""

    NEW = "new", _("New")
    TRYING = "trying", _("Trying to reach")
    CONTACTED = "contacted", _("Contacted")
    WAITING = "waiting", _("On the waiting list")
    TAKEN_UP = "taken_up", _("Taken up")
    CLOSED = "closed", _("Closed")


AGREES = [
    ("yes", _("Yes, and agrees")),
    ("no", _("Knows, but does not agree")),
    ("unknown", _("Does not know, or we are not sure")),
]

STEP_TONES: dict[str, str] = {
    Step.NEW: "info",
    Step.TRYING: "info",
    Step.CONTACTED: "good",
    Step.WAITING: "neutral",
    Step.TAKEN_UP: "good",
    Step.CLOSED: "neutral",
}
TRIAGE_TONES: dict[str, str] = {
    Triage.CRISIS: "now",
    Triage.URGENT: "warn",
    Triage.PRIORITY: "info",
    Triage.STANDARD: "neutral",
}
# When each urgency fits, as whoever takes the call reads it.
TRIAGE_SAYS = {
    Triage.CRISIS: _("Danger to life now: a plan or intent to die, an overdose, violence, somebody who cannot be left alone"),
    Triage.URGENT: _("Thoughts of suicide without a plan, just out of a hospital, withdrawal in the next days, pregnant, not safe at home"),
    Triage.PRIORITY: _("Sent by a professional, getting worse within weeks, work or family breaking down"),
    Triage.STANDARD: _("Can wait some days without harm"),
}
# What the desk reads; the choices of ForWhom speak to the one who asks.
ASKED_BY = {
    ForWhom.SELF: _("The person"),
    ForWhom.OTHER: _("Someone who cares about them"),
    ForWhom.PROFESSIONAL: _("A professional"),
}


# What speaks for or against two records being of one person (engines.same_person).
ALIKE = {
    "same_name": _("same name"),
    "alike_name": _("name nearly the same"),
    "same_birth_date": _("same birth date"),
    "near_birth_date": _("birth date off by one digit or turned round"),
    "other_birth_date": _("another birth date"),
    "same_phone": _("same phone"),
    "same_email": _("same email"),
}
