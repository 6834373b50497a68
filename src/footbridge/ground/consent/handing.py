"""A file with something of a client in it is made for somebody. The page asks for whom, offers only whom the verdict allows, and what goes
outside stands in the account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from footbridge.engines.disclosure import DataClass
from footbridge.ground.people.models import Client
from footbridge.ground.program.days import day_of
from footbridge.kit import trail, web
from footbridge.kit.access import Request
from footbridge.kit.web.forms import Form, RadioCards

from . import actions, elements, telling

PAGE = "ground/consent/hand_out.html"


class ReaderForm(Form):
    reader = forms.ChoiceField(label=_("Who is it for?"), widget=RadioCards, initial="client")
    to_name = forms.CharField(
        label=_("Who exactly receives it"), required=False, max_length=120, help_text=_("Name of the person or office, when a general consent opens it. The client's account names them.")
    )

    def __init__(self, *args: Any, readers: list[telling.Reader], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.readers = {one.code: one for one in readers}
        field: Any = self.fields["reader"]
        field.choices = [(one.code, one.label) for one in readers]
        field.widget.choices = field.choices
        field.widget.notes = {one.code: one.ground for one in readers if one.ground}
        field.error_messages["invalid_choice"] = _("No consent covers this reader any more. Choose another.")
        if not any(one.is_general for one in readers):
            del self.fields["to_name"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        chosen = self.readers.get(given.get("reader", ""))
        if chosen is not None and chosen.is_general and not given.get("to_name", "").strip():
            self.add_error("to_name", _("Write who exactly receives it."))
        return given

    def named(self) -> str:
        """Who receives it, by name."""
        chosen = self.readers[self.cleaned_data["reader"]]
        return self.cleaned_data["to_name"].strip() if chosen.is_general else chosen.label


def page(request: Request, client: Client, classes: Iterable[DataClass], *, what: str, detail: str, look: str, **more: Any) -> HttpResponse | None:
    """None when the file may be handed out now: it was said for whom, and it is written down. Otherwise the page that asks. `what` is a
    ToldWhat, `look` how the trail names it."""
    asked = sorted(set(classes))
    form = web.form(request, ReaderForm, readers=telling.readers(client, asked, day_of(request.at)))
    if request.method == "POST" and form.is_valid():
        chosen = form.readers[form.cleaned_data["reader"]]
        try:
            if chosen.ground:
                actions.tell(client, chosen.whom, asked, what=what, to_name=form.named(), detail=detail, by=request.actor, at=request.at)
            trail.looked(client, by=request.actor, at=request.at, what=f"{look}, for {form.named() if chosen.ground else chosen.code}")
            return None
        except actions.CannotTell as refusal:
            web.refused(form, refusal)
    said = [elements.CLASS_WORDS.get(one, one.value) for one in asked]
    return web.show(request, PAGE, {"form": form, "detail": detail, "classes": said, **more})
