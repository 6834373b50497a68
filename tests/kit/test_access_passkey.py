"""A passkey, set up and used in a real browser with a virtual authenticator."""

from __future__ import annotations

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from footbridge.kit.access import accounts

from ..cast import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.kit.access_urls")]


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver keeps an event loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context().new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.refused = []
        page.on("console", lambda said: page.refused.append(said.text) if said.type == "error" else None)
        yield page
        browser.close()
        connections.close_all()  # those of the driver's own context, which Django's teardown does not see


def test_a_passkey_is_added_signs_in_and_unlocks(page: Page, live_server, settings):
    user = accounts.make("zoe@example.org", password=PASSWORD)
    at = live_server.url

    page.goto(at + reverse("account_login"))
    page.get_by_label("Email").fill("zoe@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

    page.goto(at + reverse("mfa_index"))
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("test laptop")
    assert page.get_by_label("Sign in with this passkey alone").is_checked()
    page.get_by_role("button", name="Add this passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.goto(at + reverse("mfa_list_webauthn"))
    assert page.get_by_text("test laptop").first.is_visible()
    assert page.get_by_text("Instead of the password").is_visible()

    page.goto(at + reverse("account_logout"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/sign-out/" not in url)

    page.goto(at + reverse("account_login") + "?next=" + reverse("mfa_index"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Sign-in and security").wait_for()

    page.goto(at + reverse("lock") + "?next=" + reverse("mfa_index"))
    page.get_by_role("link", name="Use my passkey").click()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("heading", name="Sign-in and security").wait_for()

    assert user.authenticator_set.filter(type="webauthn").count() == 1
    blocked = [said for said in page.refused if "Content Security Policy" in said]
    assert not blocked
