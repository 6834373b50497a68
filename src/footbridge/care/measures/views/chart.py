"""The clinician's page: course, open sheets, alerts; giving questions."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.config import config
from footbridge.data import parsed
from footbridge.ground.consent import reads as consents
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import actions as instruments
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Sheet
from footbridge.ground.instruments.rules import GIVE
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .. import actions, charting, reads, rules, schedule, words
from ..forms import CloseAlertForm, GiveForm
from ..models import CourseAlert


@access.page(rules.SEE, of=reads.of_episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="measures")
    alerts = list(reads.alerts(episode))
    asked = schedule.listed(episode, request.at)
    courses = charting.of_episode(episode, request.at)
    together = reads.recovery(courses)
    context = {
        "episode": episode,
        "courses": courses,
        "together": words.said(together.sentence) if together else "",
        "schedule": asked,
        "due_codes": ",".join(row.instrument for row in asked if row.is_now and not row.by_staff and row.sheet is None),
        "topics": reads.topics([episode.client_id]).get(episode.client_id, []),
        "open_sheets": reads.open_rows(episode.client, request.at),
        "finished": reads.finished(episode.client),
        "alerts": [alert for alert in alerts if not hasattr(alert, "closed")],
        "closed_alerts": [alert for alert in alerts if hasattr(alert, "closed")],
        "may_close": access.may(request.actor, rules.CLOSE_ALERT, episode),
        "may_give": access.may(request.actor, GIVE, episode.client),
    }
    return web.show(request, "care/measures/show.html", context)


@access.page(GIVE, of=reads.of_episode)
def give(request: Request, episode: Episode) -> HttpResponse:
    """Choose questions and how they are asked. A link is shown once, here, and sent when the client agreed to
    messages."""
    usual = [code for line in parsed("measures")["schedule"] if line["event"] == "weekly" for code in line["ask"]]
    editions = sorted(
        shelf.choosable(), key=lambda one: (usual.index(one.code) if one.code in usual else 99, one.title)
    )
    initial: dict[str, Any] = {
        "form_key": uuid.uuid4(),
        "codes": request.GET.get("codes", "phq9,gad7").split(","),
        "how": request.GET.get("how", ""),
        "language": episode.client.person.language,
    }
    form = web.form(request, GiveForm, initial=initial, editions=editions)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            sheets, token = instruments.give(
                episode.client,
                said["codes"],
                how=said["how"],
                occasion=_occasion(request),
                language=said["language"],
                episode=None if episode.ended_at else episode,
                bundle=said["form_key"],
                by=request.actor,
                at=request.at,
            )
            return _after_giving(request, episode, sheets, token)
        except instruments.CannotGive as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/measures/give.html", {"episode": episode, "form": form})


def _occasion(request: Request) -> str:
    return "trigger" if "cssrs" in request.GET.get("codes", "") else "by_hand"


def _after_giving(request: Request, episode: Episode, sheets: list[Sheet], token: str | None) -> HttpResponse:
    if token is not None:
        return _link(request, episode, sheets[0], token)
    if sheets[0].how == "tablet":
        return web.done(request, "measures:hand_over", "", uid=sheets[0].uid)
    if sheets[0].how in ("paper", "interview"):
        return web.done(request, "measures:enter", "", uid=sheets[0].uid)
    return web.done(request, "measures:show", _("Given. It waits under Questions when they sign in."), uid=episode.uid)


def _link(request: Request, episode: Episode, sheet: Sheet, token: str) -> HttpResponse:
    context = {
        "episode": episode,
        "link": config.base_url + reverse("measures:by_link", args=[token]),
        "expires_at": sheet.expires_at,
        "is_sent": consents.channel(episode.client, day_of(request.at)) is not None,
    }
    return web.show(request, "care/measures/link.html", context)


def _staff_sheet(actor: access.Actor, uid: uuid.UUID) -> Sheet | None:
    return reads.sheet(actor, uid) if actor.is_staff else None


@access.page(GIVE, of=_staff_sheet)
@require_POST
def renew(request: Request, sheet: Sheet) -> HttpResponse:
    """A new link for an open sheet; the old one opens nothing from now on."""
    episode = reads.episode_of(sheet)
    try:
        token = instruments.renew_link(sheet, by=request.actor, at=request.at)
    except instruments.CannotGive as refusal:
        return web.done(request, "measures:show", str(refusal), uid=episode.uid)
    sheet.refresh_from_db()
    return _link(request, episode, sheet, token)


@access.page(rules.CLOSE_ALERT, of=reads.alert)
def close_alert(request: Request, alert: CourseAlert) -> HttpResponse:
    form = web.form(request, CloseAlertForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_course_alert(alert, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "measures:show", _("Closed with what was decided."), uid=alert.episode.uid)
        except actions.CannotCloseAlert as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(alert.episode.client, by=request.actor, at=request.at, what="course alert")
    context = {"episode": alert.episode, "alert": alert, "form": form, "courses": reads.course(alert.episode)}
    return web.show(request, "care/measures/close_alert.html", context)
