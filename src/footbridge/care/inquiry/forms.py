"""Forms of the inquiry page. They turn posted text into typed answers; none of them saves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from footbridge.ground.people.models import Client
from footbridge.ground.people.words import Channel, Language, SourceKind
from footbridge.ground.program.models import Track
from footbridge.ground.program.words import PartOfDay
from footbridge.kit.web.forms import Form, MemorableDateField, PhoneField, RadioCards, YesNo

from .models import Inquiry
from .reads import Likeness
from .words import AGREES, ALIKE, TRIAGE_SAYS, ClosedBecause, ForWhom, OffTheList, Outcome, Triage, WaitsBecause

NO_WISH = [("", _("No wish")), *PartOfDay.choices]


def yes_no(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TypedChoiceField:
    """A question with both answers said. Unanswered counts as no where it may be left out."""
    return forms.TypedChoiceField(
        label=label,
        choices=YesNo().choices,
        widget=YesNo,
        coerce=YesNo.read,
        empty_value=False,  # type: ignore[arg-type]
        required=required,
        help_text=help_text,
    )


class ContactFields(Form):
    """How somebody is reached safely, and the key that makes two clicks one request."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    channel = forms.ChoiceField(
        label=_("How should we reach you?"), choices=Channel.choices, widget=RadioCards(columns=True)
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    may_leave_message = yes_no(_("OK to leave a message?"), required=False)
    may_say_who_we_are = yes_no(_("OK to say who we are?"), required=False)
    email = forms.EmailField(label=_("Email address"), required=False)
    best_times = forms.CharField(label=_("Best times to reach you"), required=False, max_length=120)

    def clean_form_key(self) -> uuid.UUID:
        return self.cleaned_data["form_key"]


