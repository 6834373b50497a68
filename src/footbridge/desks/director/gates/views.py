"""The checklist of consents of each program: what must be signed before which step, switched from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from footbridge.ground.consent import gates, rules
from footbridge.ground.program.days import day_of
from footbridge.ground.program.models import Program
from footbridge.kit import access, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form, RadioCards


class SwitchForm(Form):
    program: forms.ModelChoiceField[Program] = forms.ModelChoiceField(
        label=gettext_lazy("Program"), queryset=Program.objects.none(), to_field_name="code", empty_label=None
    )
    code = forms.ChoiceField(label=gettext_lazy("Which consent, before which step"), widget=RadioCards)
    is_on = forms.TypedChoiceField(
        label=gettext_lazy("Must it be signed?"), choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))], coerce=lambda said: said == "yes",
        widget=RadioCards(columns=True),
    )  # fmt: skip
    from_on = forms.DateField(label=gettext_lazy("From which day"))

    def __init__(self, *args: Any, known: list[gates.Gate], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["program"].queryset = Program.objects.filter(admits=True).order_by("name")  # type: ignore[attr-defined]
        code: Any = self.fields["code"]
        code.choices = [(one.code, f"{one.label}: {one.step_label}") for one in known]
        code.widget.choices = code.choices


@access.page(rules.SWITCH_GATES)
def show(request: Request) -> HttpResponse:
    today = day_of(request.at)
    form = web.form(request, SwitchForm, initial={"from_on": today}, known=gates.gates(None, today))
    if request.method == "POST" and form.is_valid():
        try:
            gates.switch(**form.cleaned_data, by=request.actor, at=request.at, today=today)
            return web.done(request, "director:gates", _("Switched. It holds from that day."))
        except gates.CannotSwitch as refusal:
            web.refused(form, refusal)
    programs = [(one, gates.gates(one, today)) for one in Program.objects.filter(admits=True).order_by("name")]
    return web.show(request, "desks/director/gates.html", {"form": form, "programs": programs})
