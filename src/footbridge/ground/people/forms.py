"""What is asked when somebody may see something: the same for staff and for the client in the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import CheckCards, Form, PhoneField, RadioCards

from . import support
from .words import Language, LegalBasis, Relation, Scope, SignedHow

SCOPE_NOTES = {
    Scope.SCHEDULE: _("Days, times and with whom"),
    Scope.MESSAGES: _("Names and the phone number"),
    Scope.PLAN: _("What is worked on, without alcohol, drugs and sexual health"),
    Scope.PROGRESS: _("Charts of scores, without those about alcohol, drugs and suicide"),
    Scope.MEDICATION: _("What is taken and how often, without medicine for opioid use"),
    Scope.SUBSTANCE: _("In the plan, the charts and the medicines"),
    Scope.SEXUAL: _("In the plan and the medicines"),
    Scope.SCREENS: _("Charts of the questions about suicide"),
    Scope.NOTES: _("Free text that can speak of anything; only together with the three above"),
}


def _hows() -> list[tuple[str, Any]]:
    """The ways that are open to staff. Under 42 CFR Part 2 an agreement by voice is none."""
    shut = {SignedHow.PORTAL, SignedHow.SPOKEN} if support.part2() else {SignedHow.PORTAL}
    return [one for one in SignedHow.choices if one[0] not in shut]


class ScopeForm(Form):
    """What somebody may see, and until when."""

    scope = forms.MultipleChoiceField(
        label=_("What may they see?"), choices=Scope.choices, required=False, widget=CheckCards(notes=SCOPE_NOTES),
        help_text=_("Nothing else is shown to them. What is not ticked does not exist for them."),
    )
    granted_until = forms.DateField(label=_("Until (not including that day)"), required=False, help_text=_("Leave it empty for as long as care lasts."))
    emergency_contact = forms.BooleanField(label=_("Call them in an emergency"), required=False)


class WhoForm(Form):
    """Somebody who stands by the client."""

    legal_name = forms.CharField(label=_("Their name"), max_length=120)
    relation = forms.ChoiceField(label=_("Who they are to the client"), choices=Relation.choices)
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("Email"), required=False, help_text=_("Their own. They need one to sign in."))
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, initial=Language.ENGLISH)


class OwnScopeForm(ScopeForm):
    """The client in the portal: less needs no signature, more does."""

    signed_name = forms.CharField(
        label=_("Type your name to agree"), max_length=120, required=False,
        help_text=_("You can take it back at any time. What they saw before stays seen. Not needed to share less."),
    )


class OwnSupporterForm(WhoForm, OwnScopeForm):  # type: ignore[misc]  # two form bases, one renderer
    field_order = ("legal_name", "relation", "phone", "email", "language", "scope", "granted_until", "emergency_contact", "signed_name")

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["relation"].label = _("Who they are to you")
        self.fields["signed_name"].required = True
        self.fields["signed_name"].help_text = _("You can take it back at any time. What they saw before stays seen.")


class SignedForm(ScopeForm):
    """Staff write down what was agreed to, by whom, and what a court said."""

    signed_name = forms.CharField(label=_("Client's name as signed"), max_length=120, required=False)
    parent_signed_name = forms.CharField(label=_("Parent's name as signed"), max_length=120, required=False, help_text=_("Where a parent must agree too."))
    signed_how = forms.ChoiceField(
        label=_("How did they agree?"), choices=_hows, widget=RadioCards(columns=True), initial=SignedHow.PAPER
    )
    court_order = forms.CharField(label=_("Court order that limits this"), max_length=300, required=False, help_text=_("Court, date and number. Keep the paper."))
    denied_by_court = forms.MultipleChoiceField(
        label=_("What the order takes away"), choices=Scope.choices, required=False, widget=CheckCards(columns=True)
    )


class SupporterForm(WhoForm, SignedForm):  # type: ignore[misc]  # two form bases, one renderer
    legal_basis = forms.ChoiceField(label=_("By what right"), choices=LegalBasis.choices, widget=RadioCards(columns=True), initial=LegalBasis.CONSENT)
    granted_from = forms.DateField(label=_("From"))
    field_order = (
        "legal_name", "relation", "phone", "email", "language", "legal_basis", "scope", "granted_from", "granted_until", "emergency_contact",
        "signed_name", "parent_signed_name", "signed_how", "court_order", "denied_by_court",
    )  # fmt: skip


WHO = ("legal_name", "phone", "email", "language")
