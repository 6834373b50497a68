"""Pages of mending, of working hours and of who must not meet."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.timetable import actions, facts, proposals
from footbridge.care.timetable.models import Mending, Pairing, Session
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people
from footbridge.ground.people.models import Away
from footbridge.ground.program import working
from footbridge.ground.program.models import WorkWeek
from footbridge.kit.access import SYSTEM
from footbridge.kit.trail.models import Act
from footbridge.lanes.notices.models import Notice
from footbridge.wiring import reactions
from tests import program as week_
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found does not hang on how busy the machine is."""
    monkeypatch.setattr(proposals, "SECONDS", 12.0)


def browser(cast: Cast, name: str) -> Browser:
    signed_in = Browser()
    signed_in.force_login(getattr(cast, name).user)
    return signed_in


def someone(name: str, at: datetime) -> Episode:
    person = people.add_person(legal_name=name, by=SYSTEM, at=at)
    return episodes.open_episode(people.make_client(person, by=SYSTEM, at=at), by=SYSTEM, at=at)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def week(cast: Cast, now: datetime) -> week_.Week:
    """Next week, as the clock of pages is the real one."""
    before = now - timedelta(days=2)
    loaded = week_.load(cast, before)
    monday = (now + timedelta(days=7 - now.weekday())).date()
    actions.publish(loaded.program, monday, monday + timedelta(weeks=2), by=cast.ed.actor(before), at=before)
    for episode in (cast.ana.episode, *(someone(f"Person {n}", before) for n in range(3))):
        for group in (loaded.process, loaded.skills):
            actions.join_group(episode, group, monday, by=cast.di.actor(before), at=before, confirmed=True)
    return loaded


def monday_of(week: week_.Week) -> Any:
    session = Session.objects.filter(group=week.process).order_by("starts_at").first()
    return (session.starts_at - timedelta(hours=6)).date()


def out(cast: Cast, week: week_.Week, staff: Any = None) -> str:
    day = monday_of(week)
    return f"{reverse('timetable:out')}?staff={(staff or cast.bo.staff).uid}&from_on={day}&last_on={day}"


def plans(page: Any) -> list[str]:
    return re.findall(r'name="plan" value="([^"]+)"', page.content.decode())


