"""What has been done once."""

from __future__ import annotations

from django.db import models


class Done(models.Model):
    """The key of a deed that must happen once, written in the same transaction as the deed."""

    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "work"
