"""Staff hand the tablet over, enter what is on paper or what was said, once or twice, and read what was answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from footbridge.engines import scoring
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import GivenHow, Sheet
from footbridge.ground.instruments.rules import GIVE
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .. import actions, reads, rules
from ..forms import SettleForm, SheetForm, TopicForm, WithdrawForm
from ..models import SecondEntry, Topic
from .answering import HANDED, keep_one, tells_danger_too_late


def _staff_sheet(actor, uid):
    return reads.sheet(actor, uid) if actor.is_staff else None


@access.page(rules.SEE, of=_staff_sheet)
def sheet(request: Request, sheet: Sheet) -> HttpResponse:
    """The answers of one sheet, word by word, with its scores."""
    trail.looked(sheet.client, by=request.actor, at=request.at, what=f"answers {sheet.instrument.code}")
    context = {
        "episode": reads.episode_of(sheet),
        "sheet": sheet,
        "title": shelf.definition(sheet).name,
        "rows": shelf.answered_rows(sheet),
        "scores": reads.score_lines(sheet),
        "attribution": shelf.definition(sheet).licence.attribution,
        "alarm": reads.alarm_of(sheet),
        "is_open": sheet.finished_at is None and sheet.withdrawn_at is None,
        "may_give": access.may(request.actor, GIVE, sheet.client),
        "second": SecondEntry.objects.filter(sheet=sheet).select_related("by__person", "settled_by__person").first(),
    }
    return web.show(request, "care/measures/sheet.html", context)


@access.page(rules.SEE, of=_staff_sheet)
def enter(request: Request, sheet: Sheet) -> HttpResponse:
    """All questions on one page, from paper or by interview. Each answer is kept as it is tapped; danger shows what
    to do at once."""
    if sheet.finished_at is not None or sheet.withdrawn_at is not None:
        return _closed(request, sheet)
    here = reverse("measures:enter", args=[sheet.uid])
    form = SheetForm(request.POST or None, sheet=sheet, language=sheet.language, by_staff=True)
    blanks: tuple[str, ...] = ()
    if request.method == "POST" and "one" in request.POST:
        return keep_one(request, [form], by=request.actor, go=f"{here}?danger=1")
    if request.method == "POST" and form.is_valid():
        try:
            given = form.given()
            if given:
                actions.answer_all(sheet, given, by=request.actor, at=request.at)
            if "twice" in request.POST and given:
                return web.done(request, "measures:again", _("Kept. Now type the paper in once more."), uid=sheet.uid)
            if "later" in request.POST:
                return web.done(
                    request, "measures:show", _("Kept. Go on whenever you like."), uid=reads.episode_of(sheet).uid
                )
            blanks = scoring.still_to_ask(form.definition, shelf.answers(sheet))
            if not blanks or "with_blanks" in request.POST:
                actions.finish(sheet, by=request.actor, at=request.at)
                following = next((one for one in shelf.bundle(sheet) if one.finished_at is None), None)
                if reads.alarm_of(sheet) is None and following is not None:
                    return web.done(request, "measures:enter", _("Saved. Now the next one."), uid=following.uid)
                return web.done(request, "measures:sheet", _("Saved and scored."), uid=sheet.uid)
        except (actions.CannotAnswer, actions.CannotFinish) as refusal:
            form.add_error(None, str(refusal))
    context = {
        "episode": reads.episode_of(sheet),
        "sheet": sheet,
        "form": form,
        "title": form.definition.name,
        "instruction": form.wording.instruction if form.wording else "",
        "words_language": form.wording.language if form.wording else "en",
        "attribution": form.definition.licence.attribution,
        "blanks": blanks,
        "alarm": reads.alarm_of(sheet),
        "here": here,
        "is_paper": sheet.how == GivenHow.PAPER,
        "is_interview": sheet.how == GivenHow.INTERVIEW,
    }
    return web.show(request, "care/measures/enter.html", context, status=422 if blanks or form.errors else 200)


@access.page(rules.SEE, of=_staff_sheet)
def again(request: Request, sheet: Sheet) -> HttpResponse:
    """The paper a second time, without the first before one's eyes."""
    if sheet.finished_at is not None or sheet.withdrawn_at is not None:
        return _closed(request, sheet)
    form = SheetForm(request.POST or None, sheet=sheet, language=sheet.language, by_staff=True, is_empty=True)
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.enter_again(sheet, form.given(), by=request.actor, at=request.at)
            if entry.differing:
                return web.done(request, "measures:differences", "", uid=sheet.uid)
            return _scored(request, sheet, _("Both entries agree. Saved and scored."))
        except (actions.CannotEnterAgain, actions.CannotAnswer, actions.CannotFinish) as refusal:
            form.add_error(None, str(refusal))
    return web.show(request, "care/measures/again.html", {**_about(sheet), "form": form, **_worded(form)})


