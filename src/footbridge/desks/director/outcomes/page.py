"""From facts to what is shown: each measure's table by groups of people, with intervals and n, small cells hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.engines import outcomes, progress
from footbridge.engines.outcomes import TOTAL
from footbridge.kit.web import charts

from . import facts
from .facts import COMPLETED, HERE, LEFT, Filters, Measure, Stay

NOT_KNOWN = ("one_score", "no_first")
CHANGE = ("improved", "none", "worse", *NOT_KNOWN)
RESPONSE = ("response", "no_response", *NOT_KNOWN)
REMISSION = ("remission", "no_remission", *NOT_KNOWN)
PAIR = ("reliable_recovery", "recovery", "case", "not_a_case", "not_known")
DISCHARGE = ("at_discharge", "not_at_discharge")


def label(row: str) -> str:
    return {
        "improved": _("Better by more than chance"), "none": _("No change beyond chance"), "worse": _("Worse by more than chance"),
        "one_score": _("No second score"), "no_first": _("No score at intake"), "response": _("Response"), "no_response": _("No response"),
        "remission": _("Remission"), "no_remission": _("No remission"), "reliable_recovery": _("Recovered, and better by more than chance"),
        "recovery": _("Recovered, the change can be chance"), "case": _("Started above a cut-off, not recovered"),
        "not_a_case": _("Started below both cut-offs"), "not_known": _("Not known: two scores of both are missing"),
        "at_discharge": _("Measured at discharge"), "not_at_discharge": _("Not measured at discharge"),
    }[row]  # fmt: skip


def group_label(names: tuple[str, ...]) -> str:
    words = {COMPLETED: _("Completed"), LEFT: _("Left before the end"), HERE: _("Still in care")}
    return ", ".join(words[name] for name in names)


@dataclass(frozen=True, slots=True)
class CellShown:
    """A number with its share of the column and interval, or hidden (`rate` None)."""

    rate: outcomes.Rate | None
    group: str

    @property
    def shown(self) -> str:
        return "–" if self.rate is None else str(self.rate.count)

    @property
    def percent(self) -> str:
        if self.rate is None or self.rate.share is None:
            return ""
        return _("%(share)s %% (%(low)s–%(high)s)") % {
            "share": f"{self.rate.share * 100:.0f}", "low": f"{self.rate.low * 100:.0f}", "high": f"{self.rate.high * 100:.0f}"
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowShown:
    code: str
    label: str
    cells: list[CellShown]


@dataclass(frozen=True, slots=True)
class TableShown:
    """Rows of what came of it; the first column is everybody, then the groups. `sizes` are the n of the columns, None when hidden."""

    title: str
    note: str
    heads: list[str]
    sizes: list[int | None]
    rows: list[RowShown]

    @property
    def columns(self) -> list[tuple[str, int | None]]:
        return list(zip(self.heads, self.sizes, strict=True))

    @property
    def hides(self) -> bool:
        return any(cell.rate is None for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True)
class MeanRow:
    head: str
    paired: outcomes.Paired | None
    n_all: int | None


@dataclass(frozen=True, slots=True)
class MeasureShown:
    code: str
    name: str
    sentence: str
    rule: str
    tables: list[TableShown]
    means: list[MeanRow]
    weekly: list[tuple[str, int, int]]
    series: charts.Intervals | None

    @property
    def mean_rows(self) -> list[list[str]]:
        """Group, n, intake, last, change with its interval, effect, as they are read."""
        return [[row.head, *mean_cells(row)] for row in self.means]

    @property
    def week_rows(self) -> list[tuple[str, int, int, str]]:
        return [(head, count, of, f"{count * 100 / of:.0f} %" if of else "–") for head, count, of in self.weekly]


@dataclass(frozen=True, slots=True)
class PageShown:
    n: int
    least: int
    groups: list[tuple[str, int]]
    measures: list[MeasureShown]
    pair: TableShown | None
    too_few: bool


def mean_cells(row: MeanRow) -> list[str]:
    """n, intake, last, change with interval, effect."""
    found = row.paired
    if found is None:
        return ["–"] * 5

    def with_sd(value: outcomes.Mean) -> str:
        return f"{value.mean:.1f} ({value.sd:.1f})" if value.sd is not None else f"{value.mean:.1f}"

    change = f"{found.change.mean:+.1f}"
    if found.change.low is not None and found.change.high is not None:
        change += _(" (%(low)s to %(high)s)") % {"low": f"{found.change.low:+.1f}", "high": f"{found.change.high:+.1f}"}
    return [str(found.n), with_sd(found.first), with_sd(found.last), change, "–" if found.effect is None else f"{found.effect:.2f}"]


def gather(filters: Filters, today: date) -> PageShown:
    """The whole page: three queries whatever the number of people."""
    least = int(parsed("outcomes")["least_cell"])
    stays = facts.cohort(filters, today)
    counted = Counter(stay.group for stay in stays)
    groups = outcomes.put_together({name: counted[name] for name in (COMPLETED, LEFT, HERE)}, least)
    groups = [names for names in groups if sum(counted[n] for n in names)]
    if len(stays) < least:
        return PageShown(len(stays), least, [], [], None, True)
    column = {name: group_label(names) for names in groups for name in names}
    measures = facts.measures(stays)
    shown = [_measure(one, stays, column, least) for one in measures]
    by_code = {one.code: one for one in measures}
    pair = _pair(by_code["phq9"], by_code["gad7"], stays, column, least) if {"phq9", "gad7"} <= set(by_code) else None
    sizes = [(group_label(names), sum(counted[n] for n in names)) for names in groups]
    return PageShown(len(stays), least, sizes, shown, pair, False)


def _measure(one: Measure, stays: list[Stay], column: dict[str, str], least: int) -> MeasureShown:
    change: Counter[tuple[str, str]] = Counter()
    response: Counter[tuple[str, str]] = Counter()
    remission: Counter[tuple[str, str]] = Counter()
    discharge: Counter[tuple[str, str]] = Counter()
    pairs: dict[str, list[tuple[float, float]]] = {}
    weeks: Counter[str] = Counter()
    with_one: Counter[str] = Counter()
    for stay in stays:
        head, held = column[stay.group], one.by_episode.get(stay.episode)
        weeks[head] += stay.weeks
        with_one[head] += min(stay.weeks, held.weeks_with) if held else 0
        if stay.discharged:
            discharge["at_discharge" if held and held.at_discharge else "not_at_discharge", head] += 1
        if held is None or held.first is None or held.last is None:
            row = "no_first" if held is None or held.first is None else "one_score"
            for table in (change, response, remission):
                table[row, head] += 1
            continue
        found = progress.change(held.first, held.last, one.rule)
        change[str(found.direction), head] += 1
        response["response" if found.response else "no_response", head] += 1
        remission["remission" if found.remission else "no_remission", head] += 1
        pairs.setdefault(head, []).append((float(held.first), float(held.last)))
    heads = list(dict.fromkeys(column.values()))
    wanted: list[tuple[str, Any, tuple[str, ...], str]] = [(_("Change from intake to the last score"), change, CHANGE, "")]
    if one.rule.response_percent is not None:
        said = _("Response: at least %(percent)s %% better than at intake.") % {"percent": f"{one.rule.response_percent:g}"}
        wanted.append((_("Response"), response, RESPONSE, said))
    if one.rule.remission_below is not None:
        side = _("below") if one.rule.lower_is_better else _("above")
        said = _("Remission: last score %(side)s %(mark)s.") % {"side": side, "mark": f"{one.rule.remission_below:g}"}
        wanted.append((_("Remission"), remission, REMISSION, said))
    hidden = outcomes.hidden_together([(table, rows) for _title, table, rows, _note in wanted], heads, least)
    if len(heads) > 1 and any((TOTAL, head) in away for away in hidden for head in heads):
        # Groups cannot be told apart without telling of a few: everybody together is all that is shown of this measure.
        return _measure(one, stays, dict.fromkeys(column, _("All admissions")), least)
    tables = [_table(title, note, table, rows, heads, away) for (title, table, rows, note), away in zip(wanted, hidden, strict=True)]
    gone = [head for head in heads if any(discharge[row, head] for row in DISCHARGE)]
    if gone:
        away = outcomes.hidden_cells(discharge, DISCHARGE, gone, least)
        if len(gone) > 1 and any((TOTAL, head) in away for head in gone):
            together = {(row, gone[0]): sum(discharge[row, head] for head in gone) for row in DISCHARGE}
            discharge, gone = Counter(together), gone[:1]
            away = outcomes.hidden_cells(discharge, DISCHARGE, gone, least)
        tables.append(_table(_("Measured at discharge"), _("Of those who were discharged."), discharge, DISCHARGE, gone, away))
    means = _means(pairs, heads, hidden[0], least, one.rule.lower_is_better)
    weekly = [(_("All admissions"), sum(with_one.values()), sum(weeks.values()))]
    if len(heads) > 1:
        weekly += [(head, with_one[head], weeks[head]) for head in heads]
    source = _("Rule: %(points)s points or more, %(source)s") % {"points": f"{one.rule.reliable:g}", "source": one.rule.source.rstrip(".") + "."}
    return MeasureShown(one.code, one.form.name, _sentence(one, tables[0]), source, tables, means, weekly, _drawing(one, tables[0]))


def _table(title: str, note: str, counts: Any, rows: tuple[str, ...], heads: list[str], hidden: frozenset[outcomes.Cell]) -> TableShown:
    sizes = {head: sum(counts[row, head] for row in rows) for head in heads}
    everybody = sum(sizes.values())
    shown = []
    for row in rows:
        total = sum(counts[row, head] for head in heads)
        cells = [CellShown(None if (row, TOTAL) in hidden else outcomes.rate(total, everybody), _("All admissions"))]
        if len(heads) > 1:
            cells += [
                CellShown(None if (row, head) in hidden or (TOTAL, head) in hidden else outcomes.rate(counts[row, head], sizes[head]), head)
                for head in heads
            ]
        shown.append(RowShown(row, label(row), cells))
    more = heads if len(heads) > 1 else []
    names = [_("All admissions") if rows != DISCHARGE else _("All discharged"), *more]
    ns = [None if (TOTAL, TOTAL) in hidden else everybody, *(None if (TOTAL, head) in hidden else sizes[head] for head in more)]
    return TableShown(title, note, names, ns, shown)


def _means(
    pairs: dict[str, list[tuple[float, float]]], heads: list[str], hidden: frozenset[outcomes.Cell], least: int, lower_is_better: bool
) -> list[MeanRow]:
    """Means of those with two scores. A mean of a few is a small cell too; when one group's is hidden, only everybody's is shown:
    the difference of two means would give it away."""
    everybody = [one for held in pairs.values() for one in held]
    rows = []
    if len(everybody) >= least and not {(row, TOTAL) for row in NOT_KNOWN} & hidden:
        rows.append(MeanRow(_("All admissions"), outcomes.paired(everybody, lower_is_better=lower_is_better), len(everybody)))
    groups = [head for head in heads if pairs.get(head)]
    safe = all(len(pairs[head]) >= least for head in groups) and not {(row, head) for row in NOT_KNOWN for head in (*heads, TOTAL)} & hidden
    if safe and len(groups) > 1:
        rows += [MeanRow(head, outcomes.paired(pairs[head], lower_is_better=lower_is_better), len(pairs[head])) for head in groups]
    return rows


def _sentence(one: Measure, table: TableShown) -> str:
    improved, _none, worse, one_score, no_first = (row.cells[0] for row in table.rows)
    n = table.sizes[0]
    parts = []
    if improved.rate is not None:
        parts.append(_("%(name)s: of %(n)s admissions, %(count)s are better by more than chance, %(percent)s.") % {"name": one.form.name, "n": n, "count": improved.rate.count, "percent": improved.percent})
    if worse.rate is not None:
        parts.append(_("Worse: %(count)s.") % {"count": worse.rate.count})
    if one_score.rate is not None and no_first.rate is not None:
        missing = one_score.rate.count + no_first.rate.count
        parts.append(_("Of %(missing)s it is not known, because scores are missing.") % {"missing": missing})
        known = (n or 0) - missing
        if improved.rate is not None and known:
            rate = outcomes.rate(improved.rate.count, known)
            parts.append(_("Of the %(known)s with two scores that is %(percent)s.") % {"known": known, "percent": CellShown(rate, "").percent})
    if table.hides:
        parts.append(_("Some numbers are too small to be shown."))
    return " ".join(parts)


def _drawing(one: Measure, table: TableShown) -> charts.Intervals | None:
    improved = table.rows[0]
    dots = [
        charts.Dot(f"{cell.group}", cell.rate.share * 100, cell.rate.low * 100, cell.rate.high * 100, cell.rate.of)
        for cell in improved.cells
        if cell.rate is not None and cell.rate.share is not None
    ]
    title = _("%(name)s: better by more than chance, percent of everybody admitted") % {"name": one.form.name}
    return charts.Intervals(title, dots) if dots else None


def _pair(phq: Measure, gad: Measure, stays: list[Stay], column: dict[str, str], least: int) -> TableShown:
    counts: Counter[tuple[str, str]] = Counter()
    for stay in stays:
        a, b = phq.by_episode.get(stay.episode), gad.by_episode.get(stay.episode)
        head = column[stay.group]
        if a is None or b is None or a.first is None or b.first is None or a.last is None or b.last is None:
            counts["not_known", head] += 1
            continue
        found = progress.pair((a.first, b.first), (a.last, b.last), (phq.rule, gad.rule))
        row = "reliable_recovery" if found.reliable_recovery else "recovery" if found.recovery else "case" if found.started_a_case else "not_a_case"
        counts[row, head] += 1
    heads = list(dict.fromkeys(column.values()))
    hidden = outcomes.hidden_cells(counts, PAIR, heads, least)
    if len(heads) > 1 and any((TOTAL, head) in hidden for head in heads):
        return _pair(phq, gad, stays, dict.fromkeys(column, _("All admissions")), least)
    note = _("NHS Talking Therapies (Gyani 2013): a case is PHQ-9 of %(phq)s or more, or GAD-7 of %(gad)s or more; recovered is a case at intake and none at the last scores.") % {"phq": f"{phq.rule.case_from:g}", "gad": f"{gad.rule.case_from:g}"}
    return _table(_("Recovery, PHQ-9 and GAD-7 together"), note, counts, PAIR, heads, hidden)
