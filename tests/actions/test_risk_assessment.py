"""The clinician's risk assessment: lists, the screen it follows, the next look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footbridge.care.safety import actions, factors, reads
from footbridge.kit.trail.models import Act
from tests.actions.test_dispositions import screen

pytestmark = pytest.mark.django_db
WORDS = {"level": "high", "mitigation": "Bo calls tonight; Flo keeps the pills."}


def assess(cast, at, **more):
    return actions.assess_risk(cast.ana.client, **{**WORDS, **more}, by=cast.bo.actor(), at=at)


def test_lists_with_their_edition_and_the_screen(cast, at):
    sheet = screen(cast, at, **{"2": "yes", "3": "no", "4": "no", "5": "yes"})
    row = assess(cast, at, factor_codes=["plan", "means"], protective_codes=["reasons"], sheet=sheet, look_again_on=at.date() + timedelta(days=1))
    assert (row.edition, row.sheet) == (factors.edition(), sheet)
    assert row.factors_said == ["A plan with details", "Can reach the means"]
    assert Act.objects.get(verb="risk.assessed").detail == {"level": "high"}
    assert list(reads.suicide_screens(cast.ana.client)) == [sheet]
    assert assess(cast, at, factor_codes=["plan", "means"], protective_codes=["reasons"], sheet=sheet, look_again_on=at.date() + timedelta(days=1)) == row


@pytest.mark.parametrize(
    "more, field",
    [({}, "factors"), ({"factor_codes": ["made_up"]}, "factor_codes"), ({"factors": "Plan", "look_again_on": "past"}, "look_again_on")],
)
def test_refused(cast, at, more, field):
    if more.get("look_again_on"):
        more = {**more, "look_again_on": at.date() - timedelta(days=2)}
    with pytest.raises(actions.CannotAssess) as refusal:
        assess(cast, at, **more)
    assert refusal.value.field == field


def test_not_the_screen_of_somebody_else(cast, at):
    sheet = screen(cast, at)
    with pytest.raises(actions.CannotAssess) as refusal:
        actions.assess_risk(cast.max.client, **WORDS, factors="x", sheet=sheet, by=cast.ed.actor(), at=at)
    assert refusal.value.field == "sheet"


def test_every_code_once_and_every_factor_has_words():
    codes = [code for _group, items in factors.risk() for code, _label in items] + [code for code, _label in factors.protective()]
    assert len(codes) == len(set(codes)) and all(factors.labels().values())
    assert factors.said(["gone_since"]) == ["gone since"]
