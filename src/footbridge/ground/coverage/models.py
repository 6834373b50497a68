"""Coverage: who pays, and what the payer said."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from footbridge.kit.row import Row


class PayerKind(models.TextChoices):
    COMMERCIAL = "commercial", _("Health insurance")
    MEDICAID = "medicaid", _("Medicaid")
    MEDICARE = "medicare", _("Medicare")
    SELF_PAY = "self_pay", _("Pays without insurance")
    NOT_KNOWN = "not_known", _("Not known yet")


class Coverage(Row):
    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="coverages")
    kind = models.CharField(max_length=12, choices=PayerKind.choices)
    payer = models.CharField(max_length=120, blank=True, default="")
    member_number = models.CharField(max_length=40, blank=True, default="")
    covered_from = models.DateField()
    covered_until = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "ground"
        constraints = [
            models.CheckConstraint(
                name="coverage_until_after_from", condition=Q(covered_until__isnull=True) | Q(covered_until__gt=F("covered_from"))
            ),
        ]


class BenefitCheck(Row):
    """What the payer answered on a day, and to whom. A newer check stands beside the older one."""

    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="checks")
    status = models.CharField(
        max_length=12,
        choices=[("active", _("Active")), ("inactive", _("Not active")), ("pending", _("Waiting for an answer")), ("unclear", _("Unclear"))],
    )
    iop_covered = models.CharField(max_length=8, choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))], default="unknown")
    needs_authorisation = models.CharField(
        max_length=8, choices=[("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))], default="unknown"
    )
    copay_cents = models.PositiveIntegerField(null=True, blank=True)
    spoke_with = models.CharField(max_length=120, blank=True, default="", help_text="Who said it there")
    reference = models.CharField(max_length=60, blank=True, default="", help_text="Number of the call or answer")
    covers = models.CharField(max_length=300, blank=True, default="", help_text="What is covered, in words")
    note = models.CharField(max_length=300, blank=True, default="")
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "ground"
        ordering = ["-checked_at"]


class EstimateHow(models.TextChoices):
    PAPER = "paper", _("On paper, handed over")
    MAIL = "mail", _("By letter")
    ELECTRONIC = "electronic", _("Electronically, as they wished")


class Estimate(Row):
    """A good-faith estimate in writing, for somebody who pays without insurance (45 CFR 149.610). Never changed; a newer one stands beside it.

    `lines` are what is expected: {what, code, times, cents}, cents each. It holds for the days from `for_from` to `for_until` (inclusive)."""

    client = models.ForeignKey("ground.Client", on_delete=models.PROTECT, related_name="estimates")
    lines = models.JSONField()
    total_cents = models.PositiveIntegerField()
    diagnosis = models.CharField(max_length=200, blank=True, default="", help_text="Code and words, where one is known")
    numbers = models.CharField(max_length=120, blank=True, default="", help_text="NPI and tax number of the program")
    for_from = models.DateField()
    for_until = models.DateField()
    asked_on = models.DateField(null=True, blank=True, help_text="When they asked for it themselves")
    how = models.CharField(max_length=12, choices=EstimateHow.choices)
    given_on = models.DateField()
    by = models.ForeignKey("ground.Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "ground"
        ordering = ["-given_on", "-id"]
        constraints = [models.CheckConstraint(name="estimate_until_not_before_from", condition=Q(for_until__gte=F("for_from")))]
