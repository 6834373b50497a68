"""Pages of the board: the week of a program at a site, drafts beside it, building, publishing and taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.engines.timetabling.facts import LEVELS, WEIGHTS
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program import reads as program
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Meeting
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.work import runs

from .. import reads as timetable_reads
from .. import rules as timetable_rules
from .. import words
from ..forms import monday_of
from . import actions, checks, engine, goals, plan, reads, rules, says, shapes, worlds
from .actions.drafting import Proposal, week_of
from .actions.publishing import cannot_undo, fingerprint
from .forms import (
    AddForm,
    BoardForm,
    BuildForm,
    ConfirmForm,
    GoalsForm,
    MoveForm,
    PersonForm,
    PlacesForm,
    StartForm,
    VisitForm,
)
from .models import DraftStep, WeekBuild, WeekDraft, WeekPublished
from .plan import Meets, Sees
from .words import GOALS
from .words import LEVELS as LEVEL_WORDS

REFUSALS = (
    actions.CannotDraft, actions.CannotBuild, actions.CannotPublishWeek, actions.CannotUndo, actions.CannotWeigh,
)  # fmt: skip


# ------------------------------------------------------------------ the board


def _scope(request: Request, known: list[reads.Scope]) -> reads.Scope:
    """The one asked for; else where one leads this week, else the first."""
    asked = next((s for s in known if s.key == request.GET.get("of")), None)
    if asked is not None or len(known) < 2:
        return asked or known[0]
    led = timetable_reads.site_led(request.actor, monday_of(day_of(request.at)))
    return next((s for s in known if s.site == led), known[0])


def _week(request: Request) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
        return monday_of(asked if 1900 <= asked.year <= 2200 else day_of(request.at))
    except ValueError:
        return monday_of(day_of(request.at))


def _number(request: Request, name: str) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0


@access.page(timetable_rules.SEE_TIMETABLE)
def board(request: Request) -> HttpResponse:
    known = reads.scopes()
    if not known:
        return web.show(request, "care/timetable/board/nothing.html", {}, status=200)
    scope, monday, today = _scope(request, known), _week(request), day_of(request.at)
    pick = BoardForm(
        {**request.GET.dict(), "of": scope.key}, scopes=known, tracks=program.tracks(scope.program).filter(site=scope.site),
        leaders=reads.leaders(monday), rooms=reads.rooms(scope.site),
    )  # fmt: skip
    chosen = pick.cleaned_data if pick.is_valid() else {}
    person = reads.episode_of_number(request.actor, chosen.get("client") or "")
    filters = reads.Filters(chosen.get("track"), chosen.get("leader"), chosen.get("room"), person)
    if person is not None:
        trail.looked(person.client, by=request.actor, at=request.at, what="timetable")
    elif chosen.get("client"):
        pick.add_error("client", _("There is no open record under this number among those you may see."))
    found = reads.board(scope, monday, filters, pairs=request.actor.has("director"))
    by = chosen.get("by") or ""
    day = chosen.get("day") if chosen.get("day") is not None else min(today.weekday(), 4)
    may_draft = access.may(request.actor, rules.DRAFT)
    table = shapes.table(found, lambda h: _entry(request, h), today, by=by, day=day or 0, first=_number(request, "first"))
    context = {
        "pick": pick, "scope": scope, "monday": monday, "beside": _beside(request, monday), "table": table, "pages": _pages(request, table),
        "empty": not found.hours and not filters, "nothing_fits": not found.hours and bool(filters), "narrowed": bool(filters) or bool(by),
        "told": reads.at_a_glance(found), "short": len(reads.people_short(found.conflicts)), "may_draft": may_draft,
        "draft": reads.open_draft(scope.program, scope.site) if may_draft else None,
        "published": reads.last_published(scope.program, scope.site, monday) if may_draft else None,
        "undone": None, "person": person, "free": sum(h.free for h in found.hours if not h.cancelled),
    }  # fmt: skip
    return web.show(request, "care/timetable/board/board.html", context, status=200)


def _beside(request: Request, monday: date) -> dict[str, str]:
    kept = {k: v for k, v in request.GET.items() if k != "week" and v}
    return {
        name: f"{request.path}?{urlencode({**kept, 'week': (monday + timedelta(days=step)).isoformat()})}"
        for name, step in (("before", -7), ("after", 7))
    } | {"now": f"{request.path}?{urlencode(kept)}" if kept else request.path}


def _pages(request: Request, table: shapes.Table) -> dict[str, str]:
    kept = {k: v for k, v in request.GET.items() if k != "first" and v}
    return {
        name: f"{request.path}?{urlencode({**kept, 'first': first})}"
        for name, first in (("before", table.before), ("after", table.after))
        if first is not None
    }


def _entry(request: Request, hour: reads.Hour) -> shapes.Entry:
    """One hour for whoever looks: no client is named."""
    tag = hour.cancelled or hour.changed
    lines = [hour.leader, hour.where or _("No room"), shapes.seats(hour)]
    href = ""
    if hour.session is not None and (request.actor.has("director") or hour.session.leader_id == request.actor.staff_id):
        href = reverse("sessions:show", kwargs={"uid": hour.session.uid})
    return shapes.Entry(
        hour.title, [x for x in lines if x], tag, "danger" if hour.hard else "warn" if hour.warnings else "neutral" if hour.cancelled else "",
        href, warnings=hour.warnings,
    )  # fmt: skip


@access.page(timetable_rules.SEE_TIMETABLE)
def short(request: Request) -> HttpResponse:
    """Whose week falls short: by name those the reader may know of, the others as a number."""
    known = reads.scopes()
    if not known:
        raise Http404
    scope, monday = _scope(request, known), _week(request)
    found = reads.board(scope, monday)
    told, others = reads.short_people(request.actor, found)
    rule = found.world.rule
    return web.show(request, "care/timetable/board/short.html", {"scope": scope, "monday": monday, "told": told, "others": others, "rule": rule})


# ------------------------------------------------------------------ drafts


@access.page(rules.DRAFT)
def start(request: Request) -> HttpResponse:
    known = reads.scopes()
    if not known:
        raise Http404
    scope = _scope(request, known)
    begin = {"of": scope.key, "holds_from": reads.beginning(request.at, scope.site)}
    form = web.form(request, StartForm, initial=begin, scopes=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft = actions.start_draft(given["of"].program, given["of"].site, given["holds_from"], by=request.actor, at=request.at)
            return web.done(request, "timetable:draft", "", uid=draft.uid)
        except REFUSALS as refusal:
            if getattr(refusal, "field", "") == "site":
                refusal.field = "of"
            web.refused(form, refusal)
    return web.show(request, "care/timetable/board/start.html", {"form": form})


def _scope_of(draft: WeekDraft) -> reads.Scope:
    return reads.Scope(draft.program, draft.site)


@access.page(rules.DRAFT, of=reads.draft)
def draft(request: Request, draft: WeekDraft) -> HttpResponse:
    if not draft.is_open:
        published = draft.publishings.order_by("-at").first()
        if published is not None:
            return web.done(request, "timetable:week_published", "", uid=published.uid)
        return web.show(request, "care/timetable/board/closed.html", {"draft": draft})
    scope = _scope_of(draft)
    found = reads.board(scope, draft.holds_from, draft=draft)
    by = request.GET.get("by", "") if request.GET.get("by", "") in ("leader", "room", "track") else ""
    table = shapes.table(
        found, lambda h: _draft_entry(draft, h), day_of(request.at), by=by, day=min(6, _number(request, "day")), first=_number(request, "first"), dated=False
    )  # fmt: skip
    steps = plan.steps_of(draft)
    build = draft.builds.first()
    people = web.form(request, PersonForm)
    if request.method == "POST" and people.is_valid():
        person = reads.episode_of_number(request.actor, people.cleaned_data["client"])
        if person is not None:
            return web.done(request, "timetable:draft_person", "", uid=draft.uid, episode=person.uid)
        people.add_error("client", _("There is no open record under this number."))
    context = {
        "draft": draft, "scope": scope, "table": table, "pages": _pages(request, table), "told": reads.at_a_glance(found), "steps": steps[::-1],
        "last": steps[-1] if steps else None, "build": build, "run": runs.look(build.run) if build else None, "empty": not found.hours,
        "short": len(reads.people_short(found.conflicts)), "people": people, "by": by, "day": min(6, _number(request, "day")),
        "weekdays": list(enumerate(words.WEEKDAYS[:5])), "unled": sum(1 for c in found.conflicts if c.code == "nobody_leads"),
    }  # fmt: skip
    return web.show(request, "care/timetable/board/draft.html", context)


def _draft_entry(draft: WeekDraft, hour: reads.Hour) -> shapes.Entry:
    move = reverse("timetable:draft_move", kwargs={"uid": draft.uid, "meeting": hour.uid}) if hour.uid else ""
    when = shapes.when(hour.of.weekday, hour.of.starts, hour.of.ends)
    return shapes.Entry(
        hour.title, [x for x in (hour.leader, hour.where or _("No room"), shapes.seats(hour)) if x], hour.cancelled,
        "danger" if hour.hard else "warn" if hour.warnings else "neutral" if hour.cancelled else "", move=move, warnings=hour.warnings,
        changed=hour.changed, label=_("Move %(title)s, %(when)s") % {"title": hour.title, "when": when},
    )  # fmt: skip


@access.page(rules.DRAFT, of=reads.draft)
def drop(request: Request, draft: WeekDraft) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.drop_draft(draft, by=request.actor, at=request.at)
            return web.done(request, "timetable:board", _("The draft is given up. The week that holds did not change."))
        except REFUSALS as refusal:
            return web.show(request, "care/timetable/board/drop.html", {"draft": draft, "no": str(refusal)}, status=422)
    return web.show(request, "care/timetable/board/drop.html", {"draft": draft})


@access.page(rules.DRAFT, of=reads.step)
def undo(request: Request, step: DraftStep) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.undo_step(step, by=request.actor, at=request.at)
            return web.done(request, "timetable:draft", _("Taken back: %(said)s") % {"said": step.said}, uid=step.draft.uid)
        except REFUSALS as refusal:
            return web.show(request, "care/timetable/board/undo.html", {"step": step, "no": str(refusal)}, status=422)
    return web.show(request, "care/timetable/board/undo.html", {"step": step})


# ------------------------------------------------------------------ one change


def _part(request: Request) -> bool:
    """Asked for by the board's own script, for its dialog: the form alone."""
    return request.GET.get("part") == "1"


