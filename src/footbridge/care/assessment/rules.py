"""Who may read, write and sign the assessment, and record diagnoses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import on_the_case
from footbridge.kit.access import Rule

CLINICAL = ("intake", "therapist", "prescriber", "director")
SEE_ASSESSMENT = Rule(
    "assessment.see",
    _("Read the assessment and the diagnoses of somebody who asks for help, or of a client in one's own care"),
    roles=CLINICAL,
    when=on_the_case("intake", "director"),
)
WRITE_ASSESSMENT = Rule(
    "assessment.write",
    _("Write sections of the assessment of somebody who asks for help, or of a client in one's own care"),
    roles=CLINICAL,
    when=on_the_case("intake", "director"),
)
SIGN_ASSESSMENT = Rule(
    "assessment.sign",
    _("Sign the complete assessment"),
    roles=CLINICAL,
    when=on_the_case("intake", "director"),
)
DIAGNOSE = Rule(
    "assessment.diagnose",
    _("Record, correct and end diagnoses of somebody who asks for help, or of a client in one's own care"),
    roles=CLINICAL,
    when=on_the_case("intake", "director"),
)
