"""Level of care: outside scores in their range, ratings that rest on evidence, differences with reasons, and the stay at each review."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from footbridge.care.placement import actions, evidence, reads
from footbridge.care.placement.models import OutsideResult
from footbridge.care.reviews import stay
from footbridge.data import parsed
from footbridge.kit.access import NotYours
from tests.actions import way
from tests.cast import NOW, Cast
from tests.views.test_front_desk import signed_in, text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


def record(cast: Cast, **more: object) -> OutsideResult:
    given = {"criteria": "locus", "version": "20", "score": 18, "reviewer": "Ivy", "on": TODAY, **more}
    return actions.record_outside(cast.ana.episode, **given, by=cast.ivy.actor(), at=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("score", [7, 18, 35])
def test_a_locus_score_lies_between_7_and_35(cast: Cast, score: int) -> None:
    assert record(cast, score=score).score == score
    assert record(cast, score=score).pk == OutsideResult.objects.get().pk


@pytest.mark.parametrize(
    ("more", "field"),
    [({"score": 6}, "score"), ({"score": 36}, "score"), ({"criteria": "mcg"}, "score"), ({"criteria": "x"}, "criteria"), ({"score": None}, "score"), ({"on": date(2027, 1, 1)}, "on")],
)
def test_what_cannot_be_is_refused_and_named(cast: Cast, more: dict[str, object], field: str) -> None:
    with pytest.raises(actions.CannotRecord) as refused:
        record(cast, **more)
    assert refused.value.field == field
    assert not OutsideResult.objects.exists()


def test_criteria_without_a_score_are_met_or_not(cast: Cast) -> None:
    assert record(cast, criteria="interqual", score=None, met="yes").met == "yes"
    with pytest.raises(NotYours):
        actions.record_outside(cast.ana.episode, criteria="locus", version="20", score=18, reviewer="x", on=TODAY, by=cast.di.actor(), at=NOW)


def test_ratings_rest_on_answers_and_keep_what_they_said_then(cast: Cast) -> None:
    way.screened(cast)
    way.suicide_screen(cast.ana.client, way.NO_RISK)
    offered = {one.code for one in evidence.of(cast.ana.episode)["medical"]}
    assert {"fact:medically_stable", "fact:self_care"} <= offered
    made = actions.assess(
        cast.ana.episode, way.RATINGS, criteria="asam3", rests_on={"medical": ["fact:self_care", "fact:made_up"]}, by=cast.ivy.actor(), at=NOW
    )
    row = made.ratings.get(dimension="medical")
    assert [one["code"] for one in row.evidence] == ["fact:self_care"]
    assert "skips meals" in row.evidence[0]["says"]
    html = signed_in(cast.ivy).get(reverse("placement:show", kwargs={"uid": cast.ana.episode.uid})).content.decode()
    assert "2. Biomedical conditions and complications" in html
    assert reverse("screening:show", kwargs={"uid": cast.ana.episode.uid}) in html
    with pytest.raises(actions.CannotAssess):
        actions.assess(cast.ana.episode, way.RATINGS, criteria="asam9", by=cast.ivy.actor(), at=NOW)


def test_each_difference_has_its_reason(cast: Cast) -> None:
    assessment = way.assessed(cast)
    words = {"indicated": "iop", "actual": "iop", "reasons": "Fits.", "by": cast.ivy.actor(), "at": NOW}
    with pytest.raises(actions.CannotDecide) as refused:
        actions.decide(cast.ana.episode, assessment, authorised="outpatient", **words)
    assert refused.value.field == "authorised_because"
    with pytest.raises(actions.CannotDecide) as refused:
        actions.decide(cast.ana.episode, assessment, **{**words, "indicated": "inpatient", "actual": "inpatient", "variant": "video"})
    assert refused.value.field == "variant"
    made = actions.decide(cast.ana.episode, assessment, authorised="outpatient", authorised_because="Says weekly is enough", variant="video", **words)
    assert (made.authorised_because, made.variant) == ("Says weekly is enough", "video")


def test_names_of_every_edition_are_those_of_our_dimensions() -> None:
    ours = set(parsed("levels")["dimensions"])
    for code, edition in parsed("continuum")["editions"].items():
        assert set(edition.get("names", ours)) == ours, code
    assert reads.dimension_name("readiness", "asam4").endswith("6. Person-centered considerations")


def test_the_stay_uses_the_same_engine_and_hears_the_objectives(cast: Cast) -> None:
    assert stay.ask(cast.ana.episode, NOW) is None
    way.decided(cast)
    found = {states: stay.ask(cast.ana.episode, NOW, states.split()) for states in ("", "better better", "same same", "met met")}
    assert found["better better"].verdict == "continue"
    assert found["same same"].verdict == "change"
    assert "progressing" in found[""].missing
    assert stay.in_words(found["better better"]) == ["There is progress, and goals are still open."]


def test_the_pages(cast: Cast) -> None:
    ivy, ed = signed_in(cast.ivy), signed_in(cast.ed)
    there = reverse("placement:outside", kwargs={"uid": cast.ana.episode.uid})
    given = {"criteria": "locus", "version": "20", "reviewer": "Ivy", "on": "2026-11-01"}
    refused = ivy.post(there, {**given, "score": "40"})
    assert refused.status_code == 422
    assert "lies between 7 and 35" in text(refused)
    assert ivy.post(there, {**given, "score": "18"}).status_code == 303
    assert "score 18" in text(ivy.get(reverse("placement:show", kwargs={"uid": cast.ana.episode.uid})))
    page = reverse("placement:licences")
    assert ed.post(page, {"criteria": "locus", "version": "20", "holder": "Riverside", "where": "Shelf 3"}).status_code == 303
    assert "Shelf 3" in text(ed.get(page))
    assert "Shelf 3" in text(ivy.get(there))
    assert ivy.get(page).status_code == 404
    rules = text(ed.get(reverse("placement:rules")))
    assert "$200–300 a session" in rules
    assert "Step-down" in rules
