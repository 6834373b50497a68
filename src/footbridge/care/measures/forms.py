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

from .models import CourseAlertClosed, SecondEntry
from .steps import Step
from .words import NOT_KNOWN

DECLINED = "declined"
UNKNOWN = "not_known"


def _choices(item: scoring.Item, wording: scoring.Wording | None) -> list[tuple[str, str]]:
    words = wording.choices.get(item.choice_set, {}) if wording else {}
    return [(choice.code, words.get(choice.code, choice.code)) for choice in item.choices]


class SeveralField(forms.MultipleChoiceField):
    """Any number of the choices, kept as one answer with commas between. "Declined" alone is declined."""

    def prepare_value(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        codes = super().clean(value)
        return next((one for one in (DECLINED, UNKNOWN) if one in codes), ",".join(codes))


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
    """All questions of one sheet on a page. A blank stays a blank; "declined" is an answer of its own, and "not known",
    which only staff who ask may choose. `is_empty` shows nothing of what is held: for the second entry of a paper."""

    def __init__(
        self, *args: Any, sheet: Sheet, language: str, by_staff: bool, is_empty: bool = False, **kw: Any
    ) -> None:
        super().__init__(*args, prefix=f"s{sheet.place}", **kw)
        self.sheet = sheet
        self.definition = shelf.definition(sheet)
        self.wording = shelf.wording_of(sheet, language)
        held = {} if is_empty else shelf.answers(sheet)
        gates = {code: gate.item for gate in self.definition.gates for code in gate.then_ask}
        groups = self.wording.groups if self.wording else {}
        declined = (
            [(DECLINED, _("Declined to answer")), (UNKNOWN, _("Not known"))]
            if by_staff
            else [(DECLINED, _("I'd rather not answer"))]
        )
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
                field.initial = _held(answer)
            self.fields[f"item_{item.code}"] = field

    def given(self) -> dict[str, object | None]:
        """What was answered, declined or not known, by item; blanks are left out."""
        return {
            name.removeprefix("item_"): said(value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "")
        }


def said(value: object) -> object | None:
    """A value of these forms as the verbs take it: None is declined."""
    if value == DECLINED:
        return None
    return NOT_KNOWN if value == UNKNOWN else str(value)


def _held(answer: scoring.Answer) -> object:
    if answer.state is not scoring.State.DECLINED:
        return answer.value
    return UNKNOWN if answer == shelf.NOT_KNOWN else DECLINED


class SettleForm(Form):
    """For each item in which two entries differ: the first, the second, or neither of them."""

    def __init__(self, *args: Any, sheet: Sheet, entry: SecondEntry, **kw: Any) -> None:
        super().__init__(*args, **kw)
        form, wording = shelf.definition(sheet), shelf.wording_of(sheet)
        first = shelf.answers(sheet)
        for code in entry.differing:
            item = form.item(code)
            if item is None:
                continue
            choices: dict[str, Any] = dict(_choices(item, wording))
            choices |= {DECLINED: _("Declined to answer"), UNKNOWN: _("Not known")}
            was = str(_held(first[code])) if code in first else ""
            now = _typed(entry.answers[code]) if code in entry.answers else ""
            notes = {was: _("first entry"), now: _("second entry")}
            said = [_("blank") if not one else choices.get(one, one) for one in (was, now)]
            label = wording.items.get(code, code) if wording else code
            field = forms.ChoiceField(
                label=f"{code}. {label}" if code.isdigit() else label,
                help_text=_("First: %(first)s. Second: %(second)s.") % {"first": said[0], "second": said[1]},
                choices=list(choices.items()),
                widget=RadioCards(notes={key: note for key, note in notes.items() if key}),
                error_messages={"required": _("Look at the paper and choose.")},
            )
            self.fields[f"item_{code}"] = field if item.kind == "choice" else forms.CharField(label=label)

    def chosen(self) -> dict[str, object | None]:
        return {name.removeprefix("item_"): said(value) for name, value in self.cleaned_data.items()}


def _typed(kept: str | None) -> str:
    """What a second entry keeps, as these forms show it."""
    return {None: DECLINED, "?": UNKNOWN}.get(kept, kept or "")


class TopicForm(Form):
    note = forms.CharField(
        label=_("What was said"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )


class RuleForm(Form):
    """By which rule the suicide screens of a program are read."""

    rule = forms.ChoiceField(label=_("Rule"), widget=RadioCards())

    def __init__(self, *args: Any, choices: list[scoring.TriageRule], **kw: Any) -> None:
        super().__init__(*args, **kw)
        rule: Any = self.fields["rule"]
        rule.choices = [(one.code, one.name) for one in choices]
        rule.widget.notes = {one.code: one.says for one in choices}


class GiveForm(Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    codes = forms.MultipleChoiceField(label=_("Which questions"), widget=CheckCards)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[one for one in GivenHow.choices if one[0] != GivenHow.OUTSIDE],
        widget=RadioCards(
            notes={
                "link": _("A link for this person alone, open for seven days"),
                "portal": _("Waits under Questions when they sign in"),
                "tablet": _("This device, here in the room: it opens these questions and nothing else"),
                "paper": _("You type in what is on the paper"),
                "interview": _("You ask and type now"),
            }
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    def __init__(self, *args: Any, editions: list[InstrumentEdition], **kw: Any) -> None:
        super().__init__(*args, **kw)
        codes: Any = self.fields["codes"]
        codes.choices = [
            (edition.code, edition.title if edition.verified else gettext("%(name)s (draft: no band)") % {"name": edition.title})
            for edition in editions
        ]


class CloseAlertForm(Form):
    action = forms.ChoiceField(
        label=_("What was decided"),
        choices=CourseAlertClosed._meta.get_field("action").choices or (),
        widget=RadioCards(columns=True),
    )
    note = forms.CharField(label=_("What and why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class WithdrawForm(Form):
    why = forms.CharField(label=_("Why is it taken back?"), max_length=200)
