"""Verbs of aftercare: a contact made, the door back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from footbridge.care.safety import actions as safety
from footbridge.care.transitions import reads as transitions
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import reads, rules
from .models import FollowUp, FollowUpOutcome


class CannotFollowUp(access.Refusal):
    """The contact cannot be recorded so."""


def record(
    episode: Episode,
    *,
    due_day: int,
    channel: str,
    outcome: str,
    by: Actor,
    at: datetime,
    in_care: str = "unknown",
    doing: str = "unknown",
    wants_to_return: bool = False,
    in_danger: bool = False,
    note: str = "",
) -> FollowUp:
    """One contact tried or made for the contact due on `due_day` after discharge.

    A person in danger raises an alarm first and by itself: whatever else is refused, it stands. Nobody who asked to be left alone is
    contacted again.
    """
    access.require(by, rules.FOLLOW_UP, episode)
    if in_danger:
        safety.tell(
            source_kind="follow_up", source=str(episode.uid), is_news=True, client=episode.client, kind="staff", urgency="now",
            reason=_("Said to be in danger at a follow-up contact."), by=by, at=at,
        )  # fmt: skip
    if transitions.discharge_of(episode) is None:
        raise CannotFollowUp(_("Follow-up begins with the discharge."))
    if due_day not in reads.days():
        raise CannotFollowUp(_("Choose one of the contacts on the list."), field="due_day")
    if outcome == FollowUpOutcome.REACHED and doing == "unknown":
        raise CannotFollowUp(_("Say how the person is doing, as they told you."), field="doing")
    with trail.act("aftercare.followed_up", by=by, at=at, about=episode, client=episode.client, detail={"due_day": due_day}):
        if episode.follow_ups.filter(outcome=FollowUpOutcome.DECLINED).exists():
            raise CannotFollowUp(_("This person asked not to be contacted again."))
        return FollowUp.objects.create(
            episode=episode, due_day=due_day, by=Staff.objects.get(pk=by.as_staff), channel=channel, outcome=outcome, in_care=in_care,
            doing=doing, wants_to_return=wants_to_return, note=note.strip(), at=at,
        )  # fmt: skip
