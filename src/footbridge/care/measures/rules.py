from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import own, treats_the_person
from footbridge.kit.access import Actor, Rule

CLINICIANS = ("therapist", "prescriber", "intake", "director")


def _own_or_treating(actor: Actor, about: Any) -> bool:
    return (actor.has("client") and own(actor, about)) or (actor.has(*CLINICIANS) and treats_the_person(actor, about))


ANSWER = Rule(
    "measures.answer",
    _("Answer questionnaires: the client their own, a clinician from paper or in an interview"),
    roles=(*CLINICIANS, "client"),
    when=_own_or_treating,
)
ANSWER_OWN = Rule("measures.answer_own", _("Open one's own questionnaires"), roles=("client",), when=own)
SEE = Rule("measures.see", _("See answers, scores and course of a client in their care"), roles=CLINICIANS, when=treats_the_person)
CLOSE_ALERT = Rule(
    "measures.close_alert",
    _("Close a course alert with a documented action"),
    roles=("therapist", "prescriber", "director"),
    when=treats_the_person,
)
CLOSE_TOPIC = Rule(
    "measures.close_topic",
    _("Say that something a score asked for was talked about"),
    roles=("therapist", "prescriber", "director"),
    when=treats_the_person,
)
SEE_SCHEDULE = Rule(
    "measures.see_schedule", _("Read which questions are asked when, and by which rule a suicide screen is read"), roles=CLINICIANS
)
FIT_GROWTH = Rule(
    "measures.fit_growth", _("Have the program's own growth model fitted anew from what its people showed"), roles=("director",)
)
