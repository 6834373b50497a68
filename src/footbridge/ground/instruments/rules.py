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
SEE_SHELF = Rule(
    "instruments.see", _("See the questionnaires: wording, scoring, licences and versions"),
    roles=("director", "admin", "therapist", "prescriber", "intake"),
)  # fmt: skip
ADD_TEXT = Rule(
    "instruments.add_text", _("Add the text of a questionnaire after attesting that this site may use it"), roles=("director", "admin")
)
WRITE_OWN = Rule("instruments.write", _("Write, upload and change the program's own questionnaires"), roles=("director", "admin"))
VERIFY = Rule("instruments.verify", _("Verify a questionnaire as clinical lead, so that its bands are drawn"), roles=("director",))
RETIRE = Rule("instruments.retire", _("Retire a questionnaire, and bring it back"), roles=("director", "admin"))
ENTER_OUTSIDE = Rule(
    "instruments.enter_outside",
    _("Enter a score from outside for a client in their care, and take a mistaken one back"),
    roles=("therapist", "prescriber", "intake", "director"),
    when=treats_the_person,
)
HAND_OUT = Rule(
    "instruments.hand_out", _("Hand out the answers of a client in their care as a FHIR document"),
    roles=("therapist", "prescriber", "intake", "director"), when=treats_the_person,
)  # fmt: skip
