"""A morning in the group: who came, what the group did, written once; a part for each; signed."""

from __future__ import annotations

import re

import pytest

from .test_04_plan import proves

pytestmark = pytest.mark.step


def test_given_ten_people_when_nine_were_present_and_one_was_late_then_attendance_takes_four_actions(life):
    bo = life.staff("bo")
    bo.goes("home").must_be_on("clinician:day")
    row = bo.page.get_by_role("row").filter(has_text="Morning skills group").first
    row.get_by_role("link").first.click()
    bo.page.wait_for_load_state()
    bo.looks().must_be_on("sessions:show")
    life.session = re.search(r"/sessions/([0-9a-f-]+)/", bo.page.url).group(1)
    assert bo.page.locator(".roster-row").count() == 10
    bo.taps = 0
    late = bo.page.locator(".roster-row").filter(has_text="Joel").first
    late.locator("label", has_text="Late").click()
    bo.taps += 1
    late.get_by_role("textbox").fill("10:30")  # typing is not an action
    bo.clicks("Everyone else was present")
    assert bo.taps <= 4
    bo.must_be_on("sessions:show").sees(re.compile("10 written down"))
    minutes = bo.page.locator(".roster-row").filter(has_text="Joel").get_by_role("textbox").input_value()
    assert minutes == "115"


def test_given_the_roster_when_bo_writes_what_the_group_did_then_it_is_written_once(life):
    bo = life.staff("bo")
    bo.writes(
        {
            "Topic": "Breathing when it gets hard",
            "What the group did": "Practiced two ways of slow breathing; talked about when to use them.",
        }
    )
    bo.clicks(
        re.compile("Keep|Save"), "button", within=bo.page.locator("form").filter(has_text="What the group did")
    ).must_be_on("sessions:show")
    bo.sees("The group part is kept.")


def test_given_the_group_part_when_each_person_gets_a_part_then_the_note_can_be_signed_by_one_password(life):
    bo = life.staff("bo")
    names = [row.get_by_role("link").first.get_attribute("href") for row in bo.page.locator(".roster-row").all()]
    for n, href in enumerate(names):
        bo.page.goto(href)
        if n == 0:
            bo.looks()
        bo.page.locator("input[name=participation]").first.check(force=True)
        if bo.page.locator("h2, h1").filter(has_text="Ana").count():
            bo.writes({"About this person": "Said breathing helped on Sunday night."})
        bo.page.locator("form").filter(has_text="About this person").get_by_role("button").first.click()
        bo.page.wait_for_load_state()
    bo.goes("sessions:show", uid=life.session).clicks("Sign all", "link").must_be_on("sessions:signature")
    proves(bo)
    bo.clicks("Sign all", "button")
    bo.must_be_on("sessions:show").looks("sessions:show signed").sees("Signed")
    bo.goes("sessions:sign_in_sheet", uid=life.session)
    bo.goes("sessions:amendments", uid=life.session)
