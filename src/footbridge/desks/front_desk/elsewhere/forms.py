from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.elsewhere import reading
from footbridge.ground.elsewhere.models import OtherProgram
from footbridge.ground.elsewhere.words import MODES, PAYERS, Condition, Speaks
from footbridge.ground.program.models import Site
from footbridge.ground.program.words import Level, Population
from footbridge.kit.web.forms import CheckCards, Form, PhoneField, RadioCards

TRI = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]
_EMPTY = _("Nothing ticked means: not known.")


def _some(label: Any, choices: Any, *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=CheckCards(columns=True), help_text="" if required else _EMPTY
    )


class ProgramForm(Form):
    name = forms.CharField(label=_("Name of the program"), max_length=120)
    phone = PhoneField(label=_("Phone number for referrals"))
    contact = forms.CharField(label=_("Whom to ask for"), required=False, max_length=120)
    email = forms.EmailField(label=_("Email address"), required=False)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    about = forms.CharField(label=_("What one should know"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    levels = _some(_("Levels of care it gives"), Level.choices, required=True)
    conditions = _some(_("What it treats"), Condition.choices)
    populations = _some(_("Whom it takes"), Population.choices)
    languages = _some(_("Languages"), Speaks.choices)
    payers = _some(_("Who may pay"), PAYERS)
    sliding_fee = forms.ChoiceField(
        label=_("Takes people without insurance for little or no money?"), choices=TRI, required=False, widget=RadioCards(columns=True), initial=""
    )
    modes = _some(_("How people come"), MODES)
    wait_days = forms.IntegerField(label=_("Days until somebody can start, as they said"), required=False, min_value=0, max_value=366)

    def __init__(self, *args: Any, row: OtherProgram | None = None, **kw: Any) -> None:
        if row is not None:
            start = {name: getattr(row, name) for name in type(self).base_fields if hasattr(row, name)}
            start["sliding_fee"] = {True: "yes", False: "no"}.get(row.sliding_fee, "")  # type: ignore[arg-type]
            kw["initial"] = {**start, **{f"miles_{code}": miles for code, miles in row.miles.items()}, **(kw.get("initial") or {})}
        super().__init__(*args, **kw)
        self.sites = list(Site.objects.order_by("id"))
        for site in self.sites:
            self.fields[f"miles_{site.code}"] = forms.IntegerField(
                label=_("Miles from %(site)s") % {"site": site.name}, required=False, min_value=0, max_value=5000
            )
        self._speak()

    def said(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("miles_")}
        miles = {site.code: self.cleaned_data[f"miles_{site.code}"] for site in self.sites}
        known = {code: n for code, n in miles.items() if n is not None}
        return {**given, "sliding_fee": {"yes": True, "no": False}.get(given["sliding_fee"]), "miles": known}


class FileForm(Form):
    file = forms.FileField(label=_("CSV file"), help_text=_("One row a program. docs/formats.md says which columns there are."))

    def clean_file(self) -> list[reading.Entry]:
        given = self.cleaned_data["file"]
        if given.size > reading.LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        try:
            return reading.programs(given.read())
        except reading.FileTrouble as trouble:
            raise forms.ValidationError(str(trouble)) from trouble
