"""The client answers: by link without signing in, in the portal, or on a tablet that staff handed over.

One question a page on a phone, all on one page where there is room; the person may switch, at the same address. Every
answer is kept at once. A dangerous one is followed by the help page before anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from footbridge.ground.episodes.models import Episode
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import Sheet
from footbridge.ground.program import crisis_lines
from footbridge.kit import access, web
from footbridge.kit.access import Actor, Request

from .. import actions, reads, rules
from ..forms import ItemForm, SheetForm, said
from ..steps import Step, Steps, steps

LAYOUT = "questions"  # the cookie with the layout a person chose: one, all
MONTH = 30 * 24 * 3600
HANDED = "handed"  # the bundle a device was handed over with, kept in the browser session


@dataclass(frozen=True)
class Way:
    """How these sheets are being answered: by whom, at which addresses, in which frame."""

    sheets: list[Sheet]
    by: Actor
    here: str
    help: str
    done: str
    frame: str
    language: str
    is_tablet: bool = False

    def to(self, step: Step | None = None) -> str:
        return f"{self.here}?at={step.key}" if step else self.here


def _language(request: Request, sheet: Sheet) -> str:
    """The language the person chose on this device, else the one the questions were given in."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else sheet.language


@access.open_page(
    "The token is the key: it opens one person's questions, and nothing else, until it runs out or all is answered."
)
def by_link(request: Request, token: str) -> HttpResponse:
    sheets = shelf.sheets_by_token(token, request.at)
    if not sheets:
        ever = shelf.sheets_of_link(token)
        done = reverse("measures:thanks")
        return _closed(request, _way_to_help(request, ever, done, "web/public.html", by=actions.by_link(ever[0])) if ever else None)
    way = Way(
        sheets,
        actions.by_link(sheets[0]),
        reverse("measures:by_link", args=[token]),
        reverse("measures:help_by_link", args=[token]),
        reverse("measures:thanks"),
        "web/public.html",
        _language(request, sheets[0]),
    )
    return _answer(request, way)


@access.page(rules.ANSWER_OWN, of=reads.own_sheet_ever)
def own(request: Request, sheet: Sheet) -> HttpResponse:
    """A client's own sheet, with those given together with it."""
    bundle = shelf.bundle(sheet)
    way = Way(
        bundle,
        request.actor,
        reverse("measures:answer", args=[sheet.uid]),
        reverse("measures:help", args=[sheet.uid]),
        reverse("measures:thanks"),
        "web/portal.html",
        _language(request, sheet),
    )
    if sheet.withdrawn_at is not None or all(one.finished_at is not None for one in bundle) or not _still_open(bundle, request):
        return _closed(request, replace(way, sheets=shelf.whole_bundle(sheet)))
    return _answer(request, way)


def _hear_own(request: Request, uid: UUID) -> str:
    """The session locked while the questions stood on the screen. The answer is not kept until they unlock; danger in it is told at once."""
    sheet = reads.own_sheet_ever(request.actor, uid)
    if sheet is None or not access.may(request.actor, rules.ANSWER_OWN, sheet):
        return ""
    way = _way_to_help(request, shelf.whole_bundle(sheet), "", "web/portal.html")
    return reverse("help_now") if _tells_danger_too_late(request, way) else ""


own.heard_while_locked = _hear_own  # type: ignore[attr-defined]


@access.page(rules.ANSWER_OWN, of=reads.own_episode)
@require_POST
def start(request: Request, episode: Episode) -> HttpResponse:
    """The client opens what is due now; the forms wait from then on like any others."""
    sheets = actions.start_due(episode, by=request.actor, at=request.at)
    if not sheets:  # a second tap, or the clock was quicker: they are on the list
        return _see_other(reverse("client:questions"))
    return _see_other(reverse("measures:answer", args=[sheets[0].uid]))


