"""What was decided about somebody in danger, where they are, and who knows. Nothing here is overwritten."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.kit.row import Row

from .words import Decided


class Disposition(Row):
    """The word that lets a visit end after a high-risk answer. A later one stands beside it."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="dispositions")
    decided = models.CharField(max_length=12, choices=Decided.choices)
    where_now = models.CharField(max_length=200)
    told = models.TextField(help_text="Who was told, and when")
    note = models.TextField(help_text="What was said, seen and agreed")
    form_key = models.UUIDField(unique=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["client", "-at"])]
        constraints = [
            models.CheckConstraint(
                name="disposition_says_where_who_and_what", condition=~Q(where_now="") & ~Q(told="") & ~Q(note="")
            )
        ]