class TestOut:
    def test_three_actions_and_everybody_is_told(self, cast, week, now):
        di = browser(cast, "di")
        assert "Out today" in di.get(reverse("front_desk:list")).content.decode()
        page = di.get(out(cast, week))
        text = page.content.decode()
        assert "Bo is out" in text
        assert "Nobody loses anything" in text
        assert "Morning process group" in text
        answer = di.post(out(cast, week), {"plan": plans(page)[0], "cover": str(cast.cy.staff.uid)})
        assert answer.status_code == 303
        mending = Mending.objects.get()
        assert Away.objects.get().cover == cast.cy.staff
        shown = di.get(answer["Location"]).content.decode()
        assert "Please call" in shown  # nobody agreed to messages
        assert "Take it back" in shown
        again = di.post(out(cast, week), {"plan": plans(page)[0], "cover": str(cast.cy.staff.uid)})
        assert again["Location"] == answer["Location"]
        assert Mending.objects.get() == mending

    def test_what_changed_since_is_refused_with_new_ways(self, cast, week, now):
        di = browser(cast, "di")
        old = plans(di.get(out(cast, week)))[0]
        actions.join_group(cast.max.episode, week.process, monday_of(week), by=cast.di.actor(now), at=now, confirmed=True)
        answer = di.post(out(cast, week), {"plan": old})
        assert answer.status_code == 422
        assert "has changed since" in answer.content.decode()
        assert plans(answer)[0] != old
        assert not Mending.objects.exists()

    def test_a_plan_of_somebody_else_or_altered_is_not_taken(self, cast, week):
        di, ed = browser(cast, "di"), browser(cast, "ed")
        plan = plans(di.get(out(cast, week)))[0]
        for taken in (plan, plan[:-6] + "AAAAAA", "x"):
            answer = ed.post(out(cast, week), {"plan": taken})
            assert answer.status_code == 422
            assert "too old, or was altered" in answer.content.decode()
        assert not Mending.objects.exists()

    def test_a_plan_of_another_page_is_not_taken(self, cast, week):
        """Proposed for Bo on Monday: it says nothing about a whole week of Bo, or about Cy."""
        di, day = browser(cast, "di"), monday_of(week)
        plan = plans(di.get(out(cast, week)))[0]
        longer = f"{reverse('timetable:out')}?staff={cast.bo.staff.uid}&from_on={day}&last_on={day + timedelta(days=4)}"
        for where in (longer, out(cast, week, cast.cy.staff)):
            answer = di.post(where, {"plan": plan})
            assert answer.status_code == 422
            assert "too old, or was altered" in answer.content.decode()
        assert not Mending.objects.exists()
        assert not Away.objects.exists()

    def test_an_absence_alone_is_not_kept_while_somebody_waits_for_them(self, cast, week):
        answer = browser(cast, "di").post(out(cast, week), {"plan": ""})
        assert answer.status_code == 422
        assert "something to hold by now" in answer.content.decode()
        assert not Away.objects.exists()

    def test_a_therapist_sees_only_themselves_and_names_only_their_own(self, cast, week):
        bo = browser(cast, "bo")
        text = bo.get(out(cast, week)).content.decode()
        assert "Ana" in text
        assert "Person" not in text
        assert "3 more" in text
        refused = bo.get(out(cast, week, cast.cy.staff))
        assert refused.status_code == 422
        assert plans(refused) == []

    def test_who_has_two_hours_with_somebody_is_one_person(self, cast, week, now):
        """The list of today counts people, not seats."""
        later = now + timedelta(minutes=5)
        if later.astimezone(ZoneInfo("America/Chicago")).date() != now.astimezone(ZoneInfo("America/Chicago")).date() or later.hour > 22:
            pytest.skip("the day is nearly over")
        for n in range(2):
            begin = later + timedelta(minutes=20 * n)
            actions.book_once(cast.ana.episode, "individual", cast.bo.staff, begin, begin + timedelta(minutes=10), by=cast.di.actor(now), at=now, site=week.site)
        text = browser(cast, "di").get(reverse("timetable:out")).content.decode()
        assert "2 sessions still to come, 1 person booked" in text

    def test_strangers_find_nothing(self, cast, week):
        for name in ("ana", "gus", "bea", "flo"):
            assert browser(cast, name).get(reverse("timetable:out")).status_code == 404

    def test_nothing_breaks_and_the_absence_is_kept(self, cast, week):
        di = browser(cast, "di")
        page = di.get(out(cast, week, cast.pat.staff))
        assert "No session of theirs is touched" in page.content.decode()
        assert di.post(out(cast, week, cast.pat.staff), {"plan": "", "cover": str(cast.bo.staff.uid)}).status_code == 303
        assert Away.objects.get().staff == cast.pat.staff

    def test_days_that_cannot_be_are_refused_in_words(self, cast, week):
        answer = browser(cast, "di").get(f"{reverse('timetable:out')}?staff={cast.bo.staff.uid}&from_on=2026-12-02&last_on=2026-12-01")
        assert answer.status_code == 422
        assert "comes after the first" in answer.content.decode()

    def test_each_field_of_the_two_forms_has_a_name_of_its_own(self, cast, week):
        ids = re.findall(r' id="([^"]+)"', browser(cast, "di").get(reverse("timetable:out")).content.decode())
        assert len(ids) == len(set(ids))

    def test_a_lost_room(self, cast, week):
        di, day = browser(cast, "di"), monday_of(week)
        where = f"{reverse('timetable:out')}?room={week.blue.uid}&from_on={day}&last_on={day}"
        page = di.get(where)
        assert "Blue room cannot be used" in page.content.decode()
        assert "in Green room" in page.content.decode()
        assert di.post(where, {"plan": plans(page)[0]}).status_code == 303
        assert not Session.objects.filter(room=week.blue, starts_at__date=day, cancelled_at=None).exists()
        assert browser(cast, "bo").get(where).status_code == 404

    def test_a_session_and_a_client(self, cast, week):
        di = browser(cast, "di")
        session = Session.objects.filter(group=week.recovery).order_by("starts_at").first()
        assert "cannot be held" in di.get(f"{reverse('timetable:out')}?session={session.uid}").content.decode()
        where = f"{reverse('timetable:out')}?episode={cast.ana.episode.uid}&what=client_left"
        page = di.get(where)
        assert "does not come any more" in page.content.decode()
        assert di.post(where, {"plan": plans(page)[0]}).status_code == 303
        for wrong in ("session=x", "episode=x&what=client_left", f"episode={cast.ana.episode.uid}&what=nonsense"):
            assert di.get(f"{reverse('timetable:out')}?{wrong}").status_code == 404

    def test_as_many_queries_for_more_people(self, cast, week, now):
        def counted() -> int:
            with CaptureQueriesContext(connection) as asked:
                browser(cast, "di").get(out(cast, week))
            return len(asked)

        counted()
        few = counted()
        for n in range(4):
            episode = someone(f"Later {n}", now)
            for group in (week.process, week.skills):
                actions.join_group(episode, group, monday_of(week), by=cast.di.actor(now), at=now, confirmed=True)
        assert abs(counted() - few) <= 6  # another number of ways, not of people


