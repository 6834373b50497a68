"""The dated sessions of one week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from footbridge.engines.timetabling import Span
from footbridge.ground.program import reads as program
from footbridge.ground.program.models import Group, Site, Track

from .. import words
from ..models import Booking, Session
from . import staffing
from .building import build
from .rows import Found
from .standing import Hour, Seen, Standing


def dated_facts(
    site: Site,
    monday: date,
    *,
    at: datetime | None = None,
    heard: Mapping[str, Iterable[tuple[str, int]]] | None = None,
    lessons: Mapping[str, int] | None = None,
) -> Found:
    """What one week of a site is made of: its sessions and seats as booked, whoever is away, the days on which it is closed.

    With `at`, hours that have begun stay as they are, and nothing is moved into what is over. Cancelled sessions and seats are not
    there; sessions of a closed day are not either, since publishing cancels them.
    """
    there = ZoneInfo(site.time_zone)
    first = datetime.combine(monday, datetime.min.time(), there)
    last = datetime.combine(monday + timedelta(days=7), datetime.min.time(), there)
    shut = {(day - monday).days for day in program.closed_days(site, monday, monday + timedelta(days=6))}
    sessions = list(
        Session.objects.filter(starts_at__gte=first, starts_at__lt=last, cancelled_at__isnull=True)
        .select_related("site", "group__track__program", "group__type", "group__curriculum", "leader__person", "room", "visit")
        .order_by("starts_at", "pk")
    )  # fmt: skip
    bookings = Booking.objects.filter(starts_at__gte=first, starts_at__lt=last, cancelled_at__isnull=True).select_related("episode__client__person")
    of_session: dict[int, list[Booking]] = defaultdict(list)
    for booking in bookings.order_by("pk"):
        of_session[booking.session_id].append(booking)
    standing = Standing(site, monday)
    here = [s for s in sessions if s.site_id == site.pk]
    standing.episodes = {str(b.episode.uid): b.episode for s in here for b in of_session[s.pk]}
    for session in sessions:
        when, ends = words.local(session.starts_at, site), words.local(session.ends_at, site)
        begin = when.hour * 60 + when.minute
        minutes = int((ends - when).total_seconds() // 60)
        at_ = Span(when.weekday(), begin, min(24 * 60, begin + minutes))
        people = [str(b.episode.uid) for b in of_session[session.pk]]
        begun = at is not None and session.starts_at <= at
        plain = session.site_id == site.pk and begin + minutes <= 24 * 60
        if plain and at_.day in shut:
            continue
        if plain and session.kind == "group" and session.group is not None:
            hour = Hour(session.group, at_, session.leader, session.room, session.mode, session.seats, frozenset(people), session, begun)
            standing.hours.append(hour)
        elif plain and len(people) == 1:
            standing.visits.append(Seen(people[0], session.kind, at_, session.leader, session.room, session.mode, session))
        else:
            standing.busy["staff", str(session.leader.uid)].append(at_)
            if session.room:
                standing.busy["room", str(session.room.uid)].append(at_)
            for code in people:
                if code in standing.episodes:
                    standing.busy["client", code].append(at_)
                    standing.outside.append(f"{standing.episodes[code].client.number}: {session.site.name}")
    over = staffing.past(monday, (words.local(at, site).date(), words.local(at, site).time())) if at is not None else ()
    tracks = list(Track.objects.filter(site=site, program__admits=True).select_related("program").order_by("pk"))
    groups = list(Group.objects.filter(track__in=tracks, held_until__isnull=True).select_related("track", "type"))
    return build(
        standing, tracks, groups, monday=monday, closed=frozenset(shut), over=over, away=staffing.away(site, monday), heard=heard or {},
        lessons=lessons or {}, name=f"{site.code} {monday}",
    )  # fmt: skip
