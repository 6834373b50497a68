from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.ground.episodes.rules import on_the_case, treats
from footbridge.kit.access import Actor, Rule


def own(actor: Actor, about: Any) -> bool:
    """The client's own plan. `about` is an episode, or a row of one."""
    episode = getattr(about, "episode", about)
    return actor.client_id is not None and getattr(episode, "client_id", None) == actor.client_id


SEE_PLAN = Rule(
    "plan.see",
    _("Read the treatment plan of a client in one's own care"),
    roles=("therapist", "prescriber", "director"),
    when=on_the_case("director"),
)
WRITE_PLAN = Rule(
    "plan.write",
    _("Draft and revise the treatment plan of a client in one's own care"),
    roles=("therapist", "director"),
    when=on_the_case("director"),
)
SIGN_PLAN = Rule(
    "plan.sign",
    _("Sign the treatment plan of a client in one's own care"),
    roles=("therapist", "director"),
    when=on_the_case("director"),
)
SIGN_AS_PRESCRIBER = Rule(
    "plan.sign_as_prescriber",
    _("Sign the treatment plan as the prescriber on the care team"),
    roles=("prescriber",),
    when=treats,
)
CERTIFY = Rule(
    "plan.certify",
    _("Certify as a physician on the care team that care of this intensity is needed"),
    roles=("prescriber",),
    when=treats,
)


def supervises(actor: Actor, about: Any) -> bool:
    """`about` is a plan, written or signed by somebody whom the actor supervises."""
    from footbridge.ground.people.models import Staff

    if actor.staff_id is None:
        return False
    signed = about.signatures.filter(capacity="clinician").values("person_id")
    mine = Staff.objects.filter(supervisor_id=actor.staff_id)
    return mine.filter(Q(person__in=signed) | Q(pk=about.drafted_by_id)).exists()


SIGN_AS_SUPERVISOR = Rule(
    "plan.sign_as_supervisor",
    _("Read and countersign the treatment plan of a clinician whom one supervises"),
    roles=("therapist", "prescriber", "director"),
    when=supervises,
)
SEE_WAITING = Rule(
    "plan.see_waiting",
    _("See which plans wait for one's own signature as supervisor, and whose certification by a physician is due. No plan is shown"),
    roles=("therapist", "prescriber", "director", "biller"),
)
SEE_OWN_PLAN = Rule("plan.see_own", _("Read one's own treatment plan"), roles=("client",), when=own)
SIGN_OWN_PLAN = Rule("plan.sign_own", _("Sign one's own treatment plan"), roles=("client",), when=own)
