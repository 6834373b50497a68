"""Scores from outside on their page; answers handed out as a FHIR document."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from footbridge.care.measures import actions as measures
from footbridge.engines.disclosure import DataClass
from footbridge.ground.consent import actions as consents
from footbridge.ground.consent import telling
from footbridge.ground.consent.models import Told
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import outside
from footbridge.ground.instruments.models import OutsideScore
from footbridge.ground.program.days import day_of
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act
from tests.actions.test_instruments_outside import ONLY_OUTSIDE


@pytest.fixture
def loaded(cast):
    instruments.load_definitions(by=SYSTEM, at=timezone.now())
    instruments._load(dict(ONLY_OUTSIDE), by=SYSTEM, at=timezone.now())
    return cast


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def typed(**change):
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    return {
        "form_key": str(uuid.uuid4()), "what": "paid_form:total", "value": "92", "on": day, "source": "system", "source_note": "Other chart", **change,
    }  # fmt: skip


def test_a_score_is_entered_shown_and_taken_back(loaded):
    bo = at_desk(loaded.bo)
    where = reverse("outside:show", args=[loaded.ana.episode.uid])
    page = bo.get(where).content.decode()
    assert "Paid form" in page and "0 to 180" in page
    assert bo.post(where, typed()).status_code == 303
    page = bo.get(where).content.decode()
    assert "Entered from outside" in page and "Other chart" in page and ">92<" in page
    assert Act.objects.filter(verb="chart.looked", detail__what="scores from outside").exists()
    measures_page = bo.get(reverse("measures:show", args=[loaded.ana.episode.uid])).content.decode()
    assert "Paid form" in measures_page
    row = OutsideScore.objects.get()
    back = reverse("outside:take_back", args=[row.uid])
    assert bo.post(back, {"why": ""}).status_code == 422
    assert bo.post(back, {"why": "Somebody else"}).status_code == 303
    assert "Taken back by Bo: Somebody else" in bo.get(where).content.decode()


def test_what_cannot_be_entered_stays_typed(loaded):
    bo = at_desk(loaded.bo)
    where = reverse("outside:show", args=[loaded.ana.episode.uid])
    for change, said in (({"value": "181"}, "Enter a whole number from 0 to 180."), ({"on": "2999-01-01"}, "real date"), ({"source_note": ""}, "is empty")):
        refused = bo.post(where, typed(**change))
        assert refused.status_code == 422 and said in refused.content.decode(), change
        if "source_note" not in change:
            assert "Other chart" in refused.content.decode()
    assert not OutsideScore.objects.exists()


def test_only_who_treats_the_client_finds_the_pages(loaded):
    row = outside.enter(
        loaded.ana.client, "paid_form", score="total", value="9", on=timezone.now().date() - timedelta(days=1), source="paper", source_note="x",
        form_key=uuid.uuid4(), episode=loaded.ana.episode, by=loaded.bo.actor(), at=timezone.now(),
    )  # fmt: skip
    pages = [reverse("outside:show", args=[loaded.ana.episode.uid]), reverse("outside:take_back", args=[row.uid])]
    for who in ("cy", "di", "bea", "ana", "max", "gus"):
        for page in pages:
            assert at_desk(getattr(loaded, who)).get(page).status_code == 404, (who, page)
            assert at_desk(getattr(loaded, who)).post(page, typed()).status_code == 404


def test_the_page_asks_the_same_number_of_questions_for_one_and_three(loaded):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bo = at_desk(loaded.bo)
    where = reverse("outside:show", args=[loaded.ana.episode.uid])
    counts = []
    for number in range(3):
        bo.post(where, typed(value=str(50 + number)))
        if number != 1:
            with CaptureQueriesContext(connection) as asked:
                bo.get(where)
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_answers_go_out_as_fhir_and_it_is_written_down(loaded):
    sheet = instruments.give(
        loaded.ana.client, ["gad2"], how="paper", occasion="weekly", episode=loaded.ana.episode, by=loaded.bo.actor(), at=timezone.now()
    )[0][0]
    where = reverse("outside:answers", args=[sheet.uid])
    bo = at_desk(loaded.bo)
    assert bo.get(where).status_code == 404  # not finished
    measures.answer_all(sheet, {"1": "2"}, by=loaded.bo.actor(), at=timezone.now())
    measures.finish(sheet, by=loaded.bo.actor(), at=timezone.now())
    asks = bo.get(where).content.decode()
    assert "Who is it for?" in asks and "The client themself" in asks and "Lakeside" not in asks
    assert bo.post(where, {"reader": str(uuid.uuid4())}).status_code == 422  # nobody a consent names
    assert not Act.objects.filter(verb="chart.looked", detail__what__startswith="answers as a FHIR").exists()
    out = bo.post(where, {"reader": "client"}).json()
    assert out["resourceType"] == "QuestionnaireResponse" and out["status"] == "completed"
    assert out["item"][0]["answer"][0]["valueCoding"]["display"] and "answer" not in out["item"][1]
    assert out["subject"]["identifier"]["value"].endswith(str(loaded.ana.client.uid)) and "Ana" not in str(out)
    assert Act.objects.filter(verb="chart.looked", detail__what="answers as a FHIR document, for client", by_id=loaded.bo.user.pk).exists()
    assert not Told.objects.exists()
    given = consents.give(
        loaded.ana.client, kind="disclosure", recipient="Lakeside", purpose="Care", data_classes=["clinical"], signed_name="Ana", how="paper",
        by=loaded.di.actor(timezone.now()), at=timezone.now(),
    )  # fmt: skip
    assert bo.post(where, {"reader": str(given.uid)}).json()["resourceType"] == "QuestionnaireResponse"
    told = Told.objects.get()
    assert (told.to_name, told.what, told.data_classes, told.consent) == ("Lakeside", "answers", ["clinical"], given)
    consents.give(
        loaded.ana.client, kind="tpo", recipient="Those who treat me and pay", purpose="Care and payment", signed_name="Ana", how="paper",
        by=loaded.di.actor(timezone.now()), at=timezone.now(),
    )  # fmt: skip
    general = next(one.code for one in telling.readers(loaded.ana.client, [DataClass.CLINICAL], day_of(timezone.now())) if one.is_general)
    assert bo.post(where, {"reader": general}).status_code == 422  # the account names who received it
    assert bo.post(where, {"reader": general, "to_name": "Dr. Example"}).status_code == 200
    assert Told.objects.first().to_name == "Dr. Example"
    assert "Lakeside" in at_desk(loaded.di).get(reverse("front_desk:papers", args=[loaded.ana.episode.uid])).content.decode()
    assert "What we told others" in at_desk(loaded.ana).get(reverse("client:papers")).content.decode()
    for who in ("cy", "di", "bea", "ana", "gus"):
        assert at_desk(getattr(loaded, who)).get(where).status_code == 404
