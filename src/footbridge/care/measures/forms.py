"""Questionnaires as forms, and what staff type about them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from footbridge.engines import scoring
from footbridge.ground.instruments import reads as shelf
from footbridge.ground.instruments.models import GivenHow, InstrumentEdition, Sheet
from footbridge.ground.people.words import Language
from footbridge.kit.web.forms import CheckCards, Form, LikertGroup, RadioCards

from .models import CourseAlertClosed
from .steps import Step

DECLINED = "declined"


def _choices(item: scoring.Item, wording: scoring.Wording | None) -> list[tuple[str, str]]:
    words = wording.choices.get(item.choice_set, {}) if wording else {}
    return [(choice.code, words.get(choice.code, choice.code)) for choice in item.choices]


class SeveralField(forms.MultipleChoiceField):
    """Any number of the choices, kept as one answer with commas between. "Declined" alone is declined."""

    def prepare_value(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    def clean(self, value: Any) -> str:  # type: ignore[override]
        codes = super().clean(value)
        return DECLINED if DECLINED in codes else ",".join(codes)


def _field(
    item: scoring.Item, wording: scoring.Wording | None, widget: Any, more: list[tuple[str, Any]]
) -> forms.Field:
    label = wording.items.get(item.code, item.code) if wording else item.code
    hint = wording.hints.get(item.code, "") if wording else ""
    if item.kind == "number":
        return forms.IntegerField(
            label=label,
            help_text=hint,
            required=False,
            min_value=int(item.low) if item.low is not None else None,
            max_value=int(item.high) if item.high is not None else None,
        )
    if item.kind == "text":
        return forms.CharField(
            label=label, help_text=hint, required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
        )
    if item.kind == "several":
        hint = " ".join(part for part in (hint, gettext("Choose all that apply.")) if part)
        return SeveralField(
            label=label, help_text=hint, required=False, choices=[*_choices(item, wording), *more], widget=CheckCards
        )
    return forms.ChoiceField(
        label=label, help_text=hint, required=False, choices=[*_choices(item, wording), *more], widget=widget
    )


class ItemForm(Form):
    """One question a page. `step` guards against a second tap answering the question after it."""

    step = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Step, language: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        wording = shelf.wording_of(asked.sheet, language)
        self.fields["answer"] = _field(asked.item, wording, RadioCards, [])
        self.fields["step"].initial = asked.key
        if asked.answer.state is scoring.State.ANSWERED:
            self.fields["answer"].initial = asked.answer.value


class SheetForm(Form):
    """All questions of one sheet on a page. A blank stays a blank; "declined" is an answer of its own."""

    def __init__(self, *args: Any, sheet: Sheet, language: str, by_staff: bool, **kw: Any) -> None:
        super().__init__(*args, prefix=f"s{sheet.place}", **kw)
        self.sheet = sheet
        self.definition = shelf.definition(sheet)
        self.wording = shelf.wording_of(sheet, language)
        held = shelf.answers(sheet)
        gates = {code: gate.item for gate in self.definition.gates for code in gate.then_ask}
        groups = self.wording.groups if self.wording else {}
        declined = [(DECLINED, _("Declined to answer") if by_staff else _("I'd rather not say"))]
        for item in self.definition.items:
            field = _field(item, self.wording, LikertGroup, declined)
            field.says_nothing = True  # type: ignore[attr-defined]  # every question may stay blank: no "(optional)" beside each
            if item.code.isdigit():
                field.label = f"{item.code}. {field.label}"
            asked = (
                _("Only if question %(item)s is answered yes") % {"item": gates[item.code]}
                if item.code in gates
                else ""
            )
            field.help_text = " · ".join(str(part) for part in (groups.get(item.code), asked, field.help_text) if part)
            answer = held.get(item.code)
            if answer is not None:
                field.initial = DECLINED if answer.state is scoring.State.DECLINED else answer.value
            self.fields[f"item_{item.code}"] = field

    def given(self) -> dict[str, str | None]:
        """What was answered or declined, by item; blanks are left out."""
        return {
            name.removeprefix("item_"): None if value == DECLINED else str(value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "")
        }


class GiveForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    codes = forms.MultipleChoiceField(label=_("Which questions"), widget=CheckCards)
    how = forms.ChoiceField(
        label=_("How"),
        choices=GivenHow.choices,
        widget=RadioCards(
            notes={
                "link": _("A link for this person alone, open for seven days"),
                "portal": _("Waits under Questions when they sign in"),
                "paper": _("You type in what is on the paper"),
                "interview": _("You ask and type now"),
            }
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    def __init__(self, *args: Any, editions: list[InstrumentEdition], **kw: Any) -> None:
        super().__init__(*args, **kw)
        codes: Any = self.fields["codes"]
        codes.choices = [(edition.code, edition.title) for edition in editions]


class CloseAlertForm(Form):
    action = forms.ChoiceField(
        label=_("What was decided"),
        choices=CourseAlertClosed._meta.get_field("action").choices or (),
        widget=RadioCards(columns=True),
    )
    note = forms.CharField(label=_("What and why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class WithdrawForm(Form):
    why = forms.CharField(label=_("Why is it taken back?"), max_length=200)
