from __future__ import annotations

import uuid
from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people_actions
from footbridge.ground.people import reads as people
from footbridge.ground.people.models import Away, Staff
from footbridge.ground.people.rules import GO_AWAY
from footbridge.ground.program import crisis_lines
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, reads, rules
from .dispositions import reads as dispositions
from .forms import AwayForm, CloseForm, HandOnForm, RaiseForm, RiskForm, SafetyPlanForm
from .means import reads as means
from .models import Alarm


@access.page(rules.SEE_ALARMS)
def alarms(request: Request) -> HttpResponse:
    """Open alarms by due time; `?closed=1` the closed ones."""
    closed = "closed" in request.GET
    rows = reads.listed(request.actor, request.at, closed=closed)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return web.show(request, "care/safety/alarms.html", {"page": page, "closed": closed})


@access.page(rules.SEE_AWAY)
def away(request: Request) -> HttpResponse:
    """Who is away and who stands in. Everybody says it for themselves, the director for anybody."""
    me = request.actor.as_staff
    everybody = request.actor.has("director")
    owners = reads.can_own(request.at)
    today = day_of(request.at)
    form = web.form(
        request,
        AwayForm,
        initial={"staff": me, "from_on": today, "last_on": today},
        people=owners if everybody else owners.filter(pk=me),
        colleagues=owners if everybody else owners.exclude(pk=me),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            people_actions.go_away(
                said["staff"], from_on=said["from_on"], until_on=said["last_on"] + timedelta(days=1), cover=said["cover"],
                by=request.actor, at=request.at,
            )  # fmt: skip
            return web.done(request, "safety:away", _("Kept. Alarms go to whoever stands in."))
        except people_actions.CannotGoAway as refusal:
            if refusal.field == "until_on":
                refusal.field = "last_on"
            web.refused(form, refusal)
    rows = [(one, one.until_on - timedelta(days=1), everybody or one.staff_id == me) for one in people.away_from(today)]
    return web.show(request, "care/safety/away.html", {"form": form, "rows": rows})


@access.page(GO_AWAY, of=reads.absence)
@require_POST
def back(request: Request, away: Away) -> HttpResponse:
    people_actions.come_back(away, on=day_of(request.at), by=request.actor, at=request.at)
    return web.done(request, "safety:away", _("Back. Alarms come to them again."))


@access.page(rules.WORK_ALARM, of=reads.alarm)
def alarm(request: Request, alarm: Alarm) -> HttpResponse:
    """One alarm: why, what to do, whom to call, and the ways on. Its owner opening it is noted as reading it."""
    form = web.form(request, CloseForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(alarm, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "safety:alarms", _("Closed. What you wrote stays in the record."))
        except actions.CannotClose as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        owner = reads.owner_now(alarm)
        if owner is not None and owner.pk == request.actor.staff_id and not hasattr(alarm, "closed"):
            actions.see(alarm, by=request.actor, at=request.at)
        if alarm.client is not None:
            trail.looked(alarm.client, by=request.actor, at=request.at, what="alarm")
    return _alarm_page(request, alarm, form, None)


def _alarm_page(request: Request, alarm: Alarm, form: CloseForm, hand_form: HandOnForm | None) -> HttpResponse:
    client = alarm.client
    owner = reads.owner_now(alarm)
    episode = reads.episode_of(client)
    plan = reads.current_plan(client) if client else None
    context = {
        "alarm": alarm,
        "owner": owner,
        "is_mine": owner is not None and owner.pk == request.actor.staff_id,
        "past_due": alarm.due_at <= request.at and not hasattr(alarm, "closed"),
        "form": form,
        "hand_form": hand_form or HandOnForm(colleagues=_colleagues(request, owner)),
        "episode": episode,
        "sees_chart": episode is not None and reads.sees_chart(request.actor, episode),
        "emergency_contacts": reads.emergency_contacts(client, request.at) if client else [],
        "plan": plan,
        "steps": reads.steps(plan) if plan else [],
        "history": reads.history(alarm),
        "lifeline": crisis_lines.line("lifeline"),
    }
    return web.show(request, "care/safety/alarm.html", context)


def _colleagues(request: Request, owner: Staff | None) -> QuerySet[Staff]:
    found = reads.can_own(request.at)
    return found.exclude(pk=owner.pk) if owner else found


@access.page(rules.WORK_ALARM, of=reads.alarm)
@require_POST
def hand_on(request: Request, alarm: Alarm) -> HttpResponse:
    form = web.form(request, HandOnForm, colleagues=_colleagues(request, reads.owner_now(alarm)))
    if form.is_valid():
        try:
            actions.hand_on(alarm, form.cleaned_data["to"], form.cleaned_data["why"], by=request.actor, at=request.at)
            return web.done(request, "safety:alarms", _("Handed on. Your colleague is told."))
        except actions.CannotHandOn as refusal:
            web.refused(form, refusal)
    return _alarm_page(request, alarm, CloseForm(), form)


@access.page(rules.WORK_ALARM, of=reads.alarm)
@require_POST
def open_chart(request: Request, alarm: Alarm) -> HttpResponse:
    """The chart for whoever has the alarm in hand and is not on the care team."""
    try:
        episode = actions.open_chart(alarm, by=request.actor, at=request.at)
    except actions.CannotOpen as refusal:
        return web.done(request, "safety:alarm", str(refusal), uid=alarm.uid)
    return web.done(request, "safety:show", _("The chart is open to you for 12 hours. The director reads why."), uid=episode.uid)


@access.page(rules.WORK_ALARM, of=reads.alarm)
@require_POST
def take(request: Request, alarm: Alarm) -> HttpResponse:
    """Take an alarm over from a colleague."""
    me = Staff.objects.get(pk=request.actor.as_staff)
    form = HandOnForm(
        colleagues=_colleagues(request, reads.owner_now(alarm)), data={"to": me.pk, "why": _("Taken over")}
    )
    if form.is_valid():
        try:
            actions.hand_on(alarm, me, _("Taken over"), by=request.actor, at=request.at)
            return web.done(request, "safety:alarm", _("You have this alarm now."), uid=alarm.uid)
        except actions.CannotHandOn as refusal:
            web.refused(form, refusal)
    return _alarm_page(request, alarm, CloseForm(), form)


@access.page(rules.SEE_SAFETY, of=reads.of_episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    """Risk, safety plan and alarms of one client."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="safety")
    client = episode.client
    versions = list(reads.plan_versions(client))
    context = {
        "episode": episode,
        "risks": list(reads.risk_assessments(client)),
        "plan": versions[0] if versions else None,
        "steps": reads.steps(versions[0]) if versions else [],
        "older": versions[1:],
        "open": reads.listed(request.actor, request.at, of=client),
        "closed": reads.listed(request.actor, request.at, of=client, closed=True),
        "gate": dispositions.gate(client),
        "talks": means.talks(client),
        "offers": means.offers(client),
        "dispositions": list(dispositions.of_client(client)[:20]),
    }
    return web.show(request, "care/safety/show.html", context)


@access.page(rules.ASSESS_RISK, of=reads.of_episode)
def assess(request: Request, episode: Episode) -> HttpResponse:
    screens = reads.suicide_screens(episode.client)
    newest = screens.first()
    form = web.form(request, RiskForm, initial={"sheet": newest.pk if newest else None}, screens=screens)
    if request.method == "POST" and form.is_valid():
        try:
            actions.assess_risk(episode.client, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "safety:show", _("Risk assessment saved."), uid=episode.uid)
        except actions.CannotAssess as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/assess.html", {"episode": episode, "form": form})


@access.page(rules.WRITE_SAFETY_PLAN, of=reads.of_episode)
def write_plan(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, SafetyPlanForm, initial=SafetyPlanForm.filled(reads.current_plan(episode.client)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_safety_plan(episode.client, form.lines(), by=request.actor, at=request.at)
            return web.done(
                request, "safety:show", _("Safety plan saved. The client sees it at once."), uid=episode.uid
            )
        except actions.CannotWritePlan as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/write_plan.html", {"episode": episode, "form": form})


@access.page(rules.SEE_SAFETY, of=reads.of_episode_shaped)
def print_plan(request: Request, shaped: reads.Shaped) -> HttpResponse:
    """The plan for paper: a card for the wallet, or large print."""
    plan = reads.current_plan(shaped.episode.client)
    trail.looked(shaped.episode.client, by=request.actor, at=request.at, what="safety plan on paper")
    context = {"episode": shaped.episode, "shape": shaped.shape, "plan": plan, "steps": reads.steps(plan)}
    return web.show(request, "care/safety/print_plan.html", context)


@access.page(rules.RAISE_BY_HAND, of=reads.of_episode)
def raise_by_hand(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, RaiseForm, initial={"form_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.raise_alarm(
            client=episode.client,
            kind="staff",
            urgency=said["urgency"],
            reason=said["reason"],
            source_kind="staff",
            source_key=str(said["form_key"]),
            by=request.actor,
            at=request.at,
        )
        # Who does not read this page (the front desk) comes back to where they were, with the same words.
        back = "safety:show" if access.may(request.actor, rules.SEE_SAFETY, episode.client) else "safety:raise"
        return web.done(request, back, _("The alarm is raised and has an owner."), uid=episode.uid)
    return web.show(request, "care/safety/raise.html", {"episode": episode, "form": form})
