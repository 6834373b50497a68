"""Pages of medication: the list, and one small page for each deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from footbridge.ground.episodes import reads as episodes
from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.days import day_of
from footbridge.kit import access, trail, web
from footbridge.kit.access import Refusal, Request
from footbridge.kit.web.forms import Form

from . import actions, forms, monitoring, reads, rules
from .models import DrugTest
from .words import ListAnswer


@access.page(rules.SEE_MEDICATION, of=episodes.episode)
def show(request: Request, episode: Episode) -> HttpResponse:
    client, today = episode.client, day_of(request.at)
    trail.looked(client, by=request.actor, at=request.at, what="medication")
    return web.show(
        request,
        "care/medication/show.html",
        {
            "episode": episode,
            "taken": reads.taken_on(client, today),
            "stopped": reads.stopped_by(client, today),
            "allergies": reads.allergies(client),
            "medication_state": reads.state(client, "medication", today),
            "allergy_state": reads.state(client, "allergy", today),
            "reconciliations": reads.reconciliations(client)[:5],
            "may_keep": access.may(request.actor, rules.KEEP_MEDICATION, episode),
            "watch": monitoring.watch(episode, today),
            "testing_source": monitoring.testing_start()["source"],
            "today": today,
        },
    )


def _deed(
    request: Request, episode: Episode, form: Form, do: Callable[[dict[str, Any]], Any], said: str, **page: Any
) -> HttpResponse:
    """One form, one verb, back to the list."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
            return web.done(request, "medication:show", said, uid=episode.uid)
        except Refusal as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/medication/deed.html", {"episode": episode, "form": form, **page})


@access.page(rules.KEEP_MEDICATION, of=episodes.episode)
def add(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.AddForm)
    return _deed(
        request,
        episode,
        form,
        lambda said: actions.add(episode.client, **said, by=request.actor, at=request.at),
        _("Added to the list."),
        heading=_("Add a medicine"),
        submit=_("Add"),
    )


@access.page(rules.KEEP_MEDICATION, of=reads.medication)
def change(request: Request, about: reads.OnList) -> HttpResponse:
    row = about.row
    start = {"dose": row.dose, "how_often": row.how_often, "on": day_of(request.at)}
    form = web.form(request, forms.ChangeForm, initial=start)
    return _deed(
        request,
        about.episode,
        form,
        lambda said: actions.change(row, **said, by=request.actor, at=request.at),
        _("Changed. The row before stays in the history."),
        heading=_("Change %(name)s") % {"name": row.name},
        submit=_("Change"),
    )


@access.page(rules.KEEP_MEDICATION, of=reads.medication)
def stop(request: Request, about: reads.OnList) -> HttpResponse:
    row = about.row
    form = web.form(request, forms.StopForm, initial={"on": day_of(request.at)})
    return _deed(
        request,
        about.episode,
        form,
        lambda said: actions.stop(row, **said, by=request.actor, at=request.at),
        _("Stopped."),
        heading=_("Stop %(name)s") % {"name": row.name},
        submit=_("Stop"),
    )


@access.page(rules.KEEP_MEDICATION, of=episodes.episode)
def add_allergy(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.AllergyForm)
    return _deed(
        request,
        episode,
        form,
        lambda said: actions.add_allergy(episode.client, **said, by=request.actor, at=request.at),
        _("Allergy added."),
        heading=_("Add an allergy"),
        submit=_("Add"),
    )


@access.page(rules.KEEP_MEDICATION, of=reads.allergy)
def withdraw_allergy(request: Request, about: reads.OnAllergies) -> HttpResponse:
    row = about.row
    form = web.form(request, forms.WithdrawForm)
    return _deed(
        request,
        about.episode,
        form,
        lambda said: actions.withdraw_allergy(row, **said, by=request.actor, at=request.at),
        _("Taken off the list."),
        heading=_("Take %(substance)s off the allergy list") % {"substance": row.substance},
        submit=_("Take it off"),
    )


