"""The program: one organisation, its sites and rooms, its tracks, groups and curricula.

What is here is the plan of a week ("Mondays at nine, process group"). Dated sessions stand in care.timetable.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from footbridge.kit.row import Row

from .words import HourConvention, Level, Mode, PartOfDay, Population, RoomKind, Weekday


class Organisation(Row):
    """The one organisation of this installation. `neutral_name` is what letters, texts and mails are signed with."""

    name = models.CharField(max_length=120)
    neutral_name = models.CharField(max_length=40)
    phone = models.CharField(max_length=32)
    email = models.EmailField(blank=True, default="")
    website = models.URLField(blank=True, default="")
    # Everything is one row: the database holds there is no second.
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        app_label = "ground"
        constraints = [models.CheckConstraint(name="one_organisation", condition=Q(only=True))]

    def __str__(self) -> str:
        return self.name


class Site(Row):
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True, default="")
    time_zone = models.CharField(max_length=60)
    state = models.CharField(max_length=2, blank=True, default="")
    phone = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        app_label = "ground"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LocalLine(Row):
    """A crisis line of the county or the town, beside the reviewed table data/crisis_lines.yaml. Somebody looks at it again before it is
    too old; one that is gone is ended, never deleted."""

    name = models.CharField(max_length=80)
    name_es = models.CharField(max_length=80, blank=True, default="")
    call = models.CharField(max_length=32, blank=True, default="")
    text = models.CharField(max_length=32, blank=True, default="")
    about = models.CharField(max_length=120, help_text="For whom, and when it answers")
    about_es = models.CharField(max_length=120, blank=True, default="")
    checked_on = models.DateField()
    checked_by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        ordering = ["name", "id"]
        constraints = [models.CheckConstraint(name="local_line_can_be_reached", condition=~Q(call="") | ~Q(text=""))]


class ClosedDay(Row):
    """A site is closed on a day. One that came with the program file has no `closed_at`; one that was opened again keeps its row, so that
    the file does not close it once more."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="closed_days")
    on = models.DateField()
    reason = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["site", "on"], condition=Q(opened_at__isnull=True), name="one_closed_day_a_site")]


class Room(Row):
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=RoomKind.choices)
    seats = models.PositiveSmallIntegerField()

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="one_room_by_code")]

    def __str__(self) -> str:
        return self.name


class Program(Row):
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.IOP)
    population = models.CharField(max_length=12, choices=Population.choices, default=Population.ADULT)
    focus = models.CharField(max_length=120, blank=True, default="")
    weeks = models.PositiveSmallIntegerField()
    minutes_a_week = models.PositiveIntegerField(help_text="The least minutes of care a week")
    days_a_week = models.PositiveSmallIntegerField(default=3)
    hour_convention = models.CharField(max_length=24, choices=HourConvention.choices, default=HourConvention.THERAPEUTIC)
    hours_rule = models.CharField(max_length=60, blank=True, default="", help_text="Code in data/hours_rules.yaml")
    about = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    # Individual and family hours of a published schedule that have no day: kind, minutes, weeks, any_of_weeks, per_week.
    floating = models.JSONField(default=list, blank=True)
    # True for the program people are admitted to here; published examples are loaded beside it and admit nobody.
    admits = models.BooleanField(default=True)
    published_counts = models.JSONField(default=dict, blank=True)
    # Which questions are asked when, as the program file says it; empty: data/measures.yaml holds.
    measures = models.JSONField(default=list, blank=True)
    # By which rule a suicide screen is read: a code of data/suicide_triage.yaml. Set by the director, not by the file.
    suicide_rule = models.SlugField(max_length=20, default="columbia")

    class Meta:
        app_label = "ground"

    def __str__(self) -> str:
        return self.name


class Track(Row):
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="tracks")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="tracks")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    part_of_day = models.CharField(max_length=10, choices=PartOfDay.choices)
    mode = models.CharField(max_length=10, choices=Mode.choices)
    places = models.PositiveSmallIntegerField(default=10)
    level = models.CharField(max_length=12, choices=Level.choices, blank=True, default="", help_text="When it is not the program's")
    # Codes of tracks of this program whose groups belong to this one too.
    includes = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    offered = models.BooleanField(default=True, help_text="An old pattern stays on record and admits nobody")

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_track_by_code")]

    def __str__(self) -> str:
        return self.name


