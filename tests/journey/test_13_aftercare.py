"""How are you now? Seven days after she left, somebody calls."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.step


def test_given_seven_days_when_di_opens_aftercare_then_the_contact_is_due_and_how_to_reach_her_is_said(life):
    life.days_pass(7)
    di = life.staff("di")
    di.goes("aftercare:due")
    row = di.page.get_by_role("row", name=re.compile("Ana"))
    assert "7 days after discharge" in row.inner_text()
    row.get_by_role("link").first.click()
    di.page.wait_for_load_state()
    di.must_be_on("aftercare:show").looks().sees(re.compile("Do not leave a message"))


def test_given_the_contact_when_she_was_reached_then_how_she_is_stands_on_record_and_the_next_is_due_at_thirty_days(
    life,
):
    di = life.staff("di")
    di.picks("Which contact", "7 days after discharge").picks("How", "Phone call")
    di.chooses("Spoke with the person")
    di.picks("How the person is doing", "Better").picks("In other care now", "Yes")
    di.writes({"Note": "Sees Dr. Example weekly. Walks most mornings."}).clicks("Record", exact=True)
    di.must_be_on("aftercare:due")
    assert not di.page.get_by_role("row", name=re.compile("Ana")).count()
    di.goes("aftercare:show", uid=life.episode).looks("aftercare:show made")
    di.sees("Sees Dr. Example weekly. Walks most mornings.", "30 days after discharge")


def test_given_a_life_from_the_first_question_to_the_last_call_when_ed_reads_who_did_what_then_all_of_it_is_there(life):
    ed = life.staff("ed")
    ed.goes("director:home").goes("clinician:chart", uid=life.episode).looks("clinician:chart after the way")
    ed.goes("clinician:history", uid=life.episode)
