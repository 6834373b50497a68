"""Questions about the people of a program together: their readings, what is expected of the next one, and how good the
alerts about them were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from footbridge.care.placement.models import Admission
from footbridge.data import parsed
from footbridge.engines import progress, scoring
from footbridge.engines.progress.fitting import Observation
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import shelf
from footbridge.ground.instruments.models import InstrumentEdition, Score
from footbridge.ground.program.days import day_of, zone
from footbridge.ground.program.models import Program
from footbridge.kit.access import Actor

from . import course_rules
from .models import CourseAlert, GrowthFit

AFTER_TREATMENT = ("followup", "aftercare")  # occasions that are not part of the course

Ends = Mapping[int, date]  # episode id -> the day treatment ended; a later stage knows it


@dataclass(frozen=True, slots=True)
class Line:
    """The readings of one edition of a measure in one episode, oldest first."""

    episode_id: int
    instrument: InstrumentEdition
    rule: scoring.ChangeRule
    starts_on: date
    readings: tuple[progress.Reading, ...]


def lines(episodes: Iterable[int], *, ends: Ends | None = None) -> list[Line]:
    """The lines of these episodes for every measure whose change rule is known: three queries, however many episodes.

    A reading after the end of treatment or asked in aftercare is not part of the course. Editions are never mixed.
    """
    starts = dict(Admission.objects.filter(episode__in=list(episodes)).values_list("episode_id", "starts_on"))
    stored = {one.pk: one for one in InstrumentEdition.objects.all()}
    editions = {
        pk: (stored[pk], rule)
        for pk, form in shelf.definitions(stored.values()).items()
        if (rule := form.change_rule()) is not None
    }
    if not starts or not editions:
        return []
    wanted = Q()
    for name in {rule.score for _one, rule in editions.values()}:
        wanted |= Q(
            score=name, sheet__instrument_id__in=[pk for pk, (_one, rule) in editions.items() if rule.score == name]
        )
    rows = (
        Score.objects.filter(wanted, sheet__episode__in=list(starts), sheet__withdrawn_at=None, value__isnull=False)
        .exclude(sheet__occasion__in=AFTER_TREATMENT)
        .annotate(on=TruncDate("sheet__finished_at", tzinfo=zone()))
        .order_by("sheet__finished_at", "id")
        .values_list("sheet__episode_id", "sheet__instrument_id", "on", "value")
    )
    last: dict[tuple[int, str, str], int] = {}
    found: dict[tuple[int, str, str], list[progress.Reading]] = {}
    for episode, pk, on, value in rows.iterator(chunk_size=5000):
        if value is None or (ends is not None and episode in ends and on > ends[episode]):
            continue
        edition = editions[pk][0]
        key = (episode, edition.code, edition.edition)
        last[key] = pk
        found.setdefault(key, []).append(progress.Reading(on, value))
    return [Line(key[0], *editions[last[key]], starts[key[0]], tuple(readings)) for key, readings in found.items()]


# -- the program's own growth model


def since(at: datetime) -> date:
    """Admissions from this day on are what a model rests on."""
    return day_of(at) - timedelta(days=round(365.25 * parsed("course")["growth"]["years_back"]))


def admitted(program: Program, at: datetime) -> QuerySet[Admission]:
    """Everybody who started in the program in those years, completers or not."""
    return Admission.objects.filter(track__program=program, starts_on__gte=since(at), starts_on__lte=day_of(at))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a fit of one measure would rest on. `usable`: episodes with a first score and enough later ones."""

    instrument: InstrumentEdition
    rule: scoring.ChangeRule
    observations: Sequence[Observation]
    usable: int
    starts_from: date
    starts_until: date


