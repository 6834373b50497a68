"""Ana wonders whether an IOP is right for her, asks for a call on her phone, and somebody answers."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.step

CALM = [
    ("Have you ever hurt yourself", "No"),
    ("Can you keep yourself safe at night", "Yes"),
    ("What troubles you most?", "My mood, worry, fear or stress"),
    ("What happens when you stop", "I do not drink or use drugs"),
    ("health problem that needs a doctor", "Yes, and it is under control"),
    ("How is daily life going", "Some days I cannot"),
    ("What is it like where you live?", "Safe, and people there help me"),
    ("What care have you had so far?", "Weekly visits, and they are not enough"),
    ("Could you come three days a week", "Yes"),
]


def test_given_an_answer_that_shows_danger_when_it_is_given_then_help_comes_before_anything_else(life):
    ana = life.somebody("ana", phone=True)
    ana.goes("home").clicks("For me").clicks("Start the questions").looks_here("guide: a question")
    ana.sees(re.compile("Is any of this true right now"))
    ana.chooses("I have thoughts of ending my life").clicks("Continue").looks_here("guide: interruption")
    ana.sees("Thank you for telling us", re.compile("Call or text 988"))
    assert ana.page.locator("a[href='tel:988']").count()
    ana.clicks("I am safe right now, continue")
    ana.sees(re.compile("Have you ever hurt yourself"))
    ana.clicks("Back")
    ana.chooses("No, none of this").clicks("Continue")


def test_given_calm_answers_when_the_guide_ends_then_an_iop_is_worth_asking_about_and_nothing_was_kept(life):
    ana = life.somebody("ana")
    for question, answer in CALM:
        ana.sees(re.compile(question))
        ana.chooses(answer).clicks("Continue")
    ana.looks_here("guide: result")
    ana.sees(re.compile("Intensive outpatient program"))
    ana.sees("Not very.")
    assert not [c for c in ana.context.cookies() if c["name"] not in ("csrftoken",)]


def test_given_what_is_safe_for_her_when_she_asks_for_a_call_then_she_is_told_by_when_she_hears(life):
    ana = life.somebody("ana")
    ana.clicks(re.compile("Ask for a call|Ask us")).must_be_on("public:request")
    ana.writes(
        {
            "Name to use": "Ana",
            "Phone number": "555-010-0177",
            "Email address": "ana@example.org",
            "Best times": "after 5",
        }
    )
    ana.born("May", "17", "1994")
    ana.answers(re.compile("OK to leave a message"), "No")
    ana.chooses("Morning")
    ana.writes(
        {"Is there anything you want to tell us?": "I cannot get up on most days. Weekly therapy is not enough."}
    )
    ana.chooses("Send my answers from the guide along").clicks("Send").must_be_on("public:sent")
    ana.sees(re.compile("You hear from us by"))


def test_given_the_request_when_the_front_desk_opens_its_list_then_ana_is_sorted_by_her_promise(life):
    di = life.staff("di")
    di.goes("home").must_be_on("front_desk:list")
    row = di.page.get_by_role("row", name=re.compile("Ana"))
    assert "no message" in row.inner_text()
    di.clicks("Ana").must_be_on("inquiry:show")
    life.inquiry = di.page.url
    di.sees("Do not leave a message", "I cannot get up on most days. Weekly therapy is not enough.")
    di.sees(re.compile("Answers from the guide"))


def test_given_a_first_call_without_answer_when_the_second_reaches_her_then_both_are_on_record(life):
    di = life.staff("di")
    di.answers("How", "Phone call").answers("What came of it", "No answer").clicks("Log it")
    di.answers("How", "Phone call").answers("What came of it", "Reached").writes(
        {"Note": "Would like the mornings."}
    ).clicks("Log it")
    di.sees("Would like the mornings.")


def test_given_ana_was_reached_when_she_is_taken_up_then_she_has_a_record_and_a_chart(life):
    di = life.staff("di")
    di.clicks("Take up").must_be_on("inquiry:episode")
    di.writes({"Legal name": "Ana Soto"}).clicks("Take up", "button")
    di.sees("Taken up", re.compile(r"Ana Soto, record R\d+"))
    di.clicks("Coverage and consents").must_be_on("front_desk:papers")
    life.episode = re.search(r"/episodes/([0-9a-f-]+)/", di.page.url).group(1)
