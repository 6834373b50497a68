"""Questionnaires: the definitions that are loaded, the sheets given to people, their answers and scores.

They stand on the ground because screening, placement, measures and reviews all read them. Answers are taken by one
verb only,
in care.measures, which raises the alarm in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.kit.row import Row

if TYPE_CHECKING:
    from footbridge.ground.people.models import Client


class Origin(models.TextChoices):
    PACKAGED = "packaged", _("Comes with Footbridge")
    TEXT_ADDED = "text", _("Text added here")
    OWN = "own", _("Our own")


class EditionManager(models.Manager["InstrumentEdition"]):
    """Versions without their definition, twenty kilobytes each: `shelf.definition` builds it once a process, and what is built
    needs no reading again."""

    def get_queryset(self) -> models.QuerySet[InstrumentEdition]:
        return super().get_queryset().defer("definition")


class InstrumentEdition(Row):
    """One version of an instrument as it was stored; never changed, a change is a new row. A definition with nobody who
    verified it is a draft and fires no band."""

    code = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    verified = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PACKAGED)
    loaded_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    change_note = models.CharField(max_length=300, blank=True, default="", help_text="What is new in this version")

    objects = EditionManager()

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["code", "edition", "digest"], name="one_edition_by_content")]

    def __str__(self) -> str:
        return self.title


class InstrumentRetired(Row):
    """An instrument that is given to nobody for a time. Sheets already given stay; without an end it is still retired."""

    code = models.CharField(max_length=40)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=300)
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "ground"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(until_at__isnull=True), name="one_open_retirement_by_code"
            )
        ]


class GivenHow(models.TextChoices):
    LINK = "link", _("By link")
    PORTAL = "portal", _("In the portal")
    TABLET = "tablet", _("On a tablet handed over")
    PAPER = "paper", _("On paper")
    INTERVIEW = "interview", _("By interview")
    OUTSIDE = "outside", _("Score from outside")


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


class EarlierLink(Row):
    """A link that opens nothing any more, because a newer one or a device handed over took its place. A page that was opened with it may
    still stand on somebody's screen: by this one knows whose danger it tells of. Only the hash is kept, as of any link."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="earlier_links")
    token_hash = models.CharField(max_length=64, db_index=True)
    until_at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "token_hash"], name="one_earlier_link_a_sheet"),
            models.CheckConstraint(condition=~Q(token_hash=""), name="earlier_link_has_its_hash"),
        ]


class Answer(Row):
    """One answer: the code of the choice, as the definition names it. The newest row of an item holds; older ones stay.

    Declined is an answer; a blank has no row. `not_known` stands beside declined: asked, and the person could not say.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=20)
    value = models.CharField(max_length=400, null=True, blank=True)
    declined = models.BooleanField(default=False)
    not_known = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(
                name="answer_is_value_or_declined",
                condition=Q(value__isnull=True, declined=True) | Q(value__isnull=False, declined=False),
            ),
            models.CheckConstraint(name="not_known_is_no_value", condition=Q(not_known=False) | Q(declined=True)),
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


class OutsideSource(models.TextChoices):
    SYSTEM = "system", _("Another system")
    PAPER = "paper", _("A paper form")
    LETTER = "letter", _("A letter or report")


class OutsideScore(Row):
    """Where a score came from that was reckoned elsewhere and typed in. Its sheet (given `outside`, without answers) and
    Score stand with all others. One typed in by mistake is taken back, never deleted."""

    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="outside")
    source = models.CharField(max_length=10, choices=OutsideSource.choices)
    source_note = models.CharField(max_length=200, help_text="Which system, or whose paper")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_back_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(
                name="outside_score_taken_back_with_reason",
                condition=Q(taken_back_at__isnull=True, taken_back_why="")
                | (Q(taken_back_at__isnull=False) & ~Q(taken_back_why="")),
            )
        ]

    @property
    def client(self) -> Client:
        return self.sheet.client
