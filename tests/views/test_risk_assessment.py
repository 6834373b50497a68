"""The form of a risk assessment, and the director's evidence for NPSG.15.01.01."""

from __future__ import annotations

import csv
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from footbridge.care.safety.models import RiskAssessment
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.actions.test_dispositions import record, screen
from tests.views.test_safety import at_desk, url

pytestmark = pytest.mark.django_db


def test_factors_are_chosen_and_shown(cast):
    sheet = screen(cast, timezone.now(), **{"2": "yes", "3": "no", "4": "no", "5": "yes"})
    bo = at_desk(cast.bo)
    assert "Thoughts and plans" in bo.get(url("assess", cast.ana.episode)).content.decode()
    words = {"level": "high", "factor_codes": ["plan", "alone"], "protective_codes": ["reasons"], "sheet": sheet.pk, "mitigation": ""}
    refused = bo.post(url("assess", cast.ana.episode), words)
    assert refused.status_code == 422 and refused.content.decode().count("checked") >= 4
    bo.post(url("assess", cast.ana.episode), {**words, "mitigation": "Hospital today"})
    assert RiskAssessment.objects.get().factor_codes == ["plan", "alone"]
    shown = bo.get(url("show", cast.ana.episode)).content.decode()
    assert "A plan with details; Lives alone" in shown and "Follows the screen of" in shown


@pytest.fixture
def admitted(cast):
    return way.admitted(cast)


def page(cast):
    return at_desk(cast.ed).get(reverse("director:suicide_goal")).content.decode()


def test_gaps_until_all_is_written_down(cast, admitted):
    at = timezone.now() - timedelta(hours=2)
    screen(cast, at, **{"2": "yes", "3": "no", "4": "no", "5": "yes"})
    text = page(cast)
    assert "EP 3: not assessed" in text and "EP 4: no disposition" in text
    bo = at_desk(cast.bo)
    bo.post(url("assess", cast.ana.episode), {"level": "high", "factors": "A plan", "mitigation": "Hospital today"})
    record(cast, timezone.now())
    text = page(cast)
    assert "EP 3: not assessed" not in text and "EP 4: no disposition" not in text
    assert "EP 4: no safety plan at this level" in text
    bo.post(url("write_plan", cast.ana.episode), {"step_1": "I stop eating"})
    assert "EP 4" not in page(cast).replace("EP 4: level and mitigation", "")


def test_a_file_names_people_and_so_it_is_a_look(cast, admitted):
    answer = at_desk(cast.ed).get(reverse("director:suicide_goal_csv"))
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert [row["name"] for row in rows] == ["Ana"] and rows[0]["gaps"]
    assert Act.objects.filter(verb="chart.looked", detail__what="evidence file", client_uid=cast.ana.client.uid).exists()


@pytest.mark.parametrize("who", ["bo", "di", "ivy", "ana", "bea"])
def test_the_director_only(cast, who):
    for name in ("suicide_goal", "suicide_goal_csv"):
        assert at_desk(getattr(cast, who)).get(reverse(f"director:{name}")).status_code == 404
