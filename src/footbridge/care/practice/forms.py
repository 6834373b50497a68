from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.web.forms import CheckCards, Form, RadioCards, Scale10Field

from .skills import shelf

FEELINGS = [
    ("calm", _("Calm")), ("hopeful", _("Hopeful")), ("proud", _("Proud")), ("tired", _("Tired")), ("sad", _("Sad")),
    ("worried", _("Worried")), ("angry", _("Angry")), ("ashamed", _("Ashamed")), ("lonely", _("Lonely")), ("numb", _("Numb")),
]  # fmt: skip


class AssignForm(Form):
    skill = forms.ChoiceField(label=_("Skill"), choices=())
    times_a_week = forms.IntegerField(label=_("Times a week"), min_value=1, max_value=21, initial=3)
    instructions = forms.CharField(label=_("What to pay attention to"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["skill"].choices = [(skill.code, skill.title) for skill in shelf().values()]  # type: ignore[attr-defined]


class LogForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    practised_on = forms.DateField(label=_("Which day?"))
    before = Scale10Field(label=_("How hard did it feel before?"), required=False, low=_("Calm"), high=_("As bad as it gets"))
    after = Scale10Field(label=_("And after?"), required=False, low=_("Calm"), high=_("As bad as it gets"))
    note = forms.CharField(label=_("Anything you want to keep"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class CommentForm(Form):
    text = forms.CharField(label=_("A line for the client"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class CheckInForm(Form):
    mood = Scale10Field(label=_("How is your mood right now?"), low=_("Very low"), high=_("Very good"))
    urge = Scale10Field(label=_("How strong are urges today?"), required=False, low=_("None"), high=_("Very strong"))
    feelings = forms.MultipleChoiceField(label=_("Up to three feelings"), choices=FEELINGS, required=False, widget=CheckCards(columns=True))
    slept_hours = forms.DecimalField(label=_("Hours of sleep last night"), required=False, min_value=0, max_value=24, decimal_places=1)
    took_medication = forms.ChoiceField(
        label=_("Did you take your medicine as planned?"), required=False, widget=RadioCards(columns=True),
        choices=[("yes", _("Yes")), ("some", _("Some of it")), ("no", _("No")), ("none_due", _("I take none"))],
    )  # fmt: skip
    note = forms.CharField(label=_("Anything else"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)
