"""Step up, step down, discharge: the move, the relapse-prevention plan, and the hand-off."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.ground.program.words import Level
from footbridge.kit.row import Row


class TransitionKind(models.TextChoices):
    STEP_DOWN = "step_down", _("Step down")
    STEP_UP = "step_up", _("Step up")
    DISCHARGE = "discharge", _("Discharge")


class DischargeReason(models.TextChoices):
    """Aligned with the reasons of the national treatment episode data set (TEDS-D)."""

    COMPLETED = "completed", _("Completed treatment")
    TRANSFERRED = "transferred", _("Transferred to other care")
    LEFT = "left", _("Left before the end")
    ENDED_BY_PROGRAM = "ended", _("Ended by the program")
    INCARCERATED = "incarcerated", _("Incarcerated")
    DIED = "died", _("Died")
    OTHER = "other", _("Other")


class Transition(Row):
    """A change of level on a day. A discharge ends the episode's treatment; aftercare begins."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="transitions")
    kind = models.CharField(max_length=10, choices=TransitionKind.choices)
    from_level = models.CharField(max_length=12, choices=Level.choices)
    to_level = models.CharField(max_length=12, choices=Level.choices)
    reason = models.CharField(max_length=14, choices=DischargeReason.choices, blank=True, default="")
    why = models.TextField()
    effective_on = models.DateField()
    next_provider = models.CharField(max_length=160, blank=True, default="")
    next_visit_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True, default="")
    # Ended by the program after a drug test that found something: what else speaks for it. A test alone is no reason.
    beside_test = models.TextField(blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-effective_on", "-at"]
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(kind="discharge"), name="discharged_once"),
            models.CheckConstraint(name="discharge_has_reason", condition=~Q(kind="discharge") | ~Q(reason="")),
            models.CheckConstraint(name="transition_has_why", condition=~Q(why="")),
        ]


class RelapsePreventionPlan(Row):
    """Triggers, early signs, what I do: in the client's words, one version at a time."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="relapse_plans")
    version = models.PositiveSmallIntegerField()
    triggers = models.TextField()
    early_signs = models.TextField()
    what_i_do = models.TextField()
    people = models.TextField(blank=True, default="")
    risky_dates = models.TextField(blank=True, default="")
    written_with = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["episode", "version"], name="one_relapse_plan_version")]


class Arrival(Row):
    """The hand-off is closed only when the person has arrived at the next place of care."""

    transition = models.OneToOneField(Transition, on_delete=models.PROTECT, related_name="arrival")
    confirmed_with = models.CharField(max_length=160)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
