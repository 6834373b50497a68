"""Incidents and mandated reports: a log for people. Nothing here sends anything to anybody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.kit.row import Row

from .words import Concern, EntryKind, ReportDecision, Route


class Incident(Row):
    """Something happened that must be looked at. Its type is a code of data/incidents.yaml."""

    kind = models.CharField(max_length=24)
    client = models.ForeignKey("ground.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    site = models.ForeignKey("ground.Site", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=2, blank=True, default="", help_text="Whose rules hold; USPS code")
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField(help_text="When somebody here learned of it: clocks begin here")
    place = models.CharField(max_length=160)
    what = models.TextField()
    done_at_once = models.TextField()
    told = models.TextField(blank=True, default="")
    form_key = models.UUIDField(unique=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="incidents_reported")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-known_at", "-id"]
        constraints = [
            models.CheckConstraint(name="incident_known_after_it_happened", condition=Q(known_at__gte=models.F("happened_at"))),
            models.CheckConstraint(name="incident_has_words", condition=~Q(what="") & ~Q(done_at_once="")),
        ]


class IncidentNote(Row):
    """What followed: added, never written over."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(name="incident_note_has_words", condition=~Q(text=""))]


class IncidentClosed(Row):
    """The director closes it with what was found and what changes."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="closed")
    findings = models.TextField()
    changes = models.TextField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(name="incident_closed_with_findings", condition=~Q(findings="") & ~Q(changes=""))
        ]


class MandatedReport(Row):
    """Whether the law asked for a report, what was decided, and why. `client` is whoever it came from, when it came from one."""

    concern = models.CharField(max_length=12, choices=Concern.choices)
    client = models.ForeignKey(
        "ground.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="mandated_reports"
    )
    state = models.CharField(max_length=2, blank=True, default="")
    learned_at = models.DateTimeField(help_text="When the duty began")
    what = models.TextField()
    decision = models.CharField(max_length=12, choices=ReportDecision.choices)
    why = models.TextField()
    route = models.CharField(max_length=12, choices=Route.choices)
    form_key = models.UUIDField(unique=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="mandated_reports")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-learned_at", "-id"]
        constraints = [models.CheckConstraint(name="mandated_report_has_words", condition=~Q(what="") & ~Q(why=""))]


class MandatedReportEntry(Row):
    """A call made, a letter sent, an answer that came: by a person, outside this program."""

    report = models.ForeignKey(MandatedReport, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    to_whom = models.CharField(max_length=200, blank=True, default="", help_text="Agency and the person who took it")
    reference = models.CharField(max_length=80, blank=True, default="")
    text = models.TextField(blank=True, default="")
    told_at = models.DateTimeField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["told_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="call_or_letter_names_who_got_it", condition=~Q(kind__in=["call", "written"]) | ~Q(to_whom="")
            )
        ]


class SafetyClock(Row):
    """By when something about an incident or a mandated report must be done, as the dated table said on that day, or as the
    director set it. `mark` K: nobody has verified the rule; the page says so."""

    incident = models.ForeignKey(Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="clocks")
    report = models.ForeignKey(MandatedReport, null=True, blank=True, on_delete=models.PROTECT, related_name="clocks")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    source = models.CharField(max_length=300)
    mark = models.CharField(max_length=4)
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    met_how = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "care"
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["due_at"], condition=Q(met_at__isnull=True), name="safety_clock_open")]
        constraints = [
            models.CheckConstraint(
                name="clock_of_one_thing",
                condition=Q(incident__isnull=False, report__isnull=True) | Q(incident__isnull=True, report__isnull=False),
            ),
            models.CheckConstraint(
                name="clock_met_with_who_and_how",
                condition=Q(met_at__isnull=True, met_by__isnull=True, met_how="")
                | (Q(met_at__isnull=False, met_by__isnull=False) & ~Q(met_how="")),
            ),
            models.UniqueConstraint(fields=["incident", "code"], name="one_clock_an_incident"),
            models.UniqueConstraint(fields=["report", "code"], name="one_clock_a_report"),
        ]