@access.page(rules.DRAFT, of=reads.meeting_in)
def move(request: Request, about: tuple[WeekDraft, Meeting]) -> HttpResponse:
    """Where a meeting is to be. Opened by dialog, by key and by a drop, which fills the form with the place of the drop."""
    draft, meeting = about
    before = week_of(draft) if draft.is_open else None
    now = before.meetings.get(meeting.pk) if before else None
    if before is None or now is None:
        return web.show(request, "care/timetable/board/closed.html", {"draft": draft})
    staff, rooms = reads.leaders(draft.holds_from), reads.rooms(draft.site)
    start = {
        "weekday": now.weekday, "starts": now.starts, "ends": now.ends, "mode": now.mode, "held": now.held,
        "leader": next((s.uid for s in staff if s.pk == now.leader), None), "room": next((r.uid for r in rooms if r.pk == now.room), None),
    } | _dropped(request, now, {s.pk: s.uid for s in staff}, {r.pk: r.uid for r in rooms})  # fmt: skip
    if request.method == "POST":
        form: MoveForm = MoveForm(request.POST, staff=staff, rooms=rooms)
    elif request.GET.keys() & {"weekday", "starts", "leader", "room"}:
        form = MoveForm({k: v for k, v in start.items() if v is not None and v is not False}, staff=staff, rooms=rooms)
    else:
        form = MoveForm(initial=start, staff=staff, rooms=rooms)
    told, proposal = None, None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        new = replace(
            now, weekday=given["weekday"], starts=given["starts"], ends=given["ends"], mode=given["mode"], held=given["held"],
            leader=given["leader"].pk if given["leader"] else None, room=given["room"].pk if given["room"] else None,
        )  # fmt: skip
        if new.ends <= new.starts:
            form.add_error("ends", _("The meeting must end after it begins."))
        elif request.method == "POST" and "check" not in request.POST:
            try:
                step = actions.change_meeting(draft, new, by=request.actor, at=request.at)
                return web.done(request, "timetable:draft", _("In the draft: %(said)s") % {"said": step.said} if step else "", uid=draft.uid)
            except REFUSALS as refusal:
                proposal = actions.propose(draft, before, plan.with_meeting(before, new))
                web.refused(form, refusal)
        else:
            proposal = actions.propose(draft, before, plan.with_meeting(before, new))
    if proposal is not None:
        told = _told(request, draft, proposal)
    context = {
        "draft": draft, "meeting": meeting, "form": form, "told": told, "now": says.meets_said(now, proposal.world if proposal else worlds.world(draft.program, draft.site, draft.holds_from, before)),
        "part": _part(request),
    }  # fmt: skip
    template = "care/timetable/board/_move.html" if _part(request) else "care/timetable/board/move.html"
    return web.show(request, template, context)


