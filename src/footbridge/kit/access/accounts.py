"""Accounts: made by the house, entered by invitation. A stranger cannot make one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from . import log
from .models import Invitation, User
from .rules import Actor, Refusal
from .words import INVITATION_LIFE


class CannotInvite(Refusal):
    """The invitation cannot be made."""


class CannotAccept(Refusal):
    """The link does not open an account (any more)."""


def make(email: str, *, password: str | None = None, is_demo: bool = False, language: str = "en") -> User:
    """Make an account. Without a password nobody can sign in to it until an invitation is accepted."""
    return User.objects.create_user(email, password, is_demo=is_demo, language=language)


@transaction.atomic
def invite(email: str, by: Actor, at: datetime, *, demo: bool = False, language: str = "en") -> tuple[User, str]:
    """Make a link for an address: (its account, the secret part of the link). Earlier links to it stop working.

    Raises CannotInvite when the account already has a password: its owner can ask for a new one themselves.
    """
    address = email.strip().lower()
    user = User.objects.select_for_update().filter(email=address).first()
    if user is None:
        user = make(address, is_demo=demo, language=language)
    elif user.has_usable_password() or not user.is_active:
        raise CannotInvite(
            _("This email already has an account. It can ask for a new password on the sign-in page."), field="email"
        )
    Invitation.objects.filter(user=user, used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user, email=address, token_hash=_hash(token), made_at=at, expires_at=at + INVITATION_LIFE
    )
    log.write("account.invited", by=by, about=user, at=at)
    return user, token


def invited(token: str, at: datetime) -> Invitation | None:
    """The open invitation behind a link, or None."""
    found = Invitation.objects.select_related("user").filter(token_hash=_hash(token)).first()
    return found if found is not None and found.is_open(at) and found.user.is_active else None


@transaction.atomic
def accept(token: str, password: str, at: datetime) -> User:
    """Set the password the invited person chose. A link works once. Raises CannotAccept."""
    open_to_one = Invitation.objects.select_for_update(of=("self",)).select_related("user")
    found = open_to_one.filter(token_hash=_hash(token)).first()
    if found is None or not found.is_open(at) or not found.user.is_active:
        raise CannotAccept(_("This link no longer works. Ask the person who sent it for a new one."))
    found.used_at = at
    found.save(update_fields=["used_at"])
    user = found.user
    user.set_password(password)
    user.save(update_fields=["password"])
    log.write("account.welcomed", by=user, about=user, at=at)
    return user


def link_of(token: str) -> str:
    """The whole address a person clicks."""
    return settings.BASE_URL.rstrip("/") + reverse("welcome", args=[token])


def letter(user: User, token: str) -> EmailMessage:
    """The mail of an invitation. Whoever reads over a shoulder learns nothing about care."""
    with override(user.language):
        body = gettext(
            "Hello,\n\n"
            "An account was made for you. Open this link to choose a password:\n\n"
            "%(link)s\n\n"
            "The link works once, for %(days)d days. If you did not expect this mail, you can ignore it."
        ) % {"link": link_of(token), "days": INVITATION_LIFE.days}
        return EmailMessage(gettext("Your account"), body, settings.DEFAULT_FROM_EMAIL, [user.email])


def end_sessions(user: User) -> int:
    """Sign the account out everywhere; the number of sessions that were ended."""
    from allauth.usersessions.models import UserSession

    ended = list(UserSession.objects.filter(user=user))
    for one in ended:
        one.end()
    return len(ended)


def _hash(token: Any) -> str:
    return hashlib.sha256(str(token).encode()).hexdigest()
