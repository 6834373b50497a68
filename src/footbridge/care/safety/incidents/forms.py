from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.models import Client
from footbridge.kit.access import Actor
from footbridge.kit.web.forms import Form, RadioCards

from . import reads, table
from .words import Concern, EntryKind, ReportDecision, Route


def _states() -> list[tuple[str, Any]]:
    return [("", _("Another state")), *((one, one) for one in table.states())]


class Moment(forms.DateTimeField):
    """A day and a time of day, in the site's time."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **kw)


class AboutClient(Form):
    """A form that may be about a client, by record number."""

    number = forms.CharField(label=_("Record number of the client, if it is about one"), required=False, max_length=20)

    def __init__(self, *args: Any, actor: Actor, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.actor = actor
        self.client: Client | None = None

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if number.strip():
            self.client = reads.client_by_number(self.actor, number)
            if self.client is None:
                raise forms.ValidationError(_("No chart of yours has this number. Check it, or leave it empty and write the name below."))
        return number

    def said(self) -> dict[str, Any]:
        """The typed answers as the verb takes them."""
        return {**{name: value for name, value in self.cleaned_data.items() if name != "number"}, "client": self.client}


class IncidentForm(AboutClient):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What kind"), choices=table.types, widget=RadioCards(columns=True))
    happened_at = Moment(label=_("When it happened"))
    known_at = Moment(label=_("When you learned of it"), help_text=_("Deadlines begin here"))
    place = forms.CharField(label=_("Where"), max_length=160)
    what = forms.CharField(label=_("What happened"), help_text=_("What you saw and heard; no guesses"), widget=forms.Textarea(attrs={"rows": 4}))
    done_at_once = forms.CharField(label=_("What was done at once"), widget=forms.Textarea(attrs={"rows": 3}))
    told = forms.CharField(label=_("Who was told"), help_text=_("Names and times"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    field_order = ["form_key", "kind", "number"]


class NoteForm(Form):
    text = forms.CharField(label=_("What followed"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class DeadlineForm(Form):
    title = forms.CharField(label=_("What must be done"), max_length=160)
    due_at = Moment(label=_("By when"))
    source = forms.CharField(label=_("Which rule asks for it"), max_length=300)


class MetForm(Form):
    how = forms.CharField(
        label=_("How it was met, or why it is not needed"), max_length=200, help_text=_("Like: by phone to the licensing office, reference 4711")
    )


class CloseForm(Form):
    findings = forms.CharField(label=_("What was found"), widget=forms.Textarea(attrs={"rows": 4}))
    changes = forms.CharField(label=_("What changes, who does it, until when"), widget=forms.Textarea(attrs={"rows": 3}))


class ReportForm(AboutClient):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    concern = forms.ChoiceField(label=_("What is it about"), choices=Concern.choices, widget=RadioCards)
    state = forms.ChoiceField(label=_("Whose law"), choices=_states, required=False)
    learned_at = Moment(label=_("When you learned of it"))
    what = forms.CharField(label=_("What you saw or heard"), widget=forms.Textarea(attrs={"rows": 4}))
    decision = forms.ChoiceField(label=_("What was decided"), choices=ReportDecision.choices, widget=RadioCards)
    why = forms.CharField(label=_("Why"), help_text=_("Whom you asked, which law"), widget=forms.Textarea(attrs={"rows": 3}))
    route = forms.ChoiceField(
        label=_("By which way may this program speak?"),
        help_text=_("Records of substance use treatment have no general duty-to-warn exception (42 CFR Part 2)."),
        choices=Route.choices, widget=RadioCards,
    )  # fmt: skip
    field_order = ["form_key", "concern", "number"]


class EntryForm(Form):
    kind = forms.ChoiceField(label=_("What was done"), choices=EntryKind.choices, widget=RadioCards(columns=True))
    told_at = Moment(label=_("When"))
    to_whom = forms.CharField(label=_("Agency, and who took it"), required=False, max_length=200)
    reference = forms.CharField(label=_("Reference number"), required=False, max_length=80)
    text = forms.CharField(label=_("What was said"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4000)