@access.page(rules.DRAFT, of=reads.draft)
def add(request: Request, draft: WeekDraft) -> HttpResponse:
    """A weekly hour that there was not before: which group, when, with whom, where. The same checks as a move, before anything is saved."""
    if not draft.is_open:
        return web.show(request, "care/timetable/board/closed.html", {"draft": draft})
    before = week_of(draft)
    form = AddForm(
        request.POST if request.method == "POST" else None, initial={"mode": "in_person"}, groups=reads.groups(_scope_of(draft), draft.holds_from),
        staff=reads.leaders(draft.holds_from), rooms=reads.rooms(draft.site),
    )  # fmt: skip
    told, proposal = None, None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        new = Meets(
            0, given["group"].pk, given["weekday"], given["starts"], given["ends"], given["leader"].pk if given["leader"] else None,
            given["room"].pk if given["room"] else None, given["mode"], adds=True,
        )  # fmt: skip
        if new.ends <= new.starts:
            form.add_error("ends", _("The meeting must end after it begins."))
        elif "check" in request.POST:
            proposal = actions.propose(draft, before, plan.with_meeting(before, new))
        else:
            try:
                step = actions.add_meeting(draft, new, by=request.actor, at=request.at)
                return web.done(request, "timetable:draft", _("In the draft: %(said)s") % {"said": step.said}, uid=draft.uid)
            except REFUSALS as refusal:
                proposal = actions.propose(draft, before, plan.with_meeting(before, new))
                web.refused(form, refusal)
    if proposal is not None:
        told = _told(request, draft, proposal)
    template = "care/timetable/board/_hour.html" if _part(request) else "care/timetable/board/hour.html"
    return web.show(request, template, {"draft": draft, "form": form, "told": told, "part": _part(request)})


