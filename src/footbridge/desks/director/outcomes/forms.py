from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.program.models import Track
from footbridge.kit.web.forms import Form

CONDITIONS = [
    ("", _("All")), ("mood", _("Mood")), ("anxiety", _("Anxiety")), ("trauma", _("Trauma")), ("substance_use", _("Substance use")), ("eating", _("Eating")),
]  # fmt: skip


class PeriodForm(Form):
    """From and until, both inclusive, of admissions; and of what."""

    first = forms.DateField(label=_("From"), required=False)
    last = forms.DateField(label=_("Until"), required=False)
    program = forms.ChoiceField(label=_("Program"), required=False)
    track = forms.ChoiceField(label=_("Track"), required=False)
    condition = forms.ChoiceField(label=_("Condition, by the plan's diagnoses"), required=False, choices=CONDITIONS)

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        tracks = list(Track.objects.filter(program__admits=True).select_related("program").order_by("name"))
        programs = {one.program_id: one.program for one in tracks}
        self.fields["program"].choices = [("", _("All")), *((str(one.uid), one.name) for one in sorted(programs.values(), key=lambda p: p.name))]  # type: ignore[attr-defined]
        self.fields["track"].choices = [("", _("All")), *((str(one.uid), one.name) for one in tracks)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return said

    def period(self, first: date, last: date) -> tuple[date, date]:
        """The days chosen, else those given."""
        said = self.cleaned_data if self.is_valid() else {}
        return said.get("first") or first, said.get("last") or last

    def chosen(self, name: str) -> UUID | None:
        said = self.cleaned_data.get(name) if self.is_valid() else ""
        return UUID(said) if said else None


