"""A week as values: what holds on a day, what a draft makes of it, and how two weeks differ.

Everything is by number: a page asks the database for names once, for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, time
from uuid import UUID

from django.db.models import Q

from footbridge.ground.program.models import Meeting, Program, Site

from ..models import Place, WeeklyVisit
from .models import DraftMeeting, DraftPlace, DraftStep, DraftVisit, WeekDraft


@dataclass(frozen=True, slots=True)
class Meets:
    """A weekly hour of a group."""

    meeting: int
    group: int
    weekday: int
    starts: time
    ends: time
    leader: int | None
    room: int | None
    mode: str
    held: bool = True
    adds: bool = False  # a draft adds it: the week that holds does not know it

    @property
    def who(self) -> int | None:
        return self.leader

    @property
    def minutes(self) -> int:
        return minutes_of(self.ends) - minutes_of(self.starts)


@dataclass(frozen=True, slots=True)
class Sees:
    """A standing visit of one person."""

    key: UUID
    visit: int | None
    episode: int
    kind: str
    staff: int
    room: int | None
    mode: str
    weekday: int
    starts: time
    ends: time
    every_weeks: int = 1

    @property
    def who(self) -> int | None:
        return self.staff

    @property
    def minutes(self) -> int:
        return minutes_of(self.ends) - minutes_of(self.starts)


@dataclass(frozen=True)
class Week:
    """What is to happen in a week: meetings by number, places as (episode, group), visits by key."""

    meetings: dict[int, Meets] = field(default_factory=dict)
    places: frozenset[tuple[int, int]] = frozenset()
    visits: dict[UUID, Sees] = field(default_factory=dict)

    def members(self) -> dict[int, set[int]]:
        """Episodes by group."""
        found: dict[int, set[int]] = {}
        for episode, group in self.places:
            found.setdefault(group, set()).add(episode)
        return found

    def groups(self) -> dict[int, set[int]]:
        """Groups by episode."""
        found: dict[int, set[int]] = {}
        for episode, group in self.places:
            found.setdefault(episode, set()).add(group)
        return found

    def hours(self) -> list[Meets | Sees]:
        """Everything that takes somebody's time."""
        return [*self.held(), *self.visits.values()]

    def held(self) -> list[Meets]:
        return sorted((m for m in self.meetings.values() if m.held), key=lambda m: (m.weekday, m.starts, m.meeting))


def minutes_of(at: time) -> int:
    return at.hour * 60 + at.minute


def overlap(one: Meets | Sees, other: Meets | Sees) -> bool:
    return one.weekday == other.weekday and one.starts < other.ends and other.starts < one.ends


# ------------------------------------------------------------------ from the database


def meetings_on(program: Program, site: Site, on: date) -> list[Meeting]:
    """The weekly meetings of a program at a site that hold on a day or begin later."""
    return list(
        Meeting.objects.filter(group__track__program=program, group__track__site=site, group__track__offered=True)
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .filter(Q(group__held_until__isnull=True) | Q(group__held_until__gt=on))
        .select_related("group__type", "group__track", "leader__person", "room")
        .order_by("weekday", "starts", "group_id", "pk")
    )


def added(draft: WeekDraft) -> list[Meeting]:
    """The weekly hours that a draft adds. Their rows hold on no day until it is published."""
    new = DraftMeeting.objects.filter(step__draft=draft, step__undone_at__isnull=True, adds=True).values("meeting")
    return list(Meeting.objects.filter(pk__in=new).select_related("group__type", "group__track", "leader__person", "room"))


def standing(program: Program, site: Site, on: date, meetings: Iterable[Meeting] | None = None) -> Week:
    """The week that holds on a day: meetings of the program at the site, the places in their groups, and the standing visits of the
    people who have such places."""
    held = {
        m.pk: Meets(m.pk, m.group_id, m.weekday, m.starts, m.ends, m.leader_id, m.room_id, m.mode or m.group.mode)
        for m in (meetings if meetings is not None else meetings_on(program, site, on))
        if m.held_from is None or m.held_from <= on
    }
    places = frozenset(
        Place.objects.filter(
            group__track__program=program, group__track__site=site, held_from__lte=on, episode__ended_at__isnull=True
        )
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .values_list("episode_id", "group_id")
    )
    here = (
        WeeklyVisit.objects.filter(held_from__lte=on, episode__ended_at__isnull=True)
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .filter(episode__in={episode for episode, _group in places})
        .order_by("weekday", "starts", "pk")
    )
    visits = {
        v.uid: Sees(v.uid, v.pk, v.episode_id, v.kind, v.staff_id, v.room_id, v.mode, v.weekday, v.starts, v.ends, v.every_weeks)
        for v in here
    }
    return Week(held, places, visits)


