"""Finding a person or a page from anywhere: only one's own pages, only people whose records one may open, never by an address."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast

from .test_desks import more_clients
from .test_screening import at_desk

pytestmark = pytest.mark.django_db
FIND = "/find/"


def found(browser: Browser, words: str) -> str:
    page = browser.post(FIND, {"q": words, "part": "1"})
    assert page.status_code == 200
    return page.content.decode()


def test_a_therapist_finds_their_own_people_by_name_legal_name_and_record_number(cast: Cast) -> None:
    bo, chart = at_desk(cast.bo), reverse("clinician:chart", kwargs={"uid": cast.ana.episode.uid})
    for words in ("an", "ANA", cast.ana.person.legal_name, cast.ana.client.number):
        assert chart in found(bo, words), words


def test_nobody_finds_a_person_whose_records_they_may_not_open(cast: Cast) -> None:
    assert str(cast.max.episode.uid) not in found(at_desk(cast.bo), "max")
    assert str(cast.max.episode.uid) not in found(at_desk(cast.bo), cast.max.client.number)
    biller = found(at_desk(cast.bea), "ana")
    assert str(cast.ana.episode.uid) not in biller and cast.ana.client.number not in biller


def test_each_is_led_to_the_first_page_about_the_person_that_they_may_open(cast: Cast) -> None:
    for who, name in (("di", "front_desk:papers"), ("ivy", "clinician:chart"), ("ed", "clinician:chart")):
        browser = at_desk(getattr(cast, who))
        link = reverse(name, kwargs={"uid": cast.ana.episode.uid})
        assert link in found(browser, "ana"), who
        assert browser.get(link).status_code == 200


def test_pages_are_those_of_ones_own_menu(cast: Cast) -> None:
    assert reverse("biller:days") in found(at_desk(cast.bea), "days")
    assert reverse("biller:days") not in found(at_desk(cast.bo), "days")


def test_a_name_in_the_address_is_not_even_read(cast: Cast) -> None:
    """Addresses stay in histories and logs: a name is only ever posted."""
    assert str(cast.ana.episode.uid) not in at_desk(cast.bo).get(FIND, {"q": "ana"}).content.decode()


@pytest.mark.parametrize("who", ["ana", "flo", "gus"])
def test_for_those_who_are_not_staff_there_is_no_such_page(cast: Cast, who: str) -> None:
    browser = at_desk(getattr(cast, who))
    assert [browser.get(FIND).status_code, browser.post(FIND, {"q": "ana"}).status_code, browser.get("/keys/").status_code] == [404] * 3


@pytest.mark.parametrize("words", ["", " ", "a", "%", "\0ana", "x" * 5000, "' OR 1=1 --", "ñandú"])
def test_any_words_are_an_answer(cast: Cast, words: str) -> None:
    found(at_desk(cast.bo), words)


def test_as_many_questions_for_one_person_as_for_five(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    found(bo, "a")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            found(bo, "extra")
        return len(seen)

    more_clients(cast, 1)
    one = asked()
    more_clients(cast, 4)
    assert asked() == one


def test_single_letters_can_be_turned_off_on_a_device(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    assert 'data-keys="off"' not in bo.get("/keys/").content.decode()
    bo.post(reverse("look"), {"keys": "off", "next": "/keys/"})
    page = bo.get("/keys/").content.decode()
    assert 'data-keys="off"' in page and "Turn single letters on" in page
