"""Progress charts as SVG, made on the server from numbers. Knows nothing of care: points, a band, lines with words.

Geometry of a drawing (user units, about one CSS pixel at 600 wide): see `Plot`. Colours come from the page's tokens by
class name, so one drawing serves light, dark, print and forced colours.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_LINE = 16  # user units from one line of words to the next


@dataclass(frozen=True)
class Point:
    """One answer: when, the score (None when it could not be scored), whether only partly answered."""

    on: date
    value: float | None
    partial: bool = False
    note: Any = ""

    @property
    def label(self) -> str:
        return date_format(self.on, "SHORT_DATE_FORMAT")

    @property
    def shown(self) -> str:
        return "–" if self.value is None else f"{self.value:g}"


@dataclass(frozen=True)
class Mark:
    """Something that happened, shown in the lane under the axis; `until` makes it a stretch of time."""

    on: date
    label: Any
    until: date | None = None


@dataclass(frozen=True)
class Lane:
    """A line of its own under the axis, on the same time: stretches (`spans`: from, until or None, words) and days (`days`:
    day, whether it happened, words). The words of a span stand on it; those of a day are read in the table."""

    label: Any
    spans: Sequence[tuple[date, date | None, Any]] = ()
    days: Sequence[tuple[date, bool, Any]] = ()


@dataclass(frozen=True)
class Series:
    """One measure over time.

    `band` is (low, high) around the baseline: inside it a change is not more than measurement error.
    `cuts` are (score, words) lines; leave them out on a client's page. `gap_days`: points further apart are not joined.
    `sentence` says in words what the drawing shows; `rule` says which rule the sentence used.
    """

    title: Any
    points: Sequence[Point]
    maximum: float
    minimum: float = 0
    band: tuple[float, float] | None = None
    band_label: Any = ""
    cuts: Sequence[tuple[float, Any]] = ()
    marks: Sequence[Mark] = ()
    gap_days: int = 14
    sentence: Any = ""
    rule: Any = ""
    lanes: Sequence[Lane] = ()
    # Where most people of the program are who began like this: (day, low, high), drawn as a hatched strip with its own words.
    expected: Sequence[tuple[date, float, float]] = ()
    expected_label: Any = ""
    # Small print under the drawing (look-back, how often it may be asked), and what can be taken along: (words, address).
    notes: Sequence[Any] = ()
    links: Sequence[tuple[Any, str]] = ()

    @property
    def is_client_safe(self) -> bool:
        """No words of severity on it."""
        return not self.cuts

    @property
    def lane_rows(self) -> list[tuple[Any, str, Any]]:
        """Everything of the lanes in words, for the table: (lane, when, what)."""
        rows: list[tuple[Any, str, Any]] = []
        for lane in self.lanes:
            for on, until, words in lane.spans:
                since = date_format(on, "SHORT_DATE_FORMAT")
                rows.append((lane.label, f"{since} – {date_format(until, 'SHORT_DATE_FORMAT')}" if until else _("since %(day)s") % {"day": since}, words))
            rows += [(lane.label, date_format(on, "SHORT_DATE_FORMAT"), words) for on, _yes, words in lane.days]
        return rows


@dataclass(frozen=True)
class Plot:
    """Where the drawing area lies inside the picture, and how numbers become coordinates."""

    first: date
    last: date
    minimum: float
    maximum: float
    width: int = 600
    height: int = 280
    left: int = 36
    right: int = 140
    top: int = 16
    bottom: int = 40

    def x(self, on: date) -> float:
        days = (self.last - self.first).days
        inner = self.width - self.left - self.right
        if days <= 0:
            return self.left + inner / 2
        return self.left + 12 + (inner - 24) * (on - self.first).days / days

    def y(self, value: float) -> float:
        inner = self.height - self.top - self.bottom
        return self.height - self.bottom - inner * (value - self.minimum) / (self.maximum - self.minimum)


def draw(series: Series) -> SafeString:
    """The drawing of a series twice, for wide places and for narrow ones; the page shows the one that fits."""
    drawings = [
        chart(
            series.points,
            series.maximum,
            minimum=series.minimum,
            band=series.band,
            band_label=series.band_label,
            cuts=series.cuts,
            marks=series.marks,
            gap_days=series.gap_days,
            title=series.title,
            description=series.sentence,
            narrow=narrow,
            lanes=series.lanes,
            expected=series.expected,
            expected_label=series.expected_label,
        )
        for narrow in (False, True)
    ]
    return mark_safe("".join(drawings))


# Paper has no tokens of the page: black and gray, dashes for what is color elsewhere.
_PAPER = (
    "text{font-family:'Atkinson Hyperlegible Next';font-size:13px;fill:#1B2A30}.grid{stroke:#C5D0D4;stroke-width:1}"
    ".cut{stroke:#66777F;stroke-width:1;stroke-dasharray:2 4}.band{fill:#0B5C6B;fill-opacity:.12}"
    ".band-edge{stroke:#0B5C6B;stroke-opacity:.6}.expected{fill:none;stroke:#1B2A30;stroke-width:1;stroke-dasharray:6 3}"
    ".line{fill:none;stroke:#0B5C6B;stroke-width:2.5}.dot{fill:#0B5C6B;stroke:#FFFFFF;stroke-width:2}"
    ".dot-partial{fill:#FFFFFF;stroke:#0B5C6B;stroke-width:2.5}.gone{stroke:#4A5B63;stroke-width:1.5;fill:none}"
    ".mark{fill:#4A5B63}.mark-tick{stroke:#4A5B63;stroke-width:2}.no-tick{stroke:#4A5B63;stroke-width:1.5;fill:none}"
)


def for_paper(series: Series) -> str:
    """The wide drawing as an SVG file of its own, with its colors inside."""
    drawn = str(draw(series))
    wide = drawn[: drawn.index("</svg>") + len("</svg>")]
    return wide.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<title>", f"<style>{_PAPER}</style><title>", 1)


_LANE = 40  # user units for one lane: its name, then what happened


def plot_of(
    points: Sequence[Point],
    maximum: float,
    minimum: float = 0,
    marks: Sequence[Mark] = (),
    narrow: bool = False,
    lanes: Sequence[Lane] = (),
) -> Plot:
    """The plot a chart of these points uses; ValueError without a point. Days of a lane lie on the axis too; stretches are cut to it."""
    days = [point.on for point in points]
    if not days:
        raise ValueError("A chart needs at least one point.")
    days += [on for lane in lanes for on, _yes, _words in lane.days]
    lane = (34 if marks else 0) + _LANE * len(lanes)
    first, last = min(days), max(days)
    if narrow:
        return Plot(first, last, minimum, maximum, 340, 280 + lane, left=28, right=104, top=16, bottom=36 + lane)
    return Plot(first, last, minimum, maximum, height=280 + lane, bottom=40 + lane)


def chart(
    points: Sequence[Point],
    maximum: float,
    *,
    minimum: float = 0,
    band: tuple[float, float] | None = None,
    band_label: Any = "",
    cuts: Sequence[tuple[float, Any]] = (),
    marks: Sequence[Mark] = (),
    gap_days: int = 14,
    title: Any = "",
    description: Any = "",
    narrow: bool = False,
    lanes: Sequence[Lane] = (),
    expected: Sequence[tuple[date, float, float]] = (),
    expected_label: Any = "",
) -> SafeString:
    """An SVG string. Neighbours more than `gap_days` apart are not joined; partly answered points are hollow."""
    points = sorted(points, key=lambda point: point.on)
    plot = plot_of(points, maximum, minimum, marks, narrow, lanes)
    left, edge, foot = plot.left, plot.width - plot.right, plot.height - plot.bottom
    out = [
        f'<svg class="plot plot-{"narrow" if narrow else "wide"}" viewBox="0 0 {plot.width} {plot.height}" role="img" '
        f'aria-label="{escape(title)}{". " if description else ""}{escape(description)}">',
        f"<title>{escape(title)}</title>",
    ]
    if description:
        out.append(f"<desc>{escape(description)}</desc>")
    out += _grid(plot, left, edge)
    words: list[tuple[float, list[str], str]] = []
    room = 13 if narrow else 21  # letters that fit beside the plot
    if band:
        out += _band(plot, band, left, edge)
        low, high = max(band[0], minimum), min(band[1], maximum)
        said = str(band_label or _("Not more than chance"))
        words.append((plot.y((low + high) / 2), textwrap.wrap(said, room), "band-words"))
    shown = [(on, max(low, minimum), min(high, maximum)) for on, low, high in expected if plot.first <= on <= plot.last]
    if len(shown) > 1:
        upper = [f"{plot.x(on):.1f},{plot.y(high):.1f}" for on, _low, high in shown]
        lower = [f"{plot.x(on):.1f},{plot.y(low):.1f}" for on, low, _high in reversed(shown)]
        out.append(f'<polygon class="expected" points="{" ".join(upper + lower)}"/>')
        said = str(expected_label or _("Expected course"))
        words.append((plot.y((shown[-1][1] + shown[-1][2]) / 2), textwrap.wrap(said, room), "expected-words"))
    for value, label in cuts:
        y = plot.y(value)
        out.append(f'<line class="cut" x1="{left}" x2="{edge}" y1="{y:.1f}" y2="{y:.1f}"/>')
        words.append((y, textwrap.wrap(f"{label} {value:g}", room), "cut-words"))
    for top, lines, kind in _apart(words, plot.top, foot):
        for n, line in enumerate(lines):
            out.append(f'<text class="{kind}" x="{edge + 8}" y="{top + 12 + n * _LINE:.1f}">{escape(line)}</text>')
    out += _days(plot, points, foot)
    out += _line(plot, points, gap_days)
    out += _dots(plot, points)
    out += _gone(plot, points, foot)
    out += _lane(plot, marks, left, edge)
    for n, lane in enumerate(lanes):
        out += _own_lane(plot, lane, left, edge, plot.height - _LANE * (len(lanes) - n))
    out.append("</svg>")
    return mark_safe("".join(out))


def sparkline(
    values: Sequence[float | None], maximum: float, label: str = "", width: int = 96, height: int = 32
) -> str:
    """A line the height of a word; a missing value breaks it. The last value has a dot."""
    step = (width - 8) / max(len(values) - 1, 1)
    spots = [
        None if value is None else (4 + n * step, height - 4 - (height - 8) * value / maximum)
        for n, value in enumerate(values)
    ]
    runs: list[list[tuple[float, float]]] = [[]]
    for spot in spots:
        if spot is None:
            runs.append([])
        else:
            runs[-1].append(spot)
    drawn = "".join(
        '<polyline points="{}"/>'.format(" ".join(f"{x:.1f},{y:.1f}" for x, y in run)) for run in runs if len(run) > 1
    )
    there = [spot for spot in spots if spot]
    dot = f'<circle cx="{there[-1][0]:.1f}" cy="{there[-1][1]:.1f}" r="2.5"/>' if there else ""
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">{drawn}{dot}</svg>'
    )


def _grid(plot: Plot, left: int, edge: int) -> list[str]:
    out = []
    for value in _ticks(plot.minimum, plot.maximum):
        y = plot.y(value)
        out.append(f'<line class="grid" x1="{left}" x2="{edge}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text class="tick" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    return out


def _ticks(minimum: float, maximum: float) -> list[float]:
    """About four round numbers, always with both ends of the instrument."""
    span = maximum - minimum
    step = next((s for s in (1, 2, 3, 5, 6, 7, 10, 14, 20, 25, 50, 100) if span / s <= 5), span)
    ticks = [minimum + n * step for n in range(int(span // step) + 1)]
    if ticks[-1] != maximum:
        if maximum - ticks[-1] < step * 0.6:
            ticks.pop()
        ticks.append(maximum)
    return ticks


def _band(plot: Plot, band: tuple[float, float], left: int, edge: int) -> list[str]:
    low, high = max(band[0], plot.minimum), min(band[1], plot.maximum)
    top, foot = plot.y(high), plot.y(low)
    return [
        f'<rect class="band" x="{left}" y="{top:.1f}" width="{edge - left}" height="{foot - top:.1f}"/>',
        *(
            f'<line class="band-edge" x1="{left}" x2="{edge}" y1="{plot.y(value):.1f}" y2="{plot.y(value):.1f}"/>'
            for value in band
            if plot.minimum < value < plot.maximum
        ),
    ]


def _apart(words: list[tuple[float, list[str], str]], top: float, foot: float) -> list[tuple[float, list[str], str]]:
    """Where each label beside the plot starts: centered on its line, then moved until none lies on another."""
    placed: list[tuple[float, list[str], str]] = []
    free = top - 6
    for y, lines, kind in sorted(words):
        start = max(y - _LINE * len(lines) / 2, free)
        placed.append((start, lines, kind))
        free = start + _LINE * len(lines) + 2
    limit = foot + 8
    for n in range(len(placed) - 1, -1, -1):
        start, lines, kind = placed[n]
        start = min(start, limit - _LINE * len(lines))
        placed[n] = (start, lines, kind)
        limit = start - 2
    return placed


def _days(plot: Plot, points: Sequence[Point], foot: int) -> list[str]:
    """Day labels under the axis: first and last, and those between that have 64 units of room."""
    out: list[str] = []
    last_x = plot.x(points[-1].on)
    taken = -999.0
    for n, point in enumerate(points):
        x = plot.x(point.on)
        is_last = n == len(points) - 1
        if x - taken >= 64 and (is_last or last_x - x >= 64):
            out.append(
                f'<text class="tick" x="{x:.1f}" y="{foot + 20}" text-anchor="middle">'
                f"{escape(date_format(point.on, 'AXIS_FORMAT'))}</text>"
            )
            taken = x
    return out


def _line(plot: Plot, points: Sequence[Point], gap_days: int) -> list[str]:
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.value is None:
            runs.append([])
            continue
        if runs[-1] and (point.on - runs[-1][-1].on).days > gap_days:
            runs.append([])
        runs[-1].append(point)
    return [
        '<polyline class="line" points="{}"/>'.format(
            " ".join(f"{plot.x(p.on):.1f},{plot.y(p.value):.1f}" for p in run if p.value is not None)
        )
        for run in runs
        if len(run) > 1
    ]


def _dots(plot: Plot, points: Sequence[Point]) -> list[str]:
    out = []
    for point in points:
        if point.value is None:
            continue
        kind = "dot dot-partial" if point.partial else "dot"
        said = f"{point.label}: {point.shown}"
        if point.partial:
            said += f" ({_('partly answered')})"
        if point.note:
            said += f". {point.note}"
        out.append(
            f'<circle class="{kind}" cx="{plot.x(point.on):.1f}" cy="{plot.y(point.value):.1f}" r="5" '
            f'data-said="{escape(said)}"/>'
        )
    return out


def _lane(plot: Plot, marks: Sequence[Mark], left: int, edge: int) -> list[str]:
    """What happened, under the axis: a stretch or a tick with its word."""
    if not marks:
        return []
    y = plot.height - 22
    out = []
    for mark in sorted(marks, key=lambda m: m.on):
        x = min(max(plot.x(mark.on), left), edge)
        if mark.until:
            end = min(max(plot.x(mark.until), x + 2), edge)
            out.append(f'<rect class="mark" x="{x:.1f}" y="{y - 6}" width="{end - x:.1f}" height="4"/>')
        else:
            out.append(f'<line class="mark-tick" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 10}" y2="{y}"/>')
        out.append(f'<text class="mark-words" x="{x:.1f}" y="{y + 14}">{escape(mark.label)}</text>')
    return out


def _gone(plot: Plot, points: Sequence[Point], foot: int) -> list[str]:
    """A cross on the axis for each answer that is missing or could not be scored: a gap is said, not smoothed over."""
    out = []
    for point in points:
        if point.value is None:
            x, y = plot.x(point.on), foot - 5
            said = f"{point.label}: {point.note or _('no score')}"
            out.append(f'<path class="gone" d="M{x - 4:.1f} {y - 4}l8 8m0 -8l-8 8" data-said="{escape(said)}"/>')
    return out


def _own_lane(plot: Plot, lane: Lane, left: int, edge: int, top: int) -> list[str]:
    """A lane with its name: bars for stretches with their words on top, a filled mark for a day that happened, a hollow one for one
    that did not."""
    room = max(8, int((edge - left) / 7.5))
    out = [f'<text class="lane-name" x="{left}" y="{top + 12}">{escape(textwrap.shorten(str(lane.label), room, placeholder="…"))}</text>']
    y = top + 20
    for on, until, _words in lane.spans:
        start = min(max(plot.x(on), left), edge)
        end = edge if until is None else min(max(plot.x(until), left), edge)
        if end > start:
            out.append(f'<rect class="mark" x="{start:.1f}" y="{y}" width="{max(2.0, end - start):.1f}" height="5"/>')
    for on, happened, _words in lane.days:
        x = plot.x(on)
        if happened:
            out.append(f'<rect class="mark" x="{x - 2:.1f}" y="{y - 2}" width="4" height="10"/>')
        else:
            out.append(f'<circle class="no-tick" cx="{x:.1f}" cy="{y + 3}" r="4"/>')
    return out


@dataclass(frozen=True)
class Dot:
    """One group: a share in percent with its interval, and of how many people."""

    label: Any
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Intervals:
    """Groups side by side, each a dot with its interval, from 0 to 100 percent."""

    title: Any
    dots: Sequence[Dot]


def intervals(one: Intervals) -> SafeString:
    """An SVG string: a line for each group, its words and n above it. One drawing fits a phone and a desk."""
    width, left, right, step = 420, 12, 44, 46
    height = step * len(one.dots) + 34

    def x(value: float) -> float:
        return left + (width - left - right) * value / 100

    out = [f'<svg class="plot plot-dots" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(one.title)}"><title>{escape(one.title)}</title>']
    foot = height - 28
    for tick in (0, 25, 50, 75, 100):
        out.append(f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="8" y2="{foot}"/>')
        out.append(f'<text class="tick" x="{x(tick):.1f}" y="{foot + 20}" text-anchor="middle">{tick} %</text>')
    for n, dot in enumerate(one.dots):
        y = 8 + n * step
        out.append(f'<text class="lane-name" x="{left + 4}" y="{y + 14}">{escape(dot.label)}, n {dot.n}</text>')
        out.append(f'<line class="line" x1="{x(dot.low):.1f}" x2="{x(dot.high):.1f}" y1="{y + 28}" y2="{y + 28}"/>')
        out.append(f'<circle class="dot" cx="{x(dot.value):.1f}" cy="{y + 28}" r="6"/>')
    out.append("</svg>")
    return mark_safe("".join(out))


def intervals_for_paper(one: Intervals) -> str:
    drawn = str(intervals(one))
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<title>", f"<style>{_PAPER}</style><title>", 1)
