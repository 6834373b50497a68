"""A client's own scores to keep: as a table, or as a page. Theirs alone; the name of the file says nothing."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from footbridge.care.measures import charting
from footbridge.care.measures.reads import InstrumentCourse
from footbridge.kit import access, paper
from footbridge.kit.access import Request
from footbridge.kit.web import files

from . import reads, rules


def _own(request: Request, code: str) -> tuple[reads.Mine, InstrumentCourse]:
    me = reads.mine(request.actor, request.at)
    courses = charting.for_client(me.episode, request.at) if me.episode else []
    found = next((one for one in courses if one.code == code), None)
    if found is None:
        raise Http404
    return me, found


@access.page(rules.SEE_OWN)
def as_csv(request: Request, code: str) -> HttpResponse:
    _me, found = _own(request, code)
    return files.hand_out(charting.as_csv(found, for_client=True), "scores.csv")


@access.page(rules.SEE_OWN)
def as_pdf(request: Request, code: str) -> HttpResponse:
    me, found = _own(request, code)
    printed = _("Printed on %(when)s") % {"when": date_format(request.at, "DATE_FORMAT")}
    document = charting.as_paper(
        found, who=me.client.person.name_used, number=me.client.number, born_on=None, language=get_language() or "en", printed=printed
    )
    return files.hand_out(paper.pdf(document, made_at=request.at), "scores.pdf")