def gathered(program: Program, at: datetime, ends: Ends) -> list[Gathered]:
    """The observations of each measure of the program's people. Four queries."""
    least = parsed("course")["growth"]["readings_each"]
    rules = course_rules.rules()
    by_measure: dict[tuple[str, str], list[tuple[Line, list[Observation]]]] = {}
    for line in lines(admitted(program, at).values_list("episode_id", flat=True), ends=ends):
        first = progress.baseline(line.readings, line.starts_on, rules)
        if first is None:
            continue
        later = [
            Observation(
                line.episode_id,
                float(first.value),
                progress.weeks_since((reading.on - line.starts_on).days),
                float(reading.value),
            )
            for reading in line.readings
            if reading.on > max(first.on, line.starts_on)
        ]
        if len(later) >= least:
            by_measure.setdefault((line.instrument.code, line.instrument.edition), []).append((line, later))
    return [
        Gathered(
            instrument=max((line.instrument for line, _ in of), key=lambda one: (one.loaded_at, one.pk)),
            rule=of[0][0].rule,
            observations=[one for _line, later in of for one in later],
            usable=len(of),
            starts_from=min(line.starts_on for line, _ in of),
            starts_until=max(line.starts_on for line, _ in of),
        )
        for _key, of in sorted(by_measure.items())
    ]


def model(fit: GrowthFit) -> progress.GrowthModel:
    """The stored numbers as the engine takes them. Only for a fit that converged."""
    said = fit.coefficients or {}
    return progress.GrowthModel(
        intercept=said["intercept"],
        per_baseline=said["first_score"],
        per_ln_week=said["ln_week"],
        covariance=tuple(tuple(row) for row in fit.covariance or ()),
        random=tuple(tuple(row) for row in fit.scatter or ()),
        residual=fit.residual or 0.0,
        episodes=fit.episodes,
        readings=fit.readings,
    )


Fits = Mapping[tuple[int, str, str], GrowthFit]  # the fit in force by (program id, instrument, edition)


def fits(program_ids: Iterable[int]) -> Fits:
    """The fit in force of each measure of each program. One query."""
    in_force = (
        GrowthFit.objects.filter(program__in=list(program_ids), converged=True)
        .select_related("instrument")
        .defer("instrument__definition")
        .order_by("fitted_at", "id")
    )
    return {(fit.program_id, fit.instrument.code, fit.instrument.edition): fit for fit in in_force}


def expectations(program_id: int, fits_in_force: Fits, code: str, edition: str) -> list[progress.Expectation]:
    """What the course of this measure is held against, in order: the program's own model, a published curve. Empty: the
    fixed rules."""
    found: list[progress.Expectation] = []
    fit = fits_in_force.get((program_id, code, edition))
    if fit is not None:
        found.append(model(fit))
    curve = course_rules.published().get((code, edition))
    if curve is not None:
        found.append(curve)
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How one measure of a program is judged. `in_force` is the model in use (None: fixed rules), `last` the newest
    attempt, which may have failed."""

    instrument: InstrumentEdition
    in_force: GrowthFit | None
    last: GrowthFit

    @property
    def failed(self) -> bool:
        """The newest attempt gave no model; the former one, or the fixed rules, hold."""
        return not self.last.converged

    @property
    def has_slope(self) -> bool:
        """Whether the model in use lets people differ in how fast they change."""
        return self.in_force is not None and model(self.in_force).has_slope

    @property
    def first_score(self) -> float:
        """Of the example: where the measure begins to be severe, else where it is a case, else the middle of the scale."""
        form = shelf.definition(self.instrument)
        rule, change = form.score_rule(self.last.score), form.change_rule()
        for mark in (change.severe_from, change.case_from) if change else ():
            if mark is not None:
                return float(mark)
        return float((rule.low or 0) + (rule.high or 0)) / 2 if rule else 0.0

    @property
    def example(self) -> list[tuple[int, progress.Band]]:
        """Weeks 1, 2, 4, 8 and 12 of somebody who starts at `first_score`, cut at the ends of the scale."""
        rule = shelf.definition(self.instrument).score_rule(self.last.score)
        if self.in_force is None or rule is None:
            return []
        found = []
        for week in (1, 2, 4, 8, 12):
            band = model(self.in_force).band(self.first_score, week, course_rules.rules().band_percent)
            low = band.low if rule.low is None else max(float(rule.low), band.low)
            high = band.high if rule.high is None else min(float(rule.high), band.high)
            found.append((week, replace(band, low=low, high=high)))
        return found


@dataclass(frozen=True, slots=True)
class ProgramStanding:
    """`admitted`: how many people started in the years a model looks back on; `needed` of them, with enough readings, make
    one possible."""

    program: Program
    admitted: int
    needed: int
    measures: list[Standing]

    @property
    def may_be_enough(self) -> bool:
        return self.admitted >= self.needed


def standings(at: datetime) -> list[ProgramStanding]:
    """What the course is judged by in every program that admits people. Three queries; nobody's readings are read."""
    needed = parsed("course")["growth"]["episodes_at_least"]
    started = Admission.objects.filter(starts_on__gte=since(at), starts_on__lte=day_of(at)).order_by()
    admitted_to = dict(started.values_list("track__program").annotate(Count("pk")))
    last: dict[tuple[int, str, str], GrowthFit] = {}
    in_force: dict[tuple[int, str, str], GrowthFit] = {}
    tried = GrowthFit.objects.select_related("instrument", "asked_by__person").order_by("fitted_at", "id")
    for fit in tried.filter(program__admits=True):
        key = (fit.program_id, fit.instrument.code, fit.instrument.edition)
        last[key] = fit
        if fit.converged:
            in_force[key] = fit
    return [
        ProgramStanding(
            one,
            admitted_to.get(one.pk, 0),
            needed,
            [Standing(fit.instrument, in_force.get(key), fit) for key, fit in sorted(last.items()) if key[0] == one.pk],
        )
        for one in Program.objects.filter(admits=True).order_by("name")
    ]


