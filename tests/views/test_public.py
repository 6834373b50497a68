"""Pages for anybody: the guide keeps nothing and danger interrupts; a request is one request; help is always there."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from footbridge.care.inquiry.models import Inquiry
from footbridge.care.safety.models import Alarm
from footbridge.desks.public import worksheet
from footbridge.desks.public.limits import REQUESTS_AN_HOUR
from footbridge.desks.public.words import DANGER_SAID, LEVELS, WHY
from footbridge.engines.level_of_care import guide
from footbridge.ground.program import crisis_lines
from tests import program
from tests.cast import Cast, Member

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CALM = {
    "safety": "none", "recent": "never", "between": "yes", "trouble": "mood", "stopping": "not_using",
    "health": "none", "daily": "some_days", "home": "good", "before": "not_enough", "time": "yes",
}  # fmt: skip
REQUEST: dict[str, Any] = {
    "name_used": "Rae",
    "channel": "call",
    "phone": "312-555-0142",
    "language": "en",
    "danger": "no",
}


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def visitor(db: None) -> Client:
    return Client()


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend=BACKEND)
    return client


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def hidden(answer: Any) -> dict[str, str]:
    """The hidden fields of the page's own form: what a browser would post again."""
    found = re.findall(
        r'<input type="hidden" name="((?:a_\w+)|for|step|to|form_key)" value="([^"]*)"', answer.content.decode()
    )
    return dict(found)


def rows_everywhere() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


class TestHome:
    def test_a_visitor_finds_three_doors_and_help(self, visitor: Client) -> None:
        said = text(visitor.get(reverse("home")))
        for words in ("For me", "For someone I care about", "I am a professional", "Help now", "Exit this page"):
            assert words in said

    @pytest.mark.parametrize(
        ("who", "where"),
        [
            ("bo", "clinician:day"), ("pat", "prescriber:day"), ("di", "front_desk:list"), ("ivy", "front_desk:list"),
            ("ed", "director:home"), ("bea", "biller:days"), ("ana", "client:today"), ("flo", "family:home"),
        ],
    )  # fmt: skip
    def test_everybody_begins_on_their_own_page(self, cast: Cast, who: str, where: str) -> None:
        answer = signed_in(getattr(cast, who)).get(reverse("home"))
        assert (answer.status_code, answer["Location"]) == (302, reverse(where))

    def test_an_account_without_a_role_sees_the_start(self, cast: Cast) -> None:
        assert signed_in(cast.gus).get(reverse("home")).status_code == 200

    @pytest.mark.parametrize(
        "name", ["help_now", "how_to_hide", "public:guide", "public:what", "public:week", "public:costs",
                 "public:families", "public:insurer", "public:request", "public:request_for_other", "public:refer"],
    )  # fmt: skip
    def test_every_page_opens_for_anybody_and_leaves_nothing(self, visitor: Client, name: str) -> None:
        answer = visitor.get(reverse(name))
        assert answer.status_code == 200
        assert "sessionid" not in answer.cookies
        assert "session" not in answer.cookies
        assert "Riverside" not in re.search(r"<title>(.*?)</title>", answer.content.decode()).group(1)  # type: ignore[union-attr]

    def test_unknown_doors_are_no_pages(self, visitor: Client) -> None:
        assert visitor.get(reverse("public:door", kwargs={"who": "me"})).status_code == 200
        assert visitor.get(reverse("public:door", kwargs={"who": "all"})).status_code == 404


