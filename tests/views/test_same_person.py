"""Pages that find two records of one person before and after they are made."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from footbridge.care.inquiry import actions as inquiry
from footbridge.care.inquiry.models import Inquiry, NotThisClient
from footbridge.ground.people.models import ClientMerge, KeptApart
from footbridge.kit.access import PUBLIC
from tests.actions.test_merging import LATER, merge, second
from tests.cast import NOW, Cast, Member


def at_desk(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def asked(**more: object) -> Inquiry:
    given = {"for_whom": "self", "name_used": "Anna", "legal_name": "Anna Soto", "born_on": date(1994, 5, 17), "phone": "+13125550144", "channel": "call"}
    return inquiry.receive(**{**given, **more}, by=PUBLIC, at=NOW)


def compare(cast: Cast, other) -> str:
    return reverse("front_desk:double", kwargs={"one": cast.ana.client.uid, "other": other.uid})


def test_a_request_shows_who_may_be_the_same_with_reasons_and_is_taken_up_into_that_record(cast: Cast) -> None:
    made, di = asked(), at_desk(cast.di)
    shown = di.get(reverse("inquiry:show", kwargs={"uid": made.uid})).content.decode()
    assert "Maybe the same person" in shown and cast.ana.client.number in shown
    assert "name nearly the same, same birth date" in shown and "Very likely" in shown
    chosen = di.get(reverse("inquiry:episode", kwargs={"uid": made.uid}), {"client": str(cast.ana.client.uid)})
    assert chosen.context["form"]["client"].value() == str(cast.ana.client.uid)


def test_two_people_are_kept_apart_once_and_not_offered_again(cast: Cast) -> None:
    made, di = asked(), at_desk(cast.di)
    url = reverse("inquiry:apart", kwargs={"uid": made.uid, "client": cast.ana.client.uid})
    assert di.get(url).status_code == 404
    assert di.post(url).status_code == 303 and di.post(url).status_code == 303
    assert NotThisClient.objects.count() == 1
    shown = di.get(reverse("inquiry:show", kwargs={"uid": made.uid})).content.decode()
    assert "Maybe the same person" not in shown
    assert di.get(reverse("inquiry:episode", kwargs={"uid": made.uid})).context["likely"] == []


def test_a_stranger_is_like_nobody(cast: Cast) -> None:
    made = asked(name_used="Zoe", legal_name="Zoe Quill", born_on=date(1961, 1, 1))
    assert "Maybe the same person" not in at_desk(cast.di).get(reverse("inquiry:show", kwargs={"uid": made.uid})).content.decode()


def test_two_records_are_compared_and_merged_and_the_old_number_finds_the_person(cast: Cast) -> None:
    other, ivy = second(), at_desk(cast.ivy)
    assert cast.ana.client.number in ivy.get(reverse("front_desk:doubles")).content.decode()
    shown = ivy.get(compare(cast, other)).content.decode()
    assert other.number in shown and "State plan" in shown and "1 Elm Street" in shown
    answer = ivy.post(compare(cast, other), {"keep": str(cast.ana.client.uid), "why": "Same photo ID."})
    assert answer.status_code == 303 and ClientMerge.objects.get().kept == cast.ana.client
    assert "No two records look alike" in ivy.get(reverse("front_desk:doubles")).content.decode()
    assert ivy.get(compare(cast, other)).status_code == 404  # one of them is no record of its own any more
    found = at_desk(cast.ed).post(reverse("clinician:caseload"), {"q": other.number}).content.decode()
    assert cast.ana.person.name_used in found and cast.max.person.name_used not in found
    history = at_desk(cast.ed).get(reverse("clinician:history", kwargs={"uid": cast.ana.episode.uid}))
    assert {act.client_uid for act in history.context["acts"]} == {cast.ana.client.uid, other.uid}


def test_what_is_refused_keeps_what_was_typed(cast: Cast) -> None:
    other, ivy = second(is_open=True), at_desk(cast.ivy)
    for wrong in ({"keep": str(cast.ana.client.uid), "why": "kept words"}, {"keep": "", "why": "kept words"}, {"keep": str(uuid4()), "why": "kept words"}):
        answer = ivy.post(compare(cast, other), wrong)
        assert answer.status_code == 422 and "kept words" in answer.content.decode()
    assert not ClientMerge.objects.exists()
    said = {"keep": str(cast.ana.client.uid), "why": "Same photo ID.", "end_episode": "on"}
    assert ivy.post(compare(cast, other), said).status_code == 303 and ClientMerge.objects.count() == 1


def test_kept_apart_is_not_shown_again(cast: Cast) -> None:
    other, ed = second(), at_desk(cast.ed)
    assert ed.post(compare(cast, other), {"apart": "1"}).status_code == 303
    assert KeptApart.objects.count() == 1 and "No two records" in ed.get(reverse("front_desk:doubles")).content.decode()


@pytest.mark.parametrize("who", ["bo", "cy", "pat", "di", "bea", "ana", "flo", "gus"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    other, browser = second(), at_desk(getattr(cast, who))
    for url in (reverse("front_desk:doubles"), compare(cast, other)):
        assert browser.get(url).status_code == 404 and browser.post(url, {"apart": "1"}).status_code == 404
    if who != "di":
        assert browser.post(reverse("inquiry:apart", kwargs={"uid": asked().uid, "client": other.uid})).status_code == 404


def test_a_request_of_a_merged_record_leads_to_the_one_that_stands(cast: Cast) -> None:
    other = second()
    merge(cast, other)
    from footbridge.ground.episodes.actions import end_episode
    from footbridge.kit.access import SYSTEM

    end_episode(cast.ana.episode, by=SYSTEM, at=LATER, why="test")
    episode = inquiry.take_up(asked(), client=other, by=cast.di.actor(LATER), at=LATER)
    assert episode.client == cast.ana.client


def test_the_list_asks_as_little_for_many_pairs(cast: Cast) -> None:
    ed, url = at_desk(cast.ed), reverse("front_desk:doubles")
    second()

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ed.get(url).status_code == 200
        return len(seen)

    count()
    one = count()
    for name in ("Zoe Quill", "Zoe Quil", "Uma Prince", "Uma Prince"):
        second(name, born_on=date(1961, 1, 1), phone="+13125550188" if name.startswith("Uma") else "")
    assert count() == one
