"""Which level of care, and why; and the admission that follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.ground.program.words import Level
from footbridge.kit.row import Row

from .words import Difference, Dimension, Variant


class Assessment(Row):
    """Ratings of the dimensions on a day, and what the engine advised from them, kept as it was said."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="placement_assessments")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    criteria = models.CharField(max_length=40, default="neutral", help_text="Edition of the dimensions: neutral, asam3, asam4")
    facts = models.JSONField(help_text="The facts the engine was given")
    advised_level = models.CharField(max_length=12, choices=Level.choices, blank=True, default="", help_text="Empty: not enough is known")
    advice = models.JSONField(help_text="Reasons, what would change it, what is missing")
    rules_edition = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]


class DimensionRating(Row):
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="ratings")
    dimension = models.CharField(max_length=14, choices=Dimension.choices)
    rating = models.PositiveSmallIntegerField()
    reason = models.TextField()
    evidence = models.JSONField(default=list, blank=True, help_text="What it rests on: [{code, says}] as it stood then; codes as in evidence.py")

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "dimension"], name="one_rating_a_dimension"),
            models.CheckConstraint(name="rating_0_to_4", condition=Q(rating__lte=4)),
            models.CheckConstraint(name="rating_has_reason", condition=~Q(reason="")),
        ]


class Decision(Row):
    """The clinician decides. Indicated, authorised and actual level stand apart, and each difference has its reason."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="decisions")
    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="placement_decisions")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    indicated = models.CharField(max_length=12, choices=Level.choices)
    authorised = models.CharField(max_length=12, choices=Level.choices, blank=True, default="")
    actual = models.CharField(max_length=12, choices=Level.choices)
    difference = models.CharField(max_length=14, choices=Difference.choices, default=Difference.NONE)
    authorised_because = models.CharField(max_length=200, blank=True, default="", help_text="Why the payer grants another level than is needed")
    variant = models.CharField(max_length=12, choices=Variant.choices, blank=True, default="")
    reasons = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(name="difference_has_reason", condition=Q(indicated=models.F("actual")) | ~Q(difference="none")),
            models.CheckConstraint(name="decision_has_reasons", condition=~Q(reasons="")),
        ]


class Admission(Row):
    """The person starts in a track on a day."""

    episode = models.OneToOneField("ground.Episode", on_delete=models.PROTECT, related_name="admission")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="admissions")
    track = models.ForeignKey("ground.Track", on_delete=models.PROTECT, related_name="admissions")
    starts_on = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class RulesSignature(Row):
    """A clinical lead has read the rules of level of care and lets the program use them. One for each content of the rules."""

    edition = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True, default="")

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["digest", "by"], name="one_rules_signature_a_person")]


class CriteriaLicence(Row):
    """Criteria of others this site is licensed for, and where its copy is. Their text is never in here."""

    criteria = models.CharField(max_length=12)
    version = models.CharField(max_length=40)
    holder = models.CharField(max_length=120, help_text="Who holds the licence")
    number = models.CharField(max_length=60, blank=True, default="")
    where = models.CharField(max_length=200, help_text="Where staff find the site's own copy: a link or a shelf")
    valid_until = models.DateField(null=True, blank=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        ordering = ["criteria", "id"]


class OutsideResult(Row):
    """What criteria of others gave, recorded as it was: a score or whether they were met. It stands beside our advice and never changes it."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="outside_results")
    criteria = models.CharField(max_length=12)
    version = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    level_said = models.CharField(max_length=80, blank=True, default="")
    met = models.CharField(max_length=8, choices=[("yes", "met"), ("no", "not met")], blank=True, default="")
    reviewer = models.CharField(max_length=120)
    on = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(name="outside_result_says_something", condition=Q(score__isnull=False) | ~Q(level_said="") | ~Q(met=""))]
