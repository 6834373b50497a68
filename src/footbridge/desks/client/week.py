"""A client's own week: when, why so, what is not in it; on the phone and on paper."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse

from footbridge.care.sessions import reads as sessions
from footbridge.care.timetable import reads as timetable
from footbridge.care.timetable import why
from footbridge.care.timetable.printing.views import own_week
from footbridge.care.timetable.reads import Line
from footbridge.ground.program.models import Lesson
from footbridge.kit import access, paper
from footbridge.kit.access import Request
from footbridge.kit.web import files

from . import reads, rules
from .views import _show


def _monday(request: Request, me: reads.Mine) -> tuple[date, bool]:
    ahead = request.GET.get("week") == "next"
    return me.monday + timedelta(weeks=1) if ahead else me.monday, ahead


@access.page(rules.SEE_OWN)
def show(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    monday, ahead = _monday(request, me)
    if me.episode is None:
        return _show(request, "week.html", me=me, ahead=ahead, week=None, hours="", why=None)
    lines = timetable.week_of(me.episode, monday)
    return _show(
        request, "week.html", me=me, ahead=ahead, week=timetable.week_for_client(me.episode, monday, lines),
        hours=timetable.hours_sentence(me.episode, monday, lines) if lines else "",
        why=why.of_week(me.episode, monday, to_client=True, lessons=_lessons(lines), lines=lines),
    )  # fmt: skip


@access.page(rules.SEE_OWN)
def as_pdf(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    monday, _ahead = _monday(request, me)
    if me.episode is None:
        raise Http404
    return files.hand_out(paper.pdf(own_week(request, me.episode, monday, _lessons(timetable.week_of(me.episode, monday))), made_at=request.at), "week.pdf")


def _lessons(lines: list[Line]) -> dict[int, Lesson]:
    """The lesson that comes next in each group that has a curriculum: of its first session in the week."""
    first: dict[int, Line] = {}
    for one in lines:
        if one.session.group_id is not None and not one.cancelled:
            first.setdefault(one.session.group_id, one)
    return sessions.next_lessons(one.session for one in first.values())
