"""Verbs about the program that are not in its file: the organisation's name, closed days, who leads a group and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from footbridge.data import parsed
from footbridge.ground.people.models import Staff
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules
from .days import day_of
from .models import ClosedDay, Meeting, Organisation, Program, Room, Site, WorkHours, WorkWeek
from .working import Hours


class CannotLead(access.Refusal):
    """This person or room cannot hold the meeting."""


class CannotClose(access.Refusal):
    """The site cannot be closed on this day."""


class CannotKeepHours(access.Refusal):
    """These are no hours of a week."""


class CannotChoose(access.Refusal):
    """There is no such rule."""


def choose_suicide_rule(program: Program, rule: str, *, by: Actor, at: datetime) -> Program:
    """By which rule suicide screens of this program are read from now on: a code of data/suicide_triage.yaml. Screens that
    were read before keep their verdict."""
    access.require(by, rules.CHOOSE_SUICIDE_RULE)
    if rule not in {one["code"] for one in parsed("suicide_triage")["rules"]}:
        raise CannotChoose(_("Choose one of the rules."), field="rule")
    if program.suicide_rule != rule:
        with trail.act("program.suicide_rule_chosen", by=by, at=at, about=program, detail={"rule": rule}):
            program.suicide_rule = rule
            program.save(update_fields=["suicide_rule"])
    return program


def name_organisation(
    *, name: str, neutral_name: str, phone: str, by: Actor, at: datetime, email: str = "", website: str = ""
) -> Organisation:
    """Name the one organisation of this installation, or rename it."""
    access.require(by, rules.KEEP_PROGRAM)
    organisation = Organisation.objects.first() or Organisation()
    organisation.name, organisation.neutral_name, organisation.phone = name, neutral_name, phone
    organisation.email, organisation.website = email, website
    with trail.act("organisation.named", by=by, at=at, about=organisation):
        organisation.save()
    return organisation


def closable(site: Site, on: date, reason: str, *, at: datetime) -> None:
    """Raises CannotClose when a site cannot be closed on a day: it is over, it is closed already, or nobody says why."""
    if on < day_of(at, site):
        raise CannotClose(_("This day is over. Choose today or a day to come."), field="on")
    if ClosedDay.objects.filter(site=site, on=on, opened_at__isnull=True).exists():
        raise CannotClose(_("%(site)s is closed on this day already.") % {"site": site.name}, field="on")
    if not reason.strip():
        raise CannotClose(_("Enter why you are closed, like Snow. Only staff read it."), field="reason")


def close_day(site: Site, on: date, reason: str, *, by: Actor, at: datetime) -> ClosedDay:
    """The site is closed on a day. Sessions already published there are cancelled by the timetable: at once when it closes the day
    (`care.timetable.actions.close_day`), else when it is published again."""
    access.require(by, rules.CLOSE_DAY)
    with trail.act("site.day_closed", by=by, at=at, about=site, why=reason, detail={"on": on.isoformat()}):
        closable(site, on, reason, at=at)
        return ClosedDay.objects.create(site=site, on=on, reason=reason.strip(), closed_at=at, closed_by_id=by.staff_id)


def open_day(day: ClosedDay, *, by: Actor, at: datetime) -> ClosedDay:
    """The site is open on that day after all. The row stays: the program file does not close the day again."""
    access.require(by, rules.CLOSE_DAY)
    with trail.act("site.day_opened", by=by, at=at, about=day.site, detail={"on": day.on.isoformat()}):
        day.opened_at, day.opened_by_id = at, by.staff_id
        day.save(update_fields=["opened_at", "opened_by"])
    return day


def lead(meeting: Meeting, staff: Staff | None, *, by: Actor, at: datetime, room: Room | None = None) -> Meeting:
    """Say who leads this weekly meeting and, when given, in which room. Dated sessions take it over when published."""
    access.require(by, rules.KEEP_PROGRAM)
    site = meeting.group.track.site
    if room is not None and site is not None and room.site_id != site.pk:
        raise CannotLead(_("%(room)s is not at %(site)s.") % {"room": room.name, "site": site.name}, field="room")
    if staff is not None:
        clash = (
            Meeting.objects.filter(
                leader=staff, weekday=meeting.weekday, starts__lt=meeting.ends, ends__gt=meeting.starts
            )
            .filter(held_until__isnull=True, group__track__program__admits=True)
            .exclude(pk=meeting.pk)
            .select_related("group")
            .first()
        )
        if clash is not None:
            raise CannotLead(
                _("%(name)s leads %(group)s at that hour.")
                % {"name": staff.person.name_used, "group": clash.group.name},
                field="leader",
            )
    with trail.act(
        "meeting.leader_set", by=by, at=at, about=meeting, detail={"leader": str(staff.uid) if staff else ""}
    ):
        meeting.leader = staff
        if room is not None:
            meeting.room = room
        meeting.save(update_fields=["leader", "room"])
    return meeting


def set_work_week(
    staff: Staff,
    hours: Sequence[Hours],
    *,
    by: Actor,
    at: datetime,
    most_minutes_week: int | None = None,
    most_minutes_day: int | None = None,
    most_groups_day: int | None = None,
    caseload: int | None = None,
    languages: Sequence[str] = (),
    leads: Sequence[str] = (),
    conditions: Sequence[str] = (),
) -> WorkWeek:
    """When somebody works and within which limits, from now on. What is left empty is as the role allows. Sessions that stand already are
    not changed. Raises CannotKeepHours for hours that overlap or end before they begin."""
    access.require(by, rules.KEEP_HOURS, staff)
    told = sorted(hours, key=lambda h: (h.weekday, h.starts))
    for one in told:
        if one.ends <= one.starts:
            raise CannotKeepHours(_("Hours end after they begin."), field=f"day_{one.weekday}")
    for one, other in pairwise(told):
        if one.weekday == other.weekday and other.starts < one.ends:
            raise CannotKeepHours(_("Two spans of one day overlap. Join them into one."), field=f"day_{one.weekday}")
    week = WorkWeek(
        staff=staff, most_minutes_week=most_minutes_week, most_minutes_day=most_minutes_day, most_groups_day=most_groups_day, caseload=caseload,
        languages=list(languages), leads=list(leads), conditions=list(conditions), by_id=by.staff_id, at=at,
    )  # fmt: skip
    with trail.act("staff.hours_set", by=by, at=at, about=staff):
        week.save()
        WorkHours.objects.bulk_create(WorkHours(week=week, weekday=h.weekday, starts=h.starts, ends=h.ends, site_id=h.site_id) for h in told)
    return week
