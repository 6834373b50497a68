"""Practice: a skill is given once, the client logs it, nobody else does."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from footbridge.care.practice import actions, reads
from footbridge.care.practice.models import CheckIn, PracticeLog
from footbridge.kit.access import NotYours
from footbridge.kit.trail.models import Act

from ..cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture
def given(cast: Cast):
    return actions.assign(cast.ana.episode, skill="slow_breathing", times_a_week=3, by=cast.bo.actor(), at=NOW)


def test_a_therapist_gives_a_skill(cast: Cast, given):
    act = Act.objects.get(verb="practice.assigned")
    assert given.by == cast.bo.staff and act.client_uid == cast.ana.client.uid
    assert [row.skill for row in reads.open_assignments(cast.ana.episode)] == ["slow_breathing"]


@pytest.mark.parametrize(("words", "field"), [({"skill": "levitation"}, "skill"), ({"skill": "cold_water", "times_a_week": 0}, "times_a_week"), ({"skill": "slow_breathing"}, "skill")])
def test_a_skill_that_cannot_be_given(cast: Cast, given, words, field):
    with pytest.raises(actions.CannotAssign) as refusal:
        actions.assign(cast.ana.episode, by=cast.bo.actor(), at=NOW, **words)
    assert refusal.value.field == field


@pytest.mark.parametrize("who", ["ana", "di", "gus", "bea", "pat"])
def test_only_a_therapist_gives_skills(cast: Cast, who: str):
    with pytest.raises(NotYours):
        actions.assign(cast.ana.episode, skill="cold_water", by=getattr(cast, who).actor(), at=NOW)


def test_the_client_logs_practice_and_a_double_click_is_one(cast: Cast, given):
    key = uuid4()
    for _ in range(2):
        actions.log(given, practised_on=TODAY, today=TODAY, before=7, after=4, by=cast.ana.actor(), at=NOW, form_key=key)
    log = PracticeLog.objects.get()
    assert (log.before, log.after) == (7, 4)
    assert reads.times_this_week(reads.open_assignments(cast.ana.episode).get(), TODAY) == 1


def test_practice_is_not_logged_for_tomorrow_nor_by_others_nor_after_its_end(cast: Cast, given):
    with pytest.raises(actions.CannotLog):
        actions.log(given, practised_on=date(2026, 11, 3), today=TODAY, by=cast.ana.actor(), at=NOW)
    for who in ("bo", "max", "flo"):
        with pytest.raises(NotYours):
            actions.log(given, practised_on=TODAY, today=TODAY, by=getattr(cast, who).actor(), at=NOW)
    actions.end(given, by=cast.bo.actor(), at=NOW)
    with pytest.raises(actions.CannotLog):
        actions.log(given, practised_on=TODAY, today=TODAY, by=cast.ana.actor(), at=NOW)


def test_a_second_check_in_corrects_the_first_and_the_trail_keeps_both(cast: Cast):
    for mood in (3, 5):
        actions.check_in(cast.ana.episode, on=TODAY, mood=mood, by=cast.ana.actor(), at=NOW)
    assert CheckIn.objects.get().mood == 5
    assert Act.objects.filter(verb="practice.checked_in").count() == 2
    with pytest.raises(actions.CannotCheckIn):
        actions.check_in(cast.ana.episode, on=TODAY, mood=11, by=cast.ana.actor(), at=NOW)


def test_a_therapist_answers_a_log_in_a_line(cast: Cast, given):
    log = actions.log(given, practised_on=TODAY, today=TODAY, by=cast.ana.actor(), at=NOW)
    assert actions.comment(log, " Well done. ", by=cast.bo.actor(), at=NOW).text == "Well done."
    with pytest.raises(actions.CannotLog):
        actions.comment(log, "  ", by=cast.bo.actor(), at=NOW)
