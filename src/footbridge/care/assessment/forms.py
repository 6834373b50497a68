"""Forms of the assessment: one section with "Not known" beside every question; signing; diagnoses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.kit.access.signing import SignForm
from footbridge.kit.web.forms import CheckCards, Form, RadioCards

from . import reads
from .carried import AlreadyKnown, Carried
from .models import SectionEntry
from .sections import Question, Section
from .words import EndedHow

NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its fields, what was carried in, and, after a collision, what the other wrote."""

    question: Question
    field: forms.BoundField
    not_known: forms.BoundField | None
    carried: Carried | None
    theirs: str


class SectionForm(Form):
    """The questions of one section. `based_on` is the number of the version the author saw."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        section: Section,
        known: AlreadyKnown,
        last: SectionEntry | None,
        collided: bool = False,
        **kw: Any,
    ) -> None:
        self.section, self.known, self.last, self.collided = section, known, last, collided
        kw["initial"] = {**self._start(), **(kw.get("initial") or {})}
        super().__init__(*args, **kw)
        for question in section.questions:
            self.fields[f"q_{question.code}"] = _field(question)
            if question.kind in ("long", "line"):
                self.fields[f"nk_{question.code}"] = forms.BooleanField(label=_("Not known"), required=False)
                label = _("Not known: %(ask)s") % {"ask": question.ask}
                self.fields[f"nk_{question.code}"].widget.attrs["aria-label"] = label
        self._speak()

    def _start(self) -> dict[str, Any]:
        start: dict[str, Any] = {"based_on": self.last.number if self.last else 0}
        for question in self.section.questions:
            if self.last is not None:
                value, not_known = reads.says(self.last.answers, question.code)
            else:
                found = self.known.of(question)
                value, not_known = (found.value if found else ""), False
            start |= spread(question, value, not_known)
        return start

    def answers(self) -> dict[str, dict[str, Any]]:
        """{question: {"value", "not_known"}} as it was sent."""
        return read(self.section, self.cleaned_data)

    def rows(self) -> list[Row]:
        found = []
        for question in self.section.questions:
            nk = f"nk_{question.code}"
            carried = self.known.of(question)
            stands = self.last.answers.get(question.code, {}) if self.last else {}
            theirs = ""
            if self.collided and self.last is not None:
                mine = read(self.section, self.cleaned_data if hasattr(self, "cleaned_data") else {}).get(
                    question.code, {}
                )
                if reads.says({question.code: mine}, question.code) != reads.says(self.last.answers, question.code):
                    theirs = reads.in_words(question, self.last.answers.get(question.code, {})) or str(_("(nothing)"))
            shown = carried if carried and carried.value != stands.get("value") else None
            found.append(
                Row(question, self[f"q_{question.code}"], self[nk] if nk in self.fields else None, shown, theirs)
            )
        return found


def spread(question: Question, value: Any, not_known: bool) -> dict[str, Any]:
    """An answer as form values."""
    name = f"q_{question.code}"
    if question.kind == "one":
        return {name: NOT_KNOWN if not_known else value}
    if question.kind == "any":
        return {name: [NOT_KNOWN] if not_known else list(value or [])}
    return {name: value, f"nk_{question.code}": not_known}


def read(section: Section, sent: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Form values as answers."""
    answers: dict[str, dict[str, Any]] = {}
    for question in section.questions:
        value = sent.get(f"q_{question.code}") or ""
        if question.kind == "one":
            answers[question.code] = {"value": "" if value == NOT_KNOWN else value, "not_known": value == NOT_KNOWN}
        elif question.kind == "any":
            chosen = list(value or [])
            answers[question.code] = {
                "value": [one for one in chosen if one != NOT_KNOWN],
                "not_known": NOT_KNOWN in chosen,
            }
        else:
            answers[question.code] = {"value": value, "not_known": bool(sent.get(f"nk_{question.code}"))}
    return answers


def merged(
    section: Section, sent: Mapping[str, Any], base: SectionEntry | None, theirs: SectionEntry
) -> dict[str, Any]:
    """What is shown after a collision: where the author changed nothing, the other's answer; everywhere else the author's own."""
    mine = read(section, sent)
    values: dict[str, Any] = {"based_on": theirs.number}
    for question in section.questions:
        said = reads.says(mine, question.code)
        before = reads.says(base.answers, question.code) if base else ("", False)
        keep_theirs = said == before or (base is None and not any(said))
        values |= spread(question, *(reads.says(theirs.answers, question.code) if keep_theirs else said))
    return values


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {
        "label": question.ask,
        "required": False,
        "help_text": question.help or (_("Needed to sign.") if question.needed else ""),
    }
    choices = [*question.answers.items(), (NOT_KNOWN, _("Not known"))]
    field: forms.Field
    if question.kind == "one":
        field = forms.ChoiceField(choices=choices, widget=RadioCards(columns=True), **common)
    elif question.kind == "any":
        field = forms.MultipleChoiceField(choices=choices, widget=CheckCards(columns=True), **common)
    elif question.kind == "line":
        field = forms.CharField(max_length=400, **common)
    else:
        field = forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": 3}), **common)
    field.says_nothing = True  # type: ignore[union-attr]  # every question may be left for later
    return field


class SignAssessmentForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """The password once more: that is the signature. `seen` is what was on the page."""

    seen = forms.JSONField(widget=forms.HiddenInput)


class DiagnosisFields(Form):
    specifiers = forms.CharField(
        label=_("Specifiers"),
        required=False,
        max_length=200,
        help_text=_("In words, for example: with anxious distress."),
    )
    onset_on = forms.DateField(label=_("Began on"), required=False)
    onset_words = forms.CharField(
        label=_("Or, when no day is known"),
        required=False,
        max_length=80,
        help_text=_("For example: as a teenager, about 2019."),
    )


class DiagnoseForm(DiagnosisFields):
    code = forms.CharField(widget=forms.HiddenInput, max_length=10)
    principal = forms.BooleanField(label=_("This is the principal diagnosis of this episode"), required=False)


class EndForm(Form):
    how = forms.ChoiceField(label=_("Why it ends"), choices=EndedHow.choices, widget=RadioCards(columns=True))
    ended_on = forms.DateField(label=_("On which day"))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
