"""What is typed on the shelf's pages, besides the builder: text to add, a file, a signature, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.engines import scoring
from footbridge.ground.instruments import said
from footbridge.ground.people.words import Language
from footbridge.kit.access.signing import SignForm
from footbridge.kit.web.forms import CheckCards, Form


class LanguageForm(Form):
    language = forms.ChoiceField(label=_("Language of the text"), choices=Language.choices)


class TextForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    """The words of one language for a definition that came without: one field for each question and each answer."""

    owner = forms.CharField(label=_("Who owns the words, as on the owner’s form"), max_length=400)
    basis = forms.CharField(
        label=_("On what ground may this site use them?"), max_length=400,
        help_text=_("The owner’s terms, a license with its number, a letter with its date"),
    )  # fmt: skip
    attribution = forms.CharField(
        label=_("Line that stands under the questions, on the screen and on paper"), max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": _("Write the line the owner asks for, or the owner’s name.")},
    )  # fmt: skip
    title = forms.CharField(label=_("Title the client sees"), max_length=160)
    instruction = forms.CharField(label=_("What stands before the questions"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    may_use = forms.BooleanField(
        label=_("I attest that this site may use these words in this way."),
        error_messages={"required": _("Attest that this site may use the words, or leave the page.")},
    )
    compared = forms.BooleanField(
        label=_("I have laid the words beside the owner’s form. They are the same, word for word."),
        error_messages={"required": _("Compare the words with the owner’s form first.")},
    )

    def __init__(self, *args: Any, definition: scoring.Definition, language: str, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.definition = definition
        before = definition.wordings.get(language) or definition.proposed.get(language)
        made: dict[str, forms.Field] = {}
        for item in definition.items:
            made[f"item_{item.code}"] = forms.CharField(
                label=_("Question %(code)s") % {"code": item.code.replace("_", " ")}, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000,
                initial=before.items.get(item.code, "") if before else "",
            )  # fmt: skip
            for kind, words in self._around(item.code, before):
                made[f"{kind}_{item.code}"] = forms.CharField(
                    label=_("What stands over question %(code)s") % {"code": item.code} if kind == "group" else _("Hint below question %(code)s") % {"code": item.code},
                    widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, initial=words, required=False,
                )  # fmt: skip
        for name, choices in choice_sets(definition).items():
            for choice in choices:
                points = "" if choice.points is None else f" ({said.number(choice.points)})"
                made[f"choice_{name}_{choice.code}"] = forms.CharField(
                    label=_("Answer %(code)s%(points)s") % {"code": choice.code, "points": points if choice.code != points.strip(" ()") else ""},
                    max_length=400, initial=before.choices.get(name, {}).get(choice.code, "") if before else "",
                )  # fmt: skip
        self.fields.update(made)
        if before:
            self.initial.setdefault("title", before.title)
            self.initial.setdefault("instruction", before.instruction)
        last = [name for name in ("may_use", "compared", "password") if name in self.fields]
        self.order_fields([*(name for name in self.fields if name not in last), *last])
        self._speak()

    @staticmethod
    def _around(code: str, words: scoring.Wording | None) -> list[tuple[str, str]]:
        """What stands around a question in the words we have: ("group", stem above), ("hint", line below)."""
        if words is None:
            return []
        return [(kind, of[code]) for kind, of in (("group", words.groups), ("hint", words.hints)) if code in of]

    @property
    def questions(self) -> list[forms.BoundField]:
        names = (f"{kind}_{item.code}" for item in self.definition.items for kind in ("group", "item", "hint"))
        return [self[name] for name in names if name in self.fields]

    @property
    def answer_sets(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each answer set: the questions it belongs to in words, and its fields."""
        found = []
        for name, choices in choice_sets(self.definition).items():
            of = [item.code for item in self.definition.items if item.choice_set == name]
            found.append((said.items(self.definition, of), [self[f"choice_{name}_{choice.code}"] for choice in choices]))
        return found

    def words(self) -> dict[str, Any]:
        """What `add_text` takes."""
        w = self.cleaned_data
        return {
            **{name: w[name] for name in ("owner", "basis", "attribution", "title", "instruction")},
            "items": {item.code: w[f"item_{item.code}"] for item in self.definition.items},
            "choices": {
                name: {choice.code: w[f"choice_{name}_{choice.code}"] for choice in choices}
                for name, choices in choice_sets(self.definition).items()
            },
            "hints": self._written("hint"),
            "groups": self._written("group"),
        }

    def _written(self, kind: str) -> dict[str, str]:
        found = {item.code: self.cleaned_data.get(f"{kind}_{item.code}", "").strip() for item in self.definition.items}
        return {code: words for code, words in found.items() if words}


def choice_sets(definition: scoring.Definition) -> dict[str, Any]:
    return {item.choice_set: item.choices for item in definition.items if item.choices}


class FileForm(Form):
    """A definition as a file, or as the text of one: what was uploaded is shown, so that it can be mended right here."""

    file = forms.FileField(label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.txt"}))
    text = forms.CharField(
        label=_("Or its text"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip
    note = forms.CharField(label=_("What is new in this version"), required=False, max_length=300)


class QuestionnaireForm(Form):
    file = forms.FileField(
        label=_("FHIR Questionnaire (R4, JSON)"), required=False, widget=forms.FileInput(attrs={"accept": ".json,application/json"})
    )
    text = forms.CharField(
        label=_("Or its text"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip


class VerifyForm(SignForm, Form):  # type: ignore[misc]  # two form bases, one renderer
    languages = forms.MultipleChoiceField(
        label=_("Languages whose words you have read"), widget=CheckCards(columns=True), required=False
    )
    read = forms.BooleanField(
        label=_("I have read the questions, the scoring, the bands with their sources and the critical answers. They are right."),
        error_messages={"required": _("Read them first, then tick the box.")},
    )

    def __init__(self, *args: Any, definition: scoring.Definition, **kw: Any) -> None:
        super().__init__(*args, **kw)
        field: Any = self.fields["languages"]
        field.choices = [(code, said.language(code)) for code in definition.wordings]
        field.says_nothing = True  # the verb asks for at least one, with its own words
        if not definition.wordings:
            del self.fields["languages"]


class RetireForm(Form):
    why = forms.CharField(label=_("Why is it retired?"), max_length=300)
