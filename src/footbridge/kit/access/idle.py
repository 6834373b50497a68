"""The idle clock of a browser session: when it was last used, whether it is locked, what is left until it locks.

Kept in the session: `seen_at` and `locked_at`, both seconds since 1970 (UTC), and `held_at`: the one place a device that
was handed to somebody else is held to, until whoever handed it over proves themselves again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from .words import IDLE_OTHERS, IDLE_STAFF, IDLE_STEP


def now_of(request: HttpRequest) -> datetime:
    """The request's clock."""
    return getattr(request, "at", None) or timezone.now()


def limit_of(request: HttpRequest) -> timedelta:
    """How long this person may be away."""
    actor = getattr(request, "actor", None)
    return IDLE_STAFF if actor is not None and actor.is_staff else IDLE_OTHERS


def begin(request: HttpRequest) -> None:
    """The person has just proven who they are: open, and the clock starts."""
    request.session.pop("locked_at", None)
    request.session.pop("held_at", None)
    request.session.opened = True  # type: ignore[attr-defined]
    request.session["seen_at"] = int(now_of(request).timestamp())


def is_locked(request: HttpRequest) -> bool:
    return "locked_at" in request.session


def lock(request: HttpRequest) -> None:
    request.session["locked_at"] = now_of(request).timestamp()


def hold(request: HttpRequest, place: str) -> None:
    """Lock the session and hold the device to `place`, a path that ends with a slash: nothing else opens."""
    lock(request)
    request.session["held_at"] = place


def held_at(request: HttpRequest) -> str:
    """The path the device is held to; empty when it is not."""
    return str(request.session.get("held_at", "")) if is_locked(request) else ""


def left(request: HttpRequest) -> int:
    """Seconds until the lock; 0 when it is time."""
    seen = request.session.get("seen_at")
    if seen is None:
        return int(limit_of(request).total_seconds())
    away = now_of(request).timestamp() - seen
    return max(0, int(limit_of(request).total_seconds() - away))


def touch(request: HttpRequest, *, at_once: bool = False) -> None:
    """Somebody is here. Written at most once a minute unless `at_once`."""
    now = int(now_of(request).timestamp())
    seen = request.session.get("seen_at")
    if at_once or seen is None or now - seen >= IDLE_STEP.total_seconds():
        request.session["seen_at"] = now
