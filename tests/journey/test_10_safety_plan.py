"""Six steps in Ana's words, one tap away on every page of hers, and there when the network is not."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.step

STEPS = [
    "I stop answering messages\nI stay in bed after noon",
    "Breathe slowly at the window\nWalk to the river",
    "The library",
    "My mother Flo, 555-010-0123",
    "Bo at the program, 555-010-0100",
    "Flo keeps the tablets",
]
PORTAL = ["today", "week", "questions", "plan", "practice", "progress", "papers", "relapse_plan", "check_in"]


def test_given_a_hard_day_when_ana_and_bo_write_it_then_each_step_is_in_her_words(life):
    ana, bo = life.signed_in("ana", phone=True), life.staff("bo")
    if ana.is_on("measures:thanks"):
        ana.signs_in()
    ana.goes("client:safety_plan").goes("client:write_safety_plan")
    for box, words in zip(ana.page.get_by_role("main").get_by_role("textbox").all(), STEPS, strict=True):
        box.fill(words)
    ana.clicks("Save my plan").must_be_on("client:safety_plan").looks("client:safety_plan written")
    ana.sees("Walk to the river", re.compile("Call .*0123"))
    bo.goes("safety:write_plan", uid=life.episode)
    assert "Walk to the river" in bo.page.get_by_label(re.compile("^2")).input_value()


def test_given_any_page_of_hers_when_she_taps_once_then_the_safety_plan_is_open(life):
    ana = life.somebody("ana")
    for name in PORTAL:
        ana.goes(f"client:{name}")
        links = ana.page.locator(f"a[href='{reverse('client:safety_plan')}']").filter(visible=True)
        assert links.count(), f"no visible link to the safety plan on client:{name}"
        links.first.click()
        ana.page.wait_for_load_state()
        ana.must_be_on("client:safety_plan")


def test_given_one_visit_when_the_network_is_off_then_the_safety_plan_opens(life):
    ana = life.somebody("ana")
    ana.goes("client:today")
    ana.page.wait_for_function(
        "async path => 'serviceWorker' in navigator && (await navigator.serviceWorker.ready) && !!(await caches.match(path))",
        arg=reverse("client:safety_plan"),
    )
    ana.context.set_offline(True)
    try:
        ana.page.goto(reverse("client:safety_plan"))
        ana.sees("Walk to the river", "Flo keeps the tablets")
        ana.page.goto(reverse("client:week"))
        ana.sees(re.compile("Morning process group"))
        ana.page.goto(reverse("help_now"))
        assert ana.page.locator("a[href='tel:988']").count()
    finally:
        ana.context.set_offline(False)
    ana.troubles = [said for said in ana.troubles if "ERR_INTERNET_DISCONNECTED" not in said]
