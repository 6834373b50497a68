"""What Ana takes: a list, gone through with her."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.step


def test_given_nothing_is_known_when_pat_adds_what_ana_takes_then_it_stands_on_the_list(life):
    pat = life.staff("pat")
    pat.goes("home").must_be_on("prescriber:day")
    pat.goes("medication:show", uid=life.episode).sees("Nobody has said whether anything is taken.")
    for name, dose, how_often, why in (
        ("Sertraline", "50 mg", "once a day, in the morning", "mood"),
        ("Levothyroxine", "75 mcg", "once a day", "thyroid"),
    ):
        pat.clicks("Add a medicine").must_be_on("medication:add")
        pat.writes(
            {"Medicine": name, "Dose": dose, "How often": how_often, "What for": why, "Prescribed by": "Dr. Example"}
        )
        pat.page.get_by_role("main").get_by_role("button", name="medicine").or_(
            pat.page.get_by_role("main").locator("form button[type=submit], form button:not([type])")
        ).last.click()
        pat.page.wait_for_load_state()
        pat.must_be_on("medication:show").sees(name)
    pat.looks("medication:show listed")


def test_given_the_list_when_pat_goes_through_it_with_ana_then_each_medicine_has_a_decision(life):
    pat = life.staff("pat")
    pat.clicks("Go through the list").must_be_on("medication:reconcile")
    pat.answers("When", "At admission").writes({"Who and what was asked": "client, bottles"})
    for group in pat.page.get_by_role("main").get_by_role("group").all():
        if group.get_by_label("Continue", exact=True).count():
            group.get_by_label("Continue", exact=True).check(force=True)
    pat.clicks("Keep what was decided").must_be_on("medication:show")
    pat.sees("Sertraline 50 mg: Continue")
