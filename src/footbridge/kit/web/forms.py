"""Forms that read well: label and help above, a summary that leads to each field, errors that name the mend."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

__all__ = [
    "CheckCards",
    "Form",
    "LikertGroup",
    "MemorableDate",
    "MemorableDateField",
    "ModelForm",
    "Phone",
    "PhoneField",
    "RadioCards",
    "Scale10",
    "Scale10Field",
    "YesNo",
]


class Renderer(DjangoTemplates):
    """Our renderer: field and form templates of the kit, widgets from Django unless the kit has its own."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


_RENDERER = Renderer()
_CHOOSES = (forms.RadioSelect, forms.Select, forms.CheckboxSelectMultiple)


class _Asked:
    """What every form of ours has, whether or not it stands on a model."""

    default_renderer = _RENDERER
    use_required_attribute = False  # our own words and summary, not the browser's bubbles
    draft_path = ""
    kept_at = None
    fields: dict[str, forms.Field]
    errors: Mapping[str, Any]

    def _speak(self) -> None:
        """Give every field error words that name it and say the mend, unless it brought its own."""
        for name, field in self.fields.items():
            label = field.label or name.replace("_", " ").capitalize()
            given = _given_words(field)
            if "required" not in given:
                field.error_messages["required"] = _ask_again(field.widget) % {"label": label}
            if isinstance(field, forms.EmailField):
                field.widget.attrs.setdefault("autocomplete", "email")
                for validator in field.validators:
                    if getattr(validator, "code", "") == "invalid" and "invalid" not in given:
                        words = _("Enter an email address, like name@example.com")
                        field.error_messages["invalid"] = words
                        field.validators = [_reworded(v, words) if v is validator else v for v in field.validators]
            elif isinstance(field, forms.DateField) and "invalid" not in given:
                field.error_messages["invalid"] = _("“%(label)s”: enter a real date, like 05/31/2026") % {
                    "label": label
                }
            elif isinstance(field, (forms.IntegerField, forms.DecimalField)) and "invalid" not in given:
                field.error_messages["invalid"] = _("“%(label)s”: enter a number, like 12") % {"label": label}
            if isinstance(field, forms.DateField):
                field.validators = [*field.validators, _within_reach(field)]
            if field.widget.template_name == forms.Select.template_name:
                field.widget.template_name = "web/forms/select.html"  # Django's, without two further templates for every option
            if type(field) is forms.DateField and type(field.widget) is forms.DateInput:
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={**field.widget.attrs, "type": "date"})
            if type(field) is forms.TimeField and type(field.widget) is forms.TimeInput:
                field.widget = forms.TimeInput(format="%H:%M", attrs={**field.widget.attrs, "type": "time"})


# Nobody here was born before, and no plan reaches beyond; days outside also break the counting of weeks at their ends.
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def _within_reach(field: forms.Field) -> Any:
    def check(day: Any) -> None:
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(field.error_messages["invalid"], code="invalid")

    return check


def _given_words(field: forms.Field) -> set[str]:
    """The error codes whose words the author of the form wrote: those that differ from what its class would say."""
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults.update(getattr(kind, "default_error_messages", {}))
    ours = {code for code, words in field.error_messages.items() if defaults.get(code) != words}
    if getattr(type(field), "speaks_for_itself", False):
        ours |= set(defaults)
    return ours


def _ask_again(widget: forms.Widget) -> Any:
    if isinstance(widget, forms.CheckboxInput):
        return _("“%(label)s”: tick the box to go on.")
    if isinstance(widget, _CHOOSES):
        return _("“%(label)s”: choose an answer.")
    return _("“%(label)s” is empty. Fill it in to go on.")


def _reworded(validator: Any, words: Any) -> Any:
    def check(value: Any) -> None:
        try:
            validator(value)
        except ValidationError as wrong:
            raise ValidationError(words, code=wrong.code) from wrong

    return check


class Form(_Asked, forms.Form):  # type: ignore[misc]
    """The form every page of ours stands on."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._speak()


class ModelForm(_Asked, forms.ModelForm):  # type: ignore[misc]  # two form bases, one renderer
    """The same for the few forms that mirror one table. It never saves by itself: actions write."""

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._speak()


class RadioCards(forms.RadioSelect):
    """One of a few answers, each a big target. `columns=True` sets short answers side by side on wide screens.

    `notes` maps a choice value to a second, quieter line.
    """

    template_name = "web/forms/radio_cards.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        columns: bool = False,
        notes: Mapping[Any, Any] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.columns = columns
        self.notes = {str(key): words for key, words in (notes or {}).items()}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["columns"] = self.columns
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kw: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kw)
        option["note"] = self.notes.get(str(value), "")
        return option


class CheckCards(RadioCards, forms.CheckboxSelectMultiple):
    """Any of a few answers, each a big target."""

    allow_multiple_selected = True
    input_type = "checkbox"
    template_name = "web/forms/radio_cards.html"

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return forms.CheckboxSelectMultiple.value_from_datadict(self, data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return forms.CheckboxSelectMultiple.id_for_label(self, id_, index)


class YesNo(RadioCards):
    """Yes or no, both said, neither chosen beforehand. For a TypedChoiceField with coerce=YesNo.read."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), **kw: Any) -> None:
        super().__init__(attrs, choices or (("yes", _("Yes")), ("no", _("No"))), columns=True, **kw)

    @staticmethod
    def read(value: str) -> bool:
        return value == "yes"


