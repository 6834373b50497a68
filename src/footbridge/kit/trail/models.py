"""The trail: what was done, by whom, when, about whom, and each row before and after."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models


class Act(models.Model):
    """One named deed. `at` is when it was done by the program's clock, `recorded_at` when the database took it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verb = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    recorded_in = models.BigIntegerField(null=True, editable=False)  # the transaction; the database stamps it
    about_kind = models.CharField(max_length=60)
    about_uid = models.UUIDField(null=True)
    client_uid = models.UUIDField(null=True)
    why = models.TextField(blank=True, default="")
    detail = models.JSONField(default=dict)
    digest = models.BinaryField(null=True)

    # What the deed hands to what follows it, in memory only (see acts.after).
    carries: dict[str, Any]

    class Meta:
        app_label = "trail"
        indexes = [
            models.Index(fields=["client_uid", "-id"]),
            models.Index(fields=["about_uid", "-id"]),
            models.Index(fields=["verb", "-id"]),
        ]


class Change(models.Model):
    """One row before and after, written only by the guard."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="changes")
    table_name = models.CharField(max_length=80)
    row_id = models.BigIntegerField(null=True)
    op = models.CharField(max_length=6)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    digest = models.BinaryField(null=True)

    class Meta:
        app_label = "trail"


class Seal(models.Model):
    """A batch of acts closed under one hash that also covers the seal before it."""

    made_at = models.DateTimeField()
    acts = models.IntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        app_label = "trail"


class Sealed(models.Model):
    """Which seal closed an act. A row of its own because acts may not be altered."""

    act = models.OneToOneField(Act, primary_key=True, on_delete=models.PROTECT, related_name="sealed")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="members")

    class Meta:
        app_label = "trail"
