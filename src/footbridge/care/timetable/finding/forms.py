from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form

from .whynot import Part


class TakeForm(Form):
    """One offer, as it was shown; and who of those that move said yes."""

    offer = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.Field(required=False, widget=forms.MultipleHiddenInput)


class WhyForm(Form):
    part = forms.ChoiceField(label=_("When"), choices=Part.choices, required=False)
    want = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["want"].choices = [("", _("Everything they need")), *kinds]  # type: ignore[attr-defined]


class FromForm(Form):
    on = forms.DateField(label=_("From"), required=False)
