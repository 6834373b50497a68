"""The worker stands still: every page of staff says so, and its round of alarms is done in its place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from footbridge.care.safety import actions as safety
from footbridge.care.safety import reads
from footbridge.care.safety.models import Alarm
from footbridge.cli import checks
from footbridge.kit import work
from footbridge.kit.access import SYSTEM
from footbridge.kit.work.models import Beat
from footbridge.lanes.notices import actions as notices
from footbridge.lanes.notices.models import Notice
from footbridge.wiring import clock, watch

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


def alarm(cast, at, **given):
    base = {
        "client": cast.ana.client, "kind": "answer", "urgency": "now", "reason": "C-SSRS, question 4: yes",
        "source_kind": "test", "source_key": "1", "by": SYSTEM, "at": at,
    }  # fmt: skip
    return safety.raise_alarm(**{**base, **given})


def test_the_round_of_the_worker_leaves_a_beat(cast, now):
    clock.climb_the_ladder(timestamp=0)
    clock.climb_the_ladder(timestamp=0)
    assert Beat.objects.count() == 1 and work.last_beat(clock.LADDER) >= now
    assert watch.still_since(now + 4 * MINUTE) is None
    assert watch.still_since(now + 7 * MINUTE) == work.last_beat(clock.LADDER)
    assert watch.round_in_its_place(now + MINUTE) is None


def test_a_round_that_fails_leaves_none_and_is_an_alarm(cast, monkeypatch):
    monkeypatch.setattr(safety, "escalate", lambda _at: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        clock.climb_the_ladder(timestamp=0)
    assert work.last_beat(clock.LADDER) is None
    assert Alarm.objects.get(kind="undelivered").owner == cast.ed.staff


def test_where_no_worker_ever_ran_an_open_alarm_counts(cast, now):
    assert watch.still_since(now) is None
    raised = alarm(cast, now - 6 * MINUTE)
    assert watch.still_since(now) == raised.raised_at


def test_in_the_place_of_a_worker_that_stands_still_alarms_climb_and_letters_leave(cast, now):
    work.beat(clock.LADDER, now - 30 * MINUTE)
    raised = alarm(cast, now - 20 * MINUTE)  # its letter was put in the queue, and nobody came
    done = watch.round_in_its_place(now)
    assert done.since == now - 30 * MINUTE and done.passed_on == 1
    assert reads.owner_now(raised) == cast.pat.staff
    told = Alarm.objects.get(kind="undelivered")
    assert told.owner == cast.ed.staff and "stands still" in told.reason
    assert {to for letter in mail.outbox for to in letter.to} == {"pat@example.org", "ed@example.org"}
    assert done.letters == len(mail.outbox)
    watch.round_in_its_place(now + MINUTE)
    assert Alarm.objects.filter(kind="undelivered").count() == 1 and len(mail.outbox) == done.letters
    assert ProcrastinateJob.objects.filter(task_name="alarms.tell", status="todo").exists()  # the worker finds them done


def test_a_mail_server_that_is_down_too_does_not_end_the_round(cast, now, monkeypatch):
    from django.core.mail import EmailMessage

    work.beat(clock.LADDER, now - 30 * MINUTE)
    raised = alarm(cast, now - 20 * MINUTE)
    monkeypatch.setattr(EmailMessage, "send", lambda _self: 1 / 0)
    done = watch.round_in_its_place(now)
    assert (done.passed_on, done.letters) == (1, 0) and reads.owner_now(raised) == cast.pat.staff
    assert Alarm.objects.filter(kind="undelivered", source_kind="notice").exists()


def test_a_letter_that_waits_is_an_alarm_once(cast, now):
    raised = alarm(cast, now - 10 * MINUTE)
    letter = notices.make(cast.bo.person, "mail", "look", "en", {"link": "x", "until": "y"}, f"alarm:{raised.uid}:1", now - 9 * MINUTE)
    assert notices.look_for_waiting(now) == [letter]
    assert Alarm.objects.get(kind="undelivered").source_key == str(letter.uid)
    notices.look_for_waiting(now + MINUTE)
    assert Alarm.objects.filter(kind="undelivered").count() == 1
    Notice.objects.filter(pk=letter.pk).update(sent_at=now)
    assert notices.look_for_waiting(now) == []


@pytest.mark.parametrize("who", ["bo", "di", "bea", "ed", "pat", "ivy"])
def test_every_page_of_staff_says_it(cast, now, who):
    browser = Browser()
    browser.force_login(getattr(cast, who).user)
    work.beat(clock.LADDER, now)
    home = browser.get("/", follow=True)
    assert home.status_code == 200 and "Alarms are not being passed on" not in home.content.decode()
    work.beat(clock.LADDER, now - 6 * MINUTE)
    said = browser.get("/", follow=True).content.decode()
    assert "Alarms are not being passed on" in said
    assert ("See the alarms" in said) == (who not in ("di", "bea"))


def test_a_client_is_not_troubled_with_it(cast, now):
    browser = Browser()
    browser.force_login(cast.ana.user)
    work.beat(clock.LADDER, now - 6 * MINUTE)
    assert "being passed on" not in browser.get("/me/").content.decode()


def test_check_says_it(cast, now):
    work.beat(clock.LADDER, now)
    assert list(checks._ladder()) == []
    work.beat(clock.LADDER, now - 6 * MINUTE)
    [sentence] = checks._ladder()
    assert "Start the worker" in sentence