class TestGuide:
    def walk(self, visitor: Client, answers: dict[str, str], who: str = "self") -> Any:
        page = visitor.post(reverse("public:guide"), {"for": who})
        for question in guide.QUESTIONS:
            chosen = {"answer": answers[question.code]} if question.code in answers else {}
            page = visitor.post(reverse("public:guide"), {**hidden(page), **chosen, "go": "on" if chosen else "skip"})
        return page

    def test_to_the_end_and_nothing_is_stored(self, cast: Cast, visitor: Client) -> None:
        before = rows_everywhere()
        page = self.walk(visitor, CALM)
        said = text(page)
        assert str(LEVELS["iop"].name) in said
        assert str(WHY["before", "not_enough"]) in said
        assert "Not very." in said
        assert rows_everywhere() == before
        assert Session.objects.count() == 0
        assert set(visitor.cookies) <= {"csrftoken"}

    def test_progress_is_shown_and_wording_follows_for_whom(self, visitor: Client) -> None:
        page = visitor.post(reverse("public:guide"), {"for": "other"})
        assert f"1 of {len(guide.QUESTIONS)}" in text(page)
        assert "Is any of this true for them right now?" in text(page)
        mine = visitor.post(reverse("public:guide"), {"for": "self"})
        assert "Is any of this true right now?" in text(mine)

    def test_back_keeps_answers_even_the_one_just_given(self, visitor: Client) -> None:
        page = visitor.post(reverse("public:guide"), {"for": "self", "step": "0", "answer": "none", "go": "on"})
        page = visitor.post(reverse("public:guide"), {**hidden(page), "answer": "long_ago", "go": "back"})
        assert re.search(r'value="none"[^>]*checked', page.content.decode())
        assert hidden(page)["a_recent"] == "long_ago"
        page = visitor.post(reverse("public:guide"), {**hidden(page), "answer": "none", "go": "on"})
        assert re.search(r'value="long_ago"[^>]*checked', page.content.decode())

    def test_skipping_is_always_allowed_and_drops_the_answer(self, visitor: Client) -> None:
        page = self.walk(visitor, {})
        assert "We can’t tell from this" in text(page)
        assert "A 15-minute call can." in text(page)
        page = visitor.post(
            reverse("public:guide"), {"for": "self", "a_safety": "none", "step": "0", "answer": "none", "go": "skip"}
        )
        assert "a_safety" not in hidden(page)

    def test_nothing_chosen_says_the_mend(self, visitor: Client) -> None:
        page = visitor.post(reverse("public:guide"), {"for": "self", "step": "3", "go": "on", "a_safety": "none"})
        assert page.status_code == 422
        assert "Choose an answer, or press Skip." in text(page)
        assert hidden(page)["a_safety"] == "none"

    @pytest.mark.parametrize("who", ["self", "other"])
    @pytest.mark.parametrize("go", ["on", "back", "skip"])
    @pytest.mark.parametrize(
        ("step", "answer"),
        [(step, answer) for step, question in enumerate(guide.QUESTIONS) for answer in sorted(question.danger)],
    )
    def test_danger_interrupts_from_every_question(
        self, visitor: Client, step: int, answer: str, go: str, who: str
    ) -> None:
        page = visitor.post(
            reverse("public:guide"), {"for": who, "a_home": "good", "step": str(step), "answer": answer, "go": go}
        )
        said, html = text(page), page.content.decode()
        assert "Thank you for telling us" in said
        assert str(DANGER_SAID[answer][who == "other"]) in said
        for link in ("tel:988", "sms:988", "tel:911"):
            assert link in html
        assert "right now, continue" in said
        on = visitor.post(reverse("public:guide"), hidden(page))
        assert on.status_code == 200
        assert "Thank you for telling us" not in text(on)

    def test_danger_leads_the_result(self, visitor: Client) -> None:
        page = visitor.post(
            reverse("public:guide"),
            {
                "for": "self",
                "to": str(len(guide.QUESTIONS)),
                **{f"a_{k}": v for k, v in {**CALM, "safety": "thoughts"}.items()},
            },
        )
        said = text(page)
        assert "First: talk with someone today" in said
        assert str(LEVELS["php"].name) in said

    def test_the_language_changes_on_the_same_question_with_all_answers(self, visitor: Client) -> None:
        page = visitor.post(
            reverse("public:guide"),
            {"for": "self", "step": "1", "a_safety": "none", "answer": "never", "go": "", "language": "es"},
        )
        assert 'lang="es"' in page.content.decode()
        assert hidden(page)["a_safety"] == "none"
        assert re.search(r'value="never"[^>]*checked', page.content.decode())

    def test_made_up_posts_do_no_harm(self, visitor: Client) -> None:
        for odd in (
            {"step": "99"},
            {"step": "-1"},
            {"step": "²"},
            {"to": "x"},
            {"step": "1", "answer": "<b>"},
            {"a_x": "y"},
        ):
            assert visitor.post(reverse("public:guide"), odd).status_code in (200, 422)

    def test_every_danger_has_its_words(self) -> None:
        assert set(DANGER_SAID) == {answer for question in guide.QUESTIONS for answer in question.danger}
        assert set(WHY) == {pair for pair in {**guide.FLOORS, **guide.BURDEN} if not guide.shows_danger(*pair)}


