"""What is written in each section, by whom; who signed the whole; and the diagnoses. Nothing here is overwritten."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from footbridge.kit.row import Row

from .words import EndedHow


class SectionEntry(Row):
    """One version of one section, signed with its author's name. A change is the next version; the older stays."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="assessment_entries")
    section = models.CharField(max_length=40, help_text="Code of data/assessment.yaml")
    number = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=20, help_text="Edition of the questions")
    # {question: {"value": text or list of codes, "not_known": true, "source": where a carried answer came from}}
    answers = models.JSONField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=160, help_text="Name and title as they were on that day")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["section", "-number"]
        constraints = [models.UniqueConstraint(fields=["episode", "section", "number"], name="one_section_version")]


class AssessmentSignature(Row):
    """Somebody signed the whole, having shown again who they are: exactly these versions of the sections."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="assessment_signatures")
    number = models.PositiveSmallIntegerField()
    entries = models.JSONField(help_text="{section: number of its version}")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=160)
    how = models.CharField(max_length=20, choices=[("password", "password"), ("second_factor", "second factor")])
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["episode", "number"], name="one_assessment_signature_number")]


class Diagnosis(Row):
    """A diagnosis of the dated code table. It stays with the person from one episode to the next, until it is ended."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="diagnoses")
    episode = models.ForeignKey(
        "ground.Episode", on_delete=models.PROTECT, related_name="+", help_text="In which it was made"
    )
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=255)
    table_edition = models.CharField(max_length=20)
    specifiers = models.CharField(max_length=200, blank=True, default="")
    onset_on = models.DateField(null=True, blank=True)
    onset_words = models.CharField(max_length=80, blank=True, default="", help_text="When no day is known")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="diagnosis_not_its_own_older", condition=Q(replaces__isnull=True) | ~Q(replaces=F("id"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DiagnosisEnded(Row):
    """A diagnosis holds no more, from when and why."""

    diagnosis = models.OneToOneField(Diagnosis, on_delete=models.PROTECT, related_name="ended")
    how = models.CharField(max_length=10, choices=EndedHow.choices)
    ended_on = models.DateField()
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class PrincipalDiagnosis(Row):
    """Which diagnosis this episode is mainly about. The newest choice holds."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="principal_diagnoses")
    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
