from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.timetable import words
from footbridge.ground.people.models import Staff
from footbridge.ground.program import actions, rules, working
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Group, Site
from footbridge.kit import access, web
from footbridge.kit.access import Request

from .. import reads
from .forms import HoursForm, said


@access.page(rules.KEEP_HOURS)
def listed(request: Request) -> HttpResponse:
    """Everybody who leads or sees somebody, with what is known of their week."""
    today = day_of(request.at)
    staff = list(
        Staff.objects.filter(roles_held__role__in=working.ROLES, left_on__isnull=True).select_related("person").order_by("person__name_used", "pk").distinct()
    )
    weeks = working.weeks(staff, today)
    rows = [{"staff": s, "week": weeks[s.pk], "days": days(weeks[s.pk].hours)} for s in staff]
    return web.show(request, "desks/director/hours/list.html", {"rows": rows, "assumed": working.assumed(today)})


@access.page(rules.KEEP_HOURS, of=reads.staff)
def edit(request: Request, staff: Staff) -> HttpResponse:
    week = working.weeks([staff], day_of(request.at))[staff.pk]
    conditions = Group.objects.filter(held_until__isnull=True, track__program__admits=True).exclude(condition="").values_list("condition", flat=True)
    form = web.form(request, HoursForm, initial=said(week), conditions=set(conditions), sites=Site.objects.order_by("name"))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_work_week(staff, form.hours, by=request.actor, at=request.at, **form.limits)
            return web.done(request, "director:hours", _("Saved. The timetable is planned by it from now on; sessions that stand are not changed."))
        except actions.CannotKeepHours as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/director/hours/edit.html", {"form": form, "staff": staff, "week": week, "days": days(week.hours)})


def days(hours: Sequence[working.Hours]) -> list[str]:
    """Hours in words; days that are alike stand together."""
    spans: dict[int, list[str]] = {}
    for one in sorted(hours, key=lambda h: (h.weekday, h.starts)):
        spans.setdefault(one.weekday, []).append(words.span(one.starts, one.ends))
    out: list[tuple[list[int], list[str]]] = []
    for day, told in spans.items():
        if out and out[-1][1] == told and out[-1][0][-1] == day - 1:
            out[-1][0].append(day)
        else:
            out.append(([day], told))
    return [f"{_day(named)}: {', '.join(told)}" for named, told in out]


def _day(named: Sequence[int]) -> Any:
    first, last = words.WEEKDAYS[named[0]], words.WEEKDAYS[named[-1]]
    return first if len(named) == 1 else _("%(first)s to %(last)s") % {"first": first, "last": last}
