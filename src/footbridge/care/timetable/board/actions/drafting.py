"""Verbs of a draft: begin it, change it step by step, take a step back, give it up.

Every change is looked at first (`propose`): what it brings about is said before anything is stored, by drag, by dialog and by the
verb itself, which asks again under the draft's lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.models import Group, Meeting, Program, Site
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from ... import words as timetable_words
from .. import checks, rules, says, worlds
from ..checks import Conflict, World
from ..models import DraftMeeting, DraftPlace, DraftStep, DraftVisit, WeekDraft
from ..plan import Diff, Meets, Sees, Week, differ, drafted, standing, with_meeting, with_places, with_visit
from ..words import StepKind


class CannotDraft(access.Refusal):
    """The draft is closed, nothing changes, or a hard rule stands against it."""


# ------------------------------------------------------------------ looking before leaping


@dataclass(frozen=True)
class Proposal:
    """What a change would bring about: what newly stands against it, and what it mends. `before` and `after` are the two weeks."""

    world: World
    before: Week
    after: Week
    new: tuple[Conflict, ...] = ()
    mended: tuple[Conflict, ...] = ()

    @property
    def hard(self) -> tuple[Conflict, ...]:
        return tuple(c for c in self.new if c.hard)

    @property
    def diff(self) -> Diff:
        return differ(self.before, self.after)


def propose(draft: WeekDraft, before: Week, after: Week, world: World | None = None) -> Proposal:
    """Compare two weeks of a draft by what stands against them. Nothing is stored."""
    world = world or worlds.world(draft.program, draft.site, draft.holds_from, before, after)
    was, now = checks.conflicts(world, before), checks.conflicts(world, after)
    new = [*checks.news(was, now), *checks.joining(world, after.places - before.places)]
    gone = checks.news(now, was)
    return Proposal(world, before, after, tuple(new), tuple(gone))


def week_of(draft: WeekDraft) -> Week:
    """The week as the draft has it now."""
    return drafted(draft, standing(draft.program, draft.site, draft.holds_from))


# ------------------------------------------------------------------ the draft itself


def start_draft(program: Program, site: Site, holds_from: date, *, by: Actor, at: datetime) -> WeekDraft:
    """Begin a draft that is to hold from a day. Where one is open already, that one is given back: nobody loses theirs."""
    access.require(by, rules.DRAFT)
    today = timetable_words.local(at, site).date()
    if holds_from <= today:
        raise CannotDraft(_("Choose a day after today: what has begun stays as it is."), field="holds_from")
    if not program.tracks.filter(site=site, offered=True).exists():
        raise CannotDraft(_("%(program)s has no track at %(site)s.") % {"program": program.name, "site": site.name}, field="site")
    open_ones = WeekDraft.objects.filter(program=program, site=site, dropped_at__isnull=True, published_at__isnull=True)
    known = open_ones.first()
    if known is not None:
        return known
    draft = WeekDraft(program=program, site=site, holds_from=holds_from, by_id=by.as_staff, at=at)
    try:
        with transaction.atomic(), trail.act("week.drafted", by=by, at=at, about=draft, detail={"from": holds_from.isoformat()}):
            draft.save()
    except IntegrityError:  # somebody began one in the same moment
        return open_ones.get()
    return draft


def drop_draft(draft: WeekDraft, *, by: Actor, at: datetime) -> WeekDraft:
    """Give the whole draft up. What it held stays on record and counts for nothing."""
    access.require(by, rules.DRAFT, draft)
    with trail.act("week.draft_dropped", by=by, at=at, about=draft):
        locked(draft)
        draft.dropped_at = at
        draft.save(update_fields=["dropped_at"])
    return draft


def locked(draft: WeekDraft) -> None:
    """Inside an act about the draft, which holds its lock: is it still open?"""
    draft.refresh_from_db(fields=["dropped_at", "published_at", "holds_from"])
    if draft.published_at is not None:
        raise CannotDraft(_("This draft was published in the meantime. Open the board to see the week."))
    if draft.dropped_at is not None:
        raise CannotDraft(_("This draft was given up in the meantime. Start a new one."))


# ------------------------------------------------------------------ steps


def change_meeting(draft: WeekDraft, meets: Meets, *, by: Actor, at: datetime) -> DraftStep | None:
    """Move a meeting, give it another leader or room, or hold it no more. None when nothing changes (the same sent twice)."""
    access.require(by, rules.DRAFT, draft)
    if meets.ends <= meets.starts:
        raise CannotDraft(_("The meeting must end after it begins."), field="ends")
    with trail.act("week.draft_changed", by=by, at=at, about=draft, detail={"meeting": meets.meeting}):
        locked(draft)
        before = week_of(draft)
        if meets.meeting not in before.meetings:
            raise CannotDraft(_("This meeting is not part of the week any more."))
        after = with_meeting(before, meets)
        proposal = propose(draft, before, after)
        if not proposal.diff:
            return None
        _refuse_hard(proposal)
        group = proposal.world.groups[meets.group].name
        was, now = (says.meets_said(week.meetings[meets.meeting], proposal.world) for week in (before, after))
        # Only the step that added an hour adds it: taken back, no later one of it counts.
        return _step(draft, StepKind.MEETING, f"{group}: {was} → {now}", by, at, meetings=[replace(meets, adds=False)])


def add_meeting(draft: WeekDraft, meets: Meets, *, by: Actor, at: datetime) -> DraftStep:
    """Add a weekly hour of a group. Its row is made now and holds on no day until the draft is published; dropped again by change_meeting,
    or by taking the step back."""
    access.require(by, rules.DRAFT, draft)
    if meets.ends <= meets.starts:
        raise CannotDraft(_("The meeting must end after it begins."), field="ends")
    with trail.act("week.draft_changed", by=by, at=at, about=draft, detail={"new hour of": meets.group}):
        locked(draft)
        here = Group.objects.filter(track__program=draft.program, track__site=draft.site, track__offered=True)
        group = here.filter(Q(held_until__isnull=True) | Q(held_until__gt=draft.holds_from), pk=meets.group).first()
        if group is None:
            raise CannotDraft(_("This group is not part of the week any more."), field="group")
        before = week_of(draft)
        today = timetable_words.local(at, draft.site).date()
        row = Meeting.objects.create(
            group=group, weekday=meets.weekday, starts=meets.starts, ends=meets.ends, leader_id=meets.leader, room_id=meets.room,
            mode=meets.mode if meets.mode != group.mode else "", held_from=today, held_until=today, **_like_the_others(group),
        )  # fmt: skip
        new = replace(meets, meeting=row.pk, held=True, adds=True)
        proposal = propose(draft, before, with_meeting(before, new))
        _refuse_hard(proposal)
        said = _("%(group)s: new hour, %(when)s") % {"group": group.name, "when": says.meets_said(new, proposal.world)}
        return _step(draft, StepKind.MEETING, said, by, at, meetings=[new])


def _like_the_others(group: Group) -> dict[str, Any]:
    """A new hour runs through the same weeks of the program as the group's other hours, counted from the same day."""
    others = list(group.meetings.filter(held_until__isnull=True))
    if not others:
        return {}
    lasts = [m.week_until for m in others]
    begun = [day for m in others if (day := m.weeks_from or m.held_from) is not None]
    return {
        "week_from": min(m.week_from for m in others), "week_until": None if None in lasts else max(n for n in lasts if n is not None),
        "optional": all(m.optional for m in others), "weeks_from": min(begun, default=None),
    }  # fmt: skip