@access.open_page("A device that staff handed over is held to this place: one person's open forms, and nothing else.")
def room(request: Request, bundle: UUID | None = None) -> HttpResponse:
    """The address of a page names the forms it belongs to: a page of the person before, still open beside this one, must not answer for
    the person who has the device now."""
    way = _handed(request)
    if way is not None and bundle is not None and way.here != reverse("measures:room_of", args=[bundle]):
        return _of_the_person_before(request, way, bundle)
    if way is None:
        # Taken back, or the forms were: what a page of it still sends is heard for the person whose page it was.
        ever = shelf.whole_bundle_by_uid(str(bundle or request.session[HANDED])) if request.session.get(HANDED) else []
        done = reverse("measures:thanks")
        return _closed(request, _way_to_help(request, ever, done, "web/public.html", by=actions.by_tablet(ever[0])) if ever else None)
    if all(sheet.finished_at is not None for sheet in way.sheets):
        return _see_other(way.help if _tells_danger_too_late(request, way) else way.done)
    if bundle is None and request.method == "GET":
        asked = request.META.get("QUERY_STRING", "")
        return _see_other(f"{way.here}?{asked}" if asked else way.here)
    return _answer(request, way)


def _of_the_person_before(request: Request, way: Way, bundle: UUID) -> HttpResponse:
    """What an old page sends is not kept. Danger in it is told, for the person whose page it was."""
    ever = shelf.whole_bundle_by_uid(str(bundle))
    if ever and tells_danger_too_late(request, ever, by=actions.by_tablet(ever[0])):
        return JsonResponse({"kept": False, "go": way.help}) if "one" in request.POST else _see_other(way.help)
    return JsonResponse({"kept": False, "go": way.here}) if "one" in request.POST else _see_other(way.here)


@access.open_page("Crisis lines on a device that was handed over, and the way back to its questions.")
def room_help(request: Request) -> HttpResponse:
    way = _handed(request)
    if way is None:
        return web.show(request, "care/measures/closed.html", status=404)
    return _help(request, way)


@access.open_page("The end of the questions on a device that was handed over: names nobody.")
def room_thanks(request: Request) -> HttpResponse:
    way = _handed(request)
    if way is None:
        return web.show(request, "care/measures/closed.html", status=404)
    with translation.override(way.language):
        left = any(sheet.finished_at is None for sheet in way.sheets)
        return web.show(request, "care/measures/room_thanks.html", {**_room(way), "left": left, "here": way.here})


def _handed(request: Request) -> Way | None:
    """The forms this device was handed over with; None for a device that was not."""
    bundle = request.session.get(HANDED)
    if not bundle or not access.held_at(request):
        return None
    sheets = shelf.bundle_by_uid(bundle)
    if not sheets:
        return None
    return Way(
        sheets,
        actions.by_tablet(sheets[0]),
        reverse("measures:room_of", args=[sheets[0].bundle]),
        reverse("measures:room_help"),
        reverse("measures:room_thanks"),
        "care/measures/room.html",
        _language(request, sheets[0]),
        is_tablet=True,
    )


def _room(way: Way) -> dict[str, str]:
    """What the frame of a device that was handed over needs: where its owner comes back to."""
    return {"back_to_staff": reverse("measures:sheet", args=[way.sheets[0].uid])} if way.is_tablet else {}


def _still_open(sheets: list[Sheet], request: Request) -> bool:
    return all(one.expires_at is None or one.expires_at > request.at for one in sheets if one.finished_at is None)


def _answer(request: Request, way: Way) -> HttpResponse:
    """All on one page or one by one: as the address says, else as the person chose before, else one by one, from where a
    wide screen goes on to all by itself."""
    chosen = request.GET.get("show", "")
    layout = chosen or request.COOKIES.get(LAYOUT, "")
    with translation.override(way.language):
        if "all" in request.GET or (layout == "all" and "at" not in request.GET and "step" not in request.POST):
            answer = _all_on_one(request, way)
        else:
            answer = _one_by_one(request, way, may_widen=not layout)
    if chosen in ("one", "all"):
        answer.set_cookie(LAYOUT, chosen, max_age=MONTH, samesite="Lax", secure=request.is_secure(), httponly=True)
    return answer


def _one_by_one(request: Request, way: Way, *, may_widen: bool) -> HttpResponse:
    todo = steps(way.sheets)
    if request.method == "POST":
        return _take_one(request, way, todo)
    asked = todo.at(request.GET.get("at", "")) or todo.next
    if asked is None:
        return _finish(request, way)
    widen = f"{way.here}?all=1" if may_widen and "at" not in request.GET else ""
    return _ask(request, way, todo, asked, ItemForm(asked=asked, language=way.language), widen)


