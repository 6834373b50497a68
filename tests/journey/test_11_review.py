"""Do we go on? The plan is reviewed with the scores in view, and signed."""

from __future__ import annotations

import re

import pytest

from .test_04_plan import proves

pytestmark = pytest.mark.step


def test_given_two_points_when_ana_opens_her_progress_then_it_is_said_in_a_sentence_first(life):
    ana = life.signed_in("ana", phone=True)
    ana.goes("client:progress").looks("client:progress with two points")
    assert ana.page.locator("figure").count() >= 1


def test_given_the_chart_when_bo_reviews_the_plan_then_it_stands_on_the_page_he_signs(life):
    bo = life.staff("bo")
    bo.goes("reviews:show", uid=life.episode).clicks("Review the plan").must_be_on("reviews:new")
    assert bo.page.get_by_role("main").locator("figure svg").count() >= 1
    bo.sees(re.compile("PHQ-9"))
    for tick in bo.page.get_by_label(re.compile("I looked at")).all():
        tick.check(force=True)
    for why in bo.page.get_by_label(re.compile("Why there is no score of")).all():
        why.fill("Not asked yet.")
    for group in bo.page.get_by_role("main").get_by_role("group").all():
        if "planned activities" in group.inner_text():
            group.get_by_role("radio").nth(1).check(force=True)
    bo.writes(
        {
            "Progress since the last review": "Two activities in the week; sleeps better.",
            "Reasons": "Goes well; needs more time.",
        }
    )
    bo.page.get_by_role("group", name="Decision").get_by_role("radio").first.check(force=True)
    proves(bo)
    bo.clicks("Sign the review").must_be_on("reviews:show").looks("reviews:show signed")
    bo.sees("Two activities in the week; sleeps better.", re.compile("Scores on the page when it was signed"))
