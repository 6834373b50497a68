"""What the checks need to know, gathered from the database in a fixed number of questions, however many people there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q

from footbridge.care.screening.models import FreeHours, Screen
from footbridge.data import parsed
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Away, RoleHeld, Staff
from footbridge.ground.program import reads as program_reads
from footbridge.ground.program.caps import cap
from footbridge.ground.program.models import ClosedDay, Group, Meeting, Program, Room, Site

from ..actions.publishing import HORIZON_WEEKS
from ..actions.visits import GIVEN_BY
from ..models import Pairing, Place, WeeklyVisit
from ..words import PairKind, SessionKind
from . import goals
from .checks import Elsewhere, GroupIs, PersonIs, RoomIs, Span, StaffIs, World
from .plan import Week

LEADS = ("therapist", "prescriber", "intake")


def world(program: Program, site: Site, on: date, *weeks: Week) -> World:
    """Everything that the checks of these weeks ask for, as it holds on a day."""
    hours = [h for week in weeks for h in week.hours()]
    staff = {h.who for h in hours if h.who is not None}
    rooms = {h.room for h in hours if h.room is not None}
    people = {e for week in weeks for e, _g in week.places} | {v.episode for week in weeks for v in week.visits.values()}
    staff_elsewhere, rooms_elsewhere = elsewhere(program, site, on, staff, rooms, people)
    return World(
        groups=groups(program, site, on),
        staff=members(on),
        rooms=rooms_of(site, rooms),
        people=persons(people),
        staff_elsewhere=staff_elsewhere,
        rooms_elsewhere=rooms_elsewhere,
        people_elsewhere=people_elsewhere(program, site, on, people),
        closed=closed(site, on),
        rule=program_reads.rule_of(program, on),
        travel_minutes=int(parsed("board")["travel"]["minutes"]),
        weights=goals.of(program, on).weights,
        apart=apart(people),
    )


def groups(program: Program, site: Site, on: date) -> dict[int, GroupIs]:
    found = (
        Group.objects.filter(track__program=program, track__site=site)
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .select_related("type")
    )
    begun = set(
        Place.objects.filter(group__in=found.filter(open_entry=False), held_from__lt=on).values_list("group_id", flat=True)
    )
    return {g.pk: _group(g, site, on, g.pk in begun) for g in found}


def _group(group: Group, site: Site, on: date, begun: bool) -> GroupIs:
    law = cap(group.type.kind, site.state, on)
    return GroupIs(
        group.name, group.track_id, group.least, group.most, law.most if law else None, law.source if law else "", group.mode, group.type.countable, group.type.kind, group.condition, begun
    )  # fmt: skip


def members(on: date) -> dict[int, StaffIs]:
    """Everybody who works here on a day, with what their roles let them do and when they are away in the weeks ahead."""
    roles: dict[int, set[str]] = defaultdict(set)
    held = RoleHeld.objects.filter(held_from__lte=on).filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
    for staff_id, role in held.values_list("staff_id", "role"):
        roles[staff_id].add(role)
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    ahead = Away.objects.filter(until_on__gt=on, from_on__lt=on + timedelta(weeks=HORIZON_WEEKS)).order_by("from_on")
    for staff_id, first, last in ahead.values_list("staff_id", "from_on", "until_on"):
        away[staff_id].append((first, last))
    here = Staff.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=on)).values_list("pk", "person__name_used")
    return {
        pk: StaffIs(
            name,
            bool(roles[pk] & set(LEADS)),
            frozenset(str(kind) for kind, may in GIVEN_BY.items() if roles[pk] & set(may)),
            tuple(away.get(pk, ())),
        )
        for pk, name in here
    }


def rooms_of(site: Site, used: Iterable[int]) -> dict[int, RoomIs]:
    found = Room.objects.filter(Q(site=site) | Q(pk__in=list(used)))
    return {r.pk: RoomIs(r.name, r.kind, r.seats, r.site_id == site.pk) for r in found}


def persons(episodes: Iterable[int]) -> dict[int, PersonIs]:
    """The free hours of the newest screen, touching ones joined, and the way somebody asked to come. As `timetable.reads` reads them
    for one person, here for all."""
    newest = {
        episode: (screen, mode)
        for episode, screen, mode in Screen.objects.filter(episode__in=list(episodes))
        .order_by("episode_id", "-at", "-pk")
        .distinct("episode_id")
        .values_list("episode_id", "pk", "prefers_mode")
    }
    free: dict[int, list[Span]] = defaultdict(list)
    for screen, weekday, starts, ends in (
        FreeHours.objects.filter(screen__in=[s for s, _m in newest.values()])
        .order_by("screen_id", "weekday", "starts")
        .values_list("screen_id", "weekday", "starts", "ends")
    ):
        mine = free[screen]
        if mine and mine[-1][0] == weekday and starts <= mine[-1][2]:
            mine[-1] = (weekday, mine[-1][1], max(ends, mine[-1][2]))
        else:
            mine.append((weekday, starts, ends))
    return {episode: PersonIs(tuple(free.get(screen, ())), mode) for episode, (screen, mode) in newest.items()}


def apart(episodes: Iterable[int]) -> frozenset[frozenset[int]]:
    """Pairs that must not meet. Why is nobody's matter here."""
    by_client = dict(Episode.objects.filter(pk__in=list(episodes)).values_list("client_id", "pk"))
    pairs = Pairing.objects.filter(kind=PairKind.APART, ended_at__isnull=True, one__in=by_client, other__in=by_client)
    return frozenset(frozenset({by_client[one], by_client[other]}) for one, other in pairs.values_list("one_id", "other_id"))


