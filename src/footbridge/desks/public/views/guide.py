"""The guide "Is an IOP right for me?": one question a page. Answers travel in hidden fields; nothing is kept anywhere.

Each page posts the question it shows (`step`, `answer`) with the answers so far (`a_<code>`), and where to go:
on, back, or past it.
An answer that shows danger is met with the crisis page before anything else.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from footbridge.care.inquiry import guide_words
from footbridge.engines.level_of_care import guide as engine
from footbridge.ground.program import crisis_lines
from footbridge.kit import access, web

from ..forms import QuestionForm
from ..words import CALL_911_FIRST, DANGER_SAID, LEVELS, TIME_NOTES, WHY

COUNT = len(engine.QUESTIONS)


def carried(request: HttpRequest) -> dict[str, str]:
    """The guide's answers that came along with a post, in the order of the questions."""
    posted = engine.settle({name[2:]: request.POST[name] for name in request.POST if name.startswith("a_")})
    return {q.code: posted[q.code] for q in engine.QUESTIONS if q.code in posted}


@access.open_page("The guide asks anybody and keeps nothing.")
def guide(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return web.show(request, "desks/public/guide.html", {"count": COUNT})
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        return _in_language(request, str(language))
    other, answers = request.POST.get("for") == "other", carried(request)
    step = _number(request.POST.get("step"))
    if step is None:
        return _page(request, _number(request.POST.get("to")) or 0, other, answers)
    question, go = engine.QUESTIONS[min(step, COUNT - 1)], request.POST.get("go", "on")
    if "skip" in request.POST:
        go = "skip"
    answer = request.POST.get("answer", "")
    given = answer in question.options
    if go == "skip":
        answers.pop(question.code, None)
    elif given:
        answers[question.code] = answer
    to = max(step - 1, 0) if go == "back" else step + 1
    if given and engine.shows_danger(question.code, answer):
        return _interrupt(request, answer, to, other, answers)
    if not given and go == "on":
        form = QuestionForm(request.POST, question=question, step=step, other=other, answers=answers)
        form.is_valid()
        return _ask(request, form, step, other)
    return _page(request, to, other, answers)


def _page(request: HttpRequest, to: int, other: bool, answers: dict[str, str]) -> HttpResponse:
    """The question number `to` (from 0), or the result after the last one."""
    if to >= COUNT:
        return _result(request, other, answers)
    question = engine.QUESTIONS[to]
    return _ask(request, QuestionForm(question=question, step=to, other=other, answers=answers), to, other)


def _ask(request: HttpRequest, form: QuestionForm, step: int, other: bool) -> HttpResponse:
    context = {"form": form, "step": step + 1, "count": COUNT, "other": other}
    return web.show(request, "desks/public/question.html", context)


def _interrupt(request: HttpRequest, answer: str, to: int, other: bool, answers: dict[str, str]) -> HttpResponse:
    context: dict[str, Any] = {
        "said": DANGER_SAID[answer][other],
        "call_911_first": answer in CALL_911_FIRST,
        "emergency": crisis_lines.line("emergency"),
        "lifeline": crisis_lines.line("lifeline"),
        "other": other,
        "answers": answers,
        "to": to,
    }
    return web.show(request, "desks/public/interruption.html", context)


def _result(request: HttpRequest, other: bool, answers: dict[str, str]) -> HttpResponse:
    verdict = engine.suggest(answers)
    context: dict[str, Any] = {
        "other": other,
        "answers": answers,
        "told": [
            (number, guide_words.ASKED[q.code].question(other), _answer(q.code, answers, other))
            for number, q in enumerate(engine.QUESTIONS)
        ],
        "time_note": TIME_NOTES.get(answers.get("time", "")),
        "lifeline": crisis_lines.line("lifeline"),
    }
    if isinstance(verdict, engine.NotEnough):
        context["missing"] = [
            (number, guide_words.ASKED[q.code].question(other))
            for number, q in enumerate(engine.QUESTIONS)
            if q.code in verdict.missing
        ]
        context["others"] = list(LEVELS.values())
        return web.show(request, "desks/public/not_enough.html", context)
    fits = LEVELS[verdict.then]
    context |= {
        "danger": verdict.level == "crisis",
        "fits": fits,
        "why": [WHY[pair] for pair in verdict.reasons if pair in WHY],
        "others": [level for level in LEVELS.values() if level.code != fits.code],
        "left_out": len(verdict.open_points),
    }
    return web.show(request, "desks/public/result.html", context)


def _answer(code: str, answers: dict[str, str], other: bool) -> Any:
    return guide_words.ASKED[code].answer(answers[code], other) if code in answers else ""


def _in_language(request: HttpRequest, language: str) -> HttpResponse:
    """The same page of the guide in the other language, with every answer still there."""
    translation.activate(language)
    request.LANGUAGE_CODE = language
    other, answers = request.POST.get("for") == "other", carried(request)
    step = _number(request.POST.get("step"))
    if step is not None and step < COUNT and request.POST.get("answer") in engine.QUESTIONS[step].options:
        answers[engine.QUESTIONS[step].code] = request.POST["answer"]
    page = _page(request, step if step is not None else (_number(request.POST.get("to")) or 0), other, answers)
    page.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax", secure=request.is_secure())
    return page


def _number(text: str | None) -> int | None:
    return min(int(text), COUNT) if text and text.isascii() and text.isdigit() and len(text) < 4 else None
