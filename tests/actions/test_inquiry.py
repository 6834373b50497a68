"""Every verb of the first stage: its row, its act, its refusals."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser

from footbridge.care.inquiry import actions, danger_words, promises, reads
from footbridge.care.inquiry.models import ContactAttempt, Inquiry, InquiryClosed, Waiting
from footbridge.care.inquiry.words import Step, Triage
from footbridge.care.placement import reads as placement
from footbridge.care.safety import reads as safety
from footbridge.care.safety.dispositions import reads as dispositions
from footbridge.care.safety.models import Alarm
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import CareTeamMember, Episode
from footbridge.ground.people.models import Client, Person
from footbridge.kit.access import PUBLIC, NotYours
from footbridge.kit.trail.models import Act
from tests.cast import Cast

ASKED: dict[str, Any] = {
    "for_whom": "self",
    "name_used": "Rae",
    "phone": "+13125550142",
    "channel": "call",
    "may_leave_message": True,
    "best_times": "after 5",
}


def received(at: datetime, **changes: Any) -> Inquiry:
    return actions.receive(by=PUBLIC, at=at, **{**ASKED, **changes})


def acts(verb: str) -> int:
    return Act.objects.filter(verb=verb).count()


class TestReceive:
    def test_a_visitor_asks_for_help(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        assert Inquiry.objects.get() == inquiry
        assert (inquiry.triage, inquiry.person_agrees, inquiry.received_at) == (Triage.STANDARD, "yes", at)
        assert acts("inquiry.received") == 1
        assert not Alarm.objects.exists()

    def test_the_same_form_twice_is_one_request(self, cast: Cast, at: datetime) -> None:
        key = uuid.uuid4()
        assert received(at, form_key=key) == received(at, form_key=key)
        assert Inquiry.objects.count() == 1
        assert acts("inquiry.received") == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"phone": ""}, "phone"),
            ({"channel": "mail", "email": ""}, "email"),
            ({"for_whom": "other", "asker_contact": "", "phone": ""}, "phone"),
        ],
    )
    def test_nobody_asks_without_a_way_back(self, db: None, at: datetime, changes: dict[str, str], field: str) -> None:
        with pytest.raises(actions.CannotReceive) as refused:
            received(at, **changes)
        assert refused.value.field == field
        assert not Inquiry.objects.exists()

    def test_for_somebody_else_the_askers_contact_is_enough(self, db: None, at: datetime) -> None:
        inquiry = received(at, for_whom="other", phone="", asker_contact="+13125550143", person_agrees="unknown")
        assert inquiry.person_agrees == "unknown"

    def test_danger_of_a_request_belongs_to_whoever_it_becomes(self, cast: Cast, at: datetime) -> None:
        """Taken up, the alarm is the client's: their team sees it, and it stands at every gate."""
        inquiry = received(at, danger=True, legal_name="Noa Lind")
        episode = actions.take_up(inquiry, by=cast.ivy.actor(), at=at)
        alarm = Alarm.objects.get()
        assert alarm.client == episode.client and placement.in_danger(episode.client) == alarm
        assert dispositions.gate(episode.client) is not None
        episodes.join_team(episode, cast.cy.staff, "primary", by=cast.ed.actor(), at=at)
        assert [row.alarm for row in safety.listed(cast.cy.actor(), at)] == [alarm]

    def test_closed_as_already_known_its_danger_is_the_known_clients(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, danger=True)
        with pytest.raises(actions.CannotClose, match="whose record") as refused:
            actions.close(inquiry, because="duplicate", by=cast.di.actor(), at=at)
        assert refused.value.field == "client" and not InquiryClosed.objects.exists()
        actions.close(inquiry, because="duplicate", client=cast.ana.client, by=cast.di.actor(), at=at)
        alarm = Alarm.objects.get()
        assert alarm.client == cast.ana.client and placement.in_danger(cast.ana.client) == alarm
        assert dispositions.gate(cast.ana.client) is not None
        assert [row.alarm for row in safety.listed(cast.bo.actor(), at)] == [alarm]
        assert Act.objects.get(verb="inquiry.closed").client_uid == cast.ana.client.uid

    def test_danger_heard_after_it_was_closed_as_known_is_theirs_too(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        actions.close(inquiry, because="duplicate", client=cast.ana.client, by=cast.di.actor(), at=at)
        actions.hear_danger(inquiry, reason="Pills", by=cast.di.actor(), at=at)
        assert Alarm.objects.get().client == cast.ana.client

    def test_whom_to_reach_stays_on_the_page_of_the_alarm(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, for_whom="other", asker_name="Flo", asker_contact="+13125550143", danger=True, legal_name="Noa Lind")
        actions.take_up(inquiry, by=cast.ivy.actor(), at=at)
        browser = Browser()
        browser.force_login(cast.ivy.user)
        assert "+13125550143" in browser.get(f"/alarms/{Alarm.objects.get().uid}/").content.decode()

    def test_danger_ticked_is_a_crisis_with_an_alarm(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, danger=True)
        assert inquiry.triage == Triage.CRISIS
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.urgency, alarm.source_key) == ("guide", "now", str(inquiry.uid))
        assert alarm.owner == cast.ivy.staff
        assert "+13125550142" in alarm.contact

    def test_danger_typed_is_a_crisis_too(self, cast: Cast, at: datetime) -> None:
        assert received(at, wishes="Ya no quiero vivir").triage == Triage.CRISIS
        assert Alarm.objects.count() == 1

    def test_danger_in_guide_answers_sent_along_is_urgent(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, guide_answers={"recent": "lately", "home": "good", "name": "x"})
        assert inquiry.triage == Triage.URGENT
        assert inquiry.guide_answers == {"recent": "lately", "home": "good"}
        assert Alarm.objects.get().urgency == "today"

    def test_a_referral_names_its_source_once(self, db: None, at: datetime) -> None:
        sent = {
            "for_whom": "professional",
            "source_name": "Lakeside Hospital",
            "source_kind": "hospital",
            "asker_contact": "x",
        }
        first, second = received(at, **sent), received(at, **sent)
        assert first.source is not None
        assert first.source == second.source
        assert first.source.kind == "hospital"


