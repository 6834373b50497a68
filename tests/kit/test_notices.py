"""Notices: neutral words, delivered once, trouble told, alarms that could not be told are alarms."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from footbridge.care.safety import actions as safety
from footbridge.care.safety.models import Alarm
from footbridge.ground.consent import actions as consents
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.people import actions as people
from footbridge.ground.program.models import Organisation
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from footbridge.lanes.notices import actions, words
from footbridge.lanes.notices.models import Notice
from footbridge.wiring import reactions

CLINICAL = re.compile(
    r"therap|treat|clinic|patient|client|depress|anxi|suicid|mental|psych|substance|alcohol|drug|recover|symptom|diagnos|medic"
    r"|PHQ|GAD|C-SSRS|screen|program|session|group|IOP|alarm|risk|danger of|crisis"
    r"|terapi|tratamiento|clínic|pacient|depresi|ansiedad|mental|psic|sustancia|alcohol|droga|recuper|síntoma|diagnós|medic|programa|grupo|crisis",
    re.IGNORECASE,
)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def house(cast, now):
    with trail.act("test.made", by=SYSTEM, at=now, about=Organisation(name="Riverside Day Program")):
        Organisation.objects.create(name="Riverside Day Program", neutral_name="Riverside", phone="+13125550199")
    return cast


def alarm(cast, at, **given):
    base = {
        "client": cast.ana.client,
        "kind": "answer",
        "urgency": "today",
        "reason": "PHQ-9, question 9",
        "source_kind": "test",
        "source_key": "1",
        "by": SYSTEM,
        "at": at,
    }
    return safety.raise_alarm(**{**base, **given})


def tell() -> None:
    """Run the waiting jobs that tell the owners of alarms."""
    for job in ProcrastinateJob.objects.filter(task_name="alarms.tell").order_by("id"):
        reactions.tell_the_owner(**job.args)


def link(cast, at, key="link:1", channel="mail"):
    given = {"link": "https://example.org/q/abc/", "until": "Nov 9"}
    return actions.make(cast.ana.person, channel, "link", "en", given, key, at)


def test_who_took_the_agreement_back_while_a_message_waited_gets_none(house, now):
    agreed = consents.give(house.ana.client, kind="messages", signed_name="Ana", how="paper", by=house.bo.actor(), at=now)
    goes, waits = link(house, now), link(house, now, key="link:2")
    actions.deliver(notice_id=goes.pk)
    assert len(mail.outbox) == 1
    consents.revoke(agreed, by=house.ana.actor(), at=timezone.now(), how="portal")
    actions.deliver(notice_id=waits.pk)
    waits.refresh_from_db()
    assert len(mail.outbox) == 1 and waits.trouble == "not agreed to any more" and waits.sent_at is None
    with pytest.raises(actions.CannotResend, match="Call them"):
        actions.resend(waits, by=house.di.actor(), at=timezone.now())


def test_who_chose_another_way_meanwhile_is_not_written_to_by_the_old_one(house, now):
    consents.give(house.ana.client, kind="messages", signed_name="Ana", how="paper", by=house.bo.actor(), at=now)
    waits = link(house, now)
    people.choose_contact(house.ana.person, channel="call", may_leave_message=False, may_say_who_we_are=False, best_times="", by=house.di.actor(), at=timezone.now())
    actions.deliver(notice_id=waits.pk)
    assert not mail.outbox and Notice.objects.get(pk=waits.pk).trouble == "not agreed to any more"


def test_no_template_says_a_clinical_word():
    for language in ("en", "es"):
        for subject, body in (kinds[language] for kinds in words.WORDS.values()):
            for text in (subject, body):
                assert not CLINICAL.search(text), (language, CLINICAL.search(text))
        for kinds in words.SHORT.values():
            assert not CLINICAL.search(kinds[language])
            assert len(kinds[language]) <= 100
    assert set(words.WORDS) == set(words.SHORT) == set(words.LABELS)


def test_a_notice_is_made_once_sealed_and_sent_once(house, now):
    notice = link(house, now)
    assert link(house, now) == notice and Notice.objects.count() == 1
    assert b"example.org" not in bytes(notice.body_sealed)
    assert ProcrastinateJob.objects.filter(task_name="notices.deliver", args={"notice_id": notice.pk}).count() == 1
    actions.deliver(notice_id=notice.pk)
    actions.deliver(notice_id=notice.pk)
    [sent] = mail.outbox
    assert sent.to == ["ana@example.org"] and sent.subject == "A message from Riverside"
    assert sent.from_email.startswith("Riverside <") and "https://example.org/q/abc/" in sent.body
    assert not CLINICAL.search(sent.subject + sent.body.replace("example.org", ""))
    notice.refresh_from_db()
    assert notice.sent_at and not notice.failed_at


def test_a_text_without_a_provider_is_trouble_that_staff_see(house, now, settings):
    notice = link(house, now, channel="text")
    actions.deliver(notice_id=notice.pk)
    notice.refresh_from_db()
    assert notice.failed_at and notice.trouble == "no text provider" and not mail.outbox


class Carrier:
    sent: list[tuple[str, str]] = []

    def send(self, to: str, words: str) -> None:
        self.sent.append((to, words))


def test_a_configured_provider_carries_texts(house, now, settings):
    settings.TEXT_PROVIDER = f"{__name__}.Carrier"
    Carrier.sent.clear()
    notice = link(house, now, channel="text")
    actions.deliver(notice_id=notice.pk)
    assert Carrier.sent == [("+13125550100", "Riverside: a few questions for you: https://example.org/q/abc/")]


def test_trouble_of_the_mail_server_is_written_down_and_tried_again(house, now, monkeypatch):
    from django.core.mail import EmailMessage

    def down(self, fail_silently=False):
        raise ConnectionRefusedError

    notice = link(house, now)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", down)
        with pytest.raises(actions.CannotDeliver):
            actions.deliver(notice_id=notice.pk)
    notice.refresh_from_db()
    assert notice.failed_at and notice.trouble == "not taken: ConnectionRefusedError"
    actions.deliver(notice_id=notice.pk)
    notice.refresh_from_db()
    assert notice.sent_at and not notice.failed_at and not notice.trouble


def test_what_is_days_old_or_has_no_address_is_not_sent(house, now):
    old = link(house, now - timedelta(days=4), key="old")
    people.correct_person(house.max.person, email="", by=SYSTEM, at=now)
    nowhere = actions.make(house.max.person, "mail", "message", "en", {"link": "https://example.org/"}, "nowhere", now)
    for notice, trouble in ((old, "too old to send"), (nowhere, "no address")):
        actions.deliver(notice_id=notice.pk)
        notice.refresh_from_db()
        assert notice.trouble == trouble and notice.sent_at is None
    assert not mail.outbox


# -- what follows from an act


def test_the_owner_of_an_alarm_is_told_that_there_is_something_to_look_at(house, now):
    raised = alarm(house, now)
    tell()
    notice = Notice.objects.get()
    assert notice.person == house.bo.person and notice.key.startswith(f"alarm:{raised.uid}:")
    actions.deliver(notice_id=notice.pk)
    [sent] = mail.outbox
    assert sent.subject == "You have something to look at"
    assert "Ana" not in sent.body and "PHQ" not in sent.body and str(raised.uid) in sent.body
    safety.hand_on(raised, house.cy.staff, "in session", by=house.bo.actor(), at=now)
    tell()
    assert Notice.objects.order_by("-id").first().person == house.cy.person
    safety.escalate(now + timedelta(hours=23))
    tell()
    assert Notice.objects.count() == 3


class Texts:
    """A provider that keeps what it was given."""

    sent: list[tuple[str, str]] = []

    def send(self, to: str, words: str) -> None:
        self.sent.append((to, words))


def test_what_is_for_now_and_what_nobody_read_goes_to_the_phone_too(house, now, settings):
    alarm(house, now, urgency="now")
    tell()
    assert [n.channel for n in Notice.objects.all()] == ["mail"]  # no provider, no text and no trouble
    settings.TEXT_PROVIDER = f"{__name__}.Texts"
    Texts.sent.clear()
    raised = alarm(house, now, source_key="2", urgency="now")
    third = alarm(house, now, source_key="3")
    tell()
    for one in Notice.objects.filter(channel="text"):
        actions.deliver(notice_id=one.pk)
    assert {to for to, _words in Texts.sent} == {house.bo.person.phone}
    said = " ".join(text for _to, text in Texts.sent)
    assert str(raised.uid) in said and str(third.uid) not in said and "Ana" not in said
    safety.escalate(now + timedelta(hours=9))
    tell()
    assert Notice.objects.filter(channel="text", key__startswith=f"alarm:{third.uid}:").exists()


def test_a_text_that_cannot_be_sent_is_an_alarm(house, now, settings):
    settings.TEXT_PROVIDER = f"{__name__}.Missing"
    alarm(house, now, urgency="now")
    tell()
    with pytest.raises(actions.CannotDeliver):
        actions.deliver(notice_id=Notice.objects.get(channel="text").pk)
    assert Alarm.objects.get(kind="undelivered").owner == house.ed.staff


def test_the_past_is_told_to_nobody(house, now):
    alarm(house, now - timedelta(days=2))
    tell()
    assert not Notice.objects.exists()


def test_an_alarm_that_cannot_be_told_raises_an_alarm_of_its_own_once(house, now):
    people.correct_person(house.bo.person, email="", by=SYSTEM, at=now)
    alarm(house, now)
    tell()
    notice = Notice.objects.get()
    actions.deliver(notice_id=notice.pk)
    actions.deliver(notice_id=notice.pk)
    told = Alarm.objects.get(kind="undelivered")
    assert told.owner == house.ed.staff and told.client == house.ana.client and "no address" in told.reason
    # and when that one cannot be told either, the list still holds it and nothing goes round in circles
    people.correct_person(house.ed.person, email="", by=SYSTEM, at=now)
    tell()
    for one in Notice.objects.all():
        actions.deliver(notice_id=one.pk)
    assert Alarm.objects.filter(kind="undelivered").count() == 1


def test_when_the_letter_cannot_be_written_the_alarm_stands_and_another_says_so(house, now, monkeypatch):
    def broken(*_args):
        raise ValueError

    monkeypatch.setattr(actions, "seal", broken)
    raised = alarm(house, now)
    with pytest.raises(ValueError):
        tell()
    assert Alarm.objects.filter(closed__isnull=True).count() == 2
    told = Alarm.objects.get(kind="undelivered")
    assert told.client == raised.client and "ValueError" in told.reason


def give(cast, at):
    return instruments.give(
        cast.ana.client, ["phq9"], how="link", occasion="weekly", episode=cast.ana.episode, by=cast.bo.actor(), at=at
    )


def test_a_link_goes_out_only_with_consent_and_in_the_chosen_way(house, now):
    instruments.load_definitions(by=SYSTEM, at=now)
    give(house, now)
    assert not Notice.objects.exists()
    consents.give(house.ana.client, kind="messages", signed_name="Ana", how="paper", by=house.bo.actor(), at=now)
    _sheets, token = give(house, now)
    notice = Notice.objects.get()
    assert notice.channel == "mail"
    actions.deliver(notice_id=notice.pk)
    assert f"/q/{token}/" in mail.outbox[0].body
    assert Browser().get(f"/q/{token}/").status_code == 200
    people.choose_contact(house.ana.person, channel="text", by=SYSTEM, at=now)
    sheets, _token = give(house, now)
    assert Notice.objects.order_by("-id").first().channel == "text"
    instruments.renew_link(sheets[0], by=house.bo.actor(), at=now)
    assert Notice.objects.count() == 3
    jobs = ProcrastinateJob.objects.filter(task_name="notices.deliver")
    assert not any(token in str(job.args) for job in jobs)  # the job carries no link


# -- the page


def at_desk(member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def test_the_list_shows_failures_and_sends_again(house, now, django_assert_max_num_queries):
    first = link(house, now, channel="text")
    actions.deliver(notice_id=first.pk)
    di = at_desk(house.di)
    di.get("/notices/")
    with django_assert_max_num_queries(100) as one:
        page = di.get("/notices/").content.decode()
    assert "1 message did not go out" in page and "No text provider is set up" in page
    assert "example.org/q" not in page
    link(house, now, key="2")
    link(house, now, key="3")
    with django_assert_max_num_queries(len(one)):
        di.get("/notices/")
    assert di.post(f"/notices/{first.uid}/again/").status_code == 303
    assert Act.objects.filter(verb="notice.resent", about_uid=first.uid).count() == 1
    sent = link(house, now, key="2")
    actions.deliver(notice_id=sent.pk)
    with pytest.raises(actions.CannotResend):
        actions.resend(sent, by=house.di.actor(), at=now)
    assert di.post(f"/notices/{sent.uid}/again/").status_code == 303  # says that it went out already
    for other in (house.bo, house.ana, house.bea, house.gus):
        assert at_desk(other).get("/notices/").status_code == 404
        assert at_desk(other).post(f"/notices/{first.uid}/again/").status_code == 404
        with pytest.raises(NotYours):
            actions.resend(first, by=other.actor(), at=now)


def test_the_clock_jobs_run(house, now):
    from footbridge.wiring import clock

    alarm(house, now - timedelta(hours=20))
    clock.climb_the_ladder(timestamp=0)
    assert Alarm.objects.get().handed.count() == 1
    clock.look_at_left_sheets(timestamp=0)
    clock.send_the_questions_that_are_due(timestamp=0)


def test_when_the_clock_job_itself_fails_that_is_an_alarm(house, now, monkeypatch):
    from footbridge.wiring import clock

    def broken(_at):
        raise RuntimeError

    monkeypatch.setattr(safety, "escalate", broken)
    with pytest.raises(RuntimeError):
        clock.climb_the_ladder(timestamp=0)
    assert Alarm.objects.get().kind == "undelivered"
