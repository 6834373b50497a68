"""The shelf: every instrument, what it asks and how it is scored; texts added, our own written, verified, retired."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from ruamel.yaml import YAML

from footbridge.care.measures.forms import ItemForm, SheetForm
from footbridge.care.measures.steps import Step
from footbridge.config import config
from footbridge.engines import scoring
from footbridge.engines.scoring import fhir
from footbridge.ground.instruments import files, reads, rules, said, shelf, versions
from footbridge.ground.instruments.models import InstrumentEdition, Origin, Sheet
from footbridge.ground.people.words import Language
from footbridge.kit import access, web
from footbridge.kit.access import Actor, Request
from footbridge.kit.web import drafts

from . import builder as building
from .forms import FileForm, LanguageForm, QuestionnaireForm, RetireForm, TextForm, VerifyForm

PAGES = "desks/director/shelf/"
MAX_JSON = 2_000_000
STATES = ("ready", "needs_text", "draft", "outside", "retired")


@dataclass(frozen=True)
class Shown:
    """An instrument as its pages are about it: all its versions, and the one looked at."""

    code: str
    edition: InstrumentEdition
    versions: list[InstrumentEdition]

    @property
    def definition(self) -> scoring.Definition:
        return shelf.definition(self.edition)

    @property
    def newest(self) -> InstrumentEdition:
        return self.versions[0]

    @property
    def number(self) -> int:
        """Its number among the versions, counted from the first one stored."""
        return len(self.versions) - self.versions.index(self.edition)


def instrument(actor: Actor, code: str) -> Shown | None:
    """The instrument by its short name, looked at in the version that is given now."""
    stored = reads.versions(code)
    if not stored:
        return None
    given = reads.current(code)
    return Shown(code, next(one for one in stored if given and one.pk == given.pk), stored)


def _looked_at(request: Request, shown: Shown) -> Shown:
    """The same in the version that `?version=` names (1 is the first one)."""
    wanted = request.GET.get("version", "")
    if wanted.isdigit() and 1 <= int(wanted) <= len(shown.versions):
        return Shown(shown.code, shown.versions[len(shown.versions) - int(wanted)], shown.versions)
    return shown


# ------------------------------------------------------------------ looking


@access.page(rules.SEE_SHELF)
def index(request: Request) -> HttpResponse:
    rows = reads.on_shelf(request.at)
    state = request.GET.get("state", "")
    counts = [(one, sum(row.state == one for row in rows)) for one in STATES]
    wanted = request.GET.get("q", "").strip()
    shown = [row for row in rows if row.state == state] if state in STATES else rows
    context = {
        "rows": [row for row in shown if wanted.casefold() in f"{row.definition.name} {row.definition.measures} {row.edition.code}".casefold()],
        "q": wanted,
        "state": state if state in STATES else "",
        "counts": [(one, STATE_WORDS[one](), count) for one, count in counts if count],
        "all_count": len(rows),
        "may_write": access.may(request.actor, rules.WRITE_OWN),
    }
    return web.show(request, PAGES + "index.html", context)


STATE_WORDS = {
    "ready": lambda: _("Ready"),
    "needs_text": lambda: _("Needs its text"),
    "draft": lambda: _("Draft"),
    "outside": lambda: _("Score from outside"),
    "retired": lambda: _("Retired"),
}
CLASS_WORDS = {
    "A": lambda: _("Text and scoring come with Footbridge"),
    "AD": lambda: _("Text and scoring come with Footbridge; the wording is locked"),
    "B": lambda: _("Scoring comes with Footbridge; each site adds the text under its own license"),
    "C": lambda: _("Only a score from outside may be entered"),
}


@access.page(rules.SEE_SHELF, of=instrument)
def show(request: Request, shown: Shown) -> HttpResponse:
    current = shown.edition
    shown = _looked_at(request, shown)
    form = shown.definition
    gone = reads.retired().get(shown.code)
    own = shown.newest.origin == Origin.OWN
    context = {
        "shown": shown,
        "shown_number": str(shown.number),
        "version_words": _("%(number)s of %(count)s, edition %(edition)s") % {"number": shown.number, "count": len(shown.versions), "edition": form.edition},
        "edition": shown.edition,
        "form": form,
        "state": reads.state(form, is_retired=gone is not None),
        "state_words": STATE_WORDS[reads.state(form, is_retired=gone is not None)](),
        "klass": _("Our own") if own else CLASS_WORDS[form.licence.klass](),
        "retired": gone,
        "is_current": shown.edition.pk == current.pk,
        "current": current,
        "waiting": shown.newest if own and not shown.newest.verified and shown.newest.pk != current.pk else None,
        "scores": said.scores(form),
        "gates": said.gates(form),
        "critical": said.critical(form),
        "checks": said.checks(form),
        "languages": [(said.language(w.language), w) for w in form.wordings.values()],
        "history": _history(shown),
        "may_text": access.may(request.actor, rules.ADD_TEXT) and shown.edition.pk == shown.newest.pk and versions.takes_text(shown.edition),
        "may_write": own and access.may(request.actor, rules.WRITE_OWN),
        "may_verify": own and not shown.newest.verified and access.may(request.actor, rules.VERIFY),
        "may_retire": access.may(request.actor, rules.RETIRE),
    }
    return web.show(request, PAGES + "show.html", context)


def _history(shown: Shown) -> list[dict[str, Any]]:
    """Every version, newest first, with what is different from the one before it."""
    rows = []
    for place, one in enumerate(shown.versions):
        older = shown.versions[place + 1] if place + 1 < len(shown.versions) else None
        changed = said.differences(shelf.definition(older), shelf.definition(one)) if older else []
        rows.append({"edition": one, "number": len(shown.versions) - place, "changed": changed, "is_first": older is None})
    return rows


@access.page(rules.SEE_SHELF, of=instrument)
def compare(request: Request, shown: Shown) -> HttpResponse:
    """Two versions side by side, whichever one chooses."""
    count = len(shown.versions)

    def chosen(name: str, otherwise: int) -> int:
        typed = request.GET.get(name, "")
        return int(typed) if typed.isdigit() and 1 <= int(typed) <= count else otherwise

    new, old = chosen("new", count), chosen("old", max(1, count - 1))
    sides = [shown.versions[count - number] for number in (old, new)]
    forms = [shelf.definition(one) for one in sides]
    context = {
        "shown": shown,
        "old": old,
        "new": new,
        "numbers": range(1, count + 1),
        "changed": said.differences(*forms),
        "sides": [
            {"number": number, "edition": one, "form": form, "scores": said.scores(form), "critical": said.critical(form), "gates": said.gates(form),
             "questions": [_words_of(form, item) for item in form.items]}
            for number, one, form in zip((old, new), sides, forms, strict=True)
        ],
    }  # fmt: skip
    return web.show(request, PAGES + "compare.html", context)


def _words_of(form: scoring.Definition, item: scoring.Item) -> str:
    first = next(iter(form.wordings.values()), None)
    return f"{item.code}. {first.items[item.code]}" if first else item.code


# ------------------------------------------------------------------ as a client meets it


@access.page(rules.SEE_SHELF, of=instrument)
def preview(request: Request, shown: Shown) -> HttpResponse:
    """The questions as a client meets them, in the same pages. Nothing is kept: what was answered stands in the address
    (?a=1:2), so that conditions work and the scoring can be tried."""
    shown = _looked_at(request, shown)
    form = shown.definition
    if not form.wordings:
        return web.show(request, PAGES + "no_text.html", {"shown": shown, "form": form}, status=404)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in form.wordings else next(iter(form.wordings))
    sheet = Sheet(instrument=shown.edition, language=language, place=0)
    held = dict(pair.split(":", 1) for pair in request.GET.getlist("a") if ":" in pair)
    looked = {"version": str(shown.number), "language": language}
    frame = {
        "frame": PAGES + "preview.html", "shown": shown, "back_url": f"{reverse('instruments:show', args=[shown.code])}?version={shown.number}",
        "languages": [(code, said.language(code), code == language) for code in form.wordings],
    }  # fmt: skip
    with translation.override(language if language in dict(settings.LANGUAGES) else "en"):
        if "all" in request.GET:
            return _all_on_one(request, sheet, looked, frame)
        return _one_by_one(request, sheet, held, looked, frame)


def _address(shown: Shown, looked: dict[str, str], held: dict[str, str], **more: str) -> str:
    query = QueryDict(mutable=True)
    query.update({**looked, **more})
    query.setlist("a", [f"{code}:{value}" for code, value in held.items()])
    return f"{reverse('instruments:preview', args=[shown.code])}?{query.urlencode()}"


def _one_by_one(request: Request, sheet: Sheet, held: dict[str, str], looked: dict[str, str], frame: dict[str, Any]) -> HttpResponse:
    shown, form = frame["shown"], frame["shown"].definition
    answers = {code: scoring.DECLINED if value == "-" else scoring.answered(value) for code, value in held.items()}
    asked = [
        Step(sheet, form.item(code), answer)
        for code, answer in scoring.settle(form, answers).items()
        if answer.state is not scoring.State.NOT_ASKED
    ]
    wanted = request.POST.get("step") or request.GET.get("at", "")
    step = next((one for one in asked if one.key == wanted), None) or next((one for one in asked if one.is_open), None)
    if step is None:
        return _ends(request, form, answers, _address(shown, looked, {}), frame)
    item = ItemForm(request.POST or None, asked=step, language=looked["language"])
    if request.method == "POST":
        value = "-" if "skip" in request.POST else ""
        if not value and item.is_valid():
            given = item.cleaned_data.get("answer")
            value = "" if given is None else str(given)
        if value:
            return HttpResponseRedirect(_address(shown, looked, {**held, step.item.code: value}))
        item.add_error("answer", _("Choose an answer, or tap “I'd rather not answer”."))
    place = asked.index(step)
    wording = form.wordings[looked["language"]]
    context = {
        **frame,
        "form": item,
        "number": place + 1,
        "of": len(asked),
        "minutes": max(1, round(len(asked) / 6)),
        "is_first": place == 0 and step.is_open,
        "back": _address(shown, looked, held, at=asked[place - 1].key) if place else "",
        "lead": " · ".join(part for part in (wording.groups.get(step.item.code, ""), wording.instruction) if part),
        "words_language": wording.language,
        "attribution": form.licence.attribution,
        "all_url": _address(shown, looked, {}, all="1"),
    }
    return web.show(request, "care/measures/question.html", context)


def _all_on_one(request: Request, sheet: Sheet, looked: dict[str, str], frame: dict[str, Any]) -> HttpResponse:
    shown = frame["shown"]
    if "one" in request.POST:  # the page keeps each answer as it is tapped; here there is nothing to keep
        return JsonResponse({"kept": True, "go": ""})
    form = SheetForm(request.POST or None, sheet=sheet, language=looked["language"], by_staff=False)
    if request.method == "POST" and form.is_valid():
        answers = {code: scoring.DECLINED if value is None else scoring.answered(value) for code, value in form.given().items()}
        return _ends(request, shown.definition, answers, _address(shown, looked, {}, all="1"), frame)
    context = {**frame, "forms": [form], "one_url": _address(shown, looked, {}), "here": _address(shown, looked, {}, all="1")}
    return web.show(request, "care/measures/all.html", context)


def _ends(request: Request, form: scoring.Definition, answers: scoring.Answers, again: str, frame: dict[str, Any]) -> HttpResponse:
    """What these answers would give: scores, bands, what somebody would have to know."""
    with translation.override("en"):
        results = []
        for result in scoring.score_all(form, answers, language=frame["languages"][0][0]):
            band = result.band.label if isinstance(result, scoring.Scored) and result.band else ""
            words = result.shown if isinstance(result, scoring.Scored) else result.sentence
            results.append((said.name(result.score), words, band))
        fired = [
            f"{said.question(form, one.item).capitalize()}: “{said.answer(form, one.item, one.value)}”, {said.severity(one.severity)}"
            for one in scoring.criticals(form, answers)
        ]
        return web.show(request, PAGES + "preview_end.html", {**frame, "results": results, "fired": fired, "again": again, "is_draft": form.is_draft})


# ------------------------------------------------------------------ adding


@access.page(rules.WRITE_OWN)
def add(request: Request) -> HttpResponse:
    return web.show(request, PAGES + "add.html", {"waiting": [row for row in reads.on_shelf(request.at) if row.state == "needs_text"]})


@access.page(rules.WRITE_OWN)
def add_file(request: Request) -> HttpResponse:
    """Our format, uploaded or typed. What is wrong is named by its line; the text stays on the page to be mended."""
    form = web.form(request, FileForm)
    problems: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload and upload.size > files.MAX_BYTES:
            content: Any = b""
            form.add_error("file", _("The file is too long: %(kb)s KB. A definition has 400 KB at most.") % {"kb": upload.size // 1000})
        else:
            content = upload.read() if upload else form.cleaned_data["text"]
        if not content and not form.errors:
            form.add_error("file", _("Choose a file, or write its text below."))
        elif content:
            if upload:
                form = _with_text(form, request, content.decode("utf-8", "replace"))
            read = files.read(content)
            problems = read.problems
            if not problems:
                try:
                    edition = versions.add_own(read.parsed, note=form.cleaned_data["note"], by=request.actor, at=request.at)
                    return web.done(request, "instruments:show", _draft_kept(edition), code=edition.code)
                except versions.CannotKeep as refusal:
                    form.add_error(None, str(refusal.sentence))
            else:
                form.add_error(None, _("The file has problems. They are listed with their lines below; nothing was kept."))
    status = 422 if request.method == "POST" else 200
    return web.show(request, PAGES + "file.html", {"form": form, "problems": problems}, status=status)


def _with_text(form: FileForm, request: Request, text: str) -> FileForm:
    """The same form with the uploaded text in it: a file cannot be shown again, its words can."""
    data = request.POST.copy()
    data["text"] = text
    again = FileForm(data)
    again.is_valid()
    again.draft_path = request.path
    return again


def _draft_kept(edition: InstrumentEdition) -> str:
    return _("%(title)s is kept as a draft. It draws no band until a clinical lead has verified it.") % {"title": edition.title}


@access.page(rules.WRITE_OWN)
def add_fhir(request: Request) -> HttpResponse:
    """A FHIR Questionnaire as a draft. What could not be carried over is listed before anything is kept."""
    form = web.form(request, QuestionnaireForm)
    found: fhir.Imported | None = None
    text = ""
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        raw = upload.read(MAX_JSON + 1) if upload else form.cleaned_data["text"].encode()
        if not raw.strip():
            form.add_error("file", _("Choose a file, or put its text below."))
        elif len(raw) > MAX_JSON:
            form.add_error("file", _("The file is too long: 2,000 KB at most."))
        else:
            text = raw.decode("utf-8", "replace")
            try:
                found = fhir.imported(json.loads(text))
                if "keep" in request.POST:
                    edition = versions.add_own(found.parsed, note=_("From a FHIR Questionnaire"), by=request.actor, at=request.at)
                    return web.done(request, "instruments:show", _draft_kept(edition), code=edition.code)
            except json.JSONDecodeError as wrong:
                form.add_error("file" if upload else "text", _("This is not JSON. Look at line %(line)s.") % {"line": wrong.lineno})
            except fhir.FhirError as wrong:
                form.add_error("file" if upload else "text", str(wrong))
            except RecursionError:
                form.add_error("file" if upload else "text", _("The groups are nested too deep to be read."))
            except versions.CannotKeep as refusal:
                form.add_error(None, str(refusal.sentence))
    context: dict[str, Any] = {"form": form, "found": found, "text": text}
    if found is not None:
        try:
            definition = scoring.definition(found.parsed)
            context |= {"definition": definition, "questions": [_words_of(definition, item) for item in definition.items], "gates": said.gates(definition)}
        except scoring.DefinitionError as error:
            form.add_error(None, " ".join(error.problems))
    return web.show(request, PAGES + "fhir.html", context)


@access.page(rules.WRITE_OWN)
def write(request: Request) -> HttpResponse:
    """Our own, in the browser."""
    return _build(request, None)


@access.page(rules.WRITE_OWN, of=instrument)
def change(request: Request, shown: Shown) -> HttpResponse:
    """A new version of our own, in the browser."""
    if shown.newest.origin != Origin.OWN:
        raise access.NotYours("not our own")
    beyond = building.fits(shown.newest.definition)
    if beyond:
        return web.show(request, PAGES + "beyond.html", {"shown": shown, "beyond": beyond})
    return _build(request, shown.newest)


def _build(request: Request, edition: InstrumentEdition | None) -> HttpResponse:
    base = edition.definition if edition else None
    more = request.POST.get("more", "")
    status = 200
    if request.method == "POST":
        builder = building.Builder(request.POST, base=base, more=more if more in building.KINDS else "")
        if not builder.more:
            parsed = builder.definition()
            if parsed is not None:
                try:
                    kept = versions.add_own(parsed, note=builder.about.typed("note"), by=request.actor, at=request.at)
                    return web.done(request, "instruments:show", _draft_kept(kept), code=kept.code)
                except versions.CannotKeep as refusal:
                    builder.refuse(refusal.problems)
                    if not refusal.problems:
                        builder.say(refusal.sentence)
            status = 422
    else:
        kept_draft = drafts.kept(request)
        if kept_draft is None:
            builder = building.Builder(base=base)
        else:
            builder = building.Builder(kept_draft[0], base=base, kept_at=kept_draft[1])
    context = {"builder": builder, "edition": edition, "title": _("Change %(name)s") % {"name": edition.title} if edition else _("Write an instrument")}
    return web.show(request, PAGES + "build.html", context, status=status)


@access.page(rules.ADD_TEXT, of=instrument)
def text(request: Request, shown: Shown) -> HttpResponse:
    """Paste the words of a class B instrument, one language at a time, under an attestation."""
    edition, form = shown.newest, shelf.definition(shown.newest)
    if not versions.takes_text(edition):
        raise access.NotYours("no text to add")
    language = request.GET.get("language", "")
    if language not in Language.values:
        return web.show(request, PAGES + "text_language.html", {"shown": shown, "form": LanguageForm()})
    before = form.wordings.get(language)
    initial = {"owner": form.licence.owner, "attribution": form.licence.attribution, "title": form.name}
    if before and before.attested:
        initial["basis"] = before.attested.basis
    asked = web.form(request, TextForm, initial=initial, definition=form, language=language, signing=request)
    if request.method == "POST" and asked.is_valid():
        try:
            made = versions.add_text(edition, language=language, **asked.words(), by=request.actor, at=request.at)
            words = {"title": made.title, "language": said.language(language)}
            return web.done(request, "instruments:show", _("%(title)s has its text in %(language)s.") % words, code=made.code)
        except versions.CannotAddText as refusal:
            web.refused(asked, refusal)
    return web.show(request, PAGES + "text.html", {
        "shown": shown, "form": asked, "language_words": said.language(language), "before": before,
        "proposed": None if before else form.proposed.get(language),
    })  # fmt: skip


@access.page(rules.VERIFY, of=instrument)
def verify(request: Request, shown: Shown) -> HttpResponse:
    edition, form = shown.newest, shelf.definition(shown.newest)
    if edition.origin != Origin.OWN or edition.verified:
        raise access.NotYours("nothing to verify")
    asked = web.form(request, VerifyForm, definition=form, signing=request)
    if request.method == "POST" and asked.is_valid():
        try:
            made = versions.verify(edition, languages=asked.cleaned_data.get("languages", []), by=request.actor, at=request.at)
            return web.done(request, "instruments:show", _("%(title)s is verified and can be given.") % {"title": made.title}, code=made.code)
        except versions.CannotVerify as refusal:
            web.refused(asked, refusal)
    before = shown.edition if shown.edition.pk != edition.pk else None
    context = {
        "shown": shown, "form": asked, "scores": said.scores(form), "critical": said.critical(form), "gates": said.gates(form),
        "questions": [_words_of(form, item) for item in form.items], "number": len(shown.versions),
        "changed": said.differences(shelf.definition(before), form) if before else [],
    }  # fmt: skip
    return web.show(request, PAGES + "verify.html", context)


@access.page(rules.RETIRE, of=instrument)
def retire(request: Request, shown: Shown) -> HttpResponse:
    form = web.form(request, RetireForm)
    if request.method == "POST" and form.is_valid():
        try:
            versions.retire(shown.edition, why=form.cleaned_data["why"], by=request.actor, at=request.at)
            return web.done(request, "instruments:show", _("%(title)s is retired.") % {"title": shown.edition.title}, code=shown.code)
        except versions.CannotRetire as refusal:
            web.refused(form, refusal)
    return web.show(request, PAGES + "retire.html", {"shown": shown, "form": form})


@require_POST
@access.page(rules.RETIRE, of=instrument)
def bring_back(request: Request, shown: Shown) -> HttpResponse:
    try:
        versions.bring_back(shown.edition, by=request.actor, at=request.at)
    except versions.CannotRetire:  # an impatient click: it is back already
        return web.done(request, "instruments:show", code=shown.code)
    return web.done(request, "instruments:show", _("%(title)s can be given again.") % {"title": shown.edition.title}, code=shown.code)


# ------------------------------------------------------------------ handing out


@access.page(rules.SEE_SHELF, of=instrument)
def questionnaire(request: Request, shown: Shown) -> HttpResponse:
    """The version as a FHIR R4 Questionnaire."""
    shown = _looked_at(request, shown)
    status = "retired" if reads.is_retired(shown.code) else ""
    resource = fhir.questionnaire(shown.definition, base=config.base_url, status=status)
    return _download(json.dumps(resource, ensure_ascii=False, indent=2), f"{shown.code}.questionnaire.json", "application/fhir+json")


@access.page(rules.SEE_SHELF, of=instrument)
def definition(request: Request, shown: Shown) -> HttpResponse:
    """The version as a definition file, as docs/formats.md describes it."""
    shown = _looked_at(request, shown)
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 140
    yaml.allow_unicode = True
    yaml.dump(shown.edition.definition, out)
    return _download(out.getvalue(), f"{shown.code}.yaml", "application/yaml")


def _download(content: str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
