"""The pages of the board: what it shows to whom, moving by page and by dialog, building, publishing and the way back."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from footbridge.care.timetable import actions as timetable
from footbridge.care.timetable.board import actions, plan
from footbridge.care.timetable.board.models import WeekBuild, WeekDraft, WeekGoals, WeekPublished
from footbridge.care.timetable.models import Session
from footbridge.engines.timetabling.facts import LEVELS, WEIGHTS
from footbridge.ground.consent import actions as consent
from footbridge.ground.episodes import actions as episodes
from footbridge.ground.people import actions as people
from footbridge.ground.program import actions as programs
from footbridge.ground.program.models import Meeting
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from footbridge.lanes.notices.models import Notice
from footbridge.lanes.notices.words import SHORT, WORDS
from footbridge.wiring import reactions
from tests import program as week_
from tests.cast import Cast, Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def monday(now) -> date:
    return (now - timedelta(days=now.weekday())).date() + timedelta(weeks=1)


@pytest.fixture
def week(cast: Cast, now) -> week_.Week:
    made = week_.load(cast, now)
    timetable.publish_ahead(at=now)
    timetable.join_group(cast.ana.episode, made.process, now.date(), by=cast.ed.actor(now), at=now)
    timetable.join_group(cast.max.episode, made.process, now.date(), by=cast.ed.actor(now), at=now)
    return made


@pytest.fixture
def draft(cast, week, monday, now) -> WeekDraft:
    return actions.start_draft(week.program, week.site, monday, by=cast.ed.actor(now), at=now)


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(name: str, **kw) -> str:
    return reverse(f"timetable:{name}", kwargs=kw)


def said(page) -> str:
    return re.sub(r"\s+", " ", page.content.decode())


class TestBoard:
    def test_shows_leader_room_seats_and_what_stands_against_it(self, cast, week, monday):
        page = said(signed_in(cast.di).get(url("board"), {"week": monday.isoformat()}))
        for words in ("Morning process group", "Bo", "Blue room", "2 of 12 seats, 10 free", "2 people; 3 are the least", "weeks fall short"):
            assert words in page, words

    def test_names_nobody_to_those_who_only_look(self, cast, week, monday):
        for who in (cast.di, cast.bo, cast.pat):
            page = said(signed_in(who).get(url("board"), {"week": monday.isoformat()}))
            assert "Ana" not in page and "Max" not in page
            assert "Draft a new week" not in page

    def test_a_therapist_reads_the_names_of_their_own_people_only(self, cast, week, monday):
        page = said(signed_in(cast.bo).get(url("board_short"), {"week": monday.isoformat()}))
        assert "Ana" in page and "Max" not in page and "1 more person, who is not in your care" in page

    def test_that_two_are_kept_apart_is_told_to_the_director_only(self, cast, week, monday, now):
        timetable.pair(cast.ana.episode, cast.max.client.number, "apart", "A quarrel.", by=cast.bo.actor(now), at=now)
        assert "are kept apart" in said(signed_in(cast.ed).get(url("board"), {"week": monday.isoformat()}))
        for who in (cast.di, cast.bo, cast.cy, cast.ivy):
            page = said(signed_in(who).get(url("board"), {"week": monday.isoformat()}))
            assert "kept apart" not in page and "Something stands against Morning process group" in page

    def test_columns_by_leader_are_of_one_day(self, cast, week, monday):
        page = said(signed_in(cast.ed).get(url("board"), {"week": monday.isoformat(), "by": "leader", "day": "1"}))
        assert "Recovery group" in page and "Morning process group" not in page

    def test_narrowed_to_a_client_by_record_number_with_their_visits(self, cast, week, monday, now):
        number = cast.ana.client.number
        page = said(signed_in(cast.ed).get(url("board"), {"week": monday.isoformat(), "client": number}))
        assert "Morning process group" in page and "Recovery group" not in page
        page = said(signed_in(cast.cy).get(url("board"), {"week": monday.isoformat(), "client": number}))
        assert "no open record under this number" in page

    def test_an_empty_week_leads_to_building_it(self, cast, week, monday):
        page = said(signed_in(cast.ed).get(url("board"), {"week": "1990-01-01"}))
        assert "Morning process group" in page  # the plan has no beginning
        with trail.act("test.gone", by=SYSTEM, at=timezone.now(), about=week.program):
            Meeting.objects.update(held_until=date(2020, 1, 1))
        page = said(signed_in(cast.ed).get(url("board"), {"week": monday.isoformat()}))
        assert "No sessions this week." in page and "Build from template" in page

    def test_a_closed_day_and_a_cancelled_session_are_told(self, cast, week, monday, now):
        session = Session.objects.filter(group=week.process, starts_at__date=monday).get()
        timetable.cancel_session(session, "staff_away", by=cast.ed.actor(now), at=now)
        assert "The leader is away" in said(signed_in(cast.di).get(url("board"), {"week": monday.isoformat()}))

    def test_a_day_on_which_the_site_is_closed_stands_above_the_week(self, cast, week, monday, now):
        programs.close_day(week.site, monday + timedelta(days=1), "Snow", by=cast.ed.actor(now), at=now)
        for query in ({}, {"by": "leader", "day": "1"}):
            page = said(signed_in(cast.di).get(url("board"), {"week": monday.isoformat()} | query))
            assert "All day" in page and "Closed: Snow" in page

    @pytest.mark.parametrize("query", [{"week": "junk"}, {"of": "no.where"}, {"day": "99"}, {"by": "x"}, {"first": "-1"}, {"track": "x"}, {"client": "%00"}])
    def test_bad_questions_are_answered_with_the_board(self, cast, week, query):
        assert signed_in(cast.ed).get(url("board"), query).status_code == 200

    def test_one_query_count_for_few_and_many(self, cast, week, monday, now):
        browser = signed_in(cast.ed)
        browser.get(url("board"), {"week": monday.isoformat()})
        with CaptureQueriesContext(connection) as few:
            browser.get(url("board"), {"week": monday.isoformat()})
        for n in range(3):
            person = people.add_person(legal_name=f"P {n}", by=SYSTEM, at=now)
            episode = episodes.open_episode(people.make_client(person, by=SYSTEM, at=now), by=SYSTEM, at=now)
            timetable.join_group(episode, week.process, now.date(), by=cast.ed.actor(now), at=now)
            timetable.join_group(episode, week.skills, now.date(), by=cast.ed.actor(now), at=now)
        with CaptureQueriesContext(connection) as many:
            browser.get(url("board"), {"week": monday.isoformat()})
        assert len(many) == len(few)


class TestDraft:
    def test_started_from_the_board(self, cast, week, monday):
        browser = signed_in(cast.ed)
        answer = browser.post(url("draft_start"), {"of": "riverside.downtown", "holds_from": monday.isoformat()})
        assert answer.status_code == 303
        page = said(browser.get(answer["Location"]))
        assert "Draft of a week" in page and "Move…" in page and "week-board" in page

    def test_a_past_day_is_refused_and_kept(self, cast, week):
        answer = signed_in(cast.ed).post(url("draft_start"), {"of": "riverside.downtown", "holds_from": "2020-01-06"})
        assert answer.status_code == 422 and "2020-01-06" in said(answer) and "Choose a day after today" in said(answer)

    def post(self, cast, draft, meeting, check=False, **change):
        given = {"weekday": 1, "starts": "10:00", "ends": "10:50", "leader": cast.cy.staff.uid, "room": "", "mode": "in_person", "held": "on"} | change
        return signed_in(cast.ed).post(url("draft_move", uid=draft.uid, meeting=meeting.uid), given | ({"check": "1"} if check else {}))

    def test_the_page_says_what_a_move_does_before_anything_is_saved(self, cast, week, draft):
        meeting = week.recovery.meetings.get()
        page = self.post(cast, draft, meeting, check=True, weekday=3, room=week.green.uid)
        assert page.status_code == 200 and "What it does" in said(page)
        assert not draft.steps.exists()

    def test_a_clash_is_refused_in_words_and_what_was_chosen_stays(self, cast, week, draft):
        page = self.post(cast, draft, week.recovery.meetings.get(), weekday=0, leader=cast.bo.staff.uid, room=week.green.uid)
        assert page.status_code == 422
        assert "Bo would be in two places at once" in said(page) and "It cannot be saved" in said(page)
        assert f'value="{cast.bo.staff.uid}" selected' in said(page)
        assert not draft.steps.exists()

    def test_a_drop_fills_the_form_and_says_what_it_does(self, cast, week, draft):
        """The address the board's script asks for when an hour is dropped: day and begin, or a leader or room."""
        meeting = week.recovery.meetings.get()
        page = signed_in(cast.ed).get(url("draft_move", uid=draft.uid, meeting=meeting.uid), {"weekday": 3, "starts": "14:00", "part": "1"})
        assert page.status_code == 200 and "<html" not in said(page)
        assert 'value="14:50"' in said(page) and "What it does" in said(page)
        assert not draft.steps.exists()

    def test_a_drop_on_a_monday_is_a_drop_like_any_other(self, cast, week, draft):
        """Monday is day 0."""
        page = signed_in(cast.ed).get(url("draft_move", uid=draft.uid, meeting=week.recovery.meetings.get().uid), {"weekday": 0, "starts": "09:00", "part": "1"})
        assert page.status_code == 200 and "What it does" in said(page)

    @pytest.mark.parametrize("query", [{"weekday": "9"}, {"starts": "junk"}, {"leader": "999999"}, {"starts": "23:50"}, {"room": "x"}])
    def test_a_strange_drop_is_no_error(self, cast, week, draft, query):
        page = signed_in(cast.ed).get(url("draft_move", uid=draft.uid, meeting=week.recovery.meetings.get().uid), query)
        assert page.status_code in (200, 422)

    def test_saved_undone_and_given_up(self, cast, week, draft):
        answer = self.post(cast, draft, week.recovery.meetings.get(), weekday=3, room=week.green.uid)
        assert answer.status_code == 303
        browser, step = signed_in(cast.ed), draft.steps.get()
        assert "Last change: Recovery group" in said(browser.get(url("draft", uid=draft.uid)))
        assert browser.post(url("draft_undo", uid=draft.uid, step=step.uid)).status_code == 303
        assert "None yet" in said(browser.get(url("draft", uid=draft.uid)))
        assert browser.post(url("draft_drop", uid=draft.uid)).status_code == 303
        assert "This draft is closed" in said(browser.get(url("draft", uid=draft.uid)))
        assert self.post(cast, draft, week.recovery.meetings.get(), weekday=3).status_code == 200

    def test_a_new_hour_is_looked_at_added_and_dropped(self, cast, week, draft):
        browser = signed_in(cast.ed)
        where = url("draft_add", uid=draft.uid)
        assert where in said(browser.get(url("draft", uid=draft.uid)))
        part = browser.get(where, {"part": "1"})
        assert part.status_code == 200 and "<html" not in said(part)
        given = {"group": week.recovery.uid, "weekday": 3, "starts": "14:00", "ends": "14:50", "leader": cast.cy.staff.uid, "room": week.green.uid, "mode": "in_person"}
        page = browser.post(where, given | {"check": "1"})
        assert page.status_code == 200 and "What it does" in said(page)
        assert not draft.steps.exists()
        page = browser.post(where, given | {"weekday": 0, "starts": "09:00", "ends": "09:50", "leader": cast.bo.staff.uid})
        assert page.status_code == 422 and "Bo would be in two places at once" in said(page)
        assert browser.post(where, given | {"ends": "13:00"}).status_code == 422
        assert browser.post(where, given | {"group": ""}).status_code == 422
        assert browser.post(where, given).status_code == 303
        page = said(browser.get(url("draft", uid=draft.uid)))
        assert "New in this draft" in page and "Recovery group: new hour, Thursday" in page
        assert "Thursday 2:00 p.m." in said(browser.get(url("draft_publish", uid=draft.uid)))
        new = Meeting.objects.get(group=week.recovery, weekday=3)
        assert self.post(cast, draft, new, weekday=3, starts="14:00", ends="14:50", room=week.green.uid, held="").status_code == 303
        assert "nothing to publish" in said(browser.get(url("draft_publish", uid=draft.uid))).lower()

    @pytest.mark.parametrize("who", ["di", "bo", "cy", "pat", "ana", "gus"])
    def test_a_new_hour_is_the_directors(self, cast, week, draft, who):
        assert signed_in(getattr(cast, who)).get(url("draft_add", uid=draft.uid)).status_code == 404

    def test_ending_a_visit_in_a_draft_that_was_published_meanwhile_is_no_error(self, cast, week, draft, now, monkeypatch):
        visit = timetable.add_visit(cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=now.date(), site=week.site, by=cast.ed.actor(now), at=now)

        def refuse(*_a: object, **_k: object) -> None:
            raise actions.CannotDraft("This draft was published in the meantime.")

        monkeypatch.setattr(actions, "change_visit", refuse)
        page = signed_in(cast.ed).post(url("draft_visit", uid=draft.uid, episode=cast.ana.episode.uid, key=visit.uid), {"end": "1"})
        assert page.status_code == 422 and "published in the meantime" in said(page)

    def test_one_persons_groups_and_visits(self, cast, week, draft):
        browser, person = signed_in(cast.ed), {"uid": draft.uid, "episode": cast.ana.episode.uid}
        assert browser.post(url("draft", uid=draft.uid), {"client": cast.ana.client.number}).status_code == 303
        assert browser.post(url("draft", uid=draft.uid), {"client": "R9"}).status_code == 422
        wanted = {"groups": [week.process.uid, week.recovery.uid]}
        assert "What it does" in said(browser.post(url("draft_person", **person), wanted | {"check": "1"}))
        assert browser.post(url("draft_person", **person), wanted).status_code == 303
        visit = {"kind": "individual", "staff": cast.bo.staff.uid, "weekday": 3, "starts": "13:00", "ends": "13:50", "every_weeks": 1, "mode": "in_person", "room": ""}
        assert browser.post(url("draft_add_visit", **person), visit | {"ends": "12:00"}).status_code == 422
        assert browser.post(url("draft_add_visit", **person), visit).status_code == 303
        key = next(iter(actions.drafting.week_of(draft).visits))
        assert browser.post(url("draft_visit", **person, key=key), visit | {"starts": "14:00", "ends": "14:50"}).status_code == 303
        assert browser.post(url("draft_visit", **person, key=key), {"end": "1"}).status_code == 303
        assert not actions.drafting.week_of(draft).visits
        assert [s.kind for s in draft.steps.all()] == ["place", "visit", "visit", "visit"]


