"""Forms of the public pages: one question of the guide, the cost worksheet, a request, a referral."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from footbridge.care.inquiry import guide_words
from footbridge.care.inquiry.forms import NO_WISH, ContactFields, yes_no
from footbridge.care.inquiry.words import AGREES
from footbridge.engines.level_of_care import guide
from footbridge.ground.people.words import Channel, Language, SourceKind
from footbridge.ground.program import levels
from footbridge.kit.web.forms import Form, MemorableDateField, RadioCards

from .words import LEVELS, PER


class QuestionForm(Form):
    """One question of the guide, with all other answers carried in hidden fields. It keeps nothing."""

    def __init__(
        self, *args: Any, question: guide.Question, step: int, other: bool, answers: dict[str, str], **kw: Any
    ) -> None:
        kw["initial"] = {"answer": answers.get(question.code)}
        super().__init__(*args, **kw)
        asked = guide_words.ASKED[question.code]
        self.fields["answer"] = forms.ChoiceField(
            label=asked.question(other),
            help_text=asked.help(other),
            choices=guide_words.choices(question, other),
            widget=RadioCards,
            error_messages={"required": _("Choose an answer, or press Skip.")},
        )
        carry(self, other, {code: value for code, value in answers.items() if code != question.code})
        self.fields["step"] = forms.CharField(widget=forms.HiddenInput, initial=str(step))


def carry(form: forms.Form, other: bool, answers: dict[str, str]) -> None:
    """Put the guide's answers into a form as hidden fields."""
    form.fields["for"] = forms.CharField(widget=forms.HiddenInput, initial="other" if other else "self", required=False)
    for code, value in answers.items():
        form.fields[f"a_{code}"] = forms.CharField(widget=forms.HiddenInput, initial=value, required=False)


def dollars(label: Any, **kw: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0}),
        **kw,
    )


