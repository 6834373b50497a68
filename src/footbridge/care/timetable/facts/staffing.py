"""What the engine knows of staff and rooms: hours, what they may lead, limits; and when somebody is away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from django.db.models import Q

from footbridge.engines.timetabling import Room as EngineRoom
from footbridge.engines.timetabling import Span
from footbridge.engines.timetabling import Staff as EngineStaff
from footbridge.engines.timetabling.facts import joined, without
from footbridge.ground.people.models import Away, Staff
from footbridge.ground.program import working
from footbridge.ground.program.models import Room, Site

from .standing import Standing, own, span

ALL_KINDS = ("process", "curriculum", "skills", "education", "relapse_prevention", "peer", "support", "practice", "complementary", "family_group", "multi_family")
DAY = 24 * 60


def members(
    standing: Standing, staff: Sequence[Staff], weeks: dict[int, working.Week], conditions: frozenset[str], kinds: frozenset[str]
) -> tuple[EngineStaff, ...]:
    """Staff of the site: who leads or sees somebody there, or whose hours name it. Hours that are only assumed hold what they lead
    and whom they see as well."""
    led: dict[int, list[Span]] = defaultdict(list)
    for hour in standing.hours:
        if hour.leader is not None:
            led[hour.leader.pk].append(hour.span)
    for visit in standing.visits:
        led[visit.staff.pk].append(visit.span)
    out = []
    for person in staff:
        week = weeks[person.pk]
        hours = [h for h in week.hours if h.site_id in (None, standing.site.pk)]
        if not (person.pk in led or any(h.site_id == standing.site.pk for h in hours) or ((week.entered or standing.unled) and any(h.site_id is None for h in hours))):
            continue
        everything = frozenset(ALL_KINDS) | kinds
        leads = everything if week.leads is None else frozenset("family_group" if k == "family" else k for k in week.leads)
        code = str(person.uid)
        spans = [span(h.weekday, h.starts, h.ends) for h in hours] + ([] if week.entered else led.get(person.pk, []))
        out.append(
            EngineStaff(
                code, str(standing.site.uid), joined(spans), leads=leads,
                visits=frozenset(week.visits), conditions=frozenset(week.conditions) if week.conditions else conditions,
                credentials=frozenset(c.kind for c in person.credentials.all() if c.valid_from <= standing.on and (c.valid_until is None or c.valid_until > standing.on)),
                languages=frozenset(week.languages) | {"en", str(person.person.language)},
                most_minutes_week=week.most_minutes_week, most_minutes_day=week.most_minutes_day, most_groups_day=week.most_groups_day,
                caseload=week.caseload, person=code,
            )
        )  # fmt: skip
    return tuple(out)


def at_work(on: date) -> list[Staff]:
    """Staff who may lead or see somebody on a day."""
    found = Staff.objects.filter(roles_held__role__in=working.ROLES, roles_held__held_from__lte=on).filter(
        Q(roles_held__held_until__isnull=True) | Q(roles_held__held_until__gt=on), Q(left_on__isnull=True) | Q(left_on__gt=on)
    )
    return list(found.select_related("person").prefetch_related("credentials").order_by("pk").distinct())


def rooms(standing: Standing, own_rooms: Sequence[Room], staff: Sequence[EngineStaff], by_code: dict[str, Staff]) -> tuple[EngineRoom, ...]:
    """The rooms of the site; and everybody's own office or call, where visits are held without a room of the site."""
    site = str(standing.site.uid)
    out = [EngineRoom(str(r.uid), site, r.kind, r.seats) for r in own_rooms]
    for kind, mode in (("office", "in_person"), ("video", "video")):
        bare = any(v.room is None for v in standing.visits if (v.mode == "video") == (mode == "video"))
        if bare or not any(r.kind == kind for r in own_rooms):
            out += [EngineRoom(own(by_code[s.code], kind), site, kind, 4) for s in staff if s.visits]
    return tuple(out)


def away(site: Site, monday: date) -> dict[str, list[Span]]:
    """When staff are away in a week, by code."""
    found: dict[str, list[Span]] = {}
    sunday = monday + timedelta(days=7)
    for one in Away.objects.filter(from_on__lt=sunday, until_on__gt=monday).select_related("staff"):
        days = range(max(0, (one.from_on - monday).days), min(7, (one.until_on - monday).days))
        found.setdefault(str(one.staff.uid), []).extend(Span(day, 0, DAY) for day in days)
    return found


def past(monday: date, now: tuple[date, time]) -> tuple[Span, ...]:
    """What of a week is over at a moment of the site's clock."""
    on, at = now
    days = (on - monday).days
    if days < 0:
        return ()
    minute = at.hour * 60 + at.minute
    over = [Span(day, 0, DAY) for day in range(min(7, days))]
    return tuple(over + ([Span(days, 0, minute)] if days < 7 and minute else []))


def less(spans: Iterable[Span], gone: Iterable[Span]) -> tuple[Span, ...]:
    """Hours without others. Never empty, since to the engine no hours of a room mean always."""
    return without(joined(spans), tuple(gone)) or (Span(6, 0, 1),)
