"""A whole track for one person: its groups that are for them, and an individual hour that fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Group, Track
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from .. import offers as engine
from .. import rules
from ..models import Place, WeeklyVisit
from ..words import SessionKind
from .booking import CannotJoin, join_group
from .visits import add_visit


@dataclass(frozen=True)
class Placed:
    """The places given, the individual hour if one fitted, and what was left out with the reason."""

    places: list[Place]
    visit: WeeklyVisit | None
    left_out: list[str]


def place_in_track(
    episode: Episode,
    track: Track,
    held_from: date,
    groups: list[Group] | None = None,
    *,
    by: Actor,
    at: datetime,
    individual: bool = True,
    staff: Staff | None = None,
    confirmed: bool = False,
) -> Placed:
    """Into all of a track's groups that are for this person, and one individual hour with their therapist, all or nothing.

    `groups` chooses them by hand. Groups of later weeks of the program begin in those weeks. `confirmed` books outside the
    hours and the mode they asked for. Raises CannotJoin (with what stands in the way) or CannotBook.
    """
    access.require(by, rules.BOOK, episode)
    asked = [staff] if staff else engine.team(episode)
    found = engine.offers(episode, held_from, tracks=[track], staff=asked, individual=individual, anywhen=confirmed)
    offer = found[0] if found else None
    names = {f"{g.track.code}.{g.code}": g.name for g in engine.program.groups_of(track)}
    left_out = [engine.said(s, names) for s in offer.left_out] if offer else []
    if groups is None:
        missing = (
            [s for s in offer.left_out if s.code not in ("left_out.focus", "left_out.no_individual")] if offer else []
        )
        if offer is None or missing or not offer.sections:
            said = " ".join(engine.said(s, names) for s in missing) or _("%(track)s has no group for them.") % {
                "track": track.name
            }
            raise CannotJoin(said, field="track")
        groups = engine.groups_in(offer, track)
    # The track is locked first and its groups after it, the order in which publishing takes them: neither waits for the other.
    with trail.act(
        "track.placed", by=by, at=at, about=track, client=episode.client, detail={"episode": str(episode.uid)}
    ):
        places = []
        for group in sorted(
            groups, key=lambda g: g.pk
        ):  # in one order, so that two who place at once do not wait for each other
            first = min((m.week_from for m in group.meetings.filter(held_until__isnull=True)), default=1)
            places.append(
                join_group(episode, group, held_from + timedelta(weeks=first - 1), by=by, at=at, confirmed=confirmed)
            )
        visit = None
        if individual and offer is not None and offer.individual is not None:
            with_whom = next(s for s in asked if str(s.uid) == offer.individual.staff)
            slot = offer.individual.slot
            visit = add_visit(
                episode, SessionKind.INDIVIDUAL, with_whom, slot.weekday, slot.start, slot.end, held_from=held_from, by=by, at=at,
                mode=offer.individual.mode, site=track.site, confirmed=True,
            )  # fmt: skip
    return Placed(places, visit, left_out)
