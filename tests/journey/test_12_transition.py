"""A step down, and the day she leaves: with a plan for staying well, a summary and a next place of care."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.step


def test_given_it_goes_well_when_bo_records_a_step_then_it_has_a_reason(life):
    bo = life.staff("bo")
    bo.goes("transitions:show", uid=life.episode).clicks("Step up or down").must_be_on("transitions:step")
    bo.picks("Direction", "Step down").picks("New level", "Outpatient")
    bo.page.get_by_label("From which day").fill(life.now.date().isoformat())
    bo.writes({"Why": "Gets through most days; weekly visits are enough now."}).clicks("Record the step")
    bo.must_be_on("transitions:show").sees("Gets through most days; weekly visits are enough now.")


def test_given_no_plan_for_staying_well_when_bo_discharges_then_it_is_refused(life):
    bo = life.staff("bo")
    bo.clicks("Discharge", "link").must_be_on("transitions:discharge")
    _discharge(life, bo)
    assert "relapse-prevention plan" in bo.refused()
    bo.looks_here("transitions:discharge refused")


def _discharge(life, bo):
    bo.picks("Reason", "Completed treatment").picks("Goes on to", "Outpatient")
    bo.page.get_by_label("Last day").fill(life.now.date().isoformat())
    bo.writes({
        "Why, in a sentence": "You reached what you came for.",
        "Discharge summary": "Came for low mood (PHQ-9 of 17). Skills group, activity plan. Mood better, safe, back at work in part.",
        "Next place of care": "Dr. Example, weekly",
    })  # fmt: skip
    bo.clicks("Discharge", "button", exact=True)


def test_given_her_own_words_when_ana_writes_her_plan_for_staying_well_then_the_discharge_is_possible(life):
    bo, ana = life.staff("bo"), life.signed_in("ana", phone=True)
    ana.goes("client:relapse_plan").clicks("Start writing it now").must_be_on("transitions:relapse_plan")
    ana.writes({
        "What sets me off": "Long weekends alone", "My early signs": "I stop answering messages",
        "What I do then": "Call my mother; walk to the river", "Who I call": "Flo", "Hard days to plan for": "My birthday",
    })  # fmt: skip
    ana.clicks("Save my plan").must_be_on("client:relapse_plan").looks("client:relapse_plan written").sees(
        "Walk to the river".lower()
    )
    bo.goes("transitions:discharge", uid=life.episode)
    _discharge(life, bo)
    bo.must_be_on("transitions:show").looks("transitions:show discharged").sees("You reached what you came for.")


def test_given_the_discharge_when_ana_opens_her_pages_then_both_plans_are_still_hers(life):
    ana = life.signed_in("ana", phone=True)
    ana.goes("client:today").looks("client:today discharged").sees("You have finished the program")
    ana.goes("client:safety_plan").sees("Walk to the river")
    ana.goes("client:relapse_plan").sees(re.compile("Long weekends alone"))


def test_given_the_next_place_of_care_when_it_confirms_her_arrival_then_the_hand_off_is_closed(life):
    bo = life.staff("bo")
    bo.goes("transitions:show", uid=life.episode).clicks("Confirm the arrival").must_be_on("transitions:arrival")
    bo.writes({"Who confirmed it": "Front desk of Dr. Example"}).clicks("Close the hand-off")
    bo.must_be_on("transitions:show").sees("Arrived")
