from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class CameFrom(models.TextChoices):
    INQUIRY = "inquiry", _("At the request")
    SCREENING = "screening", _("After the screening")
    PLACEMENT = "placement", _("After the decision on the level of care")
    TRANSITION = "transition", _("At a change of level or a discharge")


class WhyNotHere(models.TextChoices):
    LEVEL = "level", _("We do not give the level of care that is needed")
    CONDITION = "condition", _("Another program treats this better")
    AGE = "age", _("We do not treat this age")
    LANGUAGE = "language", _("Language")
    PAYER = "payer", _("Coverage or cost")
    DISTANCE = "distance", _("Distance or transport")
    NO_PLACE = "no_place", _("No place here in time")
    PREFERENCE = "preference", _("The person would rather go there")
    STEP = "step", _("The next step after this program")
    OTHER = "other", _("Another reason")


class Step(models.TextChoices):
    """What was done. Warm means: a named person there was spoken to."""

    SPOKE_THERE = "spoke_there", _("Spoke with somebody there")
    TRIED_THERE = "tried_there", _("Called there, nobody could help")
    APPOINTMENT = "appointment", _("Appointment there is made")
    LETTER = "letter", _("Sent the letter")
    SPOKE_PERSON = "spoke_person", _("Spoke with the person")
    TRIED_PERSON = "tried_person", _("Tried to reach the person")
    LINES = "lines", _("Gave the crisis lines, went over the safety plan")
    NOTE = "note", _("Something else")


class EndedHow(models.TextChoices):
    ARRIVED = "arrived", _("Arrived there")
    ELSEWHERE = "elsewhere", _("Arrived at another place")
    BACK = "back", _("Comes back to us")
    DECLINED = "declined", _("Does not want it")
    NOT_REACHED = "not_reached", _("Could not be reached")
    DIED = "died", _("Died")


ARRIVED = frozenset({EndedHow.ARRIVED, EndedHow.ELSEWHERE})
# What is written as the next thing to do when nobody writes anything else.
NEXT: Mapping[str, Any] = {
    "open": _("Call there and speak with somebody by name"),
    Step.SPOKE_THERE: _("Make the appointment"),
    Step.TRIED_THERE: _("Call there again"),
    Step.APPOINTMENT: _("Ask whether they arrived"),
    Step.LETTER: _("Ask whether the letter arrived"),
    Step.SPOKE_PERSON: _("Call there"),
    Step.TRIED_PERSON: _("Try the person again"),
}
ENDED_TONES: Mapping[str, str] = {EndedHow.ARRIVED: "good", EndedHow.ELSEWHERE: "good", EndedHow.BACK: "info"}
# What was asked of another program, as the list says it.
ASKED: Mapping[str, Any] = {
    "level": _("level of care"),
    "population": _("age"),
    "condition": _("condition"),
    "language": _("language"),
    "payer": _("coverage"),
    "mode": _("in person or video"),
}
AGREED_HOW = [("spoken", _("By voice")), ("paper", _("On paper"))]
