"""Pages of signing in that the library does not have: lock and unlock, stay, welcome, second step, the roles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from . import accounts, idle, log
from . import forms as asked
from .adapters import has_second_factor
from .pages import open_page, page, start_page
from .rules import ROLES, RULES, Refusal, Rule
from .words import IDLE_WARNING, ROLE_TITLES

READ_ROLES = Rule("access.roles", _("Read who may do what"), roles=("director", "admin"))

View = Callable[..., HttpResponse]


def own_account(view: View) -> View:
    """Mark a page about the account of whoever is signed in. No role is needed; being signed in and unlocked is."""

    @wraps(view)
    def guarded(request: HttpRequest, **words: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **words)

    opened = open_page("Shows only the sign-in settings of the person signed in.")(guarded)
    opened.only_unlocked = True  # type: ignore[attr-defined]
    return opened  # type: ignore[return-value]


def _user(request: HttpRequest) -> Any:
    return request.user


def _back(request: HttpRequest) -> str:
    said = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if safe else start_page()


@open_page("The way back into a locked session: shows nothing but a password field.")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Prove who you are and go on where you were. On a device that was handed over this is the only way out of its form."""
    back = _back(request)
    user: Any = request.user
    if not user.is_authenticated:
        return redirect_to_login(back)
    if not idle.is_locked(request):
        return HttpResponseRedirect(back)
    form = asked.Unlock(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            proven = get_adapter(request).reauthenticate(user, form.cleaned_data["password"])
            trouble: Any = get_adapter(request).error_messages["incorrect_password"]
        except Exception as refusal:
            if not hasattr(refusal, "messages"):
                raise
            proven, trouble = False, refusal.messages[0]
        if proven:
            reauthenticate_by_password(request)
            idle.begin(request)
            log.write("account.unlocked", request=request, by=user, about=user)
            return HttpResponseRedirect(back)
        form.add_error("password", trouble)
    ways = [way for way in get_adapter(request).get_reauthentication_methods(user) if way["id"] != "reauthenticate"]
    for way in ways:
        way["url"] += "?" + urlencode({"next": back})
    held = idle.held_at(request)
    context = {"form": form, "back": back, "ways": ways, "has_password": user.has_usable_password(), "held": held}
    return render(request, "account/unlock.html", context, status=422 if form.errors else 200)


@own_account
@never_cache
@require_http_methods(["GET", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Lock now: the person says so, or the page's own clock ran out."""
    if not idle.is_locked(request):
        idle.lock(request)
        log.write("account.locked", request=request, about=_user(request))
    return HttpResponseRedirect(f"{resolve_url('unlock')}?{urlencode({'next': _back(request)})}")


@open_page("Says how long the session of whoever is signed in stays open; shows nothing of them.")
@never_cache
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """GET: seconds left until the lock. POST: I am still here. 423 when it is locked, 401 when nobody is signed in."""
    if not request.user.is_authenticated:
        return JsonResponse({"signed_in": False}, status=401)
    if idle.is_locked(request) or idle.left(request) == 0:
        return JsonResponse({"locked": True, "go": resolve_url("unlock")}, status=423)
    if request.method == "POST":
        idle.touch(request, at_once=True)
        if "next" in request.POST and "text/html" in request.headers.get("Accept", ""):  # sent without JavaScript
            return HttpResponseRedirect(_back(request))
    return JsonResponse({"left": idle.left(request), "warn": int(IDLE_WARNING.total_seconds())})


@open_page("An invited person has no account yet; the link itself is the key.")
@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a first password and be signed in."""
    invitation = accounts.invited(token, idle.now_of(request))
    if invitation is None:
        return render(request, "account/welcome_over.html", status=410)
    form = asked.Welcome(request.POST if request.method == "POST" else None, user=invitation.user)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.accept(token, form.cleaned_data["password1"], idle.now_of(request))
        except Refusal:
            return render(request, "account/welcome_over.html", status=410)
        if request.user.is_authenticated:
            get_adapter(request).logout(request)
        return perform_login(request, user, email_verification="none", redirect_url=start_page())
    context = {"form": form, "email": invitation.email}
    return render(request, "account/welcome.html", context, status=422 if form.errors else 200)


@own_account
def second_step(request: HttpRequest) -> HttpResponse:
    """Why staff need a second step, and the two ways to add one."""
    if has_second_factor(request.user):
        return HttpResponseRedirect(start_page())
    return render(request, "account/second_step.html")


@own_account
@require_POST
def everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out on every device, this one too."""
    user: Any = request.user
    count = accounts.end_sessions(user)
    log.write("account.signed_out_everywhere", request=request, by=user, about=user, detail={"sessions": count})
    get_adapter(request).logout(request)
    messages.success(request, gettext("You are signed out on every device."))
    return HttpResponseRedirect(resolve_url("account_login"))


@page(READ_ROLES)
def roles(request: HttpRequest) -> HttpResponse:
    """Each role, its sentence, and every rule that names it."""
    table = []
    for code, says in ROLES.items():
        rules = {str(rule.says) for rule in RULES.values() if code in rule.roles}
        table.append((code, ROLE_TITLES[code], says, sorted(rules, key=str.casefold)))
    return render(request, "access/roles.html", {"table": table, "count": len(RULES)})
