"""The episode of care: the thread every stage ties its rows to, and who is on its care team.

It stands on the ground, not in a stage, because who may open a chart is a fact that every stage asks for, the first included.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from footbridge.kit.access import Actor
from footbridge.kit.row import Row


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def visible_to(self, actor: Actor) -> EpisodeQuerySet:
        """The episodes whose existence `actor` may know."""
        from .visibility import episodes_visible_to

        return episodes_visible_to(self, actor)

    def open(self) -> EpisodeQuerySet:
        return self.filter(ended_at__isnull=True)

    def present_first(self) -> EpisodeQuerySet:
        """The open one, then the one that ended last. Not by their beginning: one opened twice by mistake, and ended when two records were
        merged, may have begun after the one that goes on."""
        return self.order_by(F("ended_at").desc(nulls_first=True), "-opened_at", "-pk")


class Episode(Row):
    """One way through care, from taking up an inquiry to its end. Where it stands is calculated, never stored."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="episodes")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        app_label = "ground"
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(ended_at__isnull=True), name="one_open_episode_a_client"),
            models.CheckConstraint(name="episode_ends_after_opening", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("opened_at"))),
        ]

    def __str__(self) -> str:
        return f"episode {self.uid}"


class TeamRole(models.TextChoices):
    INTAKE = "intake", _("Intake clinician")
    PRIMARY = "primary", _("Primary therapist")
    PRESCRIBER = "prescriber", _("Prescriber")
    GROUP = "group", _("Group leader")
    COVER = "cover", _("Covers for a colleague")


class CareTeamMember(Row):
    """Somebody of the care team, from when until when (exclusive). This is what lets a clinician open the chart."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="team")
    staff = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="care_team_of")
    role = models.CharField(max_length=12, choices=TeamRole.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(left_at__isnull=True, role="primary"), name="one_primary_therapist"
            ),
            models.UniqueConstraint(
                fields=["episode", "staff", "role"], condition=Q(left_at__isnull=True), name="on_the_team_once"
            ),
        ]
        indexes = [models.Index(fields=["staff", "episode"])]


class BreakGlass(Row):
    """Somebody opened a chart that is not theirs, for a stated reason, until a time. Read by the director every day."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(name="break_glass_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="break_glass_ends", condition=Q(until_at__gt=F("from_at"))),
        ]

    def holds_at(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at
