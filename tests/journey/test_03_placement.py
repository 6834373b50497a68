"""Which level of care, and why: ratings with reasons, the advice of the facts, the clinician's decision, the first day."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.step

RATINGS = {
    "withdrawal": (0, "No use."),
    "medical": (1, "Thyroid, treated."),
    "mental": (2, "Low on most days, misses work twice a week."),
    "readiness": (1, "Wants this, unsure about groups."),
    "return": (2, "Weekly therapy alone was not enough."),
    "surroundings": (1, "Lives with her mother, who helps."),
}


def test_given_the_screen_when_ivy_rates_six_dimensions_then_an_iop_is_advised_with_reasons(life):
    ivy = life.staff("ivy")
    ivy.goes("placement:show", uid=life.episode)
    for dimension, (rating, reason) in RATINGS.items():
        ivy.page.locator(f"input[name$=rating_{dimension}][value='{rating}']").check(force=True)
        ivy.page.locator(f"[name$=reason_{dimension}]").fill(reason)
    ivy.clicks("Keep the ratings").must_be_on("placement:show").looks("placement:show with advice")
    advice = ivy.page.locator("section[aria-labelledby=advice]")
    assert re.search("Intensive outpatient", advice.inner_text())
    assert advice.get_by_role("listitem").count() >= 1


def test_given_no_reason_when_a_decision_is_kept_then_it_is_refused(life):
    ivy = life.staff("ivy")
    ivy.picks("Indicated level", "Intensive outpatient").picks("Actual level", "Intensive outpatient")
    ivy.clicks("Keep the decision")
    assert "Reasons for the decision" in ivy.refused()
    ivy.looks_here("placement:show refused")


def test_given_the_advice_when_ivy_decides_then_indicated_authorized_and_actual_stand_apart(life):
    ivy = life.staff("ivy")
    ivy.writes({"Reasons for the decision": "Needs structure most days; safe at home with her mother."})
    ivy.clicks("Keep the decision").must_be_on("placement:show")
    for word in ("Indicated", "Authorized", "Actual"):
        ivy.sees(word)
    ivy.sees("Needs structure most days; safe at home with her mother.")


def test_given_the_decision_when_ana_is_admitted_then_bo_and_pat_are_her_team(life):
    ivy, di = life.staff("ivy"), life.staff("di")
    ivy.sees("Not signed yet")
    di.goes("front_desk:papers", uid=life.episode).clicks("Record a consent").must_be_on("front_desk:consents")
    di.chooses("Treatment in this program").chooses("On paper").clicks("Save", exact=True).must_be_on("front_desk:papers")
    ivy.goes("placement:show", uid=life.episode)
    track = ivy.page.get_by_label("Track", exact=True)
    track.select_option(
        label=next(text for text in track.locator("option").all_inner_texts() if text.startswith("Morning"))
    )
    ivy.page.get_by_label("First day").fill(life.today.isoformat())
    ivy.picks("Primary therapist", "Bo, LCSW").picks("Prescriber", "Pat, PMHNP")
    ivy.clicks("Admit", exact=True).must_be_on("placement:show").looks("placement:show admitted")
    ivy.sees("Admitted")
    bo = life.staff("bo")
    bo.goes("clinician:caseload").clicks(re.compile("Ana")).must_be_on("clinician:chart")
