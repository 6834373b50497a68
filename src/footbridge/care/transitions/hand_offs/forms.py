from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.elsewhere.words import MODES, PAYERS, Condition
from footbridge.ground.people.models import Staff
from footbridge.ground.program.models import Site
from footbridge.ground.program.words import Level, Population
from footbridge.kit.web.forms import CheckCards, Form, PhoneField, RadioCards

from . import actions, reads
from .words import AGREED_HOW, EndedHow, Step, WhyNotHere

ELSEWHERE = "elsewhere"
SHOWN = 12  # programs offered as cards; the rest stand on the list page
TELLS = {
    "directory": _("That they ask for care, and how to reach them"),
    "schedule": _("Days and times here"),
    "billing": _("Coverage"),
    "clinical": _("Level of care, diagnosis and reasons"),
    "screening": _("What they said in the screening"),
    "safety": _("Risk, and that there is a safety plan"),
}


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class NeedForm(Form):
    """What is asked of another program. Filled from what is known; changed here it only sorts the list anew."""

    level = forms.ChoiceField(label=_("Level of care"), choices=[("", _("Not known")), *Level.choices], required=False)
    condition = forms.ChoiceField(label=_("Condition"), choices=[("", _("Not known")), *Condition.choices], required=False)
    population = forms.ChoiceField(label=_("Age"), choices=[("", _("Not known")), *Population.choices], required=False)
    payer = forms.ChoiceField(label=_("Who pays"), choices=[("", _("Not known")), *PAYERS], required=False)
    mode = forms.ChoiceField(label=_("In person or video"), choices=[("", _("No wish")), *MODES], required=False)
    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(
        label=_("Miles from"), queryset=Site.objects.none(), required=False, to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["site"].queryset = Site.objects.order_by("id")  # type: ignore[attr-defined]


class HandOverForm(Form):
    to = forms.ChoiceField(label=_("Where to?"), widget=RadioCards)
    to_name = forms.CharField(label=_("Name of the place"), required=False, max_length=120, help_text=_("Only for a place that is not on the list."))
    to_phone = PhoneField(label=_("Phone number there"), required=False)
    level = forms.ChoiceField(label=_("Level of care they need"), choices=[("", _("Choose a level")), *Level.choices])
    why = forms.ChoiceField(label=_("Why not here?"), choices=WhyNotHere.choices, widget=RadioCards(columns=True))
    words = forms.CharField(label=_("In a few words"), required=False, max_length=300)

    def __init__(self, *args: Any, found: list[reads.Choice], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.found = {str(one.program.uid): one.program for one in found}
        shown = [one for one in found if one.possible][:SHOWN]
        field: Any = self.fields["to"]
        field.choices = [*((str(one.program.uid), one.program.name) for one in shown), (ELSEWHERE, _("A place that is not on the list"))]
        field.widget.choices = field.choices
        field.widget.notes = {str(one.program.uid): " · ".join((*one.said, one.program.phone)) for one in shown}

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        program = self.found.get(given.pop("to"))
        return {**given, "program": program}


class StepForm(Form):
    kind = forms.ChoiceField(label=_("What was done?"), choices=Step.choices, widget=RadioCards(columns=True))
    with_name = forms.CharField(label=_("With whom there"), required=False, max_length=120)
    on_the_line = forms.BooleanField(label=_("The person was on the line, too"), required=False)
    appointment_at = forms.DateTimeField(label=_("Appointment there"), required=False, widget=_moment())
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    next_action = forms.CharField(label=_("Next"), required=False, max_length=160, help_text=_("Left empty, the usual next thing is set."))
    next_on = forms.DateField(label=_("By which day"), required=False, help_text=_("Left empty, the clock sets it."))

    def clean_appointment_at(self) -> datetime | None:
        return self.cleaned_data["appointment_at"]


class AgreeForm(Form):
    data_classes = forms.MultipleChoiceField(
        label=_("What may we tell them?"), choices=[(one.value, TELLS[one.value]) for one in actions.TELLABLE], widget=CheckCards, initial=["directory"]
    )
    signed_name = forms.CharField(label=_("Name as signed or said"), max_length=120)
    parent_signed_name = forms.CharField(label=_("Parent's name as signed or said"), max_length=80, required=False, help_text=_("Where a parent must agree too."))
    how = forms.ChoiceField(
        label=_("How did they agree?"), choices=AGREED_HOW, widget=RadioCards(columns=True),
        help_text=_("By voice is enough to call there together, with them on the line. A letter, and a call without them, need it in writing. (42 CFR 2.31)"),
    )  # fmt: skip


class OwnerForm(Form):
    owner: forms.ModelChoiceField[Staff] = forms.ModelChoiceField(label=_("Who answers for it?"), queryset=Staff.objects.none(), to_field_name="uid", empty_label=None)

    def __init__(self, *args: Any, staff: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["owner"]
        field.queryset = staff
        field.label_from_instance = lambda one: f"{one.person.name_used}, {one.title}" if one.title else one.person.name_used


class EndForm(Form):
    how = forms.ChoiceField(label=_("How does it end?"), choices=EndedHow.choices, widget=RadioCards(columns=True))
    with_name = forms.CharField(
        label=_("Who confirmed it, and where"), required=False, max_length=160, help_text=_("When they arrived: the person themselves, or somebody there by name.")
    )
    arrived_on = forms.DateField(label=_("Day they arrived"), required=False)
    note = forms.CharField(label=_("What was said"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    lines_given = forms.BooleanField(label=_("I gave them the crisis lines and said that the door stays open"), required=False)
