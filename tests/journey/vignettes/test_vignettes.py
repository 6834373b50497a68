"""Twelve people from the first call to a signed plan, or to the place that can help them. Each is their own test."""

from __future__ import annotations

import pytest

from ..browser import QUICK
from .walk import RULES, Walk, people


def test_there_are_twelve_and_they_are_those_of_the_rules():
    assert [one["vignette"] for one in people().values()] == list(RULES)


def test_from_the_first_call_to_a_signed_plan_or_another_place(walk: Walk) -> None:
    me = walk.me
    walk.asks()
    walk.photograph(walk.di, "1-request")
    walk.answered()
    walk.papers()
    walk.photograph(walk.di, "2-papers")
    walk.screened()
    walk.asked_about_suicide()
    walk.photograph(walk.ivy, "3-screening")
    at_once, after_rating = "disposition" in me, "alarm_after_rating" in me
    if at_once and not after_rating:
        walk.alarm_stands()
        walk.photograph(walk.ivy, "4-danger")
        if "visit" in me:
            walk.visit_does_not_end()
        walk.danger_is_dealt_with()
        walk.photograph(walk.ivy, "4-dealt-with")
        if "visit" in me:
            walk.visit_ends()
    walk.questionnaires()
    if "alarm" in me and (after_rating or not at_once):
        walk.alarm_stands()
        if not at_once:
            walk.danger_is_dealt_with()
            walk.alarm_is_closed()
    if me.get("naloxone"):
        walk.naloxone_is_offered()
    walk.assessed()
    said = walk.rated()
    walk.photograph(walk.ivy, "5-advice")
    walk.advice_is_right(said)
    if after_rating:
        walk.alarm_stands(me["alarm_after_rating"])
        walk.danger_is_dealt_with()
        walk.at(walk.ivy, "placement:show")
    walk.decided()
    walk.photograph(walk.ivy, "6-decided")
    if at_once:
        walk.alarm_is_closed()
    if "admits" not in me:
        walk.is_not_admitted()
        walk.goes_elsewhere()
        return
    walk.signs_papers()
    walk.admitted()
    walk.opens_the_portal()
    walk.photograph(walk.themselves(), "7-portal")
    walk.plan_is_written()
    walk.photograph(walk.bo, "8-plan")
    walk.plan_is_signed()
    walk.photograph(walk.themselves(), "9-plan-of-theirs")
    if "certified" in me:
        walk.is_certified()


def test_nobody_met_trouble_on_the_way(world):
    met = world.troubles + [said for person in world.people.values() for said in person.troubles]
    assert [said for said in met if "status of 422" not in said] == []
    assert world.elsewhere + [url for person in world.people.values() for url in person.elsewhere] == []
    assert world.bugs == []


@pytest.mark.skipif(QUICK, reason="a quick run does not look")
def test_axe_finds_nothing_on_the_pages_that_only_they_opened(world):
    assert not world.eyes.found, f"\n{world.eyes.report()}"
