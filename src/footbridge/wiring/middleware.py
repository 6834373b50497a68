"""What stands before every page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from footbridge.ground.episodes.visibility import remembered
from footbridge.ground.program.days import here
from footbridge.kit.access import Request, is_guarded

Answer = Callable[[HttpRequest], HttpResponse]

# Pages of the sign-in library carry its own checks; everything else carries one of ours.
TRUSTED_MODULES = ("allauth.", "django.contrib.staticfiles.", "django.views.static")


class Privacy:
    """Pages about people are not kept by browsers or proxies, and nothing learns from them where a person came from."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=(), browsing-topics=()")
        return response


class WhoAndWhen:
    """Sets `request.at`, the only clock a page reads, and `request.actor`."""

    def __init__(self, get_response: Answer) -> None:
        from django.conf import settings

        self.get_response = get_response
        self.actor_of = import_string(settings.ACCESS_ACTOR)

    def __call__(self, request: Request) -> HttpResponse:
        request.at = timezone.now()
        looking = remembered() if request.method in ("GET", "HEAD") else nullcontext()
        # Pages show and read times as the clock on the wall of the (first) site says; roles and grants end with its day.
        with here() as zone, timezone.override(zone), looking:
            request.actor = self.actor_of(request.user, request.at)
            return self.get_response(request)


class DefaultNo:
    """A page without a rule is not shown to anybody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> None:
        if is_guarded(view) or str(getattr(view, "__module__", "")).startswith(TRUSTED_MODULES):
            return
        raise ImproperlyConfigured(f"{view.__module__}.{getattr(view, '__name__', view)} has no rule: give it access.page or access.open_page.")
