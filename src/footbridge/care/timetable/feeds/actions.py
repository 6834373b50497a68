"""Open a calendar's address, change what it says, renew it, end it. Each for oneself only."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client, Staff
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Program, Track
from footbridge.kit import access, trail
from footbridge.kit.access import Actor
from footbridge.kit.web import sealing

from . import reads, rules
from .models import CalendarFeed

TELLING = 4  # letters; a shorter name ("AM") is no name others would know


class CannotKeepFeed(access.Refusal):
    """The calendar cannot say this, or there is none (any more)."""


def open_feed(*, title: str, shows_place: bool = False, work: bool = False, by: Actor, at: datetime) -> CalendarFeed:
    """A secret address for one's own calendar: of the hours one leads (`work`), or of those one comes to. Raises CannotKeepFeed."""
    whose = _owner(by, work)
    with trail.act("calendar_feed.opened", by=by, at=at, about=whose, client=_client(whose)):
        if reads.own(by, work=work) is not None:
            raise CannotKeepFeed(_("You have an address already. Change it, or make a new one."))
        return _write(whose, _neutral(title), shows_place, at)


def change(feed: CalendarFeed, *, title: str, shows_place: bool, by: Actor, at: datetime) -> CalendarFeed:
    """What the calendar says from now on; the address stays."""
    _require_own(feed, by)
    with trail.act("calendar_feed.changed", by=by, at=at, about=feed, client=feed.client):
        feed.title, feed.shows_place = _neutral(title), shows_place
        feed.save(update_fields=["title", "shows_place"])
    return feed


def renew(feed: CalendarFeed, *, by: Actor, at: datetime) -> CalendarFeed:
    """A new address; the old one stops working at once."""
    whose = _require_own(feed, by)
    with trail.act("calendar_feed.renewed", by=by, at=at, about=feed, client=feed.client):
        _end(feed, at)
        return _write(whose, feed.title, feed.shows_place, at)


def end(feed: CalendarFeed, *, by: Actor, at: datetime) -> CalendarFeed:
    """The address stops working at once."""
    _require_own(feed, by)
    with trail.act("calendar_feed.ended", by=by, at=at, about=feed, client=feed.client):
        _end(feed, at)
    return feed


def _owner(by: Actor, work: bool) -> Client | Staff:
    if work:
        access.require(by, rules.OWN_AS_STAFF)
        return Staff.objects.select_related("person").get(pk=by.as_staff)
    access.require(by, rules.OWN_AS_CLIENT)
    if by.client_id is None:
        raise access.NotYours("calendar_feed")
    return Client.objects.select_related("person").get(pk=by.client_id)


def _require_own(feed: CalendarFeed, by: Actor) -> Client | Staff:
    work = feed.staff_id is not None
    whose = _owner(by, work)
    if whose.pk != (feed.staff_id if work else feed.client_id):
        raise access.NotYours("calendar_feed")
    return whose


def _client(whose: Client | Staff) -> Client | None:
    return whose if isinstance(whose, Client) else None


def _end(feed: CalendarFeed, at: datetime) -> None:
    feed.refresh_from_db(fields=["ended_at"])
    if feed.ended_at is not None:
        raise CannotKeepFeed(_("This address has ended already."))
    feed.ended_at = at
    feed.save(update_fields=["ended_at"])


def _write(whose: Client | Staff, title: str, shows_place: bool, at: datetime) -> CalendarFeed:
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(title=title, shows_place=shows_place, made_at=at, digest=reads.digest_of(secret))
    if isinstance(whose, Client):
        feed.client = whose
    else:
        feed.staff = whose
    feed.sealed = sealing.seal(secret, reads.bound_to(feed))
    feed.save(force_insert=True)
    return feed


def _neutral(title: str) -> str:
    """The word as it may stand in a calendar that others see: not the name of the house, of a program, a track or a group."""
    words = " ".join(title.split())
    if not words:
        raise CannotKeepFeed(_("Write a word, like “Appointment”."), field="title")
    here = program.organisation()
    names = [here.name] if here else []
    for model in (Program, Track, Group):
        names += model._default_manager.values_list("name", flat=True)
    if any(len(name) >= TELLING and name.casefold() in words.casefold() for name in names):
        raise CannotKeepFeed(_("This word names the program or a group. Others may see your calendar: choose a word that tells them nothing."), field="title")
    return words
