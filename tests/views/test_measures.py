"""The pages of measures: by link, in the portal, from paper; the chart."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from footbridge.care.measures import actions
from footbridge.care.measures.models import CourseAlert
from footbridge.care.safety.models import Alarm
from footbridge.ground.consent import actions as consents
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments.models import Answer, Score, Sheet
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.lanes.notices.models import Notice

HELP = "Thank you for telling us"


@pytest.fixture
def loaded(cast):
    instruments.load_definitions(by=SYSTEM, at=timezone.now())
    return cast


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def give(cast, how="link", codes=("phq9", "gad7"), **words):
    return instruments.give(
        cast.ana.client,
        list(codes),
        how=how,
        occasion="weekly",
        episode=cast.ana.episode,
        by=cast.bo.actor(),
        at=timezone.now(),
        **words,
    )


def step_of(page) -> str:
    return re.search(r'name="step" value="([^"]+)"', page.content.decode())[1]


def answer_on(browser, address, values):
    """Answer the questions shown one after another; returns (taps, last response)."""
    taps = 0
    page = browser.get(address)
    for value in values:
        words = {"step": step_of(page), "skip": "1"} if value is None else {"step": step_of(page), "answer": value}
        sent = browser.post(address, words)
        taps += 1
        assert sent.status_code == 303, sent.content.decode()
        page = browser.get(sent["Location"])
    return taps, page


def test_seventeen_taps_from_the_link_to_thank_you(loaded):
    _sheets, token = give(loaded)
    phone = Browser()
    taps, page = answer_on(phone, f"/q/{token}/", ["1"] * 8 + ["0"] + ["1"] * 8)
    assert taps == 17 and "Thank you" in page.content.decode()
    assert list(Score.objects.filter(score="total").order_by("id").values_list("value", flat=True)) == [8, 7]
    assert not Alarm.objects.exists()
    # used up: the link opens nothing more, and says so in neutral words
    again = phone.get(f"/q/{token}/")
    assert again.status_code == 404 and "not open any more" in again.content.decode()


def test_a_dangerous_answer_shows_help_at_once_and_the_alarm_is_there_when_the_tab_closes(loaded):
    sheets, token = give(loaded)
    phone = Browser()
    address = f"/q/{token}/"
    answer_on(phone, address, ["1"] * 8)
    sent = phone.post(address, {"step": "0-9", "answer": "2"})
    assert sent["Location"] == f"/q/{token}/help/"
    page = phone.get(sent["Location"]).content.decode()
    for said in (HELP, "tel:988", "sms:988", "tel:911", "I am safe right now, continue", address):
        assert said in page
    alarm = Alarm.objects.get()
    assert alarm.owner == loaded.bo.staff and Sheet.objects.get(pk=sheets[0].pk).finished_at is None
    # later the person goes on where they stopped
    assert step_of(Browser().get(address)) == "0-difficulty"


def test_danger_in_the_last_answer_of_all_still_leads_to_help(loaded):
    _sheets, token = give(loaded, codes=["cssrs_screener"])
    address = f"/q/{token}/"
    phone = Browser()
    answer_on(phone, address, ["no", "no"])
    assert HELP in phone.get(phone.post(address, {"step": "0-6", "answer": "yes"})["Location"]).content.decode()
    last = phone.post(address, {"step": "0-6_recent", "answer": "yes"})
    page = phone.get(last["Location"]).content.decode()
    assert HELP in page and 'href="/q/thanks/"' in page
    assert Alarm.objects.get().urgency == "now"
    assert Score.objects.get(score="triage").band == "high"  # finished, though nobody tapped on


def test_back_keeps_the_answer_and_a_second_tap_does_not_answer_the_next_question(loaded):
    _sheets, token = give(loaded)
    address = f"/q/{token}/"
    phone = Browser()
    answer_on(phone, address, ["3"])
    phone.post(address, {"step": "0-1", "answer": "3"})  # the second, late tap
    assert Answer.objects.count() == 1
    second = phone.get(address).content.decode()
    assert f'href="{address}?at=0-1"' in second
    first = phone.get(f"{address}?at=0-1").content.decode()
    assert re.search(r'value="3"[^>]*checked', first)


def test_skipping_is_declining_and_an_empty_send_is_refused(loaded):
    _sheets, token = give(loaded)
    address = f"/q/{token}/"
    phone = Browser()
    refused = phone.post(address, {"step": "0-1"})
    assert refused.status_code == 422 and "rather not answer" in refused.content.decode()
    answer_on(phone, address, [None])
    assert Answer.objects.get().declined


def test_the_page_says_nothing_about_care_in_its_title_and_names_nobody(loaded):
    _sheets, token = give(loaded)
    page = Browser().get(f"/q/{token}/").content.decode()
    assert "<title>Questions" in page
    assert "Ana" not in page and "Soto" not in page


def test_spanish_words_come_from_the_definition(loaded):
    _sheets, token = give(loaded, language="es")
    page = Browser().get(f"/q/{token}/").content.decode()
    assert "Poco interés o placer en hacer cosas" in page and '<html lang="es"' in page


def test_a_stranger_with_a_wrong_or_old_link_finds_nothing(loaded):
    sheets, token = give(loaded, expires_at=timezone.now() + timedelta(seconds=1))
    instruments.renew_link(sheets[0], by=loaded.bo.actor(), at=timezone.now())
    for wrong in (token, "x" * 43, "a"):
        for address in (f"/q/{wrong}/", f"/q/{wrong}/help/"):
            assert Browser().get(address).status_code == 404
            assert Browser().post(address, {"step": "0-1", "answer": "3"}).status_code == 404
    assert not Answer.objects.exists()


def test_all_on_one_page_keeps_each_tap_and_leads_to_help(loaded):
    _sheets, token = give(loaded)
    address = f"/q/{token}/?all=1"
    desk = Browser()
    assert desk.get(address).content.decode().count("<fieldset") == 17
    kept = desk.post(address, {"one": "s0-item_1", "s0-item_1": "2"})
    assert kept.json() == {"kept": True, "go": ""}
    danger = desk.post(address, {"one": "s0-item_9", "s0-item_9": "1"})
    assert danger.json()["go"] == f"/q/{token}/help/" and Alarm.objects.count() == 1
    assert desk.post(address, {"one": "s0-item_9", "s0-item_9": "8"}).status_code == 422
    answers = {f"s0-item_{n}": "1" for n in range(1, 9)} | {f"s1-item_{n}": "1" for n in range(1, 8)}
    sent = desk.post(address, answers)
    assert sent["Location"] == "/q/thanks/" and Score.objects.filter(score="total").count() == 2


def test_in_the_portal_the_same_pages(loaded):
    sheets, _token = give(loaded, how="portal")
    ana = at_desk(loaded.ana)
    address = reverse("measures:answer", args=[sheets[0].uid])
    answer_on(ana, address, ["0"] * 8)
    sent = ana.post(address, {"step": "0-9", "answer": "1"})
    page = ana.get(sent["Location"]).content.decode()
    assert HELP in page and reverse("client:safety_plan") in page
    assert Alarm.objects.get().client == loaded.ana.client
    for other in (loaded.max, loaded.gus, loaded.bo, loaded.flo):
        assert at_desk(other).get(address).status_code == 404
    assert Browser().get(address).status_code == 302


def test_paper_entered_by_staff_raises_the_same_alarm_and_shows_what_to_do(loaded):
    [sheet], _ = give(loaded, how="paper", codes=["phq9"])
    bo = at_desk(loaded.bo)
    address = reverse("measures:enter", args=[sheet.uid])
    assert bo.get(address).status_code == 200
    tapped = bo.post(address, {"one": "s0-item_9", "s0-item_9": "3"})
    assert tapped.json()["go"] == f"{address}?danger=1" and Alarm.objects.count() == 1
    page = bo.get(tapped.json()["go"]).content.decode()
    assert "Ask the suicide screen" in page and "Open the alarm" in page
    blanks = bo.post(address, {f"s0-item_{n}": "1" for n in range(1, 8)} | {"s0-item_9": "3"})
    assert blanks.status_code == 422 and "A blank is not a No" in blanks.content.decode()
    words = {f"s0-item_{n}": "1" for n in range(1, 8)} | {"s0-item_8": "declined", "s0-item_9": "3", "with_blanks": "1"}
    assert bo.post(address, words).status_code == 303
    total = Score.objects.get(score="total")
    assert (total.answered, total.items, total.prorated) == (8, 9, True)
    shown = bo.get(reverse("measures:sheet", args=[sheet.uid])).content.decode()
    assert "Nearly every day" in shown and "Declined to answer" in shown and "8 of 9 answered" in shown
    assert bo.get(address).status_code == 303  # finished: nothing more to enter
    assert Sheet.objects.get().entered_by == loaded.bo.staff


def test_giving_by_link_shows_it_once_and_sends_it_only_with_consent(loaded, settings):
    bo = at_desk(loaded.bo)
    address = reverse("measures:give", args=[loaded.ana.episode.uid])
    assert "PHQ-9" in bo.get(address).content.decode()
    words = {"form_key": uuid.uuid4(), "codes": ["phq9", "gad7"], "how": "link", "language": "en"}
    page = bo.post(address, words).content.decode()
    link = re.search(r"/q/[\w-]{40,}/", page)[0]
    assert "It was not sent" in page and not Notice.objects.exists()
    assert Browser().get(link).status_code == 200
    assert bo.post(address, words).status_code == 303 and Sheet.objects.count() == 2  # the impatient second click
    consents.give(
        loaded.ana.client, kind="messages", signed_name="Ana", how="paper", by=loaded.bo.actor(), at=timezone.now()
    )
    page = bo.post(address, words | {"form_key": uuid.uuid4()}).content.decode()
    assert "on its way" in page and Notice.objects.get().template == "link"
    assert bo.post(address, {"form_key": uuid.uuid4(), "how": "link", "language": "en"}).status_code == 422
    assert not mail.outbox  # the job sends, not the page


def test_giving_for_an_interview_goes_straight_to_the_questions(loaded):
    bo = at_desk(loaded.bo)
    address = reverse("measures:give", args=[loaded.ana.episode.uid])
    asked = bo.get(f"{address}?codes=cssrs_screener&how=interview").content.decode()
    assert re.search(r'value="cssrs_screener"[^>]*checked', asked) and re.search(
        r'value="interview"[^>]*checked', asked
    )
    sent = bo.post(
        address, {"form_key": uuid.uuid4(), "codes": ["cssrs_screener"], "how": "interview", "language": "en"}
    )
    page = bo.get(sent["Location"]).content.decode()
    assert "Have you wished you were dead" in page and "Columbia Lighthouse Project" in page


def done(cast, total, days_ago):
    at = timezone.now() - timedelta(days=days_ago)
    [sheet], _ = instruments.give(
        cast.ana.client, ["phq9"], how="portal", occasion="weekly", episode=cast.ana.episode, by=cast.bo.actor(), at=at
    )
    left = total
    values = {}
    for item in ("1", "2", "3", "4", "5", "6", "7", "8"):
        values[item] = min(3, left)
        left -= values[item]
    actions.answer_all(sheet, values | {"9": 0}, by=cast.ana.actor(), at=at)
    actions.finish(sheet, by=cast.ana.actor(), at=at)
    return sheet


def test_the_chart_page(loaded, django_assert_max_num_queries):
    bo = at_desk(loaded.bo)
    address = reverse("measures:show", args=[loaded.ana.episode.uid])
    assert "No score yet" in bo.get(address).content.decode()
    done(loaded, 15, 14)
    bo.get(address)
    with django_assert_max_num_queries(100) as one:
        bo.get(address)
    done(loaded, 12, 7)
    done(loaded, 9, 0)
    give(loaded, how="portal")
    with django_assert_max_num_queries(len(one)):
        page = bo.get(address).content.decode()
    assert "Went from 15 to 9: better, and more than chance would do" in page
    assert "<svg" in page and "Moderate" in page and "<table" in page and "Waiting for answers" in page


def test_withdrawing_and_renewing(loaded):
    sheets, token = give(loaded)
    bo = at_desk(loaded.bo)
    page = bo.post(reverse("measures:renew", args=[sheets[0].uid])).content.decode()
    new = re.search(r"/q/[\w-]{40,}/", page)[0]
    assert token not in new and Browser().get(new).status_code == 200
    back = reverse("measures:withdraw", args=[sheets[1].uid])
    assert bo.post(back, {"why": ""}).status_code == 422
    assert bo.post(back, {"why": "asked twice"}).status_code == 303
    assert Sheet.objects.get(pk=sheets[1].pk).withdrawn_at is not None


def test_a_course_alert_is_closed_with_a_decision(loaded):
    sheet = done(loaded, 20, 0)
    with trail.act("course.alerted", by=SYSTEM, at=timezone.now(), about=sheet):
        alert = CourseAlert.objects.create(
            episode=loaded.ana.episode, sheet=sheet, color="red", reason="PHQ-9: worse", owner=loaded.bo.staff,
            raised_at=timezone.now(), due_on=timezone.now().date(),
        )  # fmt: skip
    bo = at_desk(loaded.bo)
    address = reverse("measures:close_alert", args=[alert.uid])
    assert "PHQ-9: worse" in bo.get(reverse("measures:show", args=[loaded.ana.episode.uid])).content.decode()
    assert bo.post(address, {"action": "plan_review", "note": ""}).status_code == 422
    for other in (loaded.cy, loaded.di, loaded.ana, loaded.ivy):
        assert at_desk(other).post(address, {"action": "plan_review", "note": "Not mine to close."}).status_code == 404
    assert (
        bo.post(address, {"action": "plan_review", "note": "Plan reviewed with Ana, goal two changed."}).status_code
        == 303
    )
    assert "goal two changed" in bo.get(reverse("measures:show", args=[loaded.ana.episode.uid])).content.decode()


@pytest.mark.parametrize("who", ["cy", "di", "bea", "gus", "flo", "max"])
def test_strangers_find_no_answers(loaded, who):
    sheet = done(loaded, 10, 1)
    [still_open], _ = give(loaded, how="paper", codes=["phq9"])
    browser = at_desk(getattr(loaded, who))
    for name, row in (
        ("show", loaded.ana.episode),
        ("give", loaded.ana.episode),
        ("sheet", sheet),
        ("enter", still_open),
        ("withdraw", still_open),
    ):
        assert browser.get(reverse(f"measures:{name}", args=[row.uid])).status_code == 404
    assert (
        browser.post(
            reverse("measures:enter", args=[still_open.uid]), {"one": "s0-item_9", "s0-item_9": "3"}
        ).status_code
        == 404
    )
    assert browser.post(reverse("measures:renew", args=[still_open.uid])).status_code == 404
    assert not Alarm.objects.exists()


def test_the_client_cannot_open_the_staff_pages(loaded):
    sheet = done(loaded, 10, 1)
    ana = at_desk(loaded.ana)
    for name, row in (("show", loaded.ana.episode), ("sheet", sheet), ("enter", sheet)):
        assert ana.get(reverse(f"measures:{name}", args=[row.uid])).status_code == 404


# -- danger told when the questions are closed


def test_going_back_after_the_end_and_telling_danger_leads_to_help_and_raises_the_alarm(loaded):
    """The form is sent; the browser's Back shows item nine again, and now it is answered differently."""
    sheets, token = give(loaded, codes=["phq9"])
    phone, address = Browser(), f"/q/{token}/"
    answer_on(phone, address, ["1"] * 8 + ["0", "1"])
    assert phone.get(address).status_code == 404
    page = phone.post(address, {"step": "0-9", "answer": "2"})
    assert page.status_code == 200 and HELP in page.content.decode() and 'href="/q/thanks/"' in page.content.decode()
    alarm = Alarm.objects.get()
    assert (alarm.client, alarm.owner) == (loaded.ana.client, loaded.bo.staff)
    assert alarm.reason == "PHQ-9, question 9: More than half the days (told when the form or the session was closed; the answers kept do not show it)"
    # the score stays what was sent, and the answer of the record too
    assert Score.objects.get(score="total").value == 8 and not Answer.objects.filter(item="9", value="2").exists()
    # what shows no danger is told that the questions are closed, and writes nothing
    assert phone.post(address, {"step": "0-9", "answer": "0"}).status_code == 404 and Alarm.objects.count() == 1
    assert Sheet.objects.get(pk=sheets[0].pk).finished_at is not None


