from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import Form, LikertGroup, RadioCards

from . import monitoring
from .models import Medication
from .words import CheckOutcome, Collected, Found, Occasion, Reconciled, ResultKind


class AddForm(Form):
    name = forms.CharField(
        label=_("Medicine"), max_length=120, help_text=_("As it stands on the bottle, with or without brand name.")
    )
    dose = forms.CharField(label=_("Dose"), max_length=80, required=False, help_text=_("Like: 50 mg"))
    how_often = forms.CharField(
        label=_("How often"), max_length=80, required=False, help_text=_("Like: once a day, in the morning")
    )
    route = forms.CharField(label=_("How it is taken"), max_length=40, required=False, help_text=_("Like: by mouth"))
    why = forms.CharField(label=_("What for"), max_length=120, required=False)
    prescribed_by = forms.CharField(label=_("Prescribed by"), max_length=120, required=False)
    prescribed_here = forms.BooleanField(label=_("Prescribed in this program"), required=False)
    moud = forms.BooleanField(label=_("For opioid use disorder (MOUD)"), required=False)
    taken_from = forms.DateField(label=_("Taken since"), required=False)
    rxnorm = forms.RegexField(
        r"^\d{1,8}$", label=_("RxNorm code"), required=False, help_text=_("The number of this medicine in RxNorm, where it is known. Like: 312940"),
        error_messages={"invalid": _("An RxNorm code is a number of up to eight digits, like 312940.")},
    )


class ChangeForm(Form):
    """From a day on it is taken differently."""

    dose = forms.CharField(label=_("Dose"), max_length=80, required=False)
    how_often = forms.CharField(label=_("How often"), max_length=80, required=False)
    on = forms.DateField(label=_("From this day"))
    because = forms.CharField(label=_("Why"), max_length=160, required=False)


class StopForm(Form):
    on = forms.DateField(label=_("Not taken any more from"))
    because = forms.CharField(label=_("Why"), max_length=160, help_text=_("Like: nausea, no effect, no longer needed"))


class AllergyForm(Form):
    substance = forms.CharField(label=_("What the person reacts to"), max_length=120)
    reaction = forms.CharField(label=_("What happens"), max_length=160, required=False)


class WithdrawForm(Form):
    because = forms.CharField(label=_("Why is it taken off the list?"), max_length=160)


class ReconcileForm(Form):
    """Every medicine taken now, one decision each."""

    occasion = forms.ChoiceField(label=_("When"), choices=Occasion.choices, widget=RadioCards(columns=True))
    sources = forms.CharField(
        label=_("Who and what was asked"),
        max_length=200,
        help_text=_("Like: client, bottles, pharmacy, hospital letter"),
    )

    def __init__(self, *args: Any, medications: list[Medication], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.medications = medications
        for row in medications:
            words = " ".join(part for part in (row.name, row.dose, row.how_often) if part)
            self.fields[f"decision_{row.pk}"] = forms.ChoiceField(
                label=words, choices=Reconciled.choices, widget=LikertGroup
            )
            self.fields[f"note_{row.pk}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"aria-label": _("Note on: %(medicine)s") % {"medicine": words}}),
            )
        self.fields["note"] = forms.CharField(
            label=_("Anything else"), required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self._speak()

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"decision_{row.pk}"], self[f"note_{row.pk}"]) for row in self.medications]

    @property
    def items(self) -> dict[Medication, tuple[str, str]]:
        data = self.cleaned_data
        return {row: (data[f"decision_{row.pk}"], data[f"note_{row.pk}"]) for row in self.medications}


class CheckForm(Form):
    code = forms.ChoiceField(label=_("Check"))
    outcome = forms.ChoiceField(label=_("What happened"), choices=CheckOutcome.choices, widget=RadioCards(columns=True))
    on = forms.DateField(label=_("Day"))
    result = forms.CharField(label=_("Result, or why not needed"), max_length=200, required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        # Nothing is chosen by itself: a quick click must not record a check that nobody did.
        self.fields["code"].choices = [("", _("Choose a check")), *((one.code, one.name) for one in monitoring.checks())]  # type: ignore[attr-defined]


class TestingForm(Form):
    """How often; the days are drawn by the program."""

    first_on = forms.DateField(label=_("Not before"))
    least_days = forms.IntegerField(label=_("At least so many days apart"), min_value=1, max_value=90)
    most_days = forms.IntegerField(label=_("Never more than so many days apart"), min_value=1, max_value=90)


class TestForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    on = forms.DateField(label=_("Day"))
    collected = forms.ChoiceField(label=_("What happened"), choices=Collected.choices, widget=RadioCards(columns=True))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ResultForm(Form):
    kind = forms.ChoiceField(label=_("Kind of result"), choices=ResultKind.choices, widget=RadioCards())
    substance = forms.CharField(label=_("Substance"), max_length=80)
    found = forms.ChoiceField(label=_("Found"), choices=Found.choices, widget=RadioCards(columns=True))
    explained = forms.CharField(
        label=_("What may explain it"), max_length=200, required=False, help_text=_("Like: prescribed, food, another medicine")
    )
