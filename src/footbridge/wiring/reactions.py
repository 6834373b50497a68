"""What follows from an act. A reaction is a job put in the queue by the act's own transaction, safe to run twice.

    alarm raised, made graver, handed on, climbed  → its owner is told by mail
    questions given by link, or a link renewed     → the client gets the link, when they agreed to messages

The past is told to nobody: acts dated more than a day ago (a rehearsed or imported history) send no letters.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone, translation

from footbridge.care.safety import actions as alarms
from footbridge.care.safety import reads as safety
from footbridge.care.safety.models import Alarm
from footbridge.config import config
from footbridge.ground.consent import reads as consents
from footbridge.ground.people.reads import contact_choice
from footbridge.ground.program.days import day_of, zone
from footbridge.kit import trail, work
from footbridge.kit.access import SYSTEM
from footbridge.lanes.notices import actions as notices

PAST = timedelta(days=1)


def _is_past(act: Any) -> bool:
    return timezone.now() - act.at > PAST


def _address(name: str, **words: Any) -> str:
    return config.base_url + reverse(name, kwargs=words)


@trail.after("alarm.raised", "alarm.heightened", "alarm.handed", "alarm.escalated")
def alarm_has_an_owner(act: Any) -> None:
    """Only a job here: whatever a letter needs may fail later, and must not undo the alarm."""
    if not _is_past(act):
        work.enqueue(tell_the_owner, alarm=str(act.about_uid), act=str(act.uid))


@work.job("alarms.tell", queue="notices")
def tell_the_owner(alarm: str, act: str) -> None:
    """Whoever has the alarm in hand now is told that there is something to look at, and by when. The mail says no
    more. When the letter cannot even be written, that is an alarm."""
    found = Alarm.objects.select_related("client", "owner__person").get(uid=alarm)
    owner = safety.owner_now(found)
    if owner is None or hasattr(found, "closed"):
        return
    person, at = owner.person, timezone.now()
    try:
        with translation.override(person.language):
            by = formats.date_format(found.due_at.astimezone(zone()), "SHORT_DATETIME_FORMAT")
        given = {"link": _address("safety:alarm", uid=found.uid), "until": by}
        notices.make(person, "mail", "look", person.language, given, f"alarm:{found.uid}:{act}", at)
    except Exception as trouble:
        if found.kind == "undelivered":
            raise  # it stands on the list and climbs; a chain of alarms about alarms helps nobody
        alarms.raise_undelivered(
            source_kind="letter",
            source_key=str(found.uid),
            trouble=type(trouble).__name__,
            client=found.client,
            by=SYSTEM,
            at=at,
        )
        raise


@trail.after("sheets.given", "sheets.link_renewed")
def send_the_link(act: Any) -> None:
    """The link goes to the client in the way they chose, when they agreed to messages. Otherwise staff hand it over
    themselves."""
    token, sheets = act.carries.get("token"), act.carries.get("sheets")
    if not token or not sheets or _is_past(act):
        return
    client, expires_at = sheets[0].client, sheets[0].expires_at
    if not consents.has(client, "messages", day_of(act.at)):
        return
    chosen = contact_choice(client.person)
    channel = chosen.channel if chosen and chosen.channel in ("mail", "text") else "mail"
    with translation.override(sheets[0].language):
        until = formats.date_format(day_of(expires_at), "DATE_FORMAT")
    notices.make(
        client.person,
        channel,
        "link",
        sheets[0].language,
        {"link": _address("measures:by_link", token=token), "until": until},
        f"link:{sheets[0].bundle}:{act.uid}",
        act.at,
    )
