"""The answer is "not here": somebody is handed over, and it stays open until they have arrived."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from footbridge.care.inquiry import actions as inquiries
from footbridge.care.inquiry.models import Inquiry, InquiryClosed
from footbridge.care.placement import actions as placement
from footbridge.care.transitions import actions as transitions
from footbridge.care.transitions.hand_offs import actions, letter, reads
from footbridge.care.transitions.hand_offs.models import HandOff, HandOffStep
from footbridge.care.transitions.models import Arrival
from footbridge.ground.consent import actions as consents
from footbridge.ground.consent.models import Consent
from footbridge.ground.elsewhere import actions as elsewhere
from footbridge.ground.elsewhere import reading
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.people import actions as people
from footbridge.kit.access import PUBLIC, SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from tests.actions import way
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def lakeside(cast: Cast, **more: object) -> OtherProgram:
    facts = {"name": "Lakeside Day Program", "phone": "+13125550160", "levels": ["php", "inpatient"], "populations": ["adult"], "miles": {"main": 4}, **more}
    return elsewhere.keep(facts, by=cast.ivy.actor(), at=NOW)


def asked(name: str = "Rae", at: datetime = NOW, **more: object) -> Inquiry:
    given = {"for_whom": "self", "name_used": name, "channel": "call", "phone": "+13125550142", "form_key": uuid4(), **more}
    return inquiries.receive(**given, by=PUBLIC, at=at)


def begun(cast: Cast, subject: object = None, **more: object) -> HandOff:
    given = {"level": "php", "why": "level", "program": lakeside(cast), **more}
    return actions.hand_over(subject or asked(), **given, by=cast.ivy.actor(), at=NOW)


def agreed(cast: Cast, row: HandOff, *classes: str) -> None:
    actions.agree(row, data_classes=classes or ("directory",), signed_name="Rae", how="paper", by=cast.ivy.actor(), at=NOW)


class TestBegin:
    def test_a_request_is_closed_and_the_hand_off_has_an_owner_a_next_thing_and_a_clock(self, cast: Cast) -> None:
        request = asked()
        row = begun(cast, request)
        assert InquiryClosed.objects.get(inquiry=request).referred_to == "Lakeside Day Program, +13125550160"
        assert (row.owner, row.came_from, row.ended_at) == (cast.ivy.staff, "inquiry", None)
        assert row.next_action == "Call there and speak with somebody by name"
        assert row.next_at > NOW
        assert Act.objects.filter(verb="hand_off.begun", about_uid=request.uid, detail__to="Lakeside Day Program").exists()

    # Office hours end three hours after NOW: the fourth hour of an urgent one is the first of the next morning.
    @pytest.mark.parametrize(("triage", "level", "hours"), [("crisis", "inpatient", 1), ("urgent", "php", 18), ("standard", "inpatient", 1), ("standard", "withdrawal", 1)])
    def test_the_more_urgent_the_sooner_the_first_call(self, cast: Cast, triage: str, level: str, hours: int) -> None:
        request = asked()
        inquiries.triage(request, triage=triage, reason="said so", by=cast.ivy.actor(), at=NOW)
        row = begun(cast, request, level=level)
        assert row.next_at == NOW + timedelta(hours=hours)

    @pytest.mark.parametrize(("level", "hours"), [("withdrawal", 2), ("inpatient", 2), ("php", None)])
    def test_who_needs_a_hospital_is_asked_after_within_hours_at_night_too(self, cast: Cast, level: str, hours: int | None) -> None:
        row, night = begun(cast, level=level), NOW + timedelta(hours=9)
        agreed(cast, row)
        actions.step(row, kind="spoke_there", with_name="Nurse Okoye", by=cast.ivy.actor(), at=night)
        row.refresh_from_db()
        assert (row.next_at == night + timedelta(hours=2)) == (hours is not None)

    def test_who_needs_withdrawal_management_goes_there_past_the_alarm_that_says_so(self, cast: Cast, at: datetime) -> None:
        way.assessed(cast)
        placement.assess(cast.ana.episode, way.RATINGS | {"withdrawal": (3, "Tremor; a seizure before.")}, by=cast.ivy.actor(), at=at)
        with pytest.raises(actions.CannotHandOver, match="open alarm"):
            begun(cast, cast.ana.episode, level="php")
        assert begun(cast, cast.ana.episode, level="withdrawal").level == "withdrawal"

    def test_two_clicks_are_one_and_another_place_must_wait_for_the_first(self, cast: Cast) -> None:
        request = asked()
        row = begun(cast, request)
        assert begun(cast, request) == row
        with pytest.raises(actions.CannotHandOver, match="open hand-off to Lakeside"):
            begun(cast, request, program=None, to_name="Elsewhere", to_phone="312 555 0161")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"program": None}, "to_name"),
            ({"program": None, "to_name": "Somewhere"}, "to_phone"),
            ({"why": "other"}, "words"),
        ],
    )
    def test_it_must_be_known_where_to_and_why(self, cast: Cast, changes: dict[str, object], field: str) -> None:
        request = asked()
        with pytest.raises(actions.CannotHandOver) as refused:
            begun(cast, request, **changes)
        assert refused.value.field == field
        assert not HandOff.objects.exists()
        assert not InquiryClosed.objects.exists()

    def test_danger_comes_first_unless_they_go_where_danger_is_met(self, cast: Cast) -> None:
        request = asked(danger=True)
        with pytest.raises(actions.CannotHandOver, match="open alarm"):
            begun(cast, request)
        assert not HandOff.objects.exists()
        assert begun(cast, request, level="inpatient").level == "inpatient"

    def test_after_the_screening_or_the_decision_the_episode_stays_open(self, cast: Cast) -> None:
        way.screened(cast)
        row = begun(cast, cast.ana.episode)
        assert row.came_from == "screening"
        cast.ana.episode.refresh_from_db()
        assert cast.ana.episode.ended_at is None
        assert row.client == cast.ana.client

    def test_after_a_decision_it_says_so(self, cast: Cast) -> None:
        way.decided(cast)
        assert begun(cast, cast.ana.episode).came_from == "placement"

    def test_a_step_to_another_place_is_handed_over_with_its_first_visit(self, cast: Cast) -> None:
        way.admitted(cast)
        step = transitions.step(
            cast.ana.episode, kind="step_down", to_level="outpatient", why="Better.", effective_on=date(2026, 11, 9), next_provider="Dr. Example",
            by=cast.bo.actor(), at=NOW,
        )  # fmt: skip
        row = actions.hand_over(
            cast.ana.episode, level="outpatient", why="step", to_name="Dr. Example", to_phone="312 555 0162", by=cast.bo.actor(), at=NOW
        )
        assert (row.transition, row.came_from) == (step, "transition")

    @pytest.mark.parametrize("who", ["bo", "pat", "bea", "ana", "flo", "gus"])
    def test_others_may_not(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            actions.hand_over(asked(), level="php", why="level", program=lakeside(cast), by=getattr(cast, who).actor(), at=NOW)

    def test_a_therapist_only_for_their_own_client_and_the_desk_only_until_admission(self, cast: Cast) -> None:
        program = lakeside(cast)
        for who, whose in (("cy", cast.ana), ("pat", cast.ana)):
            with pytest.raises(NotYours):
                actions.hand_over(whose.episode, level="php", why="level", program=program, by=getattr(cast, who).actor(), at=NOW)
        way.admitted(cast)
        with pytest.raises(NotYours):
            actions.hand_over(cast.ana.episode, level="php", why="level", program=program, by=cast.di.actor(), at=NOW)
        assert actions.hand_over(cast.ana.episode, level="php", why="level", program=program, by=cast.bo.actor(), at=NOW).owner == cast.bo.staff


class TestSteps:
    def test_a_warm_hand_off_has_a_name_and_either_agreement_or_the_person_on_the_line(self, cast: Cast) -> None:
        row, ivy = begun(cast), cast.ivy.actor()
        with pytest.raises(actions.CannotStep) as refused:
            actions.step(row, kind="spoke_there", by=ivy, at=NOW)
        assert refused.value.field == "with_name"
        with pytest.raises(actions.CannotStep, match="have not agreed"):
            actions.step(row, kind="spoke_there", with_name="Sam", by=ivy, at=NOW)
        assert actions.step(row, kind="spoke_there", with_name="Sam", on_the_line=True, by=ivy, at=NOW).on_the_line
        agreed(cast, row)
        assert actions.step(row, kind="spoke_there", with_name="Sam", by=ivy, at=LATER).pk
        assert row.next_action == "Make the appointment"

    def test_no_letter_without_agreement_and_none_after_it_is_taken_back(self, cast: Cast) -> None:
        row, ivy = begun(cast), cast.ivy.actor()
        with pytest.raises(actions.CannotStep, match="have not agreed"):
            actions.step(row, kind="letter", by=ivy, at=NOW)
        agreed(cast, row)
        actions.step(row, kind="letter", by=ivy, at=NOW)
        actions.take_back(row, by=ivy, at=LATER)
        with pytest.raises(actions.CannotStep, match="have not agreed"):
            actions.step(row, kind="letter", by=ivy, at=LATER)

    def test_the_day_after_the_appointment_somebody_asks_whether_they_arrived(self, cast: Cast) -> None:
        row, when = begun(cast), NOW + timedelta(days=2)
        actions.step(row, kind="appointment", appointment_at=when, by=cast.ivy.actor(), at=NOW)
        assert row.next_action == "Ask whether they arrived"
        assert timedelta(0) < row.next_at - when < timedelta(days=2)
        due = row.next_at
        actions.step(row, kind="spoke_person", note="Knows the way.", by=cast.ivy.actor(), at=NOW + timedelta(hours=1))
        assert row.next_at <= due

    def test_a_named_next_day_holds_and_a_past_one_is_refused(self, cast: Cast) -> None:
        row = begun(cast)
        actions.step(row, kind="note", note="They move.", next_action="Call the new place", next_on=date(2026, 11, 5), by=cast.ivy.actor(), at=NOW)
        assert (row.next_action, row.next_at.date()) == ("Call the new place", date(2026, 11, 5))
        with pytest.raises(actions.CannotStep) as refused:
            actions.step(row, kind="tried_there", next_on=date(2026, 11, 1), by=cast.ivy.actor(), at=NOW)
        assert refused.value.field == "next_on"

    @pytest.mark.parametrize(("given", "field"), [({"kind": "appointment"}, "appointment_at"), ({"kind": "note"}, "note")])
    def test_what_is_missing_is_named(self, cast: Cast, given: dict[str, str], field: str) -> None:
        row = begun(cast)
        with pytest.raises(actions.CannotStep) as refused:
            actions.step(row, **given, by=cast.ivy.actor(), at=NOW)
        assert refused.value.field == field
        assert not HandOffStep.objects.exists()

    def test_an_impatient_click_is_one_step(self, cast: Cast) -> None:
        row = begun(cast)
        for _click in range(2):
            actions.step(row, kind="tried_there", by=cast.ivy.actor(), at=NOW)
        assert row.steps.count() == 1

    def test_it_can_be_handed_on_to_somebody_who_may_open_it(self, cast: Cast) -> None:
        row = begun(cast)
        assert actions.hand_on(row, cast.di.staff, by=cast.ivy.actor(), at=NOW).owner == cast.di.staff
        with pytest.raises(actions.CannotStep):
            actions.hand_on(row, cast.bo.staff, by=cast.ivy.actor(), at=NOW)


class TestAgreement:
    def test_of_a_client_it_is_a_consent_among_their_papers_and_ends_with_it(self, cast: Cast) -> None:
        row = begun(cast, cast.ana.episode)
        agreed(cast, row, "clinical")
        given = Consent.objects.get(client=cast.ana.client, kind="disclosure")
        assert (given.recipient, given.data_classes) == ("Lakeside Day Program", ["clinical", "directory"])
        consents.revoke(given, by=cast.di.actor(), at=LATER)
        assert reads.agreed(row, date(2026, 11, 3)) is None

    def test_counseling_notes_need_their_own_consent(self, cast: Cast) -> None:
        with pytest.raises(actions.CannotStep):
            agreed(cast, begun(cast), "counseling_notes")

    def test_the_letter_says_what_was_agreed_to_and_no_more(self, cast: Cast) -> None:
        way.decided(cast)
        row = begun(cast, cast.ana.episode)
        agreed(cast, row, "directory")
        said = str(letter.there(row, reads.agreed(row, date(2026, 11, 2)), reads.tellable(row, date(2026, 11, 2)).classes, by="Ivy", at=NOW))
        assert "Ana Soto" in said
        assert "cannot get up" not in said
        assert "Suicide screen" not in said
        assert "42 CFR part 2" in said
        assert "Level of care" not in said
        assert row.get_why_display() not in said
        agreed(cast, row, "screening", "safety", "clinical")
        said = str(letter.there(row, reads.agreed(row, date(2026, 11, 2)), reads.tellable(row, date(2026, 11, 2)).classes, by="Ivy", at=NOW))
        assert "cannot get up" in said
        assert "Suicide screen" in said
        assert "Fits." in said


    def test_it_outlives_treatment_here_and_ends_on_its_own_day(self, cast: Cast) -> None:
        row = begun(cast, cast.ana.episode)
        agreed(cast, row)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=LATER, why="Discharged")
        assert reads.agreed(row, date(2026, 11, 4)) is not None
        assert reads.agreed(row, date(2027, 6, 1)) is None

    def test_of_a_request_it_ends_too(self, cast: Cast) -> None:
        row = begun(cast)
        agreed(cast, row)
        assert reads.agreed(row, date(2026, 11, 4)) is not None
        assert reads.agreed(row, date(2027, 6, 1)) is None

    @pytest.mark.parametrize("client", [True, False])
    def test_of_a_minor_a_parent_signs_too(self, cast: Cast, client: bool) -> None:
        born = date(2012, 5, 1)
        if client:
            people.correct_person(cast.ana.person, born_on=born, by=cast.di.actor(), at=NOW)
        row = begun(cast, cast.ana.episode if client else asked(born_on=born))
        row = HandOff.objects.get(pk=row.pk)
        with pytest.raises(actions.CannotStep, match="parent must sign") as refused:
            agreed(cast, row)
        assert refused.value.field == "parent_signed_name"
        assert not row.agreed.exists()
        made = actions.agree(row, data_classes=["directory"], signed_name="Rae", parent_signed_name="Flo", how="paper", by=cast.ivy.actor(), at=NOW)
        assert made.signed_name == "Rae; Flo"
        assert made.consent is None or made.consent.parent_signed_name == "Flo"


class TestEnd:
    def end(self, cast: Cast, row: HandOff, how: str, at: datetime = LATER, **more: object) -> HandOff:
        return actions.end(row, how=how, by=cast.ivy.actor(), at=at, **more)

    def test_it_ends_when_somebody_says_that_they_arrived(self, cast: Cast) -> None:
        row = begun(cast)
        with pytest.raises(actions.CannotEnd) as refused:
            self.end(cast, row, "arrived", arrived_on=date(2026, 11, 3))
        assert refused.value.field == "with_name"
        with pytest.raises(actions.CannotEnd) as refused:
            self.end(cast, row, "arrived", with_name="Sam at Lakeside", arrived_on=date(2026, 11, 30))
        assert refused.value.field == "arrived_on"
        assert self.end(cast, row, "arrived", with_name="Sam at Lakeside", arrived_on=date(2026, 11, 3)).ended_how == "arrived"
        with pytest.raises(actions.CannotStep, match="has ended"):
            actions.step(row, kind="tried_there", by=cast.ivy.actor(), at=LATER)

    def test_not_reached_needs_the_tries_on_different_days(self, cast: Cast) -> None:
        row = begun(cast)
        for hours in (0, 1, 2):
            actions.step(row, kind="tried_person", by=cast.ivy.actor(), at=NOW + timedelta(hours=hours))
        with pytest.raises(actions.CannotEnd, match="3 of 3 tries"):
            self.end(cast, row, "not_reached")
        actions.step(row, kind="tried_person", by=cast.ivy.actor(), at=LATER)
        assert self.end(cast, row, "not_reached").ended_at

    def test_nobody_is_let_go_without_the_crisis_lines(self, cast: Cast) -> None:
        row = begun(cast)
        with pytest.raises(actions.CannotEnd) as refused:
            self.end(cast, row, "declined", note="“Not now.”")
        assert refused.value.field == "lines_given"
        self.end(cast, row, "declined", note="“Not now.”", lines_given=True)
        assert row.steps.filter(kind="lines").exists()

    def test_who_comes_back_is_asked_nothing_twice(self, cast: Cast) -> None:
        request = asked("Rae", wishes="Evenings please", best_times="after 5", may_leave_message=True)
        row = begun(cast, request)
        self.end(cast, row, "back", note="Their waiting list is three months.")
        again = Inquiry.objects.exclude(pk=request.pk).get()
        assert (again.name_used, again.wishes, again.best_times, again.may_leave_message) == ("Rae", "Evenings please", "after 5", True)
        assert inquiries.ask_again(request, why="", by=cast.ivy.actor(), at=LATER) == again

    def test_what_was_open_for_somebody_who_never_started_here_ends_with_it(self, cast: Cast) -> None:
        way.screened(cast)
        row = begun(cast, cast.ana.episode)
        self.end(cast, row, "arrived", with_name="Ana", arrived_on=date(2026, 11, 3))
        cast.ana.episode.refresh_from_db()
        assert cast.ana.episode.ended_at == LATER

    def test_who_comes_back_after_a_screening_goes_on_in_their_episode(self, cast: Cast) -> None:
        way.screened(cast)
        row = begun(cast, cast.ana.episode)
        self.end(cast, row, "back", note="Wants us.")
        cast.ana.episode.refresh_from_db()
        assert cast.ana.episode.ended_at is None
        assert begun(cast, cast.ana.episode).pk != row.pk

    def test_an_arrival_after_a_discharge_stands_in_both_places(self, cast: Cast) -> None:
        way.admitted(cast)
        move = transitions.discharge(
            cast.ana.episode, reason="left", to_level="outpatient", why="Moves.", summary="All.", effective_on=date(2026, 11, 4),
            next_provider="Dr. Example", next_visit_at=NOW + timedelta(days=3), by=cast.ed.actor(), at=NOW,
        )  # fmt: skip
        row = actions.hand_over(cast.ana.episode, level="outpatient", why="step", to_name="Dr. Example", to_phone="312 555 0162", by=cast.ivy.actor(), at=NOW)
        assert row.next_action == "Ask whether they arrived"
        self.end(cast, row, "arrived", with_name="Dr. Example", arrived_on=date(2026, 11, 3))
        assert Arrival.objects.get(transition=move).confirmed_with == "Dr. Example"

    def test_an_arrival_confirmed_on_the_chart_ends_the_hand_off(self, cast: Cast) -> None:
        way.admitted(cast)
        move = transitions.step(
            cast.ana.episode, kind="step_down", to_level="outpatient", why="Better.", effective_on=date(2026, 11, 4), next_provider="Dr. Example",
            by=cast.bo.actor(), at=NOW,
        )  # fmt: skip
        row = actions.hand_over(cast.ana.episode, level="outpatient", why="step", to_name="Dr. Example", to_phone="1", by=cast.bo.actor(), at=NOW)
        transitions.confirm_arrival(move, confirmed_with="Dr. Example", by=cast.bo.actor(), at=LATER)
        row.refresh_from_db()
        assert (row.ended_how, row.ended_by) == ("arrived", cast.bo.staff)

    def test_the_late_ones_lead_the_list(self, cast: Cast) -> None:
        late = begun(cast, asked("Late"))
        fresh = begun(cast, asked("Fresh"))
        actions.step(fresh, kind="appointment", appointment_at=NOW + timedelta(days=20), by=cast.ivy.actor(), at=NOW)
        assert list(reads.listed(cast.ivy.actor())) == [late, fresh]
        assert reads.late(cast.ivy.actor(), NOW + timedelta(days=9)) == 1
        assert reads.late(cast.bo.actor(), NOW + timedelta(days=9)) == 0


class TestList:
    def test_keep_check_end(self, cast: Cast) -> None:
        row = lakeside(cast)
        assert elsewhere.keep({"name": "lakeside day program", "phone": "1", "levels": ["php"]}, by=cast.di.actor(), at=LATER).pk == row.pk
        elsewhere.check_again(row, by=cast.di.actor(), at=LATER)
        elsewhere.end(row, by=cast.di.actor(), at=LATER)
        assert not OtherProgram.objects.filter(ended_at__isnull=True).exists()
        for name, facts in (("name", {"phone": "1", "levels": ["php"]}), ("phone", {"name": "A", "levels": ["php"]}), ("levels", {"name": "A", "phone": "1"})):
            with pytest.raises(elsewhere.CannotKeep) as refused:
                elsewhere.keep(facts, by=cast.di.actor(), at=NOW)
            assert refused.value.field == name
        with pytest.raises(NotYours):
            elsewhere.keep({"name": "A", "phone": "1", "levels": ["php"]}, by=cast.bo.actor(), at=NOW)

    def test_a_file_is_read_whole_or_not_at_all(self, cast: Cast) -> None:
        good = b"name,phone,levels,miles,sliding_fee,wait_days,checked_on\nA,312 555 0170,php; inpatient,main:4; north:9,yes,3,2026-01-05\nB,312 555 0171,iop,,,,\n"
        assert elsewhere.load(reading.programs(good), by=SYSTEM, at=NOW) == 2
        row = OtherProgram.objects.get(name="A")
        assert (row.levels, row.miles, row.sliding_fee, row.wait_days, row.checked_on) == (["php", "inpatient"], {"main": 4, "north": 9}, True, 3, date(2026, 1, 5))
        assert elsewhere.load(reading.programs(good), by=SYSTEM, at=NOW) == 2
        assert OtherProgram.objects.count() == 2

    @pytest.mark.parametrize(
        ("raw", "says"),
        [
            (b"", "first row must name the columns"),
            (b"name,phone\nA,1\n", "missing: levels"),
            (b"name,phone,levels,colour\nA,1,php,red\n", "“colour” is not known"),
            (b"name,phone,levels\nA,,php\n", "Row 2, phone: is empty"),
            (b"name,phone,levels\nA,1,spa\n", "Row 2, levels: “spa” is none of"),
            (b"name,phone,levels\nA,1,php\na,2,iop\n", "Row 3: “a” stands in row 2 already"),
            (b"name,phone,levels,miles\nA,1,php,4\n", "Row 2, miles: write the site's code"),
            (b"name,phone,levels,miles\nA,1,php,main:far\n", "whole number"),
            (b"name,phone,levels,sliding_fee\nA,1,php,maybe\n", "write yes, no"),
            (b"name,phone,levels,checked_on\nA,1,php,5 May\n", "write a day like"),
            (b"name,phone,levels,email\nA,1,php,me\n", "Row 2, email"),
            (b"name,phone,levels\nA,1,php,x\n", "more cells than columns"),
            (b"name,name,phone,levels\nA,A,1,php\n", "stands twice"),
            (b"name,phone,levels\n", "no row below"),
            (b"\xff\xfe\x00", "not UTF-8"),
            (b"name,phone,levels\nA\x00,1,php\n", "no text"),
        ],
    )
    def test_bad_files_say_row_column_and_mend(self, raw: bytes, says: str) -> None:
        with pytest.raises(reading.FileTrouble, match=says):
            reading.programs(raw)
