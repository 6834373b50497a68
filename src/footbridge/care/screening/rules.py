"""Who may take a screen and read it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import on_the_case
from footbridge.kit.access import Rule

TAKE_SCREEN = Rule(
    "screening.take", _("Screen somebody who asks for help, and correct a screen"), roles=("intake", "director")
)
SEE_SCREEN = Rule(
    "screening.see",
    _("Read the screen of somebody who asks for help, or of a client in one's own care"),
    roles=("intake", "director", "therapist", "prescriber"),
    when=on_the_case("intake", "director"),
)
