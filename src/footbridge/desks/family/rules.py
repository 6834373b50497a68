from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE_GRANTED = Rule("family.see_granted", _("See what a client has granted: each kind of data only when it is named"), roles=("supporter",))
