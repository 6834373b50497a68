"""Is it getting better, and who must know. Sheets, answers and scores stand on the ground (ground.instruments);
here is what the program asks for, and the alerts when a course is off track."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from footbridge.kit.row import Row


class CourseAlert(Row):
    """Not on track: one sentence why, a person, a date. Ends only with a documented action."""

    episode = models.ForeignKey("ground.Episode", on_delete=models.PROTECT, related_name="course_alerts")
    sheet = models.ForeignKey("ground.Sheet", on_delete=models.PROTECT, related_name="course_alerts")
    color = models.CharField(max_length=6, choices=[("yellow", _("Review")), ("red", _("Worse"))])
    reason = models.CharField(max_length=300)
    owner = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    due_on = models.DateField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["sheet"], name="one_course_alert_a_sheet")]


class CourseAlertClosed(Row):
    alert = models.OneToOneField(CourseAlert, on_delete=models.PROTECT, related_name="closed")
    action = models.CharField(
        max_length=14,
        choices=[
            ("plan_review", _("Plan reviewed")),
            ("step_up", _("Step up")),
            ("medication", _("Medication")),
            ("alliance", _("Talked about how we work together")),
            ("no_change", _("No change, and why")),
        ],
    )
    note = models.TextField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.CheckConstraint(name="course_alert_closed_with_words", condition=~Q(note=""))]


class SecondEntry(Row):
    """A paper form typed in a second time. What differs is settled item by item before the form is scored.

    `answers` maps an item to the code typed, or null for declined; an item left blank is not in it.
    """

    sheet = models.OneToOneField("ground.Sheet", on_delete=models.PROTECT, related_name="second_entry")
    answers = models.JSONField()
    differing = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"


class Topic(Row):
    """Something a score asks to be talked about in the next session. It stands on the roster until somebody did."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="topics")
    sheet = models.ForeignKey("ground.Sheet", on_delete=models.PROTECT, related_name="topics")
    code = models.CharField(max_length=60, help_text="The trigger that set it off")
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=300, blank=True, default="")
    raised_at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["sheet", "code"], name="one_topic_a_trigger")]


class TopicDone(Row):
    topic = models.OneToOneField(Topic, on_delete=models.PROTECT, related_name="done")
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class GrowthFit(Row):
    """One attempt to fit a program's own growth model of a measure (engines.progress.growth). The newest that converged
    is in force; one that did not is kept and said, and the former stays.

    `coefficients`: intercept, first score, ln(week); `covariance` is theirs (3 x 3), `scatter` that of the random intercept
    and slope (2 x 2), `residual` the variance of one reading.
    """

    program = models.ForeignKey("ground.Program", on_delete=models.PROTECT, related_name="growth_fits")
    instrument = models.ForeignKey("ground.InstrumentEdition", on_delete=models.PROTECT, related_name="+")
    score = models.CharField(max_length=40)
    converged = models.BooleanField()
    trouble = models.CharField(max_length=20, blank=True, default="", help_text="Why there is no model")
    coefficients = models.JSONField(null=True, blank=True)
    covariance = models.JSONField(null=True, blank=True)
    scatter = models.JSONField(null=True, blank=True)
    residual = models.FloatField(null=True, blank=True)
    episodes = models.PositiveIntegerField()
    readings = models.PositiveIntegerField()
    starts_from = models.DateField(help_text="First admission among the episodes")
    starts_until = models.DateField(help_text="Last admission among the episodes")
    # The calendar quarter the clock fitted it for, "2026-Q4"; empty when somebody asked for it.
    quarter = models.CharField(max_length=7, blank=True, default="")
    asked_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fitted_at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [
            models.CheckConstraint(
                name="growth_fit_has_numbers_or_trouble",
                condition=Q(
                    converged=True,
                    trouble="",
                    coefficients__isnull=False,
                    covariance__isnull=False,
                    scatter__isnull=False,
                    residual__isnull=False,
                )
                | (Q(converged=False, coefficients__isnull=True) & ~Q(trouble="")),
            ),
            models.UniqueConstraint(
                fields=["program", "instrument", "quarter"], condition=~Q(quarter=""), name="one_growth_fit_a_quarter"
            ),
        ]
        indexes = [models.Index(fields=["program", "-fitted_at"])]
