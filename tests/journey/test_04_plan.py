"""What Ana and Bo work on: her own account, a plan in her words, signed by both."""

from __future__ import annotations

import re

import pytest

from ..cast import PASSWORD

pytestmark = pytest.mark.step


def test_given_her_consents_when_di_invites_ana_then_she_chooses_a_password_and_is_in(life):
    di, ana = life.staff("di"), life.somebody("ana")
    for kind in ("Treatment in this program", "Messages and links by text or email"):
        di.goes("front_desk:papers", uid=life.episode).clicks("Record a consent").must_be_on("front_desk:consents")
        di.chooses(kind).chooses("On paper").clicks("Save", exact=True).must_be_on("front_desk:papers")
    di.clicks("Invite to the portal").must_be_on("front_desk:portal")
    assert di.page.get_by_label("Email").input_value() == "ana@example.org"
    di.clicks("Make the link").sees("It is on its way to the client").looks_here("front_desk:portal link")
    link = di.page.locator("code.link-once").inner_text()
    ana.goes(re.sub(r"^https?://[^/]+", "", link)).must_be_on("welcome")
    for field in ana.page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    ana.clicks("Set password and sign in").must_be_on("client:today")


def test_given_an_empty_plan_when_bo_writes_it_with_ana_then_her_own_words_are_the_goal(life):
    bo = life.staff("bo")
    bo.goes("plan:show", uid=life.episode).clicks("Begin a plan").must_be_on("plan:start")
    bo.writes({"Strengths": "Stubborn and funny. Her mother stands by her."}).clicks("Begin the draft")
    bo.must_be_on("plan:edit").clicks("Add a problem").must_be_on("plan:add")
    bo.writes({"Problem": "Low mood", "ICD-10 code": "F33.1", "How it shows": "PHQ-9 of 17. Stays in bed until noon."})
    bo.clicks("Keep", exact=True).must_be_on("plan:edit")
    bo.clicks("Add a goal").writes({"Goal, in the client's words": "I want to get up and see my friends again."})
    bo.writes({"How we both will know": "PHQ-9 below 10"}).clicks("Keep", exact=True, nth=-1).must_be_on("plan:edit")
    bo.clicks("Add an objective").writes({"Objective": "Does three planned activities a week."})
    bo.clicks("Keep", exact=True, nth=-1).must_be_on("plan:edit")
    bo.clicks("Add what is done for it").writes({
        "What is done": "Skills group", "Who does it": "Bo", "Minutes each time": "130", "Times a week": "3",
        "For how many weeks": "8",
    })  # fmt: skip
    bo.clicks("Keep", exact=True, nth=-1).must_be_on("plan:edit")
    bo.sees(re.compile("I want to get up and see my friends again"))


def test_given_the_draft_when_bo_signs_then_it_waits_for_ana(life):
    bo = life.staff("bo")
    bo.clicks("Sign", "link", exact=True).must_be_on("plan:sign")
    proves(bo)
    bo.clicks("Sign", "button", exact=True)
    assert not bo.page.locator(".error-summary").count(), bo.refused()
    bo.goes("plan:show", uid=life.episode).sees("It waits for the client's signature.")


def test_given_bo_signed_when_ana_reads_and_signs_then_the_plan_holds(life):
    ana, bo = life.somebody("ana"), life.staff("bo")
    ana.goes("client:plan").clicks(re.compile("sign", re.I), within=ana.page.get_by_role("main")).must_be_on(
        "plan:client_sign"
    )
    ana.sees(re.compile("I want to get up and see my friends again"))
    proves(ana)
    ana.clicks("Sign my plan").goes("client:plan").looks("client:plan signed")
    bo.goes("plan:show", uid=life.episode).does_not_see("No plan holds yet").looks("plan:show signed")
    bo.goes("plan:versions", uid=life.episode)


def proves(who):
    """A signature is the password once more."""
    first = who.page.get_by_role("link", name=re.compile("show that it is you", re.I))
    if first.count():
        first.first.click()
        who.looks()
        who.page.get_by_label("Password").fill(PASSWORD)
        who.page.get_by_role("main").get_by_role("button").last.click()
        who.page.wait_for_load_state()
    if who.page.get_by_label("Password").count():
        who.page.get_by_label("Password").fill(PASSWORD)
