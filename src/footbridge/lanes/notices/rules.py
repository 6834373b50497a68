from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

SEE = Rule(
    "notices.see", _("See which letters, texts and mails went out or failed (never their words), and send them again"),
    roles=("front_desk", "director"),
)  # fmt: skip
