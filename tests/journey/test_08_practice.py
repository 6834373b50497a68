"""Between sessions: one skill given by Bo, practiced and logged by Ana on her phone, answered by Bo."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.step


def test_given_a_skill_when_bo_gives_it_then_ana_finds_it_on_her_first_page(life):
    bo, ana = life.staff("bo"), life.somebody("ana")
    bo.goes("practice:show", uid=life.episode)
    options = bo.page.get_by_label("Skill", exact=True).locator("option").all_inner_texts()
    life.skill = options[0]
    bo.picks("Skill", life.skill).writes({"What to pay attention to": "Once before you get up."})
    bo.clicks("Give this skill").must_be_on("practice:show").looks("practice:show given").sees(life.skill)
    ana.goes("client:today").looks("client:today with practice").sees("Practice this week", life.skill)


def test_given_the_skill_when_ana_practices_and_logs_it_then_bo_reads_it_and_answers(life):
    bo, ana = life.staff("bo"), life.somebody("ana")
    ana.goes("client:practice").clicks("Practice and log").must_be_on("client:log")
    ana.answers("How hard did it feel before?", "7").answers("And after?", "4")
    ana.writes({"Anything you want to keep": "It was easier with the window open."}).clicks("Save", exact=True)
    bo.goes("practice:show", uid=life.episode).sees("It was easier with the window open.", re.compile(r"\b7\b.*\b4\b"))
    bo.clicks("Write a line to the client").must_be_on("practice:comment")
    bo.writes({"A line for the client": "Good idea with the window."}).clicks("Send to the client")
    ana.goes("client:practice").sees(re.compile("Good idea with the window."))


def test_given_a_minute_when_ana_checks_in_then_five_taps_are_enough(life):
    ana = life.somebody("ana")
    ana.goes("client:today")
    ana.taps = 0
    ana.clicks("Check in").must_be_on("client:check_in")
    ana.answers("How is your mood right now?", "4").clicks("Save", exact=True)
    assert ana.taps <= 5
    ana.must_be_on("client:today")