class TestRequest:
    def send(self, visitor: Client, name: str = "public:request", **changes: Any) -> Any:
        posted = {**REQUEST, "form_key": str(uuid.uuid4()), **changes}
        return visitor.post(reverse(name), {key: value for key, value in posted.items() if value is not None})

    def test_sent_and_told_what_comes_next(self, cast: Cast, visitor: Client) -> None:
        answer = self.send(visitor, may_leave_message="yes", best_times="after 5", part_of_day="evening")
        inquiry = Inquiry.objects.get()
        assert answer.status_code == 303
        assert answer["Location"] == reverse("public:sent", kwargs={"uid": inquiry.uid})
        assert (inquiry.phone, inquiry.may_leave_message, inquiry.may_say_who_we_are) == ("+13125550142", True, False)
        assert (inquiry.for_whom, inquiry.part_of_day, inquiry.guide_answers) == ("self", "evening", {})
        said = text(visitor.get(answer["Location"]))
        assert "You hear from us by" in said
        assert "If things get worse while you wait" in said
        assert "Rae" not in said
        assert "555" not in said.replace("555-010", "")

    def test_the_thank_you_page_ends_after_a_day(self, cast: Cast, visitor: Client) -> None:
        from footbridge.care.inquiry import actions
        from footbridge.kit.access import PUBLIC

        old = actions.receive(
            for_whom="self",
            name_used="Rae",
            channel="call",
            phone="+13125550142",
            by=PUBLIC,
            at=cast_now() - timedelta(hours=25),
        )
        assert visitor.get(reverse("public:sent", kwargs={"uid": old.uid})).status_code == 404
        assert visitor.get(reverse("public:sent", kwargs={"uid": uuid.uuid4()})).status_code == 404

    def test_an_impatient_click_is_one_request(self, cast: Cast, visitor: Client) -> None:
        key = str(uuid.uuid4())
        first, second = self.send(visitor, form_key=key), self.send(visitor, form_key=key)
        assert first["Location"] == second["Location"]
        assert Inquiry.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"phone": ""}, "Leave a phone number"),
            ({"channel": "mail"}, "Leave an email address"),
            ({"name_used": ""}, "Write a name we can use"),
            ({"phone": "12"}, "Enter a phone number with its area code"),
        ],
    )
    def test_what_is_missing_is_said(self, cast: Cast, visitor: Client, changes: dict[str, str], says: str) -> None:
        answer = self.send(visitor, **changes)
        assert answer.status_code == 422
        assert says in text(answer)
        assert not Inquiry.objects.exists()

    def test_guide_answers_come_along_only_when_asked(self, cast: Cast, visitor: Client) -> None:
        carried = {"for": "self", **{f"a_{code}": value for code, value in CALM.items()}}
        page = visitor.post(reverse("public:request"), carried)
        assert "Send my answers from the guide along" in text(page)
        assert not Inquiry.objects.exists()
        fields = {**hidden(page), "form_key": str(uuid.uuid4())}
        self.send(visitor, **fields)
        assert Inquiry.objects.get().guide_answers == {}
        self.send(visitor, **{**fields, "form_key": str(uuid.uuid4())}, send_answers="on")
        assert Inquiry.objects.exclude(guide_answers={}).get().guide_answers == CALM

    def test_danger_raises_an_alarm_and_shows_help_first(self, cast: Cast, visitor: Client) -> None:
        answer = self.send(visitor, danger="yes")
        assert Alarm.objects.get().urgency == "now"
        said = text(visitor.get(answer["Location"]))
        assert "Thank you for telling us" in said
        assert said.index("Call 911") < said.index("What happens next")

    def test_danger_typed_is_heard(self, cast: Cast, visitor: Client) -> None:
        self.send(visitor, wishes="I want to die")
        assert Alarm.objects.count() == 1

    def test_for_somebody_else(self, cast: Cast, visitor: Client) -> None:
        answer = self.send(
            visitor, "public:request_for_other", phone="", asker_name="Flo", asker_relation="mother",
            asker_contact="flo@example.org", person_agrees="unknown",
        )  # fmt: skip
        assert answer.status_code == 303
        inquiry = Inquiry.objects.get()
        assert (inquiry.for_whom, inquiry.asker_name, inquiry.person_agrees) == ("other", "Flo", "unknown")

    def test_machines_are_let_go_and_floods_are_slowed_but_danger_is_not(self, cast: Cast, visitor: Client) -> None:
        assert self.send(visitor, website="http://spam.example").status_code == 303
        assert not Inquiry.objects.exists()
        for _number in range(REQUESTS_AN_HOUR):
            assert self.send(visitor).status_code == 303
        slowed = self.send(visitor)
        assert slowed.status_code == 429
        assert "Please call us" in text(slowed)
        assert self.send(visitor, danger="yes").status_code == 303

    def test_refer(self, cast: Cast, visitor: Client) -> None:
        answer = self.send(
            visitor, "public:refer", danger=None, asker_name="Dr. Vance", asker_relation="Social worker",
            source_name="Lakeside Hospital", source_kind="hospital", asker_contact="555-010-0177", person_agrees="yes",
            soon="priority", wishes="Leaves on Friday after nine days.",
        )  # fmt: skip
        assert answer.status_code == 303
        inquiry = Inquiry.objects.select_related("source").get()
        assert (inquiry.for_whom, inquiry.triage, inquiry.person_agrees) == ("professional", "priority", "yes")
        assert inquiry.source is not None
        assert inquiry.source.name == "Lakeside Hospital"

    def test_a_referral_without_agreement_says_so(self, cast: Cast, visitor: Client) -> None:
        answer = self.send(visitor, "public:refer", danger=None)
        assert answer.status_code == 422


