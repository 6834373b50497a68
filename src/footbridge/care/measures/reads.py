"""Questions about the course: charts and sentences, what is due, which alerts are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from footbridge.care.placement.models import Admission
from footbridge.care.safety.models import Alarm
from footbridge.engines import progress, scoring
from footbridge.engines.disclosure import DataClass
from footbridge.ground.episodes.models import Episode
from footbridge.ground.episodes.rules import treats_the_person
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import GivenHow, Sheet
from footbridge.ground.instruments.reads import ScorePoint
from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor
from footbridge.kit.web import charts

from . import course_rules, program, words
from .models import CourseAlert, Topic


@dataclass(frozen=True)
class InstrumentCourse:
    """One measure of an episode: its points, what they say, and its drawing (`series` for the chart part, `svg`
    drawn)."""

    code: str
    title: str
    points: list[ScorePoint]
    sentence: str
    series: charts.Series
    latest: ScorePoint | None
    baseline: ScorePoint | None
    verdict: progress.Course | progress.NoCourse | None = None
    alerts: list[CourseAlert] = field(default_factory=list)

    @property
    def svg(self) -> str:
        return charts.draw(self.series)


def course(episode: Episode, for_client: bool = False) -> list[InstrumentCourse]:
    """Each measure with a change to show. For the client: their own words, no cut lines, no severity."""
    admission = Admission.objects.filter(episode=episode).select_related("track__program").first()
    fits = program.fits([admission.track.program_id]) if admission else {}
    found = []
    for code, points in sorted(
        shelf.all_series(episode.client, episode=episode).items(), key=lambda pair: _ORDER.get(pair[0], 9)
    ):
        form = shelf.definition(points[-1].sheet)
        if form.triage is None and (form.score_rule() is not None or form.outside):
            found.append(_one(code, form, points, admission, fits, for_client))
    return found


_ORDER = {"phq9": 0, "gad7": 1}


def course_of(episode: Episode, code: str) -> progress.Course | progress.NoCourse | None:
    """The verdict on one measure; None before admission or where no change rule is known."""
    admission = Admission.objects.filter(episode=episode).select_related("track__program").first()
    points = shelf.all_series(episode.client, episode=episode).get(code, [])
    if not points or admission is None:
        return None
    fits = program.fits([admission.track.program_id])
    return _verdict(points, admission, shelf.definition(points[-1].sheet), fits)


def _verdict(
    points: list[ScorePoint], admission: Admission | None, form: scoring.Definition, fits: program.Fits
) -> progress.Course | progress.NoCourse | None:
    """Held against the program's own model, a published curve, or the fixed rules. Editions are never mixed."""
    rule = form.change_rule()
    if rule is None or admission is None:
        return None
    readings = [
        progress.Reading(on=p.on, value=p.value)
        for p in points
        if p.value is not None and p.sheet.instrument.edition == form.edition
    ]
    if not readings:
        return None
    return progress.course(
        readings,
        rule,
        admission.starts_on,
        stay_days=admission.track.program.weeks * 7,
        rules=course_rules.rules(),
        expected=program.expectations(admission.track.program_id, fits, form.id, form.edition),
    )


def _judged_by(verdict: progress.Course | progress.NoCourse | None) -> str:
    """What the latest score was held against, for the small print under the drawing; n is always said."""
    if not isinstance(verdict, progress.Course):
        return ""
    if verdict.band is None:
        return _("Course: fixed rules (an expert rule) until the program has its own model.")
    said = {
        "percent": f"{verdict.band.percent:g}",
        "first": words.plain(verdict.baseline.value),
        "low": f"{verdict.band.low:.1f}",
        "high": f"{verdict.band.high:.1f}",
        "week": verdict.week,
        "n": verdict.episodes,
    }
    if verdict.judged_by == "curve":
        return (
            _(
                "Course: %(percent)s %% of people who start at %(first)s are between %(low)s and %(high)s in week %(week)s "
                "(published curve, n %(n)s)."
            )
            % said
        )
    return (
        _(
            "Course: %(percent)s %% of this program's people who start at %(first)s are between %(low)s and %(high)s in week "
            "%(week)s (its own model, %(n)s episodes, from the first score alone)."
        )
        % said
    )


def recovery(courses: list[InstrumentCourse]) -> progress.Pair | None:
    """The rule of NHS Talking Therapies for PHQ-9 and GAD-7 together, from the first to the latest score of each; None
    without two scores of both."""
    by_code = {one.code: one for one in courses}
    both = [by_code.get(code) for code in ("phq9", "gad7")]
    firsts, latests, rules = [], [], []
    for one in both:
        rule = shelf.definition(one.latest.sheet).change_rule() if one and one.latest else None
        last = one.latest.sheet.instrument.edition if one and one.latest else ""
        scored = [p for p in one.points if p.value is not None and p.sheet.instrument.edition == last] if one else []
        if one is None or rule is None or rule.case_from is None or one.baseline is None or len(scored) < 2:
            return None
        firsts.append(one.baseline.value)
        latests.append(scored[-1].value)
        rules.append(rule)
    return progress.pair(tuple(firsts), tuple(latests), tuple(rules))  # type: ignore[arg-type]


