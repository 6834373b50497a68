"""Medicines on the time axis of a score: one lane each, under the chart and in step with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from footbridge.kit.web import charts

LANE = 36  # height of one lane, in the drawing's units


@dataclass(frozen=True, slots=True)
class Stretch:
    """A medicine from a day until a day (exclusive; None is "until now")."""

    label: str
    start: date
    until: date | None


def until_today(series: charts.Series, today: date) -> charts.Series:
    """The same series with an axis that reaches today, so that what began after the last score has room."""
    if not series.points or series.points[-1].on >= today:
        return series
    return replace(series, points=[*series.points, charts.Point(today, None, note=_("Today"))])


def lanes(stretches: Sequence[Stretch], series: charts.Series) -> SafeString:
    """The lanes of a series' chart, for wide places and for narrow ones; empty without a medicine or a point."""
    if not stretches or not series.points:
        return SafeString("")
    return mark_safe("".join(_draw(stretches, series, narrow) for narrow in (False, True)))


def _draw(stretches: Sequence[Stretch], series: charts.Series, narrow: bool) -> str:
    plot = charts.plot_of(series.points, series.maximum, series.minimum, narrow=narrow)
    left, edge = plot.left, plot.width - plot.right
    height = LANE * len(stretches) + 8
    kind = "plot plot-narrow" if narrow else "plot plot-wide"
    out = [
        f'<svg class="{kind}" viewBox="0 0 {plot.width} {height}" role="img" preserveAspectRatio="xMidYMid meet" '
        f'aria-label="{escape(_("Medicines over the same days"))}">'
    ]
    for n, stretch in enumerate(stretches):
        foot = LANE * (n + 1)
        start = min(max(plot.x(max(stretch.start, plot.first)), left), edge)
        end = edge if stretch.until is None else min(max(plot.x(min(stretch.until, plot.last)), start + 2), edge)
        out.append(f'<line class="grid" x1="{left}" x2="{edge}" y1="{foot}" y2="{foot}"/>')
        out.append(f'<rect class="mark" x="{start:.1f}" y="{foot - 7}" width="{end - start:.1f}" height="6" rx="1"/>')
        out.append(f'<text class="mark-words" x="{left}" y="{foot - 13}">{escape(stretch.label)}</text>')
    return "".join([*out, "</svg>"])
