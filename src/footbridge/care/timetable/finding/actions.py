"""An offer is taken: everything in it at once, or nothing. Whoever moves for it has said yes, and is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from footbridge.engines.timetabling import check
from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import rules
from ..actions import CannotBook, CannotJoin, CannotVisit, add_visit, end_visit, join_group, leave_group
from ..facts.words import Names, said
from . import offered
from .offered import Change


class CannotTake(access.Refusal):
    """The offer does not hold any more, or somebody who would move has not agreed."""


def take(
    episode: Episode, changes: Sequence[Change], on: date, *, agreed: Collection[str] = (), by: Actor, at: datetime
) -> list[Episode]:
    """Make the changes of an offer, in one act; everybody whose week changes. Raises CannotTake.

    `agreed` are the episodes of those others who move and said yes. Everything is read again and checked against every rule; the database
    has the last word.
    """
    access.require(by, rules.BOOK, episode)
    people = {str(one.uid): one for one in Episode.objects.visible_to(by).filter(uid__in=[c.episode for c in changes]).select_related("client__person")}
    for change in changes:
        if change.episode not in people:
            raise access.NotYours("timetable.offer")
        access.require(by, rules.BOOK, people[change.episode])
    asked = [people[c.episode] for c in changes if c.episode != str(episode.uid)]
    missing = [one.client.person.name_used for one in asked if str(one.uid) not in agreed]
    if missing:
        raise CannotTake(_("Ask first, and tick who agreed: %(names)s.") % {"names": ", ".join(missing)}, field="agreed")
    # The people are locked in one order, so that two offers at once wait for each other; the seats and hours are the database's.
    with trail.act(
        "offer.taken", by=by, at=at, about=episode, client=episode.client, detail={"moved": [str(one.uid) for one in asked]}
    ):
        _holds(episode, changes, on, list(people.values()), by)
        try:
            _make(changes, people, on, by, at)
        except (CannotJoin, CannotBook, CannotVisit) as refusal:
            raise CannotTake(_("This offer does not hold any more: %(why)s Look at the new offers.") % {"why": refusal.sentence}) from refusal
        for one in sorted(people.values(), key=lambda e: e.pk):
            if one.pk != episode.pk:
                with trail.act("week.changed", by=by, at=at, about=one, client=one.client):
                    pass
    return list(people.values())


def _holds(episode: Episode, changes: Sequence[Change], on: date, people: list[Episode], by: Actor) -> None:
    """Read everything again: the changes must break no rule that is not broken already."""
    gone = _("The timetable has changed since. Look at the new offers.")
    site = offered.reads.site_of(episode)
    if site is None or episode.ended_at is not None:
        raise CannotTake(gone)
    found = offered.at_site(site, on, people)
    week = offered.applied(found, changes)
    if week is None:
        raise CannotTake(gone)
    before = {(b.sentence.code, str(sorted(b.sentence.params.items(), key=str))) for b in check(found.facts, found.week)}
    new = [b for b in check(found.facts, week) if (b.sentence.code, str(sorted(b.sentence.params.items(), key=str))) not in before]
    if new:
        names = Names.of(by, found.rows)
        raise CannotTake(_("This offer does not hold any more: %(why)s Look at the new offers.") % {"why": said(new[0].sentence, names)})


def _make(changes: Sequence[Change], people: dict[str, Episode], on: date, by: Actor, at: datetime) -> None:
    """First everybody gives up what they give up, then all take what they take."""
    from footbridge.ground.people.models import Staff
    from footbridge.ground.program.models import Group, Room

    for change in changes:
        one = people[change.episode]
        for place in one.places.filter(group__uid__in=change.leave, held_until__isnull=True).select_related("episode__client", "group").order_by("pk"):
            leave_group(place, on, by=by, at=at)
        for visit in one.weekly_visits.filter(uid__in=change.end).select_related("episode__client").order_by("pk"):
            end_visit(visit, on, by=by, at=at)
    groups = {str(g.uid): g for g in Group.objects.filter(uid__in=[uid for c in changes for uid in c.join]).select_related("track__program")}
    staff = {str(s.uid): s for s in Staff.objects.filter(uid__in=[v.staff for c in changes for v in c.visits]).select_related("person")}
    rooms = {str(r.uid): r for r in Room.objects.filter(uid__in=[v.room for c in changes for v in c.visits if _is_uid(v.room)]).select_related("site")}
    for group, change in sorted(((groups[uid], c) for c in changes for uid in c.join), key=lambda pair: (pair[0].pk, pair[1].episode)):
        join_group(people[change.episode], group, on, by=by, at=at, confirmed=True)
    for change in changes:
        one = people[change.episode]
        for v in change.visits:
            add_visit(
                one, v.kind, staff[v.staff], v.weekday, offered.at_clock(v.start), offered.at_clock(v.end), held_from=on, by=by, at=at,
                room=rooms.get(v.room), mode=v.mode, site=offered.reads.site_of(one), confirmed=True,
            )  # fmt: skip


def _is_uid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4
