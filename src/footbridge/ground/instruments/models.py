"""Questionnaires: the definitions that are loaded, the sheets given to people, their answers and scores.

They stand on the ground because screening, placement, measures and reviews all read them. Answers are taken by one
verb only,
in care.measures, which raises the alarm in the same transaction.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.kit.row import Row


class InstrumentEdition(Row):
    """One edition of an instrument as it was loaded. A definition with nobody who verified it is a draft and fires no
    band."""

    code = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    verified = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["code", "edition", "digest"], name="one_edition_by_content")]

    def __str__(self) -> str:
        return self.title


class GivenHow(models.TextChoices):
    LINK = "link", _("By link")
    PORTAL = "portal", _("In the portal")
    PAPER = "paper", _("On paper")
    INTERVIEW = "interview", _("By interview")


class Sheet(Row):
    """An instrument given to a person. The link's token is stored only as its hash."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="sheets")
    episode = models.ForeignKey(
        "ground.Episode", null=True, blank=True, on_delete=models.PROTECT, related_name="sheets"
    )
    instrument = models.ForeignKey(InstrumentEdition, on_delete=models.PROTECT, related_name="sheets")
    # Sheets given together (PHQ-9 with GAD-7) share a bundle and are answered in its order.
    bundle = models.UUIDField()
    place = models.PositiveSmallIntegerField(default=0)
    how = models.CharField(max_length=10, choices=GivenHow.choices)
    occasion = models.CharField(max_length=20, help_text="screening, weekly, trigger, discharge, followup")
    language = models.CharField(max_length=5, default="en")
    token_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    given_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "ground"
        indexes = [
            models.Index(fields=["client", "instrument", "-finished_at"]),
            models.Index(fields=["bundle", "place"]),
        ]


class Answer(Row):
    """One answer: the code of the choice, as the definition names it. The newest row of an item holds; older ones stay.

    Declined is an answer; a blank has no row.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=20)
    value = models.CharField(max_length=400, null=True, blank=True)
    declined = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(
                name="answer_is_value_or_declined",
                condition=Q(value__isnull=True, declined=True) | Q(value__isnull=False, declined=False),
            ),
        ]
        indexes = [models.Index(fields=["sheet", "item", "-id"])]


class Score(Row):
    """A score as it was computed, with the edition's words. `value` is null when the form could not be scored, and
    `reason` says why."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="scores")
    score = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    answered = models.PositiveSmallIntegerField()
    items = models.PositiveSmallIntegerField()
    prorated = models.BooleanField(default=False)
    band = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(name="no_band_without_score", condition=Q(value__isnull=False) | Q(band=""))
        ]
        indexes = [models.Index(fields=["sheet", "score"])]
