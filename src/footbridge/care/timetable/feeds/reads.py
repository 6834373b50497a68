"""Whose calendar an address opens, and what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from footbridge.ground.people.models import Person, Staff
from footbridge.ground.program.days import day_of
from footbridge.ground.program.words import Mode
from footbridge.kit.access import Actor
from footbridge.kit.web import sealing

from ..models import Booking, Session
from .models import CalendarFeed

BEFORE, AHEAD = timedelta(weeks=2), timedelta(weeks=10)


@dataclass(frozen=True, slots=True)
class Hour:
    """One entry of a calendar, with nothing in it that could not hang on a wall."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    changed_at: datetime
    cancelled: bool
    place: str = ""


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def own(actor: Actor, *, work: bool) -> CalendarFeed | None:
    """The open feed of whoever asks: of the hours they lead (`work`), or of those they come to."""
    mine = Q(staff_id=actor.staff_id or 0) if work else Q(client_id=actor.client_id or 0)
    return CalendarFeed.objects.filter(mine, ended_at__isnull=True).first()


def address(feed: CalendarFeed) -> str:
    """The whole secret address, for its owner."""
    secret = sealing.open_sealed(bytes(feed.sealed), bound_to(feed))
    return str(settings.BASE_URL).rstrip("/") + reverse("feeds:ics", kwargs={"secret": secret})


def bound_to(feed: CalendarFeed) -> str:
    return f"calendar_feed:{feed.uid}"


def opened_by(secret: str, at: datetime) -> CalendarFeed | None:
    """The feed behind an address, while its owner still has an account and, on the staff, still works here."""
    found = (
        CalendarFeed.objects.filter(digest=digest_of(secret), ended_at__isnull=True)
        .select_related("client__person__user", "staff__person__user")
        .first()
    )
    if found is None:
        return None
    user = owner(found).user
    gone = found.staff is not None and not _works_here(found.staff, day_of(at))
    return None if user is None or not user.is_active or gone else found


def _works_here(staff: Staff, on: date) -> bool:
    """As for signing in: without a role nobody works here any more, whether a last day was written down or not."""
    held = staff.roles_held.filter(held_from__lte=on).filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
    return (staff.left_on is None or staff.left_on > on) and held.exists()


def owner(feed: CalendarFeed) -> Person:
    return feed.staff.person if feed.staff else feed.client.person  # type: ignore[union-attr]


def hours(feed: CalendarFeed, at: datetime) -> list[Hour]:
    """The entries from two weeks ago to ten weeks ahead, cancelled ones among them."""
    start, end = at - BEFORE, at + AHEAD
    with override(owner(feed).language):
        if feed.staff is not None:
            led = Session.objects.filter(leader=feed.staff, starts_at__gte=start, starts_at__lt=end).select_related("site", "room")
            return [_hour(feed, s, str(s.uid), s.published_at, s.cancelled_at) for s in led.order_by("starts_at", "pk")]
        booked = Booking.objects.filter(episode__client=feed.client, starts_at__gte=start, starts_at__lt=end)
        rows = list(booked.select_related("session__site", "session__room").order_by("starts_at", "pk"))
        return [_hour(feed, b.session, str(b.uid), b.booked_at, b.cancelled_at or b.session.cancelled_at) for b in _told(rows)]


def _told(rows: Iterable[Booking]) -> Iterable[Booking]:
    """A seat that was given up and taken again in the same session is not told as cancelled."""
    rows = list(rows)
    live = {b.session_id for b in rows if b.cancelled_at is None}
    return (b for b in rows if b.cancelled_at is None or b.session_id not in live)


def _hour(feed: CalendarFeed, session: Session, uid: str, made_at: datetime, cancelled_at: datetime | None) -> Hour:
    zone = session.site.time_zone
    changed = max(made_at, cancelled_at or made_at, feed.made_at)
    return Hour(uid, session.starts_at, session.ends_at, zone, changed, cancelled_at is not None, _place(feed, session) if feed.shows_place else "")


def _place(feed: CalendarFeed, session: Session) -> str:
    """Where, when the owner asked for it: a client gets the street, staff the room."""
    if session.mode == Mode.VIDEO:
        return _("By video")
    if feed.staff is not None:
        return f"{session.room.name}, {session.site.name}" if session.room else session.site.name
    return session.site.address
