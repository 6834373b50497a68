"""Fitting the program's own growth model. Needs statsmodels, which is loaded only when something is fitted: it takes two
seconds and a hundred megabytes, and no page needs it. The worker fits in a process of its own (`fit_apart`), so that
neither the memory stays nor an alarm waits for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import chain
from math import isfinite, log
from typing import Any

from footbridge.engines.progress.growth import LEAST_WEEK, GrowthModel, Square

EDGE = 1e-3  # of the variance of one reading: a line that varies by less than this varies by nothing
CLOSE = 0.01  # of log likelihood: two tops so near are one


@dataclass(frozen=True, slots=True)
class Observation:
    """One later reading of one person. `person` is any number; `weeks` as growth.weeks_since counts them."""

    person: int
    baseline: float
    weeks: float
    score: float


@dataclass(frozen=True, slots=True)
class NotFitted:
    """`reason`: too_few, no_spread, not_converged, not_finite, too_long. The former model stays in force."""

    reason: str
    episodes: int
    readings: int
    needed: int = 0


def fit(
    observations: Sequence[Observation], *, episodes_at_least: int = 200, readings_each: int = 2
) -> GrowthModel | NotFitted:
    """`score ~ first score + ln(week)`, random intercept and slope of ln(week) for each person (restricted maximum
    likelihood, statsmodels MixedLM). Where people do not differ in their slopes, the random intercept alone
    (`GrowthModel.has_slope` says which).

    People with fewer than `readings_each` later readings are left out; under `episodes_at_least` people nothing is
    fitted. Everybody who started counts, also those who left early: under the model their missing weeks are missing at
    random, given what they showed until then.
    """
    by_person: dict[int, list[Observation]] = {}
    for one in observations:
        by_person.setdefault(one.person, []).append(one)
    people = {person: rows for person, rows in by_person.items() if len(rows) >= readings_each}
    used = [one for rows in people.values() for one in rows]
    if len(people) < episodes_at_least:
        return NotFitted("too_few", len(people), len(used), episodes_at_least)
    if len({one.baseline for one in used}) < 2 or len({one.weeks for one in used}) < 2:
        return NotFitted("no_spread", len(people), len(used))

    import numpy as np

    time = np.array([log(max(LEAST_WEEK, one.weeks)) for one in used])
    score = np.array([one.score for one in used])
    fixed = np.column_stack([np.ones(len(used)), [one.baseline for one in used], time])
    groups = np.array([one.person for one in used])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they warn of is looked at below, and said
        found = _best(score, fixed, groups, time)
    if found is None:
        return NotFitted("not_converged", len(people), len(used))
    effects = [float(value) for value in found.fe_params]
    scatter = np.zeros((2, 2))
    scatter[: len(found.cov_re), : len(found.cov_re)] = found.cov_re
    random = np.column_stack([np.ones(len(used)), time])
    covariance = _covariance(fixed, random, groups, scatter, float(found.scale))
    residual = float(found.scale)
    if not all(isfinite(value) for value in chain(effects, [residual], covariance.ravel(), scatter.ravel())):
        return NotFitted("not_finite", len(people), len(used))
    return GrowthModel(
        intercept=effects[0],
        per_baseline=effects[1],
        per_ln_week=effects[2],
        covariance=_rows(covariance),
        random=_rows(scatter),
        residual=residual,
        episodes=len(people),
        readings=len(used),
    )


def _best(score: Any, fixed: Any, groups: Any, time: Any) -> Any:
    """The fit with random intercept and slope; where the data hold no slope of their own, the one with a random intercept
    alone; None when neither is found.

    The restricted likelihood has its top at the edge when people hardly differ in one of the two. There the methods that
    statsmodels tries first stop without an answer (BFGS), or with one that is not the top. So the simpler model, whose
    top is found easily, is the measure: a richer one must reach at least its likelihood. At the edge itself (the two vary
    in one direction only) the richer one is kept only when it gains what its two further numbers cost (Akaike).
    """
    import numpy as np
    from statsmodels.regression.mixed_linear_model import MixedLM  # type: ignore[import-untyped]

    def reached(random: Any, *methods: str) -> Any:
        try:
            found = MixedLM(score, fixed, groups=groups, exog_re=random).fit(reml=True, method=list(methods))
        except (np.linalg.LinAlgError, ValueError):
            return None
        return found if found.converged and isfinite(found.llf) else None

    simple = reached(np.ones((len(score), 1)), "lbfgs", "bfgs", "powell")
    both = np.column_stack([np.ones(len(score)), time])
    least = simple.llf if simple is not None else float("-inf")
    for method in ("lbfgs", "powell"):
        rich = reached(both, method)
        if rich is None or rich.llf < least - CLOSE:
            continue
        at_the_edge = np.linalg.eigvalsh(rich.cov_re)[0] < EDGE * rich.scale
        return simple if simple is not None and at_the_edge and rich.llf < least + 2 else rich
    return simple


def _covariance(fixed: Any, random: Any, groups: Any, scatter: Any, residual: float) -> Any:
    """That of the fixed effects, (X' V⁻¹ X)⁻¹. Not taken from the second derivatives, which do not exist at the edge."""
    import numpy as np

    order = np.argsort(groups, kind="stable")
    edges = np.flatnonzero(np.diff(groups[order])) + 1
    information = np.zeros((fixed.shape[1], fixed.shape[1]))
    for rows in np.split(order, edges):
        x, z = fixed[rows], random[rows]
        variance = z @ scatter @ z.T + residual * np.eye(len(rows))
        information += x.T @ np.linalg.solve(variance, x)
    return np.linalg.inv(information)


def _rows(matrix: Any) -> Square:
    return tuple(tuple(float(value) for value in row) for row in matrix)


def fit_apart(
    observations: Sequence[Observation], *, episodes_at_least: int = 200, readings_each: int = 2, seconds: float = 1800
) -> GrowthModel | NotFitted:
    """The same, in a process of its own at low priority. After `seconds` it is given up. Raises RuntimeError when that
    process dies."""
    asked = {
        "observations": [astuple(one) for one in observations],
        "episodes_at_least": episodes_at_least,
        "readings_each": readings_each,
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module, numbers only
            [sys.executable, "-m", __spec__.name], input=json.dumps(asked), capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return NotFitted("too_long", len({one.person for one in observations}), len(observations))
    if done.returncode != 0:
        raise RuntimeError(f"the fit ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    said = json.loads(done.stdout)
    if said["reason"]:
        return NotFitted(said["reason"], said["episodes"], said["readings"], said["needed"])
    model = said["model"]
    for name in ("covariance", "random"):
        model[name] = tuple(tuple(row) for row in model[name])
    return GrowthModel(**model)


def _answer() -> None:
    """What `fit_apart` starts: observations in, numbers out."""
    os.nice(10)
    asked = json.load(sys.stdin)
    found = fit(
        [Observation(*one) for one in asked["observations"]],
        episodes_at_least=asked["episodes_at_least"],
        readings_each=asked["readings_each"],
    )
    json.dump(asdict(found) if isinstance(found, NotFitted) else {"reason": "", "model": asdict(found)}, sys.stdout)


if __name__ == "__main__":
    _answer()
