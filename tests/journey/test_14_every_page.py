"""What held on every page of the way: nothing from elsewhere, no trouble in the console, axe finds nothing."""

from __future__ import annotations

import os  # noqa: F401 - for skipif
import re

import pytest
from django.urls import reverse

from ..cast import PASSWORD

PUBLIC = [
    ("home", {}), ("help_now", {}), ("how_to_hide", {}), ("public:door", {"who": "me"}), ("public:door", {"who": "someone"}),
    ("public:guide", {}), ("public:what", {}), ("public:week", {}), ("public:costs", {}), ("public:families", {}),
    ("public:insurer", {}), ("public:request", {}), ("public:request_for_other", {}), ("public:refer", {}), ("account_login", {}),
    ("account_reset_password", {}), ("account_reset_password_done", {}),
]  # fmt: skip
PAGES_OF = {
    "ana": ["client:today", "client:questions", "client:check_in", "mfa_index", "account_change_password", "usersessions_list"],
    "di": ["front_desk:list", "front_desk:call_taken", "aftercare:due", "timetable:week", "seats:list", "printing:choose", "timetable:close_day"],
    "bo": ["clinician:day", "clinician:caseload", "clinician:exception", "safety:alarms", "feeds:work"],
    "pat": ["prescriber:day"],
    "bea": ["biller:days"],
    "ed": ["director:home", "director:places", "director:glass", "director:people", "director:add", "timetable:publishing", "roles"],
    "max": ["client:today"],
}  # fmt: skip
OF_EPISODE = {
    "di": ["front_desk:papers", "front_desk:coverage", "front_desk:estimate"],
    "ed": ["front_desk:order"],
    "bo": ["practice:show", "timetable:group", "timetable:add_visit", "timetable:track", "safety:raise"],
    "pat": ["medication:add_allergy", "prescriber:visit"],
}


def test_every_public_page_loads_nothing_from_elsewhere_and_sends_a_strict_policy(life):
    stranger = life.somebody("stranger")
    for name, words in PUBLIC:
        answer = stranger.page.goto(reverse(name, kwargs=words or None))
        assert answer.status == 200, f"{name} answered {answer.status}"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy and "style-src 'self'" in policy
        assert not re.search("unsafe|https?:|\\*", policy), policy
        html = answer.text()
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", html), (
            f"{name} has an inline script"
        )
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", html), f"{name} has an inline style or handler"
        stranger.page.wait_for_load_state("networkidle")
        stranger.looks("" if name != "public:door" else f"public:door {words['who']}")
    assert stranger.elsewhere == []
    assert stranger.troubles == []


def test_the_first_tab_is_the_way_to_the_main_part_and_focus_is_seen(life):
    stranger = life.somebody("stranger")
    for name in ("home", "account_login", "help_now"):
        stranger.page.goto(reverse(name))
        stranger.page.keyboard.press("Tab")
        skip = stranger.page.evaluate("document.activeElement.getAttribute('href')")
        assert skip == "#main"
        stranger.page.keyboard.press("Enter")
        assert stranger.page.evaluate("document.activeElement.id") == "main"
        for _ in range(5):
            stranger.page.keyboard.press("Tab")
            seen = stranger.page.evaluate(
                """() => { const e = document.activeElement; const r = e.getBoundingClientRect();
                const around = [e, e.closest('.card-link'), e.closest('label')].filter(Boolean).map(one => getComputedStyle(one));
                return {ring: around.some(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none'), inside: r.bottom > 0 && r.top < innerHeight, tag: e.tagName} }"""
            )
            if seen["tag"] == "BODY":
                break
            assert seen["ring"] and seen["inside"], f"{name}: focus is not seen on {seen}"


def test_everybody_opens_the_other_pages_of_their_work(life):
    for name, pages in PAGES_OF.items():
        who = life.signed_in(name)
        for page in pages:
            who.goes(page)
    for name, pages in OF_EPISODE.items():
        who = life.signed_in(name)
        for page in pages:
            who.eyes.look(who.context, life.server + reverse(page, kwargs={"uid": life.episode}))


def test_without_scripts_the_guide_and_a_request_still_work(life):
    plain = life.somebody("plain", java_script_enabled=False)
    plain.page.goto(reverse("public:guide"))
    plain.page.get_by_role("button", name="For me").click()
    plain.page.get_by_label("No, none of this").check(force=True)
    plain.page.get_by_role("button", name="Continue").click()
    assert "Have you ever" in plain.page.locator("h1").inner_text()
    plain.page.goto(reverse("account_login"))
    plain.page.get_by_label("Email").fill("di@example.org")
    plain.page.get_by_label("Password").fill(PASSWORD)
    plain.page.get_by_role("button", name="Sign in", exact=True).click()
    assert plain.is_on("front_desk:list")


def test_nobody_met_trouble_on_the_way(life):
    met = life.troubles + [said for person in life.people.values() for said in person.troubles]
    refusals = "status of 422"  # a refused form is an answer, though the console calls it a failure
    assert [said for said in met if refusals not in said] == []
    assert life.elsewhere + [url for person in life.people.values() for url in person.elsewhere] == []
    assert life.bugs == []


@pytest.mark.skipif("os.environ.get('JOURNEY_QUICK') == '1'", reason="a quick run does not look")
def test_axe_finds_nothing_on_any_page_in_both_languages_light_and_dark_narrow_and_wide(life):
    assert len(life.eyes.seen) > 60
    assert not life.eyes.found, f"\n{life.eyes.report()}"
