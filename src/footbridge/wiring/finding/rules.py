from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import STAFF_ROLES, Rule

FIND = Rule("find", _("Look up a page, or a client whose records one may open, by name or record number"), roles=tuple(sorted(STAFF_ROLES)))
