from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.instruments import outside
from footbridge.ground.instruments.models import InstrumentEdition, OutsideSource
from footbridge.kit.web.forms import Form, RadioCards


class OutsideForm(Form):
    """A score that was reckoned elsewhere. `what` names instrument and score, as `code:score`."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label=_("Which score"))
    value = forms.CharField(label=_("Number"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    on = forms.DateField(label=_("Day the person answered"))
    source = forms.ChoiceField(label=_("Where it is from"), choices=OutsideSource.choices, widget=RadioCards(columns=True))
    source_note = forms.CharField(label=_("Which system, or whose paper"), max_length=200)

    def __init__(self, *args: Any, editions: list[InstrumentEdition], **kw: Any) -> None:
        super().__init__(*args, **kw)
        choices: list[tuple[str, Any]] = [("", "–")]
        for edition in editions:
            known = outside.enterable(edition)
            if len(known) == 1:
                choices.append((f"{edition.code}:{known[0].id}", f"{edition.title}: {_range(known[0])}"))
            elif known:
                choices.append((edition.title, [(f"{edition.code}:{one.id}", f"{one.name}: {_range(one)}") for one in known]))
        field: Any = self.fields["what"]
        field.choices = choices


def _range(one: outside.Enterable) -> Any:
    return _("%(low)s to %(high)s") % {"low": f"{one.low.normalize():f}", "high": f"{one.high.normalize():f}"}


class TakeBackForm(Form):
    why = forms.CharField(label=_("What is wrong with it?"), max_length=200)
