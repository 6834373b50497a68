"""The therapist's desk: my day, my clients, a chart's first page, and the exception."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.measures import reads as measures
from footbridge.care.medication import reads as medication
from footbridge.care.medication import rules as medication_rules
from footbridge.care.plan import reads as plans
from footbridge.care.reviews import reads as reviews
from footbridge.care.safety import reads as safety
from footbridge.care.safety.means import reads as means
from footbridge.care.sessions import reads as sessions
from footbridge.care.standing import standing
from footbridge.care.timetable import reads as timetable
from footbridge.care.timetable.models import Session
from footbridge.engines.attention import HuddleRules
from footbridge.ground.episodes import actions as episode_actions
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes import rules as episode_rules
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people.models import Staff
from footbridge.ground.people.reads import uids_of
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.trail.models import Act

from . import reads, rules, words
from .forms import ExceptionForm


@access.page(rules.SEE_DAY)
def day(request: Request) -> HttpResponse:
    me = Staff.objects.select_related("person").get(pk=request.actor.as_staff)
    today = day_of(request.at)
    context = {
        "today": today,
        "sessions": timetable.sessions_on(me, today),
        "unsigned": sessions.unsigned(me, request.at),
        "alarms": safety.listed(request.actor, request.at, limit=20),
        "alerts": measures.open_alerts(request.actor),
        "reviews": reviews.due(request.actor.within(rules.SEE_DAY.roles), today),
        "means": means.due(request.actor, today),
    }
    return web.show(request, "desks/clinician/day.html", context)


@access.page(rules.SEE_CASELOAD)
def caseload(request: Request) -> HttpResponse:
    """The list, a page at a time. A name that is looked for is posted: addresses stay in histories and logs."""
    asked = request.POST if request.method == "POST" else request.GET
    sought = request.POST.get("q", "").replace("\0", "").strip()[:80]
    acting = request.actor.within(rules.SEE_CASELOAD.roles)
    lines, page = reads.caseload(acting, request.at, words_sought=sought, number=asked.get("page", "1"))
    context = {"lines": lines, "page": page, "sought": sought, "may_break": access.may(request.actor, episode_rules.BREAK_GLASS)}
    return web.show(request, "desks/clinician/caseload.html", context)


@access.page(rules.SEE_HUDDLE)
def huddle(request: Request) -> HttpResponse:
    """For the meeting on steps: who is worse, stuck, ready, and why. Advice, never a decision."""
    acting = request.actor.within(rules.SEE_HUDDLE.roles)
    tracks = reads.tracks(acting)
    chosen = next((one for one in tracks if str(one.uid) == request.GET.get("track", "")), None)
    whole = reads.mine(acting).count() <= reads.WHOLE  # a meeting about more people than that is a meeting about one track
    if chosen is None and tracks and not whole:
        chosen = tracks[0]
    parts, on_the_way = reads.huddle(acting, request.at, track=chosen.uid if chosen else None)
    context = {"parts": parts, "on_the_way": on_the_way, "tracks": tracks, "chosen": chosen, "whole": whole, "source": HuddleRules().source}
    return web.show(request, "desks/clinician/huddle.html", context)


@access.page(rules.SEE_BEFORE, of=sessions.session)
def before(request: Request, session: Session) -> HttpResponse:
    """How everybody is, before the group begins. Opening it is opening something of each chart."""
    rows = reads.before(session, request.actor, request.at)
    for one in rows:
        trail.looked(one.episode.client, by=request.actor, at=request.at, what="before a session")
    return web.show(request, "desks/clinician/before.html", {"session": session, "line": timetable.line(session), "rows": rows})


@access.page(episode_rules.SEE_EPISODE, of=episodes.episode)
def chart(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="chart")
    stands = standing(episode, request.at)
    clinical = access.may(request.actor, medication_rules.SEE_MEDICATION, episode)  # intake sees the front of the way
    context = {
        "episode": episode, "sentence": words.said(stands.sentence), "steps": reads.steps_of(stands), "team": episodes.team(episode),
        "clinical": clinical, "risk": safety.latest_risk(episode.client), "safety_plan": safety.current_plan(episode.client),
        "next_sessions": timetable.coming(episode, request.at, limit=4),
        "plan": plans.goals_in_force(episode) if clinical else None,
        "medications": medication.taken_on(episode.client, day_of(request.at)) if clinical else None,
        "course": measures.course(episode) if clinical else [],
        "due": reviews.next_due(episode) if clinical else None,
        "may_see_history": access.may(request.actor, rules.SEE_HISTORY, episode),
    }  # fmt: skip
    return web.show(request, "desks/clinician/chart.html", context)


@access.page(rules.SEE_HISTORY, of=episodes.episode)
def history(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="history")
    acts = Act.objects.filter(client_uid__in=uids_of(episode.client)).order_by("-id")[:200]
    return web.show(request, "desks/clinician/history.html", {"episode": episode, "acts": acts})


@access.page(episode_rules.BREAK_GLASS)
def exception(request: Request) -> HttpResponse:
    form = web.form(request, ExceptionForm)
    if request.method == "POST" and form.is_valid():
        found = reads.episode_by_number(form.cleaned_data["number"])
        if found is None:
            form.add_error("number", _("No chart has this number. Check it on the wristband, letter or list."))
        else:
            try:
                me = Staff.objects.get(pk=request.actor.as_staff)
                episode_actions.break_glass(found, me, form.cleaned_data["reason"], by=request.actor, at=request.at)
                return web.done(request, "clinician:chart", _("The chart is open to you for 12 hours. The director reads why."), uid=found.uid)
            except episode_actions.CannotBreakGlass as refusal:
                web.refused(form, refusal)
    return web.show(request, "desks/clinician/exception.html", {"form": form})
