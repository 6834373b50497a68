"""The desk's list, the inquiry page and the papers: promises first, safe contact in sight, strangers see nothing."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.inquiry import actions
from footbridge.care.inquiry.models import ContactAttempt, Inquiry, InquiryClosed, Waiting
from footbridge.care.safety.models import Alarm
from footbridge.ground.consent.models import Consent
from footbridge.ground.coverage.models import BenefitCheck, Coverage
from footbridge.kit.access import PUBLIC
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.cast import Cast, Member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STRANGERS = ("bo", "cy", "pat", "bea", "ana", "flo", "gus")


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend=BACKEND)
    return client


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def asked(name: str = "Rae", at: datetime | None = None, **changes: Any) -> Inquiry:
    given = {"for_whom": "self", "name_used": name, "channel": "call", "phone": "+13125550142", **changes}
    return actions.receive(by=PUBLIC, at=at or timezone.now(), **given)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.di)


class TestList:
    def test_an_empty_list_says_what_why_and_one_action(self, desk: Client) -> None:
        said = text(desk.get(reverse("front_desk:list")))
        assert "Inbox clear." in said
        assert "Write down a call" in said

    def test_the_broken_promise_comes_first(self, cast: Cast, desk: Client) -> None:
        now = timezone.now()
        asked("Fresh", now)
        asked("Forgotten", now - timedelta(days=9))
        asked("Crisis", now, danger=True)
        said = text(desk.get(reverse("front_desk:list")))
        assert said.index("Forgotten") < said.index("Crisis") < said.index("Fresh")
        assert "1 promise is broken." in said

    def test_filters_follow_the_way(self, cast: Cast, desk: Client) -> None:
        now, di = timezone.now(), cast.di.actor()
        asked("Newone")
        reached, waits, taken, gone = (asked(name) for name in ("Reached", "Waits", "Taken", "Gone"))
        actions.attempt_contact(reached, channel="call", outcome="reached", by=di, at=now)
        actions.wait(waits, reason="full", next_action="Call about evenings", next_on=date(2099, 1, 5), by=di, at=now)
        actions.take_up(taken, legal_name="Tara Taken", by=di, at=now)
        actions.close(gone, because="declined", by=di, at=now)
        names = {"Newone", "Reached", "Waits", "Taken", "Gone"}
        for show, here in {
            "open": names - {"Gone"}, "new": {"Newone"}, "contacted": {"Reached"}, "waiting": {"Waits"},
            "taken_up": {"Taken"}, "screened": set(), "closed": {"Gone"}, "nonsense": names - {"Gone"},
        }.items():  # fmt: skip
            html = desk.get(reverse("front_desk:list"), {"show": show}).content.decode()
            assert {name for name in names if f">{name}</a>" in html} == here, show
        assert "Call about evenings" in text(desk.get(reverse("front_desk:list"), {"show": "waiting"}))

    def test_the_same_queries_for_one_row_and_three(self, cast: Cast, desk: Client) -> None:
        def queries() -> int:
            desk.get(reverse("front_desk:list"))  # the headline is worked out once after each change
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(reverse("front_desk:list")).status_code == 200
            return len(seen)

        asked("One")
        one = queries()
        two, three = asked("Two"), asked("Three")
        actions.attempt_contact(two, channel="call", outcome="no_answer", by=cast.di.actor(), at=timezone.now())
        actions.take_up(three, legal_name="Three Threes", by=cast.ivy.actor(), at=timezone.now())
        assert queries() == one

    @pytest.mark.parametrize("who", STRANGERS)
    def test_others_see_no_list(self, cast: Cast, who: str) -> None:
        assert signed_in(getattr(cast, who)).get(reverse("front_desk:list")).status_code == 404

    def test_visitors_are_asked_to_sign_in(self, cast: Cast) -> None:
        assert Client().get(reverse("front_desk:list")).status_code == 302


class TestInquiry:
    def url(self, inquiry: Inquiry, page: str = "show") -> str:
        return reverse(f"inquiry:{page}", kwargs={"uid": inquiry.uid})

    def test_safe_contact_is_in_sight_on_every_page(self, cast: Cast, desk: Client) -> None:
        inquiry = asked(best_times="after 5")
        for page in ("show", "urgency", "episode", "waiting", "closing"):
            said = text(desk.get(self.url(inquiry, page)))
            assert "Do not leave a message" in said
            assert "Do not say who we are" in said
            assert "after 5" in said
        assert Act.objects.filter(verb="chart.looked", about_uid=inquiry.uid).exists()

    @pytest.mark.parametrize("page", ["show", "attempts", "urgency", "episode", "waiting", "closing"])
    def test_strangers_get_404(self, cast: Cast, page: str) -> None:
        inquiry = asked()
        for who in STRANGERS:
            client = signed_in(getattr(cast, who))
            assert client.get(self.url(inquiry, page)).status_code == 404
            assert client.post(self.url(inquiry, page), {}).status_code == 404

    def test_log_a_try(self, cast: Cast, desk: Client) -> None:
        inquiry = asked()
        answer = desk.post(
            self.url(inquiry, "attempts"), {"channel": "call", "outcome": "reached", "note": "wants evenings"}
        )
        assert answer.status_code == 303
        assert ContactAttempt.objects.get().by == cast.di.staff
        assert "wants evenings" in text(desk.get(self.url(inquiry)))

    def test_a_message_against_their_wish_is_refused_without_a_reason(self, cast: Cast, desk: Client) -> None:
        inquiry = asked()
        answer = desk.post(self.url(inquiry, "attempts"), {"channel": "call", "outcome": "message"})
        assert answer.status_code == 422
        assert "They asked us not to leave messages" in text(answer)

    def test_urgency(self, cast: Cast, desk: Client) -> None:
        inquiry = asked()
        assert desk.post(self.url(inquiry, "urgency"), {"triage": "crisis", "reason": ""}).status_code == 422
        assert desk.post(self.url(inquiry, "urgency"), {"triage": "crisis", "reason": "said so"}).status_code == 303
        assert Alarm.objects.count() == 1

    def test_take_up_a_new_client(self, cast: Cast, desk: Client) -> None:
        inquiry = asked()
        assert desk.post(self.url(inquiry, "episode"), {"client": "new", "legal_name": ""}).status_code == 422
        answer = desk.post(self.url(inquiry, "episode"), {"client": "new", "legal_name": "Rachel Moss"})
        assert answer.status_code == 303
        inquiry.refresh_from_db()
        assert inquiry.episode is not None
        said = text(desk.get(self.url(inquiry)))
        assert "Rachel Moss" in said
        assert "Coverage and consents" in said

    def test_somebody_known_is_shown_and_refused_while_in_care(self, cast: Cast, desk: Client) -> None:
        inquiry = asked("Ana", legal_name="Ana Soto", born_on=date(1994, 5, 17))
        page = desk.get(self.url(inquiry, "episode"))
        assert "same birth date" in text(page)
        answer = desk.post(self.url(inquiry, "episode"), {"client": str(cast.ana.client.uid), "legal_name": "Ana Soto"})
        assert answer.status_code == 422
        assert "in care already" in text(answer)

    def test_waiting_list_and_off_again(self, cast: Cast, desk: Client) -> None:
        inquiry = asked()
        words = {"waits_because": "no_place", "next_action": "call", "next_on": "2099-01-05"}
        assert desk.post(self.url(inquiry, "waiting"), {**words, "waits_because": "other"}).status_code == 422
        assert desk.post(self.url(inquiry, "waiting"), {**words, "next_on": "2001-01-05"}).status_code == 422
        assert desk.post(self.url(inquiry, "waiting"), words).status_code == 303
        assert "Waiting list. Next: call" in text(desk.get(self.url(inquiry)))
        assert desk.post(self.url(inquiry, "waiting"), {"end": "1", "because": "wish"}).status_code == 303
        assert not Waiting.objects.filter(ended_at__isnull=True).exists()

    def test_close(self, cast: Cast, desk: Client) -> None:
        inquiry = asked()
        assert desk.post(self.url(inquiry, "closing"), {"because": "referred_out"}).status_code == 422
        assert desk.post(self.url(inquiry, "closing"), {"because": "declined", "note": "not now"}).status_code == 303
        assert InquiryClosed.objects.get().note == "not now"
        assert "Log a call or message" not in text(desk.get(self.url(inquiry)))

    def test_closing_as_already_known_says_who_and_their_team_sees_the_alarm(self, cast: Cast, desk: Client) -> None:
        inquiry = asked("Ana", danger=True, legal_name="Ana Soto")
        assert cast.ana.client.number in text(desk.get(self.url(inquiry, "closing")))
        refused = desk.post(self.url(inquiry, "closing"), {"because": "duplicate"})
        assert refused.status_code == 422 and "Say whose record it is" in text(refused)
        assert "No client has this" in text(desk.post(self.url(inquiry, "closing"), {"because": "duplicate", "client": "nobody"}))
        assert desk.post(self.url(inquiry, "closing"), {"because": "duplicate", "client": cast.ana.client.number}).status_code == 303
        assert Alarm.objects.get().client == cast.ana.client

    def test_guide_answers_are_read_in_words(self, cast: Cast, desk: Client) -> None:
        inquiry = asked(guide_answers={"recent": "lately", "home": "good"})
        said = text(desk.get(self.url(inquiry)))
        assert "Yes, in the last three months" in said
        assert "Danger" in said

    def test_a_call_written_down(self, cast: Cast, desk: Client) -> None:
        posted = {
            "form_key": str(uuid.uuid4()), "for_whom": "self", "name_used": "Lou", "channel": "call",
            "phone": "312-555-0144", "language": "es", "danger": "no", "person_agrees": "unknown",
            "source_kind": "hospital", "source_name": "Lakeside",
        }  # fmt: skip
        first, second = (desk.post(reverse("front_desk:call_taken"), posted) for _click in range(2))
        assert first.status_code == 303
        assert first["Location"] == second["Location"]
        inquiry = Inquiry.objects.get()
        assert (inquiry.language, inquiry.source.name) == ("es", "Lakeside")  # type: ignore[union-attr]
        assert Act.objects.get(verb="inquiry.received").by_id == cast.di.user.pk


class TestPapers:
    def url(self, cast: Cast, page: str = "papers", **more: Any) -> str:
        return reverse(f"front_desk:{page}", kwargs={"uid": cast.ana.episode.uid, **more})

    def test_empty_and_then_full(self, cast: Cast, desk: Client) -> None:
        said = text(desk.get(self.url(cast)))
        assert "Nothing recorded yet." in said
        assert "No consent yet." in said
        coverage = {
            "kind": "commercial",
            "payer": "Lakeside Health",
            "member_number": "A1",
            "covered_from": "2026-01-01",
        }
        for _click in range(2):
            assert desk.post(self.url(cast, "coverage"), coverage).status_code == 303
        held = Coverage.objects.get()
        check = {
            "coverage": str(held.pk),
            "status": "active",
            "iop_covered": "yes",
            "needs_authorisation": "yes",
            "copay": "25.50",
        }
        for _click in range(2):
            assert desk.post(self.url(cast, "benefits"), check).status_code == 303
        assert BenefitCheck.objects.get().copay_cents == 2550
        consent = {"kind": "treatment", "signed_name": "Ana Soto", "how": "paper"}
        for _click in range(2):
            assert desk.post(self.url(cast, "consents"), consent).status_code == 303
        given = Consent.objects.get()
        assert given.witnessed_by == cast.di.staff
        said = text(desk.get(self.url(cast)))
        for words in ("Lakeside Health", "copay $25.50", "Treatment in this program", "In force"):
            assert words in said
        assert desk.post(self.url(cast, "revoke", consent_uid=given.uid), {"how": "by phone"}).status_code == 303
        assert desk.post(self.url(cast, "revoke", consent_uid=given.uid), {"how": "by phone"}).status_code == 422
        assert "Taken back" in text(desk.get(self.url(cast)))

    def test_who_pays_alone_is_told_what_it_costs_and_what_is_theirs(self, cast: Cast, desk: Client) -> None:
        way.track()
        assert "What it costs without insurance" not in text(desk.get(self.url(cast)))
        assert desk.post(self.url(cast, "coverage"), {"kind": "self_pay", "covered_from": "2026-01-01"}).status_code == 303
        said = text(desk.get(self.url(cast)))
        for words in ("$600–$900", "$4,800–$7,200", "not the price of this program", "good-faith estimate", "45 CFR 149.610"):
            assert words in said
        assert "Record a benefit check" not in said

    def test_what_is_missing_is_said(self, cast: Cast, desk: Client) -> None:
        answer = desk.post(self.url(cast, "coverage"), {"kind": "commercial", "covered_from": "2026-01-01"})
        assert answer.status_code == 422
        assert "Write the name of the health plan" in text(answer)
        answer = desk.post(self.url(cast, "consents"), {"kind": "disclosure", "signed_name": "Ana", "how": "paper"})
        assert answer.status_code == 422
        assert "Write who may receive it." in text(answer)
        assert not Consent.objects.exists()

    @pytest.mark.parametrize("page", ["papers", "coverage", "benefits", "consents"])
    def test_strangers_get_404(self, cast: Cast, page: str) -> None:
        for who in STRANGERS:
            assert signed_in(getattr(cast, who)).get(self.url(cast, page)).status_code == 404

    def test_another_clients_consent_is_not_there(self, cast: Cast, desk: Client) -> None:
        desk.post(self.url(cast, "consents"), {"kind": "treatment", "signed_name": "Ana Soto", "how": "paper"})
        url = reverse(
            "front_desk:revoke", kwargs={"uid": cast.max.episode.uid, "consent_uid": Consent.objects.get().uid}
        )
        assert desk.get(url).status_code == 404
