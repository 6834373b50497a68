"""Letters, texts and mails that leave the house. Their words say nothing clinical: that somebody gets care here is
itself private."""

from __future__ import annotations

from django.db import models

from footbridge.kit.row import Row


class Notice(Row):
    """One message to one person. Written in the transaction of the act it follows; delivered by a job."""

    person = models.ForeignKey("ground.Person", on_delete=models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=8, choices=[("mail", "mail"), ("text", "text")])
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=5, default="en")
    # Encrypted: it may hold a single-use link.
    body_sealed = models.BinaryField()
    key = models.CharField(max_length=160, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "notices"
        indexes = [models.Index(fields=["sent_at", "made_at"])]
