"""Ivy from intake screens Ana: what goes on in her life, is it safe, can an IOP help."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.step

FACTS = {
    "Needs more structure than weekly visits": "Yes",
    "Has a stable place to live": "Yes",
    "Someone at home or nearby supports treatment": "Yes",
    "Is safe at home": "Yes",
    "Medically stable enough to live at home": "Yes",
    "May go through withdrawal": "No",
    "Can look after food, sleep and medication": "Partly",
    "Work, school or family life has broken down": "Partly",
    "Can keep themselves safe between visits": "Yes",
    "Has tried weekly therapy without enough relief": "Yes",
    "Can come three days a week or more": "Yes",
    "Can get here, or has a private place for video": "Yes",
    "Alcohol or drug use is part of the picture": "No",
}
PHQ9 = ["Nearly every day"] * 2 + ["More than half the days"] * 5 + ["Several days", "Not at all"]


def test_given_the_request_when_ivy_takes_the_screen_then_what_ana_said_is_there_already(life):
    ivy = life.staff("ivy")
    ivy.goes("home").must_be_on("front_desk:list")
    ivy.page.goto(life.inquiry)
    ivy.looks().clicks("Screening").must_be_on("screening:show")
    ivy.sees("No suicide screen yet")
    ivy.clicks("Take the screen").must_be_on("screening:take")
    assert "I cannot get up on most days" in ivy.page.get_by_label("What brings the person").input_value()
    ivy.answers("How did you talk?", "By phone")
    for fact, answer in FACTS.items():
        ivy.answers(fact, answer)
    ivy.writes(
        {"What goes well": "Stubborn and funny. Lives with her mother Flo.", "Coverage, and worries": "Example Health"}
    )
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        ivy.page.get_by_label(f"{day}, from").first.fill("08:00")
        ivy.page.get_by_label(f"{day}, until").first.fill("13:00")
    ivy.clicks("Keep the screen").must_be_on("screening:show")
    ivy.sees("Stubborn and funny.")


def test_given_a_blank_in_the_suicide_screen_when_it_is_kept_then_a_blank_is_not_a_no(life):
    ivy = life.staff("ivy")
    ivy.goes("screening:show", uid=life.episode)
    ivy.clicks("Give it or enter the answers").must_be_on("measures:show")
    ivy.clicks("Give questions").must_be_on("measures:give")
    for box in ivy.page.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "cssrs_screener", force=True)
    ivy.answers("How", "By interview").clicks("Give", exact=True).must_be_on("measures:enter")
    ivy.clicks("Save and finish").sees("Some questions are blank").looks_here("measures:enter with blanks")


def test_given_three_answers_of_no_when_the_suicide_screen_ends_then_it_is_sorted_by_the_published_rule(life):
    ivy = life.staff("ivy")
    groups = ivy.page.get_by_role("main").get_by_role("group")
    for group in groups.all():
        no = group.get_by_label("No", exact=True)
        if no.count():
            no.first.check(force=True)
    ivy.clicks("Save and finish").must_be_on("measures:sheet")


def test_given_paper_and_a_link_when_ana_answers_then_both_are_scored(life):
    ivy, ana = life.staff("ivy"), life.somebody("ana")
    ivy.goes("measures:give", uid=life.episode)
    for box in ivy.page.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "phq9", force=True)
    ivy.answers("How", "On paper").clicks("Give", exact=True).must_be_on("measures:enter")
    groups = [
        g
        for g in ivy.page.get_by_role("main").get_by_role("group").all()
        if g.get_by_label("Not at all", exact=True).count()
    ]
    assert len(groups) == 9
    for group, answer in zip(groups, PHQ9, strict=True):
        group.get_by_label(answer, exact=True).check(force=True)
    for group in ivy.page.get_by_role("main").get_by_role("group").all():
        somewhat = group.get_by_label("Somewhat difficult", exact=True)
        if somewhat.count():
            somewhat.check(force=True)
    ivy.clicks("Save and finish").must_be_on("measures:sheet")
    ivy.sees(re.compile(r"\b17\b"))

    ivy.goes("measures:give", uid=life.episode)
    for box in ivy.page.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "gad7", force=True)
    ivy.answers("How", "By link").clicks("Give", exact=True).looks_here("measures:link")
    link = ivy.page.locator("code.link-once").inner_text()
    ana.goes(re.sub(r"^https?://[^/]+", "", link)).must_be_on("measures:by_link")
    for _ in range(7):
        ana.taps_answer("More than half the days")
    if ana.is_on("measures:by_link"):
        ana.taps_answer("Somewhat difficult")
    ana.must_be_on("measures:thanks")
    ana.looks()
    ivy.goes("measures:show", uid=life.episode).sees(re.compile(r"\b14\b"), re.compile(r"\b17\b"))
