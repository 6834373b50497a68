"""Pages of the assessment: read it whole, write one section, sign; and the diagnoses. No JavaScript needed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Request

from . import actions, codes, forms, reads, rules, sections
from .carried import carried


@access.page(rules.SEE_ASSESSMENT, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    trail.looked(episode.client, by=request.actor, at=request.at, what="assessment")
    entries, signature = reads.newest(episode), reads.signed(episode)
    shown = reads.shown(carried(episode, day_of(request.at)), entries, signature)
    lacking = reads.lacking(entries)
    asking = [one for one in sections.sections() if any(question.needed for question in one.questions)]
    open_yet = episode.ended_at is None
    return web.show(
        request,
        "care/assessment/show.html",
        {
            "episode": episode,
            "shown": shown,
            "done": len(asking) - len(lacking),
            "needing": len(asking),
            "lacking": lacking,
            "signature": signature,
            "signatures": list(reads.signatures(episode)),
            "changed": [one.section.title for one in shown if one.changed_since_signed],
            "held": reads.held(episode),
            "may_write": open_yet and access.may(request.actor, rules.WRITE_ASSESSMENT, episode),
            "may_sign": open_yet and access.may(request.actor, rules.SIGN_ASSESSMENT, episode),
            "hurting": _is_hurt(entries),
        },
    )


def _is_hurt(entries: Any) -> bool:
    trauma = entries.get("trauma")
    return bool(trauma) and trauma.answers.get("still_hurting", {}).get("value") == "yes"


@access.page(rules.WRITE_ASSESSMENT, of=reads.here)
def section(request: Request, here: reads.Here) -> HttpResponse:
    """Write one section. Whoever comes second sees what the first wrote; nothing typed is lost."""
    episode = here.episode
    if episode.ended_at is not None:
        return web.done(request, "assessment:show", uid=episode.uid)
    if request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="assessment")
    known, last = carried(episode, day_of(request.at)), reads.versions(episode, here.section.code).first()
    form = web.form(request, forms.SectionForm, section=here.section, known=known, last=last)
    overtaken_by = None
    if request.method == "POST" and form.is_valid():
        based_on = form.cleaned_data["based_on"]
        try:
            actions.write(
                episode, here.section.code, form.answers(), based_on=based_on, by=request.actor, at=request.at
            )
            return _on(request, here)
        except actions.Overtaken as refusal:
            overtaken_by = refusal.theirs
            base = reads.versions(episode, here.section.code).filter(number=based_on).first()
            data = forms.merged(here.section, form.cleaned_data, base, overtaken_by)
            form = forms.SectionForm(data, section=here.section, known=known, last=overtaken_by, collided=True)
            form.draft_path = request.path
            form.is_valid()
            web.refused(form, refusal)
        except actions.CannotWrite as refusal:
            web.refused(form, refusal)
    elif request.method == "GET" and last is not None and _draft_is_older(form, last):
        # A draft kept before somebody else's version: shown with both, so that keeping it asks once more.
        overtaken_by = last
    every = sections.sections()
    place = every.index(here.section)
    return web.show(
        request,
        "care/assessment/section.html",
        {
            "episode": episode,
            "section": here.section,
            "form": form,
            "last": last,
            "overtaken_by": overtaken_by,
            "place": place + 1,
            "of": len(every),
        },
    )


def _draft_is_older(form: forms.SectionForm, last: Any) -> bool:
    return form.kept_at is not None and str(form.initial.get("based_on")) != str(last.number)


def _on(request: Request, here: reads.Here) -> HttpResponse:
    """Back to the whole, or on to the next section."""
    every = sections.sections()
    place = every.index(here.section)
    if "next" in request.POST and place + 1 < len(every):
        return web.done(request, "assessment:section", _("Kept."), uid=here.episode.uid, section=every[place + 1].code)
    return web.done(request, "assessment:show", _("Kept."), uid=here.episode.uid)


@access.page(rules.SEE_ASSESSMENT, of=reads.here)
def versions(request: Request, here: reads.Here) -> HttpResponse:
    """Every version of a section, the newest first."""
    trail.looked(here.episode.client, by=request.actor, at=request.at, what="assessment")
    rows = [
        (
            entry,
            [
                (
                    question.ask,
                    reads.in_words(question, entry.answers[question.code]),
                    entry.answers[question.code].get("source", ""),
                )
                for question in here.section.questions
                if question.code in entry.answers
            ],
        )
        for entry in reads.versions(here.episode, here.section.code)
    ]
    return web.show(
        request, "care/assessment/versions.html", {"episode": here.episode, "section": here.section, "rows": rows}
    )


@access.page(rules.SIGN_ASSESSMENT, of=episodes.episode)
def sign(request: Request, episode: Episode) -> HttpResponse:
    """Read the whole once more, and sign it with the password."""
    entries, signature = reads.newest(episode), reads.signed(episode)
    if not entries or episode.ended_at is not None:
        raise Http404
    if request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="assessment")
    form = forms.SignAssessmentForm(
        request.POST if request.method == "POST" else None, signing=request, initial={"seen": reads.numbers(entries)}
    )
    if request.method == "POST" and form.is_valid():
        how = "password" if "password" in form.fields else "second_factor"
        try:
            actions.sign(episode, seen=form.cleaned_data["seen"] or {}, how=how, by=request.actor, at=request.at)
            return web.done(request, "assessment:show", _("Signed."), uid=episode.uid)
        except actions.CannotSign as refusal:
            web.refused(form, refusal)
    return web.show(
        request,
        "care/assessment/sign.html",
        {
            "episode": episode,
            "form": form,
            "lacking": reads.lacking(entries),
            "shown": reads.shown(carried(episode, day_of(request.at)), entries, signature),
            "held": reads.held(episode),
        },
    )


# ------------------------------------------------------------------ diagnoses


@access.page(rules.SEE_ASSESSMENT, of=episodes.episode)
def diagnoses(request: Request, episode: Episode) -> HttpResponse:
    """The diagnoses that hold and held; search the code table and add one. What is looked for is posted: addresses stay in logs."""
    may_diagnose = episode.ended_at is None and access.may(request.actor, rules.DIAGNOSE, episode)
    typed, chosen, form = "", None, None
    if request.method == "POST":
        access.require(request.actor, rules.DIAGNOSE, episode)
        typed = request.POST.get("q", "").replace("\0", "").strip()[:80]
        chosen = codes.find(request.POST.get("choose") or request.POST.get("code", ""))
        if "choose" in request.POST and chosen:
            form = forms.DiagnoseForm(initial={"code": chosen.code, "principal": reads.principal(episode) is None})
        elif "q" not in request.POST:
            form = forms.DiagnoseForm(request.POST)
            if form.is_valid():
                try:
                    actions.diagnose(episode, **form.cleaned_data, by=request.actor, at=request.at)
                    return web.done(request, "assessment:diagnoses", _("Diagnosis recorded."), uid=episode.uid)
                except actions.CannotDiagnose as refusal:
                    web.refused(form, refusal)
    else:
        trail.looked(episode.client, by=request.actor, at=request.at, what="diagnoses")
    return web.show(
        request,
        "care/assessment/diagnoses.html",
        {
            "episode": episode,
            "held": reads.held(episode),
            "past": list(reads.past(episode.client)),
            "typed": typed,
            "found": codes.search(typed) if typed and may_diagnose and chosen is None else [],
            "chosen": chosen,
            "form": form,
            "may_diagnose": may_diagnose,
            "edition_from": codes.HOLDS_FROM,
            "edition_old": day_of(request.at) >= codes.NEXT_EDITION_FROM,
        },
    )


@access.page(rules.DIAGNOSE, of=reads.named)
def diagnosis(request: Request, named: reads.Named) -> HttpResponse:
    """One diagnosis: correct it, make it the principal one, or end it."""
    episode, row = named.episode, named.diagnosis
    if episode.ended_at is not None or not reads.current(episode.client).filter(pk=row.pk).exists():
        return web.done(request, "assessment:diagnoses", uid=episode.uid)
    if request.method == "GET":
        trail.looked(episode.client, by=request.actor, at=request.at, what="diagnoses")
    deed = request.POST.get("deed", "")
    start = {"specifiers": row.specifiers, "onset_on": row.onset_on, "onset_words": row.onset_words}
    correct = forms.DiagnosisFields(request.POST if deed == "correct" else None, initial=start)
    end = forms.EndForm(request.POST if deed == "end" else None, initial={"ended_on": day_of(request.at)})
    try:
        if deed == "correct" and correct.is_valid():
            actions.correct_diagnosis(row, episode, **correct.cleaned_data, by=request.actor, at=request.at)
            return web.done(
                request, "assessment:diagnoses", _("Corrected. The older entry stays behind it."), uid=episode.uid
            )
        if deed == "end" and end.is_valid():
            actions.end_diagnosis(row, episode, **end.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "assessment:diagnoses", _("The diagnosis has ended."), uid=episode.uid)
        if deed == "principal":
            actions.make_principal(row, episode, by=request.actor, at=request.at)
            return web.done(request, "assessment:diagnoses", _("This is the principal diagnosis now."), uid=episode.uid)
    except actions.CannotDiagnose as refusal:
        web.refused(end if deed == "end" else correct, refusal)
    main = reads.principal(episode)
    return web.show(
        request,
        "care/assessment/diagnosis.html",
        {
            "episode": episode,
            "diagnosis": row,
            "correct": correct,
            "end": end,
            "is_principal": bool(main and main.diagnosis_id == row.pk),
        },
    )
