"""Where the sign-in library asks us: who may have an account, what is written, what is sealed."""

from __future__ import annotations

import base64
import logging
import smtplib
import time
from io import BytesIO
from typing import Any, cast

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from footbridge.kit.web import sealing

from . import idle, lockout, log
from .models import User
from .pages import start_page
from .words import FRESH_FOR

_WAYS = {
    "reauthenticate": _("Use my password"),
    "mfa_reauthenticate": _("Use a code from my app"),
    "mfa_reauthenticate:webauthn": _("Use my passkey"),
}

logger = logging.getLogger("footbridge.access")


def name_of(user: AbstractBaseUser) -> str:
    """What a passkey calls the account on the person's own device."""
    return str(getattr(user, "email", user))


def proven_lately(request: HttpRequest) -> bool:
    """Whether the person signed in or proved themselves again within the last five minutes."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < FRESH_FOR.total_seconds()


class Account(DefaultAccountAdapter):
    """Accounts are made by the house or by invitation, never by a stranger."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("That email and password do not go together. Check both and try again."),
        "incorrect_password": _("That is not your password. Try again."),
        "enter_current_password": _("That is not your current password. Try again."),
        "too_many_login_attempts": _("Too many tries. Wait 15 minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
        "incorrect_code": _("That code does not match. Codes change every 30 seconds: type the newest one."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return start_page()

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return start_page()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        idle.begin(request)
        log.write("account.signed_in", request=request, by=_ours(user), about=_ours(user))

    def logout(self, request: HttpRequest) -> None:
        user = _ours(request.user)
        log.write("account.signed_out", request=request, by=user, about=user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password. Known or not, it costs the same one query and one row."""
        known = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()).first()
        again = request.user.is_authenticated
        log.write("account.proof_refused" if again else "account.sign_in_refused", request=request, about=known)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        proven: bool = super().reauthenticate(user, password)
        if proven:
            lockout.forget(context.request, _ours(user).email)
        return proven

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Somebody who signed in a moment ago is not asked for the same password again."""
        return not proven_lately(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove oneself again, in our words; the first one is what a page leads to."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for way in ways:
            way["description"] = _WAYS[way["id"]]
        return ways

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about an account. A mail server that is away must not tell a visitor which addresses we know."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as trouble:
            logger.error("A mail about an account could not be sent: %s", type(trouble).__name__)

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        if not _ours(user).is_demo:  # a demo person's address is invented: it may be somebody's
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(self, template_prefix: str, user: AbstractBaseUser, *rest: Any, **more: Any) -> None:
        if not _ours(user).is_demo:
            super().send_notification_mail(template_prefix, user, *rest, **more)


class SecondFactors(DefaultMFAAdapter):
    """Second factors, with their secrets sealed before they reach the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code does not match. Codes change every 30 seconds: type the newest one."),
        "cannot_delete_authenticator": _("Staff need a second step. Add another one first, then remove this one."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealing.seal(text, "access.second_factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return str(sealing.open_sealed(base64.b64decode(encrypted_text), "access.second_factor"))

    def build_totp_svg(self, url: str) -> str:
        """The picture for the app, on white: cameras do not read it on a dark page."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        actor = getattr(context.request, "actor", None)
        if actor is None or not actor.is_staff or actor.is_demo:
            return True
        return has_second_factor(authenticator.user, but=authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}


def has_second_factor(user: Any, but: Authenticator | None = None) -> bool:
    """Whether the account has an app or a passkey (other than `but`). Recovery codes alone do not count."""
    kept = Authenticator.objects.filter(
        user_id=user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    return bool(kept.exclude(pk=but.pk).exists() if but is not None else kept.exists())


def _ours(user: Any) -> User:
    return cast(User, user)
