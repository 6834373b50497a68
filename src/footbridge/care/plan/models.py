"""What we work on, until what. A signed version is never changed; a change is the next version."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import Q

from footbridge.care.assessment import codes
from footbridge.kit.row import Row

from .words import Capacity, CertificationKind, ServiceKind, TargetWay


class Plan(Row):
    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField()
    drafted_by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    strengths = models.TextField(blank=True, default="")
    review_every_days = models.PositiveSmallIntegerField(default=30)
    review_every_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Hours of treatment after which it is reviewed, when that comes before the days"
    )
    weekly_minutes = models.PositiveIntegerField(default=0, help_text="Minutes of care a week this plan asks for")

    class Meta:
        app_label = "care"
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["episode", "version"], name="one_plan_version")]


class Problem(Row):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="problems")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    icd10 = models.CharField(max_length=10, blank=True, default="")
    evidence = models.TextField(blank=True, default="")

    class Meta:
        app_label = "care"
        ordering = ["place"]

    @property
    def diagnosis(self) -> str:
        """The code in words, as people read it: "Major depressive disorder, recurrent, moderate (F33.1)". A code nobody knows stands alone."""
        known = codes.find(self.icd10) if self.icd10 else None
        return f"{known.name} ({self.icd10})" if known else self.icd10


class Goal(Row):
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="goals")
    place = models.PositiveSmallIntegerField(default=0)
    own_words = models.TextField(help_text="In the client's words")
    measurable = models.TextField(blank=True, default="")

    class Meta:
        app_label = "care"
        ordering = ["place"]
        constraints = [models.CheckConstraint(name="goal_in_own_words", condition=~Q(own_words=""))]


class Objective(Row):
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="objectives")
    place = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    measure = models.CharField(max_length=40, blank=True, default="", help_text="Instrument code, when a score tells")
    target = models.CharField(max_length=80, blank=True, default="")
    target_on = models.DateField(null=True, blank=True)
    target_score = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, blank=True, help_text="Of the instrument's main score"
    )
    target_way = models.CharField(max_length=8, choices=TargetWay.choices, default=TargetWay.AT_MOST)

    class Meta:
        app_label = "care"
        ordering = ["place"]

    @property
    def measure_name(self) -> str:
        """The instrument as people write it: PHQ-9 for phq9."""
        return re.sub(r"(?<=[a-z])_?(?=[0-9])|_", "-", self.measure).upper()


class Intervention(Row):
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=12, choices=ServiceKind.choices)
    what = models.CharField(max_length=200)
    amount_minutes = models.PositiveSmallIntegerField()
    times_a_week = models.PositiveSmallIntegerField()
    weeks = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=120)
    invited = models.CharField(max_length=200, blank=True, default="", help_text="Who comes to a family session beside the client")

    class Meta:
        app_label = "care"


class PlanSignature(Row):
    """Somebody signed this version, having shown again who they are."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey("ground.Person", on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    how = models.CharField(max_length=20, choices=[("password", "password"), ("second_factor", "second factor"), ("paper", "paper")])
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["plan", "person", "capacity"], name="signed_once")]


class Certification(Row):
    """A physician says that care of this intensity is needed (42 CFR 424.24(d)). Dated, signed, never changed."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="certifications")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="certifications")
    kind = models.CharField(max_length=15, choices=CertificationKind.choices)
    weekly_hours = models.DecimalField(max_digits=4, decimal_places=1, help_text="Hours of care a week that are needed")
    need = models.TextField(help_text="Why care of this intensity is needed")
    response = models.TextField(blank=True, default="")
    symptoms = models.TextField(blank=True, default="")
    toward_discharge = models.TextField(blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    credential = models.CharField(max_length=40, help_text="As it stood on that day")
    how = models.CharField(max_length=20, choices=[("password", "password"), ("second_factor", "second factor")])
    on = models.DateField(help_text="The day it counts from")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["episode", "-at"])]
        constraints = [
            models.CheckConstraint(name="certification_says_why", condition=~Q(need="")),
            models.CheckConstraint(
                name="recertification_says_more",
                condition=~Q(kind="recertification") | (~Q(response="") & ~Q(symptoms="") & ~Q(toward_discharge="")),
            ),
        ]
