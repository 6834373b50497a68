"""Verbs of building a week: ask the engine, stop it, take what it found into the draft."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from footbridge.ground.program.models import Track
from footbridge.kit import access, trail
from footbridge.kit.access import Actor
from footbridge.kit.work import runs

from .. import engine, rules, says
from ..models import DraftStep, WeekBuild, WeekDraft
from ..plan import differ
from ..words import StepKind
from .drafting import CannotDraft, locked, propose, step_of_diff, week_of

SECONDS = (10, 30, 60, 120)


class CannotBuild(access.Refusal):
    """One is running, or the draft is not what it began from."""


def ask_build(
    draft: WeekDraft, tracks: Sequence[Track] = (), *, seconds: int = 30, open_times: bool = False, seed: int | None = None, by: Actor,
    at: datetime,
) -> WeekBuild:
    """Put a build in the queue. Only these tracks (all, when none is named) are built; the others stay as they are. Asked twice while
    one runs, that one is given back."""
    access.require(by, rules.DRAFT, draft)
    if seconds not in SECONDS:
        raise CannotBuild(_("Choose how long the search may take."), field="seconds")
    with trail.act("week.build_asked", by=by, at=at, about=draft) as act:
        _open(draft)
        last = draft.builds.first()
        if last is not None and running(last):
            return last
        step = draft.steps.order_by("-number").values_list("number", flat=True).first() or 0
        build = WeekBuild.objects.create(
            draft=draft, tracks=[t.code for t in tracks], open_times=open_times, seconds=seconds, seed=secrets.randbelow(1_000_000) if seed is None else seed,
            after_step=step, by_id=by.as_staff, at=at,
        )  # fmt: skip
        runs.ask(build.run, at)
        act.carries["build"] = build
    return build


def running(build: WeekBuild) -> bool:
    run = runs.look(build.run)
    return run is not None and run.ended_at is None


def stop_build(build: WeekBuild, *, by: Actor, at: datetime) -> None:
    """Ask it to stop. What it has by then stays to be taken."""
    access.require(by, rules.DRAFT, build.draft)
    runs.stop(build.run, at)


def take_build(build: WeekBuild, *, by: Actor, at: datetime) -> DraftStep | None:
    """Make what the engine has found one step of the draft; it stops if it still runs. Taken already: that step is given back. None
    when nothing differs. Raises CannotBuild."""
    access.require(by, rules.DRAFT, build.draft)
    draft = build.draft
    with trail.act("week.build_taken", by=by, at=at, about=draft, detail={"build": str(build.uid), "seed": build.seed}):
        _open(draft)
        build.refresh_from_db(fields=["step"])
        if build.step is not None:
            return build.step
        run = runs.look(build.run)
        if run is None or run.result is None:
            raise CannotBuild(_("There is no week yet. Wait a moment, or build again."))
        newest = draft.steps.order_by("-number").values_list("number", flat=True).first() or 0
        if newest != build.after_step or draft.steps.filter(undone_at__gt=build.at).exists():
            raise CannotBuild(_("The draft was changed since the build began. Build again from where it is now."))
        before = week_of(draft)
        try:
            after = engine.read(draft, run.result, before)
        except engine.Stale as stale:
            raise CannotBuild(_("Somebody or something of this week is not there any more. Build again.")) from stale
        diff = differ(before, after)
        if not diff:
            return None
        proposal = propose(draft, before, after)
        if proposal.hard:
            told = says.tell(proposal.hard, proposal.world)
            raise CannotBuild(" ".join(f"{one.sentence} {one.mend}".strip() for one in told[:3]))
        runs.stop(build.run, at)
        said = _("Built: %(meetings)d meetings, %(places)d places and %(visits)d visits differ") % {
            "meetings": len(diff.meetings), "places": len(diff.joined) + len(diff.left), "visits": len(diff.visits),
        }  # fmt: skip
        build.step = step_of_diff(draft, StepKind.BUILT, said, diff, by=by, at=at)
        build.save(update_fields=["step"])
    return build.step


def _open(draft: WeekDraft) -> None:
    try:
        locked(draft)
    except CannotDraft as refusal:
        raise CannotBuild(refusal.sentence) from refusal
