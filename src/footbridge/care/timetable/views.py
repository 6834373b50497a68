"""Pages of the timetable: the week of the program, a program's published hours, and one person's week."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from footbridge.engines import hours
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode, TeamRole
from footbridge.ground.people.models import Staff
from footbridge.ground.program import actions as program_actions
from footbridge.ground.program import reads as program
from footbridge.ground.program import rules as program_rules
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Group, Meeting, Room, Site
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web import shapes

from . import actions, offers, reads, rules, why, words
from .feeds.rules import OWN_AS_STAFF
from .forms import (
    CancelForm,
    EndForm,
    GroupForm,
    LeaderForm,
    OnceForm,
    PickForm,
    PublishForm,
    TrackForm,
    VisitForm,
    group_note,
    monday_of,
)
from .models import Booking, Place, Session, WeeklyVisit
from .words import CancelledBecause

REFUSALS = (actions.CannotJoin, actions.CannotBook, actions.CannotVisit, actions.CannotCancel, actions.CannotPublish)


def _monday(request: Request) -> date:
    """The Monday of ?week=2026-11-02, or of today."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
        return monday_of(asked if 1900 <= asked.year <= 2200 else day_of(request.at))
    except ValueError:
        return monday_of(day_of(request.at))


def _beside(request: Request, monday: date) -> dict[str, str]:
    """The addresses of the weeks before and after, with what the page is narrowed to."""
    kept = {k: v for k, v in request.GET.items() if k != "week" and (v or k == "site")}  # no site is a choice too
    return {
        name: f"{request.path}?{urlencode({**kept, 'week': (monday + timedelta(days=step)).isoformat()})}"
        for name, step in (("before", -7), ("after", 7))
    } | {"now": f"{request.path}?{urlencode(kept)}" if kept else request.path}


def _leaders() -> Any:
    return (
        Staff.objects.filter(left_on__isnull=True, roles_held__role__in=["therapist", "prescriber", "intake"])
        .select_related("person")
        .order_by("person__name_used")
        .distinct()
    )


PICKED = {"track", "site", "leader", "room"}
MANY_SITES = 3  # from here on nobody reads all of them in one table


def _at_first(request: Request, monday: date) -> Site | None:
    """What the week is narrowed to before anybody chose: nothing in a small program; in one with many sites the site where
    one leads this week, else the first.
    """
    sites = list(Site.objects.order_by("name")[:MANY_SITES])
    return (reads.site_led(request.actor, monday) or sites[0]) if len(sites) == MANY_SITES else None


@access.page(rules.SEE_TIMETABLE)
def week(request: Request) -> HttpResponse:
    monday = _monday(request)
    asked: Any = request.GET
    tracks, rooms = program.tracks(), Room.objects.select_related("site").order_by("site__name", "name")
    here = None if PICKED & set(asked) else _at_first(request, monday)
    if here is not None:
        asked = {"site": str(here.uid), "week": monday.isoformat()}
        tracks, rooms = tracks.filter(site=here), rooms.filter(site=here)
    pick = PickForm(
        asked or None, tracks=tracks, sites=Site.objects.order_by("name"), leaders=_leaders(), rooms=rooms
    )  # fmt: skip
    chosen = pick.cleaned_data if pick.is_valid() else {}
    filters = reads.Filters(**{name: chosen.get(name) for name in ("track", "site", "leader", "room")})
    entries = [(one.starts, one.ends, _entry(request, one)) for one in reads.week(monday, filters, mine=request.actor.staff_id)]
    shut = reads.closed(monday, filters.site)
    caption = _("Week of %(day)s") % {"day": words.day(monday)}
    context = {
        "pick": pick, "narrowed": any(chosen.get(name) for name in PICKED), "monday": monday,
        "beside": _beside(request, monday), "empty": not entries and not shut,
        "week": reads.table(caption, monday, entries, day_of(request.at), shut),
        "may_publish": access.may(request.actor, rules.PUBLISH), "may_close": access.may(request.actor, program_rules.CLOSE_DAY), "may_feed": access.may(request.actor, OWN_AS_STAFF), "programs": program.known(),
    }  # fmt: skip
    return web.show(request, "care/timetable/week.html", context, status=200)


