"""The pages of safety."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from footbridge.care.safety import actions, reads
from footbridge.care.safety.models import Alarm, AlarmClosed, RiskAssessment, SafetyPlan
from footbridge.ground.episodes.models import BreakGlass
from footbridge.kit.trail.models import Act


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def raised(cast, **words):
    given = {
        "client": cast.ana.client,
        "kind": "answer",
        "urgency": "today",
        "reason": "PHQ-9, question 9: Several days",
        "source_kind": "test",
        "source_key": str(uuid.uuid4()),
        "by": cast.ana.actor(),
        "at": timezone.now(),
    }
    return actions.raise_alarm(**{**given, **words})


def url(name, row):
    return reverse(f"safety:{name}", kwargs={"uid": row.uid})


def test_who_stands_in_opens_the_chart_for_the_alarm_and_the_director_reads_why(cast):
    alarm = raised(cast)
    chart = reverse("safety:show", kwargs={"uid": cast.ana.episode.uid})
    cy = at_desk(cast.cy)
    assert cy.post(url("open_chart", alarm)).status_code == 404  # neither treats the person nor has the alarm
    actions.hand_on(alarm, cast.cy.staff, "I am with somebody", by=cast.bo.actor(), at=timezone.now())
    page = cy.get(url("alarm", alarm)).content.decode()
    assert "Open the chart for this alarm" in page and "/safety/risk/" not in page and cy.get(chart).status_code == 404
    for _click in range(2):
        assert cy.post(url("open_chart", alarm))["Location"] == chart
    assert cy.get(chart).status_code == 200 and "/safety/risk/" in cy.get(url("alarm", alarm)).content.decode()
    glass = BreakGlass.objects.get()
    assert glass.staff == cast.cy.staff and "question 9" in glass.reason and Act.objects.filter(verb="chart.glass_broken").count() == 1
    bo = at_desk(cast.bo)
    assert "Open the chart for this alarm" not in bo.get(url("alarm", alarm)).content.decode()
    assert bo.post(url("open_chart", alarm))["Location"] == url("alarm", alarm)  # it is not in his hands


def test_the_front_desk_raises_an_alarm_about_whoever_is_on_the_phone_and_reads_nothing(cast):
    di, page = at_desk(cast.di), url("raise", cast.ana.episode)
    assert page in di.get(reverse("front_desk:papers", kwargs={"uid": cast.ana.episode.uid})).content.decode()
    said = {"form_key": str(uuid.uuid4()), "urgency": "now", "reason": "Calls and says she took pills"}
    for _click in range(2):
        assert di.post(page, said)["Location"] == page
    alarm = Alarm.objects.get()
    assert (alarm.client, alarm.urgency, alarm.owner) == (cast.ana.client, "now", cast.bo.staff)
    assert "has an owner" in di.get(page).content.decode()
    for shut in (url("alarm", alarm), "/alarms/", url("show", cast.ana.episode)):
        assert di.get(shut).status_code == 404
    for who in (cast.cy, cast.bea, cast.flo, cast.max):
        assert at_desk(who).post(page, {**said, "form_key": str(uuid.uuid4())}).status_code == 404


def test_the_owner_reads_an_alarm_and_closes_it_with_words(cast):
    alarm = raised(cast)
    bo = at_desk(cast.bo)
    listed = bo.get("/alarms/").content.decode()
    assert "Ana" in listed and "not read" in listed
    page = bo.get(url("alarm", alarm)).content.decode()
    assert "tel:+13125550100" in page and "C-SSRS" in page
    assert alarm.seen.count() == 1
    refused = bo.post(url("alarm", alarm), {"action": "assessed_safe", "note": "ok"})
    assert refused.status_code == 422 and "in a sentence or two" in refused.content.decode()
    assert not AlarmClosed.objects.exists()
    words = {"action": "assessed_safe", "note": "Spoke with Ana by phone, safe tonight, plan gone over."}
    assert bo.post(url("alarm", alarm), words).status_code == 303
    assert "No open alarm" in bo.get("/alarms/").content.decode()
    closed = bo.get("/alarms/?closed=1").content.decode()
    assert "Spoke with the person" in closed
    assert "plan gone over" in bo.get(url("alarm", alarm)).content.decode()


def test_only_the_owner_opening_it_counts_as_reading(cast):
    alarm = raised(cast)
    at_desk(cast.ed).get(url("alarm", alarm))
    assert alarm.seen.count() == 0


def test_handing_on_and_taking_over(cast):
    alarm = raised(cast)
    bo = at_desk(cast.bo)
    refused = bo.post(url("hand_on", alarm), {"to": cast.bea.staff.pk, "why": "please"})
    assert refused.status_code == 422
    assert bo.post(url("hand_on", alarm), {"to": cast.cy.staff.pk, "why": "in session"}).status_code == 303
    assert reads.owner_now(alarm) == cast.cy.staff
    # now Cy may open it, though Ana is not his client; the chart itself stays shut
    cy = at_desk(cast.cy)
    assert cy.get(url("alarm", alarm)).status_code == 200
    assert cy.get(url("show", cast.ana.episode)).status_code == 404
    assert bo.post(url("take", alarm)).status_code == 303
    assert reads.owner_now(alarm) == cast.bo.staff


@pytest.mark.parametrize("who", ["cy", "di", "bea", "gus", "flo", "ana", "max"])
def test_strangers_find_nothing(cast, who):
    alarm = raised(cast)
    browser = at_desk(getattr(cast, who))
    for address in (
        url("alarm", alarm),
        url("show", cast.ana.episode),
        url("assess", cast.ana.episode),
        *([] if who == "di" else [url("raise", cast.ana.episode)]),  # the front desk tells, and reads nothing
    ):
        assert browser.get(address).status_code == 404
    for address in (url("alarm", alarm), url("hand_on", alarm), url("take", alarm)):
        assert browser.post(address, {"action": "mistake", "note": "nothing to see"}).status_code == 404
    listed = browser.get("/alarms/")
    assert listed.status_code == (200 if who == "cy" else 404)
    assert b"question 9" not in listed.content


def test_a_visitor_is_asked_to_sign_in(cast):
    assert Browser().get(url("alarm", raised(cast))).status_code == 302


def test_an_alarm_without_a_record(cast):
    alarm = raised(cast, client=None, contact="call 555-0100 after five", kind="guide", urgency="now")
    assert "after five" in at_desk(cast.ivy).get(url("alarm", alarm)).content.decode()
    assert at_desk(cast.bo).get(url("alarm", alarm)).status_code == 404


def test_risk_plan_and_raising_by_hand(cast):
    bo = at_desk(cast.bo)
    episode = cast.ana.episode
    assert bo.post(url("assess", episode), {"level": "high", "mitigation": "Stay with her"}).status_code == 422
    risk = {"level": "high", "factors": "Plan and means", "protective": "Her son", "mitigation": "Hospital today"}
    assert bo.post(url("assess", episode), risk).status_code == 303
    assert bo.post(url("write_plan", episode), {}).status_code == 422
    lines = {"step_1": "I stop eating", "step_4": "Flo, 312 555 0100"}
    assert bo.post(url("write_plan", episode), lines).status_code == 303
    assert SafetyPlan.objects.get().lines.get(step=4).phone == "312 555 0100"
    key = uuid.uuid4()
    for _click in range(2):
        told = {"form_key": key, "urgency": "now", "reason": "She said goodbye to everybody in group"}
        assert bo.post(url("raise", episode), told).status_code == 303
    assert Alarm.objects.get().urgency == "now" and RiskAssessment.objects.count() == 1
    page = bo.get(url("show", episode)).content.decode()
    for said in ("Plan and means", "I stop eating", "tel:312 555 0100", "She said goodbye"):
        assert said in page


def test_the_list_asks_the_database_as_often_for_three_alarms_as_for_one(cast, django_assert_max_num_queries):
    ed = at_desk(cast.ed)
    raised(cast)
    ed.get("/alarms/")
    with django_assert_max_num_queries(100) as one:
        ed.get("/alarms/")
    raised(cast, client=cast.max.client)
    actions.hand_on(raised(cast), cast.cy.staff, "cover", by=cast.bo.actor(), at=timezone.now())
    with django_assert_max_num_queries(len(one)):
        ed.get("/alarms/")


def test_the_count_for_the_navigation(cast):
    raised(cast)
    assert [reads.open_for(m.actor()) for m in (cast.bo, cast.cy, cast.ed, cast.ivy, cast.di)] == [1, 0, 1, 1, 0]
