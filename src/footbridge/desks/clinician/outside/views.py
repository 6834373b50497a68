"""Scores from outside: entered on one page, shown with the day and the source, taken back when mistaken; and the answers of
a finished sheet as a FHIR document."""

from __future__ import annotations

import json
import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.care.measures.reads import classes_of, episode_of, of_episode
from footbridge.care.measures.reads import sheet as sheet_of
from footbridge.config import config
from footbridge.engines.scoring import fhir
from footbridge.ground.consent import handing
from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import outside, reads, rules, shelf
from footbridge.ground.instruments.models import GivenHow, OutsideScore, Sheet
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .forms import OutsideForm, TakeBackForm

PAGES = "desks/clinician/outside/"


@access.page(rules.ENTER_OUTSIDE, of=of_episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    """Enter a score, and see those entered before."""
    trail.looked(episode.client, by=request.actor, at=request.at, what="scores from outside")
    away = reads.retired()
    editions = [one for one in reads.all_current() if one.code not in away]
    editions.sort(key=lambda one: (not shelf.definition(one).outside, one.title.casefold()))  # those of class C first
    form = web.form(request, OutsideForm, initial={"form_key": uuid.uuid4()}, editions=editions)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        code, _colon, score = said["what"].partition(":")
        try:
            outside.enter(
                episode.client, code, score=score, value=said["value"], on=said["on"], source=said["source"], source_note=said["source_note"],
                form_key=said["form_key"], episode=None if episode.ended_at else episode, by=request.actor, at=request.at,
            )  # fmt: skip
            return web.done(request, "outside:show", _("The score is on the chart."), uid=episode.uid)
        except outside.CannotEnter as refusal:
            web.refused(form, refusal)
    rows = list(reads.outside_scores(episode.client))
    return web.show(request, PAGES + "show.html", {"episode": episode, "form": form, "rows": rows})


@access.page(rules.ENTER_OUTSIDE, of=reads.outside_score)
def take_back(request: Request, row: OutsideScore) -> HttpResponse:
    episode = episode_of(row.sheet)
    form = web.form(request, TakeBackForm)
    if request.method == "POST" and form.is_valid():
        try:
            outside.take_back(row, why=form.cleaned_data["why"], by=request.actor, at=request.at)
            return web.done(request, "outside:show", _("The score is off the chart."), uid=episode.uid)
        except outside.CannotTakeBack as refusal:
            web.refused(form, refusal)
    return web.show(request, PAGES + "take_back.html", {"episode": episode, "row": row, "form": form})


@access.page(rules.HAND_OUT, of=sheet_of)
def answers(request: Request, sheet: Sheet) -> HttpResponse:
    """A finished sheet as a FHIR R4 QuestionnaireResponse, for somebody who may read it. Handing it out is written down."""
    if sheet.finished_at is None or sheet.withdrawn_at is not None or sheet.how == GivenHow.OUTSIDE:
        raise access.NotYours("nothing to hand out")
    asks = handing.page(
        request, sheet.client, classes_of(sheet), what="answers", detail=sheet.instrument.title, look="answers as a FHIR document", episode=episode_of(sheet)
    )
    if asks is not None:
        return asks
    resource = fhir.response(
        shelf.definition(sheet.instrument), reads.answers(sheet), base=config.base_url, identifier=str(sheet.uid), subject=str(sheet.client.uid),
        authored=sheet.finished_at.isoformat(), language=sheet.language,
    )  # fmt: skip
    answer = HttpResponse(json.dumps(resource, ensure_ascii=False, indent=2), content_type="application/fhir+json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="answers-{sheet.uid}.json"'
    return answer