class TestPublish:
    @pytest.fixture
    def changed(self, cast, week, draft, now) -> WeekDraft:
        was = next(m for m in actions.drafting.week_of(draft).meetings.values() if m.group == week.process.pk and m.weekday == 4)
        actions.change_meeting(draft, plan.replace(was, weekday=3), by=cast.ed.actor(now), at=now)
        return draft

    def confirm(self, cast, draft) -> tuple[Client, dict[str, str]]:
        browser = signed_in(cast.ed)
        page = said(browser.get(url("draft_publish", uid=draft.uid)))
        return browser, {"seen": re.search(r'name="seen" value="([^"]+)"', page).group(1)}  # type: ignore[union-attr]

    def test_the_page_says_who_is_affected_before_and_after(self, cast, week, changed):
        page = said(signed_in(cast.ed).get(url("draft_publish", uid=changed.uid)))
        for words in ("Ana", "Max", "Friday 9:00 a.m.", "Thursday 9:00 a.m.", "Blue room", "2 people", "Hours after"):
            assert words in page, words

    def test_published_told_and_taken_back(self, cast, week, changed, now):
        consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(now), at=now)
        browser, given = self.confirm(cast, changed)
        answer = browser.post(url("draft_publish", uid=changed.uid), given)
        assert answer.status_code == 303
        published = WeekPublished.objects.get()
        page = said(browser.get(answer["Location"]))
        assert "Tell these yourself" in page and "Max" in page  # no agreement to messages
        assert re.search(r"Who is told.*1 person: Ana<", page) and page.count(">Max<") == 1
        reactions.tell_whose_times_change(str(published.uid), "act")
        reactions.tell_whose_times_change(str(published.uid), "act")
        told = {n.person.name_used: n.template for n in Notice.objects.all()}
        assert told == {"Ana": "times", "Bo": "times"}
        assert browser.post(url("week_published", uid=published.uid)).status_code == 303
        published.refresh_from_db()
        reactions.tell_whose_times_change(str(published.uid), "back")
        assert sorted(Notice.objects.values_list("template", flat=True)) == ["times", "times", "times_back", "times_back"]
        assert browser.post(url("week_published", uid=published.uid)).status_code in (303, 422)
        assert len(mail.outbox) == 0  # the letters are jobs

    def test_a_double_press_publishes_once(self, cast, week, changed):
        browser, given = self.confirm(cast, changed)
        assert browser.post(url("draft_publish", uid=changed.uid), given).status_code == 303
        assert browser.post(url("draft_publish", uid=changed.uid), given).status_code in (302, 303)
        assert WeekPublished.objects.count() == 1

    def test_what_changed_since_is_refused_and_shown_anew(self, cast, week, changed, now):
        browser, given = self.confirm(cast, changed)
        timetable.join_group(cast.ana.episode, week.recovery, now.date(), by=cast.di.actor(now), at=now, confirmed=True)
        page = browser.post(url("draft_publish", uid=changed.uid), given)
        assert page.status_code == 422 and "changed since you looked" in said(page)
        assert not WeekPublished.objects.exists()
        again = re.search(r'name="seen" value="([^"]+)"', said(page)).group(1)  # type: ignore[union-attr]
        assert browser.post(url("draft_publish", uid=changed.uid), {"seen": again}).status_code == 303

    def test_the_notices_say_nothing_but_that_times_change(self):
        for template in ("times", "times_back"):
            for language in ("en", "es"):
                text = " ".join(WORDS[template][language]) + SHORT[template][language]
                assert not re.search(r"group|therap|session|client|grupo|terap|sesi", text, re.I)


