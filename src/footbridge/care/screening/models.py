"""The screen: what is going on in this life, is it safe, is an IOP possible."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from footbridge.ground.program.words import Mode, PartOfDay, Weekday
from footbridge.kit.row import Row

from .words import Fact, HowTaken, Known


class Screen(Row):
    """One screening talk. Corrections are a newer screen; facts carry over and can be changed."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="screens")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=HowTaken.choices)
    concerns = models.TextField(blank=True, default="", help_text="What brings the person, in their words")
    strengths = models.TextField(blank=True, default="")
    history = models.TextField(blank=True, default="", help_text="Earlier treatment, hospital stays, medical history")
    prefers_mode = models.CharField(max_length=10, choices=Mode.choices, blank=True, default="")
    prefers_part_of_day = models.CharField(max_length=10, choices=PartOfDay.choices, blank=True, default="")
    money = models.TextField(blank=True, default="", help_text="Coverage and cost worries")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]


class ScreenFact(Row):
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="facts")
    fact = models.CharField(max_length=20, choices=Fact.choices)
    answer = models.CharField(max_length=8, choices=Known.choices)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["screen", "fact"], name="one_answer_a_fact")]


class FreeHours(Row):
    """Hours of the week in which the person can come, as said at the screen. The newest screen's hours hold."""

    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="free_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        app_label = "care"
        ordering = ["weekday", "starts"]
        constraints = [models.CheckConstraint(name="free_hours_end_after_start", condition=Q(ends__gt=F("starts")))]
