from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.consent.elements import CLASS_WORDS, SHARES
from footbridge.ground.consent.models import ConsentKind
from footbridge.ground.coverage.models import BenefitCheck, Coverage, PayerKind
from footbridge.ground.people import support
from footbridge.ground.people.reads import Pair
from footbridge.kit.web.forms import CheckCards, Form, RadioCards

from .words import CONSENT_SAYS

NEEDS_NAME = (ConsentKind.DISCLOSURE, ConsentKind.COUNSELING_NOTES, ConsentKind.LEGAL)


class CoverageForm(Form):
    kind = forms.ChoiceField(label=_("Who pays?"), choices=PayerKind.choices, widget=RadioCards(columns=True))
    payer = forms.CharField(label=_("Name of the health plan"), required=False, max_length=120)
    member_number = forms.CharField(label=_("Member number"), required=False, max_length=40)
    covered_from = forms.DateField(label=_("Covered from"))
    covered_until = forms.DateField(label=_("Covered until (first day without)"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") in (PayerKind.COMMERCIAL, PayerKind.MEDICAID, PayerKind.MEDICARE) and not given.get(
            "payer"
        ):
            self.add_error("payer", _("Write the name of the health plan, as on the card."))
        first, last = given.get("covered_from"), given.get("covered_until")
        if isinstance(first, date) and isinstance(last, date) and last <= first:
            self.add_error("covered_until", _("The end must come after the start."))
        return given


class BenefitForm(Form):
    coverage = forms.ModelChoiceField(label=_("Which coverage"), queryset=Coverage.objects.none())
    status = forms.ChoiceField(
        label=_("What did they say?"),
        choices=BenefitCheck._meta.get_field("status").choices or (),
        widget=RadioCards(columns=True),
    )
    iop_covered = forms.ChoiceField(
        label=_("Is an IOP covered?"),
        choices=BenefitCheck._meta.get_field("iop_covered").choices or (),
        widget=RadioCards(columns=True),
        initial="unknown",
    )
    needs_authorisation = forms.ChoiceField(
        label=_("Do they need to approve it first?"),
        choices=BenefitCheck._meta.get_field("needs_authorisation").choices or (),
        widget=RadioCards(columns=True),
        initial="unknown",
    )
    copay = forms.DecimalField(
        label=_("Copay for a day, in dollars"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    spoke_with = forms.CharField(label=_("Who said it there"), required=False, max_length=120)
    reference = forms.CharField(label=_("Reference number"), required=False, max_length=60)
    covers = forms.CharField(
        label=_("What is covered, in words"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: 24 days a year, approval after day 5, deductible met."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, client: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["coverage"]
        field.queryset = client.coverages.order_by("-covered_from", "-id")
        field.label_from_instance = lambda one: one.payer or one.get_kind_display()
        field.initial = field.queryset.first()

    def typed(self) -> dict[str, Any]:
        """The answers as the verb takes them: money in cents."""
        given = dict(self.cleaned_data)
        copay = given.pop("copay")
        return {**given, "copay_cents": round(copay * 100) if copay is not None else None}


class ConsentForm(Form):
    kind = forms.ChoiceField(
        label=_("What do they agree to?"), choices=ConsentKind.choices, widget=RadioCards(notes=CONSENT_SAYS)
    )
    recipient = forms.CharField(
        label=_("Shared with (name or office)"), required=False, max_length=160, help_text=_("Only for sharing.")
    )
    purpose = forms.CharField(label=_("What for"), required=False, max_length=160, help_text=_("Only for sharing."))
    data_classes = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=[(one.value, words) for one, words in CLASS_WORDS.items()],
        required=False,
        widget=CheckCards,
        help_text=_("Only for sharing."),
    )
    signed_name = forms.CharField(label=_("Name as signed"), max_length=120)
    how = forms.ChoiceField(
        label=_("How did they agree?"),
        choices=[("paper", _("On paper")), ("spoken", _("By voice, with a witness"))],
        widget=RadioCards(columns=True),
        initial="paper",
    )
    parent_signed_name = forms.CharField(
        label=_("Parent's name as signed"), max_length=120, required=False, help_text=_("Only for a minor, where a parent must sign too.")
    )
    expires_on = forms.DateField(label=_("Ends on"), required=False, help_text=_("Without a day, sharing with a named one ends with treatment."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") in NEEDS_NAME:
            for name, words in (
                ("recipient", _("Write who may receive it.")),
                ("purpose", _("Write what it is for.")),
            ):
                if not given.get(name):
                    self.add_error(name, words)
        if given.get("kind") == ConsentKind.DISCLOSURE and not given.get("data_classes"):
            self.add_error("data_classes", _("Choose what may be shared."))
        if given.get("kind") in SHARES and given.get("how") == "spoken" and support.part2():
            self.add_error("how", _("A consent to share must be in writing: on paper, or in the portal. (42 CFR 2.31)"))
        return given


class RevokeForm(Form):
    how = forms.CharField(
        label=_("How did they say it?"), max_length=160, help_text=_("For example: by phone, in writing.")
    )


class PortalForm(Form):
    """The address somebody will sign in with."""

    email = forms.EmailField(label=_("Email"), help_text=_("Their own, read by nobody else. They sign in with it."))

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class MergeForm(Form):
    """Which of two records stays, and how one knows that they are one person."""

    keep = forms.ChoiceField(
        label=_("Which record stays?"),
        widget=RadioCards(columns=True),
        help_text=_("Its name and contact data hold. Everything of the other comes under it."),
    )
    why = forms.CharField(
        label=_("How do you know that this is one person?"),
        max_length=300,
        help_text=_("For example: same photo ID, asked the person."),
    )

    end_episode = forms.BooleanField(
        label=_("The open episode of the other record was opened twice by mistake: end it. What was written in it stays."), required=False
    )

    def __init__(self, *args: Any, pair: Pair, both_open: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if not both_open:
            del self.fields["end_episode"]
        self.pair = {str(one.uid): one for one in (pair.one, pair.other)}
        field: Any = self.fields["keep"]
        field.choices = [(uid, f"{one.number} {one.person.legal_name}") for uid, one in self.pair.items()]
        field.widget.choices = field.choices

    def clean_keep(self) -> Any:
        """The client that stays."""
        return self.pair[self.cleaned_data["keep"]]
