"""The director's page about the course: by what it is judged, a model made anew, and what is said when that cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from footbridge.care.measures.models import GrowthFit
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.program.models import Program
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests.actions.way import track

PAGE = "/outcomes/course/"


@pytest.fixture
def loaded(cast):
    instruments.load_definitions(by=SYSTEM, at=timezone.now())
    track(at=timezone.now())
    return cast


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def fitted(code: str = "phq9", *, days_ago: int = 3, **given) -> GrowthFit:
    program = Program.objects.get(admits=True)
    edition = shelf.current(code)
    at = timezone.now() - timedelta(days=days_ago)
    good = {
        "converged": True,
        "coefficients": {"intercept": 1.6, "first_score": 0.8, "ln_week": -4.0},
        "covariance": [[0.1, 0, 0], [0, 0.001, 0], [0, 0, 0.01]],
        "scatter": [[4.0, 0.0], [0.0, 1.0]],
        "residual": 5.0,
    }
    with trail.act("growth.fitted", by=SYSTEM, at=at, about=program):
        return GrowthFit.objects.create(
            program=program, instrument=edition, score="total", episodes=240, readings=1500, starts_from=at.date(),
            starts_until=at.date(), fitted_at=at, **{**good, **given},
        )  # fmt: skip


def failed(days_ago: int = 1) -> GrowthFit:
    nothing = dict.fromkeys(("coefficients", "covariance", "scatter", "residual"))
    return fitted(days_ago=days_ago, converged=False, trouble="not_converged", **nothing)


def test_without_a_model_the_fixed_rules_are_said_with_their_mark(loaded):
    page = at_desk(loaded.ed).get(PAGE)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Judged by fixed rules." in text and "needs 200 people" in text and "0 have started" in text
    assert "from week 3 on, that are less than 20 % better" in text and "not checked in a source yet (K)" in text
    assert "Make the model anew" not in text


def test_the_model_in_force_with_its_n_and_what_it_expects(loaded):
    fitted()
    text = at_desk(loaded.ed).get(PAGE).content.decode()
    assert "240 episodes, 1500 readings" in text
    assert "Expected from a first score of 20" in text
    assert "17.6" in text  # 1.6 + 0.8 * 20 in week 1


def test_a_fit_that_failed_is_said_and_the_former_model_shown(loaded):
    fitted()
    failed()
    text = at_desk(loaded.ed).get(PAGE).content.decode()
    assert "The calculation did not settle." in text and "The former one stays in use." in text
    assert "own model: 240 episodes" in text


def test_asking_with_too_few_people_says_how_many_there_are(loaded):
    ed = at_desk(loaded.ed)
    address = reverse("course:fit", args=[Program.objects.get(admits=True).uid])
    said = ed.post(address, follow=True)
    assert said.redirect_chain == [(PAGE, 303)]
    assert "A model needs 200 episodes with a first score and two later ones. There are 0." in said.content.decode()
    assert ed.get(address).status_code == 405


def test_strangers_learn_nothing(loaded):
    address = reverse("course:fit", args=[Program.objects.get(admits=True).uid])
    for who in (loaded.bo, loaded.di, loaded.ana, loaded.gus):
        assert at_desk(who).get(PAGE).status_code == 404
        assert at_desk(who).post(address).status_code == 404


def test_the_page_asks_as_often_for_one_measure_as_for_three(loaded, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ed = at_desk(loaded.ed)
    fitted()
    ed.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        ed.get(PAGE)
    fitted("gad7")
    fitted("pcl5")
    with CaptureQueriesContext(connection) as three:
        ed.get(PAGE)
    assert len(three) == len(one)