def change_places(
    draft: WeekDraft, episode: Episode, joins: Iterable[Group] = (), leaves: Iterable[Group] = (), *, by: Actor, at: datetime
) -> DraftStep | None:
    """Give one person other groups."""
    access.require(by, rules.DRAFT, draft)
    with trail.act("week.draft_changed", by=by, at=at, about=draft, client=episode.client, detail={"episode": str(episode.uid)}):
        locked(draft)
        before = week_of(draft)
        into, out_of = list(joins), list(leaves)
        after = with_places(before, [(episode.pk, g.pk) for g in into], [(episode.pk, g.pk) for g in out_of])
        proposal = propose(draft, before, after)
        diff = proposal.diff
        if not diff:
            return None
        _refuse_hard(proposal)
        names = {g.pk: g.name for g in [*into, *out_of]}
        parts = [_("+ %(group)s") % {"group": names[g]} for _e, g in sorted(diff.joined)]
        parts += [_("− %(group)s") % {"group": names[g]} for _e, g in sorted(diff.left)]
        said = f"{episode.client.number}: {', '.join(parts)}"
        rows = [(e, g, True) for e, g in sorted(diff.joined)] + [(e, g, False) for e, g in sorted(diff.left)]
        return _step(draft, StepKind.PLACE, said, by, at, places=rows)