class TestAfterwards:
    @pytest.fixture
    def mending(self, cast, week) -> Mending:
        di = browser(cast, "di")
        di.post(out(cast, week), {"plan": plans(di.get(out(cast, week)))[0], "cover": str(cast.cy.staff.uid)})
        return Mending.objects.get()

    def test_taken_back_from_its_page(self, cast, mending):
        di = browser(cast, "di")
        assert di.post(reverse("timetable:undone", args=[mending.uid])).status_code == 303
        page = di.get(reverse("timetable:mended", args=[mending.uid])).content.decode()
        assert "Taken back" in page
        covers = {p.person.name_used for p in people_of({c.now["leader"] for c in mending.sessions.all()})}
        assert all(f"{name} leads" in page for name in covers) and "Bo leads" not in page  # what was done, not what holds again

    def test_refused_in_words_when_it_cannot_be(self, cast, mending, now):
        actions.cancel_session(mending.sessions.first().session, "changed", by=cast.ed.actor(now), at=now)
        answer = browser(cast, "di").post(reverse("timetable:undone", args=[mending.uid]))
        assert answer.status_code == 422
        assert "was changed again since" in answer.content.decode()

    def test_who_has_gone_is_neither_told_nor_called(self, cast, mending, now):
        from footbridge.ground.consent import actions as consent

        consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(now), at=now)
        actions.end_all(cast.ana.episode, now.date(), by=SYSTEM, at=now)
        episodes.end_episode(cast.ana.episode, by=SYSTEM, at=now, why="Discharged")
        actions.undo(mending, by=cast.di.actor(now), at=now)
        reactions.tell_about_the_week.func(mending=str(mending.uid), act="back")
        assert not Notice.objects.filter(person=cast.ana.person).exists()

    def test_messages_say_no_more_than_that_a_week_has_changed(self, cast, mending, now):
        from footbridge.ground.consent import actions as consent

        consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(now), at=now)
        act = Act.objects.get(verb="timetable.mended")
        for _twice in range(2):
            reactions.tell_about_the_week.func(mending=str(mending.uid), act=str(act.uid))
        told = Notice.objects.filter(template="week")
        covers = {c.now["leader"] for c in mending.sessions.all()}
        assert {n.person for n in told} == {cast.ana.person, *(p.person for p in people_of(covers))}
        text = browser(cast, "di").get(reverse("timetable:mended", args=[mending.uid])).content.decode()
        assert "1 client gets a message" in text


def people_of(uids: set[str]) -> Any:
    from footbridge.ground.people.models import Staff

    return Staff.objects.filter(uid__in=uids).select_related("person")


