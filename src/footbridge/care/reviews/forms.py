from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.care.plan.models import Objective
from footbridge.kit.access.signing import SignForm
from footbridge.kit.web.forms import Form, RadioCards

from .models import ObjectiveProgress, ReviewDecision

STATES: Any = ObjectiveProgress._meta.get_field("state").choices


class ReviewForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """One radio group for each objective, then the decision and its reasons, then the signature."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    progress = forms.CharField(label=_("Progress since the last review"), widget=forms.Textarea(attrs={"rows": 4}), max_length=6000)
    decision = forms.ChoiceField(label=_("Decision"), choices=ReviewDecision.choices, widget=RadioCards())
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    without_scores = forms.CharField(label=_("Why there is no score"), required=False, max_length=300)

    def __init__(self, *args: Any, objectives: list[Objective], has_scores: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.objectives = objectives
        for one in objectives:
            self.fields[self.name_of(one)] = forms.ChoiceField(label=one.text, choices=STATES, widget=RadioCards(columns=True))
        if has_scores:
            del self.fields["without_scores"]
        order = ["seen", *(self.name_of(one) for one in objectives), "progress", "decision", "reasons", "without_scores", "password"]
        self.order_fields(order)

    @staticmethod
    def name_of(objective: Objective) -> str:
        return f"objective_{objective.uid}"

    def states(self) -> dict[UUID, str]:
        return {one.uid: self.cleaned_data[self.name_of(one)] for one in self.objectives}