def _dropped(request: Request, now: Meets, staff: dict[int, UUID], rooms: dict[int, UUID]) -> dict[str, Any]:
    """What the place of a drop says: a day and an hour, or a leader or room. The meeting keeps its length."""
    asked = request.GET
    out: dict[str, Any] = {}
    if asked.get("weekday", "").isdigit() and int(asked["weekday"]) < 7:
        out["weekday"] = int(asked["weekday"])
    try:
        starts = time.fromisoformat(asked["starts"]) if "starts" in asked else None
    except ValueError:
        starts = None
    if starts is not None:
        ends = plan.minutes_of(starts) + now.minutes
        if ends < 24 * 60:
            out |= {"starts": f"{starts:%H:%M}", "ends": f"{ends // 60:02d}:{ends % 60:02d}"}
    for name, known in (("leader", staff), ("room", rooms)):
        if asked.get(name, "").isdigit():
            out[name] = known.get(int(asked[name]), "")
    return out


def _told(request: Request, draft: WeekDraft, proposal: Proposal) -> dict[str, Any]:
    """What a change brings about, in words: what forbids it, what it costs, what it mends."""
    everybody = {e for c in [*proposal.new, *proposal.mended] for e in c.people}
    names = reads.names(request.actor, everybody)
    new = says.tell(proposal.new, proposal.world, names)
    word = engine.word(draft, proposal.before, proposal.after, request.actor)
    moved = proposal.diff.episodes(proposal.before, proposal.after)
    return {
        "hard": [t for t in new if t.hard], "soft": [t for t in new if not t.hard], "mended": says.tell(proposal.mended, proposal.world, names),
        "forbidden": word.hard, "agreed": word.agreed, "prices": word.prices, "nothing": not proposal.diff,
        "people": ngettext("%(n)d person has another week by this.", "%(n)d people have another week by this.", len(moved)) % {"n": len(moved)} if moved else "",
    }  # fmt: skip


