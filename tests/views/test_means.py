"""The pages for means and naloxone, and what the day asks again."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from footbridge.care.safety.means.models import MeansCounselling, NaloxoneOffer
from tests.views.test_safety import at_desk, url

pytestmark = pytest.mark.django_db


def test_means_from_the_form_to_the_day(cast):
    bo, page = at_desk(cast.bo), url("means", cast.ana.episode)
    words = {"form_key": str(uuid4()), "firearms": "yes", "medication": "no", "other": "no", "details": "A pistol in the closet"}
    refused = bo.post(page, words)
    assert refused.status_code == 422 and "A pistol in the closet" in refused.content.decode()
    words |= {"storage_plan": "With her brother, locked", "follow_up_on": timezone.now().date().isoformat()}
    shown = bo.post(page, words, follow=True).content.decode()
    assert "With her brother" in shown and MeansCounselling.objects.count() == 1
    assert "A pistol" in bo.get(page).content.decode()  # the next talk begins with the last
    assert "Ask again about means" in bo.get("/day/").content.decode()


def test_naloxone(cast):
    bo, page = at_desk(cast.bo), url("naloxone", cast.ana.episode)
    refused = bo.post(page, {"form_key": str(uuid4()), "answer": "given", "shown_how": "yes", "note": "Two boxes"})
    assert refused.status_code == 422 and "Two boxes" in refused.content.decode()
    assert bo.post(page, {"form_key": str(uuid4()), "answer": "declined"}).status_code == 422  # whether shown is asked, not guessed
    shown = bo.post(page, {"form_key": str(uuid4()), "answer": "declined", "shown_how": "no"}, follow=True).content.decode()
    assert NaloxoneOffer.objects.get().shown_how is False and "Declined" in shown


@pytest.mark.parametrize("who", ["cy", "di", "bea", "gus", "flo", "ana", "max"])
def test_strangers(cast, who):
    for name in ("means", "naloxone"):
        browser = at_desk(getattr(cast, who))
        assert browser.get(url(name, cast.ana.episode)).status_code == 404
        assert browser.post(url(name, cast.ana.episode), {}).status_code == 404
