"""Outcomes, how good the alerts were, and the evidence; each as a page, as CSV, the outcomes also on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.care.measures import program as measured
from footbridge.care.reviews import reads as reviews
from footbridge.care.transitions.models import Transition
from footbridge.data import parsed
from footbridge.engines import outcomes as engine
from footbridge.ground.program.days import day_of
from footbridge.kit import access, paper, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web import charts, files

from .. import rules
from . import evidence, page
from .facts import Filters
from .forms import PeriodForm

ROWS = 50


def _asked(request: Request) -> tuple[PeriodForm, Filters]:
    """The filters of the address; without any, the admissions of the last months. What cannot be read is left out and said."""
    today = day_of(request.at)
    usual = today - timedelta(days=round(30.44 * parsed("outcomes")["months"]))
    given = request.GET if any(name in request.GET for name in ("first", "last", "program", "track", "condition")) else None
    form = PeriodForm(given if given is not None else {"first": usual.isoformat(), "last": today.isoformat()})
    first, last = form.period(usual, today)
    condition = form.cleaned_data.get("condition", "") if form.is_valid() else ""
    return form, Filters(first, last, form.chosen("program"), form.chosen("track"), condition)


def _query(request: Request) -> str:
    return request.GET.urlencode()


@access.page(rules.SEE_OUTCOMES)
def show(request: Request) -> HttpResponse:
    form, filters = _asked(request)
    context = {"form": form, "filters": filters, "page": page.gather(filters, day_of(request.at)), "query": _query(request), "notes": notes()}
    return web.show(request, "desks/director/outcomes.html", context, status=200)


def notes() -> list[str]:
    least = parsed("outcomes")["least_cell"]
    return [
        _("Everybody who was admitted in the period is counted, also those who left and those whose scores are missing. Nobody is dropped."),
        _("Intake is the first score from seven days before to three days after the first day; the last score is the last one in treatment, carried to the end however early it was taken."),
        _("In brackets: 95 %% intervals (Wilson for shares, Student for means). The effect is the mean change in standard deviations of the intake scores.") % (),
        _("There is no comparison group: people who start at their worst get better on average by themselves, too."),
        _("A number of 1 to %(most)s is hidden, and so are others from which it could be computed; groups that are too small are put together. Two filters whose difference is a few people can still tell: take care with what leaves the house.") % {"most": least - 1},
    ]  # fmt: skip


@access.page(rules.SEE_OUTCOMES)
def as_csv(request: Request) -> HttpResponse:
    _form, filters = _asked(request)
    found = page.gather(filters, day_of(request.at))
    rows: list[list[Any]] = [["all", "", "admissions", "All admissions", found.n, found.n, "", "", ""]]
    for one in found.measures:
        for table in one.tables:
            rows += _table_rows(one.name, table)
        for group, count, of in one.weekly:
            rows.append([one.name, "Weeks with a score", "weeks", group, count, of, _percent(count, of), "", ""])
        for mean in one.means:
            if mean.paired:
                for name, value in (("first", mean.paired.first), ("last", mean.paired.last), ("change", mean.paired.change)):
                    rows.append([one.name, f"Mean {name}", "mean", mean.head, f"{value.mean:.2f}", value.n, "", _number(value.low), _number(value.high)])
                    rows.append([one.name, f"SD {name}", "sd", mean.head, _number(value.sd), value.n, "", "", ""])
                rows.append([one.name, "Effect", "effect", mean.head, _number(mean.paired.effect), mean.paired.n, "", "", ""])
    if found.pair:
        rows += _table_rows("PHQ-9 and GAD-7", found.pair)
    head = ["measure", "table", "row", "group", "value", "of", "percent", "low", "high"]
    return files.hand_out(files.table(head, rows), "outcomes.csv")


def _table_rows(name: str, table: page.TableShown) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for row in table.rows:
        for head, cell in zip(table.heads, row.cells, strict=True):
            rate = cell.rate
            if rate is None:
                rows.append([name, table.title, row.label, head, "hidden", "", "", "", ""])
            else:
                rows.append([name, table.title, row.label, head, rate.count, rate.of, _percent(rate.count, rate.of), f"{rate.low * 100:.1f}", f"{rate.high * 100:.1f}"])
    return rows


def _percent(count: int, of: int) -> str:
    return f"{count * 100 / of:.1f}" if of else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


@access.page(rules.SEE_OUTCOMES)
def as_pdf(request: Request) -> HttpResponse:
    _form, filters = _asked(request)
    found = page.gather(filters, day_of(request.at))
    blocks: list[paper.Block] = []
    for one in found.measures:
        blocks += [paper.Heading(one.name), paper.Text(one.sentence, strong=True), paper.Text(one.rule, quiet=True)]
        if one.series:
            blocks.append(paper.Picture(charts.intervals_for_paper(one.series), one.series.title, width=55))
        blocks += [_paper_table(table) for table in one.tables]
        if one.means:
            blocks.append(paper.Table(_("Means of those with two scores"), [_("Group"), "n", _("Intake (SD)"), _("Last (SD)"), _("Change"), _("Effect")], one.mean_rows, frozenset({1}), (3, 1, 2, 2, 3, 1)))
        blocks.append(paper.Table(_("Weeks in care with a score"), [_("Group"), _("With a score"), _("Weeks"), _("Share")], one.week_rows, frozenset({1, 2, 3}), (3, 1, 1, 1)))
    if found.pair:
        blocks += [paper.Heading(found.pair.title), paper.Text(found.pair.note, quiet=True), _paper_table(found.pair)]
    blocks += [paper.Heading(_("How this was counted")), *(paper.Text(note, quiet=True) for note in notes())]
    printed = _("Printed by %(who)s, %(when)s") % {"who": request.actor.name, "when": date_format(request.at, "DATETIME_FORMAT")}
    lead = _("Admissions from %(first)s to %(last)s: %(n)s people") % {"first": date_format(filters.first, "DATE_FORMAT"), "last": date_format(filters.last, "DATE_FORMAT"), "n": found.n}
    document = paper.Document(_("Outcomes of the program"), blocks, lead=lead, foot=printed)
    return files.hand_out(paper.pdf(document, made_at=request.at), "outcomes.pdf")


def _paper_table(table: page.TableShown) -> paper.Table:
    heads = [f"{head} (n {size if size is not None else '–'})" for head, size in zip(table.heads, table.sizes, strict=True)]
    rows = [[row.label, *(f"{cell.shown}  {cell.percent}".strip() if cell.rate else _("hidden") for cell in row.cells)] for row in table.rows]
    return paper.Table(table.title, ["", *heads], rows, frozenset(), (2.2, *[1.6] * len(heads)))


# ------------------------------------------------------------------ how good the alerts were


@access.page(rules.SEE_OUTCOMES)
def alerts(request: Request) -> HttpResponse:
    """Of those whose treatment has ended in the period: who was found off track in time, and who was alerted in vain."""
    form, filters = _asked(request)
    left = Transition.objects.filter(kind="discharge", effective_on__gte=filters.first, effective_on__lte=min(filters.last, day_of(request.at)))
    if filters.program:
        left = left.filter(episode__admission__track__program__uid=filters.program)
    if filters.track:
        left = left.filter(episode__admission__track__uid=filters.track)
    found = measured.alert_precision(request.actor, dict(left.values_list("episode_id", "effective_on")))
    least = int(parsed("outcomes")["least_cell"])
    all_ = found.everything
    counts = {("worse", "alerted"): all_.found, ("worse", "quiet"): all_.missed, ("better", "alerted"): all_.false_alarms, ("better", "quiet"): all_.quiet}
    hidden = engine.hidden_cells(counts, ("worse", "better"), ("alerted", "quiet"), least)
    shown = {cell: None if cell in hidden else n for cell, n in counts.items()}
    labels = [("worse", _("Not better by more than chance at the end")), ("better", _("Better by more than chance at the end"))]
    rates = [
        (_("Off track, and alerted in time"), all_.off_track_found), (_("Got better, and left in peace"), all_.rightly_quiet),
        (_("Alerted, and rightly so"), all_.right_alerts),
    ]  # fmt: skip
    context = {
        "form": form, "query": _query(request), "found": found, "least": least,
        "rows": [(label, shown[code, "alerted"], shown[code, "quiet"]) for code, label in labels],
        "rates": [] if hidden else [(label, page.CellShown(rate, "")) for label, rate in rates],
        "months": found.months if not _small_months(found.months, least) else [],
    }  # fmt: skip
    return web.show(request, "desks/director/alerts.html", context, status=200)


def _small_months(months: list[Any], least: int) -> bool:
    return any(0 < n < least for one in months for n in (one.found, one.missed, one.false_alarms, one.quiet))


# ------------------------------------------------------------------ the evidence


def _evidence(request: Request) -> tuple[PeriodForm, Filters, Any, dict[int, Any]]:
    form, filters = _asked(request)
    found = evidence.admissions(filters.first, filters.last, str(filters.track) if filters.track else "")
    if filters.program:
        found = found.filter(track__program__uid=filters.program)
    due = {one.episode.pk: one for one in reviews.due(request.actor.within(rules.SEE_OUTCOMES.roles), day_of(request.at), ahead=0)}
    return form, filters, found, due


@access.page(rules.SEE_OUTCOMES)
def show_evidence(request: Request) -> HttpResponse:
    form, filters, found, due = _evidence(request)
    shown = Paginator(found, ROWS).get_page(request.GET.get("page", "1"))
    lines = evidence.lines_of(list(shown.object_list), due, request.at)
    context = {"form": form, "filters": filters, "lines": lines, "page": shown, "query": _query(request), "whole": sum(line.is_whole for line in lines)}
    return web.show(request, "desks/director/evidence.html", context, status=200)


@access.page(rules.SEE_OUTCOMES)
def evidence_csv(request: Request) -> HttpResponse:
    """All lines of the period. It names people: taking it along is looking into each chart."""
    _form, _filters, found, due = _evidence(request)
    rows = []
    for line in evidence.lines_of(list(found), due, request.at):
        client = line.admission.episode.client
        trail.looked(client, by=request.actor, at=request.at, what="evidence file")
        rows.append(
            [
                client.number, client.person.name_used, line.admission.track.name, line.admission.starts_on.isoformat(),
                "; ".join(f"{name}: {n} scores, last {on.isoformat()}" for name, n, on in line.tools),
                "; ".join(f"{on.isoformat()} {what}" for on, what in line.analyzed), "; ".join(f"{on.isoformat()} {what}" for on, what in line.used),
                "; ".join(line.gaps),
            ]
        )  # fmt: skip
    head = ["record", "name", "track", "started", "EP1 standardized tool", "EP2 scores analyzed", "EP3 used in plan review", "gaps"]
    return files.hand_out(files.table(head, rows), "records.csv")
