"""Who asks for help, whether we answered, and who waits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from footbridge.ground.coverage.models import PayerKind
from footbridge.ground.people.words import Channel, Language
from footbridge.ground.program.words import PartOfDay
from footbridge.kit.access import Actor
from footbridge.kit.row import Row

from .words import REPORTED_HOW, ClosedBecause, ForWhom, Milestone, OffTheList, Outcome, Triage, WaitsBecause


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, actor: Actor) -> InquiryQuerySet:
        """Requests are seen by those who answer them. A therapist sees nobody who is not in their care yet."""
        if actor.is_system or actor.has("front_desk", "intake", "director"):
            return self
        return self.none()


class Inquiry(Row):
    """Somebody asks for help, for themselves or for someone else. Becomes an episode when it is taken up."""

    for_whom = models.CharField(max_length=14, choices=ForWhom.choices)
    # Whoever asks, when it is not the person themselves.
    asker_name = models.CharField(max_length=120, blank=True, default="")
    asker_relation = models.CharField(max_length=60, blank=True, default="")
    asker_contact = models.CharField(max_length=120, blank=True, default="")
    person_agrees = models.CharField(
        max_length=8, choices=[("yes", "yes"), ("no", "no"), ("unknown", "unknown")], default="unknown", help_text="Knows of and agrees to the request"
    )

    name_used = models.CharField(max_length=80)
    legal_name = models.CharField(max_length=120, blank=True, default="")
    born_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=32, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    may_leave_message = models.BooleanField(default=False)
    may_say_who_we_are = models.BooleanField(default=False)
    best_times = models.CharField(max_length=120, blank=True, default="")
    wishes = models.TextField(blank=True, default="")
    part_of_day = models.CharField(max_length=10, choices=PartOfDay.choices, blank=True, default="")
    # Who pays, as said on the call; with the papers of the client it becomes their coverage.
    payer_kind = models.CharField(max_length=12, choices=PayerKind.choices, blank=True, default="")
    payer = models.CharField(max_length=120, blank=True, default="")
    member_number = models.CharField(max_length=40, blank=True, default="")
    # What the public guide had learned, only if the person asked to send it along.
    guide_answers = models.JSONField(default=dict, blank=True)

    source = models.ForeignKey("ground.ReferralSource", null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries")
    triage = models.CharField(max_length=10, choices=Triage.choices, default=Triage.STANDARD)
    triage_reason = models.CharField(max_length=200, blank=True, default="")
    received_at = models.DateTimeField()
    # The same request sent twice by an impatient click is one inquiry.
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    episode = models.OneToOneField("ground.Episode", null=True, blank=True, on_delete=models.PROTECT, related_name="inquiry")
    taken_up_at = models.DateTimeField(null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        app_label = "care"
        indexes = [models.Index(fields=["received_at"])]
        constraints = [
            models.CheckConstraint(name="inquiry_can_be_answered", condition=~Q(phone="") | ~Q(email="") | ~Q(asker_contact="")),
            models.CheckConstraint(
                name="inquiry_taken_up_with_episode",
                condition=Q(episode__isnull=True, taken_up_at__isnull=True) | Q(episode__isnull=False, taken_up_at__isnull=False),
            ),
        ]


class ContactAttempt(Row):
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="attempts")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        ordering = ["at"]


class InquiryClosed(Row):
    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="closed")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=14, choices=ClosedBecause.choices)
    note = models.CharField(max_length=300, blank=True, default="")
    referred_to = models.CharField(max_length=160, blank=True, default="")
    # Already known: as whom, where it was said. Danger this request told of, or tells of later, is theirs.
    client = models.ForeignKey("ground.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"


class Waiting(Row):
    """A place on the waiting list. Never stale: it always names the next thing we do and its day."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="waiting")
    track = models.ForeignKey("ground.Track", null=True, blank=True, on_delete=models.PROTECT, related_name="waiting")
    because = models.CharField(max_length=10, choices=WaitsBecause.choices, default=WaitsBecause.OTHER)
    reason = models.CharField(max_length=160, blank=True, default="", help_text="In a few words; always there for another reason")
    next_action = models.CharField(max_length=160)
    next_on = models.DateField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=12, choices=OffTheList.choices, blank=True, default="")
    ended_note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "care"
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=Q(ended_at__isnull=True), name="waits_once"),
            models.CheckConstraint(name="another_reason_to_wait_is_said", condition=~Q(because="other") | ~Q(reason="")),
        ]


class NotThisClient(Row):
    """Somebody compared a request with a client it looks like: another person. It is not offered again for this request."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="not_these")
    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["inquiry", "client"], name="not_this_client_once")]


class ReportBack(Row):
    """What came of it was told to whoever sent the person: by whom, how, and on which consent. Told once a milestone."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="reports_back")
    milestone = models.CharField(max_length=10, choices=Milestone.choices)
    # None when an order of a court lets us: then the account of the client names it.
    consent = models.ForeignKey("ground.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=8, choices=REPORTED_HOW)
    to_whom = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "care"
        constraints = [models.UniqueConstraint(fields=["inquiry", "milestone"], name="reported_back_once")]