def _take_one(request: Request, way: Way, todo: Steps) -> HttpResponse:
    asked = todo.at(request.POST.get("step", ""))
    if asked is None:  # a second tap, or a gate has closed it: go on with what is open
        return _see_other(way.help if _tells_danger_too_late(request, way) else way.here)
    form = ItemForm(request.POST, asked=asked, language=way.language)
    value = None
    if "skip" not in request.POST:
        value = form.cleaned_data["answer"] if form.is_valid() else ""
        if value in (None, ""):
            form.add_error("answer", _("Choose an answer, or tap “I'd rather not answer”."))
            return _ask(request, way, todo, asked, form)
    try:
        taken = actions.answer(asked.sheet, asked.item.code, value, by=way.by, at=request.at)
    except actions.CannotAnswer as refusal:
        if _tells_danger_too_late(request, way):  # closed between two taps
            return _see_other(way.help)
        web.refused(form, refusal)
        return _ask(request, way, todo, asked, form)
    on = _see_other(way.here) if steps(way.sheets).next else _finish(request, way)
    return _see_other(way.help) if taken.critical is not None else on


def _ask(
    request: Request, way: Way, todo: Steps, asked: Step, form: ItemForm, widen: str = ""
) -> HttpResponse:
    definition = shelf.definition(asked.sheet)
    wording = shelf.wording_of(asked.sheet, way.language)
    before = todo.before(asked)
    first = todo.number(asked) == 1
    context = {
        "frame": way.frame,
        "form": form,
        "number": todo.number(asked),
        "of": len(todo.all),
        "minutes": max(1, round(len(todo.all) / 6)),
        "is_first": first and asked.is_open,
        "back": way.to(before) if before else "",
        "lead": " · ".join(part for part in (wording.groups.get(asked.item.code, ""), wording.instruction) if part)
        if wording
        else "",
        "words_language": wording.language if wording else "en",
        "attribution": definition.licence.attribution,
        "all_url": f"{way.here}?show=all",
        "widen": widen,
        **_room(way),
    }
    return web.show(request, "care/measures/question.html", context)


def _all_on_one(request: Request, way: Way) -> HttpResponse:
    """Every open question on one page. With scripting each answer is kept as it is tapped; without, on sending."""
    open_ones = [sheet for sheet in way.sheets if sheet.finished_at is None]
    make: Callable[[Sheet], SheetForm] = lambda sheet: SheetForm(  # noqa: E731
        request.POST or None, sheet=sheet, language=way.language, by_staff=False
    )
    forms = [make(sheet) for sheet in open_ones]
    if request.method == "POST":
        if "one" in request.POST:
            return _keep_one(request, way, forms)
        if all(form.is_valid() for form in forms):
            return _take_all(request, way, forms)
    context = {
        "frame": way.frame,
        "forms": forms,
        "one_url": f"{way.here}?show=one",
        "here": f"{way.here}?all=1",
        **_room(way),
    }
    return web.show(request, "care/measures/all.html", context, status=422 if any(f.errors for f in forms) else 200)


def _take_all(request: Request, way: Way, forms: list[SheetForm]) -> HttpResponse:
    critical = False
    for form in forms:
        given = form.given()
        if given:
            critical = actions.answer_all(form.sheet, given, by=way.by, at=request.at).critical is not None or critical
    for form in forms:
        if form.given():
            actions.finish(form.sheet, by=way.by, at=request.at)
    if critical:
        return _see_other(way.help)
    return _see_other(way.done if all(form.given() for form in forms) else f"{way.here}?all=1")


def _keep_one(request: Request, way: Way, forms: list[SheetForm]) -> HttpResponse:
    answer = keep_one(request, forms, by=way.by, go=way.help)
    if answer.status_code == 422 and _tells_danger_too_late(request, way):
        return JsonResponse({"kept": False, "go": way.help})
    return answer