def cast_now() -> Any:
    from django.utils import timezone

    return timezone.now()


class TestPages:
    def test_the_week_shows_the_real_tracks(self, cast: Cast, visitor: Client) -> None:
        week = program.load(cast)
        said = text(visitor.get(reverse("public:week")))
        for track in week.program.tracks.all():
            assert track.name in said
        assert "Process group" in said or "process group" in said
        assert "Lindqvist" not in said

    def test_help_names_every_line_of_the_table(self, visitor: Client) -> None:
        html = visitor.get(reverse("help_now")).content.decode()
        for line in crisis_lines.lines():
            if line.call:
                assert f'href="tel:{line.tel}"' in html
            if line.text:
                assert f'href="sms:{line.text}"' in html
        assert "press 2" in text(visitor.get(reverse("help_now")))

    def test_costs_say_range_source_and_date(self, visitor: Client) -> None:
        said = text(visitor.get(reverse("public:costs")))
        assert "$200 to $300 per session" in said
        assert "$350 to $450 per day" in said
        assert "$500 to $800 per day" in said
        assert "general, USA, 2023" in said

    def test_the_worksheet_shows_its_arithmetic_and_keeps_nothing(self, cast: Cast, visitor: Client) -> None:
        before = rows_everywhere()
        answer = visitor.post(
            reverse("public:costs"),
            {
                "care": "iop",
                "days_a_week": "3",
                "weeks": "8",
                "percent": "20",
                "deductible_left": "500",
                "most": "1500",
            },
        )
        said = text(answer)
        assert answer.status_code == 200
        assert "24 × $200 = $4,800" in said
        assert "20% × $4,300 = $860" in said
        assert "You may pay about $1,360 to $1,500." in said
        assert rows_everywhere() == before

    def test_arithmetic(self) -> None:
        found = worksheet.estimate(
            weeks=2, days_a_week=3, price_low=100, price_high=250, percent=33, deductible_left=700, most=None
        )
        assert (found.low.bill, found.low.deductible, found.low.rest, found.low.you_pay) == (60000, 60000, 0, 60000)
        assert (found.high.bill, found.high.deductible, found.high.rest, found.high.share) == (
            150000,
            70000,
            80000,
            26400,
        )
        assert (found.high.you_pay, found.high.capped) == (96400, False)
        assert worksheet.dollars(96450) == "$964.50"
