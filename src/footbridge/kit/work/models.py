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


class Run(models.Model):
    """A long job while it runs: how far it is, what it has so far, and whether somebody wants it to stop. Not a record of anything:
    what is to stay is written by the deed that takes it."""

    key = models.CharField(max_length=160, unique=True)
    percent = models.PositiveSmallIntegerField(default=0)
    said = models.JSONField(default=dict, blank=True)
    result = models.JSONField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "work"