def change_visit(draft: WeekDraft, key: UUID, sees: Sees | None, *, by: Actor, at: datetime) -> DraftStep | None:
    """Move a standing visit, add one, or (None) end it."""
    access.require(by, rules.DRAFT, draft)
    if sees is not None and sees.ends <= sees.starts:
        raise CannotDraft(_("The visit must end after it begins."), field="ends")
    known = week_of(draft).visits.get(key)
    whose = sees or known
    if whose is None:
        return None
    episode = Episode.objects.select_related("client").get(pk=whose.episode)
    detail = {"visit": str(key), "episode": str(episode.uid)}
    with trail.act("week.draft_changed", by=by, at=at, about=draft, client=episode.client, detail=detail):
        locked(draft)
        before = week_of(draft)
        known = before.visits.get(key)
        if sees is None and known is None:
            return None
        proposal = propose(draft, before, with_visit(before, sees, key))
        if not proposal.diff:
            return None
        _refuse_hard(proposal)
        said = f"{episode.client.number}: {says.sees_said(known, proposal.world)} → {says.sees_said(sees, proposal.world)}"
        return _step(draft, StepKind.VISIT, said, by, at, visits=[(sees or known, sees is not None)])  # type: ignore[list-item]


def undo_step(step: DraftStep, *, by: Actor, at: datetime) -> DraftStep:
    """Take one step back. Taken back already: nothing happens. A step under others goes only when no hard rule stands against what is
    left."""
    access.require(by, rules.DRAFT, step.draft)
    with trail.act("week.draft_step_undone", by=by, at=at, about=step.draft, detail={"step": step.number}):
        locked(step.draft)
        step.refresh_from_db(fields=["undone_at"])
        if step.undone_at is not None:
            return step
        base = standing(step.draft.program, step.draft.site, step.draft.holds_from)
        _refuse_hard(propose(step.draft, drafted(step.draft, base), drafted(step.draft, base, without=step.pk)))
        step.undone_at = at
        step.save(update_fields=["undone_at"])
    return step


def _refuse_hard(proposal: Proposal) -> None:
    if proposal.hard:
        told = says.tell(proposal.hard, proposal.world)
        raise CannotDraft(" ".join(f"{one.sentence} {one.mend}".strip() for one in told[:3]))


def _step(
    draft: WeekDraft,
    kind: str,
    said: str,
    by: Actor,
    at: datetime,
    *,
    meetings: Iterable[Meets] = (),
    places: Iterable[tuple[int, int, bool]] = (),
    visits: Iterable[tuple[Sees, bool]] = (),
) -> DraftStep:
    """Write a step with its rows. Inside an act that holds the draft's lock, so that numbers follow each other."""
    last = draft.steps.order_by("-number").values_list("number", flat=True).first() or 0
    step = DraftStep.objects.create(draft=draft, number=last + 1, kind=kind, said=said[:300], by_id=by.staff_id, at=at)
    DraftMeeting.objects.bulk_create(
        DraftMeeting(
            step=step, meeting_id=m.meeting, weekday=m.weekday, starts=m.starts, ends=m.ends, leader_id=m.leader, room_id=m.room,
            mode=m.mode, held=m.held, adds=m.adds,
        )
        for m in meetings
    )  # fmt: skip
    DraftPlace.objects.bulk_create(DraftPlace(step=step, episode_id=e, group_id=g, holds=holds) for e, g, holds in places)
    DraftVisit.objects.bulk_create(
        DraftVisit(
            step=step, key=v.key, visit_id=v.visit, episode_id=v.episode, kind=v.kind, staff_id=v.staff, room_id=v.room, mode=v.mode,
            weekday=v.weekday, starts=v.starts, ends=v.ends, every_weeks=v.every_weeks, holds=holds,
        )
        for v, holds in visits
    )  # fmt: skip
    return step


def step_of_diff(draft: WeekDraft, kind: str, said: str, diff: Diff, *, by: Actor, at: datetime) -> DraftStep:
    """One step that turns the draft's week into another one."""
    return _step(
        draft, kind, said, by, at,
        meetings=[replace(now, adds=False) for _was, now in diff.meetings],
        places=[(e, g, True) for e, g in sorted(diff.joined)] + [(e, g, False) for e, g in sorted(diff.left)],
        visits=[(now or was, now is not None) for was, now in diff.visits],  # type: ignore[misc]
    )  # fmt: skip
