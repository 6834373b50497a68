"""Talks about means (SAF-16) and naloxone (SAF-15)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from footbridge.care.safety.means import actions, reads
from footbridge.care.safety.means.models import NaloxoneOffer
from footbridge.kit.access import NotYours
from footbridge.kit.trail.models import Act

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def counsel(cast, at, by=None, **more):
    said = {
        "firearms": "yes", "medication": "no", "other": "not_known", "storage_plan": "With her brother, locked", "holder": "Lou, 312 555 0100",
        "follow_up_on": at.date() + 2 * DAY, "form_key": uuid4(), **more,
    }  # fmt: skip
    return actions.counsel(cast.ana.client, **said, by=(by or cast.bo).actor(), at=at)


def offer(cast, at, by=None, **more):
    said = {"answer": "given", "shown_how": True, "expires_on": at.date() + 400 * DAY, "form_key": uuid4(), **more}
    return actions.offer_naloxone(cast.ana.client, **said, by=(by or cast.bo).actor(), at=at)


class TestMeans:
    def test_versions_and_act(self, cast, at):
        key = uuid4()
        first = counsel(cast, at, form_key=key)
        assert counsel(cast, at, form_key=key) == first
        second = counsel(cast, at + DAY, firearms="no", storage_plan="", follow_up_on=None)
        assert (first.version, second.version) == (1, 2)
        assert reads.talks(cast.ana.client) == [second, first]
        assert Act.objects.filter(verb="means.counselled", client_uid=cast.ana.client.uid).count() == 3

    @pytest.mark.parametrize("field, value", [("firearms", "maybe"), ("storage_plan", " "), ("follow_up_on", None), ("follow_up_on", "past")])
    def test_refused(self, cast, at, field, value):
        with pytest.raises(actions.CannotCounsel) as refusal:
            counsel(cast, at, **{field: at.date() - 3 * DAY if value == "past" else value})
        assert refusal.value.field == field

    @pytest.mark.parametrize("who", ["cy", "di", "bea", "ana", "flo"])
    def test_not_by_others(self, cast, at, who):
        with pytest.raises(NotYours):
            counsel(cast, at, by=getattr(cast, who))
        with pytest.raises(NotYours):
            offer(cast, at, by=getattr(cast, who))


class TestNaloxone:
    def test_row_and_act(self, cast, at):
        key = uuid4()
        row = offer(cast, at, form_key=key)
        assert offer(cast, at, form_key=key) == row and NaloxoneOffer.objects.count() == 1
        assert Act.objects.filter(verb="naloxone.offered", detail__answer="given").exists()
        assert offer(cast, at, answer="declined", expires_on=None, shown_how=False).version == 2

    @pytest.mark.parametrize(
        "more, field",
        [
            ({"answer": "later"}, "answer"),
            ({"expires_on": None}, "expires_on"),
            ({"answer": "declined"}, "expires_on"),
            ({"answer": "offered", "expires_on": None}, "follow_up_on"),
        ],
    )
    def test_refused(self, cast, at, more, field):
        with pytest.raises(actions.CannotCounsel) as refusal:
            offer(cast, at, **more)
        assert refusal.value.field == field

    def test_a_kit_that_has_run_out(self, cast, at):
        with pytest.raises(actions.CannotCounsel, match="run out"):
            offer(cast, at, expires_on=at.date() - DAY)


class TestDue:
    def test_only_what_the_newest_version_asks(self, cast, at):
        counsel(cast, at)
        offer(cast, at, expires_on=at.date() + 20 * DAY)
        found = reads.due(cast.bo.actor(), at.date() + 3 * DAY)
        assert [(one.what, one.is_late) for one in found] == [("Ask again about means", True), ("Naloxone kit runs out", False)]
        assert reads.due(cast.cy.actor(), at.date() + 3 * DAY) == []
        counsel(cast, at + DAY, firearms="no", storage_plan="", follow_up_on=None)
        offer(cast, at + DAY)
        assert reads.due(cast.bo.actor(), at.date() + 3 * DAY) == []

    def test_three_queries(self, cast, at, django_assert_max_num_queries):
        counsel(cast, at)
        offer(cast, at, answer="offered", expires_on=None, follow_up_on=at.date())
        actor = cast.bo.actor()
        with django_assert_max_num_queries(3):
            assert len(reads.due(actor, at.date())) == 2
