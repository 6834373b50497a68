"""A page left alone in a real browser: it warns, keeps what is typed, locks, and fills the form again."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path, reverse
from playwright.sync_api import Page, expect, sync_playwright

from footbridge.kit import access, web
from footbridge.kit.access import accounts
from footbridge.kit.web.forms import Form

from ..cast import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

PAGE = """{% extends "web/portal.html" %}{% load parts %}{% block title %}Note{% endblock %}
{% block heading %}Write a note{% endblock %}{% block content %}{% form form submit="Send" %}{% endblock %}"""


class Note(Form):
    words = forms.CharField(label="Words", widget=forms.Textarea)


@access.open_page("a page with a form, for tests")
def note(request: HttpRequest) -> HttpResponse:
    form = web.form(request, Note)
    if request.method == "POST" and form.is_valid():
        return web.done(request, "home")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


note.only_unlocked = True  # type: ignore[attr-defined]

urlpatterns = [path("note/", note), path("", include("tests.kit.access_urls"))]


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps an event loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser.new_context().new_page()
        browser.close()
        connections.close_all()  # those of the driver's own context, which Django's teardown does not see


def test_left_alone_nothing_typed_is_lost(page: Page, live_server):
    accounts.make("zoe@example.org", password=PASSWORD)
    page.clock.install()
    page.goto(live_server.url + reverse("account_login") + "?next=/note/")
    page.get_by_label("Email").fill("zoe@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Words").fill("The garden was full of light.")

    page.clock.fast_forward("28:10")
    warning = page.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()

    page.get_by_label("Words").fill("The garden was full of light. And then")
    with page.expect_response(re.compile("/draft/")):
        page.clock.fast_forward("00:02")
    page.clock.fast_forward("28:10")
    page.clock.fast_forward("02:00")
    page.wait_for_url(re.compile("/unlock/"))
    assert "garden" not in page.content()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_url(re.compile("/note/$"))
    expect(page.get_by_label("Words")).to_have_value("The garden was full of light. And then")
