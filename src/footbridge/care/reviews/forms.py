from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
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

    def __init__(
        self, *args: Any, objectives: list[Objective], scores: list[dict[str, Any]], lacking: dict[str, str], **kw: Any
    ) -> None:
        """`scores` as `reads.latest_scores` gives them: each is confirmed by itself. `lacking` (code, name) are measures without a score."""
        super().__init__(*args, **kw)
        self.objectives, self.lacking = objectives, lacking
        looks, whys = [], []
        for score in scores:
            name = f"saw_{score['instrument']}"
            self.fields[name] = forms.BooleanField(
                label=_("I looked at %(line)s") % {"line": line(score)},
                error_messages={"required": _("Look at %(title)s, then tick this.") % {"title": score["title"]}},
            )
            looks.append(name)
        if scores:
            del self.fields["without_scores"]
            for code, title in lacking.items():
                self.fields[f"why_{code}"] = forms.CharField(
                    label=_("Why there is no score of %(title)s") % {"title": title}, max_length=300,
                    error_messages={"required": _("Say why %(title)s has no score.") % {"title": title}},
                )  # fmt: skip
                whys.append(f"why_{code}")
        for one in objectives:
            self.fields[self.name_of(one)] = forms.ChoiceField(label=one.text, choices=STATES, widget=RadioCards(columns=True))
        states = [self.name_of(one) for one in objectives]
        self.order_fields(["seen", *looks, *whys, "without_scores", *states, "progress", "decision", "reasons", "password"])

    def missing(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"why_{code}", "") for code in self.lacking}

    @staticmethod
    def name_of(objective: Objective) -> str:
        return f"objective_{objective.uid}"

    def states(self) -> dict[UUID, str]:
        return {one.uid: self.cleaned_data[self.name_of(one)] for one in self.objectives}


def line(score: dict[str, Any]) -> str:
    """A score as one line: "PHQ-9: 9, Nov 30, from 15: 6 better, more than chance"."""
    value = _("not scored") if score["value"] is None else f"{score['value']:g}"
    if score["instrument"].startswith("cssrs") and score["band"]:
        value = _(score["band"])  # a triage is a word, its number means nothing to anybody
    day = date_format(date.fromisoformat(score["on"]), "M j")
    parts = [f"{score['title']}: {value}", day, score["said"]]
    return ", ".join(str(part) for part in parts if part)
