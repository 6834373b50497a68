from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE_LIST = Rule(
    "front_desk.list", _("See the list of requests, broken promises first"), roles=("front_desk", "intake", "director")
)
KEEP_PAPERS = Rule(
    "front_desk.papers",
    _("Record a client's coverage, benefit checks and consents"),
    roles=("front_desk", "intake", "director"),
)