class LikertGroup(forms.RadioSelect):
    """One questionnaire item: answers side by side with the score hidden; a list on a phone."""

    template_name = "web/forms/likert.html"


class Scale10(forms.RadioSelect):
    """0 to 10 as eleven radio buttons with words at both ends (a slider cannot be left unanswered)."""

    template_name = "web/forms/scale10.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), low: Any = "", high: Any = "") -> None:
        super().__init__(attrs, choices or [(n, str(n)) for n in range(11)])
        self.low, self.high = low, high

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(low=self.low, high=self.high)
        return context


class Scale10Field(forms.TypedChoiceField):
    """An int 0 to 10, or None when not required and left alone."""

    def __init__(self, *, low: Any = "", high: Any = "", **kw: Any) -> None:
        kw.setdefault("widget", Scale10(low=low, high=high))
        super().__init__(choices=[(n, str(n)) for n in range(11)], coerce=int, empty_value=None, **kw)


class MemorableDate(forms.MultiWidget):
    """A date known by heart (a birthday), typed as month, day, year: nobody scrolls back forty years in a calendar."""

    template_name = "web/forms/memorable_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        months = [("", ""), *((str(n), words) for n, words in MONTHS.items())]
        number = {"inputmode": "numeric"}
        super().__init__(
            {
                "month": forms.Select(choices=months, attrs={"autocomplete": "bday-month"}),
                "day": forms.TextInput(attrs={**number, "maxlength": 2, "autocomplete": "bday-day"}),
                "year": forms.TextInput(attrs={**number, "maxlength": 4, "autocomplete": "bday-year"}),
            },
            attrs,
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, words in zip(context["widget"]["subwidgets"], (_("Month"), _("Day"), _("Year")), strict=True):
            part["words"] = words
        return context

    def decompress(self, value: Any) -> list[Any]:
        return [str(value.month), value.day, value.year] if value else ["", "", ""]


class MemorableDateField(forms.MultiValueField):
    """A datetime.date from month, day and year."""

    speaks_for_itself = True
    widget = MemorableDate
    default_error_messages = {
        "required": _("Enter the month, day and year, like May 31 1990"),
        "invalid": _("Enter a real date, like May 31 1990"),
        "incomplete": _("Enter the month, day and year, like May 31 1990"),
    }

    def __init__(self, **kw: Any) -> None:
        parts = (
            forms.IntegerField(min_value=1, max_value=12),
            forms.IntegerField(min_value=1, max_value=31),
            forms.IntegerField(min_value=1900, max_value=2200),
        )
        super().__init__(parts, require_all_fields=kw.get("required", True), **kw)

    def clean(self, value: Any) -> Any:
        wanted = [str(part or "").strip() for part in (value or ["", "", ""])]
        if any(wanted) and not all(wanted):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            return super().clean(wanted)
        except ValidationError as wrong:
            code = "required" if not any(wanted) else "invalid"
            raise ValidationError(self.error_messages[code], code=code) from wrong

    def compress(self, parts: list[Any]) -> Any:
        if not parts or any(part in (None, "") for part in parts):
            return None
        month, day, year = parts
        try:
            return date(year, month, day)
        except ValueError as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong


class Phone(forms.TextInput):
    """A phone number: the phone's number keys, and the browser may fill it."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "tel", "inputmode": "tel", **(attrs or {})})

    def format_value(self, value: Any) -> Any:
        return national(value) if value else value


class PhoneField(forms.CharField):
    """A phone number as +15550100199 (E.164). Any usual way of writing it is understood; US unless it starts with +.

    Numbers reserved for examples (555-01xx) are accepted: demo people have them.
    """

    speaks_for_itself = True
    widget = Phone
    default_error_messages = {
        "required": _("Enter your phone number, like 555-010-0199"),
        "invalid": _("Enter a phone number with its area code, like 555-010-0199"),
    }

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "US")
        except phonenumbers.NumberParseException as wrong:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from wrong
        if not phonenumbers.is_possible_number(number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(number: str) -> str:
    """An E.164 number as people in the US write it; anything else unchanged."""
    try:
        read = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    kind = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(read, kind.NATIONAL if read.country_code == 1 else kind.INTERNATIONAL)