def keep_one(request: Request, forms: list[SheetForm], *, by: Actor, go: str) -> HttpResponse:
    """Keep the one answer that was just tapped (the script sends its field's name as `one`). Says where to go when it
    is dangerous."""
    name = request.POST.get("one", "")
    for form in forms:
        code = name.removeprefix(f"{form.prefix}-item_")
        value = request.POST.get(name, "")
        if code == name or value == "":
            continue
        try:
            taken = actions.answer(form.sheet, code, said(value), by=by, at=request.at)
        except actions.CannotAnswer as refusal:
            return JsonResponse({"kept": False, "why": str(refusal)}, status=422)
        return JsonResponse({"kept": True, "go": go if taken.critical is not None else ""})
    return JsonResponse({"kept": False}, status=422)


def _finish(request: Request, way: Way) -> HttpResponse:
    for sheet in way.sheets:
        if sheet.finished_at is None:
            actions.finish(sheet, by=way.by, at=request.at)
    return _see_other(way.done)


@access.open_page("Says thank you; names nobody.")
def thanks(request: Request) -> HttpResponse:
    frame = "web/portal.html" if request.actor.has("client") else "web/public.html"
    return web.show(request, "care/measures/thanks.html", {"frame": frame})


@access.open_page("Crisis lines, and the way back to the questions whose token this is.")
def help_by_link(request: Request, token: str) -> HttpResponse:
    sheets = shelf.sheets_by_token(token, request.at, finished_too=True)
    if not sheets:
        return web.show(request, "care/measures/closed.html", status=404)
    here = reverse("measures:by_link", args=[token])
    return _help(request, _way_to_help(request, sheets, here, "web/public.html"))


@access.page(rules.ANSWER_OWN, of=reads.own_sheet)
def help_own(request: Request, sheet: Sheet) -> HttpResponse:
    here = reverse("measures:answer", args=[sheet.uid])
    return _help(request, _way_to_help(request, shelf.bundle(sheet), here, "web/portal.html"))


def _way_to_help(request: Request, sheets: list[Sheet], here: str, frame: str, *, by: Actor | None = None) -> Way:
    language = _language(request, sheets[0])
    return Way(sheets, by or request.actor, here, "", reverse("measures:thanks"), frame, language)


def _closed(request: Request, way: Way | None) -> HttpResponse:
    """These questions are not open any more. But a page may still stand on somebody's screen (they went back, or the hour came): what
    it sends is read for danger, and help comes first then, too."""
    if way is None:
        return web.show(request, "care/measures/closed.html", status=404)
    if _tells_danger_too_late(request, way):
        if "one" in request.POST:  # a tap that the script sent
            return JsonResponse({"kept": False, "go": reverse("help_now")})
        return _help(request, replace(way, here=way.done))
    return web.show(request, "care/measures/closed.html", {"frame": way.frame}, status=404)


def _tells_danger_too_late(request: Request, way: Way) -> bool:
    return tells_danger_too_late(request, way.sheets, by=way.by)


def tells_danger_too_late(request: Request, sheets: list[Sheet], *, by: Actor) -> bool:
    """What was sent for questions that are closed: whether it shows danger. The alarm is raised then."""
    if request.method != "POST" or "skip" in request.POST:
        return False
    found = False
    for sheet in sheets:
        given: dict[str, object | None] = {}
        for item in shelf.definition(sheet).items:
            alone = request.POST.get("step") == f"{sheet.place}-{item.code}"
            value = ",".join(request.POST.getlist("answer" if alone else f"s{sheet.place}-item_{item.code}"))
            if value:
                given[item.code] = value
        if given:
            found = actions.told_too_late(sheet, given, by=by, at=request.at).critical is not None or found
    return found


def _help(request: Request, way: Way) -> HttpResponse:
    """What stands between a dangerous answer and the next question."""
    with translation.override(way.language):
        on = any(sheet.finished_at is None for sheet in way.sheets)
        context = {
            "frame": way.frame,
            "lifeline": crisis_lines.line("lifeline"),
            "emergency": crisis_lines.line("emergency"),
            "on": way.here if on else way.done,
            "is_tablet": way.is_tablet,
            **_room(way),
        }
        return web.show(request, "care/measures/help.html", context)


def _see_other(to: str) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer
