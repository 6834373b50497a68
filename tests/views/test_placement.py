"""The page of placement: rate, decide, admit."""

from __future__ import annotations

import html
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from footbridge.care.placement import advice
from footbridge.care.placement.models import Admission, Assessment, Decision, RulesSignature
from footbridge.ground.people import actions as people
from footbridge.kit.access import SYSTEM
from tests.actions import way
from tests.cast import PASSWORD, Cast

from .test_screening import at_desk


def page(cast: Cast) -> str:
    return reverse("placement:show", kwargs={"uid": cast.ana.episode.uid})


def ratings(**changed: str) -> dict[str, str]:
    said = {f"rate-rating_{name}": str(value) for name, (value, _why) in way.RATINGS.items()}
    said |= {f"rate-reason_{name}": why for name, (_value, why) in way.RATINGS.items()}
    return {"rate-deed": "assess", **said, **changed}


def decision(**changed: str) -> dict[str, str]:
    return {
        "decide-deed": "decide",
        "decide-indicated": "iop",
        "decide-actual": "iop",
        "decide-difference": "none",
        "decide-reasons": "Fits.",
        **changed,
    }


def test_from_facts_to_a_place(cast: Cast) -> None:
    way.screened(cast)
    way.suicide_screen(cast.ana.client, way.NO_RISK)
    way.consented(cast)
    track = way.track()
    ivy = at_desk(cast.ivy)
    assert ivy.get(page(cast)).status_code == 200
    assert ivy.post(page(cast), ratings()).status_code == 303
    shown = ivy.get(page(cast)).content.decode()
    assert "Intensive outpatient" in shown and "What would change it" in shown
    assert ivy.post(page(cast), decision()).status_code == 303
    posted = {
        "admit-deed": "admit",
        "admit-track": track.pk,
        "admit-starts_on": timezone.now().date().isoformat(),
        "admit-primary": cast.bo.staff.pk,
        "admit-prescriber": cast.pat.staff.pk,
    }
    assert ivy.post(page(cast), posted).status_code == 303
    shown = ivy.get(page(cast)).content.decode()
    assert "Admitted" in shown and "Morning" in shown and "Pat" in shown
    assert Admission.objects.get().track == track


def test_a_rating_without_a_reason_is_422(cast: Cast) -> None:
    answer = at_desk(cast.ivy).post(page(cast), ratings(**{"rate-reason_mental": ""}))
    assert answer.status_code == 422 and "write why you rate it so" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_a_difference_without_a_reason_is_422(cast: Cast) -> None:
    way.assessed(cast)
    answer = at_desk(cast.ivy).post(page(cast), decision(**{"decide-indicated": "php"}))
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert not Decision.objects.exists()


def test_assess_now_is_said_and_no_level_is(cast: Cast) -> None:
    way.screened(cast)
    ivy = at_desk(cast.ivy)
    ivy.post(page(cast), ratings())
    shown = ivy.get(page(cast)).content.decode()
    assert "Assess now" in shown and "Suicide screen (C-SSRS)" in shown
    answer = ivy.post(page(cast), decision())
    assert answer.status_code == 422 and "Safety is not known yet" in answer.content.decode()


def test_a_full_track_is_not_offered(cast: Cast) -> None:
    way.decided(cast)
    way.track(0)
    assert "No track of this level has a place" in at_desk(cast.ivy).get(page(cast)).content.decode()


def test_a_minor_is_offered_no_place_among_adults(cast: Cast, at) -> None:
    way.decided(cast)
    track = way.track()
    people.correct_person(cast.ana.person, born_on=date(2011, 3, 3), why="as on the school ID", by=SYSTEM, at=at)
    shown = at_desk(cast.ivy).get(page(cast)).content.decode()
    assert "No track of this level has a place" in shown and track.name not in shown


def test_what_the_person_would_like_is_kept_and_answered(cast: Cast) -> None:
    way.assessed(cast)
    ivy = at_desk(cast.ivy)
    assert ivy.post(page(cast), ratings(**{"rate-wish": "php"})).status_code == 303
    shown = ivy.get(page(cast)).content.decode()
    assert "The person would like Partial hospitalization; Intensive outpatient would meet the need." in shown
    assert ivy.post(page(cast), ratings(**{"rate-wish": "spa"})).status_code == 422


def test_what_would_change_it_stands_in_one_line_for_each_level(cast: Cast) -> None:
    way.assessed(cast)
    shown = html.unescape(at_desk(cast.ivy).get(page(cast)).content.decode())
    assert shown.count("<li>Crisis care, if ") == 1
    assert "Crisis care, if “Suicide screen (C-SSRS)” became “high” or “Can keep themselves safe between visits” became “No”." in shown


def test_a_level_that_does_not_wait_is_said_at_the_top(cast: Cast) -> None:
    way.assessed(cast)
    ivy = at_desk(cast.ivy)
    assert ivy.post(page(cast), ratings(**{"rate-rating_mental": "4"})).status_code == 303
    assert "Somebody must be with this person first" in ivy.get(page(cast)).content.decode()
    refused = ivy.post(page(cast), decision(**{"decide-difference": "preference"}))
    assert refused.status_code == 422 and "open alarm" in refused.content.decode()
    sent = decision(**{"decide-indicated": "inpatient", "decide-actual": "inpatient"})
    assert ivy.post(page(cast), sent).status_code == 303


def test_therapist_and_prescriber_read_without_forms(cast: Cast) -> None:
    way.decided(cast)
    for who in (cast.bo, cast.pat):
        shown = at_desk(who).get(page(cast)).content.decode()
        assert "Indicated" in shown and "Keep the decision" not in shown
        assert at_desk(who).post(page(cast), decision(**{"decide-reasons": "Mine."})).status_code == 200
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "flo", "gus", "max"])
def test_others_find_nothing(cast: Cast, who: str) -> None:
    browser = at_desk(getattr(cast, who))
    assert browser.get(page(cast)).status_code == 404
    assert browser.post(page(cast), ratings()).status_code == 404


def test_after_admission_nothing_is_admitted_again(cast: Cast) -> None:
    admission = way.admitted(cast)
    assert admission.starts_on == date(2026, 11, 4)
    assert "Admit to a track" not in at_desk(cast.ivy).get(page(cast)).content.decode()


def test_the_rules_are_read_by_clinicians_and_signed_by_a_lead_with_the_password(cast: Cast) -> None:
    url = reverse("placement:rules")
    ed = at_desk(cast.ed)
    shown = ed.get(url).content.decode()
    assert "No clinical lead has signed" in shown and "AABH 2021" in shown and "Medicare, intensive outpatient" in shown
    refused = ed.post(url, {"digest": advice.digest(), "note": "Read.", "password": "wrong"})
    assert refused.status_code == 422 and "Read." in refused.content.decode() and not RulesSignature.objects.exists()
    stale = ed.post(url, {"digest": "0" * 64, "password": PASSWORD})
    assert stale.status_code == 422 and "have changed" in stale.content.decode()
    assert ed.post(url, {"digest": advice.digest(), "password": PASSWORD}).status_code == 303
    assert "Signed for this program" in ed.get(url).content.decode()
    bo = at_desk(cast.bo)
    assert "Sign these rules" not in bo.get(url).content.decode()
    assert bo.post(url, {"digest": advice.digest(), "password": PASSWORD}).status_code == 200
    assert RulesSignature.objects.count() == 1
    for stranger in (cast.di, cast.bea):
        assert at_desk(stranger).get(url).status_code == 404
