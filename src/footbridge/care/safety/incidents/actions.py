"""Report what happened, follow it up, close it with findings; log a mandated report. Nothing here sends anything.

Acts are about the incident or report, not about the client: only its author and the director may know that there is one, and the
history of a chart is read by more people.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from footbridge.ground.people.models import Client
from footbridge.kit import access, trail
from footbridge.kit.access import Actor

from . import rules, table
from .models import Incident, IncidentClosed, IncidentNote, MandatedReport, MandatedReportEntry, SafetyClock
from .words import Concern, EntryKind, ReportDecision, Route


class CannotReport(access.Refusal):
    """Something is missing or does not fit."""


class CannotClose(access.Refusal):
    """The incident stays open."""


def _words(ask: dict[str, tuple[str, str]]) -> None:
    for field, (said, sentence) in ask.items():
        if not said.strip():
            raise CannotReport(sentence, field=field)


def report_incident(
    *, kind: str, happened_at: datetime, place: str, what: str, done_at_once: str, form_key: UUID, by: Actor, at: datetime,
    known_at: datetime | None = None, told: str = "", client: Client | None = None, state: str = "",
) -> Incident:  # fmt: skip
    """Something happened. Its clocks are put on it as the table says today; they begin when somebody here learned of it."""
    access.require(by, rules.REPORT)
    known_at = known_at or at
    if kind not in dict(table.types()):
        raise CannotReport(_("Choose what kind of incident it was."), field="kind")
    _words(
        {
            "what": (what, _("Write what happened.")),
            "done_at_once": (done_at_once, _("Write what was done at once.")),
            "place": (place, _("Say where it happened.")),
        }
    )
    if known_at > at or happened_at > known_at:
        raise CannotReport(_("It happened first, then somebody learned of it, and neither is still to come."), field="happened_at")
    incident = Incident(
        kind=kind, client=client, state=state, happened_at=happened_at, known_at=known_at, place=place.strip()[:160], what=what.strip(),
        done_at_once=done_at_once.strip(), told=told.strip(), form_key=form_key, by_id=by.as_staff, at=at,
    )  # fmt: skip
    known = Incident.objects.filter(form_key=form_key, by_id=by.as_staff).first()
    if known:
        return known
    with trail.act("incident.reported", by=by, at=at, about=incident, detail={"kind": kind}):
        incident.save()
        _put(table.of_incident(kind, state, known_at), incident=incident)
    return incident


def _put(clocks: Iterable[table.Clock], **of: Any) -> None:
    SafetyClock.objects.bulk_create(
        SafetyClock(code=one.code, title=one.title, due_at=one.due_at, source=one.source, mark=one.mark, **of) for one in clocks
    )


def add_note(incident: Incident, text: str, *, by: Actor, at: datetime) -> IncidentNote:
    """What followed. Added also after it was closed."""
    access.require(by, rules.SEE_INCIDENT, incident)
    if not text.strip():
        raise CannotReport(_("Write what followed."), field="text")
    with trail.act("incident.noted", by=by, at=at, about=incident):
        same = incident.notes.filter(text=text.strip(), by_id=by.as_staff).first()
        return same or IncidentNote.objects.create(incident=incident, text=text.strip(), by_id=by.as_staff, at=at)


def set_clock(incident: Incident, *, title: str, due_at: datetime, source: str, by: Actor, at: datetime) -> SafetyClock:
    """A deadline the program knows of and the table does not, with where it is written."""
    access.require(by, rules.CLOSE_INCIDENT, incident)
    _words({"title": (title, _("Say what must be done.")), "source": (source, _("Say which rule asks for it."))})
    if due_at <= incident.known_at:
        raise CannotReport(_("It is due after somebody learned of the incident."), field="due_at")
    with trail.act("incident.deadline_set", by=by, at=at, about=incident):
        if IncidentClosed.objects.filter(incident=incident).exists():
            raise CannotReport(_("This incident is closed."))
        same = incident.clocks.filter(title=title.strip()[:160], due_at=due_at).first()
        return same or SafetyClock.objects.create(
            incident=incident, code=f"own_{incident.clocks.count() + 1}", title=title.strip()[:160], due_at=due_at,
            source=source.strip()[:300], mark="own",
        )  # fmt: skip


def meet_clock(clock: SafetyClock, how: str, *, by: Actor, at: datetime) -> SafetyClock:
    """What a deadline asks for was done by somebody, outside this program, or is not asked for here: in words."""
    access.require(by, rules.MEET_CLOCK, clock)
    if not how.strip():
        raise CannotReport(_("Write how it was met, like a reference number, or why it is not needed."), field="how")
    about: Any = clock.incident or clock.report
    with trail.act("deadline.met", by=by, at=at, about=about, detail={"code": clock.code}):
        clock.refresh_from_db(fields=["met_at"])
        if clock.met_at is not None:
            raise CannotReport(_("This was marked before."))
        clock.met_at, clock.met_by_id, clock.met_how = at, by.as_staff, how.strip()[:200]
        clock.save(update_fields=["met_at", "met_by", "met_how"])
    return clock


def close(incident: Incident, *, findings: str, changes: str, by: Actor, at: datetime) -> IncidentClosed:
    """Closed by the director with what was found and what changes; not while a deadline is open."""
    access.require(by, rules.CLOSE_INCIDENT, incident)
    if not findings.strip():
        raise CannotClose(_("Write what was found."), field="findings")
    if not changes.strip():
        raise CannotClose(_("Write what changes, or why nothing has to."), field="changes")
    with trail.act("incident.closed", by=by, at=at, about=incident):
        if IncidentClosed.objects.filter(incident=incident).exists():
            raise CannotClose(_("This incident is closed."))
        waits = list(incident.clocks.filter(met_at__isnull=True).values_list("title", flat=True))
        if waits:
            raise CannotClose(_("Deadlines are open: %(titles)s. Say of each how it was met, or why it is not needed.") % {"titles": "; ".join(waits)})
        return IncidentClosed.objects.create(incident=incident, findings=findings.strip(), changes=changes.strip(), by_id=by.as_staff, at=at)


def log_report(
    *, concern: str, what: str, decision: str, why: str, route: str, learned_at: datetime, form_key: UUID, by: Actor, at: datetime,
    client: Client | None = None, state: str = "",
) -> MandatedReport:  # fmt: skip
    """Whether the law asks for a report, what was decided and why, and by which way the law lets this program speak (SAF-12 to
    SAF-14). The report itself is made by a person; it is written down by `add_entry`."""
    access.require(by, rules.LOG_REPORT)
    for field, value, known in (("concern", concern, Concern), ("decision", decision, ReportDecision), ("route", route, Route)):
        if value not in known.values:
            raise CannotReport(_("Choose an answer."), field=field)
    _words({"what": (what, _("Write what was seen or heard.")), "why": (why, _("Write why it was decided so."))})
    if learned_at > at:
        raise CannotReport(_("This is still to come."), field="learned_at")
    if route == Route.CHILD_ABUSE and concern != Concern.CHILD:
        raise CannotReport(_("This way is open for reports about children only (42 CFR 2.12). Choose another."), field="route")
    if decision == ReportDecision.REPORTED and route == Route.UNSURE:
        raise CannotReport(_("A report that was made went some way. Choose it, or “will be reported”."), field="route")
    known_row = MandatedReport.objects.filter(form_key=form_key, by_id=by.as_staff).first()
    if known_row:
        return known_row
    row = MandatedReport(
        concern=concern, client=client, state=state, learned_at=learned_at, what=what.strip(), decision=decision, why=why.strip(), route=route,
        form_key=form_key, by_id=by.as_staff, at=at,
    )  # fmt: skip
    with trail.act("mandated_report.logged", by=by, at=at, about=row, detail={"concern": concern, "decision": decision}):
        row.save()
        if decision != ReportDecision.NOT_REPORTED:
            _put(table.of_report(concern, state, learned_at), report=row)
    return row


def add_entry(
    report: MandatedReport, *, kind: str, told_at: datetime, by: Actor, at: datetime, to_whom: str = "", reference: str = "", text: str = ""
) -> MandatedReportEntry:
    """A call made or a letter sent, with who took it and the reference number; an answer; a note. A call or letter meets its deadline."""
    access.require(by, rules.SEE_REPORT, report)
    if kind not in EntryKind.values:
        raise CannotReport(_("Choose an answer."), field="kind")
    told = kind in (EntryKind.CALL, EntryKind.WRITTEN)
    if told and not to_whom.strip():
        raise CannotReport(_("Say which agency, and who took it."), field="to_whom")
    if not told and not text.strip():
        raise CannotReport(_("Write what was said."), field="text")
    if told_at > at:
        raise CannotReport(_("This is still to come."), field="told_at")
    with trail.act("mandated_report.added_to", by=by, at=at, about=report, detail={"kind": kind}):
        words = {"kind": kind, "to_whom": to_whom.strip()[:200], "reference": reference.strip()[:80], "text": text.strip(), "told_at": told_at}
        same = report.entries.filter(by_id=by.as_staff, **words).first()
        if same:
            return same
        row = MandatedReportEntry.objects.create(report=report, by_id=by.as_staff, at=at, **words)
        if told:
            for clock in report.clocks.filter(code=kind, met_at__isnull=True):
                clock.met_at, clock.met_by_id = told_at, by.as_staff
                clock.met_how = (f"{to_whom.strip()} {reference.strip()}".strip())[:200]
                clock.save(update_fields=["met_at", "met_by", "met_how"])
    return row
