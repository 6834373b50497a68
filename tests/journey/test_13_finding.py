"""Staff find their way by keyboard: a person by name, a page by two letters, and nothing while they type."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.step


def test_given_any_page_when_ctrl_k_and_a_name_are_typed_then_enter_opens_the_chart(life):
    bo = life.staff("bo")
    bo.goes("clinician:day")
    bo.page.keyboard.press("Control+k")
    box = bo.page.get_by_role("dialog").get_by_label("Name, record number or page")
    box.press_sequentially("ana")
    bo.page.get_by_role("dialog").get_by_role("link", name="Ana").wait_for()
    box.press("Enter")
    bo.must_be_on("clinician:chart")
    assert "ana" not in bo.page.url.lower()


def test_given_the_keys_when_g_and_t_are_pressed_then_the_timetable_opens_but_not_while_typing(life):
    bo = life.staff("bo")
    bo.goes("clinician:day")
    bo.page.keyboard.press("g")
    bo.page.keyboard.press("t")
    bo.page.wait_for_url("**/timetable/**")
    bo.goes("clinician:caseload")
    bo.page.get_by_label("Name or record number").press_sequentially("gt?/")
    bo.must_be_on("clinician:caseload")
    bo.page.locator("h1").click()
    bo.page.keyboard.press("?")
    bo.page.wait_for_url("**/keys/**")
    bo.looks("keys")
    bo.goes("find").looks("find")
