"""What is taken, who says so, and how the list was reconciled."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from footbridge.kit.row import Row

from .words import CheckOutcome, Collected, Found, ListAnswer, Occasion, Reconciled, ResultKind


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
    moud = models.BooleanField(default=False, help_text="Taken for opioid use disorder")
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


class CheckDone(Row):
    """A check that a medicine or a rule asks for (weight, AIMS, labs, PDMP): done, declined or not needed, and when."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="checks")
    check_code = models.CharField(max_length=40, help_text="Code in data/monitoring.yaml")
    outcome = models.CharField(max_length=10, choices=CheckOutcome.choices)
    on = models.DateField()
    result = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["episode", "check_code", "-on"])]


class RandomTesting(Row):
    """Urine tests on days that cannot be foreseen, never further apart than `most_days`. The seed gives the days."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="random_testings")
    first_on = models.DateField(help_text="No test is due before this day")
    least_days = models.PositiveSmallIntegerField()
    most_days = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["episode"], condition=Q(ended_at__isnull=True), name="one_open_random_testing"),
            models.CheckConstraint(name="test_gap_least_most", condition=Q(least_days__gte=1, most_days__gte=F("least_days"))),
        ]


class DrugTest(Row):
    """A urine test on a day: collected, or not and why."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="drug_tests")
    on = models.DateField()
    collected = models.CharField(max_length=10, choices=Collected.choices)
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        app_label = "care"
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["episode", "-on"])]


class DrugTestResult(Row):
    """What one test found of one substance. A presumptive result and a definitive one stand apart, also for the same urine."""

    test = models.ForeignKey(DrugTest, on_delete=models.PROTECT, related_name="results")
    kind = models.CharField(max_length=12, choices=ResultKind.choices)
    substance = models.CharField(max_length=80)
    found = models.CharField(max_length=14, choices=Found.choices)
    explained = models.CharField(max_length=200, blank=True, default="", help_text="Like: prescribed, food, another medicine")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["substance", "kind", "id"]
