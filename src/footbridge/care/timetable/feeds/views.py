"""The page where somebody keeps their calendar's address, and the address itself."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from footbridge.kit import access, web
from footbridge.kit.access import Request, limits
from footbridge.kit.access.lockout import address_of

from . import actions, calendar, reads, rules
from .forms import ClientFeedForm, StaffFeedForm

READS_AN_HOUR = 60  # of one calendar; programs ask every fifteen minutes at most, on a few devices
WRONG_AN_HOUR = 30  # addresses nobody has, from one place


@access.page(rules.OWN_AS_CLIENT)
def mine(request: Request) -> HttpResponse:
    return _keep(request, ClientFeedForm, _("Appointment"), work=False)


@access.page(rules.OWN_AS_STAFF)
def work(request: Request) -> HttpResponse:
    return _keep(request, StaffFeedForm, _("Work"), work=True)


def _page(work: bool) -> str:
    return "feeds:work" if work else "feeds:mine"


def _keep(request: Request, kind: type[Any], usual: str, *, work: bool) -> HttpResponse:
    feed = reads.own(request.actor, work=work)
    start = {"title": feed.title, "shows_place": feed.shows_place} if feed else {"title": usual}
    form = web.form(request, kind, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            if feed is None:
                actions.open_feed(**form.cleaned_data, work=work, by=request.actor, at=request.at)
                return web.done(request, _page(work), _("Here is your address. Keep it to yourself."))
            actions.change(feed, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, _page(work), _("Saved. Your calendar shows it the next time it looks."))
        except actions.CannotKeepFeed as refusal:
            web.refused(form, refusal)
    at = reads.address(feed) if feed else ""
    context = {"form": form, "feed": feed, "address": at, "subscribe": at.replace("https://", "webcal://", 1) if at.startswith("https://") else ""}
    return web.show(request, f"care/timetable/feeds/{'work' if work else 'mine'}.html", context)


def _renew(request: Request, *, work: bool) -> HttpResponse:
    feed = reads.own(request.actor, work=work)
    if feed is None:
        raise Http404
    actions.renew(feed, by=request.actor, at=request.at)
    return web.done(request, _page(work), _("You have a new address. The old one works no more: give the new one to your calendar."))


def _end(request: Request, *, work: bool) -> HttpResponse:
    feed = reads.own(request.actor, work=work)
    if feed is None:
        raise Http404
    actions.end(feed, by=request.actor, at=request.at)
    return web.done(request, _page(work), _("The address works no more. Take the calendar off your phone, too: it may keep what it has read."))


@access.page(rules.OWN_AS_CLIENT)
@require_POST
def renew_mine(request: Request) -> HttpResponse:
    return _renew(request, work=False)


@access.page(rules.OWN_AS_CLIENT)
@require_POST
def end_mine(request: Request) -> HttpResponse:
    return _end(request, work=False)


@access.page(rules.OWN_AS_STAFF)
@require_POST
def renew_work(request: Request) -> HttpResponse:
    return _renew(request, work=True)


@access.page(rules.OWN_AS_STAFF)
@require_POST
def end_work(request: Request) -> HttpResponse:
    return _end(request, work=True)


@access.open_page("A calendar program cannot sign in: it shows a long secret address, and learns times and a word its owner chose")
@require_safe
def ics(request: Request, secret: str) -> HttpResponse:
    place = address_of(request)
    if limits.spent("calendar-wrong", place, WRONG_AN_HOUR):
        return _later()
    feed = reads.opened_by(secret, request.at)
    if feed is None:
        limits.too_many("calendar-wrong", place, WRONG_AN_HOUR)
        raise Http404
    if limits.too_many("calendar", feed.digest, READS_AN_HOUR):
        return _later()
    made = calendar.ics(feed.title, reads.hours(feed, request.at))
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    etag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _later() -> HttpResponse:
    answer = HttpResponse(status=429)
    answer["Retry-After"] = "3600"
    return answer