def _one(
    code: str,
    form: scoring.Definition,
    points: list[ScorePoint],
    admission: Admission | None,
    fits: program.Fits,
    for_client: bool,
) -> InstrumentCourse:
    rule = form.change_rule()
    score = form.score_rule() or (form.outside[0] if form.outside else None)
    verdict = _verdict(points, admission, form, fits)
    # Another edition may ask or count differently: its points stand in the drawing, never in a difference.
    scored = [p for p in points if p.value is not None and p.sheet.instrument.edition == form.edition]
    first = _baseline(scored, verdict)
    sentence = _sentence(scored, first, form)
    said = words.said_to_client(sentence) if for_client else words.said(sentence)
    band = None
    if first is not None and first.value is not None and rule is not None and len(scored) > 1:
        low, high = progress.band_of_chance(first.value, rule)
        band = (float(low), float(high))
    bands = form.band_set(score.id) if score and not for_client and not form.is_draft else None
    series = charts.Series(
        title=str(words.ABOUT.get(code, form.name)) if for_client else form.name,
        points=[_point(p, for_client) for p in points],
        minimum=float(score.low) if score and score.low is not None else 0,
        maximum=float(score.high)
        if score and score.high is not None
        else max([float(p.value or 0) for p in points] + [1]),
        band=band,
        band_label=_("Can be chance"),
        cuts=[(float(b.start), _(b.label)) for b in bands.bands if b.start > (score.low or 0)]
        if bands and score
        else [],
        gap_days=14,
        sentence=said,
        rule=""
        if for_client or rule is None
        else " ".join(
            part
            for part in (
                _("Rule: %(points)s points or more, %(source)s")
                % {"points": words.plain(rule.reliable), "source": rule.source.rstrip(".") + "."},
                _judged_by(verdict),
            )
            if part
        ),
    )
    title = form.name if not for_client else series.title
    return InstrumentCourse(code, title, points, said, series, points[-1] if points else None, first, verdict)


def _baseline(scored: list[ScorePoint], verdict: Any) -> ScorePoint | None:
    """The first score around the start, where the course has one; else the first of the episode."""
    if isinstance(verdict, progress.Course):
        return next((p for p in scored if p.on == verdict.baseline.on and p.value == verdict.baseline.value), scored[0])
    return scored[0] if scored else None


def _sentence(scored: list[ScorePoint], first: ScorePoint | None, form: scoring.Definition) -> progress.Sentence:
    if first is None or not scored:
        return progress.Sentence("change.no_baseline")
    latest = scored[-1]
    if latest is first:
        return progress.Sentence("change.one_reading", {"latest": latest.value})
    rule = form.change_rule()
    if rule is None:
        return progress.difference(first.value, latest.value, form.spread()).sentence  # type: ignore[arg-type]
    return progress.change(first.value, latest.value, rule).sentence  # type: ignore[arg-type]


def _point(point: ScorePoint, for_client: bool) -> charts.Point:
    note = ""
    if point.is_partial:
        note = _("%(answered)s of %(items)s answered") % {"answered": point.answered, "items": point.items}
    elif point.value is None:
        note = _("Not scored: %(answered)s of %(items)s answered") % {"answered": point.answered, "items": point.items}
    elif point.band and not for_client:
        note = _(point.band)
    if point.sheet.how == GivenHow.OUTSIDE:
        note = " · ".join(part for part in (note, _("entered from outside")) if part)
    return charts.Point(
        on=point.on, value=None if point.value is None else float(point.value), partial=point.is_partial, note=note
    )


def due(client: Client, at: datetime) -> list[Sheet]:
    """What the client can answer now, in order."""
    return list(shelf.open_sheets(client, at))


def alerts(episode: Episode) -> QuerySet[CourseAlert]:
    """All course alerts of an episode, open ones first."""
    return (
        CourseAlert.objects.filter(episode=episode)
        .select_related("owner__person", "sheet__instrument", "closed__by__person", "episode__client")
        .defer("sheet__instrument__definition")
        .order_by(F("closed__at").desc(nulls_first=True), "due_on")
    )


def open_alerts(actor: Actor) -> QuerySet[CourseAlert]:
    """Open course alerts of the actor's clients, red first, then by date."""
    treating = replace(actor, roles=actor.roles & {"therapist", "prescriber", "director", "system"})
    return (
        CourseAlert.objects.filter(closed__isnull=True, episode__in=Episode.objects.visible_to(treating))
        .select_related("episode__client__person", "owner__person", "sheet__instrument")
        .defer("sheet__instrument__definition")
        .order_by("color", "due_on")
    )


def alert(actor: Actor, uid: UUID) -> CourseAlert | None:
    found = (
        CourseAlert.objects.select_related("episode__client__person", "owner__person", "sheet__instrument")
        .defer("sheet__instrument__definition")
        .filter(uid=uid)
        .first()
    )
    return found if found and treats_the_person(actor, found.episode) else None


def of_episode(actor: Actor, uid: UUID) -> Episode | None:
    from footbridge.ground.episodes import reads as episodes

    return episodes.episode(actor, uid)


