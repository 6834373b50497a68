"""A week in the making: drafts beside the published week, and what a publishing changed.

A draft is rows that differ from the published week, gathered in steps: whoever looks sees who changed what and when, and each step
can be taken back. Nothing of it holds for anybody before it is published.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from footbridge.ground.program.words import Mode, Weekday
from footbridge.kit.row import Row

from ..models import Place, Session, WeeklyVisit
from ..words import SessionKind
from .words import StepKind


class WeekDraft(Row):
    """A week of one program at one site in the making, to hold from a day. One is open at a time: two would not know of each other."""

    program = models.ForeignKey("ground.Program", on_delete=models.PROTECT, related_name="week_drafts")
    site = models.ForeignKey("ground.Site", on_delete=models.PROTECT, related_name="week_drafts")
    holds_from = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(
                fields=["program", "site"], condition=Q(dropped_at__isnull=True, published_at__isnull=True), name="one_open_draft_of_a_week"
            ),
            models.CheckConstraint(name="draft_dropped_or_published", condition=Q(dropped_at__isnull=True) | Q(published_at__isnull=True)),
        ]

    @property
    def is_open(self) -> bool:
        return self.dropped_at is None and self.published_at is None


class DraftStep(Row):
    """One deed in a draft: one move, or a whole week built. Its rows are below; taken back, none of them counts."""

    draft = models.ForeignKey(WeekDraft, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    said = models.CharField(max_length=300)
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="one_draft_step_by_number")]


class DraftMeeting(Row):
    """How a weekly meeting is to be: when, who leads, where, how, and whether it is held at all."""

    step = models.ForeignKey(DraftStep, on_delete=models.PROTECT, related_name="meetings")
    meeting = models.ForeignKey("ground.Meeting", on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    leader = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey("ground.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode.choices)
    held = models.BooleanField(default=True)
    adds = models.BooleanField(default=False, help_text="The step adds this hour; its meeting holds on no day until it is published")

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["step", "meeting"], name="draft_meeting_once_a_step"),
            models.CheckConstraint(name="draft_meeting_ends_after_start", condition=Q(ends__gt=F("starts"))),
        ]


class DraftPlace(Row):
    """A person is to have a place in a group, or to have it no more."""

    step = models.ForeignKey(DraftStep, on_delete=models.PROTECT, related_name="places")
    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey("ground.Group", on_delete=models.PROTECT, related_name="+")
    holds = models.BooleanField(default=True)

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["step", "episode", "group"], name="draft_place_once_a_step")]


class DraftVisit(Row):
    """How a standing visit is to be. `key` names it through all steps: the visit's own name, or a new one."""

    step = models.ForeignKey(DraftStep, on_delete=models.PROTECT, related_name="visits")
    key = models.UUIDField(default=uuid.uuid4)
    visit = models.ForeignKey(WeeklyVisit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=SessionKind.choices)
    staff = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey("ground.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode.choices)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    holds = models.BooleanField(default=True)

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["step", "key"], name="draft_visit_once_a_step"),
            models.CheckConstraint(name="draft_visit_ends_after_start", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="draft_visit_not_a_group", condition=~Q(kind="group")),
        ]


class WeekBuild(Row):
    """A week the engine was asked to build for a draft: with which seed, for how long, and what came of it. How far it is stands in
    kit.work (`run`), as long as it runs."""

    draft = models.ForeignKey(WeekDraft, on_delete=models.PROTECT, related_name="builds")
    tracks = ArrayField(models.SlugField(max_length=60), default=list, blank=True)  # empty: all; the others stay as they are
    open_times = models.BooleanField(default=False)  # meetings may move to other hours of their track
    seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    after_step = models.PositiveIntegerField()  # the draft it began from: another one makes the answer worthless
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    step = models.OneToOneField(DraftStep, null=True, blank=True, on_delete=models.PROTECT, related_name="build")

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]

    @property
    def run(self) -> str:
        return f"week_build:{self.uid}"


class WeekPublished(Row):
    """A draft that was made the week. What it changed stands below, so that it can be taken back exactly while nothing of it has begun."""

    draft = models.ForeignKey(WeekDraft, on_delete=models.PROTECT, related_name="publishings")
    holds_from = models.DateField()
    until_on = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(
                name="unpublished_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True) | Q(undone_at__isnull=False, undone_by__isnull=False),
            )
        ]


class PublishedChange(Row):
    """One row of the week that a publishing made or ended; of an ended one, until when it held before."""

    published = models.ForeignKey(WeekPublished, on_delete=models.PROTECT, related_name="changes")
    meeting = models.ForeignKey("ground.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(WeeklyVisit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made = models.BooleanField()
    until_before = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(
                name="published_change_of_one",
                condition=Q(meeting__isnull=False, place__isnull=True, visit__isnull=True)
                | Q(meeting__isnull=True, place__isnull=False, visit__isnull=True)
                | Q(meeting__isnull=True, place__isnull=True, visit__isnull=False),
            )
        ]


class PublishedSession(Row):
    """A dated session that a publishing gave another leader, room or way of meeting: how it was before."""

    published = models.ForeignKey(WeekPublished, on_delete=models.PROTECT, related_name="sessions")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey("ground.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey("ground.Room", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode.choices)

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["published", "session"], name="published_session_once")]


class Affected(Row):
    """Somebody whose week a publishing changed. They are told, and told again when it is taken back."""

    published = models.ForeignKey(WeekPublished, on_delete=models.PROTECT, related_name="affected")
    episode = models.ForeignKey("ground.Episode", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["published", "episode"], name="affected_person_once"),
            models.UniqueConstraint(fields=["published", "staff"], name="affected_staff_once"),
            models.CheckConstraint(
                name="affected_person_or_staff",
                condition=Q(episode__isnull=False, staff__isnull=True) | Q(episode__isnull=True, staff__isnull=False),
            ),
        ]


class WeekGoals(Row):
    """In which order a program wants the soft goals of its week, and what each costs, from a day on. The newest that holds counts;
    without one, the engine's own."""

    program = models.ForeignKey("ground.Program", on_delete=models.PROTECT, related_name="week_goals")
    order = ArrayField(models.CharField(max_length=20))
    weights = models.JSONField(default=dict)
    holds_from = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["-holds_from", "-at", "-id"]