class GroupType(Row):
    """A kind of group with its size limits; the source says who sets them."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    least = models.PositiveSmallIntegerField(default=2)
    most = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, blank=True, default="")
    countable = models.BooleanField(default=True, help_text="False for what no payer counts")
    source = models.CharField(max_length=200, blank=True, default="")
    effective_from = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        constraints = [models.CheckConstraint(name="group_type_least_most", condition=Q(least__lte=F("most")))]

    def __str__(self) -> str:
        return self.name


class Curriculum(Row):
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="curricula")
    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    entry = models.CharField(max_length=8, choices=[("open", "open"), ("closed", "closed")], default="open")
    repeat = models.CharField(max_length=60, blank=True, default="")
    order = models.CharField(max_length=12, blank=True, default="fixed")
    electives = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    source = models.TextField(blank=True, default="")

    class Meta:
        app_label = "ground"
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="one_curriculum_by_code")]

    def __str__(self) -> str:
        return self.title


class Lesson(Row):
    """One lesson. Lessons of a module share its name; the number is the order in the curriculum."""

    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, related_name="lessons")
    module = models.CharField(max_length=120, blank=True, default="")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    about = models.CharField(max_length=300, blank=True, default="")
    mark = models.CharField(max_length=4, blank=True, default="")

    class Meta:
        app_label = "ground"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["curriculum", "number"], name="one_lesson_by_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Group(Row):
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="groups")
    type = models.ForeignKey(GroupType, on_delete=models.PROTECT, related_name="groups")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    condition = models.CharField(max_length=60, blank=True, default="", help_text="Condition focus, empty for all")
    open_entry = models.BooleanField(default=True)
    least = models.PositiveSmallIntegerField(default=2)
    most = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=10, choices=Mode.choices)
    curriculum = models.ForeignKey(Curriculum, null=True, blank=True, on_delete=models.PROTECT, related_name="groups")
    required = models.BooleanField(default=True, help_text="Part of every week of the track")
    choose_one = models.SlugField(max_length=60, blank=True, default="", help_text="Of parallel groups with this name a person attends one")
    language = models.CharField(max_length=5, default="en")
    held_until = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        constraints = [
            models.UniqueConstraint(fields=["track", "code"], name="one_group_by_code"),
            models.CheckConstraint(name="group_least_most", condition=Q(least__lte=F("most"))),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(Row):
    """One weekly hour of a group. `week_from`/`week_until` (inclusive) bound it to weeks of the program, as published schedules do."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    week_from = models.PositiveSmallIntegerField(default=1)
    week_until = models.PositiveSmallIntegerField(null=True, blank=True)
    optional = models.BooleanField(default=False)
    mode = models.CharField(max_length=10, choices=Mode.choices, blank=True, default="", help_text="When it is not the group's")
    leader = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="meetings_led")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings")
    held_from = models.DateField(null=True, blank=True)
    held_until = models.DateField(null=True, blank=True)
    weeks_from = models.DateField(
        null=True, blank=True, help_text="The day from which a closed group counts its weeks, when that is not `held_from`"
    )

    class Meta:
        app_label = "ground"
        ordering = ["weekday", "starts"]
        constraints = [models.CheckConstraint(name="meeting_ends_after_start", condition=Q(ends__gt=F("starts")))]

    @property
    def minutes(self) -> int:
        return (self.ends.hour * 60 + self.ends.minute) - (self.starts.hour * 60 + self.starts.minute)


class WorkWeek(Row):
    """What is known of somebody's working week, as entered on that day; the newest holds. Empty fields ask for nothing: what the role
    allows (data/working_hours.yaml) holds then.
    """

    staff = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="work_weeks")
    most_minutes_week = models.PositiveSmallIntegerField(null=True, blank=True)
    most_minutes_day = models.PositiveSmallIntegerField(null=True, blank=True)
    most_groups_day = models.PositiveSmallIntegerField(null=True, blank=True)
    caseload = models.PositiveSmallIntegerField(null=True, blank=True, help_text="People seen individually")
    languages = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    leads = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text="Kinds of group they may lead; empty: as the role allows")
    conditions = ArrayField(models.CharField(max_length=60), default=list, blank=True, help_text="Condition groups they may lead; empty: all")
    by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["staff", "-at"])]


class WorkHours(Row):
    """Hours of the week in which somebody works, and where; without a site, wherever they are needed."""

    week = models.ForeignKey(WorkWeek, on_delete=models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "ground"
        ordering = ["weekday", "starts"]
        constraints = [models.CheckConstraint(name="work_hours_end_after_start", condition=Q(ends__gt=F("starts")))]
