"""The clinician's chart whole: what was missed, the course that was expected, medication and attendance on the same time, and how the
measure may be read. The drawing without all that is in `reads`; here stands what only the chart page and its papers need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.medication import reads as medication
from footbridge.care.placement.models import Admission
from footbridge.care.sessions.models import Attendance
from footbridge.engines import due, progress, scoring
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.program.days import zone
from footbridge.kit import paper
from footbridge.kit.web import charts, files

from . import program, reads, schedule
from .reads import InstrumentCourse

CAME = ("present", "late", "left_early")


def of_episode(episode: Episode, at: datetime, *, links: bool = True) -> list[InstrumentCourse]:
    """Every measure of the episode with its whole chart."""
    courses = reads.course(episode)
    admission = Admission.objects.filter(episode=episode).select_related("track__program").first()
    lanes = [*_medicines(episode), *_attendance(episode)] if courses else []
    missed = _missed(episode, at) if courses and admission else {}
    fits = program.fits([admission.track.program_id]) if courses and admission else {}
    found = []
    for one in courses:
        form = shelf.definition(one.points[-1].sheet)
        expected, said = _expected(one, admission, fits, form)
        points = _with_missed(one.series.points, missed.get(one.code, []))
        series = replace(
            one.series,
            points=points,
            lanes=lanes,
            expected=expected,
            expected_label=said,
            notes=[*how_to_read(form), *_crosses(points)],
            links=_links(episode, one.code) if links else [],
        )
        found.append(replace(one, series=series))
    return found


def for_client(episode: Episode, at: datetime) -> list[InstrumentCourse]:
    """The client's own charts: no severity, no lanes, and what was not answered shown as a gap."""
    missed = _missed(episode, at)
    found = []
    for one in reads.course(episode, for_client=True):
        points = _with_missed(one.series.points, missed.get(one.code, []))
        links = [
            (_("Table (CSV)"), reverse("client:progress_csv", args=[one.code])), (_("For paper (PDF)"), reverse("client:progress_pdf", args=[one.code])),
        ]  # fmt: skip
        found.append(replace(one, series=replace(one.series, points=points, links=links, notes=_crosses(points))))
    return found


def _crosses(points: Sequence[charts.Point]) -> list[str]:
    return [_("A cross marks a day without a score.")] if any(point.value is None for point in points) else []


def how_to_read(form: scoring.Definition) -> list[str]:
    """How far the measure looks back and how soon it may be asked again, as far as the edition says."""
    said = []
    if form.window_days:
        said.append(_("Asks about the last %(days)s days.") % {"days": form.window_days})
    if form.min_repeat_days:
        said.append(_("Not more often than every %(days)s days.") % {"days": form.min_repeat_days})
    if form.is_draft:
        said.append(_("A draft: nobody has verified this edition, so no words of severity are shown."))
    return [" ".join(said)] if said else []


def _links(episode: Episode, code: str) -> list[tuple[str, str]]:
    of = {"uid": episode.uid, "code": code}
    return [(_("Table (CSV)"), reverse("measures:csv", kwargs=of)), (_("For paper (PDF)"), reverse("measures:pdf", kwargs=of))]


def _missed(episode: Episode, at: datetime) -> dict[str, list[date]]:
    """The days by which a form was asked for and not answered, by instrument."""
    found: dict[str, list[date]] = {}
    for window in schedule.of(episode, at):
        if window.state is due.State.MISSED:
            found.setdefault(window.instrument, []).append(window.due_on)
    return found


def _with_missed(points: Sequence[charts.Point], missed: Sequence[date]) -> list[charts.Point]:
    told = {point.on for point in points}
    gone = [charts.Point(on, None, note=_("Not answered")) for on in missed if on not in told]
    return sorted([*points, *gone], key=lambda point: point.on)


