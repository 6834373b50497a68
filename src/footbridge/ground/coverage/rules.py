from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

KEEP_COVERAGE = Rule("coverage.keep", _("Record who pays and what the payer said"), roles=("front_desk", "intake", "biller", "director"))
SEE_COVERAGE = Rule("coverage.see", _("See who pays for a client's care"), roles=("front_desk", "intake", "biller", "director"))
