from __future__ import annotations

from typing import Any

from django import forms

from footbridge.care.safety.words import SafetyStep
from footbridge.kit.web.forms import Form


class SafetyPlanForm(Form):
    """Six boxes, one line an entry. A phone number at the end of a line becomes one tap to call."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for step in SafetyStep:
            self.fields[f"step_{step.value}"] = forms.CharField(
                label=f"{step.value}. {step.label}", required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
            )
