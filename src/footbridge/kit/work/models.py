"""What has been done once, and when what runs by itself was last seen to run."""

from __future__ import annotations

from django.db import models


class Done(models.Model):
    """The key of a deed that must happen once, written in the same transaction as the deed."""

    key = models.CharField(max_length=160, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "work"


class Beat(models.Model):
    """When a job that runs by itself last came to its end. Written by the job; a beat that grows old means that it stands still."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "work"
