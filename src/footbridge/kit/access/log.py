"""Signing in and out, written on the trail. An act here names an account, never a mail address or a network address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from footbridge.kit.trail.models import Act

from .models import User
from .rules import Actor


def write(
    verb: str,
    *,
    request: HttpRequest | None = None,
    by: User | Actor | None = None,
    about: User | None = None,
    at: Any = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one act of signing in. `by` is who did it (None: somebody not signed in), `about` whose account it is."""
    if isinstance(by, Actor):
        by_id, label = by.user_id, by.name
    else:
        by_id, label = (by.pk, str(by)) if by is not None else (None, "visitor")
    Act.objects.create(
        verb=verb,
        by_id=by_id,
        by_label=label[:120],
        at=at or getattr(request, "at", None) or timezone.now(),
        about_kind=User._meta.label_lower,
        about_uid=about.uid if about is not None else None,
        detail=detail or {},
    )


# The library has no adapter method for these moments, so its signals are heard here (connected in apps.py).


def factor_added(sender: Any, request: HttpRequest, user: User, authenticator: Any, **rest: Any) -> None:
    write("account.factor_added", request=request, by=user, about=user, detail={"kind": str(authenticator.type)})


def factor_removed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **rest: Any) -> None:
    request.session.pop("second_factor", None)
    write("account.factor_removed", request=request, by=user, about=user, detail={"kind": str(authenticator.type)})


def codes_renewed(sender: Any, request: HttpRequest, user: User, authenticator: Any, **rest: Any) -> None:
    write("account.recovery_codes_renewed", request=request, by=user, about=user)


def code_refused(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    write("account.code_refused", request=request, about=user)


def password_changed(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    write("account.password_changed", request=request, by=user, about=user)


def password_reset(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    write("account.password_reset", request=request, about=user)


def locked_out(sender: Any, request: HttpRequest, **rest: Any) -> None:
    """The lock-out closes. Tries made while it is closed are not written again."""
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        known = user
    else:
        typed = request.POST.get("login", "").strip().lower()
        known = User.objects.filter(email=typed).first() if typed else None
    write("account.locked_out", request=request, about=known)
