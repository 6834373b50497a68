"""The weekly plan as it stands on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import F, Q

from footbridge.engines.timetabling import Span
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Group, Meeting, Site, Track

from ..models import Place, WeeklyVisit
from .building import build
from .rows import Found
from .standing import Hour, Seen, Standing, span


def template_facts(
    scope: Site | Track,
    from_on: date,
    *,
    also: Iterable[Episode] = (),
    open_times: bool = False,
    unled: bool = False,
    plus: Iterable[Meeting] = (),
    heard: Mapping[str, Iterable[tuple[str, int]]] | None = None,
    lessons: Mapping[str, int] | None = None,
) -> Found:
    """What the weekly plan of a site, or of one track, is made of on a day, and the plan itself.

    People: everybody with a place or a standing visit on the day or later, everybody admitted to a track of the site who has none yet,
    and `also`. `open_times` lets a group meet at other hours of its track too; otherwise it meets when it does or not at all. `unled`
    takes in hours that nobody leads yet, and everybody at work whose hours name no site: for building a week. `plus` are hours
    that a draft adds, which nobody leads yet. `heard` are lessons by
    episode uid, as (curriculum uid, number), and `lessons` the coming lesson of each group by its uid: a later stage knows them.
    """
    site = scope if isinstance(scope, Site) else scope.site
    if site is None:
        raise ValueError("a track without a site has no clock and no rooms")
    standing = Standing(site, from_on, unled=unled)
    held = Q(held_until__isnull=True) | Q(held_until__gt=from_on)
    groups = list(
        Group.objects.filter(held, track__site=site, track__program__admits=True, track__offered=True)
        .select_related("track__program", "type", "curriculum").order_by("pk")
    )  # fmt: skip
    inside = [g for g in groups if isinstance(scope, Site) or g.track_id == scope.pk or g.track.code in scope.includes]
    places = list(
        Place.objects.filter(held, group__in=groups, episode__ended_at__isnull=True)
        .select_related("group", "episode__client__person").order_by("pk")
    )  # fmt: skip
    ours = {g.pk for g in inside}
    tracks = list(Track.objects.filter(site=site, program__admits=True).select_related("program").order_by("pk"))
    scoped = [t for t in tracks if isinstance(scope, Site) or t.pk == scope.pk]
    people: dict[str, Episode] = {str(p.episode.uid): p.episode for p in places if p.group_id in ours}
    admitted = Episode.objects.filter(ended_at__isnull=True, admission__track__in=scoped, places__isnull=True)
    for episode in [*admitted.select_related("client__person"), *also]:
        people.setdefault(str(episode.uid), episode)
    standing.episodes = people
    members: dict[int, set[str]] = defaultdict(set)
    for place in places:
        if str(place.episode.uid) in people:
            members[place.group_id].add(str(place.episode.uid))
    # Planned and taken back, or not published yet: held on no day.
    meetings = Meeting.objects.filter(held, group__track__program__admits=True).exclude(held_from=F("held_until")).select_related("leader__person", "room")
    by_pk = {g.pk: g for g in groups}
    idle: list[tuple[str, Span]] = []
    for meeting in meetings.order_by("weekday", "starts", "pk"):
        at, group = span(meeting.weekday, meeting.starts, meeting.ends), by_pk.get(meeting.group_id)
        if group is not None and group.pk in ours and (unled or meeting.leader is not None):
            people_of = frozenset(members[group.pk])
            standing.hours.append(Hour(group, at, meeting.leader, meeting.room, meeting.mode or group.mode, group.most, people_of, meeting))
        elif group is not None and group.pk in ours:
            _beside(standing, meeting, at, ())
            idle += [(code, at) for code in sorted(members[group.pk])]
        else:
            _beside(standing, meeting, at, members.get(meeting.group_id, ()))
    for meeting in plus:
        group = by_pk.get(meeting.group_id)
        if group is not None and group.pk in ours:
            at = span(meeting.weekday, meeting.starts, meeting.ends)
            standing.hours.append(Hour(group, at, None, meeting.room, meeting.mode or group.mode, group.most, frozenset(members[group.pk]), meeting, new=True))
    for visit in WeeklyVisit.objects.filter(held, episode__ended_at__isnull=True).select_related("staff__person", "room", "episode").order_by("pk"):
        at, code = span(visit.weekday, visit.starts, visit.ends), str(visit.episode.uid)
        if code in people:
            standing.visits.append(Seen(code, visit.kind, at, visit.staff, visit.room, visit.mode, visit))
        else:
            standing.busy["staff", str(visit.staff.uid)].append(at)
            if visit.room:
                standing.busy["room", str(visit.room.uid)].append(at)
    _keep_free(standing, idle)
    return build(standing, tracks, groups, open_times=open_times, heard=heard or {}, lessons=lessons or {}, name=f"{site.code} {from_on}")


def _keep_free(standing: Standing, idle: Iterable[tuple[str, Span]]) -> None:
    """An hour that nobody leads yet is kept free for its people. Who has something else then is in two places at once as soon as somebody
    leads it, and not before: so the same rule says it whether the hours that nobody leads are read or not."""
    mine: dict[str, list[Span]] = defaultdict(list)
    for seen in standing.visits:
        mine[seen.episode].append(seen.span)
    for hour in standing.hours:
        for code in hour.people:
            mine[code].append(hour.span)
    for code, at in idle:
        if not any(at.overlaps(other) for other in mine[code]):
            standing.busy["client", code].append(at)


def _beside(standing: Standing, meeting: Meeting, at: object, people: Sequence[str] | Iterable[str]) -> None:
    """A meeting that is not planned here takes its people's time all the same."""
    if meeting.leader is not None:
        standing.busy["staff", str(meeting.leader.uid)].append(at)  # type: ignore[arg-type]
    if meeting.room is not None:
        standing.busy["room", str(meeting.room.uid)].append(at)  # type: ignore[arg-type]
    for code in people:
        standing.busy["client", code].append(at)  # type: ignore[arg-type]
