"""Incidents and the log of mandated reports: for their author and the director."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from footbridge.kit import access, web
from footbridge.kit.access import Request

from . import actions, forms, reads, rules, table
from .models import Incident, MandatedReport, SafetyClock

ROWS = 50
REFUSALS = (actions.CannotReport, actions.CannotClose)


def _page_of(request: Request, found: Any) -> Any:
    page = Paginator(found, ROWS).get_page(request.GET.get("page", "1"))
    for row in page.object_list:
        row.kind_said = table.label(getattr(row, "kind", ""))
        row.next = row.waits[0] if row.waits else None
    return page


@access.page(rules.REPORT)
def incidents(request: Request) -> HttpResponse:
    found = reads.incidents(request.actor).filter(closed__isnull="closed" not in request.GET)
    context = {"page": _page_of(request, found), "closed": "closed" in request.GET, "now": request.at, "all": request.actor.has("director")}
    return web.show(request, "care/safety/incidents.html", context)


@access.page(rules.REPORT)
def report_incident(request: Request) -> HttpResponse:
    form = web.form(request, forms.IncidentForm, initial={"form_key": uuid.uuid4(), "known_at": request.at}, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.report_incident(**form.said(), by=request.actor, at=request.at)
            return web.done(request, "safety:incident", _("Reported. The director sees it now."), uid=made.uid)
        except actions.CannotReport as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/report_incident.html", {"form": form})


@access.page(rules.SEE_INCIDENT, of=reads.incident)
def incident(request: Request, incident: Incident) -> HttpResponse:
    """What happened, deadlines, what followed; the form adds a note."""
    form = web.form(request, forms.NoteForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_note(incident, form.cleaned_data["text"], by=request.actor, at=request.at)
            return web.done(request, "safety:incident", _("Added."), uid=incident.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return _incident_page(request, incident, form=form)


def _incident_page(request: Request, incident: Incident, **more: Any) -> HttpResponse:
    may_close = access.may(request.actor, rules.CLOSE_INCIDENT, incident)
    context = {
        "incident": incident, "kind": table.label(incident.kind), "clocks": list(incident.clocks.select_related("met_by__person").all()),
        "notes": list(incident.notes.select_related("by__person")), "now": request.at, "closed": getattr(incident, "closed", None),
        "may_close": may_close, **more,
    }  # fmt: skip
    return web.show(request, "care/safety/incident.html", context)


@access.page(rules.CLOSE_INCIDENT, of=reads.incident)
def deadline(request: Request, incident: Incident) -> HttpResponse:
    form = web.form(request, forms.DeadlineForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_clock(incident, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "safety:incident", _("The deadline is set."), uid=incident.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/incident_form.html", _about(incident, form, _("Set a deadline"), _("Set")))


@access.page(rules.CLOSE_INCIDENT, of=reads.incident)
def close(request: Request, incident: Incident) -> HttpResponse:
    form = web.form(request, forms.CloseForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(incident, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "safety:incident", _("Closed."), uid=incident.uid)
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/incident_form.html", _about(incident, form, _("Close with findings"), _("Close")))


def _about(incident: Incident, form: Any, title: str, submit: str) -> dict[str, Any]:
    return {"incident": incident, "kind": table.label(incident.kind), "form": form, "title": title, "submit": submit}


@access.page(rules.MEET_CLOCK, of=reads.clock)
def meet(request: Request, clock: SafetyClock) -> HttpResponse:
    """A deadline of an incident or of a mandated report was met."""
    name, about = ("safety:incident", clock.incident) if clock.incident else ("safety:mandated_report", clock.report)
    form = web.form(request, forms.MetForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.meet_clock(clock, form.cleaned_data["how"], by=request.actor, at=request.at)
            return web.done(request, name, _("Marked."), uid=about.uid)  # type: ignore[union-attr]
        except REFUSALS as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/meet_clock.html", {"clock": clock, "form": form, "back": name, "about": about})


@access.page(rules.LOG_REPORT)
def reports(request: Request) -> HttpResponse:
    context = {"page": _page_of(request, reads.reports(request.actor)), "now": request.at, "all": request.actor.has("director")}
    return web.show(request, "care/safety/mandated_reports.html", context)


@access.page(rules.LOG_REPORT)
def log_report(request: Request) -> HttpResponse:
    form = web.form(request, forms.ReportForm, initial={"form_key": uuid.uuid4(), "learned_at": request.at}, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.log_report(**form.said(), by=request.actor, at=request.at)
            return web.done(request, "safety:mandated_report", _("Logged. Nothing was sent."), uid=made.uid)
        except actions.CannotReport as refusal:
            web.refused(form, refusal)
    return web.show(request, "care/safety/log_report.html", {"form": form})


@access.page(rules.SEE_REPORT, of=reads.report)
def report(request: Request, report: MandatedReport) -> HttpResponse:
    """What was decided and what was done since; the form adds a call, a letter, an answer or a note."""
    form = web.form(request, forms.EntryForm, initial={"told_at": request.at})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_entry(report, **form.cleaned_data, by=request.actor, at=request.at)
            return web.done(request, "safety:mandated_report", _("Added."), uid=report.uid)
        except actions.CannotReport as refusal:
            web.refused(form, refusal)
    context = {
        "report": report, "form": form, "clocks": list(report.clocks.select_related("met_by__person").all()),
        "entries": list(report.entries.select_related("by__person")), "now": request.at,
    }  # fmt: skip
    return web.show(request, "care/safety/mandated_report.html", context)
