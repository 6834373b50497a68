"""Staff enter what is on paper or what was said, and read what was answered."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from footbridge.engines import scoring
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Sheet
from footbridge.ground.instruments.rules import GIVE
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from .. import actions, reads, rules
from ..forms import SheetForm, WithdrawForm
from .answering import keep_one


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
    }
    return web.show(request, "care/measures/sheet.html", context)


@access.page(rules.SEE, of=_staff_sheet)
def enter(request: Request, sheet: Sheet) -> HttpResponse:
    """All questions on one page, from paper or by interview. Each answer is kept as it is tapped; danger shows what
    to do at once."""
    if sheet.finished_at is not None or sheet.withdrawn_at is not None:
        return web.done(request, "measures:sheet", "", uid=sheet.uid)
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
    }
    return web.show(request, "care/measures/enter.html", context, status=422 if blanks or form.errors else 200)


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