@access.page(rules.DRAFT, of=reads.person_in)
def person(request: Request, about: tuple[WeekDraft, Episode]) -> HttpResponse:
    """One person's groups and visits in the draft."""
    draft, episode = about
    trail.looked(episode.client, by=request.actor, at=request.at, what="timetable")
    if not draft.is_open:
        return web.show(request, "care/timetable/board/closed.html", {"draft": draft})
    before = week_of(draft)
    groups = list(reads.groups(_scope_of(draft), draft.holds_from))
    mine = before.groups().get(episode.pk, set())
    world = worlds.world(draft.program, draft.site, draft.holds_from, before)
    members = before.members()
    notes = {str(g.uid): _group_note(g.pk, before, world, len(members.get(g.pk, ()))) for g in groups}
    form = PlacesForm(
        request.POST if request.method == "POST" else None, initial={"groups": [g.uid for g in groups if g.pk in mine]}, notes=notes,
        groups=reads.groups(_scope_of(draft), draft.holds_from),
    )  # fmt: skip
    told = None
    if form.is_bound and form.is_valid():
        wanted = {g.pk for g in form.cleaned_data["groups"]}
        joins, leaves = [g for g in groups if g.pk in wanted - mine], [g for g in groups if g.pk in mine - wanted]
        proposal = actions.propose(
            draft, before, plan.with_places(before, [(episode.pk, g.pk) for g in joins], [(episode.pk, g.pk) for g in leaves]), None
        )
        if "check" in request.POST:
            told = _told(request, draft, proposal)
        else:
            try:
                step = actions.change_places(draft, episode, joins, leaves, by=request.actor, at=request.at)
                return web.done(request, "timetable:draft", _("In the draft: %(said)s") % {"said": step.said} if step else "", uid=draft.uid)
            except REFUSALS as refusal:
                told = _told(request, draft, proposal)
                web.refused(form, refusal)
    visits = [(v, says.sees_said(v, world)) for v in before.visits.values() if v.episode == episode.pk]
    verdict = checks.scheduled(world, before, episode.pk)
    context = {
        "draft": draft, "episode": episode, "form": form, "told": told, "visits": visits,
        "verdict": words.verdict_said(verdict) if verdict else "", "met": bool(verdict and verdict.met),
    }  # fmt: skip
    return web.show(request, "care/timetable/board/person.html", context)


def _group_note(group: int, week: plan.Week, world: checks.World, used: int) -> str:
    times = "; ".join(f"{words.WEEKDAYS[m.weekday]} {words.span(m.starts, m.ends)}" for m in week.held() if m.group == group)
    limit = world.groups[group].limit if group in world.groups else 0
    seats = _("%(used)d of %(seats)d seats") % {"used": used, "seats": limit}
    return f"{times} · {seats}" if times else seats


def visit_in(actor: access.Actor, uid: UUID, episode: UUID, key: UUID) -> tuple[WeekDraft, Episode, UUID] | None:
    found = reads.person_in(actor, uid, episode)
    return (*found, key) if found else None


@access.page(rules.DRAFT, of=reads.person_in)
def add_visit(request: Request, about: tuple[WeekDraft, Episode]) -> HttpResponse:
    return _visit(request, *about, None)


@access.page(rules.DRAFT, of=visit_in)
def visit(request: Request, about: tuple[WeekDraft, Episode, UUID]) -> HttpResponse:
    return _visit(request, *about)