class CallTakenForm(ContactFields):
    """A request somebody made by phone or at the desk, written down by staff."""

    for_whom = forms.ChoiceField(
        label=_("Who asks?"),
        choices=[
            (ForWhom.SELF, _("The person")),
            (ForWhom.OTHER, _("Someone who cares about them")),
            (ForWhom.PROFESSIONAL, _("A professional")),
        ],
        initial=ForWhom.SELF,
        widget=RadioCards(columns=True),
    )
    asker_name = forms.CharField(label=_("Name of the caller, if it is someone else"), required=False, max_length=120)
    asker_relation = forms.CharField(label=_("Relation or job"), required=False, max_length=60)
    asker_contact = forms.CharField(label=_("How to reach the caller"), required=False, max_length=120)
    person_agrees = forms.ChoiceField(
        label=_("Does the person know and agree?"), choices=AGREES, initial="unknown", widget=RadioCards
    )
    name_used = forms.CharField(label=_("Name the person uses"), max_length=80)
    legal_name = forms.CharField(label=_("Legal name, if known"), required=False, max_length=120)
    born_on = MemorableDateField(label=_("Date of birth"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, widget=RadioCards(columns=True), initial="en"
    )
    part_of_day = forms.ChoiceField(label=_("Part of the day"), choices=NO_WISH, required=False)
    source_kind = forms.ChoiceField(
        label=_("Who sent them?"), choices=[("", _("Nobody, or not known")), *SourceKind.choices], required=False
    )
    source_name = forms.CharField(label=_("Name of the office or person"), required=False, max_length=120)
    wishes = forms.CharField(
        label=_("What they said, in their words"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    danger = yes_no(_("Is anyone in danger right now?"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["channel"].label = _("How should we reach them?")
        self.fields["best_times"].label = _("Best times to reach them")
        self.order_fields(["danger", "for_whom", "name_used", "legal_name", "born_on", "channel", "phone"])


class TriageForm(Form):
    triage = forms.ChoiceField(label=_("Urgency"), choices=Triage.choices, widget=RadioCards(notes=TRIAGE_SAYS))
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        error_messages={"required": _("Say in a few words why this urgency fits.")},
    )


class AttemptForm(Form):
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=RadioCards(columns=True))
    outcome = forms.ChoiceField(label=_("What came of it"), choices=Outcome.choices, widget=RadioCards(columns=True))
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, inquiry: Inquiry, **kw: Any) -> None:
        super().__init__(*args, **kw)
        if not inquiry.may_leave_message:
            # It is never the plan; it can have happened, and then the record says so.
            outcome: Any = self.fields["outcome"]
            against = _("Left a message, against their wish")
            last = [(value, against if value == Outcome.MESSAGE else label) for value, label in Outcome.choices]
            outcome.choices = sorted(last, key=lambda choice: choice[0] == Outcome.MESSAGE)
            outcome.widget.choices = outcome.choices


class TakeUpForm(Form):
    """A new client, or one of those who may be the same person."""

    client = forms.ChoiceField(label=_("Who is this?"), widget=RadioCards, initial="new")
    legal_name = forms.CharField(
        label=_("Legal name"),
        max_length=120,
        required=False,
        help_text=_("As it stands on the ID and the health plan card."),
        error_messages={"required": _("Write the person's legal name. Papers and the health plan need it.")},
    )
    born_on = MemorableDateField(label=_("Date of birth"), required=False)

    def __init__(self, *args: Any, inquiry: Inquiry, likely: list[Likeness], **kw: Any) -> None:
        kw["initial"] = {"legal_name": inquiry.legal_name, "born_on": inquiry.born_on, **(kw.get("initial") or {})}
        super().__init__(*args, **kw)
        self.likely = {str(one.client.uid): one for one in likely}
        field: Any = self.fields["client"]
        field.choices = [
            ("new", _("A new client")),
            *((uid, one.client.person.legal_name) for uid, one in self.likely.items()),
        ]
        field.widget.choices = field.choices
        field.widget.notes = {uid: _why(one) for uid, one in self.likely.items()}
        if not likely:
            field.widget = forms.HiddenInput()
            self.fields["legal_name"].required = True

    def clean_client(self) -> Any:
        """The client chosen, or None for a new one."""
        chosen = self.cleaned_data["client"]
        return None if chosen == "new" else self.likely[chosen].client


def _why(one: Likeness) -> str:
    said = [str(_("record %(number)s") % {"number": one.client.number})]
    born = one.client.person.born_on
    if born:
        said.append(str(_("born %(date)s") % {"date": date_format(born, "DATE_FORMAT")}))
    return " · ".join([*said, *(str(ALIKE[reason]) for reason in one.reasons)])


class WaitForm(Form):
    track = forms.ModelChoiceField(
        label=_("Waits for"), queryset=Track.objects.none(), required=False, empty_label=_("Any track")
    )
    # Not `because`: the form that takes them off the list stands on the same page.
    waits_because = forms.ChoiceField(label=_("Why they wait"), choices=WaitsBecause.choices, widget=RadioCards(columns=True), initial=WaitsBecause.NO_PLACE)
    reason = forms.CharField(label=_("In a few words"), max_length=160, required=False)
    next_action = forms.CharField(
        label=_("The next thing we do"), max_length=160, help_text=_("For example: call about the evening track.")
    )
    next_on = forms.DateField(label=_("On which day"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        track: Any = self.fields["track"]
        track.queryset = Track.objects.filter(program__admits=True).order_by("name")


class OffTheListForm(Form):
    because = forms.ChoiceField(
        label=_("Why do they wait no longer?"), widget=RadioCards(columns=True),
        choices=[(one.value, one.label) for one in (OffTheList.PLACE, OffTheList.WISH, OffTheList.NEED, OffTheList.MISTAKE)],
    )  # fmt: skip
    note = forms.CharField(label=_("In a few words"), required=False, max_length=200)


class CloseForm(Form):
    # Who is sent to other care is handed over, on a page of its own: it stays open until they have arrived.
    because = forms.ChoiceField(
        label=_("Why"), choices=[choice for choice in ClosedBecause.choices if choice[0] != ClosedBecause.REFERRED_OUT], widget=RadioCards
    )
    client = forms.CharField(
        label=_("Record number, when already known"), required=False, max_length=20,
        help_text=_("Danger this request told of then stands with their care team."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, known: Callable[[str], Client | None], likely: list[Likeness], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.known = known
        if likely:
            names = ", ".join(f"{one.client.number} ({one.client.person.legal_name})" for one in likely)
            self.fields["client"].help_text = _("Perhaps: %(names)s. Danger this request told of then stands with their care team.") % {"names": names}

    def clean_client(self) -> Client | None:
        number = self.cleaned_data["client"].strip()
        if not number or self.cleaned_data.get("because") != ClosedBecause.DUPLICATE:
            return None
        found = self.known(number)
        if found is None:
            raise forms.ValidationError(_("No client has this record number."))
        return found
