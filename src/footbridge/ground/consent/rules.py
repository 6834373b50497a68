from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

TAKE_CONSENT = Rule("consent.take", _("Record a client's consent, and that it was taken back"), roles=("front_desk", "intake", "therapist", "director"))
KEEP_ORDERS = Rule("consent.court_orders", _("Write down an order of a court about a client's record, and that it ended"), roles=("director",))
TELL = Rule(
    "consent.tell", _("Tell somebody outside what a client agreed to, and write down that it was told"),
    roles=("front_desk", "intake", "therapist", "prescriber", "director"),
)  # fmt: skip
SWITCH_GATES = Rule("consent.switch_gates", _("Say which consents must be signed before which step"), roles=("director",))
SEE_CONSENTS = Rule("consent.see", _("See what a client has agreed to"), roles=("front_desk", "intake", "therapist", "prescriber", "director", "biller"))
