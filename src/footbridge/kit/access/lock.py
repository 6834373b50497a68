"""Two middlewares: the idle lock, and the second factor staff must have.

The lock does not sign out. It closes the session until the same person proves themselves again, keeps what a form was
sending, and leads back to the page, where the form is filled again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from footbridge.kit.web import drafts

from . import idle, log
from .adapters import has_second_factor
from .rules import PUBLIC

# What a locked session may still reach: the ways to open it, the way out, and the place where typed text is kept.
_WHILE_LOCKED = {
    "lock",
    "unlock",
    "stay",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
# What a device that was handed over may reach beside the place it is held to: the way back for its owner, the look of the
# page, its language. Not the way out: signing out would open the device to the next sign-in page.
_WHILE_HELD = (_WHILE_LOCKED - {"account_logout", "lock"}) | {"look", "set_language"}
# Keeping a draft is not activity either: the typing was, and the page keeps one more as it locks.
_NOT_ACTIVITY = {"stay", "draft"}

Next = Callable[[HttpRequest], HttpResponse]


class IdleLock:
    """Locks a session that was left alone, and answers everything but open pages with the way to unlock it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, words: Any) -> HttpResponse | None:
        user: Any = request.user
        if not user.is_authenticated:
            return None
        if not idle.is_locked(request) and idle.left(request) == 0:
            idle.lock(request)
            log.write("account.locked", request=request, about=user)
        if idle.is_locked(request) and _proven_since(request):
            idle.begin(request)
            log.write("account.unlocked", request=request, by=user, about=user)
        name = _name_of(request)
        request.idle_minutes = int(idle.limit_of(request).total_seconds() // 60)  # type: ignore[attr-defined]
        if not idle.is_locked(request):
            if name not in _NOT_ACTIVITY:
                idle.touch(request)
            return None
        held = idle.held_at(request)
        if held and not request.path.startswith(held):
            return None if name in _WHILE_HELD else _go(request, held)
        if name in _WHILE_LOCKED:
            return None
        if name == "draft" and request.method == "POST" and "discard" not in request.POST:
            return None
        if hasattr(view, "open_because") and not getattr(view, "only_unlocked", False):
            # An open page is open to whoever stands before a locked screen, so they are shown what a visitor is shown.
            request.user = AnonymousUser()
            request.actor = PUBLIC  # type: ignore[attr-defined]
            return None
        # A view may have ears (`heard_while_locked`): what cannot wait until somebody has unlocked. It answers where to go instead.
        hear = getattr(view, "heard_while_locked", None)
        if hear is not None and request.method == "POST" and (to := hear(request, **words)):
            _locked(request)  # keeps what was sent
            return _go(request, to)
        return _locked(request)


class SecondFactor:
    """Sends staff without a second factor to set one up before anything else. Demo people are exempt, and marked."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, words: Any) -> HttpResponse | None:
        actor = getattr(request, "actor", PUBLIC)
        if not actor.is_staff or actor.is_demo or not request.user.is_authenticated:
            return None
        if request.session.get("second_factor"):
            return None
        if hasattr(view, "open_because") or view.__module__.startswith("allauth."):
            return None
        if has_second_factor(request.user):
            request.session["second_factor"] = True
            return None
        return _go(request, reverse("second_step"))


def _locked(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        back = _page_of(request)
        fields = {name: request.POST.getlist(name) for name in request.POST}
        drafts.keep(request.user, urlsplit(back).path, fields, idle.now_of(request))
    elif request.headers.get("HX-Request"):
        back = _path_in(request, request.headers.get("HX-Current-URL", "")) or "/"
    return _go(request, f"{reverse('unlock')}?{urlencode({'next': back})}")


def _page_of(request: HttpRequest) -> str:
    """The page whose form was sent. A form may post to another address than its page; the browser says where it was."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return _path_in(request, said) or request.get_full_path()


def _path_in(request: HttpRequest, url: str) -> str:
    if not url or not url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=False):
        return ""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _go(request: HttpRequest, to: str) -> HttpResponse:
    """Lead the whole page to `to`, whichever way it asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"locked": True, "go": to}, status=423)
    return HttpResponseRedirect(to, status=303)


def _name_of(request: HttpRequest) -> str:
    return (request.resolver_match.view_name if request.resolver_match else "") or ""


def _proven_since(request: HttpRequest) -> bool:
    """Whether the person proved themselves, by whichever way the library offers, after the lock fell."""
    records = get_authentication_records(request, request.user)
    again = [one["at"] for one in records if one.get("reauthenticated")]
    return bool(again) and again[-1] > request.session["locked_at"]