@pytest.mark.parametrize("how", ["link", "portal"])
def test_danger_told_when_the_time_is_over_or_the_form_was_taken_back_is_heard(loaded, how):
    for ended in ("expired", "withdrawn"):
        sheets, token = give(loaded, how=how, codes=["phq9"], bundle=uuid.uuid4())
        hand, address = (Browser(), f"/q/{token}/") if how == "link" else (at_desk(loaded.ana), f"/me/questions/{sheets[0].uid}/")
        assert hand.get(address).status_code == 200
        if ended == "withdrawn":
            actions.withdraw(sheets[0], why="wrong form", by=loaded.bo.actor(), at=timezone.now())
        else:
            with trail.act("test", by=SYSTEM, at=timezone.now(), about=sheets[0]):
                Sheet.objects.filter(pk=sheets[0].pk).update(expires_at=timezone.now() - timedelta(minutes=1))
        assert hand.post(address, {"step": "0-9", "answer": "0"}).status_code == 404
        page = hand.post(address, {"step": "0-9", "answer": "3"})
        assert page.status_code == 200 and HELP in page.content.decode(), ended
        assert Alarm.objects.filter(source_key__startswith=str(sheets[0].uid)).count() == 1
    # the page with all questions sends the same
    assert HELP in hand.post(f"{address}?all=1", {"s0-item_9": "1"}).content.decode()


