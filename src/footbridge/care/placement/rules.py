from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import on_the_case
from footbridge.kit.access import Rule

SEE_PLACEMENT = Rule(
    "placement.see",
    _("Read how the level of care was found, for people who ask for help and for clients in one's own care"),
    roles=("intake", "director", "therapist", "prescriber"),
    when=on_the_case("intake", "director"),
)
ASSESS = Rule(
    "placement.assess",
    _("Rate the dimensions and ask what level of care the facts point to"),
    roles=("intake", "director"),
)
DECIDE = Rule("placement.decide", _("Decide on the level of care"), roles=("intake", "director"))
ADMIT = Rule("placement.admit", _("Admit somebody to a track and name the care team"), roles=("intake", "director"))
READ_RULES = Rule(
    "placement.read_rules",
    _("Read the rules that say which level of care the facts point to"),
    roles=("intake", "director", "therapist", "prescriber"),
)
SIGN_RULES = Rule(
    "placement.sign_rules",
    _("Sign the rules of level of care as a clinical lead of the program"),
    roles=("director", "prescriber"),
)
RECORD_OUTSIDE = Rule(
    "placement.record_outside", _("Record what licensed criteria of others gave for somebody"), roles=("intake", "director", "therapist", "prescriber"),
    when=on_the_case("intake", "director"),
)  # fmt: skip
ATTACH_LICENCE = Rule("placement.attach_licence", _("Say which criteria of others this site is licensed for, and where its copy is"), roles=("director",))