@access.page(rules.SEE, of=_staff_sheet)
def differences(request: Request, sheet: Sheet) -> HttpResponse:
    """Where the two entries differ, item by item, and what the paper says."""
    entry = SecondEntry.objects.filter(sheet=sheet).select_related("by__person", "sheet__entered_by__person").first()
    if entry is None or sheet.finished_at is not None or sheet.withdrawn_at is not None:
        return web.done(request, "measures:sheet", "", uid=sheet.uid)
    form = SettleForm(request.POST or None, sheet=sheet, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle(sheet, form.chosen(), by=request.actor, at=request.at)
            return _scored(request, sheet, _("Settled, saved and scored."))
        except (actions.CannotEnterAgain, actions.CannotAnswer, actions.CannotFinish) as refusal:
            form.add_error(None, str(refusal))
    context = {**_about(sheet), "form": form, "entry": entry, "count": len(entry.differing)}
    return web.show(request, "care/measures/differences.html", context)


def _closed(request: Request, sheet: Sheet) -> HttpResponse:
    """Somebody else finished the form or took it back while it stood on this screen. What was typed is not kept, but danger is heard."""
    danger = tells_danger_too_late(request, [sheet], by=request.actor)
    says = _("The form was closed before this came in, so it was not kept. It shows danger: the alarm is raised.") if danger else ""
    if "one" in request.POST:  # the script that keeps each tap
        return JsonResponse({"kept": False, "go": reverse("measures:sheet", args=[sheet.uid])}, status=200 if danger else 422)
    return web.done(request, "measures:sheet", says, uid=sheet.uid)


def _scored(request: Request, sheet: Sheet, says: str) -> HttpResponse:
    actions.finish(sheet, by=request.actor, at=request.at)
    return web.done(request, "measures:sheet", says, uid=sheet.uid)


def _about(sheet: Sheet) -> dict[str, Any]:
    return {
        "episode": reads.episode_of(sheet),
        "sheet": sheet,
        "title": shelf.definition(sheet).name,
        "attribution": shelf.definition(sheet).licence.attribution,
        "alarm": reads.alarm_of(sheet),
    }


def _worded(form: SheetForm) -> dict[str, str]:
    words = form.wording
    return {"instruction": words.instruction if words else "", "words_language": words.language if words else "en"}


@access.page(GIVE, of=_staff_sheet)
def hand_over(request: Request, sheet: Sheet) -> HttpResponse:
    """The device goes to the client: it opens these forms and nothing else until whoever hands it over shows that it is
    them."""
    if request.method == "POST":
        try:
            actions.hand_over(sheet, by=request.actor, at=request.at)
        except actions.CannotHandOver as refusal:
            return web.done(request, "measures:show", str(refusal), uid=reads.episode_of(sheet).uid)
        request.session[HANDED] = str(sheet.bundle)
        access.hold(request, reverse("measures:room"))
        return HttpResponseRedirect(reverse("measures:room"), status=303)
    titles = [shelf.definition(one).name for one in shelf.bundle(sheet) if one.finished_at is None]
    return web.show(request, "care/measures/hand_over.html", {**_about(sheet), "titles": titles})


@access.page(rules.CLOSE_TOPIC, of=reads.topic)
def topic(request: Request, topic: Topic) -> HttpResponse:
    """Something a score asked to be talked about: what, where it comes from, and that it was."""
    form = web.form(request, TopicForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_topic(topic, note=form.cleaned_data["note"], by=request.actor, at=request.at)
            return web.done(request, "measures:show", _("Kept as talked about."), uid=reads.episode_of(topic.sheet).uid)
        except actions.CannotCloseTopic as refusal:
            web.refused(form, refusal)
    elif request.method == "GET":
        trail.looked(topic.client, by=request.actor, at=request.at, what="topic")
    context = {"episode": reads.episode_of(topic.sheet), "topic": topic, "form": form, "done": getattr(topic, "done", None)}
    return web.show(request, "care/measures/topic.html", context)


@access.page(GIVE, of=_staff_sheet)
def withdraw(request: Request, sheet: Sheet) -> HttpResponse:
    form = web.form(request, WithdrawForm)
    episode = reads.episode_of(sheet)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(sheet, why=form.cleaned_data["why"], by=request.actor, at=request.at)
            return web.done(
                request, "measures:show", _("Taken back. Answers already given stay in the record."), uid=episode.uid
            )
        except actions.CannotWithdraw as refusal:
            web.refused(form, refusal)
    context = {"episode": episode, "sheet": sheet, "form": form, "title": shelf.definition(sheet).name}
    return web.show(request, "care/measures/withdraw.html", context)