def _expected(
    one: InstrumentCourse, admission: Admission | None, fits: program.Fits, form: scoring.Definition
) -> tuple[list[tuple[date, float, float]], str]:
    """The band of the program's own model or of a published curve, week by week; nothing where there is neither."""
    verdict = one.verdict
    if admission is None or not isinstance(verdict, progress.Course):
        return [], ""
    for source in program.expectations(admission.track.program_id, fits, form.id, form.edition):
        rows = []
        for week in range(1, admission.track.program.weeks + 5):
            band = source.band(float(verdict.baseline.value), float(week), 80)
            if band is not None:
                rows.append((admission.starts_on + timedelta(days=7 * week), band.low, band.high))
        if len(rows) > 1:
            return rows, _("Expected for 80 %% (n %(n)s)") % {"n": source.episodes}
    return [], ""


def _medicines(episode: Episode) -> list[charts.Lane]:
    rows: dict[str, list[tuple[date, date | None, Any]]] = {}
    for row in medication.every(episode.client):
        if row.taken_from and (row.taken_until is None or row.taken_until > episode.opened_at.date()):
            rows.setdefault(f"{row.name} {row.dose}".strip(), []).append((row.taken_from, row.taken_until, row.stopped_because or row.how_often))
    return [charts.Lane(name, spans=spans) for name, spans in rows.items()]


def _attendance(episode: Episode) -> list[charts.Lane]:
    """One mark a day with sessions: filled when the person came to any, hollow when to none. The newest word on each seat holds."""
    here = zone()
    newest: dict[int, tuple[datetime, str]] = {}
    rows = Attendance.objects.filter(booking__episode=episode, booking__cancelled_at__isnull=True).order_by("pk")
    for booking, starts, came in rows.values_list("booking_id", "booking__starts_at", "came"):
        newest[booking] = (starts, came)
    days: dict[date, list[str]] = {}
    for starts, came in newest.values():
        days.setdefault(starts.astimezone(here).date(), []).append(came)
    if not days:
        return []
    told = []
    for on, said in sorted(days.items()):
        attended = sum(one in CAME for one in said)
        told.append((on, attended > 0, _("came to %(n)s of %(of)s sessions") % {"n": attended, "of": len(said)}))
    return [charts.Lane(_("Attendance"), days=told)]


# ------------------------------------------------------------------ to take along


def as_csv(one: InstrumentCourse, *, for_client: bool = False) -> str:
    """The points of one measure: what was scored, what was not, and why. Dates are ISO, numbers have a point."""
    rows = []
    by_day = {point.on: point for point in one.points}
    for shown in one.series.points:
        told = by_day.get(shown.on)
        score = "" if shown.value is None else f"{shown.value:g}"
        counts = [told.answered, told.items] if told else ["", ""]
        note = str(shown.note) if shown.value is None or shown.partial else ""
        rows.append([shown.on.isoformat(), score, *counts, *([] if for_client else [told.band if told else ""]), note])
    return files.table(["date", "score", "answered", "items", *([] if for_client else ["band"]), "note"], rows)


def as_paper(one: InstrumentCourse, *, who: str, number: str, born_on: date | None, language: str, printed: str) -> paper.Document:
    """One measure on a page: the sentence first, then the drawing, then the numbers."""
    rows = [(point.label, point.shown, point.note or (_("Partly answered") if point.partial else "")) for point in one.series.points]
    blocks: list[paper.Block] = [
        paper.Text(one.sentence, strong=True),
        paper.Picture(charts.for_paper(one.series), f"{one.title}. {one.sentence}"),
        *(paper.Text(words_, quiet=True) for words_ in [one.series.rule, *one.series.notes] if words_),
        paper.Table(_("The numbers"), [_("Date"), _("Score"), _("Note")], rows, frozenset({1}), (2, 1, 5)),
    ]
    if one.series.lane_rows:
        told = [(when, lane, said) for lane, when, said in one.series.lane_rows]
        blocks.append(paper.Table(_("At the same time"), [_("When"), _("What"), _("Note")], told, frozenset(), (2, 2, 3)))
    facts = [(_("Name"), who), (_("Record number"), number)]
    if born_on:
        facts.append((_("Born"), date_format(born_on, "DATE_FORMAT")))
    return paper.Document(one.title, blocks, facts=facts, foot=printed, language=language)


