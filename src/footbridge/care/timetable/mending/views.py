"""Something happened to the published week: choose what, see the ways to mend it side by side, confirm one, take it back.

Nothing is stored before the confirmation. Each way is carried by its page, sealed for the person who asked.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from footbridge.care.safety import reads as safety
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes.models import Episode
from footbridge.ground.people import actions as people_actions
from footbridge.ground.people.models import Staff
from footbridge.ground.program.days import day_of, zone
from footbridge.ground.program.models import Room
from footbridge.ground.program.rules import CLOSE_DAY
from footbridge.kit import access, web
from footbridge.kit.access import Request
from footbridge.kit.web.sealing import Broken, open_sealed, seal

from .. import actions, reads, rules, words
from ..models import MendedSession, Mending, Session
from ..proposals import MOST_WEEKS, Asked, Plan, Way, broken, covered_until, propose, sites_of
from ..words import Happened
from .forms import ConfirmForm, RoomLostForm, StaffOutForm
from .shown import NAMED, Reader, Shown, sentence

LATELY = timedelta(days=14)


@access.page(rules.MEND)
def out(request: Request) -> HttpResponse:
    """Who is out, or which room: choose, and see the ways. `?staff=` or `?room=` with the days, `?session=`, `?episode=&what=`."""
    desk = request.actor.has("director", "front_desk")
    today = day_of(request.at)
    start = {"from_on": today, "last_on": today}
    people = _people(request)
    staff_form = StaffOutForm(request.GET if "staff" in request.GET else None, staff=people, initial=start)
    room_form = RoomLostForm(_given(request, "room", today), rooms=Room.objects.select_related("site").order_by("site__name", "name"), initial=start, auto_id="room_%s")
    if "staff" in request.GET and len(request.GET) == 1:
        staff_form = StaffOutForm({**{k: v.isoformat() for k, v in start.items()}, "staff": request.GET["staff"]}, staff=people)
    asked = _asked(request, staff_form, room_form)
    if asked is not None:
        access.require(request.actor, rules.MEND, asked)
        return _ways(request, asked)
    context = {
        "staff_form": staff_form, "room_form": room_form if desk else None, "today": _today(request, people), "desk": desk,
        "lately": _lately(request), "weeks": MOST_WEEKS, "may_close": access.may(request.actor, CLOSE_DAY),
    }  # fmt: skip
    wrong = (staff_form.is_bound and not staff_form.is_valid()) or (room_form.is_bound and not room_form.is_valid())
    return web.show(request, "care/timetable/mending/out.html", context, status=422 if wrong else 200)


def _people(request: Request) -> Any:
    """Whom this actor may say to be out: at the desk everybody who leads, else oneself."""
    found = (
        Staff.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=day_of(request.at)), roles_held__role__in=["therapist", "prescriber", "intake"])
        .select_related("person").order_by("person__name_used", "pk").distinct()
    )  # fmt: skip
    return found if request.actor.has("director", "front_desk") else found.filter(pk=request.actor.staff_id or 0)


def _given(request: Request, name: str, today: date) -> dict[str, Any] | None:
    if name not in request.GET:
        return None
    return {"from_on": today.isoformat(), "last_on": today.isoformat(), **request.GET.dict()}


def _asked(request: Request, staff_form: StaffOutForm, room_form: RoomLostForm) -> Asked | None:
    """What the address says happened; None when it says nothing yet, or something that cannot be."""
    if staff_form.is_bound:
        return _of_days(request, "staff_out", staff_form.cleaned_data, staff=staff_form.cleaned_data["staff"]) if staff_form.is_valid() else None
    if room_form.is_bound:
        if not request.actor.has("director", "front_desk"):
            raise Http404
        return _of_days(request, "room_lost", room_form.cleaned_data, room=room_form.cleaned_data["room"]) if room_form.is_valid() else None
    if "session" in request.GET:
        session = reads.session(request.actor, _uid(request.GET["session"]))
        if session is None:
            raise Http404
        monday = words.local(session.starts_at, session.site).date()
        monday -= timedelta(days=monday.weekday())
        there = ZoneInfo(session.site.time_zone)
        return Asked(
            "session_cancelled", datetime.combine(monday, time(), there), datetime.combine(monday + timedelta(days=7), time(), there), session=session
        )
    if "episode" in request.GET:
        what = request.GET.get("what", "")
        episode = Episode.objects.visible_to(request.actor).select_related("client__person").filter(uid=_uid(request.GET["episode"])).first()
        if episode is None or what not in (Happened.CLIENT_HOURS, Happened.CLIENT_LEFT):
            raise Http404
        return Asked(what, request.at, request.at + timedelta(weeks=MOST_WEEKS), episode=episode)
    return None


def _of_days(request: Request, what: str, said: dict[str, Any], staff: Staff | None = None, room: Room | None = None) -> Asked:
    there = ZoneInfo(room.site.time_zone) if room else zone()
    begin = datetime.combine(said["from_on"], said.get("from_time") or time(), there)
    end = datetime.combine(said["last_on"] + timedelta(days=1), time(), there)
    return Asked(what, min(max(begin, request.at), end - timedelta(minutes=1)), end, staff=staff, room=room)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


# ------------------------------------------------------------------ the ways


def _ways(request: Request, asked: Asked) -> HttpResponse:
    """The ways side by side; a post does one of them."""
    sentence = ""
    if request.method == "POST":
        form = ConfirmForm(request.POST, colleagues=_colleagues(request, asked))
        if form.is_valid():
            try:
                if not form.cleaned_data["plan"]:
                    return _only_away(request, asked, form.cleaned_data["cover"])
                plan = _opened(request, asked, form.cleaned_data["plan"])
                done = actions.mend(asked, plan, cover=form.cleaned_data["cover"], by=request.actor, at=request.at)
                return web.done(request, "timetable:mended", _("Done. Everybody it touches is told."), uid=done.uid)
            except (actions.CannotMend, people_actions.CannotGoAway) as refusal:
                sentence = str(refusal)
        else:
            sentence = _("Choose somebody of the list, or nobody, to whom alarms go.")
    ways = propose(asked, at=request.at)
    reader = Reader(request.actor, ways)
    shown = [reader.show(way, asked.staff.pk if asked.staff else None) for way in ways]
    colleagues = _colleagues(request, asked)
    cards = [_card(request, asked, way, one, colleagues, n) for n, (way, one) in enumerate(zip(ways, shown, strict=True))]
    context = {
        "asked": asked, "title": _title(asked), "when": _when(asked), "cards": cards, "sentence": sentence,
        "long": asked.until_at - asked.from_at > timedelta(weeks=MOST_WEEKS - 1), "weeks": MOST_WEEKS,
        "only_away": not cards and asked.what == Happened.STAFF_OUT, "form": ConfirmForm(initial={"plan": ""}, colleagues=colleagues),
    }  # fmt: skip
    return web.show(request, "care/timetable/mending/ways.html", context, status=422 if sentence else 200)


def _card(request: Request, asked: Asked, way: Way, shown: Shown, colleagues: Any, number: int) -> dict[str, Any]:
    """A way with its form. Who covers most of the sessions is proposed for alarms too."""
    start = {"plan": _sealed(request, asked, way.plan), "cover": shown.cover.uid if shown.cover else None}
    form = ConfirmForm(initial=start, colleagues=colleagues, auto_id=f"way{number}_%s")
    if asked.what != Happened.STAFF_OUT:
        del form.fields["cover"]
    return {"shown": shown, "form": form, "best": number == 0, "more": len(shown.losses) - NAMED, "losses": shown.losses[:NAMED]}


def _only_away(request: Request, asked: Asked, cover: Staff | None) -> HttpResponse:
    """Nobody meets anybody then: only the absence is kept."""
    if asked.staff is None:
        raise actions.CannotMend(_("This page is too old, or was altered. Look at the new proposals."))
    if any(broken(asked, request.at).filter(site=site, starts_at__lt=covered_until(asked, site)).exists() for site in sites_of(asked)):
        raise actions.CannotMend(_("There is something to hold by now. Look at the new proposals."))
    here = zone()
    first, last = asked.from_at.astimezone(here).date(), (asked.until_at - timedelta(seconds=1)).astimezone(here).date()
    people_actions.go_away(asked.staff, from_on=first, until_on=last + timedelta(days=1), cover=cover, by=request.actor, at=request.at)
    return web.done(request, "timetable:out", _("Kept. Alarms go to whoever stands in."))


def _bound(request: Request, asked: Asked) -> str:
    """For whom a plan was made and for what: on the page of another day or of somebody else it opens nothing."""
    about = [str(one.uid) for one in (asked.staff, asked.room, asked.session, asked.episode) if one is not None]
    days = [] if asked.episode is not None else [asked.until_at.isoformat()]  # theirs is counted from now
    return ":".join(["mending", str(request.actor.user_id), asked.what, *about, *days])


def _sealed(request: Request, asked: Asked, plan: Plan) -> str:
    return urlsafe_b64encode(seal(plan.packed(), _bound(request, asked))).decode()


def _opened(request: Request, asked: Asked, text: str) -> Plan:
    try:
        return Plan.unpacked(open_sealed(urlsafe_b64decode(text), _bound(request, asked)))
    except (Broken, NotBase64, ValueError):
        raise actions.CannotMend(_("This page is too old, or was altered. Look at the new proposals.")) from None


def _colleagues(request: Request, asked: Asked) -> Any:
    """Who may stand in for alarms."""
    found = safety.can_own(request.at)
    return found.exclude(pk=asked.staff.pk) if asked.staff else found


def _title(asked: Asked) -> str:
    match asked.what:
        case Happened.STAFF_OUT:
            return _("%(name)s is out") % {"name": asked.staff.person.name_used if asked.staff else ""}
        case Happened.ROOM_LOST:
            return _("%(room)s cannot be used") % {"room": asked.room.name if asked.room else ""}
        case Happened.SESSION_CANCELLED:
            return _("%(what)s cannot be held") % {"what": reads.title(asked.session) if asked.session else ""}
        case Happened.CLIENT_HOURS:
            return _("%(name)s can come at other hours") % {"name": asked.episode.client.person.name_used if asked.episode else ""}
        case _:
            return _("%(name)s does not come any more") % {"name": asked.episode.client.person.name_used if asked.episode else ""}


def _when(asked: Asked | Mending) -> str:
    if asked.session is not None:
        return reads.when(asked.session)
    there = ZoneInfo(asked.room.site.time_zone) if asked.room else zone()
    first, last = asked.from_at.astimezone(there), (asked.until_at - timedelta(seconds=1)).astimezone(there)
    if asked.episode is not None:
        return _("From %(day)s on") % {"day": words.day(first.date())}
    from_time = f", {_('from %(time)s') % {'time': words.clock(first)}}" if first.time() > time(0, 0) else ""
    if first.date() == last.date():
        return words.day(first.date()) + from_time
    return _("%(first)s to %(last)s") % {"first": words.day(first.date()) + from_time, "last": words.day(last.date())}


# ------------------------------------------------------------------ what is on, what was done


def _today(request: Request, people: Any) -> list[dict[str, Any]]:
    """Who still has something to hold today, with how much: one press says that they are out."""
    here = zone()
    end = datetime.combine(day_of(request.at) + timedelta(days=1), time(), here)
    led = Session.objects.filter(leader__in=people, cancelled_at__isnull=True, starts_at__gt=request.at, starts_at__lt=end)
    counted = led.values("leader").annotate(n=Count("pk", distinct=True), people=Count("bookings__episode", filter=Q(bookings__cancelled_at__isnull=True), distinct=True))
    by_staff = {row["leader"]: row for row in counted}
    out = []
    for person in people:
        row = by_staff.get(person.pk)
        if row is None:
            continue
        sessions = ngettext("%(n)d session still to come", "%(n)d sessions still to come", row["n"]) % {"n": row["n"]}
        booked = ngettext("%(n)d person booked", "%(n)d people booked", row["people"]) % {"n": row["people"]}
        out.append({"staff": person, "said": f"{sessions}, {booked}", "url": f"{reverse('timetable:out')}?staff={person.uid}"})
    return out


def _lately(request: Request) -> list[dict[str, Any]]:
    """What was mended in the last days, as far as the reader answers for it."""
    found = Mending.objects.filter(at__gt=request.at - LATELY).select_related(
        "staff__person", "room__site", "session__site", "session__group", "episode__client__person", "by__person"
    )
    if not request.actor.has("director", "front_desk"):
        found = found.filter(Q(staff=request.actor.staff_id) | Q(session__leader=request.actor.staff_id))
    return [{"mending": one, "title": _mended_title(one), "when": _when(one)} for one in found[:20]]


def _mended_title(mending: Mending) -> str:
    given = (mending.from_at, mending.until_at)
    return _title(Asked(mending.what, *given, staff=mending.staff, room=mending.room, session=mending.session, episode=mending.episode))


@access.page(rules.MEND, of=reads.mending)
def mended(request: Request, mending: Mending) -> HttpResponse:
    """What was done, who is told by message and who must be called, and the way back."""
    return _mended(request, mending)


def _mended(request: Request, mending: Mending, sentence: str = "") -> HttpResponse:
    rows = list(
        mending.sessions.select_related("session__site", "session__group", "session__leader__person", "session__room", "session__visit").order_by(
            "planned_at", "session"
        )
    )
    people = list(reads.touched(mending).select_related("client__person").order_by("client__person__name_used", "pk"))
    seen = set(Episode.objects.visible_to(request.actor).filter(pk__in=[e.pk for e in people]).values_list("pk", flat=True))
    ways = consents.channels([e.client for e in people], day_of(request.at))
    calls = [e.client.person for e in people if ways[e.client_id] is None]
    desk = request.actor.has("director", "front_desk")
    told = Counter(ways[e.client_id] for e in people)
    context = {
        "mending": mending, "title": _mended_title(mending), "when": _when(mending), "steps": _done_steps(rows),
        "seats": mending.seats.exclude(booking__session__in=[r.session_id for r in rows]).count(),
        "people": len(people), "by_message": told["mail"] + told["text"],
        "calls": calls if desk else [e.client.person for e in people if ways[e.client_id] is None and e.pk in seen],
        "uncalled": 0 if desk else sum(1 for e in people if ways[e.client_id] is None and e.pk not in seen),
        "may_undo": mending.undone_at is None and all(min(r.session.starts_at, r.planned_at) > request.at for r in rows), "sentence": sentence,
    }  # fmt: skip
    return web.show(request, "care/timetable/mending/mended.html", context, status=422 if sentence else 200)


def _done_steps(rows: Sequence[MendedSession]) -> list[str]:
    """What became of each session, as it was kept: it may have been taken back or changed again since."""
    leaders = dict(Staff.objects.filter(uid__in=[row.now["leader"] for row in rows]).values_list("uid", "person__name_used"))
    rooms = dict(Room.objects.filter(uid__in=[row.now["room"] for row in rows if row.now["room"]]).values_list("uid", "name"))
    return [_done_step(row, {str(k): v for k, v in leaders.items()}, {str(k): v for k, v in rooms.items()}) for row in rows]


def _done_step(row: MendedSession, leaders: Mapping[str, str], rooms: Mapping[str, str]) -> str:
    session = row.session
    site = session.site
    was, now = row.was, row.now
    when = _span(was, site)
    named: dict[str, Any] = {"what": reads.title(session), "when": when}
    if now["cancelled"]:
        return _("%(what)s, %(when)s: not held.") % named
    said = []
    if was["starts_at"] != now["starts_at"]:
        said.append(_("moves to %(then)s") % {"then": _span(now, site)})
    if was["leader"] != now["leader"]:
        said.append(_("%(name)s leads") % {"name": leaders.get(now["leader"], "")})
    if was["room"] != now["room"]:
        said.append(_("in %(room)s") % {"room": rooms[now["room"]]} if now["room"] in rooms else _("without a room"))
    return sentence(named, said)


def _span(kept: dict[str, str], site: Any) -> str:
    starts, ends = (words.local(datetime.fromisoformat(kept[name]), site) for name in ("starts_at", "ends_at"))
    return f"{words.day(starts.date())}, {words.span(starts, ends)}"


@access.page(rules.MEND, of=reads.mending)
@require_POST
def undone(request: Request, mending: Mending) -> HttpResponse:
    try:
        actions.undo(mending, by=request.actor, at=request.at)
        return web.done(request, "timetable:mended", _("Taken back. Everything is as it was, and everybody is told."), uid=mending.uid)
    except actions.CannotUndo as refusal:
        return _mended(request, mending, str(refusal))
