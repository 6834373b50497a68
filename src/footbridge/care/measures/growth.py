"""Verbs of the program's own growth model: ask for a fit, make it. The fit itself takes seconds and a hundred megabytes,
so only the worker makes one: by the clock once a quarter, or when a director asks.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.engines import progress
from footbridge.engines.progress.fitting import NotFitted, fit_apart
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Program
from footbridge.kit import access, trail
from footbridge.kit.access import SYSTEM, Actor

from . import program as reads
from . import rules
from .models import GrowthFit


class CannotFit(access.Refusal):
    """There is nothing to fit a model to."""


def quarter_of(at: datetime) -> str:
    """The calendar quarter, "2026-Q4"."""
    day = day_of(at)
    return f"{day.year}-Q{(day.month + 2) // 3}"


def ask_for_fit(program: Program, *, ends: reads.Ends, by: Actor, at: datetime) -> None:
    """Have the models of a program fitted now rather than at the next quarter. The worker does it (wiring/reactions.py).

    Raises CannotFit while no measure has enough episodes.
    """
    access.require(by, rules.FIT_GROWTH, program)
    needed = parsed("course")["growth"]["episodes_at_least"]
    most = max((one.usable for one in reads.gathered(program, at, ends)), default=0)
    if most < needed:
        raise CannotFit(
            _("A model needs %(needed)s episodes with a first score and two later ones. There are %(n)s.")
            % {"needed": needed, "n": most}
        )
    with trail.act("growth.asked", by=by, at=at, about=program, detail={"episodes": most}):
        pass


def fit_growth(
    program: Program,
    *,
    ends: reads.Ends,
    at: datetime,
    by: Actor = SYSTEM,
    quarter: str = "",
    asked_at: datetime | None = None,
    asked_by: Staff | None = None,
) -> list[GrowthFit]:
    """Fit the model of every measure of the program that has enough episodes, and keep each attempt.

    With `quarter`, a measure tried in that quarter is not tried again; with `asked_at`, one tried since then is not: safe
    to run twice. An attempt that did not converge is kept as such and the former model stays in force. Takes seconds a
    measure, without a lock; only the writing is an act.
    """
    access.require(by, rules.FIT_GROWTH, program)
    settings = parsed("course")["growth"]
    made = []
    for of in reads.gathered(program, at, ends):
        if of.usable < settings["episodes_at_least"] or _is_done(program, of, quarter, asked_at):
            continue
        found = fit_apart(
            of.observations, episodes_at_least=settings["episodes_at_least"], readings_each=settings["readings_each"]
        )
        row = _row(program, of, found, at)
        row.quarter, row.asked_by = quarter, asked_by
        detail = {"instrument": of.instrument.code, "episodes": row.episodes, "converged": row.converged}
        with trail.act("growth.fitted", by=by, at=at, about=program, detail=detail):
            if not _is_done(program, of, quarter, asked_at):  # asked again, now that nobody else can fit it
                row.save()
                made.append(row)
    return made


def fit_due(*, ends: reads.Ends, at: datetime) -> int:
    """Fit what has not been tried in this quarter, in every program with enough people. Returns how many attempts were
    made; usually none."""
    needed = parsed("course")["growth"]["episodes_at_least"]
    made = 0
    for program in Program.objects.filter(admits=True).order_by("pk"):
        if reads.admitted(program, at).count() >= needed:
            made += len(fit_growth(program, ends=ends, at=at, quarter=quarter_of(at)))
    return made


def _is_done(program: Program, of: reads.Gathered, quarter: str, asked_at: datetime | None) -> bool:
    tried = GrowthFit.objects.filter(
        program=program, instrument__code=of.instrument.code, instrument__edition=of.instrument.edition
    )
    if quarter:
        return tried.filter(quarter=quarter).exists()
    return asked_at is not None and tried.filter(fitted_at__gte=asked_at).exists()


def _row(program: Program, of: reads.Gathered, found: progress.GrowthModel | NotFitted, at: datetime) -> GrowthFit:
    row = GrowthFit(
        program=program,
        instrument=of.instrument,
        score=of.rule.score,
        episodes=found.episodes,
        readings=found.readings,
        starts_from=of.starts_from,
        starts_until=of.starts_until,
        fitted_at=at,
    )
    if isinstance(found, NotFitted):
        row.converged, row.trouble = False, found.reason
        return row
    row.converged = True
    row.coefficients = {
        "intercept": found.intercept,
        "first_score": found.per_baseline,
        "ln_week": found.per_ln_week,
    }
    row.covariance = [list(line) for line in found.covariance]
    row.scatter = [list(line) for line in found.random]
    row.residual = found.residual
    return row