def _visit(request: Request, draft: WeekDraft, episode: Episode, key: UUID | None) -> HttpResponse:
    """A standing visit of one person: when, with whom, where; or none any more."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="timetable")
    if not draft.is_open:
        return web.show(request, "care/timetable/board/closed.html", {"draft": draft})
    before = week_of(draft)
    now = before.visits.get(key) if key else None
    if key is not None and (now is None or now.episode != episode.pk):
        raise Http404
    staff, rooms = reads.leaders(draft.holds_from), reads.rooms(draft.site).exclude(kind="group")
    start: dict[str, Any] = {"mode": "in_person", "kind": "individual", "every_weeks": 1}
    if now is not None:
        start = {
            "kind": now.kind, "weekday": now.weekday, "starts": now.starts, "ends": now.ends, "mode": now.mode, "every_weeks": now.every_weeks,
            "staff": next((s.uid for s in staff if s.pk == now.staff), None), "room": next((r.uid for r in rooms if r.pk == now.room), None),
        }  # fmt: skip
    form = VisitForm(request.POST if request.method == "POST" else None, initial=start, staff=staff, rooms=rooms)
    told = None
    if request.method == "POST" and "end" in request.POST and now is not None:
        try:
            step = actions.change_visit(draft, now.key, None, by=request.actor, at=request.at)
            return web.done(request, "timetable:draft", _("In the draft: %(said)s") % {"said": step.said} if step else "", uid=draft.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    elif form.is_bound and form.is_valid():
        given = form.cleaned_data
        new = Sees(
            now.key if now else uuid4(), now.visit if now else None, episode.pk, given["kind"], given["staff"].pk, given["room"].pk if given["room"] else None,
            given["mode"], given["weekday"], given["starts"], given["ends"], given["every_weeks"],
        )  # fmt: skip
        if new.ends <= new.starts:
            form.add_error("ends", _("The visit must end after it begins."))
        elif "check" in request.POST:
            told = _told(request, draft, actions.propose(draft, before, plan.with_visit(before, new, new.key)))
        else:
            try:
                step = actions.change_visit(draft, new.key, new, by=request.actor, at=request.at)
                return web.done(request, "timetable:draft", _("In the draft: %(said)s") % {"said": step.said} if step else "", uid=draft.uid)
            except REFUSALS as refusal:
                told = _told(request, draft, actions.propose(draft, before, plan.with_visit(before, new, new.key)))
                web.refused(form, refusal)
    return web.show(request, "care/timetable/board/visit.html", {"draft": draft, "episode": episode, "form": form, "told": told, "now": now})


# ------------------------------------------------------------------ building


@access.page(rules.DRAFT, of=reads.draft)
def build(request: Request, draft: WeekDraft) -> HttpResponse:
    """Ask the engine for a week, and see what it has."""
    tracks = program.tracks(draft.program).filter(site=draft.site)
    form = BuildForm(request.POST if request.method == "POST" else None, tracks=tracks)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.ask_build(
                draft, list(given["tracks"]), seconds=given["seconds"], open_times=given["open_times"], by=request.actor, at=request.at
            )
            return web.done(request, "timetable:draft_build", "", uid=draft.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    last = draft.builds.select_related("step", "by__person").first()
    context = {
        "draft": draft, "form": form, "build": last, "state": engine.state(draft, last) if last else None, "goals": goals.of(draft.program, draft.holds_from),
        "part": _part(request),
    }  # fmt: skip
    template = "care/timetable/board/_build.html" if _part(request) else "care/timetable/board/build.html"
    return web.show(request, template, context)


@access.page(rules.DRAFT, of=reads.build)
def build_stop(request: Request, build: WeekBuild) -> HttpResponse:
    if request.method == "POST":
        actions.stop_build(build, by=request.actor, at=request.at)
    return web.done(request, "timetable:draft_build", "", uid=build.draft.uid)


@access.page(rules.DRAFT, of=reads.build)
def build_take(request: Request, build: WeekBuild) -> HttpResponse:
    if request.method == "POST":
        try:
            step = actions.take_build(build, by=request.actor, at=request.at)
            said = _("In the draft: %(said)s") % {"said": step.said} if step else _("The week is the same as the draft.")
            return web.done(request, "timetable:draft", said, uid=build.draft.uid)
        except REFUSALS as refusal:
            context = {"draft": build.draft, "build": build, "no": str(refusal), "form": BuildForm(tracks=program.tracks(build.draft.program).filter(site=build.draft.site)),
                       "state": engine.state(build.draft, build), "goals": goals.of(build.draft.program, build.draft.holds_from)}  # fmt: skip
            return web.show(request, "care/timetable/board/build.html", context, status=422)
    return web.done(request, "timetable:draft_build", "", uid=build.draft.uid)


# ------------------------------------------------------------------ publishing


@access.page(rules.DRAFT, of=reads.draft)
def publish(request: Request, draft: WeekDraft) -> HttpResponse:
    """Who is affected, before and after; and then the one button."""
    if not draft.is_open:
        return web.done(request, "timetable:draft", "", uid=draft.uid)
    before = plan.standing(draft.program, draft.site, draft.holds_from)
    after = plan.drafted(draft, before)
    proposal = actions.propose(draft, before, after)
    word = engine.word(draft, before, after, request.actor)
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"seen": fingerprint(before, after)}, ask=bool(word.agreed))
    if request.method == "POST" and form.is_valid():
        try:
            published = actions.publish_week(
                draft, seen=form.cleaned_data["seen"], agreed=bool(form.cleaned_data.get("agreed")), by=request.actor, at=request.at
            )
            return web.done(request, "timetable:week_published", _("Published. Everybody affected is being told."), uid=published.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
            form.data = {**form.data.dict(), "seen": fingerprint(before, after)}  # type: ignore[attr-defined]
    told = _told(request, draft, proposal)
    changes = reads.changes(request.actor, before, after, proposal.diff, proposal.world)
    context = {
        "draft": draft, "form": form, "told": told, "changes": changes, "same": not proposal.diff,
        "blocked": bool(told["hard"] or told["forbidden"]), "less": sum(1 for c in changes.people if c.less),
    }  # fmt: skip
    return web.show(request, "care/timetable/board/publish.html", context)


@access.page(rules.DRAFT, of=reads.published)
def published(request: Request, published: WeekPublished) -> HttpResponse:
    """What was published, and the way back while nothing of it has begun."""
    no, status = "", 200
    if request.method == "POST":
        try:
            actions.unpublish_week(published, by=request.actor, at=request.at)
            return web.done(
                request, "timetable:week_published", _("Taken back. Everything is as it was, and everybody is being told again."), uid=published.uid
            )
        except REFUSALS as refusal:
            no, status = str(refusal), 422
    coming = Episode.objects.filter(timetable_reads.still_coming(published.holds_from), pk__in=published.affected.values("episode"))
    untold = reads.untold(published)
    people = coming.exclude(pk__in=[e.pk for e in untold]).select_related("client__person").order_by("client__person__name_used", "pk")
    staff = published.affected.filter(staff__isnull=False).select_related("staff__person").order_by("staff__person__name_used")
    context = {
        "published": published, "draft": published.draft, "why_not": cannot_undo(published, request.at), "no": no,
        "people": people, "staff": [one.staff for one in staff], "untold": untold,
        "steps": plan.steps_of(published.draft),
    }  # fmt: skip
    return web.show(request, "care/timetable/board/published.html", context, status=status)


# ------------------------------------------------------------------ goals


@access.page(rules.DRAFT)
def weigh(request: Request) -> HttpResponse:
    """In which order the soft goals count, and what each costs."""
    known = reads.scopes()
    if not known:
        raise Http404
    here = next((s.program for s in known if s.program.code == request.GET.get("program")), known[0].program)
    today = day_of(request.at)
    now = goals.of(here, today)
    start = {
        "holds_from": today, **{f"place_{level}": n for n, level in enumerate(now.order, 1)}, **{goal: now.weights[goal] for goal in WEIGHTS},
    }  # fmt: skip
    form = web.form(request, GoalsForm, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_goals(here, form.order(), {g: given[g] for g in WEIGHTS}, given["holds_from"], by=request.actor, at=request.at)
            return web.done(request, f"{reverse('timetable:board_goals')}?{urlencode({'program': here.code})}", _("Saved. Builds from that day on follow it."))
        except REFUSALS as refusal:
            web.refused(form, refusal)
    levels = [
        (LEVEL_WORDS[level], form[f"place_{level}"], [(GOALS[g], form[g], WEIGHTS[g]) for g in WEIGHTS if g.partition(".")[0] == level])
        for level in (now.order if now.order else LEVELS)
    ]
    history = here.week_goals.select_related("by__person")[:10]
    context = {"program": here, "programs": sorted({s.program for s in known}, key=lambda p: p.name), "form": form, "levels": levels, "now": now,
               "history": [(row, [LEVEL_WORDS[x] for x in row.order if x in LEVEL_WORDS]) for row in history]}  # fmt: skip
    return web.show(request, "care/timetable/board/goals.html", context)

