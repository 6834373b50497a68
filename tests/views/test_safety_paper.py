"""The safety plan on paper: a card for the wallet and large print, for the clinician and for the client."""

from __future__ import annotations

import pytest
from django.utils import timezone

from footbridge.care.safety import actions
from tests.views.test_safety import at_desk, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    lines = [(1, "I stop eating", ""), (4, "Flo, my sister who lives on the other side of the river", "312 555 0100"), (4, "Lou", ""), (4, "A third one", "")]
    return actions.write_safety_plan(cast.ana.client, lines, by=cast.bo.actor(), at=timezone.now())


def test_the_card_cuts_words_and_never_numbers(cast, plan):
    for browser, address in ((at_desk(cast.bo), url("plan_card", cast.ana.episode)), (at_desk(cast.ana), "/me/safety-plan/card/")):
        text = browser.get(address).content.decode()
        assert "312 555 0100" in text and "988" in text and "other side of the river" not in text and "A third one" not in text


def test_large_print_has_every_line(cast, plan):
    for browser, address in ((at_desk(cast.bo), url("plan_large", cast.ana.episode)), (at_desk(cast.ana), "/me/safety-plan/large-print/")):
        text = browser.get(address).content.decode()
        assert "other side of the river" in text and "A third one" in text and "large-print" in text


@pytest.mark.parametrize("who", ["cy", "di", "gus", "flo", "max"])
def test_strangers(cast, plan, who):
    for name in ("plan_card", "plan_large"):
        assert at_desk(getattr(cast, who)).get(url(name, cast.ana.episode)).status_code == 404
    assert "Flo, my sister" not in at_desk(getattr(cast, who)).get("/me/safety-plan/large-print/").content.decode()
