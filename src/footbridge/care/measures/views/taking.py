"""A measure's chart to take along: the numbers as CSV, the page as PDF, for somebody who may read it. It is written down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from footbridge.engines.disclosure import DataClass
from footbridge.ground.consent import handing
from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.kit import access, paper
from footbridge.kit.access import Request
from footbridge.kit.web import files

from .. import charting, rules
from ..reads import InstrumentCourse, classes_of


@dataclass(frozen=True)
class Chart:
    """One measure of an episode, by the words of its address."""

    episode: Episode
    code: str


def chart(actor: access.Actor, uid: UUID, code: str) -> Chart | None:
    found = episodes.episode(actor, uid)
    return Chart(found, code) if found else None


def _course(request: Request, about: Chart) -> InstrumentCourse:
    found = next((one for one in charting.of_episode(about.episode, request.at, links=False) if one.code == about.code), None)
    if found is None:
        raise Http404
    return found


def _asks(request: Request, about: Chart, found: InstrumentCourse) -> HttpResponse | None:
    classes = frozenset().union(*(classes_of(point.sheet) for point in found.points)) or frozenset({DataClass.CLINICAL})
    return handing.page(
        request, about.episode.client, classes, what="scores", detail=found.title, look=f"measures file {about.code}", episode=about.episode
    )


@access.page(rules.SEE, of=chart)
def as_csv(request: Request, about: Chart) -> HttpResponse:
    found = _course(request, about)
    return _asks(request, about, found) or files.hand_out(charting.as_csv(found), "scores.csv")


@access.page(rules.SEE, of=chart)
def as_pdf(request: Request, about: Chart) -> HttpResponse:
    found, client = _course(request, about), about.episode.client
    asks = _asks(request, about, found)
    if asks is not None:
        return asks
    printed = _("Printed by %(who)s, %(when)s") % {"who": request.actor.name, "when": date_format(request.at, "DATETIME_FORMAT")}
    document = charting.as_paper(found, who=client.person.name_used, number=client.number, born_on=client.person.born_on, language="en", printed=printed)
    return files.hand_out(paper.pdf(document, made_at=request.at), "scores.pdf")
