"""A client's own week: when, why so, what is not in it; on the phone and on paper."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpResponse

from footbridge.care.sessions import reads as sessions
from footbridge.care.timetable import reads as timetable
from footbridge.care.timetable import why
from footbridge.care.timetable.printing.views import own_week
from footbridge.care.timetable.reads import Line
from footbridge.ground.episodes.models import Episode
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
    return _show(
        request, "week.html", me=me, ahead=ahead,
        week=timetable.week_for_client(me.episode, monday) if me.episode else None,
        hours=timetable.hours_sentence(me.episode, monday) if me.episode else "",
        why=_why(me.episode, monday) if me.episode else None,
    )  # fmt: skip


@access.page(rules.SEE_OWN)
def as_pdf(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    monday, _ahead = _monday(request, me)
    if me.episode is None:
        raise Http404
    return files.hand_out(paper.pdf(own_week(request, me.episode, monday, _lessons(timetable.week_of(me.episode, monday))), made_at=request.at), "week.pdf")


def _why(episode: Episode, monday: date) -> why.Why:
    lines = timetable.week_of(episode, monday)
    return why.of_week(episode, monday, to_client=True, lessons=_lessons(lines), lines=lines)


def _lessons(lines: list[Line]) -> dict[int, Lesson]:
    """The lesson that comes next in each group that has a curriculum: of its first session in the week."""
    found: dict[int, Lesson] = {}
    groups: set[int] = set()
    for one in lines:
        group = one.session.group
        if group is None or group.curriculum_id is None or one.cancelled or group.pk in groups:
            continue
        groups.add(group.pk)
        lesson = sessions.next_lesson(one.session)
        if lesson is not None:
            found[one.session.pk] = lesson
    return found
