"""The director's pages: the program at a glance, who works here, who broke the glass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.aftercare import reads as aftercare
from footbridge.care.inquiry import reads as inquiries
from footbridge.care.reviews import reads as reviews
from footbridge.care.safety import reads as safety
from footbridge.care.safety.incidents import reads as incidents
from footbridge.care.sessions import first_visits
from footbridge.care.sessions import reads as sessions
from footbridge.care.transitions.hand_offs import reads as hand_offs
from footbridge.ground.people import actions as people_actions
from footbridge.ground.people import rules as people_rules
from footbridge.ground.people.models import RoleHeld, Staff
from footbridge.ground.program import crisis_lines
from footbridge.ground.program import rules as program_rules
from footbridge.ground.program.days import day_of
from footbridge.kit import access, web
from footbridge.kit.access import Request, accounts

from . import reads, rules
from .forms import CredentialForm, EndRoleForm, RoleForm, StaffForm, SupervisorForm

ROWS = 20  # of each table on the first page


@access.page(rules.SEE_PROGRAM)
def home(request: Request) -> HttpResponse:
    today = day_of(request.at)
    tracks: list[dict[str, Any]] = [
        {"track": track, "taken": taken, "free": max(0, track.places - taken)} for track, taken in reads.census(today)
    ]
    late = [key for key in reviews.waiting(request.actor, today, ahead=0) if key[0] < today]
    page = Paginator(tracks, ROWS).get_page(request.GET.get("page", "1"))
    context = {
        "tracks": page.object_list,
        "page": page,
        "taken": sum(one["taken"] for one in tracks),
        "free": sum(one["free"] for one in tracks),
        "alarms": safety.open_for(request.actor),
        "reviews_late": reviews.waited_for(late[:ROWS]),
        "reviews_more": max(0, len(late) - ROWS),
        "unsigned": sessions.unsigned_count(request.at),
        "contacts_late": sum(due_on < today for due_on, _day, _of in aftercare.waiting(request.actor, today, ahead=0)),
        "headline": first_visits.headline(request.at),
        "hand_offs_late": hand_offs.late(request.actor, request.at),
        "promises": inquiries.breached_count(request.at),
        "glass": reads.glass_since(request.at - timedelta(days=7)).count(),
        "incidents": incidents.open_count(),
        "deadlines": incidents.clocks_due(request.at),
        "now": request.at,
        "lines_warning": crisis_lines.warning(today),
    }
    return web.show(request, "desks/director/home.html", context)


@access.page(rules.READ_GLASS)
def glass(request: Request) -> HttpResponse:
    return web.show(request, "desks/director/glass.html", {"rows": reads.glass_since(request.at - timedelta(days=90))})


@access.page(people_rules.SEE_STAFF)
def people(request: Request) -> HttpResponse:
    may_keep_hours = access.may(request.actor, program_rules.KEEP_HOURS)
    return web.show(request, "desks/director/people.html", {"staff": reads.staff_list(day_of(request.at)), "may_keep_hours": may_keep_hours})


@access.page(people_rules.HIRE)
def add(request: Request) -> HttpResponse:
    form = web.form(request, StaffForm, initial={"started_on": day_of(request.at)})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        by, at = request.actor, request.at
        try:
            with transaction.atomic():
                user, token = accounts.invite(words["email"], by, at)
                person = people_actions.add_staff_person(
                    legal_name=words["legal_name"], name_used=words["name_used"], email=words["email"], phone=words["phone"], user=user, by=by, at=at
                )
                staff = people_actions.hire(person, title=words["title"], started_on=words["started_on"], by=by, at=at)
                for role in words["roles"]:
                    people_actions.give_role(staff, role, held_from=words["started_on"], by=by, at=at)
            accounts.letter(user, token).send()
            return web.done(request, "director:people", _("%(name)s is on the staff list. The invitation is sent.") % {"name": person.name_used})
        except (accounts.CannotInvite, people_actions.CannotHire) as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/director/form.html", {"form": form, "title": _("Add somebody to the staff"), "submit": _("Add and invite")})


@access.page(people_rules.SEE_STAFF, of=reads.staff)
def person(request: Request, staff: Staff) -> HttpResponse:
    today = day_of(request.at)
    context = {
        "staff": staff, "roles": staff.roles_held.order_by("held_until", "held_from"), "credentials": staff.credentials.order_by("kind"),
        "may_keep_hours": access.may(request.actor, program_rules.KEEP_HOURS),
        "today": today, "second_factor": Authenticator.objects.filter(user_id=staff.person.user_id).exists(),
    }  # fmt: skip
    return web.show(request, "desks/director/person.html", context)


def _change(request: Request, staff: Staff, form: web.forms.Form, deed, title: str, submit: str, says: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            deed(**form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "director:person", says, uid=staff.uid)
        except people_actions.CannotHire as refusal:
            web.refused(form, refusal)
    return web.show(request, "desks/director/form.html", {"form": form, "title": title, "submit": submit, "staff": staff})


@access.page(people_rules.HIRE, of=reads.staff)
def role(request: Request, staff: Staff) -> HttpResponse:
    form = web.form(request, RoleForm, initial={"held_from": day_of(request.at)})
    return _change(request, staff, form, lambda **w: people_actions.give_role(staff, **w), _("Give a role"), _("Give the role"), _("The role is given."))


@access.page(people_rules.HIRE, of=reads.role_held)
def end_role(request: Request, held: RoleHeld) -> HttpResponse:
    form = web.form(request, EndRoleForm, initial={"until": day_of(request.at)})
    return _change(
        request, held.staff, form, lambda **w: people_actions.end_role(held, **w), _("End a role"), _("End the role"), _("The role ends that day.")
    )


@access.page(people_rules.HIRE, of=reads.staff)
def credential(request: Request, staff: Staff) -> HttpResponse:
    form = web.form(request, CredentialForm)
    return _change(
        request, staff, form, lambda **w: people_actions.add_credential(staff, **w), _("Add a credential"), _("Add"), _("The credential is recorded.")
    )


@access.page(people_rules.HIRE, of=reads.staff)
def supervisor(request: Request, staff: Staff) -> HttpResponse:
    form = web.form(request, SupervisorForm, staff=staff, initial={"supervisor": staff.supervisor_id})
    return _change(
        request, staff, form, lambda **w: people_actions.supervise(staff, **w), _("Who supervises"), _("Save"), _("The supervisor is set.")
    )
