from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE_OWN = Rule("client.see_own", _("See one's own week, questions, plan, safety plan, practice and progress"), roles=("client",))
WRITE_OWN = Rule("client.write_own", _("Write one's own check-in, practice, safety plan and plan for staying well"), roles=("client",))
