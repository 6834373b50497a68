from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import treats
from footbridge.kit.access import Rule

SEE_VISITS = Rule(
    "prescriber.day", _("See one's own medication visits of the day, and one's own clients"), roles=("prescriber",)
)
PREPARE_VISIT = Rule(
    "prescriber.visit",
    _("Read on one page what a medication visit needs, for a client in one's own care"),
    roles=("prescriber",),
    when=treats,
)