class WorksheetForm(Form):
    """Days × price × your share. The answer is on the same page and nowhere else."""

    care = forms.ChoiceField(label=_("Which kind of care?"), widget=RadioCards)
    days_a_week = forms.IntegerField(label=_("Days a week"), min_value=1, max_value=7, initial=3)
    weeks = forms.IntegerField(label=_("Weeks"), min_value=1, max_value=52, initial=8)
    price = dollars(
        _("Price for one day or session, in dollars"),
        required=False,
        help_text=_("If you know it. If not, we use the general range."),
    )
    percent = forms.IntegerField(
        label=_("Your share, in percent"),
        min_value=0,
        max_value=100,
        initial=20,
        help_text=_("Your health plan calls this coinsurance. With no plan, write 100."),
    )
    deductible_left = dollars(
        _("Deductible left this year, in dollars"),
        required=False,
        help_text=_("What you pay first, before the plan pays."),
    )
    most = dollars(
        _("The most you can pay this year, in dollars"),
        required=False,
        help_text=_("Your plan calls this the out-of-pocket maximum. Leave it empty if you do not know."),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        priced = [level for level in levels.levels() if level.cost]
        field: Any = self.fields["care"]
        field.choices = field.widget.choices = [(level.code, LEVELS[level.code].name) for level in priced]
        field.widget.notes = {
            level.code: _("$%(low)d to $%(high)d %(per)s")
            % {"low": level.cost.low, "high": level.cost.high, "per": PER[level.cost.per]}
            for level in priced
            if level.cost
        }
        field.initial = "iop"


class RequestForm(ContactFields):
    """One page: a name, a safe way to reach them, when, and anything they want to say."""

    name_used = forms.CharField(
        label=_("Name to use"),
        max_length=80,
        help_text=_("What should we call you? A first name is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Write a name we can use. A first name is enough.")},
    )
    language = forms.ChoiceField(
        label=_("Which language should we use?"), choices=Language.choices, widget=RadioCards(columns=True)
    )
    born_on = MemorableDateField(label=_("Date of birth"), required=False)
    part_of_day = forms.ChoiceField(
        label=_("Which part of the day fits best?"),
        choices=NO_WISH,
        required=False,
        widget=RadioCards(columns=True),
        initial="",
    )
    wishes = forms.CharField(
        label=_("Is there anything you want to tell us?"),
        required=False,
        max_length=4000,
        help_text=_("Only what you want to say. We will ask the rest when we talk."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    danger = yes_no(_("Is anyone in danger right now?"), required=False)
    send_answers = forms.BooleanField(label=_("Send my answers from the guide along"), required=False)
    # Filled in by machines only; people do not see it.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, answers: dict[str, str] | None = None, other: bool = False, **kw: Any) -> None:
        language = "es" if (get_language() or "en").startswith("es") else "en"
        kw["initial"] = {"language": language, "channel": Channel.CALL, **(kw.get("initial") or {})}
        super().__init__(*args, **kw)
        self.fields["best_times"].help_text = _("For example: weekdays after 5.")
        if answers:
            carry(self, other, answers)
        else:
            del self.fields["send_answers"]

    def is_machine(self) -> bool:
        return bool(self.data.get("website"))


class RequestForOtherForm(RequestForm):
    """The same, asked by somebody who cares about the person."""

    asker_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    asker_relation = forms.CharField(
        label=_("Who are you to them?"), max_length=60, help_text=_("For example: mother, partner, friend.")
    )
    asker_contact = forms.CharField(
        label=_("How can we reach you?"),
        max_length=120,
        help_text=_("A phone number or an email address."),
        error_messages={"required": _("Write a phone number or an email address, so that we can answer.")},
    )
    person_agrees = forms.ChoiceField(
        label=_("Do they know about this, and do they agree?"), choices=AGREES, widget=RadioCards, initial="unknown"
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["name_used"].label = _("Their name")
        self.fields["name_used"].help_text = _("What should we call them? A first name is enough.")
        self.fields["name_used"].widget.attrs["autocomplete"] = "off"
        self.fields["born_on"].label = _("Their date of birth")
        self.fields["channel"].label = _("How should we reach them?")
        self.fields["phone"].label = _("Their phone number")
        self.fields["email"].label = _("Their email address")
        self.fields["best_times"].label = _("Best times to reach them")
        self.fields["part_of_day"].label = _("Which part of the day would fit them best?")


class ReferForm(ContactFields):
    """A professional sends somebody to us."""

    asker_name = forms.CharField(label=_("Your name"), max_length=120)
    asker_relation = forms.CharField(label=_("Your job or role"), max_length=60)
    source_name = forms.CharField(label=_("Your office or organization"), max_length=120)
    source_kind = forms.ChoiceField(
        label=_("What kind of place is it?"),
        choices=[pair for pair in SourceKind.choices if pair[0] not in (SourceKind.SELF, SourceKind.FAMILY)],
    )
    asker_contact = forms.CharField(label=_("Your phone or email"), max_length=120)
    name_used = forms.CharField(label=_("Name the person uses"), max_length=80)
    legal_name = forms.CharField(label=_("Legal name"), required=False, max_length=120)
    born_on = MemorableDateField(label=_("Date of birth"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=Language.choices, widget=RadioCards(columns=True), initial="en"
    )
    person_agrees = forms.ChoiceField(
        label=_("Does the person know, and agree that we contact them?"), choices=AGREES, widget=RadioCards
    )
    soon = forms.ChoiceField(
        label=_("How soon do they need to hear from us?"),
        choices=[
            ("standard", _("In the usual time")),
            ("priority", _("Today or tomorrow, for example after a hospital stay")),
            ("urgent", _("Within hours")),
            ("danger", _("There is danger now")),
        ],
        initial="standard",
        widget=RadioCards,
    )
    wishes = forms.CharField(
        label=_("Why do you refer them?"),
        max_length=4000,
        help_text=_("What you see, what was tried, risks, medication, and who else helps."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["channel"].label = _("How should we reach the person?")
        self.fields["channel"].initial = Channel.CALL
        self.fields["phone"].label = _("The person’s phone number")
        self.fields["email"].label = _("The person’s email address")
        self.fields["best_times"].label = _("Best times to reach the person")

    def is_machine(self) -> bool:
        return bool(self.data.get("website"))
