from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.rules import GRANT_SUPPORTER, KEEP_PEOPLE
from footbridge.kit.access import Actor, Rule, may

SEE_GRANTED = Rule("family.see_granted", _("See what a client has granted: each kind of data only when it is named"), roles=("supporter",))


def _of_their_own(actor: Actor, about: Any) -> bool:
    return may(actor, GRANT_SUPPORTER, getattr(about, "episode", about))


KEEP_SUPPORTERS = Rule(
    "family.keep_supporters",
    _("See who stands by a client and what each may see, add, change and end it"),
    roles=GRANT_SUPPORTER.roles,
    when=_of_their_own,
)
INVITE_SUPPORTER = Rule("family.invite_supporter", _("Invite somebody close to a client to the portal, by a letter that says nothing"), roles=KEEP_PEOPLE.roles)
