"""What happens between sessions: a skill to practice, the client's log, the daily check-in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from footbridge.kit.row import Row


class Assignment(Row):
    """A skill given to practice. `skill` is a code in data/skills.yaml; its words are ours."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="assignments")
    skill = models.CharField(max_length=40)
    instructions = models.TextField(blank=True, default="")
    times_a_week = models.PositiveSmallIntegerField(default=3)
    objective = models.ForeignKey("care.Objective", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        ordering = ["-at"]


class PracticeLog(Row):
    """The client practised. Distress 0 to 10 before and after, when they want to say."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="logs")
    before = models.PositiveSmallIntegerField(null=True, blank=True)
    after = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    practised_on = models.DateField()
    at = models.DateTimeField()
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        app_label = "care"
        ordering = ["-practised_on", "-at"]
        constraints = [
            models.CheckConstraint(name="practice_before_0_10", condition=Q(before__isnull=True) | Q(before__lte=10)),
            models.CheckConstraint(name="practice_after_0_10", condition=Q(after__isnull=True) | Q(after__lte=10)),
        ]

    @property
    def episode_id(self) -> int:
        """The case it belongs to: what rules ask of a record."""
        return self.assignment.episode_id



class PracticeComment(Row):
    log = models.ForeignKey(PracticeLog, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class CheckIn(Row):
    """The daily check-in. Not a validated instrument, and it says so."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="check_ins")
    on = models.DateField()
    mood = models.PositiveSmallIntegerField()
    urge = models.PositiveSmallIntegerField(null=True, blank=True)
    feelings = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    slept_hours = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)
    took_medication = models.CharField(
        max_length=8, choices=[("yes", "yes"), ("some", "some"), ("no", "no"), ("none_due", "none due")], blank=True, default=""
    )
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["episode", "on"], name="one_check_in_a_day"),
            models.CheckConstraint(name="mood_0_10", condition=Q(mood__lte=10)),
            models.CheckConstraint(name="urge_0_10", condition=Q(urge__isnull=True) | Q(urge__lte=10)),
        ]
