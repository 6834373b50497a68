from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form, RadioCards

from .words import Decided


class DispositionForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    decided = forms.ChoiceField(label=_("What was decided"), choices=Decided.choices, widget=RadioCards(columns=True))
    where_now = forms.CharField(
        label=_("Where is the person now?"), max_length=200, help_text=_("Like: in my office, with Flo; or: in the ambulance to City Hospital")
    )
    told = forms.CharField(
        label=_("Who was told?"),
        help_text=_("Names and times: director, emergency contact, the next shift, the hospital"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    note = forms.CharField(
        label=_("What you heard, saw and agreed"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
