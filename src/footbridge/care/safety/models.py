"""Alarms with an owner and a due time, risk assessments, and the safety plan in the client's own words."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from footbridge.kit.row import Row

from . import factors
from .words import AlarmKind, ClosingAction, RiskLevel, SafetyStep, Urgency


class Alarm(Row):
    """Somebody may be in danger. It has an owner and a due time from its first second and ends only with a documented
    action.

    An alarm from the public guide may have no client yet; then `contact` says whom to reach.
    """

    client = models.ForeignKey("ground.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="alarms")
    contact = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=16, choices=AlarmKind.choices)
    urgency = models.CharField(max_length=8, choices=Urgency.choices)
    reason = models.CharField(max_length=300)
    # What raised it, so that the same answer given twice raises one alarm.
    source_kind = models.CharField(max_length=40)
    source_key = models.CharField(max_length=80)
    owner = models.ForeignKey(
        "ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="alarms_owned"
    )
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_key"], name="one_alarm_a_source"),
            models.CheckConstraint(name="alarm_due_after_raised", condition=Q(due_at__gte=F("raised_at"))),
            models.CheckConstraint(
                name="alarm_about_somebody", condition=Q(client__isnull=False) | ~Q(contact="") | Q(kind="undelivered")
            ),
        ]
        indexes = [models.Index(fields=["due_at"]), models.Index(fields=["owner", "due_at"])]


class AlarmSeen(Row):
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="seen")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class AlarmHanded(Row):
    """The alarm passed to another person: by hand, by cover, or by the ladder when nobody read it in time."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="handed")
    to = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    rung = models.PositiveSmallIntegerField(default=0, help_text="Step of the escalation ladder; 0 is by hand")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class AlarmClosed(Row):
    alarm = models.OneToOneField(Alarm, on_delete=models.PROTECT, related_name="closed")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=16, choices=ClosingAction.choices)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.CheckConstraint(name="alarm_closed_with_words", condition=~Q(note=""))]


class RiskAssessment(Row):
    """A clinician's judgement of risk on a day, with factors, protection and what will be done."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="risk_assessments")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=RiskLevel.choices)
    factors = models.TextField(blank=True, default="")
    protective = models.TextField(blank=True, default="")
    # Codes of data/risk_factors.yaml, chosen from the lists of that edition; the texts beside them are free.
    factor_codes = models.JSONField(default=list, blank=True)
    protective_codes = models.JSONField(default=list, blank=True)
    edition = models.CharField(max_length=20, blank=True, default="")
    # The suicide screen it follows, when it follows one.
    sheet = models.ForeignKey(
        "ground.Sheet", null=True, blank=True, on_delete=models.PROTECT, related_name="risk_assessments"
    )
    look_again_on = models.DateField(null=True, blank=True)
    mitigation = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at"]

    @property
    def factors_said(self) -> list[str]:
        """The chosen factors in words."""
        return factors.said(self.factor_codes)

    @property
    def protective_said(self) -> list[str]:
        return factors.said(self.protective_codes)


class SafetyPlan(Row):
    """One version of the plan. A change is a new version; the newest is the one that opens offline."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="safety_plans")
    version = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()
    written_with = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "care"
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["client", "version"], name="one_safety_plan_version")]


class SafetyPlanLine(Row):
    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="lines")
    step = models.PositiveSmallIntegerField(choices=SafetyStep.choices)
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    phone = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        app_label = "care"
        ordering = ["step", "place"]
