from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from footbridge.ground.episodes.models import Episode
from footbridge.ground.program.words import Level
from footbridge.kit.access import Actor
from footbridge.kit.row import Row

from .words import AGREED_HOW, CameFrom, EndedHow, Step, WhyNotHere


class HandOffQuerySet(models.QuerySet["HandOff"]):
    def visible_to(self, actor: Actor) -> HandOffQuerySet:
        """Intake and the director see all, the front desk those of people who are not admitted, a clinician those of their own clients."""
        if actor.is_system or actor.has("intake", "director"):
            return self
        seen = Q(pk__in=[])
        if actor.has("front_desk"):
            seen |= Q(episode__isnull=True) | Q(episode__admission__isnull=True)
        if actor.has("therapist", "prescriber"):
            seen |= Q(episode__in=Episode.objects.visible_to(actor.within({"therapist", "prescriber"})).values("pk"))
        return self.filter(seen)

    def open(self) -> HandOffQuerySet:
        return self.filter(ended_at__isnull=True)


class HandOff(Row):
    """Somebody is on the way to another program. It always has an owner, a next thing to do and its day, and ends only when they
    have arrived, or with what stood in the way."""

    # Of a request, or of an episode; `client` is the episode's, so that the chart's rules hold.
    inquiry = models.ForeignKey("care.Inquiry", null=True, blank=True, on_delete=models.PROTECT, related_name="hand_offs")
    episode = models.ForeignKey("ground.Episode", null=True, blank=True, on_delete=models.PROTECT, related_name="hand_offs")
    client = models.ForeignKey("ground.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="hand_offs")
    transition = models.OneToOneField("care.Transition", null=True, blank=True, on_delete=models.PROTECT, related_name="hand_off")
    came_from = models.CharField(max_length=10, choices=CameFrom.choices)
    level = models.CharField(max_length=12, choices=Level.choices, help_text="What the person needs")
    why = models.CharField(max_length=12, choices=WhyNotHere.choices)
    words = models.CharField(max_length=300, blank=True, default="")
    program = models.ForeignKey("ground.OtherProgram", null=True, blank=True, on_delete=models.PROTECT, related_name="hand_offs")
    # As it was when the hand-off began; a place that is not on the list stands only here.
    to_name = models.CharField(max_length=160)
    to_phone = models.CharField(max_length=32)
    owner = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="hand_offs")
    next_action = models.CharField(max_length=160)
    next_at = models.DateTimeField(help_text="When the next thing is due")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=12, choices=EndedHow.choices, blank=True, default="")
    ended_with = models.CharField(max_length=160, blank=True, default="", help_text="Who confirmed it, and where")
    arrived_on = models.DateField(null=True, blank=True)
    ended_note = models.CharField(max_length=300, blank=True, default="")
    ended_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = HandOffQuerySet.as_manager()

    class Meta:
        app_label = "care"
        ordering = ["next_at", "id"]
        constraints = [
            models.CheckConstraint(name="hand_off_of_somebody", condition=Q(inquiry__isnull=False) | Q(episode__isnull=False)),
            models.CheckConstraint(name="hand_off_of_episode_has_client", condition=Q(episode__isnull=True, client__isnull=True) | Q(episode__isnull=False, client__isnull=False)),
            models.CheckConstraint(name="hand_off_goes_somewhere", condition=~Q(to_name="") & ~Q(to_phone="") & ~Q(next_action="")),
            models.CheckConstraint(
                name="hand_off_ends_with_how",
                condition=Q(ended_at__isnull=True, ended_how="", ended_by__isnull=True) | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_how="")),
            ),
            models.CheckConstraint(
                name="hand_off_arrived_confirmed",
                condition=~Q(ended_how__in=["arrived", "elsewhere"]) | (Q(arrived_on__isnull=False) & ~Q(ended_with="")),
            ),
            models.UniqueConstraint(fields=["inquiry"], condition=Q(ended_at__isnull=True), name="one_open_hand_off_a_request"),
            models.UniqueConstraint(fields=["episode"], condition=Q(ended_at__isnull=True), name="one_open_hand_off_an_episode"),
        ]


class HandOffStep(Row):
    """One thing that was done. Added, never written over."""

    hand_off = models.ForeignKey(HandOff, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14, choices=Step.choices)
    with_name = models.CharField(max_length=120, blank=True, default="", help_text="Who was spoken to there")
    on_the_line = models.BooleanField(default=False, help_text="The person was on the line, too")
    appointment_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="spoke_there_with_a_name", condition=~Q(kind="spoke_there") | ~Q(with_name="")),
            models.CheckConstraint(name="appointment_has_a_time", condition=~Q(kind="appointment") | Q(appointment_at__isnull=False)),
        ]


class HandOffAgreed(Row):
    """What the person lets us tell the other program. Of a client it stands on a consent; of somebody who only asked, here."""

    hand_off = models.ForeignKey(HandOff, on_delete=models.PROTECT, related_name="agreed")
    consent = models.OneToOneField("ground.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    data_classes = ArrayField(models.CharField(max_length=24))
    signed_name = models.CharField(max_length=120)
    how = models.CharField(max_length=8, choices=AGREED_HOW)
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "care"
        ordering = ["-at", "-id"]
