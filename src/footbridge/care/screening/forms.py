"""The screen as a form: calm sections, "Not known" everywhere, a week of free hours that works without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.program.words import Mode, PartOfDay, Weekday
from footbridge.kit.web.forms import Form, LikertGroup, RadioCards

from . import reads
from .words import Fact, HowTaken, Known

TITLES = {
    "safety": _("Safety and health"),
    "life": _("Home and daily life"),
    "fit": _("Is this level of care a fit?"),
}
LEAST_SLOTS = 2  # times a day offered for typing: before and after work or school


def initial(start: Mapping[str, Any]) -> dict[str, Any]:
    """The form's first values from what is known already (`reads.start`)."""
    values = {name: value for name, value in start.items() if name not in ("facts", "hours")}
    for fact, (answer, note) in start["facts"].items():
        values[f"fact_{fact}"], values[f"note_{fact}"] = answer, note
    seen: dict[int, int] = {}
    for day, starts, ends in start["hours"]:
        slot = seen.setdefault(day, 0)
        values[f"free_{day}_{slot}_from"], values[f"free_{day}_{slot}_until"] = starts, ends
        seen[day] += 1
    return values


class ScreenForm(Form):
    how = forms.ChoiceField(label=_("How did you talk?"), choices=HowTaken.choices, widget=RadioCards(columns=True))
    concerns = forms.CharField(
        label=_("What brings the person, in their words"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    strengths = forms.CharField(
        label=_("What goes well, and who helps"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    history = forms.CharField(
        label=_("Earlier treatment, hospital stays, physical health"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    prefers_mode = forms.ChoiceField(
        label=_("Would rather come"), choices=[("", _("No preference said")), *Mode.choices], required=False
    )
    prefers_part_of_day = forms.ChoiceField(
        label=_("Best part of the day"), choices=[("", _("No preference said")), *PartOfDay.choices], required=False
    )
    money = forms.CharField(
        label=_("Coverage, and worries about cost"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, slots: int = LEAST_SLOTS, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.slots = max(LEAST_SLOTS, slots)
        for fact in Fact:
            self.fields[f"fact_{fact}"] = forms.ChoiceField(
                label=fact.label, choices=Known.choices, initial=Known.UNKNOWN, widget=LikertGroup
            )
            self.fields[f"note_{fact}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"aria-label": _("Note on: %(fact)s") % {"fact": fact.label}}),
            )
        for day in Weekday:
            for slot in range(self.slots):
                for edge, words in (("from", _("%(day)s, from")), ("until", _("%(day)s, until"))):
                    self.fields[f"free_{day}_{slot}_{edge}"] = forms.TimeField(
                        label=words % {"day": day.label},
                        required=False,
                        error_messages={"invalid": _("Enter a time, like 9:30")},
                    )
        self._speak()
        for name, field in self.fields.items():
            if name.startswith("free_"):
                field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in Weekday:
            for slot in range(self.slots):
                starts, ends = f"free_{day}_{slot}_from", f"free_{day}_{slot}_until"
                if bool(cleaned.get(starts)) != bool(cleaned.get(ends)) and not (
                    starts in self.errors or ends in self.errors
                ):
                    missing = ends if cleaned.get(starts) else starts
                    self.add_error(missing, _("%(day)s: give both times, or leave both empty.") % {"day": day.label})
        return cleaned

    @property
    def facts_said(self) -> dict[str, tuple[str, str]]:
        return {fact.value: (self.cleaned_data[f"fact_{fact}"], self._note(fact)) for fact in Fact}

    def _note(self, fact: Fact) -> str:
        """Where an answer came from stays beside it only while it is that answer: what the talk corrected was not said in the guide."""
        note = str(self.cleaned_data[f"note_{fact}"])
        corrected = self.cleaned_data[f"fact_{fact}"] != self.initial.get(f"fact_{fact}")
        return "" if corrected and note == str(reads.SAID_IN_GUIDE) else note

    @property
    def hours_said(self) -> list[tuple[int, time, time]]:
        data = self.cleaned_data
        pairs = (
            (day, data[f"free_{day}_{slot}_from"], data[f"free_{day}_{slot}_until"])
            for day in range(7)
            for slot in range(self.slots)
        )
        return [(day, starts, ends) for day, starts, ends in pairs if starts and ends]

    def sections(self) -> list[tuple[Any, list[tuple[forms.BoundField, forms.BoundField]]]]:
        return [
            (TITLES[name], [(self[f"fact_{fact}"], self[f"note_{fact}"]) for fact in facts])
            for name, facts in reads.SECTIONS
        ]

    def days(self) -> list[tuple[Any, list[tuple[forms.BoundField, forms.BoundField]]]]:
        return [
            (
                day.label,
                [(self[f"free_{day}_{slot}_from"], self[f"free_{day}_{slot}_until"]) for slot in range(self.slots)],
            )
            for day in Weekday
        ]
