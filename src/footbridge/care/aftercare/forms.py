from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.words import Channel
from footbridge.kit.web.forms import Form, RadioCards

from .models import FollowUpOutcome


class FollowUpForm(Form):
    due_day = forms.TypedChoiceField(label=_("Which contact"), coerce=int, choices=())
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=FollowUpOutcome.choices, widget=RadioCards())
    doing = forms.ChoiceField(
        label=_("How the person is doing, compared with the day they left"), required=False,
        choices=[("unknown", _("Not known")), ("better", _("Better")), ("same", _("About the same")), ("worse", _("Worse"))],
    )  # fmt: skip
    in_care = forms.ChoiceField(
        label=_("In other care now"), required=False, choices=[("unknown", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
    )
    in_danger = forms.BooleanField(label=_("The person may be in danger: raise an alarm"), required=False)
    wants_to_return = forms.BooleanField(label=_("Would like to come back"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def __init__(self, *args: Any, days: tuple[int, ...] = (), **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["due_day"].choices = [(day, _("%(day)s days after discharge") % {"day": day}) for day in days]  # type: ignore[attr-defined]

    def clean_doing(self) -> str:
        return self.cleaned_data["doing"] or "unknown"

    def clean_in_care(self) -> str:
        return self.cleaned_data["in_care"] or "unknown"