@access.page(rules.KEEP_MEDICATION, of=reads.listed)
def state(request: Request, listed: reads.Listed) -> HttpResponse:
    """One button beside an empty list: "none, as the client says", or "not known yet"."""
    answer = request.POST.get("answer", "")
    if request.method != "POST" or answer not in ListAnswer.values:
        raise Http404
    try:
        actions.state_list(listed.episode.client, about=listed.about, answer=answer, by=request.actor, at=request.at)
    except actions.CannotState as refusal:
        return web.show(
            request, "care/medication/refused.html", {"episode": listed.episode, "said": str(refusal)}, status=422
        )
    return web.done(request, "medication:show", _("Kept."), uid=listed.episode.uid)


@access.page(rules.KEEP_MEDICATION, of=episodes.episode)
def reconcile(request: Request, episode: Episode) -> HttpResponse:
    taken = list(reads.taken_on(episode.client, day_of(request.at)))
    form = web.form(request, forms.ReconcileForm, medications=taken)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.reconcile(
                episode,
                occasion=data["occasion"],
                sources=data["sources"],
                note=data["note"],
                items=form.items,
                by=request.actor,
                at=request.at,
            )
            return web.done(request, "medication:show", _("List gone through."), uid=episode.uid)
        except actions.CannotReconcile as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/medication/reconcile.html", {"episode": episode, "form": form, "taken": taken})


@access.page(rules.KEEP_MEDICATION, of=episodes.episode)
def check(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.CheckForm, initial={"code": request.GET.get("code", ""), "on": day_of(request.at)})
    return _deed(
        request,
        episode,
        form,
        lambda said: actions.record_check(episode, **said, by=request.actor, at=request.at),
        _("Kept."),
        heading=_("Record a check"),
        submit=_("Keep"),
    )


@access.page(rules.PLAN_TESTS, of=episodes.episode)
def testing(request: Request, episode: Episode) -> HttpResponse:
    """How often drug tests are done. A second button ends the schedule."""
    schedule, start = monitoring.open_testing(episode), monitoring.testing_start()
    if request.method == "POST" and request.POST.get("end") and schedule is not None:
        actions.end_testing(schedule, by=request.actor, at=request.at)
        return web.done(request, "medication:show", _("No more tests are planned."), uid=episode.uid)
    gaps = {name: getattr(schedule, name) if schedule else start[name] for name in ("least_days", "most_days")}
    form = web.form(request, forms.TestingForm, initial={"first_on": day_of(request.at), **gaps})
    return _deed(
        request,
        episode,
        form,
        lambda said: actions.start_testing(episode, **said, by=request.actor, at=request.at),
        _("Kept. The days are drawn at random."),
        heading=_("Drug tests at random intervals"),
        submit=_("Keep"),
        note=_("Usual at the start: %(source)s") % {"source": start["source"]},
        ending=schedule is not None,
    )


@access.page(rules.KEEP_MEDICATION, of=episodes.episode)
def drug_test(request: Request, episode: Episode) -> HttpResponse:
    form = web.form(request, forms.TestForm, initial={"on": day_of(request.at)})
    return _deed(
        request,
        episode,
        form,
        lambda said: actions.record_test(episode, **said, by=request.actor, at=request.at),
        _("Kept."),
        heading=_("Record a drug test"),
        submit=_("Keep"),
    )


@access.page(rules.KEEP_MEDICATION, of=reads.drug_test)
def result(request: Request, test: DrugTest) -> HttpResponse:
    form = web.form(request, forms.ResultForm)
    return _deed(
        request,
        test.episode,
        form,
        lambda said: actions.record_result(test, **said, by=request.actor, at=request.at),
        _("Kept."),
        heading=_("Add a result"),
        submit=_("Keep"),
        note=_("A presumptive result can be wrong both ways. A result is for talking about care; alone it is no reason to end care."),
    )
