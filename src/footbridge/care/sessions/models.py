"""Sessions held: minutes attended, the group's note once, each person's part, signatures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.kit.row import Row

from .words import Came, Participation


class Attendance(Row):
    """Who came and for how long. A correction is a newer row; the newest holds."""

    booking = models.ForeignKey("care.Booking", on_delete=models.PROTECT, related_name="attendance")
    came = models.CharField(max_length=10, choices=Came.choices)
    minutes_attended = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=160, blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        indexes = [models.Index(fields=["booking", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="absent_has_no_minutes", condition=~Q(came__in=["absent", "excused"]) | Q(minutes_attended=0)
            ),
        ]


class SessionNote(Row):
    """The part written once for the whole group (or for the one person of an individual visit). Names no client."""

    session = models.OneToOneField("care.Session", on_delete=models.PROTECT, related_name="note")
    lesson = models.ForeignKey("ground.Lesson", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=160, blank=True, default="")
    text = models.TextField(blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class NotePart(Row):
    """What one person's chart says of the session. Names nobody else."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="parts")
    booking = models.OneToOneField("care.Booking", on_delete=models.PROTECT, related_name="note_part")
    participation = models.CharField(max_length=16, choices=Participation.choices, blank=True, default="")
    text = models.TextField(blank=True, default="")
    objective = models.ForeignKey("care.Objective", null=True, blank=True, on_delete=models.PROTECT, related_name="note_parts")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class NoteSignature(Row):
    """Signed: from here the note is not changed, only amended."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="signatures")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was signed")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["note", "by"], name="note_signed_once")]


class NoteAmendment(Row):
    """Words added after signing. The signed text stays."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="amendments")
    part = models.ForeignKey(NotePart, null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    text = models.TextField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.CheckConstraint(name="amendment_has_words", condition=~Q(text=""))]


class PartHeldBack(Row):
    """One person's part of a group that was not signed with the others: they were in danger and nobody had yet written down what
    was decided. It is signed alone, later. Until then their hour is not documented."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="held_back")
    booking = models.OneToOneField("care.Booking", on_delete=models.PROTECT, related_name="part_held_back")
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    signed_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of what was signed")

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(
                name="held_part_signed_with_name",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, digest="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(digest="")),
            )
        ]
