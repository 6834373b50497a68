"""The portal: a client's own side of each step. Phone first, one thing at a time, neutral titles."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.care.measures import charting, schedule
from footbridge.care.measures import reads as measures
from footbridge.care.plan import reads as plans
from footbridge.care.practice import actions as practice_actions
from footbridge.care.practice.forms import CheckInForm, LogForm
from footbridge.care.practice.models import Assignment, CheckIn
from footbridge.care.practice.skills import shelf
from footbridge.care.safety import actions as safety_actions
from footbridge.care.safety import reads as safety
from footbridge.care.safety.words import SafetyStep
from footbridge.care.timetable import reads as timetable
from footbridge.care.transitions import reads as transitions
from footbridge.ground.consent import actions as consents
from footbridge.ground.consent import elements, telling
from footbridge.ground.consent import reads as consent_reads
from footbridge.ground.consent.models import Consent
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people_actions
from footbridge.ground.people import support
from footbridge.ground.people.forms import WHO, OwnScopeForm, OwnSupporterForm
from footbridge.ground.people.models import Supporter
from footbridge.ground.program.models import Organisation
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import reads, rules
from .forms import SafetyPlanForm

ACCOUNT = 50  # rows of what was told to others


def _show(request: Request, template: str, **context: Any) -> HttpResponse:
    offline = [reverse(name) for name in ("help_now", "client:safety_plan", "client:week", "client:relapse_plan")]
    return web.show(request, f"desks/client/{template}", {"offline_urls": offline, **context})


def _asked(request: Request, me: reads.Mine) -> schedule.Asked:
    """What waits for the client, and what is due and begins with a tap."""
    return schedule.asked(me.episode, measures.due(me.client, request.at), request.at)


@access.page(rules.SEE_OWN)
def today(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    episode = me.episode
    discharged = transitions.discharge_of(episode) if episode else None
    return _show(
        request, "today.html", me=me,
        coming=timetable.coming(episode, request.at, limit=6) if episode else [],
        checked_in=CheckIn.objects.filter(episode=episode, on=me.today).exists() if episode else True,
        may_check_in=episode is not None and episode.ended_at is None,
        given=reads.given(episode, me.today) if not discharged else [],
        due=_asked(request, me),
        to_sign=plans.to_sign(episode) if episode else None,
        discharged=discharged,
    )  # fmt: skip


@access.page(rules.SEE_OWN)
def questions(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    return _show(request, "questions.html", due=_asked(request, me))


@access.page(rules.SEE_OWN)
def plan(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    return _show(
        request, "plan.html", plan=plans.in_force(me.episode) if me.episode else None,
        to_sign=plans.to_sign(me.episode) if me.episode else None,
    )  # fmt: skip


@access.page(rules.SEE_OWN)
def safety_plan(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    current = safety.current_plan(me.client)
    return _show(request, "safety_plan.html", plan=current, steps=safety.steps(current), me=me)


@access.page(rules.SEE_OWN)
def print_safety_plan(request: Request, shape: str) -> HttpResponse:
    """For paper: a card for the wallet, or large print."""
    me = reads.mine(request.actor, request.at)
    current = safety.current_plan(me.client)
    return _show(request, "print_safety_plan.html", plan=current, steps=safety.steps(current), shape=shape)


@access.page(rules.WRITE_OWN)
def write_safety_plan(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    initial = {
        f"step_{step.number}": "\n".join(f"{line.text}, {line.phone}" if line.phone else line.text for line in step.lines)
        for step in safety.steps(safety.current_plan(me.client))
    }
    form = web.form(request, SafetyPlanForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        lines = [
            (step.value, *reads.split_phone(line))
            for step in SafetyStep
            for line in form.cleaned_data[f"step_{step.value}"].splitlines()
            if line.strip()
        ]
        try:
            safety_actions.write_safety_plan(me.client, lines, by=request.actor, at=request.at)
            return web.done(request, "client:safety_plan", _("Your safety plan is saved. It also opens without a connection."))
        except safety_actions.CannotWritePlan as refusal:
            web.refused(form, refusal)
    return _show(request, "write_safety_plan.html", form=form)


@access.page(rules.SEE_OWN)
def relapse_plan(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    return _show(request, "relapse_plan.html", me=me, plan=transitions.relapse_plan(me.episode) if me.episode else None)


@access.page(rules.SEE_OWN)
def progress(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    return _show(request, "progress.html", course=charting.for_client(me.episode, request.at) if me.episode else [])


@access.page(rules.SEE_OWN)
def practice(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    return _show(request, "practice.html", given=reads.given(me.episode, me.today), shelf=shelf().values())


@access.page(rules.WRITE_OWN, of=reads.own_assignment)
def log(request: Request, assignment: Assignment) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    form = web.form(request, LogForm, initial={"practised_on": me.today})
    danger = _tells_danger(request, assignment.episode)
    if request.method == "POST" and form.is_valid():
        try:
            practice_actions.log(assignment, today=me.today, by=request.actor, at=request.at, **form.cleaned_data)
            if danger:
                return _help(request)
            return web.done(request, "client:practice", _("Logged. Your therapist can see it."))
        except practice_actions.CannotLog as refusal:
            web.refused(form, refusal)
    if danger:
        return _help(request)
    return _show(request, "log.html", form=form, assignment=assignment, skill=shelf().get(assignment.skill))


@access.page(rules.WRITE_OWN)
def check_in(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    danger = me.episode is not None and _tells_danger(request, me.episode)
    if me.episode is None or me.episode.ended_at is not None:
        return _help(request) if danger else web.done(request, "client:today", _("Check-ins are for the time in the program."))
    form = web.form(request, CheckInForm)
    if request.method == "POST" and form.is_valid():
        try:
            practice_actions.check_in(me.episode, on=me.today, by=request.actor, at=request.at, **form.cleaned_data)
            if danger:
                return _help(request)
            return web.done(request, "client:today", _("Thank you. You can change it until midnight."))
        except practice_actions.CannotCheckIn as refusal:
            web.refused(form, refusal)
    if danger:
        return _help(request)
    return _show(request, "check_in.html", form=form)


def _tells_danger(request: Request, episode: Episode) -> bool:
    """Whether a note that was sent speaks of danger; it is told then, whatever becomes of the rest of the form."""
    note = request.POST.get("note", "") if request.method == "POST" else ""
    return practice_actions.hear_danger(episode, note, by=request.actor, at=request.at) is not None


def _hear_note(request: Request, uid: UUID | None = None) -> str:
    """The session locked while they wrote. The note stays a draft until they unlock; danger in it is told at once."""
    episode = None
    if access.may(request.actor, rules.WRITE_OWN):
        assignment = reads.own_assignment(request.actor.within(rules.WRITE_OWN.roles), uid) if uid else None
        episode = assignment.episode if assignment else None if uid else reads.mine(request.actor, request.at).episode
    return reverse("help_now") if episode is not None and _tells_danger(request, episode) else ""


log.heard_while_locked = check_in.heard_while_locked = _hear_note  # type: ignore[attr-defined]


def _help(request: Request) -> HttpResponse:
    """Help comes before anything else. What was typed and could not be kept stays a draft."""
    messages.success(request, _("Thank you for saying it. Your care team is told now. You need not wait for them: call or text."))
    answer = redirect("help_now")
    answer.status_code = 303
    return answer


@access.page(rules.SEE_OWN)
def papers(request: Request) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    organisation = Organisation.objects.first()
    program = organisation.name if organisation else ""
    return _show(
        request, "papers.html", consents=[consent_reads.whole(one, program) for one in consent_reads.in_force(me.client, me.today)],
        supporters=[one for one in support.shown(me.client, me.today) if not one.is_over],
        account=[(one, elements.words_of(one.data_classes)) for one in telling.account(me.client)[:ACCOUNT]],
    )  # fmt: skip


@access.page(rules.WRITE_OWN, of=reads.own_consent)
@require_POST
def end_consent(request: Request, consent: Consent) -> HttpResponse:
    with suppress(consents.CannotRevoke):  # taken back before, by a second click: the wish is met
        consents.revoke(consent, by=request.actor, at=request.at, how="portal")
    return web.done(request, "client:papers", _("Taken back. It holds from now on."))


@access.page(rules.WRITE_OWN)
def name_supporter(request: Request) -> HttpResponse:
    """Somebody who stands by me, and what they may see."""
    me = reads.mine(request.actor, request.at)
    form = web.form(request, OwnSupporterForm)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        who = {name: given.pop(name) for name in WHO}
        try:
            with trail.act("supporter.named", by=request.actor, at=request.at, about=me.client, client=me.client):
                person = people_actions.person_close(me.client, **who, by=request.actor, at=request.at)
                people_actions.grant_supporter(me.client, person, **given, granted_from=me.today, by=request.actor, at=request.at)
            return web.done(request, "client:papers", _("Saved. Ask the front desk to invite them, so that they can sign in."))
        except people_actions.CannotGrant as refusal:
            web.refused(form, refusal)
    return _show(request, "name_supporter.html", form=form)


@access.page(rules.WRITE_OWN, of=reads.own_supporter)
def change_supporter(request: Request, supporter: Supporter) -> HttpResponse:
    form = web.form(
        request, OwnScopeForm,
        initial={"scope": supporter.scope, "granted_until": supporter.granted_until, "emergency_contact": supporter.emergency_contact},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            people_actions.change_supporter(supporter, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "client:papers", _("Changed. It holds from now on."))
        except people_actions.CannotGrant as refusal:
            web.refused(form, refusal)
    return _show(request, "change_supporter.html", form=form, who=supporter.person)


@access.page(rules.WRITE_OWN, of=reads.own_supporter)
@require_POST
def end_supporter(request: Request, supporter: Supporter) -> HttpResponse:
    me = reads.mine(request.actor, request.at)
    try:
        people_actions.end_supporter(supporter, on=me.today, by=request.actor, at=request.at, why=_("the client, in the portal"))
    except people_actions.CannotGrant as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("client:papers")
    return web.done(request, "client:papers", _("From now on they see nothing of yours."))