class TestCancelled:
    """A session that somebody simply cancels."""

    def cancel(self, cast, week, now, name: str, because: str = "staff_away") -> tuple[Session, Any]:
        from footbridge.ground.consent import actions as consent

        consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(now), at=now)
        session = Session.objects.filter(group=week.process).order_by("starts_at").first()
        answer = browser(cast, name).post(reverse("timetable:session", args=[session.uid]), {"because": because, "why": "Ill."}, follow=True)
        act = Act.objects.get(verb="session.cancelled")
        for _twice in range(2):
            reactions.tell_it_is_not_held.func(session=str(session.uid), act=str(act.uid), told_by=act.by_id)
        return session, answer

    def test_whoever_has_a_seat_is_told_once_and_the_desk_reads_whom_to_call(self, cast, week, now):
        _session, answer = self.cancel(cast, week, now, "di")
        assert {(n.person, n.template) for n in Notice.objects.all()} == {(cast.ana.person, "week"), (cast.bo.person, "week")}
        text = answer.content.decode()
        assert "Please call: Person, Person, Person." in text
        assert "Please call: Ana" not in text

    def test_a_leader_reads_no_name_that_is_not_theirs_and_gets_no_letter_about_their_own_deed(self, cast, week, now):
        _session, answer = self.cancel(cast, week, now, "bo")
        assert {n.person for n in Notice.objects.all()} == {cast.ana.person}
        text = answer.content.decode()
        assert "3 people must be called by the front desk" in text and "Please call" not in text


class TestHours:
    def test_assumed_hours_say_so_and_entered_ones_hold(self, cast, week):
        ed = browser(cast, "ed")
        where = reverse("director:hours_of", args=[cast.cy.staff.uid])
        assert "Nobody entered hours yet" in ed.get(where).content.decode()
        answer = ed.post(where, {"day_0": "9-12, 1 pm - 5:30pm", "day_2": "13:00–20:00", "most_groups_day": "3", "caseload": "12", "leads": ["skills"], "languages": ["es"]})
        assert answer.status_code == 303
        (kept,) = WorkWeek.objects.all()
        assert [(h.weekday, f"{h.starts:%H:%M}", f"{h.ends:%H:%M}") for h in kept.hours.all()] == [(0, "09:00", "12:00"), (0, "13:00", "17:30"), (2, "13:00", "20:00")]
        assert (kept.most_groups_day, kept.caseload, kept.leads, kept.languages) == (3, 12, ["skills"], ["es"])
        listed = ed.get(reverse("director:hours")).content.decode()
        assert "Assumed from the role" in listed
        assert "1:00 p.m. – 8:00 p.m." in listed
        assert "09:00-12:00, 13:00-17:30" in ed.get(where).content.decode()

    @pytest.mark.parametrize(
        ("typed", "said"), [("nine to five", "Write the hours like"), ("9-12, 11-13", "overlap"), ("12-9", "end after they begin"), ("25:00-26:00", "Write the hours like")]
    )
    def test_hours_that_are_none_are_refused_at_their_day(self, cast, week, typed, said):
        answer = browser(cast, "ed").post(reverse("director:hours_of", args=[cast.cy.staff.uid]), {"day_3": typed})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert typed in answer.content.decode()
        assert not WorkWeek.objects.exists()

    def test_only_the_director(self, cast, week):
        for name in ("di", "bo", "gus", "ana"):
            assert browser(cast, name).get(reverse("director:hours")).status_code == 404

    def test_one_count_of_queries(self, cast, week, now):
        ed = browser(cast, "ed")

        def counted() -> int:
            with CaptureQueriesContext(connection) as asked:
                ed.get(reverse("director:hours"))
            return len(asked)

        counted()
        few = counted()
        for n in range(3):
            person = people.add_person(legal_name=f"Staff {n}", by=SYSTEM, at=now)
            staff = people.hire(person, title="", started_on=now.date() - timedelta(days=2), by=SYSTEM, at=now)
            people.give_role(staff, "therapist", held_from=now.date() - timedelta(days=2), by=SYSTEM, at=now)
        assert counted() == few

    def test_weeks_hold_from_the_newest(self, cast, week, now):
        browser(cast, "ed").post(reverse("director:hours_of", args=[cast.cy.staff.uid]), {"day_0": "9-12"})
        browser(cast, "ed").post(reverse("director:hours_of", args=[cast.cy.staff.uid]), {"day_1": "9-12"})
        assert [h.weekday for h in working.weeks([cast.cy.staff], now.date())[cast.cy.staff.pk].hours] == [1]