def sheet(actor: Actor, uid: UUID) -> Sheet | None:
    """A sheet of a client whose existence the actor may know."""
    return (
        Sheet.objects.filter(client__in=Client.objects.visible_to(actor), uid=uid)
        .select_related("instrument", "client__person", "episode__client__person")
        .defer("instrument__definition")
        .first()
    )


def own_episode(actor: Actor) -> Episode | None:
    """The client's own episode: the open one, or the one that ended last."""
    if actor.client_id is None:
        return None
    return Episode.objects.filter(client_id=actor.client_id).select_related("client__person").present_first().first()


def own_sheet(actor: Actor, uid: UUID) -> Sheet | None:
    """A client's own sheet."""
    found = own_sheet_ever(actor, uid)
    return found if found is not None and found.withdrawn_at is None else None


def own_sheet_ever(actor: Actor, uid: UUID) -> Sheet | None:
    """A client's own sheet, also one that was taken back while it stood on their screen."""
    if actor.client_id is None:
        return None
    found = Sheet.objects.filter(client_id=actor.client_id, uid=uid)
    return found.select_related("instrument", "client__person").defer("instrument__definition").first()


@dataclass(frozen=True)
class FinishedSheet:
    """A finished sheet with its scores in words, for the list."""

    sheet: Sheet
    on: date
    title: str
    shown: list[str]


def finished(client: Client, limit: int = 30) -> list[FinishedSheet]:
    """Finished sheets, newest first, each with its scores in one line."""
    rows = []
    for one in shelf.finished(client).prefetch_related("scores").select_related("entered_by__person")[:limit]:
        form = shelf.definition(one)
        shown = [_score_line(score, len(form.scores) > 1) for score in one.scores.all() if score.score != "algorithm"]
        rows.append(FinishedSheet(one, one.finished_at.date(), form.name, shown))  # type: ignore[union-attr]
    return rows


def _score_line(score: Any, named: bool) -> str:
    if score.value is None:
        return score.reason or _("Not scored")
    if score.score == shelf.TRIAGE:
        return _("Risk: %(level)s") % {"level": _(score.band)}
    line = words.plain(score.value)
    if score.band:
        line += f" · {_(score.band)}"
    if score.answered < score.items:
        line += " · " + _("%(answered)s of %(items)s answered") % {"answered": score.answered, "items": score.items}
    return line


def score_lines(sheet: Sheet) -> list[str]:
    """The scores of a finished sheet in words."""
    named = len(shelf.definition(sheet).scores) > 1
    return [_score_line(score, named) for score in sheet.scores.order_by("id") if score.score != "algorithm"]


@dataclass(frozen=True)
class OpenRow:
    """A sheet that waits, for the clinician's page."""

    sheet: Sheet
    title: str
    answered: int
    of: int
    has_run_out: bool

    @property
    def is_incomplete(self) -> bool:
        """A suicide screen that was begun and not finished."""
        return self.answered > 0 and shelf.definition(self.sheet).triage is not None


def open_rows(client: Client, at: datetime) -> list[OpenRow]:
    """Sheets given and not finished, also those that have run out in the last two weeks."""
    since = at - timedelta(days=14)
    sheets = (
        shelf.open_sheets(client).filter(given_at__gte=since).annotate(answered=Count("answers__item", distinct=True))
    )
    return [
        OpenRow(
            one,
            shelf.definition(one).name,
            one.answered,
            len(shelf.definition(one).items),
            one.expires_at is not None and one.expires_at <= at,
        )
        for one in sheets
    ]


def episode_of(sheet: Sheet) -> Episode:
    """The episode a sheet was given in; the client's latest for one given outside any."""
    return sheet.episode or sheet.client.episodes.select_related("client__person").present_first().first()  # type: ignore[return-value]


def classes_of(sheet: Sheet) -> frozenset[DataClass]:
    """What the law sees in the answers: screening, or progress in care; and safety, where the sheet is a suicide screen."""
    screened = DataClass.SCREENING if sheet.occasion == "screening" else DataClass.CLINICAL
    return frozenset({screened, DataClass.SAFETY} if shelf.definition(sheet).triage is not None else {screened})


def alarm_of(sheet: Sheet) -> Alarm | None:
    """The open alarm this sheet raised, by an answer or by its score; the soonest due."""
    return (
        Alarm.objects.filter(
            source_kind__in=("sheet", "score"), source_key__startswith=str(sheet.uid), closed__isnull=True
        )
        .order_by("due_at", "id")
        .first()
    )


def topics(clients: Iterable[int]) -> dict[int, list[Topic]]:
    """What scores ask to be talked about in the next session and nobody has yet, by client id."""
    found: dict[int, list[Topic]] = {}
    for topic in Topic.objects.filter(client_id__in=clients, done__isnull=True).order_by("raised_at", "id"):
        found.setdefault(topic.client_id, []).append(topic)
    return found


def topic(actor: Actor, uid: UUID) -> Topic | None:
    found = Topic.objects.select_related("client__person", "sheet__episode").filter(uid=uid).first()
    return found if found and treats_the_person(actor, found.client) else None
