from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor, Rule


def _oneself_or_desk(actor: Actor, about: Any) -> bool:
    """`about` is a staff member, or an absence of one."""
    if about is None or actor.staff_id is None:
        return False
    whose = about.staff_id if hasattr(about, "staff_id") else about.pk
    return actor.has("director", "front_desk") or actor.staff_id == whose


def _of_their_own(actor: Actor, about: Any) -> bool:
    """`about` is a client, a supporter of one, or an episode."""
    from footbridge.ground.episodes.rules import treats

    return actor.has("intake", "front_desk", "director") or treats(actor, about)


KEEP_PEOPLE = Rule("people.keep", _("Add people and correct how they are named and reached"), roles=("front_desk", "intake", "director"))
MERGE = Rule("people.merge", _("Compare records that may be of one person, and merge them or keep them apart"), roles=("intake", "director"))
HIRE = Rule("people.hire", _("Add staff, give and end their roles, credentials and supervision"), roles=("director", "admin"))
GRANT_SUPPORTER = Rule(
    "people.grant_supporter",
    _("Record whom a client lets see what, change it and end it: the front of the house for everybody, a therapist for their own clients"),
    roles=("therapist", "intake", "front_desk", "director"),
    when=_of_their_own,
)
SEE_STAFF = Rule("people.see_staff", _("See who works here, in which role, with which credentials"), roles=("director", "admin"))
GO_AWAY = Rule(
    "people.go_away",
    _("Say when one is away and who stands in; the director and the front desk for anybody"),
    roles=("therapist", "prescriber", "intake", "director", "front_desk"),
    when=_oneself_or_desk,
)