class TestTogetherAndApart:
    def where(self, cast: Cast) -> str:
        return reverse("timetable:pairs", args=[cast.ana.episode.uid])

    def test_kept_with_its_reason_and_ended(self, cast, week):
        bo = browser(cast, "bo")
        assert bo.post(self.where(cast), {"kind": "apart", "number": cast.max.client.number.lower(), "reason": "A quarrel."}).status_code == 303
        text = bo.get(self.where(cast)).content.decode()
        assert cast.max.client.number in text
        assert "Max" not in text  # not Bo's to know by name
        assert "A quarrel." in text
        pairing = Pairing.objects.get()
        assert bo.post(reverse("timetable:end_pair", args=[pairing.uid])).status_code == 303
        pairing.refresh_from_db()
        assert pairing.ended_at is not None

    def test_the_other_side_learns_that_it_holds_not_why(self, cast, week, now):
        pairing = actions.pair(cast.ana.episode, cast.max.client.number, "apart", "A quarrel.", by=cast.bo.actor(now), at=now)
        cy = browser(cast, "cy")
        text = cy.get(reverse("timetable:pairs", args=[cast.max.episode.uid])).content.decode()
        assert cast.ana.client.number in text
        assert "quarrel" not in text
        assert cy.post(reverse("timetable:end_pair", args=[pairing.uid])).status_code == 404
        assert "quarrel" in browser(cast, "ed").get(reverse("timetable:pairs", args=[cast.max.episode.uid])).content.decode()

    def test_nobody_else_sees_it_on_any_page_of_the_timetable(self, cast, week, now):
        actions.join_group(cast.max.episode, week.process, monday_of(week), by=cast.di.actor(now), at=now, confirmed=True)
        actions.pair(cast.ana.episode, cast.max.client.number, "apart", "A quarrel.", by=cast.bo.actor(now), at=now)
        for name in ("di", "ivy", "cy", "gus", "ana"):
            assert browser(cast, name).get(self.where(cast)).status_code == 404
        for name in ("di", "ivy", "bo", "ed", "cy"):
            for page in (out(cast, week), reverse("timetable:week"), reverse("timetable:episode", args=[cast.ana.episode.uid])):
                text = browser(cast, name).get(page).content.decode()
                assert "quarrel" not in text
                assert "must not meet" not in text.replace("Whom they must not meet", "")

    @pytest.mark.parametrize(("number", "said"), [("R999999", "no client with this record number"), ("own", "their own record number")])
    def test_wrong_numbers(self, cast, week, number, said):
        number = cast.ana.client.number if number == "own" else number
        answer = browser(cast, "bo").post(self.where(cast), {"kind": "apart", "number": number, "reason": "So."})
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_twice_is_refused(self, cast, week, now):
        actions.pair(cast.ana.episode, cast.max.client.number, "apart", "A quarrel.", by=cast.bo.actor(now), at=now)
        with pytest.raises(actions.CannotPair, match="on record about these two"):
            actions.pair(cast.max.episode, cast.ana.client.number, "together", "Friends.", by=cast.cy.actor(now), at=now)

    def test_the_engine_hears_of_it(self, cast, week, now):
        actions.join_group(cast.max.episode, week.process, monday_of(week), by=cast.di.actor(now), at=now, confirmed=True)
        actions.pair(cast.ana.episode, cast.max.client.number, "together", "They came together.", by=cast.bo.actor(now), at=now)
        assert len(facts.template_facts(week.site, monday_of(week)).facts.together) == 1


