"""Pages of a hand-off and of the list of other programs: the nearest fitting first, open until they have arrived."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.inquiry import actions as inquiries
from footbridge.care.inquiry.models import InquiryClosed
from footbridge.care.transitions.hand_offs import actions
from footbridge.care.transitions.hand_offs.models import HandOff
from footbridge.ground.elsewhere import actions as elsewhere
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.cast import Cast
from tests.views.test_front_desk import STRANGERS, asked, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.di)


def listed(cast: Cast, name: str, levels: list[str], **more: object) -> OtherProgram:
    return elsewhere.keep({"name": name, "phone": "+13125550160", "levels": levels, **more}, by=cast.di.actor(timezone.now()), at=timezone.now())


def begun(cast: Cast, name: str = "Rae") -> HandOff:
    program = listed(cast, f"Place of {name}", ["php"], contact="Sam")
    return actions.hand_over(asked(name), level="php", why="level", program=program, by=cast.di.actor(timezone.now()), at=timezone.now())


class TestBegin:
    def url(self, request: object) -> str:
        return reverse("hand_offs:from_request", kwargs={"uid": request.uid})  # type: ignore[attr-defined]

    def test_the_nearest_fitting_come_first_and_what_is_known_is_filled_in(self, cast: Cast, desk: Client) -> None:
        way.track()
        listed(cast, "Far Spanish", ["php"], languages=["es"], miles={"main": 20})
        listed(cast, "Near English", ["php"], languages=["en"], miles={"main": 2})
        listed(cast, "Only weekly", ["outpatient"])
        request = asked(language="es", guide_answers={"between": "yes", "daily": "most_days", "health": "none", "home": "good", "before": "none", "stopping": "not_using"})
        html = desk.get(self.url(request)).content.decode()
        assert html.index("Far Spanish") < html.index("Near English")
        assert "Only weekly" not in html
        assert '<option value="php" selected>' in html
        html = desk.get(self.url(request), {"level": "outpatient"}).content.decode()
        assert "Only weekly" in html
        assert "Far Spanish" not in html

    def test_every_field_of_the_page_has_an_id_of_its_own(self, cast: Cast, desk: Client) -> None:
        html = desk.get(reverse("hand_offs:from_request", kwargs={"uid": asked("Rae").uid})).content.decode()
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert sorted(set(ids)) == sorted(ids)

    def test_three_actions_from_the_request_to_an_open_hand_off(self, cast: Cast, desk: Client) -> None:
        """Open the page (1), choose a program (2) and a reason (3), begin (4): four, and nothing typed."""
        request, program = asked(), listed(cast, "Lakeside", ["php"])
        answer = desk.post(self.url(request), {"to": str(program.uid), "level": "php", "why": "level"})
        row = HandOff.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, reverse("hand_offs:show", kwargs={"uid": row.uid}))
        assert InquiryClosed.objects.filter(inquiry=request, because="referred_out").exists()
        assert desk.get(self.url(request))["Location"] == answer["Location"]

    def test_a_refusal_keeps_what_was_typed(self, cast: Cast, desk: Client) -> None:
        request = asked()
        answer = desk.post(self.url(request), {"to": "elsewhere", "to_name": "St. Anne", "level": "php", "why": "level", "words": "Closer"})
        assert answer.status_code == 422
        assert "St. Anne" in answer.content.decode()
        assert "a hand-off begins with a call" in text(answer)
        assert not InquiryClosed.objects.exists()

    def test_closing_a_request_leads_here_and_no_longer_sends_anybody_away(self, cast: Cast, desk: Client) -> None:
        request = asked()
        html = desk.get(reverse("inquiry:closing", kwargs={"uid": request.uid})).content.decode()
        assert self.url(request) in html
        assert "referred_out" not in html

    @pytest.mark.parametrize("who", STRANGERS)
    def test_strangers_get_404(self, cast: Cast, who: str) -> None:
        other = signed_in(getattr(cast, who))
        row = begun(cast)
        for method in ("get", "post"):
            assert getattr(other, method)(self.url(row.inquiry)).status_code == 404
            for page in ("show", "agree", "owner", "end", "letter", "for_them"):
                assert getattr(other, method)(reverse(f"hand_offs:{page}", kwargs={"uid": row.uid})).status_code == 404


class TestWork:
    def url(self, row: HandOff, page: str = "show") -> str:
        return reverse(f"hand_offs:{page}", kwargs={"uid": row.uid})

    def test_safe_contact_and_the_clock_are_in_sight_on_every_page(self, cast: Cast, desk: Client) -> None:
        row = begun(cast)
        for page in ("show", "agree", "owner", "end"):
            said = text(desk.get(self.url(row, page)))
            assert "Do not leave a message" in said
            assert "Next: Call there and speak with somebody by name, by" in said
        assert Act.objects.filter(verb="chart.looked", about_uid=row.uid).exists()

    def test_from_the_call_to_the_arrival(self, cast: Cast, desk: Client) -> None:
        row = begun(cast)
        refused = desk.post(self.url(row), {"kind": "spoke_there", "with_name": "Sam"})
        assert refused.status_code == 422
        assert "have not agreed" in text(refused)
        assert 'value="Sam"' in refused.content.decode()
        assert desk.get(self.url(row, "letter")).status_code == 303
        assert desk.post(self.url(row, "agree"), {"data_classes": ["directory"], "signed_name": "Rae", "how": "paper"}).status_code == 303
        assert desk.post(self.url(row), {"kind": "spoke_there", "with_name": "Sam"}).status_code == 303
        letter = desk.get(self.url(row, "letter"))
        assert (letter["Content-Type"], letter.content[:4]) == ("application/pdf", b"%PDF")
        assert desk.get(self.url(row, "for_them")).content[:4] == b"%PDF"
        when = timezone.now() + timedelta(days=1)
        assert desk.post(self.url(row), {"kind": "appointment", "appointment_at": f"{when:%Y-%m-%dT%H:%M}"}).status_code == 303
        said = text(desk.get(self.url(row)))
        assert "Ask whether they arrived" in said
        assert "Spoke with somebody there · Sam" in said
        assert desk.post(self.url(row, "end"), {"how": "arrived"}).status_code == 422
        day = timezone.now().date() - timedelta(days=1)
        done = {"how": "arrived", "with_name": "Sam", "arrived_on": f"{day:%Y-%m-%d}"}
        assert desk.post(self.url(row, "end"), done).status_code == 303
        assert "Arrived there" in text(desk.get(self.url(row)))
        assert "Write it down" not in text(desk.get(self.url(row)))

    def test_no_letter_leaves_a_hand_off_that_has_ended(self, cast: Cast, desk: Client) -> None:
        row, at = begun(cast), timezone.now()
        desk.post(self.url(row, "agree"), {"data_classes": ["directory"], "signed_name": "Rae", "how": "paper"})
        assert desk.get(self.url(row, "letter")).status_code == 200
        actions.end(row, how="declined", note="Rae: not now.", lines_given=True, by=cast.di.actor(at), at=at)
        assert desk.get(self.url(row, "letter")).status_code == 303

    def test_agreement_can_be_taken_back_here(self, cast: Cast, desk: Client) -> None:
        row = begun(cast)
        desk.post(self.url(row, "agree"), {"data_classes": ["directory"], "signed_name": "Rae", "how": "paper"})
        assert "They take it back" in text(desk.get(self.url(row, "agree")))
        desk.post(self.url(row, "agree"), {"back": "1"})
        assert "Nothing yet" in text(desk.get(self.url(row)))

    def test_the_list_leads_with_the_late_and_keeps_its_query_count(self, cast: Cast, desk: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(reverse("hand_offs:list")).status_code == 200
            return len(seen)

        begun(cast, "One")
        desk.get(reverse("hand_offs:list"))
        one = queries()
        begun(cast, "Two")
        begun(cast, "Three")
        assert queries() == one
        for show in ("open", "mine", "ended", "nonsense"):
            assert desk.get(reverse("hand_offs:list"), {"show": show}).status_code == 200

    def test_a_chart_leads_here_until_somebody_is_admitted(self, cast: Cast) -> None:
        way.decided(cast)
        ivy = signed_in(cast.ivy)
        url = reverse("hand_offs:from_episode", kwargs={"uid": cast.ana.episode.uid})
        for page in ("placement:show", "screening:show"):
            assert url in ivy.get(reverse(page, kwargs={"uid": cast.ana.episode.uid})).content.decode()
        assert "Ana" in text(ivy.get(url))


class TestPrograms:
    GOOD = {"name": "Lakeside", "phone": "312 555 0160", "levels": ["php"], "conditions": ["mood"], "sliding_fee": "yes", "wait_days": "4"}

    def test_add_change_check_end(self, cast: Cast, desk: Client) -> None:
        way.track()
        assert desk.post(reverse("front_desk:elsewhere_add"), {**self.GOOD, "miles_main": "4"}).status_code == 303
        row = OtherProgram.objects.get()
        assert (row.phone, row.miles, row.sliding_fee, row.wait_days) == ("+13125550160", {"main": 4}, True, 4)
        assert "Lakeside" in text(desk.get(reverse("front_desk:elsewhere")))
        of = {"uid": row.uid}
        assert 'value="4"' in desk.get(reverse("front_desk:elsewhere_change", kwargs=of)).content.decode()
        desk.post(reverse("front_desk:elsewhere_change", kwargs=of), {**self.GOOD, "name": "Lakeside Center"})
        row.refresh_from_db()
        assert (row.name, row.miles) == ("Lakeside Center", {})
        assert desk.post(reverse("front_desk:elsewhere_checked", kwargs=of)).status_code == 303
        assert desk.post(reverse("front_desk:elsewhere_ended", kwargs=of)).status_code == 303
        assert "No other program yet." in text(desk.get(reverse("front_desk:elsewhere")))

    def test_what_is_missing_is_named_and_nothing_is_kept(self, cast: Cast, desk: Client) -> None:
        answer = desk.post(reverse("front_desk:elsewhere_add"), {"name": "Lakeside"})
        assert answer.status_code == 422
        assert "Levels of care it gives" in text(answer)
        assert not OtherProgram.objects.exists()

    def test_a_file(self, cast: Cast, desk: Client) -> None:
        url = reverse("front_desk:elsewhere_file")
        bad = desk.post(url, {"file": SimpleUploadedFile("a.csv", b"name,phone,levels\nA,1,spa\n")})
        assert bad.status_code == 422
        assert "Row 2, levels: “spa” is none of" in text(bad)
        assert desk.post(url, {"file": SimpleUploadedFile("a.csv", b"name,phone,levels\nA,1,php\n")}).status_code == 303
        assert OtherProgram.objects.get().name == "A"

    def test_the_same_queries_for_one_row_and_three(self, cast: Cast, desk: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert desk.get(reverse("front_desk:elsewhere")).status_code == 200
            return len(seen)

        listed(cast, "One", ["php"])
        desk.get(reverse("front_desk:elsewhere"))
        one = queries()
        listed(cast, "Two", ["php"])
        listed(cast, "Three", ["iop"], miles={"main": 3})
        assert queries() == one

    @pytest.mark.parametrize("who", ["bea", "ana", "flo", "gus"])
    def test_strangers_get_404(self, cast: Cast, who: str) -> None:
        assert signed_in(getattr(cast, who)).get(reverse("front_desk:elsewhere")).status_code == 404

    def test_a_therapist_reads_and_does_not_keep(self, cast: Cast) -> None:
        bo, row = signed_in(cast.bo), listed(cast, "Lakeside", ["php"])
        assert "Take off" not in text(bo.get(reverse("front_desk:elsewhere")))
        assert bo.post(reverse("front_desk:elsewhere_ended", kwargs={"uid": row.uid})).status_code == 404


def test_a_request_opened_again_leads_the_desk_to_all_that_is_known(cast: Cast, desk: Client) -> None:
    row = begun(cast)
    desk.post(reverse("hand_offs:end", kwargs={"uid": row.uid}), {"how": "back", "note": "Full there."})
    again = inquiries.Inquiry.objects.exclude(pk=row.inquiry_id).get()
    assert "Full there." in text(desk.get(reverse("inquiry:show", kwargs={"uid": again.uid})))
