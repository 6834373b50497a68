"""Django's settings, all read from the typed config (`footbridge.config`). One file, no environments."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from footbridge.config import config
from footbridge.kit.web.logs import settings as log_settings

SRC = Path(__file__).resolve().parent

SECRET_KEY = config.secret_key
FIELD_KEY: bytes = config.field_key
DEBUG = config.debug
ALLOWED_HOSTS = list(config.hosts)
BASE_URL = config.base_url

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "footbridge.kit.trail",
    "footbridge.kit.access",
    "footbridge.kit.web",
    "footbridge.kit.work",
    "footbridge.ground",
    "footbridge.care",
    "footbridge.lanes.notices",
    "footbridge.wiring",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "footbridge.wiring.middleware.Privacy",
    "footbridge.wiring.middleware.WhoAndWhen",
    "footbridge.kit.access.lock.IdleLock",
    "footbridge.kit.access.lock.SecondFactor",
    "footbridge.wiring.middleware.DefaultNo",
    "footbridge.kit.web.drafts.DropWhenDone",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "footbridge.wiring.urls"
WSGI_APPLICATION = "footbridge.wiring.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # A template lies in the room that shows it; every room's folder is on the path.
        "DIRS": sorted(str(path) for path in SRC.glob("**/templates") if path.is_dir()),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "footbridge.wiring.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "footbridge.kit.web.forms.Renderer"

DATABASES = {"default": {**config.django_database(), "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# OWASP's range (m=19 MiB, t=2, p=1): Django's default takes 100 MiB and a third of a second a sign-in.
PASSWORD_HASHERS = ["footbridge.kit.access.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [str(SRC / "locale")]
USE_I18N = True
# A month is written alike everywhere ("Nov 21"), as the templates do where they leave the year out.
FORMAT_MODULE_PATH = "footbridge.kit.web.formats"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = str(config.home / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if config.test or config.debug
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Tests read the built files where they are made; a started program serves the collected copy.
WHITENOISE_USE_FINDERS = config.test or config.debug

# Nothing is loaded from elsewhere, nothing runs inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Other sites learn nothing. Not "no-referrer": browsers then send "Origin: null", and every form is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
_https = config.https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = False  # TLS ends at the proxy in front; `check --deploy` asks for it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if config.behind_proxy else None
SECURE_HSTS_SECONDS = 31536000 if _https else 0
CSRF_TRUSTED_ORIGINS = [config.base_url]
SESSION_ENGINE = "footbridge.kit.access.sessions"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if config.smtp_host else "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(config.outbox)
EMAIL_HOST = config.smtp_host or ""
EMAIL_PORT = config.smtp_port
EMAIL_TIMEOUT = 20  # a mail server that does not answer must not hold the hand that passes alarms on
EMAIL_HOST_USER = config.smtp_user
EMAIL_HOST_PASSWORD = config.smtp_password.get_secret_value()
EMAIL_USE_SSL = config.smtp_port == 465
EMAIL_USE_TLS = bool(config.smtp_host) and config.smtp_port not in (25, 465)
DEFAULT_FROM_EMAIL = config.mail_from
TEXT_PROVIDER = config.text_provider

ACCESS_ACTOR = "footbridge.wiring.actors.actor_of"
from footbridge.kit.access.settings import *  # noqa: E402,F403 - sign-in library's settings stand beside the sign-in code

SILENCED_SYSTEM_CHECKS: list[str] = ["models.W042"]
LOGGING = log_settings()
