"""The checklist of consents: what must be signed before which step, by program and day; the gate says what is missing and where."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from footbridge.care.placement import actions as placement
from footbridge.care.screening import actions as screening
from footbridge.ground.consent import actions as consents
from footbridge.ground.consent import gates
from footbridge.ground.consent.models import Consent, ConsentGate
from footbridge.ground.program.models import Track
from footbridge.kit.access import NotYours
from tests.actions import way
from tests.cast import NOW, Cast
from tests.views.test_front_desk import signed_in, text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


def switch(cast: Cast, track: Track, code: str, is_on: bool, from_on: date = TODAY) -> ConsentGate | None:
    return gates.switch(track.program, code, is_on=is_on, from_on=from_on, by=cast.ed.actor(), at=NOW, today=TODAY)


def admit(cast: Cast, track: Track) -> object:
    decision = cast.ana.episode.placement_decisions.first() or way.decided(cast)  # type: ignore[union-attr]
    return placement.admit(cast.ana.episode, decision, track=track, starts_on=date(2026, 11, 4), primary=cast.bo.staff, by=cast.ivy.actor(), at=NOW)


def test_nobody_is_admitted_before_treatment_is_agreed_to(cast: Cast) -> None:
    track = way.track()
    with pytest.raises(placement.CannotAdmit, match=r"Not signed yet: Treatment in this program\. Take it on the page Papers"):
        admit(cast, track)
    way.consented(cast, "treatment")
    assert admit(cast, track)


def test_a_consent_taken_back_no_longer_opens_the_gate(cast: Cast) -> None:
    track = way.track()
    way.consented(cast)
    consents.revoke(Consent.objects.get(kind="treatment"), by=cast.di.actor(), at=NOW)
    with pytest.raises(placement.CannotAdmit, match="Treatment"):
        admit(cast, track)


def test_video_asks_for_its_own_consent_and_in_person_does_not(cast: Cast) -> None:
    track = way.track()
    assert [one.kind for one in gates.missing(cast.ana.client, "admission", TODAY, program=track.program, by_video=True)] == ["treatment", "telehealth"]
    assert [one.kind for one in gates.missing(cast.ana.client, "admission", TODAY, program=track.program)] == ["treatment"]


def test_a_program_switches_a_gate_from_a_day_on(cast: Cast) -> None:
    track = way.track()
    later = TODAY + timedelta(days=7)
    assert switch(cast, track, "admission_tpo", True, later)
    assert switch(cast, track, "admission_tpo", True, later) is None
    held = {one.code: one for one in gates.gates(track.program, TODAY)}
    assert (held["admission_tpo"].on, held["admission_tpo"].since) == (False, None)
    held = {one.code: one for one in gates.gates(track.program, later)}
    assert (held["admission_tpo"].on, held["admission_tpo"].since) == (True, later)
    assert not gates.gates(None, later)[-1].on


def test_a_switched_off_gate_lets_through_and_a_switched_on_one_holds_the_screen(cast: Cast) -> None:
    track = way.track()
    switch(cast, track, "admission_treatment", False)
    assert admit(cast, track)
    switch(cast, track, "screening_treatment", True)
    with pytest.raises(screening.CannotScreen, match="Not signed yet: Treatment"):
        way.screened(cast, at=NOW + timedelta(days=1))


def test_refusals(cast: Cast) -> None:
    track = way.track()
    with pytest.raises(gates.CannotSwitch):
        switch(cast, track, "no_such", True)
    with pytest.raises(gates.CannotSwitch) as refused:
        switch(cast, track, "admission_tpo", True, TODAY - timedelta(days=1))
    assert refused.value.field == "from_on"
    with pytest.raises(NotYours):
        gates.switch(track.program, "admission_tpo", is_on=True, from_on=TODAY, by=cast.ivy.actor(), at=NOW, today=TODAY)


def test_the_pages_say_what_is_missing_and_where_to_sign(cast: Cast) -> None:
    way.decided(cast)
    track = way.track()
    of = {"uid": cast.ana.episode.uid}
    take = reverse("front_desk:consents", kwargs=of) + "?kind=treatment"
    for who, page in ((cast.di, "front_desk:papers"), (cast.ivy, "placement:show")):
        html = signed_in(who).get(reverse(page, kwargs=of)).content.decode()
        assert take in html
        assert "Not signed yet" in html
    assert re.search(r'value="treatment"[^>]* checked', signed_in(cast.di).get(take).content.decode())
    ed = signed_in(cast.ed)
    page = reverse("director:gates")
    assert "Before somebody is admitted" in text(ed.get(page))
    given = {"program": track.program.code, "code": "admission_tpo", "is_on": "yes", "from_on": "2001-01-01"}
    assert ed.post(page, given).status_code == 422
    assert ed.post(page, {**given, "from_on": "2099-01-05"}).status_code == 303
    assert ConsentGate.objects.get().is_on
    assert signed_in(cast.ivy).get(page).status_code == 404
