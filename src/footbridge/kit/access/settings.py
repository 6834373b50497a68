"""Settings of the sign-in libraries (allauth, axes), read by `footbridge.settings`. Why each: docs/decisions/0005."""

from __future__ import annotations

from urllib.parse import urlsplit as _urlsplit

from footbridge.config import config as _config

from . import words as _words

_site = _urlsplit(_config.base_url)

# -- who may have an account ------------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "footbridge.kit.access.adapters.Account"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "footbridge.kit.access.adapters.name_of"
# The invitation link, sent to the address, is the proof that the address is theirs.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# A stranger's address never gets mail from us, whoever typed it.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme or "http"

# -- the session ------------------------------------------------------------------------------------------------------
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out; computers in a clinic are shared
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(_words.FRESH_FOR.total_seconds())
ACCOUNT_REAUTHENTICATION_REQUIRED = True
PASSWORD_RESET_TIMEOUT = int(_words.RESET_LINK_LIFE.total_seconds())
USERSESSIONS_TRACK_ACTIVITY = False  # it would write on every page
SESSION_COOKIE_AGE = int(_words.SESSION_LIFE.total_seconds())

# -- limits -----------------------------------------------------------------------------------------------------------
# The lock-out itself is axes' (in the database, below). These slow what goes round it: many addresses, codes, mails.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "30/m/ip,10/900s/key",
    "reset_password": "10/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _config.behind_proxy else 0

# -- second factor ----------------------------------------------------------------------------------------------------
MFA_ADAPTER = "footbridge.kit.access.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proven by invitation, not by the library's own mail
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme == "http" and _site.hostname in {"localhost", "127.0.0.1"}
MFA_TOTP_ISSUER = "Footbridge"
MFA_TOTP_TOLERANCE = 1  # phones' clocks are half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = False  # sealed in the database; seeing them again needs a fresh proof

ACCOUNT_FORMS = {
    "login": "footbridge.kit.access.forms.SignIn",
    "reauthenticate": "footbridge.kit.access.forms.ProveAgain",
    "change_password": "footbridge.kit.access.forms.ChangePassword",
    "set_password": "footbridge.kit.access.forms.SetPassword",
    "reset_password": "footbridge.kit.access.forms.AskReset",
    "reset_password_from_key": "footbridge.kit.access.forms.ResetPassword",
}
MFA_FORMS = {
    "authenticate": "footbridge.kit.access.forms.Code",
    "reauthenticate": "footbridge.kit.access.forms.CodeAgain",
    "activate_totp": "footbridge.kit.access.forms.AddApp",
    "add_webauthn": "footbridge.kit.access.forms.AddPasskey",
    "edit_webauthn": "footbridge.kit.access.forms.RenamePasskey",
}

# -- lock-out: five wrong tries from one place close that address, there, for fifteen minutes ------------------------
AXES_FAILURE_LIMIT = _words.LOCK_OUT_AFTER
AXES_COOLOFF_TIME = _words.LOCK_OUT_FOR
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the trail has it
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "email"
AXES_USERNAME_CALLABLE = "footbridge.kit.access.lockout.key_of"
AXES_CLIENT_IP_CALLABLE = "footbridge.kit.access.lockout.address_of"
AXES_CLIENT_STR_CALLABLE = "footbridge.kit.access.lockout.nobody"
AXES_LOCKOUT_CALLABLE = "footbridge.kit.access.lockout.answer"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "email", "password", "next", "code"]
