"""Safety: alarms, risk, the safety plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from footbridge.care.safety import actions
from footbridge.care.safety.models import Alarm
from footbridge.kit.access import PUBLIC
from footbridge.kit.trail.models import Act


def alarm(cast, at, **words):
    given = {
        "client": cast.ana.client, "kind": "answer", "urgency": "today", "reason": "Item 9 answered: several days.",
        "source_kind": "answer", "source_key": "s:9", "by": cast.ana.actor(), "at": at,
    }  # fmt: skip
    return actions.raise_alarm(**{**given, **words})


def test_an_alarm_has_owner_due_time_and_act(cast, at):
    raised = alarm(cast, at)
    assert raised.owner == cast.bo.staff
    assert raised.due_at == at + timedelta(hours=8)
    assert Act.objects.filter(verb="alarm.raised", about_uid=raised.uid, client_uid=cast.ana.client.uid).count() == 1


def test_the_same_source_raises_one_alarm(cast, at):
    first, again = alarm(cast, at), alarm(cast, at + timedelta(minutes=3))
    assert first == again and Alarm.objects.count() == 1


def test_a_visitor_without_a_record_can_raise_one_and_intake_owns_it(cast, at):
    raised = alarm(cast, at, client=None, contact="call 555-0100", kind="guide", urgency="now", by=PUBLIC)
    assert raised.owner == cast.ivy.staff
    assert raised.due_at == at + timedelta(minutes=15)


def test_today_ends_with_the_day_but_leaves_an_hour(cast):
    late = datetime(2026, 11, 2, 23, 40, tzinfo=UTC)  # no site yet: the day is that of UTC
    assert alarm(cast, late).due_at == late + timedelta(hours=1)
    evening = datetime(2026, 11, 3, 20, 0, tzinfo=UTC)
    assert alarm(cast, evening, source_key="s:10").due_at == datetime(2026, 11, 4, 0, 0, tzinfo=UTC)