@pytest.mark.parametrize(
    ("text", "is_danger"),
    [
        ("I want to kill myself", True),
        ("I don’t want to live any more", True),
        ("he took all his pills", True),
        ("Pienso en quitarme la vida", True),
        ("sobredosis", True),
        ("I want to live near the lake", False),
        ("I am killing time at work", False),
        ("My life is stressful; evenings are best", False),
        ("Quiero vivir mejor", False),
        ("cut down on drinking", False),
    ],
)
def test_words_of_danger(text: str, is_danger: bool) -> None:
    assert bool(danger_words.found(text)) is is_danger


class TestTriage:
    def test_urgency_is_set_with_its_reason(self, cast: Cast, at: datetime) -> None:
        inquiry = actions.triage(received(at), triage="priority", reason="left hospital", by=cast.di.actor(), at=at)
        inquiry.refresh_from_db()
        assert (inquiry.triage, inquiry.triage_reason) == ("priority", "left hospital")
        assert acts("inquiry.triaged") == 1

    def test_a_crisis_raises_one_alarm(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        for _again in range(2):
            actions.triage(inquiry, triage="crisis", reason="said so on the phone", by=cast.di.actor(), at=at)
        assert Alarm.objects.count() == 1

    def test_a_reason_is_needed(self, cast: Cast, at: datetime) -> None:
        with pytest.raises(actions.CannotAnswer):
            actions.triage(received(at), triage="urgent", reason=" ", by=cast.di.actor(), at=at)

    @pytest.mark.parametrize("who", ["bo", "pat", "bea", "ana", "gus", "flo"])
    def test_others_may_not(self, cast: Cast, at: datetime, who: str) -> None:
        inquiry = received(at)
        with pytest.raises(NotYours):
            actions.triage(inquiry, triage="urgent", reason="x", by=getattr(cast, who).actor(), at=at)
        assert reads.inquiry(getattr(cast, who).actor(), inquiry.uid) is None


class TestAttempt:
    def test_a_try_is_logged_once_for_an_impatient_click(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        for seconds in (0, 5):
            actions.attempt_contact(
                inquiry, channel="call", outcome="no_answer", by=cast.di.actor(), at=at + timedelta(seconds=seconds)
            )
        attempt = ContactAttempt.objects.get()
        assert (attempt.by, attempt.outcome) == (cast.di.staff, "no_answer")
        actions.attempt_contact(
            inquiry, channel="call", outcome="reached", by=cast.di.actor(), at=at + timedelta(seconds=9)
        )
        assert ContactAttempt.objects.count() == 2

    def test_a_message_against_their_wish_needs_a_reason(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, may_leave_message=False)
        with pytest.raises(actions.CannotAnswer) as refused:
            actions.attempt_contact(inquiry, channel="call", outcome="message", by=cast.di.actor(), at=at)
        assert refused.value.field == "note"
        actions.attempt_contact(
            inquiry,
            channel="call",
            outcome="message",
            note="They called back and asked for one",
            by=cast.di.actor(),
            at=at,
        )

    def test_not_after_closing(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        actions.close(inquiry, because="declined", by=cast.di.actor(), at=at)
        with pytest.raises(actions.CannotAnswer):
            actions.attempt_contact(inquiry, channel="call", outcome="reached", by=cast.di.actor(), at=at)


class TestTakeUp:
    def test_a_new_client_with_an_episode_and_their_contact_wishes(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        episode = actions.take_up(
            inquiry, legal_name="Rachel Moss", born_on=date(1990, 4, 1), by=cast.ivy.actor(), at=at
        )
        person = episode.client.person
        assert (person.legal_name, person.name_used, person.born_on, person.phone) == (
            "Rachel Moss", "Rae", date(1990, 4, 1), "+13125550142",
        )  # fmt: skip
        choice = person.contact_choices.get()
        assert (choice.channel, choice.may_leave_message, choice.may_say_who_we_are) == ("call", True, False)
        assert (inquiry.episode, inquiry.taken_up_at) == (episode, at)
        assert CareTeamMember.objects.get(episode=episode).staff == cast.ivy.staff
        act = Act.objects.get(verb="inquiry.taken_up")
        assert act.client_uid == episode.client.uid

    def test_the_front_desk_joins_no_care_team(self, cast: Cast, at: datetime) -> None:
        episode = actions.take_up(received(at), legal_name="Rachel Moss", by=cast.di.actor(), at=at)
        assert not CareTeamMember.objects.filter(episode=episode).exists()

    def test_a_second_click_gives_the_same_episode(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        first = actions.take_up(inquiry, legal_name="Rachel Moss", by=cast.di.actor(), at=at)
        stale = Inquiry.objects.get(pk=inquiry.pk)
        assert actions.take_up(stale, legal_name="Rachel Moss", by=cast.di.actor(), at=at) == first
        assert Client.objects.filter(person__legal_name="Rachel Moss").count() == 1

    def test_the_legal_name_is_needed(self, cast: Cast, at: datetime) -> None:
        with pytest.raises(actions.CannotTakeUp) as refused:
            actions.take_up(received(at), by=cast.di.actor(), at=at)
        assert refused.value.field == "legal_name"

    def test_somebody_in_care_already_is_refused(self, cast: Cast, at: datetime) -> None:
        before = (Person.objects.count(), Episode.objects.count())
        with pytest.raises(actions.CannotTakeUp) as refused:
            actions.take_up(received(at), client=cast.ana.client, by=cast.di.actor(), at=at)
        assert "Ana" in str(refused.value)
        assert (Person.objects.count(), Episode.objects.count()) == before

    def test_a_known_client_comes_back(self, cast: Cast, at: datetime) -> None:
        from footbridge.ground.episodes.actions import end_episode

        later = at + timedelta(days=1)
        end_episode(cast.ana.episode, by=cast.ed.actor(), at=at, why="done")
        episode = actions.take_up(received(at), client=cast.ana.client, by=cast.di.actor(), at=later)
        assert episode.client == cast.ana.client
        cast.ana.person.refresh_from_db()
        assert cast.ana.person.born_on == date(1994, 5, 17)

    def test_waiting_ends(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        actions.wait(inquiry, reason="full", next_action="call", next_on=date(2026, 11, 9), by=cast.di.actor(), at=at)
        actions.take_up(inquiry, legal_name="Rachel Moss", by=cast.di.actor(), at=at)
        assert not Waiting.objects.filter(ended_at__isnull=True).exists()


class TestLikeness:
    def test_who_may_be_the_same_person(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, legal_name="Anna Soto", born_on=date(1994, 5, 17), phone="+13125550177")
        (one,) = reads.possible_duplicates(cast.di.actor(), inquiry)
        assert (one.client, one.same_birth_date, one.same_phone) == (cast.ana.client, True, False)
        assert one.name_score > 85

    def test_a_birth_date_alone_says_nothing(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at, legal_name="Quentin Zola", born_on=date(1994, 5, 17), phone="+13125550177")
        assert reads.possible_duplicates(cast.di.actor(), inquiry) == []


class TestClose:
    def test_closed_with_a_reason(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        actions.close(inquiry, because="referred_out", referred_to="Lakeside detox", by=cast.di.actor(), at=at)
        closed = InquiryClosed.objects.get()
        assert (closed.by, closed.referred_to) == (cast.di.staff, "Lakeside detox")
        assert acts("inquiry.closed") == 1
        with pytest.raises(actions.CannotClose):
            actions.close(inquiry, because="declined", by=cast.di.actor(), at=at)

    def test_nobody_is_sent_away_into_nothing(self, cast: Cast, at: datetime) -> None:
        with pytest.raises(actions.CannotClose) as refused:
            actions.close(received(at), because="referred_out", by=cast.di.actor(), at=at)
        assert refused.value.field == "referred_to"

    def test_not_reached_needs_a_try(self, cast: Cast, at: datetime) -> None:
        with pytest.raises(actions.CannotClose):
            actions.close(received(at), because="not_reached", by=cast.di.actor(), at=at)


class TestWait:
    def test_a_place_with_a_next_day_takes_over_from_the_one_before(self, cast: Cast, at: datetime) -> None:
        inquiry = received(at)
        words = {"reason": "full", "next_action": "call", "by": cast.di.actor()}
        first = actions.wait(inquiry, next_on=date(2026, 11, 9), at=at, **words)
        same = actions.wait(inquiry, next_on=date(2026, 11, 9), at=at, **words)
        assert same == first
        later = actions.wait(inquiry, next_on=date(2026, 11, 16), at=at + timedelta(days=7), **words)
        assert later.since == at
        assert Waiting.objects.filter(ended_at__isnull=True).get() == later
        actions.stop_waiting(inquiry, because="wish", by=cast.di.actor(), at=at + timedelta(days=8))
        assert not Waiting.objects.filter(ended_at__isnull=True).exists()
        with pytest.raises(actions.CannotWait):
            actions.stop_waiting(inquiry, because="wish", by=cast.di.actor(), at=at + timedelta(days=8))

    def test_the_next_day_is_not_past(self, cast: Cast, at: datetime) -> None:
        with pytest.raises(actions.CannotWait) as refused:
            actions.wait(
                received(at), reason="full", next_action="call", next_on=date(2026, 10, 30), by=cast.di.actor(), at=at
            )
        assert refused.value.field == "next_on"


class TestPromises:
    """Chicago, open Monday to Friday 8 to 18; Thanksgiving closed."""

    site = promises.Calendar(
        ZoneInfo("America/Chicago"), frozenset(range(5)),
        datetime(2026, 1, 1, 8).time(), datetime(2026, 1, 1, 18).time(), frozenset({date(2026, 11, 26)}),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("step", "triage", "since", "due"),
        [
            ("answer", "crisis", "2026-11-01 23:00", "2026-11-01 23:15"),  # Sunday night: always
            ("answer", "urgent", "2026-11-02 09:00", "2026-11-02 11:00"),
            ("answer", "urgent", "2026-11-02 17:30", "2026-11-03 09:30"),  # the rest runs on the next morning
            ("answer", "urgent", "2026-11-06 19:00", "2026-11-09 10:00"),  # Friday evening to Monday
            ("answer", "standard", "2026-11-02 09:00", "2026-11-03 18:00"),
            ("answer", "standard", "2026-11-02 07:00", "2026-11-02 18:00"),  # before opening: today counts
            ("answer", "standard", "2026-11-25 09:00", "2026-11-27 18:00"),  # over a closed day
            ("again", "standard", "2026-11-06 12:00", "2026-11-10 18:00"),
        ],
    )
    def test_due(self, step: str, triage: str, since: str, due: str) -> None:
        at = datetime.fromisoformat(since).replace(tzinfo=self.site.zone)
        assert promises.due(step, triage, at, self.site) == datetime.fromisoformat(due).replace(tzinfo=self.site.zone)

    def test_every_clock_is_there(self) -> None:
        at = datetime(2026, 11, 2, 15, tzinfo=UTC)
        for step in ("answer", "again", "decide", "screen", "place", "start"):
            dues = [promises.due(step, triage, at, self.site) for triage in Triage.values]
            assert dues == sorted(dues), f"{step}: a graver request never waits longer"
            assert dues[0] > at

    def test_the_step_is_calculated(self, cast: Cast, at: datetime) -> None:
        di = cast.di.actor()

        def step(when: datetime) -> reads.Standing:
            found = reads.inquiry(di, inquiry.uid)
            assert found is not None
            return reads.standing(found, when, self.site)

        inquiry = received(at)
        assert (step(at).step, step(at).breached) == (Step.NEW, False)
        assert step(at + timedelta(days=3)).breached
        actions.attempt_contact(inquiry, channel="call", outcome="no_answer", by=di, at=at)
        assert (step(at).step, step(at).promise) == (Step.TRYING, "again")
        actions.attempt_contact(inquiry, channel="call", outcome="reached", by=di, at=at)
        assert (step(at).step, step(at).promise) == (Step.CONTACTED, "decide")
        actions.wait(inquiry, reason="full", next_action="call", next_on=date(2026, 11, 4), by=di, at=at)
        assert step(at).step == Step.WAITING
        assert step(at).due_at == datetime(2026, 11, 5, 0, 0, tzinfo=self.site.zone)
        actions.take_up(inquiry, legal_name="Rachel Moss", by=di, at=at)
        assert step(at).step == Step.TAKEN_UP

    def test_broken_promises_come_first(self, cast: Cast, at: datetime) -> None:
        old, crisis, new = received(at - timedelta(days=4)), received(at, danger=True), received(at)
        waiting = list(reads.unfinished(cast.di.actor()))
        rows = [(reads.standing(one, at, self.site), one) for one in waiting]
        assert [one for _standing, one in reads.first_in_line(rows)] == [old, crisis, new]
