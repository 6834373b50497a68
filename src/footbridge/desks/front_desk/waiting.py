"""The waiting list, ranked: who stands where, and why; what is due for whom; where a place is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.care.inquiry import promises
from footbridge.care.inquiry import reads as inquiries
from footbridge.care.inquiry.models import Waiting
from footbridge.care.inquiry.words import TRIAGE_TONES, Triage, WaitsBecause
from footbridge.care.placement import reads as placement
from footbridge.data import parsed
from footbridge.engines import turn
from footbridge.engines.sentence import Sentence
from footbridge.ground.program.models import Track
from footbridge.kit import access, web
from footbridge.kit.access import Actor, Request

from . import rules

STEPS = tuple(Triage.values)


@dataclass(frozen=True, slots=True)
class Row:
    """One person waiting. `due_on` is the day of the next thing or the interim contact, whichever comes first. `waits_because` is why they
    wait as it stands now; `over` says that this reason holds no more: a place is free."""

    turn: turn.Turn
    waiting: Waiting
    tone: str
    why: list[str]
    free_in: str
    waits_because: str
    over: bool
    due_on: date
    due_for: str
    late: bool


def ranked(actor: Actor, at: datetime, at_site: promises.Calendar) -> list[Row]:
    """By need, fit and time. Two queries and the site's calendar, however many wait."""
    rows = {str(one.pk): one for one in inquiries.waiting(actor)}
    free = list(placement.tracks_with_places())
    places = {code: _place(one, free) for code, one in rows.items()}
    today = at_site.today(at)
    asked = [
        turn.Waits(code, one.inquiry.triage, (today - at_site.today(one.since)).days, places[code] is not None) for code, one in rows.items()
    ]
    return [
        _row(one, rows[one.waits.code], places[one.waits.code], at, at_site)
        for one in turn.turns(asked, STEPS, parsed("promises")["waiting"]["lifts_after_days"])
    ]


def _place(one: Waiting, free: list[Track]) -> Track | None:
    """A track with a place that they wait for: the one they named, or one at the part of the day they wish."""
    if one.track_id is not None:
        return next((track for track in free if track.pk == one.track_id), None)
    wish = one.inquiry.part_of_day
    return next((track for track in free if not wish or track.part_of_day in (wish, "day")), None)


def _row(found: turn.Turn, one: Waiting, place: Track | None, at: datetime, at_site: promises.Calendar) -> Row:
    next_at = promises.end_of_day(one.next_on, at_site)  # exclusive: the first instant of the day after
    asked = inquiries.interim_due(one.inquiry.triage, one.since, getattr(one, "last_try_at", None), at_site)
    due_at, due_for = min((next_at, one.next_action), (asked, _("Ask how they are while they wait")), key=lambda pair: pair[0])
    return Row(
        found, one, TRIAGE_TONES[one.inquiry.triage], [_said(sentence) for sentence in found.reasons], _free(place) if place else "",
        _because(one, place), place is not None and one.because == WaitsBecause.NO_PLACE, at_site.today(due_at - timedelta(seconds=1)), due_for, due_at < at,
    )  # fmt: skip


def _free(place: Track) -> str:
    counted: Any = place  # with its places counted (placement.tracks_with_places)
    return _("%(track)s: %(free)d of %(places)d places free") % {"track": place.name, "free": counted.free, "places": place.places}


def _because(one: Waiting, place: Track | None) -> str:
    """Why they wait, checked against the places as they are now."""
    if one.because == WaitsBecause.NO_PLACE:
        if place is not None:
            why = _("There was no place when they came on the list. Now there is.")
        elif one.track is not None:
            why = _("Every place of this track is taken.")
        else:
            why = _("No track has a place at the time of day they wish.") if one.inquiry.part_of_day else _("No track has a place.")
        return " ".join(filter(None, (why, one.reason)))
    return one.reason if one.because == WaitsBecause.OTHER else ": ".join(filter(None, (str(one.get_because_display()), one.reason)))


def _said(sentence: Sentence) -> str:
    known = sentence.params
    match sentence.code:
        case "turn.need":
            return str(Triage(str(known["step"])).label)
        case "turn.lifted":
            return _("counts as %(step)s after %(days)s days of waiting") % {"step": str(Triage(str(known["step"])).label).lower(), "days": known["days"]}
        case "turn.place":
            return _("a place that fits is free")
        case "turn.no_place":
            return _("no fitting place now")
        case _:
            days = int(str(known["days"]))
            return ngettext("waits %(n)d day", "waits %(n)d days", days) % {"n": days}


@access.page(rules.SEE_LIST)
def show(request: Request) -> HttpResponse:
    at_site = promises.calendar()
    rows = ranked(request.actor, request.at, at_site)
    rule = parsed("promises")
    context: dict[str, Any] = {
        "rows": rows, "late": [row for row in rows if row.late], "crisis": [row for row in rows if row.waiting.inquiry.triage == Triage.CRISIS],
        "free": [row for row in rows if row.over], "source": rule["waiting"]["source"], "mark": rule["waiting"]["mark"],
        "lifts": rule["waiting"]["lifts_after_days"],
    }  # fmt: skip
    return web.show(request, "desks/front_desk/waiting.html", context)
