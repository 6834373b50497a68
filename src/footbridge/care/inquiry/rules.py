"""Who may see and answer requests for help. Anybody may ask: there is no rule for that."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

DESK = ("front_desk", "intake", "director")

SEE_INQUIRIES = Rule("inquiry.see", _("See requests for help, referrals and the waiting list"), roles=DESK)
ANSWER = Rule(
    "inquiry.answer", _("Answer a request: set its urgency, log calls, keep the waiting list, close it"), roles=DESK
)
TAKE_UP = Rule(
    "inquiry.take_up", _("Take up a request: the person becomes a client with an episode of care"), roles=DESK
)
