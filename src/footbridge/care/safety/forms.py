"""What staff type about alarms, risk and the safety plan."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from footbridge.ground.instruments.models import Sheet
from footbridge.ground.people.models import Staff
from footbridge.kit.web.forms import CheckCards, Form, RadioCards

from . import factors as lists
from .models import SafetyPlan
from .words import ClosingAction, RiskLevel, SafetyStep, Urgency

PHONE = re.compile(r"[\s,;:–-]*(\+?\(?\d[\d\s().-]{1,18}\d)\s*$")


class CloseForm(Form):
    action = forms.ChoiceField(label=_("What was done"), choices=ClosingAction.choices, widget=RadioCards)
    note = forms.CharField(
        label=_("What you did, what was agreed, who knows"),
        help_text=_("Stays in the record. A sentence or two."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )


class HandOnForm(Form):
    to = forms.ModelChoiceField(label=_("To"), queryset=Staff.objects.none(), empty_label=_("Choose a colleague"))
    why = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Like: in session until noon, she knows the client")
    )

    def __init__(self, *args: Any, colleagues: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        to: Any = self.fields["to"]
        to.queryset = colleagues
        to.label_from_instance = lambda staff: (
            f"{staff.person.name_used}, {staff.title}" if staff.title else staff.person.name_used
        )


class AwayForm(Form):
    """Who is away, from when until when, and who stands in for alarms."""

    staff = forms.ModelChoiceField(label=_("Who"), queryset=Staff.objects.none(), empty_label=None)
    from_on = forms.DateField(label=_("From"))
    last_on = forms.DateField(label=_("Last day"))
    cover = forms.ModelChoiceField(
        label=_("Who stands in"), queryset=Staff.objects.none(), empty_label=_("Choose a colleague"),
        help_text=_("Alarms go to them from the first day on."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, colleagues: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for name, choices in (("staff", people), ("cover", colleagues)):
            field: Any = self.fields[name]
            field.queryset = choices
            field.label_from_instance = lambda staff: staff.person.name_used


class RaiseForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    urgency = forms.ChoiceField(
        label=_("How soon must somebody act?"),
        choices=Urgency.choices,
        widget=RadioCards(
            notes={"now": _("Within 15 minutes"), "today": _("Before the day ends"), "soon": _("Within three days")}
        ),
    )
    reason = forms.CharField(label=_("What you saw or heard"), max_length=280, widget=forms.Textarea(attrs={"rows": 3}))


class RiskForm(Form):
    sheet = forms.ModelChoiceField(
        label=_("Follows the suicide screen of"), queryset=Sheet.objects.none(), required=False, empty_label=_("No screen")
    )
    factor_codes = forms.MultipleChoiceField(
        label=_("What speaks for risk"), choices=lists.risk, widget=CheckCards(columns=True), required=False
    )
    factors = forms.CharField(
        label=_("What speaks for risk, in words"),
        help_text=_("Thoughts, plan, intent, behavior, means, what happened"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    protective_codes = forms.MultipleChoiceField(
        label=_("What protects"), choices=lists.protective, widget=CheckCards(columns=True), required=False
    )
    protective = forms.CharField(
        label=_("What protects, in words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("People, reasons, plans"),
    )
    level = forms.ChoiceField(label=_("Risk now"), choices=RiskLevel.choices, widget=RadioCards(columns=True))
    mitigation = forms.CharField(
        label=_("What will be done"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who does what, until when"),
    )
    look_again_on = forms.DateField(label=_("The next look at risk"), required=False)

    def __init__(self, *args: Any, screens: Any = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["sheet"]
        field.queryset = Sheet.objects.none() if screens is None else screens
        field.label_from_instance = lambda sheet: f"{date_format(localtime(sheet.finished_at), 'M j, Y, g:i a')}, {sheet.instrument.title}"


class SafetyPlanForm(Form):
    """Six boxes in the client's own words, one line an entry. A phone number at the end of a line becomes one tap to
    call."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        for step in SafetyStep:
            self.fields[f"step_{step.value}"] = forms.CharField(
                label=f"{step.value}. {step.label}",
                required=False,
                max_length=3000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @staticmethod
    def filled(plan: SafetyPlan | None) -> dict[str, str]:
        """Initial texts from a plan."""
        texts: dict[str, list[str]] = {f"step_{step.value}": [] for step in SafetyStep}
        for line in plan.lines.all() if plan else []:
            texts[f"step_{line.step}"].append(f"{line.text}, {line.phone}" if line.phone else line.text)
        return {name: "\n".join(lines) for name, lines in texts.items()}

    def lines(self) -> list[tuple[int, str, str]]:
        """(step, words, phone) of every line typed."""
        return [
            (step.value, *split_phone(line))
            for step in SafetyStep
            for line in self.cleaned_data[f"step_{step.value}"].splitlines()
            if line.strip()
        ]


def split_phone(line: str) -> tuple[str, str]:
    """ "My sister, 312 555 0100" becomes ("My sister", "312 555 0100")."""
    found = PHONE.search(line)
    if not found or not line[: found.start()].strip():
        return line.strip(), ""
    return line[: found.start()].strip(), found.group(1).strip()