# -- how good the alerts were


@dataclass(frozen=True, slots=True)
class AlertPrecision:
    """`everything` and `months` as the engine counts them; `not_yet` are alerts about people whose treatment goes on;
    `uncounted` are finished courses without a first score near the start and a later one."""

    everything: progress.Precision
    months: list[progress.Precision]
    not_yet: int
    uncounted: int


def alert_precision(actor: Actor, ends: Ends) -> AlertPrecision:
    """How good the course alerts were, judged at the end: off track found, missed, false alarms, rightly quiet.

    `ends` names the episodes to judge, each with the day its treatment ended (a later stage knows discharges:
    `dict(Transition.objects.filter(kind="discharge", ...).values_list("episode_id", "effective_on"))`). Only episodes of
    the actor's own care count, for a director all. Six queries, however many episodes.
    """
    seen = Episode.objects.visible_to(actor.within({"therapist", "prescriber", "director", "system"}))
    ours = list(seen.filter(pk__in=list(ends)).values_list("pk", flat=True))
    rules, here = course_rules.rules(), zone()
    alerts: dict[tuple[int, str], datetime] = {}
    raised = CourseAlert.objects.filter(episode__in=ours).order_by("-raised_at")
    for episode, code, at in raised.values_list("episode_id", "sheet__instrument__code", "raised_at"):
        alerts[episode, code] = at  # newest first, so the first alert stays
    finished: list[tuple[progress.FinishedCourse, scoring.ChangeRule]] = []
    uncounted = 0
    for line in lines(ours, ends=ends):
        first = progress.baseline(line.readings, line.starts_on, rules)
        last = line.readings[-1]
        if first is None or last.on <= first.on:
            uncounted += 1
            continue
        alerted = alerts.get((line.episode_id, line.instrument.code))
        course = progress.FinishedCourse(
            ended_on=ends[line.episode_id],
            first=first.value,
            last=last.value,
            last_on=last.on,
            alerted_on=alerted.astimezone(here).date() if alerted else None,
        )
        finished.append((course, line.rule))
    everything, months = progress.precision(finished)
    going_on = seen.filter(ended_at__isnull=True).exclude(pk__in=ours)
    return AlertPrecision(everything, months, CourseAlert.objects.filter(episode__in=going_on).count(), uncounted)
