"""Talks about means, and naloxone. A change is a new version; the newest holds, the older stay."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.kit.row import Row

from .words import Access, NaloxoneAnswer


class MeansCounselling(Row):
    """What somebody at risk could use against themselves, where it will be kept, and who holds it. Rule source: SAF-16."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="means_counselling")
    version = models.PositiveSmallIntegerField()
    firearms = models.CharField(max_length=10, choices=Access.choices)
    medication = models.CharField(max_length=10, choices=Access.choices)
    other = models.CharField(max_length=10, choices=Access.choices)
    details = models.TextField(blank=True, default="")
    storage_plan = models.TextField(blank=True, default="")
    holder = models.CharField(max_length=160, blank=True, default="", help_text="Who holds it, with a number")
    talked_with = models.CharField(max_length=160, blank=True, default="", help_text="Who else was in the talk")
    follow_up_on = models.DateField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-version"]
        indexes = [models.Index(fields=["follow_up_on"])]
        constraints = [
            models.UniqueConstraint(fields=["client", "version"], name="one_means_version"),
            models.CheckConstraint(
                name="means_within_reach_have_a_plan",
                condition=~(Q(firearms="yes") | Q(medication="yes") | Q(other="yes"))
                | (~Q(storage_plan="") & Q(follow_up_on__isnull=False)),
            ),
        ]


class NaloxoneOffer(Row):
    """Naloxone was offered: what they said, whether they were shown how, and until when the kit is good. Rule source: SAF-15."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="naloxone_offers")
    version = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=10, choices=NaloxoneAnswer.choices)
    shown_how = models.BooleanField(help_text="They, or somebody who lives with them, were shown how to use it")
    expires_on = models.DateField(null=True, blank=True, help_text="Of the kit they have")
    follow_up_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    form_key = models.UUIDField(unique=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-version"]
        indexes = [models.Index(fields=["follow_up_on"]), models.Index(fields=["expires_on"])]
        constraints = [
            models.UniqueConstraint(fields=["client", "version"], name="one_naloxone_version"),
            models.CheckConstraint(
                name="only_a_kit_expires", condition=Q(expires_on__isnull=True) | Q(answer__in=["given", "has_it"])
            ),
        ]