@pytest.mark.parametrize("ended", ["renewed", "renewed twice", "tablet"])
def test_danger_told_on_the_page_of_an_earlier_link_is_heard_and_the_link_opens_nothing(loaded, ended):
    sheets, token = give(loaded)
    phone, address = Browser(), f"/q/{token}/"
    assert phone.get(address).status_code == 200  # stands on the screen
    if ended == "tablet":
        actions.hand_over(sheets[0], by=loaded.bo.actor(), at=timezone.now())
        new = instruments.renew_link(sheets[0], by=loaded.bo.actor(), at=timezone.now())
    for _time in range({"renewed": 1, "renewed twice": 2, "tablet": 0}[ended]):
        new = instruments.renew_link(sheets[0], by=loaded.bo.actor(), at=timezone.now())
    for shut in (phone.get(address), phone.get(f"{address}help/"), phone.post(address, {"step": "0-9", "answer": "0"})):
        assert shut.status_code == 404 and "PHQ" not in shut.content.decode() and new not in shut.content.decode()
    assert not Alarm.objects.exists()
    page = phone.post(address, {"step": "0-9", "answer": "2"})
    assert page.status_code == 200 and HELP in page.content.decode()
    assert "Ana" not in page.content.decode() and new not in page.content.decode()
    assert Alarm.objects.get().client == loaded.ana.client and not Answer.objects.exists()
    tap = phone.post(f"{address}?show=one", {"one": "s0-item_9", "s0-item_9": "2"})
    assert tap.json() == {"kept": False, "go": reverse("help_now")} and Alarm.objects.count() == 1
    assert Browser().get(reverse("help_now")).status_code == 200
    assert phone.get(f"/q/{new}/").status_code == 200


