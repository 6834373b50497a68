"""Places by track in the coming weeks: the middle of many futures and the interval in which eight of ten lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.data import parsed
from footbridge.engines.timetabling import TrackAhead, forecast
from footbridge.ground.program import reads as program
from footbridge.ground.program.days import day_of
from footbridge.kit import access, web
from footbridge.kit.access import Request
from footbridge.kit.web import charts, files
from footbridge.kit.web.sources import sourced

from .. import rules
from . import history
from .history import Known

RUNS = 400  # futures; the tenths of them move by less than one place from 400 to 4,000


@dataclass(frozen=True)
class Line:
    """One track: what is known, what comes, drawn and said."""

    known: Known
    ahead: TrackAhead
    weeks: list[tuple[date, Any]]
    svg: SafeString
    narrow: SafeString
    sentence: str
    basis: str


def _lines(today: date) -> list[Line]:
    found = history.gather(today, list(program.tracks()))
    weeks = int(parsed("forecast")["weeks"])
    ahead = forecast([one.now for one in found], {one.now.code: one.stays for one in found}, weeks=weeks, runs=RUNS)
    return [_line(known, coming, today) for known, coming in zip(found, ahead, strict=True)]


def _line(known: Known, ahead: TrackAhead, today: date) -> Line:
    days = [(today + timedelta(weeks=week.week), week) for week in ahead.weeks]
    free_now = max(0, known.now.places - len(known.now.days_in_care))
    points = [charts.Point(today, free_now), *(charts.Point(on, week.free.middle) for on, week in days)]
    strip = [(today, float(free_now), float(free_now)), *((on, float(week.free.low), float(week.free.high)) for on, week in days)]
    title = _("Free places, %(track)s") % {"track": known.track.name}
    sentence = _said(known, ahead, free_now)
    drawn = [
        charts.chart(
            points, max(1, known.now.places), gap_days=30, expected=strip, expected_label=_("Eight of ten futures"), title=title,
            description=sentence, narrow=narrow,
        )
        for narrow in (False, True)
    ]  # fmt: skip
    return Line(known, ahead, days, drawn[0], drawn[1], sentence, _basis(known))


def _said(known: Known, ahead: TrackAhead, free_now: int) -> str:
    first = next((week for week in ahead.weeks if week.free.middle > 0), None)
    facts = {"free": free_now, "places": known.now.places}
    here = ngettext("%(free)d of %(places)d places is free today.", "%(free)d of %(places)d places are free today.", free_now) % facts
    if free_now:
        last = ahead.weeks[-1].free
        return here + " " + _("In %(weeks)d weeks it is likely between %(low)d and %(high)d.") % {"weeks": len(ahead.weeks), "low": last.low, "high": last.high}
    if first is None:
        return here + " " + _("None is likely to stay free within %(weeks)d weeks.") % {"weeks": len(ahead.weeks)}
    return here + " " + ngettext(
        "The next one is likely to stay free in %(n)d week.", "The next one is likely to stay free in %(n)d weeks.", first.week
    ) % {"n": first.week}


def _basis(known: Known) -> str:
    told = parsed("forecast")
    facts = {
        "n": known.ended, "early": known.early, "share": f"{known.stays.drop_out_a_week * 100:.1f}", "came": f"{known.now.admissions_a_week:.1f}",
        "weeks": told["admissions_weeks"], "enough": told["enough"], "source": sourced(told["source"], told["mark"]),
    }  # fmt: skip
    if known.own:
        said = _("From %(n)d stays of this program that ended, %(early)d of them early: %(share)s %% of those in care leave early in a week.") % facts
    else:
        said = _("This program has %(n)d ended stays, fewer than the %(enough)d asked that ended as planned; so stays and drop-outs are published ones: %(source)s.") % facts
    return said + " " + _("%(came)s people a week came in the last %(weeks)d weeks.") % facts


@access.page(rules.SEE_PROGRAM)
def show(request: Request) -> HttpResponse:
    lines = _lines(day_of(request.at))
    return web.show(request, "desks/director/places.html", {"lines": lines, "weeks": int(parsed("forecast")["weeks"]), "runs": RUNS})


@access.page(rules.SEE_PROGRAM)
def as_csv(request: Request) -> HttpResponse:
    head = ["track", "places", "in care", "week", "ends on", "free", "free low", "free high", "waiting", "waiting low", "waiting high", "admitted",
            "admitted low", "admitted high", "stays from", "n stays ended"]  # fmt: skip
    rows = [
        [
            one.known.track.name, one.known.now.places, len(one.known.now.days_in_care), week.week, on.isoformat(),
            *(value for reach in (week.free, week.waiting, week.admitted) for value in (reach.middle, reach.low, reach.high)),
            "own" if one.known.own else "published", one.known.ended,
        ]
        for one in _lines(day_of(request.at))
        for on, week in one.weeks
    ]  # fmt: skip
    return files.hand_out(files.table(head, rows), "places.csv")


