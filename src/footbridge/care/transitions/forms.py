from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.program.words import Level
from footbridge.kit.web.forms import Form

from .models import DischargeReason, TransitionKind


def _words(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RelapsePlanForm(Form):
    triggers = forms.CharField(label=_("What sets me off"), widget=_words(), max_length=4000)
    early_signs = forms.CharField(label=_("My early signs"), widget=_words(), max_length=4000)
    what_i_do = forms.CharField(label=_("What I do then"), widget=_words(), max_length=4000)
    people = forms.CharField(label=_("Who I call"), widget=_words(2), required=False, max_length=2000)
    risky_dates = forms.CharField(label=_("Hard days to plan for"), widget=_words(2), required=False, max_length=2000)


class StepForm(Form):
    kind = forms.ChoiceField(label=_("Direction"), choices=[c for c in TransitionKind.choices if c[0] != "discharge"])
    to_level = forms.ChoiceField(label=_("New level"), choices=Level.choices)
    effective_on = forms.DateField(label=_("From which day"))
    why = forms.CharField(label=_("Why"), widget=_words(2), max_length=2000)
    next_provider = forms.CharField(label=_("Where, if not here"), required=False, max_length=160)


class DischargeForm(Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=DischargeReason.choices)
    to_level = forms.ChoiceField(label=_("Goes on to"), choices=Level.choices)
    effective_on = forms.DateField(label=_("Last day"))
    why = forms.CharField(label=_("Why, in a sentence the client could read"), widget=_words(2), max_length=2000)
    summary = forms.CharField(label=_("Discharge summary"), widget=_words(6), max_length=10000)
    beside_test = forms.CharField(
        label=_("Where a drug test stands behind this: what else speaks for ending care"), widget=_words(2), required=False, max_length=2000,
        help_text=_("A test alone is no reason. Leave it empty when there was none."),
    )
    next_provider = forms.CharField(label=_("Next place of care"), required=False, max_length=160)
    next_visit_at = forms.DateTimeField(
        label=_("First visit there"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


class ArrivalForm(Form):
    confirmed_with = forms.CharField(label=_("Who confirmed it, and where"), max_length=160)