def test_danger_told_on_a_device_that_was_taken_back_is_heard(loaded):
    [sheet], _token = give(loaded, how="portal", codes=["phq9"])
    desk = at_desk(loaded.bo)
    desk.post(reverse("measures:hand_over", args=[sheet.uid]))
    assert desk.get("/room/", follow=True).status_code == 200
    session = desk.session
    session.opened = True  # as when whoever handed it over has proved themselves
    for name in ("held_at", "locked_at"):
        session.pop(name, None)
    session.save()
    assert desk.post("/room/", {"step": "0-9", "answer": "0"}).status_code == 404 and not Alarm.objects.exists()
    assert HELP in desk.post("/room/", {"step": "0-9", "answer": "2"}).content.decode()
    assert Alarm.objects.get().client == loaded.ana.client and desk.get("/room/").status_code == 404


def test_danger_told_after_the_session_locked_is_heard_and_help_comes_first(loaded):
    [sheet], _token = give(loaded, how="portal", codes=["phq9"])
    ana, address = at_desk(loaded.ana), f"/me/questions/{sheet.uid}/"
    assert ana.get(address).status_code == 200
    ana.post(reverse("lock"))
    assert "unlock" in ana.post(address, {"step": "0-9", "answer": "0"})["Location"] and not Alarm.objects.exists()
    assert ana.post(address, {"step": "0-9", "answer": "3"})["Location"] == reverse("help_now")
    assert Alarm.objects.get().client == loaded.ana.client and not Answer.objects.exists()
    tap = ana.post(address, {"one": "s0-item_9", "s0-item_9": "3"}, headers={"accept": "application/json"})
    assert tap.json() == {"locked": True, "go": reverse("help_now")} and Alarm.objects.count() == 1
    stranger = at_desk(loaded.max)
    stranger.post(reverse("lock"))
    assert "unlock" in stranger.post(address, {"step": "0-9", "answer": "3"})["Location"] and Alarm.objects.count() == 1


