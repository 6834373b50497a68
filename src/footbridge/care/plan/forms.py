from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.access.signing import SignForm
from footbridge.kit.web.forms import CheckCards, Form

from . import library, reads
from .words import ServiceKind, TargetWay


class StartForm(Form):
    """Conditions whose first wording goes into the draft. None is an empty plan."""

    start_from = forms.MultipleChoiceField(
        label=_("Start from our first wording for"),
        required=False,
        widget=CheckCards(columns=True),
        help_text=_(
            "A start, not a paste: every entry has gaps in [brackets]. Fill them in with the client; then sign."
        ),
    )
    strengths = forms.CharField(
        label=_("Strengths"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the client can do, knows, and who stands by them."),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        chosen: Any = self.fields["start_from"]
        chosen.choices = [(entry.code, entry.name) for entry in library.entries()]


class FrontForm(Form):
    strengths = forms.CharField(label=_("Strengths"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    review_every_days = forms.IntegerField(
        label=_("Go over the plan every … days"),
        min_value=1,
        max_value=90,
        error_messages={"max_value": _("Enter 90 days or fewer.")},
    )
    review_every_hours = forms.IntegerField(
        label=_("… or every so many hours of treatment"),
        min_value=1,
        max_value=200,
        required=False,
        help_text=_("Leave it empty when only days count."),
    )


class ProblemForm(Form):
    title = forms.CharField(label=_("Problem"), max_length=160)
    icd10 = forms.CharField(
        label=_("ICD-10 code"), max_length=10, required=False, widget=forms.TextInput(attrs={"list": "held-codes"})
    )
    evidence = forms.CharField(label=_("How it shows"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class GoalForm(Form):
    own_words = forms.CharField(label=_("Goal, in the client's words"), widget=forms.Textarea(attrs={"rows": 2}))
    measurable = forms.CharField(
        label=_("How we both will know"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ObjectiveForm(Form):
    text = forms.CharField(
        label=_("Objective: one step, to be done or reached"), widget=forms.Textarea(attrs={"rows": 2})
    )
    measure = forms.ChoiceField(label=_("A score that tells"), required=False)
    target_score = forms.DecimalField(
        label=_("Target score"), max_digits=7, decimal_places=2, required=False, help_text=_("Like: 9")
    )
    target_way = forms.ChoiceField(label=_("Or"), choices=TargetWay.choices, required=False)
    target = forms.CharField(label=_("Target, in words"), max_length=80, required=False)
    target_on = forms.DateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        measure: Any = self.fields["measure"]
        choices = [("", _("None")), *reads.measures()]
        kept = self.initial.get("measure", "")
        measure.choices = choices if kept in dict(choices) else [*choices, (kept, kept)]


class InterventionForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=ServiceKind.choices)
    what = forms.CharField(label=_("What is done"), max_length=200)
    who = forms.CharField(label=_("Who does it"), max_length=120)
    amount_minutes = forms.IntegerField(label=_("Minutes each time"), min_value=1, max_value=600)
    times_a_week = forms.IntegerField(label=_("Times a week"), min_value=1, max_value=21)
    weeks = forms.IntegerField(label=_("For how many weeks"), min_value=1, max_value=104)
    invited = forms.CharField(
        label=_("Who is invited"), max_length=200, required=False, help_text=_("For a family session: with whom, and what the client wants of it."),
        widget=forms.TextInput(attrs={"list": "close-people"}),
    )


class SignPlanForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """The password once more: that is the signature."""


class PaperForm(Form):
    """The client signed on paper; a clinician says so."""

    seen = forms.BooleanField(label=_("The client signed this version on paper, and I have the paper."))


class CertifyForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """What a physician certifies. A recertification says three things more (42 CFR 424.24(d)(3))."""

    weekly_hours = forms.DecimalField(
        label=_("Hours of this care needed a week"), min_value=1, max_value=60, max_digits=4, decimal_places=1
    )
    need = forms.CharField(label=_("Why care of this intensity is needed"), widget=forms.Textarea(attrs={"rows": 3}))
    response = forms.CharField(
        label=_("How the client responds to this care"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    symptoms = forms.CharField(
        label=_("Symptoms that would risk a relapse or a hospital stay"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    toward_discharge = forms.CharField(
        label=_("Goals on the way to discharge"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, again: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name in ("response", "symptoms", "toward_discharge"):
            if again:
                self.fields[name].required = True
            else:
                del self.fields[name]


NODE_FORMS: dict[str, type[Form]] = {
    "problem": ProblemForm,
    "goal": GoalForm,
    "objective": ObjectiveForm,
    "intervention": InterventionForm,
}
