from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form, RadioCards, YesNo

from .words import Access, NaloxoneAnswer


class MeansForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    firearms = forms.ChoiceField(label=_("Can they get at a firearm?"), choices=Access.choices, widget=RadioCards(columns=True))
    medication = forms.ChoiceField(
        label=_("Is there medicine at home that could kill?"), choices=Access.choices, widget=RadioCards(columns=True)
    )
    other = forms.ChoiceField(label=_("Anything else they have thought of?"), choices=Access.choices, widget=RadioCards(columns=True))
    details = forms.CharField(
        label=_("What it is, and where"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000
    )
    storage_plan = forms.CharField(
        label=_("Where it will be kept until this is over"),
        help_text=_("Like: with her brother, locked, ammunition apart; pharmacy gives seven days at a time"),
        widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000,
    )  # fmt: skip
    holder = forms.CharField(label=_("Who holds it"), help_text=_("Name and number"), required=False, max_length=160)
    talked_with = forms.CharField(label=_("Who else was in the talk"), required=False, max_length=160)
    follow_up_on = forms.DateField(label=_("Ask again on"), required=False)


class NaloxoneForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=_("Naloxone was offered. What did they say?"), choices=NaloxoneAnswer.choices, widget=RadioCards)
    shown_how = forms.TypedChoiceField(
        label=_("Were they, or somebody who lives with them, shown how to use it?"),
        choices=YesNo().choices, coerce=YesNo.read, widget=YesNo, empty_value=None,
    )  # fmt: skip
    expires_on = forms.DateField(label=_("The kit is good until"), required=False, help_text=_("The date on the box"))
    follow_up_on = forms.DateField(label=_("Ask again on"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
