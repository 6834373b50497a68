"""Five wrong tries: what the lock-out counts by, and the page it answers. It keeps nobody's name or address."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .words import LOCK_OUT_FOR


def key_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """What stands for an account in the table of failures: a keyed hash of the address as typed, never the address."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not given and request is not None:
        given = request.POST.get("login") or request.POST.get("email") or ""
    return hashed(str(given or ""))


def hashed(email: str) -> str:
    """The keyed hash of a mail address, the same however its letters are written."""
    said = email.strip().lower().encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"axes:" + said, hashlib.sha256).hexdigest()[:40]


def address_of(request: HttpRequest) -> str:
    """The network address of the visitor, as the sign-in library counts it (one trusted proxy when there is one)."""
    return get_client_ip(request) or "0.0.0.0"  # noqa: S104 - an address that is nobody's


def nobody(username: str, ip_address: str, user_agent: str, path_info: str, request: HttpRequest) -> str:
    """How the lock-out names a visitor in the log: not at all."""
    return "a visitor"


def forget(request: HttpRequest, email: str) -> None:
    """Wipe the failures of this account from this place: they have just proven who they are."""
    from axes.models import AccessAttempt

    AccessAttempt.objects.filter(username=hashed(email), ip_address=address_of(request)).delete()


def answer(request: HttpRequest, *rest: Any) -> HttpResponse:
    """The page of the lock-out (429). It says the same whether or not there is such an account."""
    minutes = int(LOCK_OUT_FOR.total_seconds() // 60)
    page = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page