def steps_of(draft: WeekDraft) -> list[DraftStep]:
    """The steps that count, in order."""
    return list(draft.steps.filter(undone_at__isnull=True).order_by("number"))


def drafted(draft: WeekDraft, base: Week, without: int | None = None) -> Week:
    """The week as a draft has it: the standing one with the rows of each step laid over it, the newest last. `without` leaves one
    step out: how it would be if that was taken back. Rows about what stands no more are passed over."""
    meetings, places, visits = dict(base.meetings), set(base.places), dict(base.visits)
    counts = {"step__draft": draft, "step__undone_at__isnull": True}
    for m in DraftMeeting.objects.filter(**counts).exclude(step=without).select_related("meeting").order_by("step__number"):
        known = meetings.get(m.meeting_id)
        if known is not None or m.adds:
            meetings[m.meeting_id] = Meets(
                m.meeting_id, m.meeting.group_id, m.weekday, m.starts, m.ends, m.leader_id, m.room_id, m.mode, m.held,
                m.adds if known is None else known.adds,
            )  # fmt: skip
    for p in DraftPlace.objects.filter(**counts, episode__ended_at__isnull=True).exclude(step=without).order_by("step__number"):
        (places.add if p.holds else places.discard)((p.episode_id, p.group_id))
    rows = DraftVisit.objects.filter(**counts, episode__ended_at__isnull=True).exclude(step=without).order_by("step__number")
    for v in rows:
        if v.visit_id is not None and v.key not in base.visits:
            continue
        if v.holds:
            visits[v.key] = Sees(
                v.key, v.visit_id, v.episode_id, v.kind, v.staff_id, v.room_id, v.mode, v.weekday, v.starts, v.ends, v.every_weeks
            )
        else:
            visits.pop(v.key, None)
    return Week(meetings, frozenset(places), visits)


# ------------------------------------------------------------------ how two weeks differ


@dataclass(frozen=True)
class Diff:
    """Before and after, only what differs. A visit that is new has no before, one that ends no after."""

    meetings: tuple[tuple[Meets, Meets], ...] = ()
    joined: frozenset[tuple[int, int]] = frozenset()
    left: frozenset[tuple[int, int]] = frozenset()
    visits: tuple[tuple[Sees | None, Sees | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.meetings or self.joined or self.left or self.visits)

    def moved(self) -> tuple[tuple[Meets, Meets], ...]:
        """Meetings whose people have another hour, another way of coming, or none: more than a change of leader or room."""
        return tuple(
            (a, b) for a, b in self.meetings
            if (a.weekday, a.starts, a.ends, a.mode, a.held) != (b.weekday, b.starts, b.ends, b.mode, b.held)
        )  # fmt: skip

    def episodes(self, before: Week, after: Week) -> set[int]:
        """Everybody whose own week changes, a new room or leader included: they have to know where to go and to whom."""
        changed = {b.group for _a, b in self.meetings}
        found = {e for e, g in before.places | after.places if g in changed}
        found |= {e for e, _g in self.joined | self.left}
        return found | {v.episode for pair in self.visits for v in pair if v is not None}

    def staff(self) -> set[int]:
        """Everybody of the staff whose own week changes."""
        found = {m.leader for pair in self.meetings for m in pair if m.leader is not None}
        return found | {v.staff for pair in self.visits for v in pair if v is not None}

    def rooms(self) -> set[int]:
        found = {m.room for pair in self.meetings for m in pair if m.room is not None}
        return found | {v.room for pair in self.visits for v in pair if v is not None and v.room is not None}


def differ(before: Week, after: Week) -> Diff:
    # An hour that is new was not held before.
    pairs = [(before.meetings.get(key) or (replace(now, held=False) if now.adds else None), now) for key, now in sorted(after.meetings.items())]
    meetings = tuple((was, now) for was, now in pairs if was is not None and was != now)
    keys = sorted(set(before.visits) | set(after.visits), key=str)
    visits = tuple(
        (was, now) for was, now in ((before.visits.get(k), after.visits.get(k)) for k in keys) if was != now
    )
    return Diff(meetings, after.places - before.places, before.places - after.places, visits)


def with_meeting(week: Week, meets: Meets) -> Week:
    return replace(week, meetings={**week.meetings, meets.meeting: meets})


def with_places(week: Week, joins: Iterable[tuple[int, int]] = (), leaves: Iterable[tuple[int, int]] = ()) -> Week:
    return replace(week, places=(week.places - frozenset(leaves)) | frozenset(joins))


def with_visit(week: Week, sees: Sees | None, key: UUID) -> Week:
    visits = {k: v for k, v in week.visits.items() if k != key}
    return replace(week, visits={**visits, key: sees} if sees is not None else visits)
