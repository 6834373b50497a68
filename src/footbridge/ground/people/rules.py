from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Rule

KEEP_PEOPLE = Rule("people.keep", _("Add people and correct how they are named and reached"), roles=("front_desk", "intake", "director"))
HIRE = Rule("people.hire", _("Add staff, give and end their roles, credentials and supervision"), roles=("director", "admin"))
GRANT_SUPPORTER = Rule(
    "people.grant_supporter", _("Record whom a client lets see what, and end it"), roles=("therapist", "intake", "front_desk", "director")
)
SEE_STAFF = Rule("people.see_staff", _("See who works here, in which role, with which credentials"), roles=("director", "admin"))
