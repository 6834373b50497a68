from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import on_the_case
from footbridge.kit.access import Rule

CLINICIANS = ("therapist", "prescriber", "director")

SEE_MEDICATION = Rule(
    "medication.see",
    _("Read the medication and allergies of a client in one's own care"),
    roles=CLINICIANS,
    when=on_the_case("director"),
)
KEEP_MEDICATION = Rule(
    "medication.keep",
    _("Keep the medication and allergy lists of a client in one's own care, and go through them with the client"),
    roles=CLINICIANS,
    when=on_the_case("director"),
)

PLAN_TESTS = Rule(
    "medication.plan_tests",
    _("Say how often drug tests are done for a client in one's own care. The client and the door do not see the coming days"),
    roles=CLINICIANS,
    when=on_the_case("director"),
)
