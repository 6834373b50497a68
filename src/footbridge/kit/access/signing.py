"""Signing a document: the person proves, then and there, that it is them.

A form that signs mixes in `SignForm` and is made with `signing=request`:

    form = web.form(request, SignNote, signing=request)

Who has a password types it (demo people too). Who has only a passkey is led to prove themselves with it and comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web import drafts

from . import idle, lockout, log
from .adapters import proven_lately
from .models import User


def fresh(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last five minutes."""
    return bool(request.user.is_authenticated and proven_lately(request))


def check_password_now(request: HttpRequest, user: User, password: str) -> bool:
    """Whether this is the user's password. Wrong tries count toward the same lock-out as at sign-in."""
    if not password:
        return False
    found = authenticate(request, email=user.email, password=password)
    if found is None or found.pk != user.pk:
        log.write("account.proof_refused", request=request, about=user)
        return False
    lockout.forget(request, user.email)
    return True


def proof_url(back: str) -> str:
    """Where the person proves themselves again, and comes back."""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"


def needs_fresh(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Guard a deed behind a fresh proof. What a form was sending is kept, and the form is filled again afterwards.

    Goes inside the access decorator: `@access.page(RULE)` above, `@needs_fresh` below.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        if request.method == "POST" and not fresh(request):
            drafts.keep(request.user, request.path, dict(request.POST.lists()), idle.now_of(request))
            return HttpResponseRedirect(proof_url(request.get_full_path()))
        return view(request, *args, **words)

    return guarded


class SignForm(forms.Form):
    """Mixin of a form that signs: a password field at its end, checked last, only when everything else is right."""

    password = forms.CharField(
        label=_("Your password, to sign"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type your password to sign.")},
    )

    def __init__(self, *args: Any, signing: HttpRequest, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.signing = signing
        self.proof_url = ""
        if signing.user.is_authenticated and signing.user.has_usable_password():
            self.order_fields([*(name for name in self.fields if name != "password"), "password"])
        else:
            del self.fields["password"]
            self.proof_url = "" if fresh(signing) else proof_url(signing.get_full_path())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        user: Any = self.signing.user
        if "password" in self.fields:
            if not check_password_now(self.signing, user, cleaned.get("password", "")):
                self.add_error("password", _("That is not your password. Try again."))
        elif not fresh(self.signing):
            self.add_error(None, _("First show that it is you with your passkey. Then come back and sign."))
        cleaned.pop("password", None)
        return cleaned
