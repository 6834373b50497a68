"""A week later: the weekly questions come by mail, and one answer shows danger."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from footbridge.care.measures import actions as measures
from footbridge.lanes.notices import actions as notices
from footbridge.lanes.notices.models import Notice

from .conftest import apart

pytestmark = pytest.mark.step


def test_given_a_week_has_passed_when_the_clock_gives_the_questions_then_ana_gets_a_link_that_says_nothing(life):
    life.days_pass(7)
    assert apart(lambda: measures.give_due(life.now)) == 1
    assert apart(lambda: measures.give_due(life.now)) == 0  # once a week, however often the clock strikes
    apart(_deliver)
    letter = [one for one in mail.outbox if one.to == ["ana@example.org"]][-1]
    assert not re.search("PHQ|depress|therap|treatment|IOP", letter.subject + letter.body, re.I)
    life.link = re.search(r"https?://[^/\s]+(/q/\S+)", letter.body).group(1)


def _deliver() -> None:
    for pk in Notice.objects.filter(sent_at__isnull=True).values_list("pk", flat=True):
        notices._deliver(pk, notices.timezone.now())


def test_given_the_link_on_her_phone_when_item_nine_is_answered_then_help_comes_before_the_next_question(life):
    ana = life.somebody("ana", phone=True)
    ana.goes(life.link).must_be_on("measures:by_link")
    ana.taps = 0
    for _ in range(8):
        ana.taps_answer("More than half the days")
    ana.taps_answer("More than half the days")
    ana.must_be_on("measures:help_by_link").looks()
    ana.sees("Thank you for telling us.")
    assert ana.page.locator("a[href='tel:988']").count()


def test_given_she_is_safe_when_she_goes_on_then_seventeen_taps_answer_everything(life):
    ana = life.somebody("ana")
    ana.page.get_by_role("link", name=re.compile("I am safe right now")).click()
    ana.page.wait_for_load_state()
    while ana.is_on("measures:by_link"):
        for answer in ("Several days", "Somewhat difficult"):
            if ana.page.get_by_label(answer, exact=True).count():
                ana.taps_answer(answer)
                break
    ana.must_be_on("measures:thanks")
    assert ana.taps <= 17, f"{ana.taps} taps"


def test_given_the_answer_when_bo_opens_his_day_then_the_alarm_stands_there_with_an_owner_and_a_time(life):
    bo = life.staff("bo")
    bo.goes("home").must_be_on("clinician:day").looks("clinician:day with an alarm").sees("Someone may be in danger")
    bo.goes("safety:alarms")
    row = bo.page.get_by_role("row", name=re.compile("Ana"))
    assert "You" in row.inner_text()
    assert re.search(r"\d:\d\d", row.inner_text())
    row.get_by_role("link").first.click()
    bo.page.wait_for_load_state()
    bo.must_be_on("safety:alarm").looks().sees(re.compile("Close this alarm"))


def test_given_no_words_when_the_alarm_is_closed_then_it_stays_open(life):
    bo = life.staff("bo")
    bo.clicks("Close with this action").looks_here("safety:alarm refused")
    assert bo.refused()


def test_given_the_suicide_screen_was_asked_when_bo_writes_what_was_done_then_the_alarm_is_closed(life):
    bo = life.staff("bo")
    alarm = bo.page.url
    bo.clicks("Ask the suicide screen").must_be_on("measures:give")
    bo.clicks("Give", exact=True).must_be_on("measures:enter")
    for group in bo.page.get_by_role("main").get_by_role("group").all():
        no = group.get_by_label("No", exact=True)
        if no.count():
            no.first.check(force=True)
    bo.clicks("Save and finish").must_be_on("measures:sheet")
    bo.page.goto(alarm)
    bo.chooses("Spoke with the person; assessed; safe with a plan")
    bo.writes(
        {
            "What you did": "Called Ana at once. Thoughts, no plan, no means. Mother is with her. We go over the safety plan today."
        }
    )
    bo.clicks("Close with this action")
    bo.goes("safety:alarms").does_not_see("Past due")
    assert not bo.page.get_by_role("row", name=re.compile("Ana")).count()
    bo.page.goto(alarm)
    bo.looks("safety:alarm closed").sees("Called Ana at once.")
    bo.goes("safety:assess", uid=life.episode).goes("safety:show", uid=life.episode)
    bo.goes("measures:show", uid=life.episode)
