"""The pages of the screening."""

from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from footbridge.care.inquiry.models import Inquiry
from footbridge.care.screening import reads
from footbridge.care.screening.models import Screen
from footbridge.care.screening.words import Fact
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.cast import Cast, Member


def at_desk(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def answers(**changed: str) -> dict[str, str]:
    facts = {f"fact_{fact}": "unknown" for fact in Fact}
    return {"how": "phone", "concerns": "I cannot get up.", **facts, "fact_safe_now": "yes", **changed}


def page(cast: Cast, name: str = "show") -> str:
    return reverse(f"screening:{name}", kwargs={"uid": cast.ana.episode.uid})


def test_empty_then_taken_then_read(cast: Cast) -> None:
    ivy = at_desk(cast.ivy)
    assert "Nobody has screened" in ivy.get(page(cast)).content.decode()
    assert ivy.get(page(cast, "take")).status_code == 200
    posted = answers(free_0_0_from="09:00", free_0_0_until="12:00", note_safe_now="has a plan with her mother")
    answer = ivy.post(page(cast, "take"), posted)
    assert answer.status_code == 303 and answer.url == page(cast)
    shown = ivy.get(page(cast)).content.decode()
    assert "I cannot get up." in shown and "has a plan with her mother" in shown and "9:00 a.m." in shown
    assert "No suicide screen yet" in shown
    assert Act.objects.filter(verb="chart.looked", client_uid=cast.ana.client.uid, by_id=cast.ivy.user.pk).exists()


def test_the_next_screen_starts_from_the_last(cast: Cast) -> None:
    way.screened(cast)
    shown = at_desk(cast.ivy).get(page(cast, "take"))
    assert shown.context["form"].initial["note_self_care"] == "skips meals"
    assert "I cannot get up." in shown.content.decode() and 'value="09:00"' in shown.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"concerns": "", "fact_safe_now": "unknown"},
        {"free_1_0_from": "14:00", "free_1_0_until": "10:00"},
        {"free_1_0_from": "14:00"},
        {"how": ""},
    ],
)
def test_refused_with_422_and_what_was_typed(cast: Cast, wrong: dict[str, str]) -> None:
    answer = at_desk(cast.ivy).post(page(cast, "take"), answers(history="kept words", **wrong))
    assert answer.status_code == 422 and "kept words" in answer.content.decode()
    assert not Screen.objects.exists()


def test_the_therapist_reads_and_does_not_take(cast: Cast) -> None:
    way.screened(cast)
    bo = at_desk(cast.bo)
    shown = bo.get(page(cast)).content.decode()
    assert "I cannot get up." in shown and page(cast, "take") not in shown
    assert bo.get(page(cast, "take")).status_code == 404


@pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "flo", "gus", "max"])
@pytest.mark.parametrize("name", ["show", "take"])
def test_others_find_nothing(cast: Cast, who: str, name: str) -> None:
    assert at_desk(getattr(cast, who)).get(page(cast, name)).status_code == 404
    assert at_desk(getattr(cast, who)).post(page(cast, name), answers()).status_code == 404


def test_the_suicide_screen_leads_the_page(cast: Cast) -> None:
    way.suicide_screen(cast.ana.client, way.HIGH_RISK)
    shown = at_desk(cast.ivy).get(page(cast)).content.decode()
    assert "high risk" in shown and "some intention to act" in shown
    assert reads.suicide_screen(cast.ana.client).risk == "high"


def test_what_the_talk_corrected_was_not_said_in_the_guide(cast: Cast, at) -> None:
    told = {"daily": "some_days", "home": "good"}
    inquiry = Inquiry(
        for_whom="self", name_used="Ana", phone="+13125550100", channel="call", guide_answers=told, received_at=at, taken_up_at=at, episode=cast.ana.episode
    )  # fmt: skip
    with trail.act("inquiry.received", by=SYSTEM, at=at, about=cast.ana.episode):
        inquiry.save()
    ivy = at_desk(cast.ivy)
    said = {name: value or "" for name, value in ivy.get(page(cast, "take")).context["form"].initial.items() if name.startswith(("fact_", "note_"))}
    assert said["fact_functioning"] == "partly" and said["note_functioning"] == "Said in the online guide"
    assert ivy.post(page(cast, "take"), {**answers(), **said, "fact_functioning": "yes"}).status_code == 303
    kept = reads.answers(Screen.objects.get())
    assert kept["functioning"] == ("yes", "") and kept["home_safe"] == ("yes", "Said in the online guide")
