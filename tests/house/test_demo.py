"""The demo is made by the product's own verbs, comes out the same twice, and shows every stage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from footbridge.care.inquiry.models import Inquiry
from footbridge.care.placement.models import Admission, Decision
from footbridge.care.plan.models import Plan
from footbridge.care.safety.models import Alarm
from footbridge.care.sessions.models import Attendance, NoteSignature
from footbridge.care.timetable.models import Booking
from footbridge.ground.episodes.models import Episode
from footbridge.kit import trail
from footbridge.kit.access.models import User
from footbridge.kit.trail.models import Act
from footbridge.wiring import demo

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def told() -> list[tuple[str, datetime, str]]:
    return list(Act.objects.order_by("id").values_list("verb", "at", "by_label"))


def test_the_same_day_gives_the_same_program():
    stories = []
    for _twice in range(2):
        with transaction.atomic():
            demo.build(stage="placement", people=6, now=NOW)
            stories.append(told())
            transaction.set_rollback(True)
    assert stories[0] == stories[1] and len(stories[0]) > 200


def test_a_stage_is_as_far_as_anybody_gets():
    demo.build(stage="placement", people=8, now=NOW)
    assert Decision.objects.exists() and not Admission.objects.exists() and not Plan.objects.exists()


def test_lives_go_the_whole_way_and_the_trail_is_whole():
    said: list[int] = []
    demo.build(people=9, now=NOW, progress=lambda done, total, words: said.append(done))
    assert said == sorted(said) and said[-1] == 100
    assert Inquiry.objects.count() == 9
    assert Attendance.objects.exists() and NoteSignature.objects.exists() and Booking.objects.exists()
    assert Alarm.objects.filter(closed__isnull=True).exists()
    assert Episode.objects.filter(client__person__name_used="Ana", admission__isnull=False).exists()
    verdict = trail.verify()
    assert verdict.whole, verdict.faults
    assert not Act.objects.filter(by__isnull=True, by_label="").exists()
    assert {mail for _who, mail, _password in demo.people()} <= set(User.objects.values_list("email", flat=True))


def test_it_goes_into_an_empty_database_only(cast):
    with pytest.raises(demo.DemoExists):
        demo.build(people=1, now=NOW)
    with pytest.raises(ValueError, match="There is no stage"):
        demo.build(stage="lunch", now=NOW)
