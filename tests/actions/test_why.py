"""Why a week is as it is: to the client and about them, with nothing about others."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.utils.translation import override

from footbridge.care.placement import actions as placement
from footbridge.care.screening import actions as screening
from footbridge.care.timetable import actions, why
from footbridge.ground.program.models import Lesson
from footbridge.kit import trail
from footbridge.kit.access import SYSTEM
from tests import program as week_
from tests.actions import way
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    made = week_.load(cast)
    actions.publish_ahead(at=NOW)
    return made


def placed(cast, week, *groups):
    for group in groups or (week.process, week.skills):
        actions.join_group(cast.ana.episode, group, MONDAY, by=cast.di.actor(), at=NOW, confirmed=True)


def told(cast, *, to_client=True, monday=MONDAY, **kw) -> why.Why:
    return why.of_week(cast.ana.episode, monday, to_client=to_client, **kw)


def of(found: why.Why, title: str) -> str:
    return " ".join(next(t for t in found.things if t.title == title).reasons)


def screened(cast, hours, **more):
    screening.take(cast.ana.episode, how="phone", concerns="Low.", free_hours=hours, by=cast.ivy.actor(), at=NOW + timedelta(hours=1), **more)


def admitted(cast, week):
    way.consented(cast)
    placement.admit(
        cast.ana.episode, way.decided(cast), track=week.morning, starts_on=MONDAY, primary=cast.bo.staff, prescriber=cast.pat.staff,
        by=cast.ivy.actor(), at=NOW,
    )  # fmt: skip


class TestWhatIsThere:
    def test_each_group_says_what_it_is_for_and_when(self, cast, week):
        placed(cast, week)
        found = told(cast)
        assert {t.title for t in found.things} == {"Morning process group", "Morning skills group"}
        process = next(t for t in found.things if t.title == "Morning process group")
        assert process.times == ("Monday, Wednesday, Friday, 9:00 a.m. – 9:50 a.m.",)
        assert "This is your process group." in process.reasons
        assert "Here you learn skills and try them out." in of(found, "Morning skills group")

    def test_the_own_therapist_is_named(self, cast, week):
        actions.add_visit(
            cast.ana.episode, "individual", cast.bo.staff, 1, time(14), time(14, 50), held_from=MONDAY, site=week.site, confirmed=True, by=cast.bo.actor(), at=NOW
        )  # fmt: skip
        assert "your own time with Bo, your therapist" in of(told(cast), "Individual")
        assert "With Bo, their primary therapist." in of(told(cast, to_client=False), "Individual")

    def test_the_hours_that_are_asked(self, cast, week):
        placed(cast, week)  # 3 × 50 + 3 × 110 minutes: 8 hours
        assert "You need it to reach 9 hours this week." in of(told(cast), "Morning process group")
        assert "Needed for the 9 hours that the rule asks." in of(told(cast, to_client=False), "Morning process group")

    def test_free_hours(self, cast, week):
        screened(cast, [(d, time(9), time(10)) for d in range(5)])
        placed(cast, week)
        found = told(cast)
        assert "It fits the hours when you can come." in of(found, "Morning process group")
        assert "outside the hours you gave us" in of(found, "Morning skills group")

    def test_the_next_lesson_comes_from_whoever_knows(self, cast, week):
        placed(cast, week)
        session = week.skills.sessions.order_by("starts_at").first()
        found = told(cast, lessons={session.pk: Lesson.objects.get(number=2)})
        assert "It goes through Coping skills, one lesson after the other. The next lesson is: Naming feelings." in of(found, "Morning skills group")

    def test_what_the_plan_asks(self, cast, week):
        way.signed(cast)
        placed(cast, week)
        assert "Your plan asks for it 3 times a week." in of(told(cast), "Morning skills group")
        assert "The plan asks for it 3 times a week." in of(told(cast, to_client=False), "Morning skills group")


class TestWhatIsNot:
    def test_cancelled_and_closed(self, cast, week):
        placed(cast, week)
        monday = MONDAY + timedelta(weeks=1)
        session = week.process.sessions.filter(starts_at__date=monday).get()
        actions.cancel_session(session, "staff_away", by=cast.bo.actor(), at=NOW)
        assert "Morning process group on Mon, Nov 9 is cancelled. The leader is away." in told(cast, monday=monday).missing
        thanks = date(2026, 11, 23)
        assert any("On Thursday we are not open" in said for said in told(cast, monday=thanks).missing)

    def test_no_individual_hour(self, cast, week):
        placed(cast, week)
        assert "You have no time alone with Bo this week. Ask Bo if you want one." in told(cast).missing

    def test_groups_of_the_track_that_do_not_fit(self, cast, week):
        admitted(cast, week)
        screened(cast, [(0, time(9), time(12))])
        placed(cast, week, week.process)
        client, staff = told(cast).missing, told(cast, to_client=False).missing
        assert any(said.startswith("Morning skills group: it meets on Wednesday") for said in client)
        assert any(said.startswith("Morning skills group: Wednesday") for said in staff)

    def test_a_client_never_reads_of_a_group_for_another_condition(self, cast, week):
        admitted(cast, week)
        way.signed(cast)  # mood, no substance use: the recovery group is for others
        placed(cast, week)
        assert not any("Recovery" in said for said in told(cast).missing)
        assert "Recovery group: for another condition (alcohol or drug use)." in told(cast, to_client=False).missing

    def test_a_full_group_and_a_place_not_taken(self, cast, week):
        admitted(cast, week)
        screened(cast, [(d, time(8), time(20)) for d in range(5)])
        placed(cast, week, week.process)
        assert "Morning skills group: you have no place in it yet." in told(cast).missing
        with trail.act("test", by=SYSTEM, at=NOW, about=week.skills):
            week.skills.most, week.skills.least = 1, 1
            week.skills.save()
        actions.join_group(cast.max.episode, week.skills, MONDAY, by=cast.di.actor(), at=NOW)
        assert "Morning skills group: no place is free right now." in told(cast).missing

    def test_nobody_else_is_named(self, cast, week):
        placed(cast, week)
        actions.join_group(cast.max.episode, week.process, MONDAY, by=cast.di.actor(), at=NOW)
        found = told(cast)
        assert "Max" not in str(found) and "Cy" not in str(found)

    def test_in_spanish(self, cast, week):
        placed(cast, week)
        with override("es"):
            assert "Este es su grupo de proceso." in of(told(cast), "Morning process group")

    def test_a_week_without_anything(self, cast, week):
        assert told(cast) == why.Why((), ())
