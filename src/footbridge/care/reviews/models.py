"""Do we continue, change, step up or step down? Decided with the scores in view."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.kit.row import Row


class ReviewDecision(models.TextChoices):
    CONTINUE = "continue", _("Continue as planned")
    CHANGE = "change", _("Change the plan")
    STEP_DOWN = "step_down", _("Step down")
    STEP_UP = "step_up", _("Step up")
    DISCHARGE = "discharge", _("Discharge")


class PlanReview(Row):
    """A signed review of one version of the plan. `scores_seen` is what stood on the page when it was signed."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="reviews")
    plan = models.ForeignKey("care.Plan", on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=10, choices=ReviewDecision.choices)
    progress = models.TextField()
    reasons = models.TextField()
    scores_seen = models.JSONField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    signed_how = models.CharField(max_length=20, default="password")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at"]
        constraints = [models.CheckConstraint(name="review_has_reasons", condition=~Q(reasons="") & ~Q(progress=""))]


class ObjectiveProgress(Row):
    review = models.ForeignKey(PlanReview, on_delete=models.PROTECT, related_name="objectives")
    objective = models.ForeignKey("care.Objective", on_delete=models.PROTECT, related_name="progress")
    state = models.CharField(
        max_length=10,
        choices=[("met", _("Met")), ("better", _("Getting there")), ("same", _("No change yet")), ("worse", _("Further away")), ("dropped", _("No longer a goal"))],
    )

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["review", "objective"], name="one_state_an_objective")]
