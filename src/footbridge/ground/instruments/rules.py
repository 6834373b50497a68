from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import treats_the_person
from footbridge.kit.access import Rule

LOAD = Rule("instruments.load", _("Load the definitions of questionnaires"), roles=("director", "admin"))
GIVE = Rule(
    "instruments.give",
    _("Give a questionnaire to a client in their care, and take it back"),
    roles=("therapist", "prescriber", "intake", "director"),
    when=treats_the_person,
)
