"""Verbs of notices: make one in the transaction of the act it follows, deliver it by a job, send it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from footbridge.care.safety import actions as safety
from footbridge.care.safety import clocks
from footbridge.care.safety.models import Alarm
from footbridge.ground.consent import reads as consents
from footbridge.ground.people.models import Person
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Organisation
from footbridge.kit import access, trail, work
from footbridge.kit.access import SYSTEM, Actor
from footbridge.kit.web.sealing import open_sealed, seal

from . import providers, rules, words
from .models import Notice

TOO_OLD = timedelta(days=3)  # nobody wants last week's reminder when the mail server is back


class CannotResend(access.Refusal):
    """It went out, or its words cannot be read any more."""


class CannotDeliver(Exception):
    """The mail server or the provider did not take it."""


def make(
    person: Person, channel: str, template: str, language: str, words: Mapping[str, Any], key: str, at: datetime
) -> Notice:
    """One message to one person, and the job that delivers it, in the transaction under way. The same key makes it
    once.

    `channel` is "mail" or "text"; `words` fills the template's blanks (`name`, `sender` and `phone` are filled here).
    The body is
    sealed: it may hold a single-use link.
    """
    known = Notice.objects.filter(key=key).first()
    if known:
        return known
    notice = Notice(person=person, channel=channel, template=template, language=language, key=key, made_at=at)
    notice.body_sealed = seal(_written(person, channel, template, language, words), f"notice:{notice.uid}")
    notice.save()
    work.enqueue(deliver, key=f"notice:{notice.uid}", notice_id=notice.pk)
    return notice


def _written(person: Person, channel: str, template: str, language: str, given: Mapping[str, Any]) -> dict[str, str]:
    organisation = Organisation.objects.first()
    blanks = {
        "name": person.name_used,
        "sender": organisation.neutral_name if organisation else "Footbridge",
        "phone": organisation.phone if organisation else "",
        **given,
    }
    language = language if language in words.WORDS[template] else "en"
    if channel == "text":
        return {"subject": "", "body": words.SHORT[template][language].format(**blanks)}
    subject, body = words.WORDS[template][language]
    return {"subject": subject.format(**blanks), "body": body.format(**blanks)}


@work.job("notices.deliver", queue="notices")
def deliver(notice_id: int) -> None:
    """Send a notice. Sent once; trouble is written on the notice and, where trying again can help, tried again."""
    try:
        _deliver(notice_id, timezone.now())
    except CannotDeliver:
        raise
    except providers.NoTextProvider:
        _failed(notice_id, "no text provider", timezone.now())


def _deliver(notice_id: int, at: datetime) -> None:
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).select_related("person").get(pk=notice_id)
        if notice.sent_at is not None:
            return
        address = notice.person.email if notice.channel == "mail" else notice.person.phone
        trouble = ""
        if at - notice.made_at > TOO_OLD:
            trouble = "too old to send"
        elif not address:
            trouble = "no address"
        elif _taken_back(notice, at):
            trouble = "not agreed to any more"
        if not trouble:
            written = open_sealed(bytes(notice.body_sealed), f"notice:{notice.uid}")
            try:
                if notice.channel == "mail":
                    organisation = Organisation.objects.first()
                    sender = _sender(organisation.neutral_name if organisation else "")
                    EmailMessage(written["subject"], written["body"], sender, [address]).send()
                else:
                    providers.text_provider().send(address, written["body"])
            except providers.NoTextProvider:
                trouble = "no text provider"
            except Exception as error:
                trouble = f"not taken: {type(error).__name__}"
            else:
                notice.sent_at, notice.failed_at, notice.trouble = at, None, ""
                notice.save(update_fields=["sent_at", "failed_at", "trouble"])
                return
    _failed(notice_id, trouble, at)
    if trouble.startswith("not taken"):
        raise CannotDeliver(trouble)


def _taken_back(notice: Notice, at: datetime) -> bool:
    """Whether a client agreed to messages and, while this one waited, took that back or chose another way: it may be read by somebody
    who should not. Letters to staff ask for no agreement."""
    client = getattr(notice.person, "client", None)
    if client is None or hasattr(notice.person, "staff") or not client.consents.filter(kind="messages").exists():
        return False
    return consents.channel(client, day_of(at)) != notice.channel


def _sender(name: str) -> str:
    """The configured address under the neutral name: "Riverside <care@example.org>"."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">").strip()
    return f"{name} <{address}>" if name else settings.DEFAULT_FROM_EMAIL


def _failed(notice_id: int, trouble: str, at: datetime) -> None:
    """Write the trouble down. A notice about an alarm that did not go out raises an alarm of its own."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
        notice.failed_at, notice.trouble = at, trouble[:200]
        notice.save(update_fields=["failed_at", "trouble"])
        alarm = _alarm_of(notice)
        if alarm is not None and _can_be_missed(alarm):
            safety.raise_undelivered(
                source_kind="notice", source_key=str(notice.uid), trouble=trouble, client=alarm.client, by=SYSTEM, at=at
            )


def _alarm_of(notice: Notice) -> Alarm | None:
    """The alarm a staff notice is about: its key begins with "alarm:<uid>"."""
    kind, _colon, rest = notice.key.partition(":")
    if kind != "alarm":
        return None
    return Alarm.objects.select_related("client").filter(uid=rest.partition(":")[0]).first()


def look_for_waiting(at: datetime) -> list[Notice]:
    """Every minute: a letter about an open alarm that nobody has sent or given up for minutes is trouble, told like any other."""
    late = at - clocks.stands_still_after()
    found = Notice.objects.filter(key__startswith="alarm:", sent_at__isnull=True, failed_at__isnull=True, made_at__lte=late)
    waiting = [one for one in found.filter(made_at__gt=at - TOO_OLD) if _can_be_missed(_alarm_of(one))]
    for notice in waiting:
        alarm = _alarm_of(notice)
        safety.raise_undelivered(
            source_kind="notice", source_key=str(notice.uid), trouble=_("its letter still waits"), by=SYSTEM, at=at,
            client=alarm.client if alarm else None,
        )  # fmt: skip
    return waiting


def _can_be_missed(alarm: Alarm | None) -> bool:
    """Whether trouble with its letter is an alarm. Not about alarms about letters: they stand on the list and climb."""
    return alarm is not None and alarm.kind != "undelivered" and not hasattr(alarm, "closed")


def resend(notice: Notice, *, by: Actor, at: datetime) -> Notice:
    """Try again now, to the address the person has now."""
    access.require(by, rules.SEE, notice)
    with trail.act("notice.resent", by=by, at=at, about=notice, client=getattr(notice.person, "client", None)):
        notice.refresh_from_db(fields=["sent_at", "failed_at"])
        if notice.sent_at is not None:
            raise CannotResend(_("This went out already."))
        if _taken_back(notice, at):
            raise CannotResend(_("They do not agree to messages this way any more. Call them."))
        notice.made_at = at
        notice.failed_at, notice.trouble = None, ""
        notice.save(update_fields=["made_at", "failed_at", "trouble"])
        work.enqueue(deliver, key=f"notice:{notice.uid}:{at.timestamp():.0f}", notice_id=notice.pk)
    return notice
