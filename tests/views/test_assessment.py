"""The pages of the assessment and of diagnoses."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from footbridge.care.assessment import actions, reads, sections
from footbridge.care.assessment.models import AssessmentSignature, Diagnosis, SectionEntry
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.actions.test_assessment import complete, diagnosed, wrote
from tests.cast import NOW, PASSWORD, Cast, Member


def at_desk(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def page(cast: Cast, name: str = "show", **more: object) -> str:
    return reverse(f"assessment:{name}", kwargs={"uid": cast.ana.episode.uid, **more})


def test_carried_in_then_written_then_read_with_its_versions(cast: Cast) -> None:
    way.screened(cast, strengths="Her choir.")
    bo, url = at_desk(cast.bo), page(cast, "section", section="strengths")
    shown = bo.get(page(cast)).content.decode()
    assert "Her choir." in shown and "Nobody has confirmed it here yet" in shown
    asked = bo.get(url).content.decode()
    assert "Her choir." in asked and "Known from the screen by Ivy" in asked
    answer = bo.post(url, {"based_on": 0, "q_strengths": "Her choir.", "nk_coped": "on"})
    assert answer.status_code == 303 and answer.url == page(cast)
    shown = bo.get(page(cast)).content.decode()
    assert "Signed by Bo Lindqvist, LCSW" in shown and "From the screen by Ivy" in shown and "Not known" in shown
    bo.post(url, {"based_on": 1, "q_strengths": "Two choirs."})
    old = bo.get(page(cast, "versions", section="strengths")).content.decode()
    assert "Version 2" in old and "Her choir." in old and "Two choirs." in old
    assert Act.objects.filter(verb="chart.looked", client_uid=cast.ana.client.uid, by_id=cast.bo.user.pk).exists()


def test_keep_and_go_on_leads_to_the_next_section(cast: Cast) -> None:
    answer = at_desk(cast.ivy).post(page(cast, "section", section="concerns"), {"based_on": 0, "q_why_now": "Lost her job.", "next": "1"})
    assert answer.url == page(cast, "section", section="treatment")


def test_two_clinicians_one_section_the_second_sees_both_and_loses_nothing(cast: Cast) -> None:
    url = page(cast, "section", section="strengths")
    wrote(cast, text="Sings.")  # both open version 1
    at_desk(cast.ivy).post(url, {"based_on": 1, "q_strengths": "Sings and cooks.", "q_coped": "Walks the dog."})
    bo = at_desk(cast.bo)
    answer = bo.post(url, {"based_on": 1, "q_strengths": "Sings in a choir.", "q_coped": ""})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Ivy kept this section" in shown and "Ivy wrote:" in shown
    assert "Sings in a choir." in shown and "Sings and cooks." in shown  # mine stays, theirs beside it
    form = answer.context["form"]
    assert form["q_strengths"].value() == "Sings in a choir." and form["q_coped"].value() == "Walks the dog."  # untouched by me: theirs
    assert str(form["based_on"].value()) == "2" and SectionEntry.objects.count() == 2
    again = bo.post(url, {"based_on": 2, "q_strengths": "Sings in a choir and cooks.", "q_coped": "Walks the dog."})
    assert again.status_code == 303 and reads.newest(cast.ana.episode)["strengths"].number == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"based_on": 0, "q_strengths": "kept words", "nk_strengths": "on"},
        {"based_on": 0, "q_strengths": "kept words", "q_coped": "x" * 9000},
    ],
)
def test_refused_with_422_and_what_was_typed(cast: Cast, wrong: dict) -> None:
    answer = at_desk(cast.bo).post(page(cast, "section", section="strengths"), wrong)
    assert answer.status_code == 422 and "kept words" in answer.content.decode()
    assert not SectionEntry.objects.exists()


def test_nothing_said_is_refused(cast: Cast) -> None:
    assert at_desk(cast.bo).post(page(cast, "section", section="legal"), {"based_on": 0}).status_code == 422


def test_signed_with_the_password_when_complete(cast: Cast) -> None:
    ivy, url = at_desk(cast.ivy), page(cast, "sign")
    assert ivy.get(url).status_code == 404  # nothing written yet
    wrote(cast, "legal", "None.", who="ivy")
    assert "Not complete yet" in ivy.get(url).content.decode()
    seen = {"legal": 1}
    assert ivy.post(url, {"seen": json.dumps(seen), "password": PASSWORD}).status_code == 422
    assert not AssessmentSignature.objects.exists()


def test_signing(cast: Cast) -> None:
    seen, ivy, url = complete(cast), at_desk(cast.ivy), page(cast, "sign")
    assert ivy.post(url, {"seen": json.dumps(seen), "password": "wrong"}).status_code == 422
    shown = ivy.get(url)
    sent = shown.context["form"]["seen"].value()
    answer = ivy.post(url, {"seen": sent if isinstance(sent, str) else json.dumps(sent), "password": PASSWORD})
    assert answer.status_code == 303 and AssessmentSignature.objects.get().entries == seen
    assert "Signatures" in ivy.get(page(cast)).content.decode()
    wrote(cast, text="Plays the violin.", on=1)
    assert "Changed since it was signed" in ivy.get(page(cast)).content.decode()


def test_a_diagnosis_is_searched_recorded_corrected_and_ended(cast: Cast) -> None:
    bo, url = at_desk(cast.bo), page(cast, "diagnoses")
    assert "F43.1" in bo.post(url, {"q": "ptsd"}).content.decode()
    assert "No code like this" in bo.post(url, {"q": "zzzzqq"}).content.decode()
    assert "Add this diagnosis" in bo.post(url, {"choose": "F43.12"}).content.decode()
    assert bo.post(url, {"code": "F43.12", "specifiers": "with delayed expression", "principal": "on"}).status_code == 303
    row = Diagnosis.objects.get()
    assert "with delayed expression" in bo.get(page(cast)).content.decode()
    here = page(cast, "diagnosis", diagnosis=row.uid)
    assert bo.get(here).status_code == 200
    assert bo.post(here, {"deed": "correct", "specifiers": "kept words", "onset_on": "2090-01-01"}).status_code == 422
    assert bo.post(here, {"deed": "correct", "specifiers": "with dissociative symptoms"}).status_code == 303
    newer = reads.current(cast.ana.client).get()
    assert bo.get(here).status_code == 303  # the older one leads back to the list
    here = page(cast, "diagnosis", diagnosis=newer.uid)
    assert bo.post(here, {"deed": "end", "how": "resolved", "ended_on": "2090-01-01"}).status_code == 422
    second = diagnosed(cast, "F33.1")
    assert bo.post(page(cast, "diagnosis", diagnosis=second.uid), {"deed": "principal"}).status_code == 303
    assert bo.post(here, {"deed": "end", "how": "resolved", "ended_on": "2026-11-02", "note": "kept"}).status_code == 303
    assert "Resolved" in bo.get(url).content.decode()


def test_a_code_that_is_none_is_refused(cast: Cast) -> None:
    answer = at_desk(cast.bo).post(page(cast, "diagnoses"), {"code": "Q99.999", "specifiers": "kept words"})
    assert answer.status_code == 422 and not Diagnosis.objects.exists()


@pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "flo", "gus", "max"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    row = diagnosed(cast)
    complete(cast)
    browser = at_desk(getattr(cast, who))
    for url in (
        page(cast),
        page(cast, "sign"),
        page(cast, "diagnoses"),
        page(cast, "diagnosis", diagnosis=row.uid),
        page(cast, "section", section="strengths"),
        page(cast, "versions", section="strengths"),
    ):
        assert browser.get(url).status_code == 404 and browser.post(url, {"based_on": 0}).status_code == 404


def test_a_section_or_diagnosis_that_is_not_there_is_not_found(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    assert bo.get(page(cast, "section", section="nonsense")).status_code == 404
    assert bo.get(page(cast, "diagnosis", diagnosis=uuid4())).status_code == 404


def test_somebody_is_hurting_the_person_leads_the_page(cast: Cast) -> None:
    actions.write(cast.ana.episode, "trauma", {"still_hurting": {"value": "yes"}}, based_on=0, by=cast.bo.actor(), at=NOW)
    assert "Somebody is hurting" in at_desk(cast.bo).get(page(cast)).content.decode()


def test_the_page_asks_as_little_for_many_sections_versions_and_diagnoses(cast: Cast) -> None:
    bo = at_desk(cast.bo)
    wrote(cast)
    diagnosed(cast)
    bo.get(page(cast))

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert bo.get(page(cast)).status_code == 200
        return len(seen)

    one = asked()
    for number, section in enumerate(sections.sections()):
        wrote(cast, section.code, f"Words {number}.", on=1 if section.code == "strengths" else 0) if section.questions[0].kind in ("long", "line") else None
    for code in ("F41.1", "F43.10", "Z59.00"):
        diagnosed(cast, code)
    assert asked() == one
