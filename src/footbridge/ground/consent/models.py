"""Consent: what a person agreed to, in which words, until when, and when they took it back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from footbridge.kit.row import Row


class ConsentKind(models.TextChoices):
    TREATMENT = "treatment", _("Treatment in this program")
    TELEHEALTH = "telehealth", _("Care by video")
    MESSAGES = "messages", _("Messages and links by text or email")
    TPO = "tpo", _("Sharing for treatment, payment and operations")
    DISCLOSURE = "disclosure", _("Sharing with a named person or office")
    COUNSELING_NOTES = "counseling_notes", _("Sharing substance use counseling notes")
    LEGAL = "legal", _("Sharing in a legal proceeding")


class ExpiresWhen(models.TextChoices):
    """How a consent without a last day ends (42 CFR 2.31(a)(7))."""

    END_OF_TREATMENT = "end_of_treatment", _("When treatment ends")
    NONE = "none", _("Never, until it is taken back")


class Consent(Row):
    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    wording = models.CharField(max_length=20, help_text="Edition of the text that was shown")
    recipient = models.CharField(max_length=160, blank=True, default="")
    purpose = models.CharField(max_length=160, blank=True, default="")
    data_classes = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    signed_how = models.CharField(max_length=12, choices=[("portal", _("In the portal")), ("paper", _("On paper")), ("spoken", _("By voice"))])
    witnessed_by = models.ForeignKey("ground.Staff", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True)
    # Where there is no last day: what ends it. Empty on consents that share nothing.
    expires_when = models.CharField(max_length=16, choices=ExpiresWhen.choices, blank=True, default="")
    # Of a minor who may not consent alone.
    parent_signed_name = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        app_label = "ground"
        ordering = ["-signed_at"]


class ConsentRevoked(Row):
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revoked")
    at = models.DateTimeField()
    how = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        app_label = "ground"


class CourtOrder(Row):
    """An order of a court (42 CFR part 2, subpart E) that lets a named reader have named classes of data. The director writes it down after
    somebody who knows the law has read the paper. Never changed; it ends on its day, or when it is ended here."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="court_orders")
    court = models.CharField(max_length=160)
    number = models.CharField(max_length=80)
    recipient = models.CharField(max_length=160, help_text="Who may receive it, as the order says")
    data_classes = ArrayField(models.CharField(max_length=24))
    ordered_on = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="First day on which it holds no more")
    read_by = models.CharField(max_length=120, help_text="Who read the order and knows the law")
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        app_label = "ground"
        ordering = ["-ordered_on", "-id"]
        constraints = [
            models.CheckConstraint(name="court_order_names_reader_and_data", condition=~models.Q(recipient="") & ~models.Q(data_classes=[]) & ~models.Q(number="")),
            models.UniqueConstraint(fields=["client", "court", "number"], name="court_order_kept_once"),
        ]


class ToldWhat(models.TextChoices):
    """In which form something was told to somebody outside."""

    REPORT = "report", _("What came of the request")
    LETTER = "letter", _("Letter of a referral")
    TALK = "talk", _("Talk about a referral")
    ANSWERS = "answers", _("Answers to a questionnaire")
    SCORES = "scores", _("Scores over time")


class Told(Row):
    """Something about a client was told to somebody outside, on a consent or an order of a court. The account a client may ask for (42 CFR 2.25)."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="told")
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="told")
    order = models.ForeignKey(CourtOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="told")
    what = models.CharField(max_length=10, choices=ToldWhat.choices)
    detail = models.CharField(max_length=160, blank=True, default="")
    to_name = models.CharField(max_length=160)
    data_classes = ArrayField(models.CharField(max_length=24))
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(name="told_to_somebody", condition=~models.Q(to_name="") & ~models.Q(data_classes=[])),
            models.CheckConstraint(name="told_on_one_ground", condition=models.Q(consent__isnull=True) ^ models.Q(order__isnull=True)),
        ]


class ConsentGate(Row):
    """A program holds a gate of data/consent_gates.yaml open or shut from a day on. The newest day that has come holds."""

    program = models.ForeignKey("ground.Program", on_delete=models.PROTECT, related_name="consent_gates")
    code = models.CharField(max_length=40)
    is_on = models.BooleanField()
    from_on = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        ordering = ["from_on", "id"]
