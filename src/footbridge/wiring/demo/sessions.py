"""Sessions held: who came, the note, each part, the signature."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from footbridge.care.sessions import actions, reads
from footbridge.care.sessions.actions import Entry
from footbridge.care.timetable.models import Session
from footbridge.kit.access import Actor

from . import words

if TYPE_CHECKING:
    from .story import Story

# Unsigned notes stand on somebody's page for a while: one in eight of the last two days, our own guess.
LEFT_UNSIGNED = 0.12


def plan_day(story: Story, at: datetime) -> None:
    """In the morning: every session of the day that has somebody in it is put on the clock for the minute it ends."""
    end = at + timedelta(hours=20)
    today = Session.objects.filter(starts_at__gte=at, starts_at__lt=end, cancelled_at__isnull=True, bookings__cancelled_at__isnull=True).distinct()
    for row in today.order_by("starts_at", "pk"):
        story.clock.when(row.ends_at + timedelta(minutes=story.random.randint(2, 25)), partial(hold, story, row.pk))


def hold(story: Story, pk: int, at: datetime) -> None:
    session = Session.objects.select_related("group__type", "group__curriculum", "site", "leader__person").get(pk=pk)
    seats = reads.seated(session)
    leader = story.leader(session.leader_id)
    if session.cancelled_at is not None or not seats or leader is None:
        return
    length = reads.minutes(session)
    entries = [_came(story, booking, length, at) for booking in seats]
    actions.take_attendance(session, entries, by=leader, at=at)
    kind = session.group.type.code if session.group else "individual"
    text = words.GROUP_NOTES.get(kind) or words.GROUP_NOTES["process"]
    if all(entry.came in ("absent", "excused") for entry in entries):
        text = words.NOBODY_CAME
    actions.write_note(session, text=text, lesson=reads.next_lesson(session), topic=_topic(session), by=leader, at=at)
    for entry in entries:
        if entry.came not in ("absent", "excused"):
            _part(story, entry, leader, at)
    recent = story.until - at < timedelta(days=2)
    if not (recent and story.random.random() < LEFT_UNSIGNED):
        actions.sign(session, by=leader, at=at + timedelta(minutes=4))


def _came(story: Story, booking: object, length: int, at: datetime) -> Entry:
    way = story.by_episode.get(booking.episode_id)  # type: ignore[attr-defined]
    attends = way.life.attends if way else 0.9
    if way and way.life.ending == "left" and way.left_on and (way.left_on - at.date()).days < 9:
        attends = 0.15
    luck = story.random.random()
    if luck > attends:
        return Entry(booking, "excused" if story.random.random() < 0.45 else "absent", None)  # type: ignore[arg-type]
    if luck < 0.04:
        return Entry(booking, "late", length - story.random.randint(6, 20))  # type: ignore[arg-type]
    return Entry(booking, "present", None)  # type: ignore[arg-type]


def _part(story: Story, entry: Entry, leader: Actor, at: datetime) -> None:
    actions.write_part(
        entry.booking, participation=story.random.choice(["active", "active", "some", "listened"]), text=story.random.choice(words.PARTS), by=leader, at=at
    )


def _topic(session: Session) -> str:
    return "" if session.group else "Week and next step"
