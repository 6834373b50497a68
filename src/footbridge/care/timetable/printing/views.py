from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program import reads as program
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Room, Site
from footbridge.kit import access, paper, trail, web
from footbridge.kit.access import Request
from footbridge.kit.web import files
from footbridge.kit.web.forms import Form

from .. import reads, rules, why
from ..forms import PickForm, monday_of
from ..views import _leaders as leaders
from . import papers


class PrintForm(Form):
    by = forms.ChoiceField(label=gettext_lazy("Pages"), choices=papers.By.choices, initial=papers.By.TRACK)
    size = forms.ChoiceField(label=gettext_lazy("Paper"), choices=papers.Size.choices, initial=papers.Size.LETTER)


def asked_monday(request: Request) -> date:
    """The Monday of ?week=2026-11-02, or of today."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = day_of(request.at)
    return monday_of(asked if 1900 <= asked.year <= 2200 else day_of(request.at))


def foot(request: Request) -> str:
    return _("Printed by %(who)s, %(when)s") % {"who": request.actor.name, "when": date_format(request.at, "DATETIME_FORMAT")}


@access.page(rules.SEE_TIMETABLE)
def choose(request: Request) -> HttpResponse:
    """What is to be printed, and on which paper."""
    context = {"form": PrintForm(initial={"by": request.GET.get("by"), "size": papers.Size.LETTER}), "monday": asked_monday(request), "kept": _kept(request)}
    return web.show(request, "care/timetable/printing/choose.html", context)


def _kept(request: Request) -> list[tuple[str, str]]:
    """What the week was narrowed to when somebody came to print it."""
    return [(name, request.GET[name]) for name in ("track", "site", "leader", "room") if request.GET.get(name)]


@access.page(rules.SEE_TIMETABLE)
def week(request: Request) -> HttpResponse:
    asked = PrintForm({"by": request.GET.get("by", papers.By.TRACK), "size": request.GET.get("size", papers.Size.LETTER)})
    given: dict[str, Any] = asked.cleaned_data if asked.is_valid() else {"by": papers.By.TRACK, "size": papers.Size.LETTER}
    pick = PickForm(
        request.GET, tracks=program.tracks(), sites=Site.objects.order_by("name"), leaders=leaders(), rooms=Room.objects.select_related("site")
    )  # fmt: skip
    chosen = pick.cleaned_data if pick.is_valid() else {}
    filters = reads.Filters(**{name: chosen.get(name) for name in ("track", "site", "leader", "room")})
    made = papers.of_program(
        asked_monday(request), given["by"], filters, given["size"], reader=request.actor, language=get_language() or "en", foot=foot(request)
    )
    return files.hand_out(paper.pdf(made, made_at=request.at), "week.pdf")


@access.page(rules.SEE_CLIENT_WEEK, of=episodes.episode)
def person(request: Request, episode: Episode) -> HttpResponse:
    """To hand to the client: in their words and language."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="timetable on paper")
    return files.hand_out(paper.pdf(own_week(request, episode, asked_monday(request)), made_at=request.at), "week.pdf")


def own_week(request: Request, episode: Episode, monday: date, lessons: Mapping[int, Any] | None = None) -> paper.Document:
    """A person's week in their language. `lessons` are the next lessons by session, from whoever knows what was taught."""
    language = str(episode.client.person.language)
    with override(language):
        told = why.of_week(episode, monday, to_client=True, lessons=lessons)
        printed = _("Printed on %(when)s") % {"when": date_format(request.at, "DATE_FORMAT")}
        return papers.of_person(episode, monday, reasons=told, to_client=True, language=language, foot=printed)
