"""The pages of giving measures: the portal's start, the layouts, the tablet, the second entry, the schedule, who stands in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from footbridge.care.measures import actions as measures
from footbridge.care.measures.models import Topic, TopicDone
from footbridge.care.placement.models import Admission
from footbridge.care.safety.models import Alarm
from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.models import Session
from footbridge.ground.episodes.models import CareTeamMember
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, Score, Sheet
from footbridge.ground.people.models import Away
from footbridge.ground.program.models import Program
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests import program as week
from tests.actions import way
from tests.actions.test_giving import WEEKLY, set_schedule
from tests.actions.test_measures import admit
from tests.cast import PASSWORD

from .test_measures import answer_on, at_desk, give, loaded, step_of  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(loaded):  # noqa: F811
    """Ana in her first week; PHQ-9 and GAD-7 are due."""
    now = timezone.now()
    admit(loaded, now, now.date())
    set_schedule(WEEKLY, now, admits=True)
    return loaded


def words(page) -> str:
    return page.content.decode()


# -- the portal


def test_the_portal_shows_what_is_due_and_opens_it_with_a_tap(due):
    ana = at_desk(due.ana)
    assert "2 short forms are waiting" in words(ana.get("/me/"))
    page = ana.get("/me/questions/")
    assert "Due now" in words(page) and "PHQ-9" in words(page) and not Sheet.objects.exists()
    assert "Answer now" in words(page)
    ana.cookies["django_language"] = "es"
    assert "Contestar ahora" in words(ana.get("/me/questions/"))
    del ana.cookies["django_language"]
    sent = ana.post("/me/questions/start/")
    assert sent.status_code == 303 and sent["Location"] == f"/me/questions/{Sheet.objects.order_by('place')[0].uid}/"
    assert "1 of 17" in words(ana.get(sent["Location"])) or "17" in words(ana.get(sent["Location"]))
    again = ana.post("/me/questions/start/")
    assert again["Location"] == "/me/questions/" and Sheet.objects.count() == 2
    for who in (due.bo, due.gus):
        assert at_desk(who).post("/me/questions/start/").status_code == 404
    assert ana.get("/me/questions/start/").status_code == 405


# -- layouts


def test_one_by_one_or_all_on_one_page_as_the_person_chose(due):
    _sheets, token = give(due)
    phone, here = Browser(), f"/q/{token}/"
    assert f'<wide-form data-to="{here}?all=1">' in words(phone.get(here))
    page = phone.get(f"{here}?show=all")
    assert "save-each" in words(page) and page.cookies["questions"].value == "all"
    assert "save-each" in words(phone.get(here))
    page = phone.get(f"{here}?show=one")
    assert "wide-form" not in words(page) and step_of(page)
    assert "wide-form" not in words(phone.get(here))  # chosen: left alone


def test_large_print_and_reading_aloud(due):
    _sheets, token = give(due)
    phone = Browser()
    page = phone.get(f"/q/{token}/")
    assert "<read-aloud>" in words(page) and "Large print" in words(page)
    phone.post("/look/", {"size": "large", "next": f"/q/{token}/"})
    assert 'data-size="large"' in words(phone.get(f"/q/{token}/"))
    phone.post("/look/", {"size": "huge", "next": "/"})
    assert phone.cookies["size"].value == "large"


# -- the tablet


def handed_over(cast):
    sheets, _token = give(cast, how="portal")
    tablet = at_desk(cast.bo)
    page = tablet.get(f"/sheets/{sheets[0].uid}/hand-over/")
    assert "PHQ-9" in words(page)
    sent = tablet.post(f"/sheets/{sheets[0].uid}/hand-over/")
    assert sent.status_code == 303 and sent["Location"] == "/room/"
    return tablet, sheets


def test_a_device_handed_over_opens_its_questions_and_nothing_else(due):
    tablet, sheets = handed_over(due)
    for address in (
        "/",
        "/day/",
        "/help/",
        "/guide/",
        "/sign-in/",
        "/me/",
        "/alarms/",
        f"/episodes/{due.ana.episode.uid}/measures/",
        f"/sheets/{sheets[0].uid}/",
        "/account/password/",
        "/exit/",
    ):
        answer = tablet.get(address)
        assert (answer.status_code, answer["Location"]) == (303, "/room/"), address
    for address in ("/sign-out/", "/lock/", "/draft/"):
        assert tablet.post(address)["Location"] == "/room/", address
    page = tablet.get("/room/", follow=True)
    assert "Lindqvist" not in words(page) and "Exit this page" not in words(page) and "stay-here" in words(page)
    assert "For staff" in words(page) and page["Cache-Control"] == "no-store"


def test_the_answers_are_the_clients_own_and_the_end_says_thank_you(due):
    tablet, _sheets = handed_over(due)
    taps, page = answer_on(tablet, tablet.get("/room/")["Location"], ["0"] * 17)
    assert taps == 17 and "Please give the device back" in words(page)
    assert {s.how for s in Sheet.objects.all()} == {"tablet"} and Sheet.objects.filter(entered_by=None).count() == 2
    assert Score.objects.filter(score="total").count() == 2
    assert tablet.get("/room/")["Location"] == "/room/thanks/"
    assert tablet.get("/day/")["Location"] == "/room/"  # still held


def test_danger_on_the_tablet_shows_help_and_raises_the_alarm(due):
    tablet, _sheets = handed_over(due)
    for value in ["1"] * 8:
        tablet.post("/room/", {"step": step_of(tablet.get("/room/", follow=True)), "answer": value})
    sent = tablet.post("/room/", {"step": step_of(tablet.get("/room/", follow=True)), "answer": "2"})
    assert sent["Location"] == "/room/help/"
    page = tablet.get("/room/help/")
    assert "988" in words(page) and "the person who gave you this" in words(page)
    assert Alarm.objects.get().owner == due.bo.staff


def test_a_page_of_the_person_before_answers_nothing_for_the_person_who_has_the_device_now(due):
    tablet, _sheets = handed_over(due)
    old = tablet.get("/room/")["Location"]
    tablet.post("/unlock/", {"password": PASSWORD, "next": "/day/"})
    now = timezone.now()
    with trail.act("test.joined", by=SYSTEM, at=now, about=due.max.episode):
        CareTeamMember.objects.create(episode=due.max.episode, staff=due.bo.staff, role="cover", joined_at=now)
    [sheet], _token = give(replace(due, ana=due.max), how="portal", codes=["phq9"])
    tablet.post(f"/sheets/{sheet.uid}/hand-over/")
    new = tablet.get("/room/")["Location"]
    assert new != old and tablet.get(new).status_code == 200
    assert tablet.get(old)["Location"] == new
    kept = Answer.objects.count()
    assert tablet.post(old, {"step": "0-1", "answer": "3"})["Location"] == new
    assert tablet.post(f"{old}?show=one", {"one": "s0-item_2", "s0-item_2": "3"}).json() == {"kept": False, "go": new}
    assert Answer.objects.count() == kept and not Alarm.objects.exists()
    assert tablet.post(old, {"step": "0-9", "answer": "2"})["Location"] == "/room/help/"
    assert Alarm.objects.get().client == due.ana.client and Answer.objects.count() == kept


def test_only_the_password_of_whoever_handed_it_over_leads_back(due):
    tablet, sheets = handed_over(due)
    page = tablet.get("/unlock/", {"next": f"/sheets/{sheets[0].uid}/"})
    assert "For staff" in words(page) and "sign out" not in words(page)
    assert tablet.post("/unlock/", {"password": "guess", "next": "/day/"}).status_code == 422
    assert tablet.get("/day/")["Location"] == "/room/"
    sent = tablet.post("/unlock/", {"password": PASSWORD, "next": f"/sheets/{sheets[0].uid}/"})
    assert sent["Location"] == f"/sheets/{sheets[0].uid}/" and tablet.get(sent["Location"]).status_code == 200
    assert tablet.get("/room/", follow=True).status_code == 404  # taken back: the questions are not there any more


def test_the_room_is_closed_to_whoever_was_handed_nothing(due):
    for who in (Browser(), at_desk(due.ana), at_desk(due.bo)):
        for address in ("/room/", "/room/help/", "/room/thanks/"):
            assert who.get(address).status_code == 404
    sheets, _token = give(due)
    for stranger in (due.cy, due.ana, due.gus):
        assert at_desk(stranger).post(f"/sheets/{sheets[0].uid}/hand-over/").status_code == 404


def test_a_finished_form_is_not_handed_over(due):
    sheets, token = give(due)
    answer_on(Browser(), f"/q/{token}/", ["0"] * 17)
    sent = at_desk(due.bo).post(f"/sheets/{sheets[0].uid}/hand-over/")
    assert sent["Location"].endswith("/measures/")


# -- paper twice, interview


def filled(page, **values):
    names = set(re.findall(r'name="(s\d-item_\w+)"', words(page)))
    return {name: values.get(name.split("item_")[1], "1") for name in names}


def test_paper_typed_in_twice_is_settled_before_it_is_scored(due):
    [sheet], _token = give(due, how="paper", codes=["gad7"])
    bo, here = at_desk(due.bo), f"/sheets/{sheet.uid}"
    page = bo.get(f"{here}/enter/")
    assert "enter a second time" in words(page)
    sent = bo.post(f"{here}/enter/", {**filled(page), "twice": "1"})
    assert sent["Location"] == f"{here}/again/"
    page = bo.get(f"{here}/again/")
    assert "checked" not in words(page)  # the first entry is not shown
    sent = bo.post(f"{here}/again/", filled(page, **{"3": "2", "5": "declined"}))
    assert sent["Location"] == f"{here}/differences/" and not Score.objects.exists()
    page = bo.get(f"{here}/differences/")
    assert "differ in 2 questions" in words(page) and "first entry" in words(page)
    refused = bo.post(f"{here}/differences/", {"item_3": "2"})
    assert refused.status_code == 422 and "Look at the paper" in words(refused)
    sent = bo.post(f"{here}/differences/", {"item_3": "2", "item_5": "1"})
    assert sent["Location"] == f"{here}/" and Score.objects.get(score="total").value == 8
    assert "Entered twice" in words(bo.get(f"{here}/"))
    assert bo.get(f"{here}/again/").status_code == 303 and bo.get(f"{here}/differences/").status_code == 303
    for name in ("again", "differences"):
        assert at_desk(due.cy).get(f"{here}/{name}/").status_code == 404


def test_two_entries_that_agree_are_scored_at_once(due):
    [sheet], _token = give(due, how="paper", codes=["gad7"])
    bo, here = at_desk(due.bo), f"/sheets/{sheet.uid}"
    bo.post(f"{here}/enter/", {**filled(bo.get(f"{here}/enter/")), "twice": "1"})
    sent = bo.post(f"{here}/again/", filled(bo.get(f"{here}/again/")))
    assert sent["Location"] == f"{here}/" and Score.objects.get(score="total").value == 7


def test_an_interview_knows_not_known(due):
    [sheet], _token = give(due, how="interview", codes=["gad7"])
    bo, here = at_desk(due.bo), f"/sheets/{sheet.uid}"
    page = bo.get(f"{here}/enter/")
    assert "word for word" in words(page) and "Not known" in words(page) and "second time" not in words(page)
    bo.post(f"{here}/enter/", filled(page, **{"7": "not_known"}))
    assert "Not known" in words(bo.get(f"{here}/"))


# -- the clinician's page, the roster's topics, the schedule


def test_the_clinicians_page_shows_due_answered_and_late(due):
    bo = at_desk(due.bo)
    page = words(bo.get(f"/episodes/{due.ana.episode.uid}/measures/"))
    assert "Asked for by the schedule" in page and "Give what is due" in page and "codes=phq9,gad7" in page


def test_a_topic_is_talked_about(due):
    sheets, _token = give(due)
    now = timezone.now()
    with trail.act("test.topic", by=SYSTEM, at=now, about=sheets[0], client=due.ana.client):
        topic = Topic.objects.create(
            client=due.ana.client, sheet=sheets[0], code="x", reason="AUDIT: zone IV.", source="test [K]", raised_at=now
        )
    bo = at_desk(due.bo)
    assert "AUDIT: zone IV." in words(bo.get(f"/episodes/{due.ana.episode.uid}/measures/"))
    assert "Rule: test (not checked in a source yet)" in words(bo.get(f"/topics/{topic.uid}/"))
    assert bo.post(f"/topics/{topic.uid}/", {"note": "We did."}).status_code == 303
    assert TopicDone.objects.get().note == "We did."
    assert bo.post(f"/topics/{topic.uid}/", {"note": "Again."}).status_code == 422
    for who in (due.cy, due.ana, due.di):
        assert at_desk(who).get(f"/topics/{topic.uid}/").status_code == 404


def test_the_schedule_is_read_and_the_director_chooses_the_rule(due):
    ed, bo, here = at_desk(due.ed), at_desk(due.bo), reverse("measures:schedules")
    page = words(bo.get(here))
    assert "Each week, before group" in page and "PHQ-9, GAD-7" in page and "Columbia" in page and "Choose another" not in page
    program = Program.objects.get()
    sent = {"program": str(program.uid), f"{program.code}-rule": "va"}
    assert bo.post(here, sent).status_code == 404 and at_desk(due.ana).get(here).status_code == 404
    assert "Choose another rule" in words(ed.get(here))
    assert ed.post(here, {**sent, f"{program.code}-rule": "mine"}).status_code == 422
    assert ed.post(here, sent).status_code == 303
    assert Program.objects.get().suicide_rule == "va" and "VA variant" in words(bo.get(here))


def test_who_is_away_says_who_stands_in(due):
    bo, here = at_desk(due.bo), "/alarms/away/"
    today = timezone.localdate()
    days = {"from_on": today.isoformat(), "last_on": (today + timedelta(days=2)).isoformat()}
    assert "Nobody is away" in words(bo.get(here))
    refused = bo.post(here, {**days, "staff": due.bo.staff.pk, "cover": due.bo.staff.pk})
    assert refused.status_code == 422
    assert bo.post(here, {**days, "staff": due.cy.staff.pk, "cover": due.bo.staff.pk}).status_code == 422  # not for others
    sent = bo.post(here, {**days, "staff": due.bo.staff.pk, "cover": due.cy.staff.pk})
    assert sent.status_code == 303
    away = Away.objects.get()
    assert away.cover == due.cy.staff and "Cy" in words(bo.get(here))
    assert at_desk(due.pat).post(f"/alarms/away/{away.uid}/back/").status_code == 404
    assert bo.post(f"/alarms/away/{away.uid}/back/").status_code == 303
    assert not Away.objects.filter(until_on__gt=timezone.localdate()).exists()
    assert at_desk(due.ana).get(here).status_code == 404


def test_the_roster_before_group_says_who_has_not_answered_and_what_to_talk_about(loaded):  # noqa: F811
    now = timezone.now()
    cast, at = loaded, now - timedelta(days=14)
    program = week.load(cast, at)
    monday = (now - timedelta(days=now.weekday() + 7)).date()
    timetable.publish(program.morning, monday, monday + timedelta(weeks=3), by=cast.ed.actor(at), at=at)
    timetable.join_group(cast.ana.episode, program.process, monday, by=cast.di.actor(at), at=at, confirmed=True)
    decided = way.decided(cast, at=at)
    with trail.act("test.admitted", by=SYSTEM, at=at, about=cast.ana.episode):
        Admission.objects.create(
            episode=cast.ana.episode, decision=decided, track=program.morning, starts_on=monday, by=cast.ivy.staff, at=at
        )
        Program.objects.update(measures=WEEKLY)
    session = Session.objects.filter(group=program.process, starts_at__gte=now - timedelta(hours=12)).order_by("starts_at").first()
    with trail.act("test.moved", by=SYSTEM, at=now, about=session):
        moved = {"starts_at": now - timedelta(minutes=5), "ends_at": now + timedelta(minutes=55)}
        Session.objects.filter(pk=session.pk).update(**moved)
        session.bookings.update(**moved)
    bo = at_desk(cast.bo if session.leader == cast.bo.staff else cast.cy)
    page = words(bo.get(f"/sessions/{session.uid}/"))
    assert "Not answered yet: PHQ-9, GAD-7" in page
    for sheet in give(cast, how="portal")[0]:
        values = {item.code: "0" for item in shelf.definition(sheet).items}
        measures.answer_all(sheet, values, by=cast.ana.actor(now), at=now)
        measures.finish(sheet, by=cast.ana.actor(now), at=now)
    assert "Not answered yet" not in words(bo.get(f"/sessions/{session.uid}/"))
