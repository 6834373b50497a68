"""A day on which a site is closed: the row, the act, who falls out, who is told, and the way back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from footbridge.care.timetable import actions, reads
from footbridge.care.timetable.models import Booking, Session
from footbridge.ground.consent import actions as consent
from footbridge.ground.program import actions as program
from footbridge.ground.program import importing
from footbridge.ground.program.models import ClosedDay, Site
from footbridge.kit import trail, work
from footbridge.kit.access import SYSTEM, NotYours
from footbridge.kit.trail.models import Act
from footbridge.lanes.notices.models import Notice
from footbridge.wiring import clock, reactions
from tests import program as week_
from tests.cast import NOW, Cast
from tests.program import MONDAY

pytestmark = pytest.mark.django_db
ON = MONDAY + timedelta(days=7)


@pytest.fixture
def week(cast: Cast) -> week_.Week:
    """Ana agreed to messages, Max did not; both come on Monday, and Ana has an hour with Bo and one single visit."""
    loaded = week_.load(cast)
    actions.publish(loaded.program, MONDAY, MONDAY + timedelta(weeks=3), by=cast.ed.actor(), at=NOW)
    consent.give(cast.ana.client, kind="messages", signed_name="Ana Soto", how="paper", witnessed_by=cast.di.staff, by=cast.di.actor(), at=NOW)
    for episode in (cast.ana.episode, cast.max.episode):
        actions.join_group(episode, loaded.process, MONDAY, by=cast.ed.actor(), at=NOW)
    actions.add_visit(
        cast.ana.episode, "individual", cast.bo.staff, 0, time(14), time(14, 50), held_from=MONDAY, site=loaded.site, mode="in_person", confirmed=True,
        by=cast.bo.actor(), at=NOW,
    )  # fmt: skip
    return loaded


def close(week: week_.Week, cast: Cast, on: date = ON, reason: str = "Snow", at: datetime = NOW, who: str = "di") -> ClosedDay:
    return actions.close_day(week.site, on, reason, by=getattr(cast, who).actor(at), at=at)


def standing(on: date = ON) -> Any:
    return reads.of_day(Site.objects.get(), on)


def seats() -> set[tuple[int, int, int]]:
    return set(Booking.objects.filter(session__in=standing(), cancelled_at__isnull=True).values_list("session", "episode", "seat"))


class TestClose:
    def test_the_row_the_acts_and_every_session_of_the_day_at_once(self, cast, week):
        before, kinds = Session.objects.filter(cancelled_at__isnull=True).count(), set(standing().values_list("kind", flat=True))
        day = close(week, cast)
        assert (day.on, day.reason, day.closed_at, day.closed_by) == (ON, "Snow", NOW, cast.di.staff)
        assert kinds == {"group", "individual"}
        assert set(standing().values_list("cancelled_because", "cancelled_at")) == {("closed", NOW)} and not seats()
        assert Session.objects.filter(cancelled_at__isnull=True).count() == before - standing().count()
        act = Act.objects.get(verb="timetable.day_closed")
        assert act.by == cast.di.user and act.detail == {"on": ON.isoformat()}
        assert Act.objects.get(verb="site.day_closed").why == "Snow"

    def test_what_has_begun_stays(self, cast, week):
        at = standing(MONDAY).order_by("starts_at").first().starts_at + timedelta(minutes=1)
        close(week, cast, on=MONDAY, at=at)
        assert standing(MONDAY).filter(cancelled_at__isnull=True).count() == 1 and standing(MONDAY).filter(cancelled_because="closed").exists()

    @pytest.mark.parametrize(
        ("on", "reason", "field", "says"),
        [(MONDAY - timedelta(days=1), "Snow", "on", "over"), (ON, "Ice", "on", "closed on this day already"), (ON + timedelta(days=1), "  ", "reason", "why")],
    )
    def test_refused_with_a_field_and_nothing_changes(self, cast, week, on, reason, field, says):
        close(week, cast)
        acts = Act.objects.count()
        with pytest.raises(program.CannotClose, match=says) as refused:
            close(week, cast, on=on, reason=reason)
        assert refused.value.field == field
        assert ClosedDay.objects.filter(closed_at__isnull=False).count() == 1 and Act.objects.count() == acts

    @pytest.mark.parametrize("who", ["bo", "ana", "bea", "gus", "ivy", "pat", "flo"])
    def test_others_close_and_open_nothing(self, cast, week, who):
        with pytest.raises(NotYours):
            close(week, cast, who=who)
        day = close(week, cast, who="ed")
        with pytest.raises(NotYours):
            actions.open_day(day, by=getattr(cast, who).actor(), at=NOW)

    def test_the_night_makes_nothing_again_and_the_file_leaves_it(self, cast, week):
        close(week, cast)
        actions.publish_ahead(at=NOW)
        assert not standing().filter(cancelled_at__isnull=True).exists()
        report = importing.load(week_.FILE, by=cast.ed.actor(), at=NOW)
        assert report.by_hand == {"closed days": 1} and "kept as decided by hand 1 closed days" in str(report)
        assert ClosedDay.objects.filter(on=ON, opened_at__isnull=True).exists()


class TestOpen:
    def test_everything_is_as_it_was_and_the_row_stays(self, cast, week):
        rows, before = set(standing().filter(cancelled_at__isnull=True).values_list("pk", flat=True)), seats()
        day = close(week, cast)
        actions.open_day(day, by=cast.ed.actor(), at=NOW + timedelta(hours=1))
        assert set(standing().filter(cancelled_at__isnull=True).values_list("pk", flat=True)) == rows and seats() == before
        day = ClosedDay.objects.get(uid=day.uid)
        assert day.opened_by == cast.ed.staff and Act.objects.filter(verb="timetable.day_opened").count() == 1
        assert close(week, cast, at=NOW + timedelta(hours=2)).uid != day.uid  # and it can be closed again

    def test_who_joined_meanwhile_sits_too(self, cast, week):
        actions.leave_group(cast.max.episode.places.get(), MONDAY, by=cast.ed.actor(), at=NOW)
        day = close(week, cast)
        actions.join_group(cast.max.episode, week.process, MONDAY, by=cast.ed.actor(), at=NOW + timedelta(minutes=1))
        actions.open_day(day, by=cast.ed.actor(), at=NOW + timedelta(hours=1))
        assert cast.max.episode.pk in {episode for _session, episode, _seat in seats()}

    def test_who_has_something_else_by_then_keeps_it(self, cast, week):
        day, group = close(week, cast), standing().filter(group=week.process).get()
        with trail.act("visit.booked", by=SYSTEM, at=NOW, about=group):
            other = Session.objects.create(
                kind="individual", site=group.site, leader=cast.cy.staff, mode="video", starts_at=group.starts_at, ends_at=group.ends_at, seats=1, published_at=NOW
            )
            Booking.objects.create(
                session=other, episode=cast.ana.episode, starts_at=other.starts_at, ends_at=other.ends_at, seat=1, seats=1, booked_at=NOW
            )  # fmt: skip
        actions.open_day(day, by=cast.ed.actor(), at=NOW)
        assert {e for s, e, _seat in seats() if s == group.pk} == {cast.max.episode.pk}
        assert (other.pk, cast.ana.episode.pk, 1) in seats()

    def test_not_once_it_has_begun(self, cast, week):
        day = close(week, cast)
        first = standing().order_by("starts_at").first()
        with pytest.raises(actions.CannotOpen, match="has begun"):
            actions.open_day(day, by=cast.ed.actor(), at=first.starts_at)
        assert not standing().filter(cancelled_at__isnull=True).exists()

    def test_not_when_its_leader_is_elsewhere_by_then(self, cast, week):
        day = close(week, cast)
        gone = standing().filter(group=week.process).get()
        with trail.act("visit.booked", by=SYSTEM, at=NOW, about=gone):
            Session.objects.create(
                kind="individual", site=gone.site, leader=gone.leader, mode="video", starts_at=gone.starts_at, ends_at=gone.ends_at, seats=1, published_at=NOW
            )
        with pytest.raises(actions.CannotOpen, match="leads"):
            actions.open_day(day, by=cast.ed.actor(), at=NOW)
        assert ClosedDay.objects.get(uid=day.uid).opened_at is None and gone.pk in standing().filter(cancelled_because="closed").values_list("pk", flat=True)

    def test_a_day_of_the_file_is_opened_with_the_groups_that_were_never_made_and_the_file_does_not_close_it(self, cast, week):
        thanks = ClosedDay.objects.get(on=date(2026, 11, 26))
        assert thanks.closed_at is None and not standing(thanks.on).exists()
        actions.open_day(thanks, by=cast.ed.actor(), at=NOW)
        assert standing(thanks.on).filter(cancelled_at__isnull=True, group__isnull=False).exists()
        report = importing.load(week_.FILE, by=cast.ed.actor(), at=NOW)
        assert report.by_hand == {"opened days": 1} and not ClosedDay.objects.filter(on=thanks.on, opened_at__isnull=True).exists()


class TestTold:
    """Whoever agreed to messages and the leaders: once a closing, once an opening, in words that say nothing."""

    @pytest.fixture
    def jobs(self, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        asked: list[Any] = []
        monkeypatch.setattr(reactions, "_is_past", lambda act: False)
        monkeypatch.setattr(work, "enqueue", lambda job, **words: asked.append((job, words)))
        return asked

    def test_an_act_asks_for_the_letters(self, cast, week, jobs):
        day = close(week, cast)
        actions.open_day(day, by=cast.ed.actor(), at=NOW)
        told = [words["day"] for job, words in jobs if job is reactions.tell_about_the_day]
        assert told == [str(day.uid)] * 2

    def test_once_for_each(self, cast, week):
        day = close(week, cast)
        for hours in (1, 2):
            reactions.tell_of_day(day, NOW + timedelta(hours=hours))
            clock.tell_closed(NOW + timedelta(hours=hours))
        leaders = {s.leader.person for s in standing().select_related("leader__person")}
        assert {n.person for n in Notice.objects.all()} == {cast.ana.person} | leaders
        assert set(Notice.objects.values_list("template", flat=True)) == {"week"} and Notice.objects.count() == 1 + len(leaders)
        day = actions.open_day(day, by=cast.ed.actor(), at=NOW + timedelta(hours=3))
        for hours in (3, 4):
            clock.tell_closed(NOW + timedelta(hours=hours))
        assert Notice.objects.count() == 2 * (1 + len(leaders))
        again = close(week, cast, at=NOW + timedelta(hours=5))
        reactions.tell_of_day(again, NOW + timedelta(hours=5))
        assert Notice.objects.count() == 3 * (1 + len(leaders))

    def test_at_night_only_when_it_is_near(self, cast, week):
        night = datetime.combine(ON, time(11), tzinfo=NOW.tzinfo)  # five in the morning in Chicago
        far = close(week, cast, on=ON + timedelta(days=2), at=night)
        reactions.tell_of_day(far, night)
        assert not Notice.objects.exists()
        reactions.tell_of_day(close(week, cast, at=night), night)
        assert Notice.objects.filter(person=cast.ana.person).count() == 1
