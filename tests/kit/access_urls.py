"""The pages of the kit alone: its tests stand without the stages above it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from footbridge.kit import access


@access.open_page("a start page for tests")
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>Start</title><h1>Start</h1>")


urlpatterns = [
    path("", home, name="home"),
    path("", include("footbridge.kit.access.urls")),
    path("", include("footbridge.kit.web.urls")),
]
