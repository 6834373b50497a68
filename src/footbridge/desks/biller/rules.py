from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE_DAYS = Rule(
    "biller.see_days",
    _("See by client and day which minutes were scheduled, attended and documented. No note is shown"),
    roles=("biller", "director"),
)