def elsewhere(
    program: Program, site: Site, on: date, staff: Iterable[int], rooms: Iterable[int], people: Iterable[int]
) -> tuple[dict[int, list[Elsewhere]], dict[int, list[Elsewhere]]]:
    """What staff and rooms have outside this week: groups of other programs and sites that admit, visits of other people."""
    of_staff: dict[int, list[Elsewhere]] = defaultdict(list)
    of_room: dict[int, list[Elsewhere]] = defaultdict(list)
    staff, rooms = list(staff), list(rooms)
    others = (
        Meeting.objects.filter(Q(leader__in=staff) | Q(room__in=rooms), group__track__program__admits=True)
        .filter(Q(held_from__isnull=True) | Q(held_from__lte=on + timedelta(weeks=HORIZON_WEEKS)))
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .filter(Q(group__held_until__isnull=True) | Q(group__held_until__gt=on))
        .exclude(group__track__program=program, group__track__site=site)
        .exclude(held_from=F("held_until"))  # planned and taken back: held on no day
        .filter(group__track__offered=True)
        .values_list("leader_id", "room_id", "weekday", "starts", "ends", "group__name", "group__track__site_id", "mode", "group__mode")
    )
    for leader, room, weekday, starts, ends, name, there, mode, group_mode in others:
        away = there is not None and there != site.pk and (mode or group_mode) != "video"
        hour = Elsewhere(weekday, starts, ends, name, away)
        if leader is not None:
            of_staff[leader].append(hour)
        if room is not None:
            of_room[room].append(hour)
    visits = (
        WeeklyVisit.objects.filter(Q(staff__in=staff) | Q(room__in=rooms), every_weeks=1, episode__ended_at__isnull=True)
        .filter(held_from__lte=on + timedelta(weeks=HORIZON_WEEKS))
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .exclude(episode__in=list(people))
        .values_list("staff_id", "room_id", "weekday", "starts", "ends", "kind", "room__site_id", "mode")
    )
    for who, room, weekday, starts, ends, kind, there, mode in visits:
        away = there is not None and there != site.pk and mode != "video"
        hour = Elsewhere(weekday, starts, ends, str(SessionKind(kind).label), away)
        of_staff[who].append(hour)
        if room is not None:
            of_room[room].append(hour)
    return of_staff, of_room


def people_elsewhere(program: Program, site: Site, on: date, people: Iterable[int]) -> dict[int, list[Elsewhere]]:
    """The groups that people of this week attend in another program or at another site."""
    found: dict[int, list[Elsewhere]] = defaultdict(list)
    other = (
        Place.objects.filter(episode__in=list(people), held_from__lte=on)
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=on))
        .exclude(group__track__program=program, group__track__site=site)
        .filter(group__meetings__held_until__isnull=True)
        .values_list("episode_id", "group__meetings__weekday", "group__meetings__starts", "group__meetings__ends", "group__name")
    )
    for episode, weekday, starts, ends, name in other:
        if weekday is not None:
            found[episode].append(Elsewhere(weekday, starts, ends, name))
    return found


def closed(site: Site, on: date) -> dict[int, list[tuple[date, str]]]:
    """Closed days of the weeks ahead by weekday."""
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    days = ClosedDay.objects.filter(opened_at__isnull=True, site=site, on__gte=on, on__lt=on + timedelta(weeks=HORIZON_WEEKS)).order_by("on")
    for day, reason in days.values_list("on", "reason"):
        found[day.weekday()].append((day, reason))
    return found