def _entry(request: Request, one: reads.Line) -> shapes.Entry:
    """One session in a cell: what, with whom, where, how full. Visits name no client."""
    said = [one.leader, one.where]
    if one.session.kind == "group":
        said.append(_("%(used)d of %(seats)d seats") % {"used": one.people, "seats": one.session.seats})
    full = one.session.kind == "group" and one.people >= one.session.seats and not one.cancelled
    tag = one.cancelled or (_("Full") if full else "")
    href = ""
    if request.actor.has("director") or one.session.leader_id == request.actor.staff_id:
        href = reverse("sessions:show", kwargs={"uid": one.session.uid})
    elif access.may(request.actor, rules.CANCEL_SESSION, one.session):
        href = reverse("timetable:session", kwargs={"uid": one.session.uid})
    return shapes.Entry(one.title, said, href=href, tone="neutral" if tag else "", tag=tag)


@access.page(rules.PUBLISH)
def publishing(request: Request) -> HttpResponse:
    today = day_of(request.at)
    start = {
        "from_on": today,
        "until_on": today + timedelta(weeks=actions.HORIZON_WEEKS),
        "program": program.admitting().first(),
    }
    form = web.form(request, PublishForm, initial=start, programs=program.admitting())
    done = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = actions.publish(
                given["program"], given["from_on"], given["until_on"], by=request.actor, at=request.at
            )
        except REFUSALS as refusal:
            web.refused(form, refusal)
    leaderless = Meeting.objects.filter(
        leader__isnull=True,
        held_until__isnull=True,
        group__held_until__isnull=True,
        group__track__offered=True,
        group__track__program__admits=True,
    ).select_related("group__track")
    return web.show(request, "care/timetable/publishing.html", {"form": form, "done": done, "leaderless": leaderless})


