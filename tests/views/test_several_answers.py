"""A question that takes several answers (the LEC-5 grid): on a phone, on one page, and as a clinician reads it."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Browser
from django.utils import timezone

from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Answer, Score, Sheet
from footbridge.kit.access import SYSTEM


@pytest.fixture
def lec5(cast):
    instruments.load_definitions(by=SYSTEM, at=timezone.now())
    sheets, token = instruments.give(
        cast.ana.client,
        ["lec5"],
        how="link",
        occasion="screening",
        episode=cast.ana.episode,
        by=cast.bo.actor(),
        at=timezone.now(),
    )
    return sheets[0], f"/q/{token}/"


def held(sheet: Sheet) -> dict[str, str | None]:
    return {a.item: a.value for a in Answer.objects.filter(sheet=sheet).order_by("id")}


def test_one_question_a_page_takes_several_ticks(lec5):
    sheet, address = lec5
    phone = Browser()
    page = phone.get(address).content.decode()
    assert len(re.findall(r'type="checkbox"[^>]*name="answer"|name="answer"[^>]*type="checkbox"', page)) == 6
    assert "Choose all that apply." in page and "Natural disaster" in page
    sent = phone.post(address, {"step": "0-1", "answer": ["happened", "job"]})
    assert sent.status_code == 303
    assert held(sheet) == {"1": "happened,job"}


def test_nothing_ticked_is_asked_again_and_a_stranger_among_the_ticks_is_refused(lec5):
    sheet, address = lec5
    phone = Browser()
    for words in ({"step": "0-1"}, {"step": "0-1", "answer": ["happened", "often"]}):
        assert phone.post(address, words).status_code == 422
    assert held(sheet) == {}
    assert phone.post(address, {"step": "0-1", "skip": "1"}).status_code == 303
    assert held(sheet) == {"1": None}


def test_all_on_one_page_and_read_by_a_clinician(lec5):
    sheet, address = lec5
    phone = Browser()
    words = {f"s0-item_{n}": ["none"] for n in range(1, 18)} | {"s0-item_3": ["happened", "witnessed"]}
    assert phone.post(f"{address}?all=1", words).status_code == 303
    sheet.refresh_from_db()
    assert sheet.finished_at is not None
    assert held(sheet)["3"] == "happened,witnessed"
    assert not Score.objects.filter(sheet=sheet).exists()
    said = {row["code"]: row["said"] for row in shelf.answered_rows(sheet)}
    assert said["3"] == "Happened to me; Witnessed it"
    assert said["17"] == "Doesn’t apply"
