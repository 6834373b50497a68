"""The steps of the way in, from the request to the first day, as the desk names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskStep(models.TextChoices):
    """Calculated, never stored. The first four are those of the request itself."""

    NEW = "new", _("New")
    TRYING = "trying", _("Trying to reach")
    CONTACTED = "contacted", _("Contacted")
    WAITING = "waiting", _("Waiting list")
    TAKEN_UP = "taken_up", _("To screen")
    SCREENED = "screened", _("Screened")
    PLACED = "placed", _("Level decided")
    ADMITTED = "admitted", _("Admitted")
    CLOSED = "closed", _("Closed")


TONES: Mapping[str, str] = {
    DeskStep.NEW: "info",
    DeskStep.TRYING: "info",
    DeskStep.CONTACTED: "good",
    DeskStep.WAITING: "neutral",
    DeskStep.TAKEN_UP: "good",
    DeskStep.SCREENED: "good",
    DeskStep.PLACED: "good",
    DeskStep.ADMITTED: "good",
    DeskStep.CLOSED: "neutral",
}
# What the running promise asks somebody to do.
NEXT: Mapping[str, Any] = {
    "answer": _("Answer"),
    "again": _("Try again"),
    "decide": _("Decide the next step"),
    "next": _("Next on the waiting list"),
    "interim": _("Ask how they are while they wait"),
    "screen": _("Hold the screening talk"),
    "place": _("Decide the level of care"),
    "start": _("Set the first day"),
}
# What a client signs, in a sentence each. The full wording of an edition is on paper and in the portal.
CONSENT_SAYS: Mapping[str, Any] = {
    "treatment": _("I agree to take part in this program. I can stop at any time."),
    "telehealth": _("I agree to care by video. I know how to keep it private."),
    "messages": _("You may send me texts and emails. They say nothing about my care."),
    "tpo": _("You may share my records for treatment, payment and running the program."),
    "disclosure": _("You may share what I choose with the person or office I name."),
    "legal": _("You may share what I choose in the legal proceeding I name. It can be used there."),
    "counseling_notes": _("You may share my substance use counseling notes with the one I name."),
}
