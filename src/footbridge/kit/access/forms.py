"""The forms of signing in: the library's, in our words and with our fields."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form

from .models import User

LENGTH_HELP = _("At least 12 characters. Three or four words together are easy to keep in mind.")


def _word(field: forms.Field, label: Any, help_text: Any = "", **attrs: str) -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignIn(Form, account.LoginForm):
    """Email and password."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["login"], _("Email"), autocomplete="username")
        _word(self.fields["password"], _("Password"), autocomplete="current-password")


class ProveAgain(Form, account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["password"], _("Password"), autocomplete="current-password")


class Unlock(Form):
    """The password once more, on the locked page."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ChangePassword(Form, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["oldpassword"], _("Password now"), autocomplete="current-password")
        _word(self.fields["password1"], _("New password"), LENGTH_HELP, autocomplete="new-password")
        _word(self.fields["password2"], _("New password once more"), autocomplete="new-password")


class SetPassword(Form, account.SetPasswordForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["password1"], _("New password"), LENGTH_HELP, autocomplete="new-password")
        _word(self.fields["password2"], _("New password once more"), autocomplete="new-password")


class AskReset(Form, account.ResetPasswordForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["email"], _("Email"), autocomplete="username")


class ResetPassword(Form, account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["password1"], _("New password"), LENGTH_HELP, autocomplete="new-password")
        _word(self.fields["password2"], _("New password once more"), autocomplete="new-password")


class Code(Form, mfa.AuthenticateForm):
    """Six digits from the app, or a recovery code."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(
            self.fields["code"],
            _("Code"),
            _("The 6 digits in your app, or one of your recovery codes."),
            autocomplete="one-time-code",
            inputmode="numeric",
        )


class CodeAgain(Form, mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(
            self.fields["code"],
            _("Code"),
            _("The 6 digits in your app, or one of your recovery codes."),
            autocomplete="one-time-code",
            inputmode="numeric",
        )


class AddApp(Form, totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(
            self.fields["code"],
            _("Code from the app"),
            _("The 6 digits the app shows now."),
            autocomplete="one-time-code",
            inputmode="numeric",
        )


class AddPasskey(Form, webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["name"], _("Name"), _("So that you know it again, like “work phone”."), autocomplete="off")
        _word(
            self.fields["passwordless"],
            _("Sign in with this passkey alone"),
            _("No password needed. Your device asks for your finger, your face or its PIN."),
        )
        self.fields["passwordless"].initial = True


class RenamePasskey(Form, webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        _word(self.fields["name"], _("Name"), autocomplete="off")


class Welcome(Form):
    """The first password of an invited person."""

    password1 = forms.CharField(
        label=_("Choose a password"),
        help_text=LENGTH_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Your password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.user = user

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"password1", "password2"} <= cleaned.keys() and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", _("The two passwords are not the same. Type both again."))
        return cleaned
