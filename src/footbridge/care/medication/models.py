"""What is taken, who says so, and how the list was reconciled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from footbridge.kit.row import Row

from .words import ListAnswer, Occasion, Reconciled


class Medication(Row):
    """One medicine from a day until a day (exclusive). A change of dose ends the row and starts another."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="medications")
    name = models.CharField(max_length=120)
    dose = models.CharField(max_length=80, blank=True, default="")
    how_often = models.CharField(max_length=80, blank=True, default="")
    route = models.CharField(max_length=40, blank=True, default="")
    why = models.CharField(max_length=120, blank=True, default="")
    prescribed_by = models.CharField(max_length=120, blank=True, default="")
    prescribed_here = models.BooleanField(default=False)
    rxnorm = models.CharField(max_length=12, blank=True, default="")
    taken_from = models.DateField(null=True, blank=True)
    taken_until = models.DateField(null=True, blank=True)
    stopped_because = models.CharField(max_length=160, blank=True, default="")
    recorded_by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="medication_until_after_from",
                condition=Q(taken_until__isnull=True) | Q(taken_from__isnull=True) | Q(taken_until__gte=F("taken_from")),
            ),
        ]


class Allergy(Row):
    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="allergies")
    substance = models.CharField(max_length=120)
    reaction = models.CharField(max_length=160, blank=True, default="")
    recorded_by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"


class ListStatement(Row):
    """What somebody said about a whole list on a day: there are entries, there are none, or it is not known."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="list_statements")
    about = models.CharField(max_length=10, choices=[("medication", "medication"), ("allergy", "allergy")])
    answer = models.CharField(max_length=8, choices=ListAnswer.choices)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]


class Reconciliation(Row):
    """The whole list gone through with the client at a point of change."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="reconciliations")
    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="reconciliations")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    sources = models.CharField(max_length=200, help_text="Whom and what was asked: client, bottles, pharmacy, hospital letter")
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at"]


class ReconciledItem(Row):
    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="items")
    medication = models.ForeignKey(Medication, on_delete=models.PROTECT, related_name="reconciled")
    decision = models.CharField(max_length=8, choices=Reconciled.choices)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "care"