@access.page(program_rules.SEE_PROGRAM)
def program_page(request: Request, code: str) -> HttpResponse:
    here = program.program(code)
    if here is None:
        raise Http404
    tracks = list(here.tracks.select_related("site").order_by("pk"))
    track = next((t for t in tracks if t.code == request.GET.get("track")), tracks[0] if tracks else None)
    asked = request.GET.get("week", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    number = max(1, min(number, here.weeks))
    today = day_of(request.at)
    rule = program.rule_of(here, today)
    counted = program.week_of(track, number) if track else None
    may_lead = here.admits and access.may(request.actor, program_rules.KEEP_PROGRAM)
    caption = _("%(track)s, week %(number)d") % {"track": track.name, "number": number} if track else ""
    types = {g.type.code: g.type for g in Group.objects.filter(track__program=here).select_related("type")}
    context = {
        "program": here, "tracks": tracks, "track": track, "number": number, "weeks": range(1, here.weeks + 1),
        "week": reads.pattern(caption, program.meetings_of(track, number), _leader_page if may_lead else None) if track else None,
        "may_lead": may_lead,
        "counted": _counted(counted) if counted else None, "verdict": _verdict(program.scheduled_verdict(counted, rule)) if counted and rule else None,
        "published": [(types[p.what].name if p.what in types else _("Individual sessions"), p) for p in program.published(here)],
        "phases": [(p, _counted(p.week), _verdict(p.verdict) if p.verdict else None) for p in program.phases(here, today)],
        "sizes": sorted(types.values(), key=lambda t: t.name),
    }  # fmt: skip
    return web.show(request, "care/timetable/program.html", context)


def _leader_page(meeting: Meeting) -> str:
    return reverse("timetable:leader", kwargs={"uid": meeting.uid})


@access.page(program_rules.KEEP_PROGRAM, of=reads.meeting)
def leader(request: Request, meeting: Meeting) -> HttpResponse:
    """Who leads a weekly meeting, and in which room. Dated sessions take it over when the timetable is published."""
    track = meeting.group.track
    rooms = Room.objects.select_related("site").order_by("site__name", "name")
    if track.site_id:
        rooms = rooms.filter(site=track.site_id)
    start = {
        "leader": meeting.leader.uid if meeting.leader else None,
        "room": meeting.room.uid if meeting.room else None,
    }
    form = web.form(request, LeaderForm, initial=start, leaders=_leaders(), rooms=rooms)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            program_actions.lead(meeting, given["leader"], room=given["room"], by=request.actor, at=request.at)
            to = f"{reverse('timetable:program', kwargs={'code': track.program.code})}?track={track.code}"
            return web.done(request, to, _("Saved. Publish the timetable, or wait for tonight: then it holds for the dated sessions."))
        except program_actions.CannotLead as refusal:
            web.refused(form, refusal)
    when = f"{words.WEEKDAYS[meeting.weekday]}, {words.span(meeting.starts, meeting.ends)}"
    return web.show(request, "care/timetable/leader.html", {"form": form, "meeting": meeting, "when": when})


def _counted(week: hours.Week) -> dict[str, Any]:
    """The three ways of counting a week, as words."""
    return {
        "therapeutic": words.length(week.therapeutic_minutes), "clock": words.length(week.clock_minutes),
        "fifty": f"{week.fifty_minute_hours:g}", "days": week.service_days, "services": week.services,
    }  # fmt: skip


def _verdict(verdict: hours.HoursVerdict) -> dict[str, Any]:
    """The verdict's sentence, the other parts of the rule, and who says so."""
    said = words.verdict_said(verdict)
    others = [one for one in map(words.check_said, verdict.checks) if one not in said]
    return {"met": verdict.met, "said": said, "others": others, "source": words.verdict_source(verdict)}


@access.page(rules.CANCEL_SESSION, of=reads.session)
def session(request: Request, session: Session) -> HttpResponse:
    reasons = [CancelledBecause.STAFF_AWAY, CancelledBecause.CHANGED, CancelledBecause.CLOSED]
    if session.kind != "group":
        reasons.append(CancelledBecause.CLIENT)
    form = web.form(request, CancelForm, reasons=reasons)
    if request.method == "POST" and form.is_valid():
        seated = [b.episode for b in session.bookings.filter(cancelled_at__isnull=True).select_related("episode__client__person")]
        try:
            actions.cancel_session(session, by=request.actor, at=request.at, **form.cleaned_data)
            to = f"{reverse('timetable:week')}?week={words.local(session.starts_at, session.site).date().isoformat()}"
            told = _to_call(request, seated) if session.starts_at > request.at and session.cancelled_because != CancelledBecause.CLIENT else ""
            return web.done(request, to, " ".join(filter(None, [_("The session is cancelled, with every seat in it."), told])))
        except REFUSALS as refusal:
            web.refused(form, refusal)
    people = session.bookings.filter(cancelled_at__isnull=True).count()
    return web.show(request, "care/timetable/session.html", {"form": form, "line": reads.line(session, people=people), "may_mend": session.starts_at > request.at and access.may(request.actor, rules.MEND)})


def _to_call(request: Request, people: list[Episode]) -> str:
    """Whom somebody has to call, since they agreed to no messages: by name those the reader may know of, the others as a number."""
    ways = consents.channels([e.client for e in people], day_of(request.at))
    calls = [e for e in people if ways[e.client_id] is None]
    seen = set(Episode.objects.visible_to(request.actor).filter(pk__in=[e.pk for e in calls]).values_list("pk", flat=True))
    names = sorted(e.client.person.name_used for e in calls if e.pk in seen)
    said = [_("Please call: %(names)s.") % {"names": ", ".join(names)}] if names else []
    others = len(calls) - len(names)
    if others:
        said.append(ngettext("%(n)d person must be called by the front desk.", "%(n)d people must be called by the front desk.", others) % {"n": others})
    return " ".join(said)


# ------------------------------------------------------------------ one person's week


@access.page(rules.SEE_CLIENT_WEEK, of=episodes.episode)
def episode(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="timetable")
    monday, today = _monday(request), day_of(request.at)
    lines = reads.week_of(episode, monday)
    may_book = access.may(request.actor, rules.BOOK, episode) and episode.ended_at is None
    here = reads.program_of(episode)
    rule = program.rule_of(here, monday) if here else None
    entries = []
    for one in lines:
        href = ""
        if may_book and one.booking and not one.cancelled and one.session.starts_at > request.at:
            href = reverse("timetable:booking", kwargs={"uid": one.booking.uid})
        said = [one.leader, one.where]
        entries.append(
            (
                one.starts,
                one.ends,
                shapes.Entry(one.title, said, href=href, tag=one.cancelled, tone="neutral" if one.cancelled else ""),
            )
        )
    shut = reads.closed(monday, reads.site_of(episode))
    context = {
        "episode": episode, "may_see_pairs": access.may(request.actor, rules.SEE_PAIRS, episode), "may_mend": may_book and request.actor.has("director", "front_desk"), "beside": _beside(request, monday), "booked": bool(lines), "may_book": may_book,
        "week": reads.table(_("Week of %(day)s") % {"day": words.day(monday)}, monday, entries, today, shut),
        "verdict": _verdict(program.scheduled_verdict(reads.counted(lines), rule)) if rule else None,
        "places": reads.places(episode, today), "visits": reads.visits(episode, today),
        "monday": monday, "why": why.of_week(episode, monday, to_client=False, lines=lines),
        "free": [(words.WEEKDAYS[d], words.span(s, e)) for d, s, e in reads.free_hours(episode)],
        "offers": _offers(episode, today) if may_book and not reads.places(episode, today).exists() else [],
    }  # fmt: skip
    return web.show(request, "care/timetable/episode.html", context)


def _offers(episode: Episode, on: date) -> list[dict[str, Any]]:
    """The engine's offers in words, best first."""
    tracks = {t.code: t for t in program.tracks()}
    names = {
        f"{g.track.code}.{g.code}": g.name
        for g in Group.objects.filter(track__in=tracks.values()).select_related("track")
    }
    staff = {str(s.uid): s for s in offers.team(episode)}
    found = []
    for offer in offers.offers(episode, on, tracks=list(tracks.values())):
        individual = offer.individual
        hour = ""
        if individual:
            hour = _("%(name)s on %(day)s, %(span)s") % {
                "name": staff[individual.staff].person.name_used, "day": words.WEEKDAYS[individual.slot.weekday],
                "span": words.span(individual.slot.start, individual.slot.end),
            }  # fmt: skip
        found.append({
            "track": tracks[offer.track], "fits": offer.fits, "groups": [names[s.code] for s in offer.sections], "individual": hour,
            "reasons": [offers.said(r, names) for r in offer.reasons], "left_out": [offers.said(r, names) for r in offer.left_out],
            "meets": offer.meets_hours,
        })  # fmt: skip
    return found


def _done(request: Request, episode: Episode, says: str) -> HttpResponse:
    return web.done(request, "timetable:episode", says, uid=episode.uid)


def _next_day(request: Request) -> date:
    """Tomorrow, or the next Monday when tomorrow is a weekend."""
    day = day_of(request.at) + timedelta(days=1)
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


@access.page(rules.BOOK, of=episodes.episode)
def track(request: Request, episode: Episode) -> HttpResponse:
    tracks = program.tracks()
    free = {
        str(t.track.code): _("%(free)d of %(places)d places free") % {"free": t.free, "places": t.places}
        for t in reads.tracks_with_places(day_of(request.at))
    }
    chosen = tracks.filter(code=request.GET.get("track", "")).first()
    admission = getattr(episode, "admission", None)
    start = {
        "held_from": admission.starts_on if admission else _next_day(request),
        "track": chosen.code if chosen else None,
        "individual": True,
    }
    form = web.form(request, TrackForm, initial=start, tracks=tracks, notes=free)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            placed = actions.place_in_track(
                episode,
                given["track"],
                given["held_from"],
                by=request.actor,
                at=request.at,
                individual=given["individual"],
                confirmed=given["confirmed"],
            )
            says = [_("They have a place in %(n)d groups.") % {"n": len(placed.places)}, *placed.left_out]
            return _done(request, episode, " ".join(says))
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/timetable/track.html", {"form": form, "episode": episode})


@access.page(rules.BOOK, of=episodes.episode)
def group(request: Request, episode: Episode) -> HttpResponse:
    today = day_of(request.at)
    mine = reads.places(episode, today).values_list("group_id", flat=True)
    groups = (
        Group.objects.filter(track__in=program.tracks(), held_until__isnull=True)
        .exclude(pk__in=mine)
        .select_related("track")
        .order_by("track__name", "name")
    )
    form = web.form(
        request,
        GroupForm,
        initial={"held_from": _next_day(request)},
        groups=groups,
        notes=_group_notes(episode, list(groups), today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.join_group(episode, by=request.actor, at=request.at, **form.cleaned_data)
            return _done(request, episode, _("They have a place in the group, and a seat in each session."))
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/timetable/group.html", {"form": form, "episode": episode})


def _group_notes(episode: Episode, groups: list[Group], on: date) -> dict[str, str]:
    used = reads.taken(groups, on)
    meetings: dict[int, list[Meeting]] = {}
    for meeting in Meeting.objects.filter(group__in=groups, held_until__isnull=True).order_by("weekday", "starts"):
        meetings.setdefault(meeting.group_id, []).append(meeting)
    has, free = reads.conditions(episode), reads.free_hours(episode)
    notes = {}
    for group in groups:
        theirs = meetings.get(group.pk, [])
        said = (
            ""
            if not reads.outside(free, [(m.weekday, m.starts, m.ends) for m in theirs])
            else _("outside the hours they can come")
        )
        if not reads.for_their_condition(group, has):
            said = _("for another condition")
        notes[str(group.uid)] = group_note(group, max(0, group.most - used.get(group.pk, 0)), theirs, said)
    return notes


@access.page(rules.BOOK, of=episodes.episode)
def add_visit(request: Request, episode: Episode) -> HttpResponse:
    start = {"held_from": _next_day(request), "staff": getattr(episodes.member(episode, TeamRole.PRIMARY), "uid", None)}
    form = web.form(request, VisitForm, initial=start, staff=_leaders(), rooms=_offices())
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_visit(episode, by=request.actor, at=request.at, **form.cleaned_data)
            return _done(request, episode, _("The visit stands, with its sessions for the weeks ahead."))
        except REFUSALS as refusal:
            web.refused(form, refusal)
    slots = offers.offers(episode, day_of(request.at))
    return web.show(
        request, "care/timetable/visit_form.html", {"form": form, "episode": episode, "slots": _slots(slots)}
    )


def _slots(found: tuple[Any, ...]) -> list[str]:
    """Individual hours that fit, in words, each once."""
    said = [
        f"{words.WEEKDAYS[o.individual.slot.weekday]}, {words.span(o.individual.slot.start, o.individual.slot.end)}"
        for o in found
        if o.individual
    ]
    return list(dict.fromkeys(said))


def _offices() -> Any:
    return Room.objects.exclude(kind="group").select_related("site").order_by("site__name", "name")


@access.page(rules.BOOK, of=episodes.episode)
def once(request: Request, episode: Episode) -> HttpResponse:
    start = {"on": _next_day(request), "staff": getattr(episodes.member(episode, TeamRole.PRIMARY), "uid", None)}
    form = web.form(request, OnceForm, initial=start, staff=_leaders(), rooms=_offices())
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        site = given["room"].site if given["room"] else reads.site_of(episode)
        there = ZoneInfo(site.time_zone if site else "UTC")
        on, starts, ends = given.pop("on"), given.pop("starts"), given.pop("ends")
        begin, end = datetime.combine(on, starts, there), datetime.combine(on, ends, there)
        try:
            actions.book_once(episode, starts_at=begin, ends_at=end, by=request.actor, at=request.at, **given)
            return _done(request, episode, _("The visit is booked."))
        except REFUSALS as refusal:
            if getattr(refusal, "field", None) == "weekday":
                refusal.field = "on"
            web.refused(form, refusal)
    return web.show(request, "care/timetable/once.html", {"form": form, "episode": episode})


@access.page(rules.BOOK, of=reads.place)
def place(request: Request, place: Place) -> HttpResponse:
    form = web.form(request, EndForm, initial={"on": _next_day(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.leave_group(place, given["on"], why=given["why"], by=request.actor, at=request.at)
        return _done(request, place.episode, _("The place in %(group)s ends.") % {"group": place.group.name})
    what = {"title": place.group.name, "since": place.held_from}
    return web.show(request, "care/timetable/end.html", {"form": form, "episode": place.episode, "what": what})


@access.page(rules.BOOK, of=reads.visit)
def visit(request: Request, visit: WeeklyVisit) -> HttpResponse:
    form = web.form(request, EndForm, initial={"on": _next_day(request)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.end_visit(visit, given["on"], why=given["why"], by=request.actor, at=request.at)
        return _done(request, visit.episode, _("The visit ends."))
    title = f"{visit.get_kind_display()}, {visit.staff.person.name_used}"
    return web.show(
        request,
        "care/timetable/end.html",
        {"form": form, "episode": visit.episode, "what": {"title": title, "since": visit.held_from}},
    )


@access.page(rules.BOOK, of=reads.booking)
def booking(request: Request, booking: Booking) -> HttpResponse:
    form = web.form(
        request,
        CancelForm,
        reasons=[CancelledBecause.CLIENT, CancelledBecause.CHANGED],
        initial={"because": CancelledBecause.CLIENT},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_booking(booking, by=request.actor, at=request.at, **form.cleaned_data)
            return _done(request, booking.episode, _("The seat is given back."))
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(
        request,
        "care/timetable/booking.html",
        {"form": form, "episode": booking.episode, "line": reads.line(booking.session, booking=booking)},
    )