class TestBuild:
    def test_asked_watched_and_taken(self, cast, week, draft):
        browser = signed_in(cast.ed)
        assert browser.post(url("draft_build", uid=draft.uid), {"seconds": 10}).status_code == 303
        assert browser.post(url("draft_build", uid=draft.uid), {"seconds": 10}).status_code == 303
        build = WeekBuild.objects.get()
        assert "It waits for the worker" in said(browser.get(url("draft_build", uid=draft.uid)))
        assert browser.post(url("draft_build_take", uid=draft.uid, build=build.uid)).status_code == 422
        reactions.run_week_build(str(build.uid))
        page = said(browser.get(url("draft_build", uid=draft.uid), {"part": "1"}))
        assert "Price now" in page and "Bound" in page and f"Seed {build.seed}" in page
        answer = browser.post(url("draft_build_take", uid=draft.uid, build=build.uid))
        assert answer.status_code == 303
        assert browser.post(url("draft_build_take", uid=draft.uid, build=build.uid)).status_code == 303
        assert draft.steps.count() <= 1

    def test_a_stopped_one_says_so(self, cast, week, draft):
        browser = signed_in(cast.ed)
        browser.post(url("draft_build", uid=draft.uid), {"seconds": 10})
        build = WeekBuild.objects.get()
        assert browser.post(url("draft_build_stop", uid=draft.uid, build=build.uid)).status_code == 303
        assert "Build again" in said(browser.get(url("draft_build", uid=draft.uid)))

    def test_a_strange_length_is_refused(self, cast, week, draft):
        assert signed_in(cast.ed).post(url("draft_build", uid=draft.uid), {"seconds": 9999}).status_code == 422


class TestGoals:
    def given(self, **change):
        return {"holds_from": "2026-11-09", **{f"place_{x}": n for n, x in enumerate(LEVELS, 1)}, **WEIGHTS} | change

    def test_kept_as_dated_data(self, cast, week):
        answer = signed_in(cast.ed).post(url("board_goals"), self.given(**{"shape.gap": 7, "place_shape": 4, "place_disturbance": 4, "place_continuity": 2}) | {"place_disturbance": 3})
        assert answer.status_code == 303
        assert WeekGoals.objects.get().weights == {"shape.gap": 7}

    def test_two_in_one_place_are_refused(self, cast, week):
        page = signed_in(cast.ed).post(url("board_goals"), self.given(place_shape=1))
        assert page.status_code == 422 and "Two levels have this place" in said(page)