@pytest.mark.parametrize("page", ["enter", "again"])
def test_paper_typed_in_when_a_colleague_has_finished_it_still_raises_the_alarm(loaded, page):
    sheets, _token = give(loaded, how="paper", codes=["phq9"])
    address = f"/sheets/{sheets[0].uid}/{page}/"
    actions.answer_all(sheets[0], {str(n): "0" for n in range(1, 10)} | {"difficulty": "0"}, by=loaded.bo.actor(), at=timezone.now())
    desk = at_desk(loaded.bo)
    assert desk.get(address).status_code == 200  # stands on the screen
    actions.finish(sheets[0], by=loaded.bo.actor(), at=timezone.now())
    sent = desk.post(address, {"s0-item_1": "0", "s0-item_9": "0"}, follow=True)
    assert not Alarm.objects.exists() and "not kept" not in sent.content.decode()
    kept = desk.post(address, {"one": "s0-item_9", "s0-item_9": "1"})
    assert kept.json() == {"kept": False, "go": f"/sheets/{sheets[0].uid}/"} and Alarm.objects.get().client == loaded.ana.client
    sent = desk.post(address, {"s0-item_1": "0", "s0-item_9": "1"}, follow=True)
    assert "It shows danger: the alarm is raised." in sent.content.decode() and Alarm.objects.count() == 1


def test_nobody_tells_danger_in_the_name_of_others(loaded):
    sheets, _token = give(loaded, how="portal", codes=["phq9"])
    actions.withdraw(sheets[0], why="wrong form", by=loaded.bo.actor(), at=timezone.now())
    for who in (loaded.max, loaded.gus, loaded.cy):
        assert at_desk(who).post(f"/me/questions/{sheets[0].uid}/", {"step": "0-9", "answer": "3"}).status_code == 404
    assert Browser().post("/q/unknown/", {"step": "0-9", "answer": "3"}).status_code == 404
    assert not Alarm.objects.exists()
